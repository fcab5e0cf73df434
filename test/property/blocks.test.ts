import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pool } from '../../src/engine/pool.ts';
import type { MeterRule, Scenario } from '../../src/engine/scenario.ts';
import type { RunTotals } from '../../src/engine/totals.ts';
import { runInspected } from '../kit/inspected-pool.ts';
import { type BlockCase, blockCaseArbitrary, blockChunk, runBlocks } from '../kit/random-blocks.ts';
import { longTrace } from '../kit/random-scenario.ts';
import { comparable, figuresOf } from '../kit/run-pool.ts';

const MOST_SECONDS = Number(process.env['COLDFRONT_FUZZ_SECONDS'] ?? 30);
const RUNS = Number(process.env['COLDFRONT_FUZZ_RUNS'] ?? 2000);
const settings = { numRuns: RUNS, interruptAfterTimeLimit: MOST_SECONDS * 1000 };

describe('with every block of a scenario on', () => {
  it('every run ends, each request once, its counts those of its replicas at every arrival', () => {
    fc.assert(
      fc.property(blockCaseArbitrary, (one) => {
        const totals = runInspected(one);
        const { requests, latency, wait, pings } = totals;
        const { arrived, completed, rejected, timedOut, late, cold } = requests;
        expect(arrived).toBe(completed + rejected + timedOut);
        expect([latency.total, wait.total]).toEqual([completed, completed]);
        expect(Math.max(late, cold)).toBeLessThanOrEqual(completed);
        if (one.scenario.measure === null) expect(arrived).toBe(one.trace.length);
        if (pings !== null) {
          expect(pings.arrived).toBe(pings.completed + pings.rejected + pings.timedOut);
        }
      }),
      settings,
    );
  });

  it('replica time = starting + idle + busy + draining: the sum of lives is the integral of counts', () => {
    fc.assert(
      fc.property(blockCaseArbitrary, ({ scenario, trace }) => {
        const meters = accounts(scenario);
        const { whole, startPaths } = runBlocks({ scenario: { ...scenario, meters }, trace });
        const used = whole.meters.map(({ usedUs }) => usedUs);
        const [all, byMinute, starting, idle, busy, draining, inService] = used;
        expect(all).toBe(whole.startingUs + whole.idleUs + whole.busyUs + whole.drainingUs);
        expect(byMinute).toBe(all);
        expect([starting, idle, busy, draining]).toEqual([
          whole.startingUs,
          whole.idleUs,
          whole.busyUs,
          whole.drainingUs,
        ]);
        for (const { usedUs, paidUs } of whole.meters) expect(paidUs).toBe(usedUs);
        const sum = (of: (path: (typeof startPaths)[number]) => number) =>
          startPaths.map(of).reduce((a, b) => a + b, 0);
        expect(sum(({ ready }) => ready)).toBeLessThanOrEqual(sum(({ starts }) => starts));
        if (scenario.measure === null) {
          expect(sum(({ starts }) => starts)).toBe(whole.starts + whole.scheduledStarts);
          expect(inService).toBe(whole.inServiceUs);
          expect(startPaths.reduce((us, { tookUs }) => us + tookUs, 0n)).toBeLessThanOrEqual(
            whole.startingUs,
          );
        }
      }),
      settings,
    );
  });

  it('the parts of a time line add up to the integrals, and no desired count is missing', () => {
    fc.assert(
      fc.property(blockCaseArbitrary, ({ scenario, trace }) => {
        const timelineUs = scenario.timelineUs || scenario.period.toUs || 20e6;
        const totals = runBlocks({ scenario: { ...scenario, measure: null, timelineUs }, trace });
        const { whole, horizonUs, timeline } = totals;
        const { starting, idle, busy, draining, waiting, controlled } = timeline!;
        const area = (means: Float64Array): number =>
          means.reduce((us, m, i) => us + m * Math.min(timelineUs, horizonUs - i * timelineUs), 0);
        const close = (line: Float64Array, us: bigint): void => {
          expect(Math.abs(area(line) - Number(us))).toBeLessThanOrEqual(1e-9 * Number(us) + 1e-3);
        };
        close(starting, whole.startingUs);
        close(idle, whole.idleUs);
        close(busy, whole.busyUs);
        close(draining, whole.drainingUs);
        close(waiting, whole.waitForStartUs + whole.waitForLimitUs);
        expect(controlled === null).toBe(scenario.control === null);
        if (controlled === null) return;
        expect(controlled.desired.length).toBe(busy.length);
        expect([...controlled.desired, ...controlled.signal].every(Number.isFinite)).toBe(true);
      }),
      settings,
    );
  });

  it('gives the same totals and fingerprint in any chunking, and the same figures whatever is measured', () => {
    const splits = fc.array(fc.integer({ min: 0, max: 24 }), { maxLength: 6 });
    fc.assert(
      fc.property(blockCaseArbitrary, splits, (one, at) => {
        expect(comparable(runInChunks(one, at))).toEqual(comparable(runBlocks(one)));
      }),
      settings,
    );
  });

  it('billing moves nothing: other meters, the same run', () => {
    fc.assert(
      fc.property(blockCaseArbitrary, ({ scenario, trace }) => {
        const one = runBlocks({ scenario, trace });
        const other = runBlocks({ scenario: { ...scenario, meters: accounts(scenario) }, trace });
        expect(other.fingerprint).toBe(one.fingerprint);
        expect(figuresOf(withoutMeters(other))).toEqual(figuresOf(withoutMeters(one)));
      }),
      settings,
    );
  });
});

function withoutMeters(totals: RunTotals): RunTotals {
  return {
    ...totals,
    whole: { ...totals.whole, meters: [] },
    observed: { ...totals.observed, meters: [] },
  };
}

/** All time by replica and by minute, then each state by itself, then services. */
function accounts({ startPhases }: Scenario): MeterRule[] {
  const nothing: MeterRule = {
    idle: false,
    busy: false,
    draining: false,
    phases: startPhases.map(() => false),
    quantumUs: 1,
    minimumUs: 0,
    scope: 'replica',
    minuteOffsetUs: 7e6,
  };
  const phases = startPhases.map(() => true);
  const all = { ...nothing, idle: true, busy: true, draining: true, phases };
  return [
    all,
    { ...all, scope: 'minute' },
    { ...nothing, phases },
    { ...nothing, idle: true, scope: 'minute' },
    { ...nothing, busy: true, scope: 'minute' },
    { ...nothing, draining: true, scope: 'minute' },
    { ...nothing, scope: 'request' },
  ];
}

function runInChunks({ scenario, trace }: BlockCase, at: readonly number[]): RunTotals {
  const pool = new Pool(scenario);
  const edges = [0, ...[...at].sort((a, b) => a - b), trace.length];
  for (const [i, edge] of edges.slice(1).entries()) {
    pool.advance(blockChunk(trace.slice(edges[i], edge)));
  }
  return pool.finish();
}

describe('a controller and the short path', () => {
  it('one slot, the most recent first: the same totals and fingerprint with and without it', () => {
    fc.assert(
      fc.property(blockCaseArbitrary, fc.nat(), ({ scenario, trace: short }, key) => {
        const unitUs = Math.max(1, scenario.idleWindowUs);
        const long = longTrace(key, 500, unitUs).map((row) => ({
          ...row,
          inputTokens: 0,
          outputTokens: 0,
        }));
        const trace = key % 4 === 0 ? long : short;
        const { retries } = scenario.client;
        const common: Scenario = {
          ...scenario,
          ...{ gate: null, lifecycle: null, slotSpeed: null, countsTokens: false, measure: null },
          ...{
            concurrency: 1,
            routing: 'most-recent',
            executionTimeoutUs: Number.POSITIVE_INFINITY,
          },
          client: { retries, patienceUs: Number.POSITIVE_INFINITY, cancels: false },
          unusedWindowUs: scenario.idleWindowUs,
          meters: scenario.meters.filter(
            ({ idle, busy, scope }) => idle === busy && scope !== 'request',
          ),
        };
        const run = (takesShortPath: boolean) => {
          const pool = new Pool(common, takesShortPath);
          pool.advance(blockChunk(trace));
          return comparable(pool.finish());
        };
        expect(run(true)).toEqual(run(false));
      }),
      settings,
    );
  });
});
