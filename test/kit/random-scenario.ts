/** Small scenarios and traces for fast-check, on a coarse grid of times: ties, bursts and durations of 0 are common. */
import * as fc from 'fast-check';
import { streamOf } from '../../src/base/random.ts';
import { compileDistribution, fixed } from '../../src/engine/distribution.ts';
import {
  BARE,
  type Client,
  type FloorSchedule,
  type MeterRule,
  ROUTINGS,
  type Scenario,
  type StartPhase,
} from '../../src/engine/scenario.ts';
import type { NaiveRequest } from './naive-pool.ts';

export interface Case {
  readonly scenario: Scenario;
  readonly trace: readonly NaiveRequest[];
}

const NEVER = Number.POSITIVE_INFINITY;

/** A plain pool that charges nothing; tests change what they are about. */
export const PLAIN: Scenario = {
  ...BARE,
  floor: { atUs: [0], count: [0] },
  max: NEVER,
  startRate: null,
  idleWindowUs: 60,
  unusedWindowUs: 60,
  concurrency: 1,
  binding: 'shared',
  routing: 'most-recent',
  queueLimit: NEVER,
  queueTimeoutUs: NEVER,
  startPhases: [{ name: 'start', time: fixed(0) }],
  overheadUs: 0,
  slotOverheadUs: 0,
  executionTimeoutUs: NEVER,
  client: { retries: null, patienceUs: NEVER, cancels: false },
  period: { fromUs: 0, toUs: 0 },
  measure: null,
  meters: [],
  latencyThresholdsUs: [],
  waitThresholdsUs: [],
  timelineUs: 0,
  seed: 'test',
  replication: 0,
};

/** Times of 0 to `most` grid units. */
function time(unitUs: number, most: number): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: most }).map((units) => units * unitUs);
}

/** Mostly as usual, sometimes something else. */
function rarely<T, U>(usual: U, other: fc.Arbitrary<T>, weight = 2): fc.Arbitrary<T | U> {
  return fc.oneof(
    { weight: 6 - weight, arbitrary: fc.constant(usual) },
    { weight, arbitrary: other },
  );
}

export function traceArbitrary(unitUs: number, most = 24): fc.Arbitrary<NaiveRequest[]> {
  const request = fc.record({ gapUs: gap(unitUs), serviceUs: time(unitUs, 6) });
  return fc.array(request, { maxLength: most, size: 'max' }).map((requests) => {
    let arrivalUs = 0;
    return requests.map(({ gapUs, serviceUs }) => ({ arrivalUs: (arrivalUs += gapUs), serviceUs }));
  });
}

function gap(unitUs: number): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 5, arbitrary: time(unitUs, 4) },
    { weight: 1, arbitrary: time(unitUs, 25) },
  );
}

function floorArbitrary(unitUs: number): fc.Arbitrary<FloorSchedule> {
  const changes = fc.array(
    fc.record({ afterUs: time(unitUs, 15), count: fc.integer({ min: 0, max: 4 }) }),
    { maxLength: 4 },
  );
  return fc.tuple(fc.integer({ min: 0, max: 3 }), rarely([], changes, 3)).map(([first, more]) => {
    const atUs = [0];
    for (const { afterUs } of more) atUs.push(atUs.at(-1)! + afterUs + unitUs);
    return { atUs, count: [first, ...more.map(({ count }) => count)] };
  });
}

function phasesArbitrary(unitUs: number): fc.Arbitrary<StartPhase[]> {
  const law = fc.oneof(
    { weight: 4, arbitrary: time(unitUs, 6).map(fixed) },
    {
      weight: 1,
      arbitrary: fc.constant(
        compileDistribution({ distribution: 'exponential', meanUs: 3 * unitUs }),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constant(
        compileDistribution({ distribution: 'uniform', minUs: 0, maxUs: 2 * unitUs }),
      ),
    },
  );
  return fc
    .array(law, { minLength: 1, maxLength: 3 })
    .map((laws) => laws.map((law, i) => ({ name: `phase ${i}`, time: law })));
}

function clientArbitrary(unitUs: number): fc.Arbitrary<Client> {
  return fc.record({
    retries: rarely(
      null,
      fc.record({
        max: fc.integer({ min: 1, max: 3 }),
        backoffUs: time(unitUs, 3),
        factor: fc.constantFrom(1, 2, 1.5),
        jitter: fc.constantFrom('none' as const, 'full' as const),
        onRejected: fc.boolean(),
        onTimedOut: fc.boolean(),
      }),
      3,
    ),
    patienceUs: rarely(NEVER, time(unitUs, 12)),
    cancels: fc.boolean(),
  });
}

function meterArbitrary(unitUs: number, phases: number): fc.Arbitrary<MeterRule> {
  return fc.record({
    idle: fc.boolean(),
    busy: fc.boolean(),
    draining: fc.boolean(),
    phases: fc.array(fc.boolean(), { minLength: phases, maxLength: phases }),
    quantumUs: fc.constantFrom(1, 2 * unitUs, 3 * unitUs, 60e6),
    minimumUs: rarely(0, time(unitUs, 8)),
    scope: fc.constantFrom('replica' as const, 'minute' as const, 'request' as const),
    minuteOffsetUs: rarely(
      0,
      fc.integer({ min: 0, max: 59 }).map((s) => s * 1e6),
    ),
  });
}

function spanArbitrary(unitUs: number): fc.Arbitrary<{ fromUs: number; toUs: number }> {
  return fc
    .tuple(time(unitUs, 15), time(unitUs, 50))
    .map(([fromUs, lengthUs]) => ({ fromUs, toUs: fromUs + lengthUs }));
}

function scenarioArbitrary(unitUs: number): fc.Arbitrary<Scenario> {
  return phasesArbitrary(unitUs).chain((startPhases) =>
    fc
      .record({
        floor: floorArbitrary(unitUs),
        above: rarely(NEVER, fc.integer({ min: 0, max: 3 }), 4),
        startRate: rarely(
          null,
          fc.record({
            count: fc.integer({ min: 1, max: 3 }),
            periodUs: fc.oneof(time(unitUs, 9), fc.integer({ min: 0, max: 9 * unitUs })),
          }),
        ),
        idleWindowUs: time(unitUs, 9),
        unusedWindowUs: fc.option(time(unitUs, 9), { nil: null }),
        concurrency: rarely(1, fc.constantFrom(2, 3, NEVER), 3),
        binding: fc.constantFrom('shared' as const, 'own' as const),
        routing: rarely('most-recent' as const, fc.constantFrom(...ROUTINGS), 4),
        queueLimit: rarely(NEVER, fc.constantFrom(0, 1, 2, 4), 3),
        queueTimeoutUs: rarely(NEVER, time(unitUs, 8)),
        overheadUs: rarely(0, time(unitUs, 2)),
        slotOverheadUs: rarely(0, time(unitUs, 2), 1),
        executionTimeoutUs: rarely(NEVER, time(unitUs, 5), 1),
        client: rarely(
          { retries: null, patienceUs: NEVER, cancels: false },
          clientArbitrary(unitUs),
          4,
        ),
        period: spanArbitrary(unitUs),
        measure: rarely(null, spanArbitrary(unitUs), 2),
        meters: fc.array(meterArbitrary(unitUs, startPhases.length), { maxLength: 3 }),
        latencyThresholdsUs: fc.constantFrom([], [3 * unitUs], [0, 4 * unitUs, 9 * unitUs]),
        waitThresholdsUs: fc.constantFrom([], [0], [unitUs, 5 * unitUs]),
        timelineUs: rarely(0, time(unitUs, 7)),
        replication: fc.integer({ min: 0, max: 3 }),
      })
      .map(({ above, unusedWindowUs, startRate, ...rest }) => ({
        ...BARE,
        ...rest,
        startPhases,
        seed: 'test',
        startRate: startRate && { ...startRate, periodUs: Math.max(1, startRate.periodUs) },
        unusedWindowUs: unusedWindowUs ?? rest.idleWindowUs,
        max: Math.max(1, ...rest.floor.count) + above,
      })),
  );
}

export const caseArbitrary: fc.Arbitrary<Case> = fc.constantFrom(1, 1000, 20e6).chain(caseWithUnit);

export function caseWithUnit(unitUs: number): fc.Arbitrary<Case> {
  return fc.record({ scenario: scenarioArbitrary(unitUs), trace: traceArbitrary(unitUs) });
}

/** What the engine's short path takes: one slot, the most recent first, one window, nothing that ends a service early. */
export function commonCase({ scenario, trace }: Case): Case {
  const { client, meters, idleWindowUs } = scenario;
  return {
    trace,
    scenario: {
      ...scenario,
      concurrency: 1,
      routing: 'most-recent',
      unusedWindowUs: idleWindowUs,
      measure: null,
      executionTimeoutUs: NEVER,
      client: { ...client, cancels: false },
      meters: meters.filter(({ scope, idle, busy }) => scope !== 'request' && idle === busy),
    },
  };
}

/** Thousands of requests in spells of calm and rush, on the grid of the scenario or between its lines. */
export function longTrace(key: number, requests: number, unitUs: number): NaiveRequest[] {
  const uniforms = streamOf(`long trace ${key}`, 0, 'test');
  const trace: NaiveRequest[] = [];
  let arrivalUs = 0;
  let meanGapUs = unitUs;
  for (let i = 0; i < requests; i++) {
    if (uniforms.next() < 0.01) meanGapUs = unitUs * 10 ** Math.floor(3 * uniforms.next() - 1);
    arrivalUs += Math.round(-meanGapUs * Math.log(uniforms.next()));
    trace.push({ arrivalUs, serviceUs: Math.round(-3 * unitUs * Math.log(uniforms.next())) });
  }
  return trace;
}
