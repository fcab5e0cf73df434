import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketOf } from '../../src/engine/histogram.ts';
import { Pool } from '../../src/engine/pool.ts';
import type { Scenario } from '../../src/engine/scenario.ts';
import type { RunTotals } from '../../src/engine/totals.ts';
import { type NaiveRequest, runNaivePool } from '../kit/naive-pool.ts';
import { SLOT_SPEEDS } from '../kit/random-blocks.ts';
import { type Case, caseArbitrary, commonCase, longTrace } from '../kit/random-scenario.ts';
import { chunkOf, comparable, figuresOf, runPool } from '../kit/run-pool.ts';
import { lifecycle } from '../kit/small-pool.ts';

const MOST_SECONDS = Number(process.env['COLDFRONT_FUZZ_SECONDS'] ?? 60);
const RUNS = Number(process.env['COLDFRONT_FUZZ_RUNS'] ?? 8000);
const settings = { numRuns: RUNS, interruptAfterTimeLimit: MOST_SECONDS * 1000 };

describe('the engine against a second implementation, on random small pools full of ties', () => {
  it('agrees on every figure', () => {
    fc.assert(
      fc.property(caseArbitrary, (one) => {
        expect(figuresOf(runPool(one.scenario, one.trace))).toEqual(naiveFigures(one));
      }),
      settings,
    );
  });

  it('agrees on every figure where starts fail and are started anew', () => {
    const chance = fc.constantFrom(0.1, 0.5, 0.8);
    fc.assert(
      fc.property(caseArbitrary, chance, ({ scenario, trace }, startFailure) => {
        const one = { scenario: { ...scenario, ...lifecycle({ startFailure }) }, trace };
        expect(figuresOf(runPool(one.scenario, one.trace))).toEqual(naiveFigures(one));
      }),
      settings,
    );
  });

  it('agrees on every figure where requests slow each other down', () => {
    fc.assert(
      fc.property(
        caseArbitrary,
        fc.constantFrom(...SLOT_SPEEDS),
        ({ scenario, trace }, slotSpeed) => {
          const one = { scenario: { ...scenario, slotSpeed }, trace };
          expect(figuresOf(runPool(one.scenario, one.trace))).toEqual(naiveFigures(one));
        },
      ),
      settings,
    );
  });

  it('gives the same totals and fingerprint with and without the short path', () => {
    fc.assert(
      fc.property(fc.oneof(caseArbitrary, caseArbitrary.map(commonCase)), ({ scenario, trace }) => {
        expect(comparable(runPool(scenario, trace, true))).toEqual(
          comparable(runPool(scenario, trace, false)),
        );
      }),
      settings,
    );
  });

  it('agrees on every figure of a few hundred requests in rushes', () => {
    fc.assert(
      fc.property(caseArbitrary, fc.nat(), ({ scenario }, key) => {
        const trace = longTrace(key, 300, unitOf(scenario));
        const one = { scenario: { ...scenario, timelineUs: 0 }, trace };
        expect(figuresOf(runPool(one.scenario, trace))).toEqual(naiveFigures(one));
      }),
      { ...settings, numRuns: Math.ceil(RUNS / 80) },
    );
  });

  it('gives the same totals and fingerprint of thousands of requests, with and without the short path, in chunks', () => {
    const cut = fc.array(fc.integer({ min: 0, max: 4000 }), { maxLength: 4 });
    fc.assert(
      fc.property(caseArbitrary.map(commonCase), fc.nat(), cut, ({ scenario }, key, at) => {
        const trace = longTrace(key, 4000, unitOf(scenario));
        const quiet = { ...scenario, timelineUs: 0 };
        const whole = comparable(runPool(quiet, trace, false));
        expect(comparable(runPool(quiet, trace))).toEqual(whole);
        expect(comparable(runInChunks(quiet, trace, at))).toEqual(whole);
      }),
      { ...settings, numRuns: Math.ceil(RUNS / 20) },
    );
  });

  it('gives the same totals and fingerprint wherever the trace is split into chunks', () => {
    const splits = fc.array(fc.integer({ min: 0, max: 24 }), { maxLength: 6 });
    fc.assert(
      fc.property(caseArbitrary, splits, ({ scenario, trace }, at) => {
        expect(comparable(runInChunks(scenario, trace, at))).toEqual(
          comparable(runPool(scenario, trace)),
        );
      }),
      settings,
    );
  });
});

function runInChunks(
  scenario: Scenario,
  trace: readonly NaiveRequest[],
  at: readonly number[],
): RunTotals {
  const pool = new Pool(scenario);
  const edges = [0, ...[...at].sort((a, b) => a - b), trace.length];
  for (const [i, edge] of edges.slice(1).entries()) {
    pool.advance(chunkOf(trace.slice(edges[i], edge)));
  }
  return pool.finish();
}

/** Windows are multiples of a scenario's grid unit, and the least of them tells it well enough. */
function unitOf({ idleWindowUs, period }: Scenario): number {
  return [20e6, 1000].find((unit) => (idleWindowUs + period.toUs) % unit === 0) ?? 1;
}

function naiveFigures({ scenario, trace }: Case): unknown {
  const { latenciesUs, waitsUs, returns, log: _, ...figures } = runNaivePool(scenario, trace);
  const { departures, gapsUs } = returns;
  return {
    ...figures,
    returns: { departures, gaps: gapsUs.length === 0 ? null : sparseOf(gapsUs) },
    events: 0,
    fingerprint: 0,
    latency: sparseOf(latenciesUs),
    wait: sparseOf(waitsUs),
  };
}

function sparseOf(ascendingUs: readonly number[]): unknown {
  const filled: [bucket: number, count: number][] = [];
  for (const us of ascendingUs) {
    const bucket = bucketOf(us);
    if (filled.at(-1)?.[0] === bucket) filled.at(-1)![1]++;
    else filled.push([bucket, 1]);
  }
  return {
    total: ascendingUs.length,
    minUs: ascendingUs[0] ?? Number.POSITIVE_INFINITY,
    maxUs: ascendingUs.at(-1) ?? 0,
    sumUs: ascendingUs.reduce((sum, us) => sum + BigInt(us), 0n),
    filled,
  };
}
