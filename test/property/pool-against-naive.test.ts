import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketOf } from '../../src/engine/histogram.ts';
import { Pool } from '../../src/engine/pool.ts';
import { runNaivePool } from '../kit/naive-pool.ts';
import { type Case, caseArbitrary } from '../kit/random-scenario.ts';
import { chunkOf, comparable, figuresOf, runPool } from '../kit/run-pool.ts';

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

  it('gives the same totals and fingerprint with and without the short path', () => {
    fc.assert(
      fc.property(caseArbitrary, ({ scenario, trace }) => {
        expect(comparable(runPool(scenario, trace, true))).toEqual(
          comparable(runPool(scenario, trace, false)),
        );
      }),
      settings,
    );
  });

  it('gives the same totals and fingerprint wherever the trace is split into chunks', () => {
    const splits = fc.array(fc.integer({ min: 0, max: 24 }), { maxLength: 6 });
    fc.assert(
      fc.property(caseArbitrary, splits, ({ scenario, trace }, at) => {
        const pool = new Pool(scenario);
        const edges = [0, ...at.sort((a, b) => a - b), trace.length];
        for (const [i, edge] of edges.slice(1).entries()) {
          pool.advance(chunkOf(trace.slice(edges[i], edge)));
        }
        expect(comparable(pool.finish())).toEqual(comparable(runPool(scenario, trace)));
      }),
      settings,
    );
  });
});

function naiveFigures({ scenario, trace }: Case): unknown {
  const { latenciesUs, waitsUs, log: _, ...figures } = runNaivePool(scenario, trace);
  return {
    ...figures,
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
