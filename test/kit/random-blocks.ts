/** Random scenarios with every block on at times: lifecycle, gate, controller, shared slots, pings, tokens. */
import * as fc from 'fast-check';
import {
  type ControlRule,
  LAWS,
  type Law,
  METRIC_TYPES,
  SIGNALS,
  WAKES,
} from '../../src/engine/control/control-rule.ts';
import { fixed } from '../../src/engine/distribution.ts';
import type { Gate } from '../../src/engine/gate.ts';
import type { Lifecycle } from '../../src/engine/lifecycle.ts';
import { Pool } from '../../src/engine/pool.ts';
import type { Pings, Scenario, TraceChunk } from '../../src/engine/scenario.ts';
import type { SlotSpeed } from '../../src/engine/slot-sharing.ts';
import type { StartPath } from '../../src/engine/start-paths.ts';
import type { RunTotals } from '../../src/engine/totals.ts';
import { caseArbitrary } from './random-scenario.ts';
import { BLOCKS, ruleOf } from './scaling-rules.ts';

const NEVER = Number.POSITIVE_INFINITY;

export interface BlockRequest {
  readonly arrivalUs: number;
  readonly serviceUs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface BlockCase {
  readonly scenario: Scenario;
  readonly trace: readonly BlockRequest[];
}

/** Every other thing is left out as often as not, so that few meet often. */
const maybe = <T>(value: fc.Arbitrary<T>, weight = 1): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight, arbitrary: value });
const orNever = (value: fc.Arbitrary<number>, weight = 1): fc.Arbitrary<number> =>
  maybe(value, weight).map((us) => us ?? NEVER);
const times = (unitUs: number, most: number, least = 0): fc.Arbitrary<number> =>
  fc.integer({ min: least, max: most }).map((units) => units * unitUs);

function spells(unitUs: number): fc.Arbitrary<Lifecycle['weather']> {
  const given = fc
    .array(fc.record({ gapUs: times(unitUs, 20, 1), lengthUs: times(unitUs, 20, 1) }), {
      maxLength: 4,
    })
    .map((list) => {
      let atUs = -unitUs;
      return list.map(({ gapUs, lengthUs }) => {
        const fromUs = atUs + gapUs;
        atUs = fromUs + lengthUs;
        return { fromUs, toUs: atUs };
      });
    });
  const drawn = fc.record({
    meanGapUs: times(unitUs, 40, 1),
    meanSpellUs: times(unitUs, 20, 1),
  });
  return fc.oneof(given, drawn);
}

function lifecycle(unitUs: number, phases: number): fc.Arbitrary<Lifecycle> {
  const path: fc.Arbitrary<StartPath> = fc.record({
    name: fc.constantFrom('revived', 'snapshot', 'cached'),
    chance: fc.constantFrom(0, 0.3, 0.5, 1),
    phases: fc.array(times(unitUs, 3).map(fixed), { minLength: phases, maxLength: phases }),
  });
  return fc
    .record({
      shortcuts: fc.array(path, { maxLength: 3 }),
      reviveWithinUs: times(unitUs, 20),
      link: maybe(
        fc.record({
          phase: fc.nat(phases - 1),
          bytes: fc.array(fc.constantFrom(0, 1, 7, 5 * unitUs), { minLength: 4, maxLength: 4 }),
          ownBytesPerUs: fc.constantFrom(1, 0.5, NEVER),
          allBytesPerUs: fc.constantFrom(1, 1.5, 0.3),
        }),
      ),
      startFailure: fc.constantFrom(0, 0, 0.3, 0.7),
      startTimeoutUs: orNever(times(unitUs, 12, 1)),
      weather: maybe(spells(unitUs)),
      capacityPhase: fc.nat(phases - 1),
      preemption: maybe(
        fc.record({
          meanUs: orNever(times(unitUs, 60, 1), 3),
          noticeUs: times(unitUs, 5),
          inSpells: fc.boolean(),
        }),
      ),
      crashMeanUs: orNever(times(unitUs, 60, 1)),
      maxAgeUs: orNever(times(unitUs, 30, 1)),
      rolloutsUs: fc.uniqueArray(times(unitUs, 60), { maxLength: 3 }),
      drainTimeoutUs: orNever(times(unitUs, 5), 2),
      interrupted: fc.constantFrom('requeue' as const, 'fail' as const),
    })
    .map((rule) => ({
      ...rule,
      rolloutsUs: [...rule.rolloutsUs].sort((a, b) => a - b),
      reviveWithinUs: rule.shortcuts.length > 0 ? rule.reviveWithinUs : 0,
      link: rule.link && {
        ...rule.link,
        bytes: rule.link.bytes.slice(0, rule.shortcuts.length + 1),
      },
      preemption: rule.preemption && {
        ...rule.preemption,
        inSpells: rule.preemption.inSpells && rule.weather !== null,
      },
    }));
}

function gate(unitUs: number): fc.Arbitrary<Gate> {
  const rate = fc.record({
    count: fc.integer({ min: 1, max: 6 }),
    periodUs: times(unitUs, 6, 1),
  });
  const tokenRate = fc.record({
    count: fc.integer({ min: 1, max: 200 }),
    periodUs: times(unitUs, 6, 1),
  });
  return fc.record({
    requestRate: maybe(rate),
    tokenRate: maybe(tokenRate),
    inputTokenRate: maybe(tokenRate),
    uncachedTokenRate: maybe(tokenRate),
    outputTokenRate: maybe(tokenRate),
    adaptive: maybe(
      fc.record({
        periodUs: times(unitUs, 6, 1),
        grow: fc.constantFrom(1.1, 2),
        shrink: fc.constantFrom(0.5, 0.9),
        most: fc.constantFrom(3, 100),
        of: fc.constantFrom('all' as const, 'tokens' as const),
      }),
    ),
    inFlight: orNever(fc.integer({ min: 1, max: 6 })),
    atZero: fc.constantFrom('queue' as const, 'refuse' as const, 'refuse-and-wake' as const),
  });
}

export const SLOT_SPEEDS: readonly SlotSpeed[] = [
  [{ requests: 1, speed: 1 }],
  [
    { requests: 1, speed: 1 },
    { requests: 2, speed: 0.7 },
  ],
  [
    { requests: 1, speed: 1.3 },
    { requests: 3, speed: 0.9 },
    { requests: 4, speed: 0.333 },
  ],
];

/** As a compiler would write them, its windows whole ticks; more than platforms ask for. */
function rawRule(unitUs: number): fc.Arbitrary<ControlRule> {
  return fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 5 }))
    .chain(([tickUnits, loop]) => ruleOfTick(unitUs, loop === 0 ? NEVER : tickUnits * unitUs));
}

function lawArbitrary(tickUs: number): fc.Arbitrary<Law> {
  const datapoints = fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2 }))
    .map(([needed, more]) => ({ needed, of: needed + more }));
  return fc
    .record({
      kind: fc.constantFrom(...LAWS),
      signal: fc.constantFrom(...SIGNALS),
      windowTicks: fc.integer({ min: 0, max: 5 }),
      number: fc.integer({ min: 1, max: 5 }),
      metricType: fc.constantFrom(...METRIC_TYPES),
      tolerance: fc.constantFrom(0, 0.1),
      quantile: fc.constantFrom(0.5, 0.95, 1),
      covers: fc.constantFrom(1, 2),
      periodTicks: fc.integer({ min: 1, max: 4 }),
      up: datapoints,
      down: maybe(datapoints),
      isAlarmed: fc.boolean(),
    })
    .map((one): Law => {
      const ticks = tickUs < NEVER;
      const kind = ticks || one.kind === 'fixed' ? one.kind : 'absolute';
      const alarmed = kind === 'step' || (kind === 'ratio' && one.isAlarmed);
      const isInstant = one.signal === 'oldest-wait' || one.signal === 'tokens-in-flight';
      const signal =
        kind === 'backlog'
          ? one.isAlarmed
            ? ('waiting' as const)
            : ('oldest-wait' as const)
          : !ticks || (isInstant && alarmed)
            ? ('in-flight' as const)
            : one.signal;
      const reads = !ticks || alarmed || kind === 'backlog' ? 'nothing' : 'a window';
      const needs = ['request-rate', 'token-rate', 'latency', 'refusals'].includes(signal);
      const windowTicks =
        reads === 'nothing' || isInstant ? 0 : Math.max(needs ? 1 : 0, one.windowTicks);
      const timed = signal === 'oldest-wait' || signal === 'latency';
      return {
        name: 'law',
        kind,
        signal,
        windowUs: windowTicks === 0 ? 0 : windowTicks * tickUs,
        target: timed ? one.number * tickUs : kind === 'fixed' ? one.number : one.number / 2,
        metricType: timed ? 'value' : one.metricType,
        toleranceUp: one.tolerance,
        toleranceDown: one.tolerance,
        quantile: one.quantile,
        covers: one.covers,
        step: one.covers,
        activation: 0,
        alarm: alarmed
          ? { periodUs: one.periodTicks * tickUs, up: one.up, down: one.down, lowShare: 0.9 }
          : null,
      };
    });
}

function ruleOfTick(unitUs: number, tickUs: number): fc.Arbitrary<ControlRule> {
  const rate = fc.record({
    policies: fc.array(
      fc.record({
        kind: fc.constantFrom('percent' as const, 'replicas' as const, 'count' as const),
        value: fc.constantFrom(1, 2, 50, 100),
        periodUs: times(unitUs, 10, 1),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    select: fc.constantFrom('max' as const, 'min' as const, 'disabled' as const),
  });
  const zero = fc
    .record({
      wake: fc.constantFrom(...WAKES),
      afterUs: times(unitUs, 10),
      graceUs: times(unitUs, 5),
      pollUs: times(unitUs, 5, 1),
      least: fc.integer({ min: 1, max: 2 }),
    })
    .map((rule) => ({ ...rule, pollUs: rule.wake === 'poll' ? rule.pollUs : NEVER }));
  return fc.record({
    tickUs: fc.constant(tickUs),
    onArrival:
      tickUs < NEVER
        ? fc.constantFrom('never' as const, 'waiting' as const, 'always' as const)
        : fc.constantFrom('waiting' as const, 'always' as const),
    onCompletion: fc.boolean(),
    laws: fc.array(lawArbitrary(tickUs), { minLength: 1, maxLength: 2 }),
    buffer: maybe(
      fc.record({
        count: fc.integer({ min: 0, max: 2 }),
        share: fc.constantFrom(0, 0.2),
        whileIdle: fc.boolean(),
      }),
    ),
    reach: maybe(fc.record({ up: fc.constantFrom(2, 10), down: fc.constantFrom(2, 10) })),
    panic: fc.constant(null),
    stabilization: fc.record({
      upUs: times(unitUs, 3),
      downUs: times(unitUs, 10),
      pursuesLargest: fc.constant(false),
      includesEdge: fc.boolean(),
    }),
    rateUp: maybe(rate),
    rateDown: maybe(rate),
    stepDown: maybe(fc.record({ delayUs: times(unitUs, 10), share: fc.constantFrom(0.5, 1) })),
    cooldown: fc.record({ upUs: times(unitUs, 10), downUs: times(unitUs, 10) }),
    zero: maybe(zero, 3),
    retires: fc.constantFrom('target' as const, 'idle-window' as const),
    stopsStarting: fc.boolean(),
  });
}

function control(unitUs: number, scenario: Scenario): fc.Arbitrary<ControlRule> {
  if (unitUs < 1e6) return rawRule(unitUs);
  const context = {
    concurrency: Math.min(scenario.concurrency, 8),
    floor: Math.min(...scenario.floor.count),
    max: scenario.max,
  };
  const known = Object.keys(BLOCKS).flatMap((id) => {
    try {
      return [ruleOf(id, context)];
    } catch {
      // A rule that wakes to more than the most there may be.
      return [];
    }
  });
  return fc.oneof(rawRule(unitUs), fc.constantFrom(...known));
}

/** The unit that the times of a case are multiples of: as caseArbitrary draws it. */
function unitOf({ idleWindowUs, period }: Scenario): number {
  return [20e6, 1000].find((unit) => (idleWindowUs + period.toUs) % unit === 0) ?? 1;
}

export const blockCaseArbitrary: fc.Arbitrary<BlockCase> = caseArbitrary.chain(
  ({ scenario, trace }) => {
    const unitUs = unitOf(scenario);
    const pings: fc.Arbitrary<Pings> = fc.record({
      everyUs: times(unitUs, 15, 1),
      serviceUs: times(unitUs, 2),
    });
    return fc
      .record({
        lifecycle: maybe(lifecycle(unitUs, scenario.startPhases.length), 3),
        gate: maybe(gate(unitUs)),
        control: maybe(control(unitUs, scenario)),
        slotSpeed: maybe(fc.constantFrom(...SLOT_SPEEDS)),
        pings: maybe(pings),
        tokens: fc.array(fc.record({ input: fc.nat(50), output: fc.nat(20) }), {
          minLength: trace.length,
          maxLength: trace.length,
        }),
        max: fc.constantFrom(null, null, null, 0),
      })
      .map(({ tokens, max, ...blocks }) => ({
        scenario: {
          ...scenario,
          ...blocks,
          countsTokens: true,
          // A rule that always wishes for more than it has knows no other end.
          ...(blocks.control !== null && { max: Math.min(scenario.max, 12) }),
          ...(max === 0 && { max, floor: { atUs: [0], count: [0] } }),
        },
        trace: trace.map(({ arrivalUs, serviceUs }, i) => ({
          arrivalUs,
          serviceUs,
          inputTokens: tokens[i]!.input,
          outputTokens: tokens[i]!.output,
        })),
      }));
  },
);

export function blockChunk(trace: readonly BlockRequest[]): TraceChunk {
  return {
    count: trace.length,
    arrivalUs: Float64Array.from(trace, ({ arrivalUs }) => arrivalUs),
    serviceUs: Float64Array.from(trace, ({ serviceUs }) => serviceUs),
    inputTokens: Float64Array.from(trace, ({ inputTokens }) => inputTokens),
    outputTokens: Float64Array.from(trace, ({ outputTokens }) => outputTokens),
  };
}

export function runBlocks({ scenario, trace }: BlockCase): RunTotals {
  const pool = new Pool(scenario);
  pool.advance(blockChunk(trace));
  return pool.finish();
}
