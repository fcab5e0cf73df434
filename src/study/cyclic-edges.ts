/**
 * `measure.edges: cyclic`: the observed period is played twice and its second pass measured, so that it begins with the
 * replicas, queues and windows that a period before it leaves. What is laid out over time is laid out for both passes.
 */
import { UserError } from '../base/errors.ts';
import { formatDurationUs } from '../base/units.ts';
import type { Lifecycle } from '../engine/lifecycle.ts';
import type { FloorSchedule, Span } from '../engine/scenario.ts';
import type { Spell } from '../engine/weather.ts';
import type { Workload } from '../workload/workload.ts';

/** How long a pass is. @throws UserError where requests may come after its end, or it has no length */
export function passUs({ period, requests }: Workload, isReplay: boolean): number {
  const lengthUs = period.toUs - period.fromUs;
  const message =
    lengthUs <= 0
      ? 'needs a period that has a length: this trace ends as it begins'
      : !isReplay && requests !== null
        ? 'needs a period that holds all requests: give workload.synthesize.duration in place of requests'
        : null;
  if (message === null) return lengthUs;
  throw new UserError([{ at: null, path: 'measure.edges', message }]);
}

export function cyclicWarning(lengthUs: number): string {
  return `measured from the state that a pass of the same ${formatDurationUs(lengthUs)} leaves (measure.edges: cyclic)`;
}

/** @param floor of the first pass, as dates have it */
export function cyclicFloor({ atUs, count }: FloorSchedule, period: Span): FloorSchedule {
  const lengthUs = period.toUs - period.fromUs;
  const first = atUs.flatMap((us, i) => (us < period.toUs ? [{ us, count: count[i]! }] : []));
  const atBegin = first.findLast(({ us }) => us <= period.fromUs)!.count;
  const again = [
    { us: period.fromUs, count: atBegin },
    ...atUs.flatMap((us, i) => (us > period.fromUs ? [{ us, count: count[i]! }] : [])),
  ].map((step) => ({ ...step, us: step.us + lengthUs }));
  const steps = [...first, ...again].filter((step, i, all) => step.count !== all[i - 1]?.count);
  return { atUs: steps.map(({ us }) => us), count: steps.map((step) => step.count) };
}

/** Rollouts, and spells of shortage that are given, come in both passes. */
export function cyclicLifecycle(lifecycle: Lifecycle | null, period: Span): Lifecycle | null {
  if (lifecycle === null) return null;
  const lengthUs = period.toUs - period.fromUs;
  const { rolloutsUs, weather } = lifecycle;
  const first = rolloutsUs.filter((us) => us < period.toUs);
  const again = rolloutsUs.filter((us) => us >= period.fromUs).map((us) => us + lengthUs);
  return {
    ...lifecycle,
    rolloutsUs: [...new Set([...first, ...again])],
    weather: weather === null || 'meanGapUs' in weather ? weather : cyclicSpells(weather, period),
  };
}

function cyclicSpells(spells: readonly Spell[], { fromUs, toUs }: Span): readonly Spell[] {
  const lengthUs = toUs - fromUs;
  const first = spells
    .filter((spell) => spell.fromUs < toUs)
    .map((spell) => ({ ...spell, toUs: Math.min(spell.toUs, toUs) }));
  const again = spells
    .filter((spell) => spell.toUs > fromUs)
    .map((spell) => ({
      fromUs: Math.max(spell.fromUs, fromUs) + lengthUs,
      toUs: spell.toUs + lengthUs,
    }));
  const [last, next] = [first.at(-1), again[0]];
  // Two that meet are one.
  if (last === undefined || next === undefined || next.fromUs > last.toUs) {
    return [...first, ...again];
  }
  return [...first.slice(0, -1), { fromUs: last.fromUs, toUs: next.toUs }, ...again.slice(1)];
}
