/**
 * Which configurations keep no less than others: the same in all but how many replicas are kept, how long idle ones stay, how
 * many there may be and how many requests each takes. From one that was run follows, by this order, what others come to.
 * No law: a start that somebody waited for may serve the next burst too, so that keeping less now and then serves better. How
 * far from it real runs are, and what room is left for it, MODEL.md says; a search checks the order on all that it ran.
 */
import type { Scenario } from '../../engine/scenario.ts';
import { type Bound, configurationKey } from '../bind.ts';
import { digestText } from '../digest.ts';
import type { Numbering } from '../group.ts';

/** Where a configuration stands among those that differ from it in these numbers alone. */
export interface Place {
  /** Equal for those that are comparable. */
  readonly slice: number;
  readonly min: number;
  readonly idleWindowUs: number;
  readonly unusedWindowUs: number;
  readonly max: number;
  readonly slots: number;
}

export function placeOf(bound: Bound, slices: Numbering<string>): Place {
  const { scenario, fleet } = bound;
  const { idleWindowUs, unusedWindowUs, max, concurrency } = scenario;
  // Pools of a fleet have prices of their own, and what one keeps another need not: no order.
  if (fleet !== null) {
    const slice = slices.of(digestText(configurationKey(bound)));
    return { slice, min: 0, idleWindowUs: 0, unusedWindowUs: 0, max: 0, slots: 0 };
  }
  const min = constantFloor(scenario);
  const slots = scenario.slotSpeed === null ? concurrency : null;
  const alike: Bound = {
    ...bound,
    compiled: {
      ...bound.compiled,
      billing: bound.compiled.billing && { ...bound.compiled.billing, hasFloor: false },
    },
    scenario: {
      ...scenario,
      // A bill that pays the floor by count has other meters where there is none.
      meters: [],
      floor: min === null ? scenario.floor : { atUs: [0], count: [0] },
      concurrency: slots === null ? concurrency : 1,
      idleWindowUs: 0,
      unusedWindowUs: 0,
      max: 0,
    },
  };
  const slice = slices.of(digestText(configurationKey(alike)));
  return { slice, min: min ?? 0, idleWindowUs, unusedWindowUs, max, slots: slots ?? 1 };
}

/** null: it changes. */
function constantFloor({ floor }: Pick<Scenario, 'floor'>): number | null {
  const [first] = floor.count;
  return floor.count.every((count) => count === first) ? first! : null;
}

/** Whether `a` keeps no less of anything than `b`: then it serves no worse, as a rule. */
export function keepsNoLess(a: Place, b: Place): boolean {
  return (
    a.slice === b.slice &&
    a.min >= b.min &&
    a.idleWindowUs >= b.idleWindowUs &&
    a.unusedWindowUs >= b.unusedWindowUs &&
    a.max >= b.max &&
    a.slots >= b.slots
  );
}

/**
 * Whether what `a` pays above its floor for idle and busy replicas is, as a rule, no more than what `b` pays so: it has no
 * smaller floor, no longer windows, no more replicas and no fewer slots.
 */
export function paysNoMoreAbove(a: Place, b: Place): boolean {
  return (
    a.slice === b.slice &&
    a.min >= b.min &&
    a.idleWindowUs <= b.idleWindowUs &&
    a.unusedWindowUs <= b.unusedWindowUs &&
    a.max <= b.max &&
    a.slots >= b.slots
  );
}

/** Whether `a` starts, as a rule, no more replicas than `b`. */
export function startsNoMore(a: Place, b: Place): boolean {
  return (
    a.slice === b.slice &&
    a.min >= b.min &&
    a.idleWindowUs >= b.idleWindowUs &&
    a.unusedWindowUs >= b.unusedWindowUs &&
    a.max <= b.max &&
    a.slots >= b.slots
  );
}
