/** Means, variances and quantiles of columns. A quantile is the order statistic ceil(p n), as for latencies. */
import { rankOf } from '../engine/histogram.ts';

/** @param values at least one */
export function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Over n - 1; 0 of fewer than two. */
export function varianceOf(values: Float64Array): number {
  if (values.length < 2) return 0;
  const center = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - center) ** 2;
  return squares / (values.length - 1);
}

export interface Quantiles {
  readonly p50Us: number;
  readonly p90Us: number;
  readonly p99Us: number;
}

/** @param sorted at least one, ascending */
export function quantilesOf(sorted: Float64Array): Quantiles {
  return {
    p50Us: orderStatistic(sorted, 0.5),
    p90Us: orderStatistic(sorted, 0.9),
    p99Us: orderStatistic(sorted, 0.99),
  };
}

/** @param sorted at least one, ascending. @param p in (0, 1] */
export function orderStatistic(sorted: Float64Array, p: number): number {
  return sorted[rankOf(p, sorted.length) - 1]!;
}

/**
 * Those of `values[from, to)`, at least one, for ascending p in (0, 1], without sorting them: in linear time on average.
 * The values are moved around within their range.
 */
export function orderStatistics(
  values: Float64Array,
  ps: readonly number[],
  from = 0,
  to = values.length,
): number[] {
  let left = from;
  return ps.map((p) => {
    const row = from + rankOf(p, to - from) - 1;
    select(values, row, left, to);
    // What lies before a selected row is no larger: the next, higher one is looked for behind it.
    left = row;
    return values[row]!;
  });
}

/** Ranges shorter than this are sorted outright. */
const SHORT = 64;

/** Hoare's quickselect; after too many rounds (values made to defeat it) what is left is sorted, which bounds it. */
function select(values: Float64Array, row: number, from: number, to: number): void {
  let low = from;
  let high = to - 1;
  for (let rounds = 2 * Math.log2(to - from + 1); high - low > SHORT && rounds > 0; rounds--) {
    const pivot = medianOfThree(values[low]!, values[(low + high) >> 1]!, values[high]!);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const swapped = values[i]!;
      values[i++] = values[j]!;
      values[j--] = swapped;
    }
    // [low, j] <= pivot <= [i, high]; what lies between is the pivot itself.
    if (row <= j) high = j;
    else if (row >= i) low = i;
    else return;
  }
  values.subarray(low, high + 1).sort();
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
