import { describe, expect, it } from 'vitest';
import { streamOf } from '../../../src/base/random.ts';
import {
  mean,
  orderStatistic,
  orderStatistics,
  quantilesOf,
  varianceOf,
} from '../../../src/workload/statistics.ts';

describe('quantiles are the order statistics ceil(p n)', () => {
  const oneTo = (n: number) => Float64Array.from({ length: n }, (_, i) => i + 1);

  it('by one rule, sorted or not: 0.07 of 100 is the seventh though 0.07 x 100 lies above 7 in binary', () => {
    for (const [p, n, expected] of [
      [0.07, 100, 7],
      [0.5, 3, 2],
      [0.9, 10, 9],
      [0.99, 101, 100],
      [1, 5, 5],
      [1e-6, 5, 1],
    ] as const) {
      expect(orderStatistic(oneTo(n), p)).toBe(expected);
      expect(orderStatistics(oneTo(n).reverse(), [p])).toEqual([expected]);
    }
    expect(quantilesOf(oneTo(100))).toEqual({ p50Us: 50, p90Us: 90, p99Us: 99 });
  });

  it('without sorting as with it, within a range and with ties', () => {
    const uniforms = streamOf('select', 0, 'test');
    const ps = [0.07, 0.5, 0.9, 0.99, 1];
    for (const distinct of [2, 40, 1e9]) {
      const values = Float64Array.from({ length: 3000 }, () =>
        Math.floor(uniforms.next() * distinct),
      );
      const sorted = values.slice(100, 2900).sort();
      const expected = ps.map((p) => orderStatistic(sorted, p));
      expect(orderStatistics(values, ps, 100, 2900)).toEqual(expected);
    }
  });
});

describe('mean and variance', () => {
  it('by hand: 2, 4, 9 have the mean 5 and the variance 26 / 2', () => {
    expect(mean(Float64Array.of(2, 4, 9))).toBe(5);
    expect(varianceOf(Float64Array.of(2, 4, 9))).toBe(13);
    expect(varianceOf(Float64Array.of(7))).toBe(0);
  });
});
