import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bucketMiddleUs,
  bucketOf,
  Histogram,
  mergeHistograms,
  quantileUs,
} from '../../src/engine/histogram.ts';
import type { HistogramCounts } from '../../src/engine/totals.ts';

const settings = { numRuns: 1000, interruptAfterTimeLimit: 30_000 };
/** The stated bound: half a bucket of 256 an octave. */
const WITHIN = 1 / 512;

const value = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 1023 }),
  fc.integer({ min: 0, max: 2 ** 31 + 2 ** 23 }),
  // 71 years: a sum refuses what might pass 2^53 with the next value.
  fc.integer({ min: 0, max: 2 ** 51 }),
);
const values = fc.array(value, { minLength: 1, maxLength: 300 });
const probability = fc.oneof(
  fc.constantFrom(0.5, 0.9, 0.95, 0.99, 0.999, 1),
  fc.integer({ min: 1, max: 1000 }).map((k) => k / 1000),
);

function histogramOf(all: readonly number[]): HistogramCounts {
  const histogram = new Histogram();
  for (const us of all) histogram.add(us);
  return histogram.counts();
}

/** ceil(p n) in thousandths, where it is exact. */
function orderStatistic(sorted: readonly number[], p: number): number {
  return sorted[Math.ceil((Math.round(p * 1000) * sorted.length) / 1000) - 1]!;
}

describe('the histogram against sorted data', () => {
  it('a quantile is the order statistic ceil(p n) within 0.195 %, exact at 0, at the least and the greatest', () => {
    fc.assert(
      fc.property(values, probability, (all, p) => {
        const sorted = [...all].sort((a, b) => a - b);
        const exactUs = orderStatistic(sorted, p);
        const us = quantileUs(histogramOf(all), p)!;
        expect(Math.abs(us - exactUs)).toBeLessThanOrEqual(exactUs * WITHIN);
        if (exactUs === 0) expect(us).toBe(0);
        if (exactUs === sorted.at(-1)) expect(us).toBe(exactUs);
        expect(quantileUs(histogramOf(all), 1)).toBe(sorted.at(-1));
        expect(quantileUs(histogramOf(all), 1e-9)).toBe(sorted[0]);
      }),
      settings,
    );
  });

  it('counts, sums and extremes are exact', () => {
    fc.assert(
      fc.property(values, (all) => {
        const { total, minUs, maxUs, sumUs, counts } = histogramOf(all);
        expect([total, minUs, maxUs]).toEqual([all.length, Math.min(...all), Math.max(...all)]);
        expect(sumUs).toBe(all.reduce((sum, us) => sum + BigInt(us), 0n));
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(all.length);
      }),
      settings,
    );
  });

  it('merging parts gives the histogram of the union, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.array(value, { maxLength: 50 }), { maxLength: 5 }), (parts) => {
        const union = histogramOf(parts.flat());
        for (const order of [parts, [...parts].reverse()]) {
          const merged = mergeHistograms(order.map(histogramOf));
          expect(Buffer.compare(bytes(merged), bytes(union))).toBe(0);
          expect({ ...merged, counts: null }).toEqual({ ...union, counts: null });
        }
      }),
      { ...settings, numRuns: 200 },
    );
  });

  it('a value lies in its bucket, within 0.195 % of the middle, and buckets ascend with values', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(Math.abs(bucketMiddleUs(bucketOf(a)) - a)).toBeLessThanOrEqual(a * WITHIN);
        if (a <= b) expect(bucketOf(a)).toBeLessThanOrEqual(bucketOf(b));
        if (a < 512) expect(bucketMiddleUs(bucketOf(a))).toBe(a);
      }),
      { ...settings, numRuns: 10_000 },
    );
  });

  it('requests that failed count as infinitely late', () => {
    const histogram = histogramOf([1, 2, 3]);
    expect(quantileUs(histogram, 0.75, 4)).toBe(3);
    expect(quantileUs(histogram, 0.76, 4)).toBe(Number.POSITIVE_INFINITY);
    expect(quantileUs(histogramOf([]), 0.5)).toBeNull();
  });
});

function bytes({ counts }: HistogramCounts): Buffer {
  return Buffer.from(counts.buffer);
}
