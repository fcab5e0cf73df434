import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixed } from '../../src/engine/distribution.ts';
import type { MeterRule, Scenario, Span } from '../../src/engine/scenario.ts';
import { ROUTINGS } from '../../src/engine/scenario.ts';
import type { HistogramCounts, Reading, RunTotals } from '../../src/engine/totals.ts';
import { type NaiveRequest, runNaivePool } from '../kit/naive-pool.ts';
import { caseArbitrary, PLAIN, traceArbitrary } from '../kit/random-scenario.ts';
import { figuresOf, runPool } from '../kit/run-pool.ts';

const MOST_SECONDS = Number(process.env['COLDFRONT_FUZZ_SECONDS'] ?? 30);
const RUNS = Number(process.env['COLDFRONT_FUZZ_RUNS'] ?? 2000);
const settings = { numRuns: RUNS, interruptAfterTimeLimit: MOST_SECONDS * 1000 };
const NEVER = Number.POSITIVE_INFINITY;

describe('identities of every run', () => {
  it('arrived = completed + rejected + timed out, and late and cold ones are completed', () => {
    fc.assert(
      fc.property(caseArbitrary, ({ scenario, trace }) => {
        const { requests, latency, wait } = runPool(scenario, trace);
        const { arrived, completed, rejected, timedOut, late, cold } = requests;
        expect(arrived).toBe(completed + rejected + timedOut);
        expect(late).toBeLessThanOrEqual(completed);
        expect(cold).toBeLessThanOrEqual(completed);
        expect([latency.total, wait.total]).toEqual([completed, completed]);
        if (scenario.measure === null) expect(arrived).toBe(trace.length);
      }),
      settings,
    );
  });

  it('replica time = starting + idle + busy, and what a meter pays for and what it does not add up to it', () => {
    fc.assert(
      fc.property(caseArbitrary, fc.boolean(), fc.boolean(), ({ scenario, trace }, idle, busy) => {
        const phases = scenario.startPhases.map((_, i) => i % 2 === 0);
        const all = meter({ idle: true, busy: true, phases: phases.map(() => true) });
        const some = meter({ idle, busy, phases });
        const rest = meter({ idle: !idle, busy: !busy, phases: phases.map((paid) => !paid) });
        const { whole } = runPool({ ...scenario, meters: [all, some, rest] }, trace);
        const [total, used, unused] = whole.meters.map(({ usedUs }) => usedUs);
        expect(total).toBe(whole.startingUs + whole.idleUs + whole.busyUs + whole.drainingUs);
        expect(used! + unused!).toBe(total);
        expect(whole.phaseUs.reduce((a, b) => a + b, 0n)).toBe(whole.startingUs);
        expect(whole.meters[1]!.paidUs, 'no quantum, no rounding').toBe(used);
      }),
      settings,
    );
  });

  it('idleness that the floor asks for is idleness; a busy replica serves 1 to `concurrency` requests', () => {
    fc.assert(
      fc.property(caseArbitrary, ({ scenario, trace }) => {
        const { whole, observed } = runPool(scenario, trace);
        for (const { idleUs, idleKeptUs, busyUs, inServiceUs } of [whole, observed]) {
          expect(idleKeptUs).toBeLessThanOrEqual(idleUs);
          expect(inServiceUs).toBeGreaterThanOrEqual(busyUs);
          if (scenario.concurrency < NEVER) {
            expect(inServiceUs).toBeLessThanOrEqual(busyUs * BigInt(scenario.concurrency));
          }
        }
      }),
      settings,
    );
  });

  it("Little's law: waiting and service integrated over time are the waits and services of the requests", () => {
    fc.assert(
      fc.property(caseArbitrary, ({ scenario, trace }) => {
        const patient = { retries: null, patienceUs: NEVER, cancels: false };
        const all = {
          ...scenario,
          client: patient,
          queueLimit: NEVER,
          queueTimeoutUs: NEVER,
          executionTimeoutUs: NEVER,
          measure: null,
        };
        const { whole, wait, latency } = runPool(all, trace);
        const perRequestUs = scenario.slotOverheadUs;
        const servedUs = sum(trace.map(({ serviceUs }) => serviceUs + perRequestUs));
        const overheadUs = trace.length * scenario.overheadUs;
        expect(whole.inServiceUs).toBe(BigInt(servedUs));
        expect(whole.waitForStartUs + whole.waitForLimitUs).toBe(wait.sumUs);
        expect(latency.sumUs).toBe(wait.sumUs + BigInt(servedUs + overheadUs));
      }),
      settings,
    );
  });

  it('the time line adds up to the integrals', () => {
    fc.assert(
      fc.property(caseArbitrary, ({ scenario, trace }) => {
        const timelineUs = scenario.timelineUs || scenario.period.toUs || 20e6;
        const totals = runPool({ ...scenario, measure: null, timelineUs }, trace);
        const { whole, horizonUs } = totals;
        const { starting, idle, busy, waiting } = totals.timeline!;
        const area = (means: Float64Array): number =>
          sum([...means].map((m, i) => m * Math.min(timelineUs, horizonUs - i * timelineUs)));
        expect(starting.length).toBe(Math.ceil(horizonUs / timelineUs));
        expect(area(starting)).toBeCloseTo(Number(whole.startingUs), 3);
        expect(area(idle)).toBeCloseTo(Number(whole.idleUs), 3);
        expect(area(busy)).toBeCloseTo(Number(whole.busyUs), 3);
        expect(area(waiting)).toBeCloseTo(Number(whole.waitForStartUs + whole.waitForLimitUs), 3);
      }),
      settings,
    );
  });

  it('cut in two at any time, requests and integrals of the parts add up to the whole', () => {
    fc.assert(
      fc.property(caseArbitrary, fc.nat(60), ({ scenario, trace }, share) => {
        const toUs = runPool({ ...scenario, measure: null }, trace).horizonUs + 1;
        const cutUs = Math.floor((toUs * share) / 60);
        const part = (measure: Span): RunTotals =>
          runPool({ ...scenario, period: { fromUs: 0, toUs }, measure }, trace);
        const parts = [part({ fromUs: 0, toUs: cutUs }), part({ fromUs: cutUs, toUs })];
        const whole = part({ fromUs: 0, toUs });
        for (const key of Object.keys(whole.requests) as (keyof RunTotals['requests'])[]) {
          expect(whole.requests[key]).toBe(sum(parts.map(({ requests }) => requests[key])));
        }
        const [early, late] = parts.map((totals) => additive(totals.whole));
        expect(additive(whole.whole)).toEqual(early!.map((us, i) => us + late![i]!));
        expect(
          parts.map(({ fingerprint }) => fingerprint),
          'measuring moves nothing',
        ).toEqual(Array(2).fill(whole.fingerprint));
      }),
      settings,
    );
  });
});

describe('how runs compare', () => {
  it('all times by an integer scale all times of the result, and change no count', () => {
    fc.assert(
      fc.property(caseArbitrary, fc.integer({ min: 2, max: 1000 }), ({ scenario, trace }, by) => {
        // By 6 first: a start-rate token comes at a whole microsecond only where the count divides the period.
        const one = scaled(wholeTimes(scenario), 6);
        const oneTrace = scaledTrace(trace, 6);
        const small = runPool(one, oneTrace);
        const large = runPool(scaled(one, by), scaledTrace(oneTrace, by));
        expect(scaledFigures(large, 1)).toEqual(scaledFigures(small, by));
      }),
      settings,
    );
  });

  it('more replicas never make a fixed fleet slower: no request waits longer', () => {
    const fleet = fc.record({
      replicas: fc.integer({ min: 1, max: 6 }),
      concurrency: fc.integer({ min: 1, max: 3 }),
      routing: fc.constantFrom(...ROUTINGS),
      binding: fc.constantFrom('shared' as const, 'own' as const),
    });
    fc.assert(
      fc.property(fleet, traceArbitrary(1000, 40), ({ replicas, ...rest }, trace) => {
        const of = (count: number): Scenario => ({
          ...PLAIN,
          ...rest,
          floor: { atUs: [0], count: [count] },
          max: count,
          idleWindowUs: NEVER,
          unusedWindowUs: NEVER,
        });
        const waits = [replicas, replicas + 1].map((count) =>
          runNaivePool(of(count), trace).log.requests.map(
            ({ beganUs, firstUs }) => beganUs - firstUs,
          ),
        );
        for (const [i, waitUs] of waits[1]!.entries()) {
          expect(waitUs).toBeLessThanOrEqual(waits[0]![i]!);
        }
        const engine = [replicas, replicas + 1].map((count) => runPool(of(count), trace).wait);
        expect(engine.map(({ sumUs }) => Number(sumUs))).toEqual(waits.map(sum));
        expect(engine[1]!.maxUs).toBeLessThanOrEqual(engine[0]!.maxUs);
      }),
      settings,
    );
  });

  it('min 1 with a window shorter than the load time never leaves the pool without a ready replica', () => {
    const unitUs = 1000;
    const pool = fc.record({
      loadUnits: fc.integer({ min: 1, max: 8 }),
      share: fc.double({ min: 0, max: 0.99, noNaN: true }),
      max: fc.constantFrom(1, 2, 4, NEVER),
      concurrency: fc.constantFrom(1, 2),
      routing: fc.constantFrom(...ROUTINGS),
      binding: fc.constantFrom('shared' as const, 'own' as const),
    });
    fc.assert(
      fc.property(pool, traceArbitrary(unitUs), ({ loadUnits, share, ...rest }, trace) => {
        const windowUs = Math.floor(share * loadUnits) * unitUs;
        const { timeline } = runPool(
          {
            ...PLAIN,
            ...rest,
            floor: { atUs: [0], count: [1] },
            startPhases: [{ name: 'load', time: fixed(loadUnits * unitUs) }],
            idleWindowUs: windowUs,
            unusedWindowUs: windowUs,
            timelineUs: unitUs,
          },
          trace,
        );
        // Everything happens on the grid, so an interval's mean is what holds throughout it.
        for (const [i, idle] of timeline!.idle.entries()) {
          expect(idle + timeline!.busy[i]!).toBeGreaterThanOrEqual(1);
        }
      }),
      settings,
    );
  });

  it('a limit that was never reached gives the same result as any larger one', () => {
    fc.assert(
      fc.property(caseArbitrary, ({ scenario, trace }) => {
        const free = { ...scenario, max: NEVER, queueTimeoutUs: NEVER, executionTimeoutUs: NEVER };
        const queueLimit = scenario.queueLimit === 0 ? 0 : NEVER;
        const unlimited = runPool({ ...free, queueLimit }, trace);
        const { replicas, waiting, queueUs, serviceUs } = unlimited.reached;
        const tight: Scenario = {
          ...free,
          max: Math.max(1, replicas),
          queueLimit: queueLimit === 0 ? 0 : waiting + 1,
          queueTimeoutUs: queueUs + 1,
          executionTimeoutUs: serviceUs,
        };
        expect(figuresOf(runPool(tight, trace))).toEqual(figuresOf(unlimited));
      }),
      settings,
    );
  });

  it('a longer patience than any latency that was reached changes nothing', () => {
    fc.assert(
      fc.property(caseArbitrary, ({ scenario, trace }) => {
        const { client } = scenario;
        const patient = runPool({ ...scenario, client: { ...client, patienceUs: NEVER } }, trace);
        const patienceUs = patient.reached.latencyUs + 1;
        const one = runPool({ ...scenario, client: { ...client, patienceUs } }, trace);
        expect(figuresOf(one)).toEqual(figuresOf(patient));
      }),
      settings,
    );
  });
});

function meter(rule: Partial<MeterRule>): MeterRule {
  return {
    idle: false,
    busy: false,
    draining: false,
    phases: [],
    quantumUs: 1,
    minimumUs: 0,
    scope: 'replica',
    minuteOffsetUs: 0,
    ...rule,
  };
}

function additive(reading: Reading): bigint[] {
  const { atUs: _atUs, phaseUs, limitUs, meters, ...rest } = reading;
  return [
    ...Object.values(rest as Record<string, number | bigint>),
    ...phaseUs,
    ...limitUs,
    ...meters.flatMap(({ usedUs, paidUs }) => [usedUs, paidUs]),
  ].map(BigInt);
}

/** Without what does not scale: draws, calendar minutes, backoffs that are rounded. */
function wholeTimes(scenario: Scenario): Scenario {
  const { client } = scenario;
  return {
    ...scenario,
    startPhases: scenario.startPhases.map(({ name, time }) => ({
      name,
      time: fixed(Math.round(time.meanUs)),
    })),
    client: {
      ...client,
      retries: client.retries && {
        ...client.retries,
        factor: Math.round(client.retries.factor),
        jitter: 'none',
      },
    },
    meters: scenario.meters.filter(({ scope }) => scope !== 'minute'),
  };
}

function scaledTrace(trace: readonly NaiveRequest[], by: number): NaiveRequest[] {
  return trace.map(({ arrivalUs, serviceUs }) => ({
    arrivalUs: arrivalUs * by,
    serviceUs: serviceUs * by,
  }));
}

function scaled(scenario: Scenario, by: number): Scenario {
  const span = ({ fromUs, toUs }: Span): Span => ({ fromUs: fromUs * by, toUs: toUs * by });
  const { client, startRate, measure, floor } = scenario;
  return {
    ...scenario,
    floor: { atUs: floor.atUs.map((us) => us * by), count: floor.count },
    startRate: startRate && { ...startRate, periodUs: startRate.periodUs * by },
    idleWindowUs: scenario.idleWindowUs * by,
    unusedWindowUs: scenario.unusedWindowUs * by,
    queueTimeoutUs: scenario.queueTimeoutUs * by,
    startPhases: scenario.startPhases.map(({ name, time }) => ({
      name,
      time: fixed(time.meanUs * by),
    })),
    overheadUs: scenario.overheadUs * by,
    slotOverheadUs: scenario.slotOverheadUs * by,
    executionTimeoutUs: scenario.executionTimeoutUs * by,
    client: {
      ...client,
      patienceUs: client.patienceUs * by,
      retries: client.retries && { ...client.retries, backoffUs: client.retries.backoffUs * by },
    },
    period: span(scenario.period),
    measure: measure && span(measure),
    meters: scenario.meters.map((rule) => ({
      ...rule,
      quantumUs: rule.quantumUs * by,
      minimumUs: rule.minimumUs * by,
    })),
    latencyThresholdsUs: scenario.latencyThresholdsUs.map((us) => us * by),
    waitThresholdsUs: scenario.waitThresholdsUs.map((us) => us * by),
    timelineUs: scenario.timelineUs * by,
  };
}

/** What scales, scaled; what does not, as it is. */
function scaledFigures(totals: RunTotals, by: number): unknown {
  const { fingerprint: _fingerprint, latency, wait, whole, observed, timeline, ...rest } = totals;
  const { reached, horizonUs, observedUs, returns, startPaths, ...counts } = rest;
  const extremes = ({ total, minUs, maxUs, sumUs }: HistogramCounts): unknown =>
    [total, minUs * by, maxUs * by, sumUs * BigInt(by)] as const;
  const scaledReading = (reading: Reading): unknown => ({
    counts: [reading.completed, reading.attempts, reading.starts, reading.scheduledStarts],
    timesUs: Object.values(reading)
      .flat()
      .flatMap((value) => (typeof value === 'object' ? Object.values(value as object) : [value]))
      .filter((value) => typeof value === 'bigint')
      .map((us) => us * BigInt(by)),
  });
  return {
    counts,
    startPaths: startPaths.map((path) => ({ ...path, tookUs: path.tookUs * BigInt(by) })),
    reached: {
      ...reached,
      queueUs: reached.queueUs * by,
      serviceUs: reached.serviceUs * by,
      latencyUs: reached.latencyUs * by,
    },
    horizonUs: horizonUs * by,
    observedUs: observedUs * by,
    returns: { ...returns, gaps: returns.gaps && extremes(returns.gaps) },
    latency: extremes(latency),
    wait: extremes(wait),
    whole: scaledReading(whole),
    observed: scaledReading(observed),
    timeline: timeline && { ...timeline, intervalUs: timeline.intervalUs * by },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
