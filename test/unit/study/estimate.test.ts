import { describe, expect, it } from 'vitest';
import { digestColumns, digestText } from '../../../src/study/digest.ts';
import {
  interval95,
  oneSidedBound,
  sectioningError,
  studentQuantile,
} from '../../../src/study/estimate.ts';

describe("Student's quantile", () => {
  // Any printed table, such as NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
  it.each([
    [0.975, 1, 12.706],
    [0.975, 2, 4.303],
    [0.975, 4, 2.776],
    [0.975, 9, 2.262],
    [0.975, 19, 2.093],
    [0.975, 100, 1.984],
    [0.95, 19, 1.729],
    [0.99, 19, 2.539],
    [0.999, 30, 3.385],
  ])('t(%d, %d) is %d, as tables have it', (p, degrees, expected) => {
    expect(studentQuantile(p, degrees)).toBeCloseTo(expected, 3);
  });

  it('agrees with the closed forms for 1 and 2 degrees far out, where late candidates need it', () => {
    const p = 1 - 0.05 * 2 ** -20;
    expect(studentQuantile(p, 1) / Math.tan(Math.PI * (p - 0.5))).toBeCloseTo(1, 6);
    const two = (2 * p - 1) / Math.sqrt(2 * p * (1 - p));
    expect(studentQuantile(p, 2) / two).toBeCloseTo(1, 6);
  });
});

describe('intervals by sectioning', () => {
  it('are the ordinary ones where the estimate is the mean', () => {
    // 4, 6, 8: mean 6, standard deviation 2, t(2) 4.302653.
    const estimate = { all: 6, each: [4, 6, 8] };
    expect(sectioningError(estimate)).toBeCloseTo(2 / Math.sqrt(3), 12);
    const [low, high] = interval95(estimate)!;
    expect(high - 6).toBeCloseTo((4.302653 * 2) / Math.sqrt(3), 5);
    expect(6 - low).toBeCloseTo(high - 6, 12);
  });

  it('are around the estimate, not around the mean of the parts', () => {
    const [low, high] = interval95({ all: 7, each: [4, 6, 8] })!;
    expect((low + high) / 2).toBeCloseTo(7, 12);
    expect(sectioningError({ all: 7, each: [4, 6, 8] })).toBeCloseTo(Math.sqrt(11 / 2 / 3), 12);
  });

  it('there is none for one replication, or where one has no figure', () => {
    expect(interval95({ all: 6, each: [6] })).toBeNull();
    expect(interval95({ all: 6, each: [6, null] })).toBeNull();
    expect(interval95({ all: null, each: [null, null] })).toBeNull();
  });

  it('one side has the whole error', () => {
    const estimate = { all: 6, each: [4, 6, 8] };
    const bound = oneSidedBound(estimate, 'upper', 0.025)!;
    expect(bound).toBeCloseTo(interval95(estimate)![1], 12);
    expect(oneSidedBound(estimate, 'lower', 0.025)).toBeCloseTo(interval95(estimate)![0], 12);
  });
});

describe('fingerprints', () => {
  it('differ in any character, row, order or missing column', () => {
    const texts = ['', '\0', 'a', 'b', 'ab', 'ba', 'abcd', 'abcde'];
    expect(new Set(texts.map(digestText)).size).toBe(texts.length);
    const one = Float64Array.of(1, 2, 3);
    const columns = [
      digestColumns([one, null], 3),
      digestColumns([null, one], 3),
      digestColumns([one, one], 3),
      digestColumns([one, null], 2),
      digestColumns([Float64Array.of(2, 1, 3), null], 3),
    ];
    expect(new Set(columns).size).toBe(columns.length);
    expect(digestColumns([Float64Array.of(1, 2, 3, 9), null], 3)).toBe(columns[0]);
  });
});
