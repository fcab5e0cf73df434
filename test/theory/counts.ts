/** What arrival processes are judged by: counts in windows over independent realizations, and Student intervals. */
import { expect } from 'vitest';
import { keyed, streamOf } from '../../src/base/random.ts';
import { meanOf } from '../../src/study/estimate.ts';
import { halfWidthOf } from '../../src/study/verify.ts';
import type { ArrivalStream } from '../../src/workload/synthesis/arrival-stream.ts';
import { type ArrivalSpec, openArrivals } from '../../src/workload/synthesis/arrivals.ts';

// Chosen before any figure was seen.
const SEED = 'synthesis';
export const REPLICATIONS = 24;

export function open(spec: ArrivalSpec, replication: number, seed = SEED): ArrivalStream {
  return openArrivals(
    spec,
    (purpose) => streamOf(seed, replication, purpose),
    (client) => (purpose) => keyed(seed, replication, purpose, client, 0),
  );
}

/** How many arrive in each of so many windows from time 0 on. */
export function countsOf(
  spec: ArrivalSpec,
  replication: number,
  windowS: number,
  windows: number,
): Float64Array {
  const stream = open(spec, replication);
  const counts = new Float64Array(windows);
  for (;;) {
    const window = Math.floor(stream.nextUs() / (windowS * 1e6));
    if (window >= windows) return counts;
    counts[window]!++;
  }
}

/** The figure of each replication. */
export function each(
  figure: (replication: number) => number,
  replications = REPLICATIONS,
): number[] {
  return Array.from({ length: replications }, (_, replication) => figure(replication));
}

/** The exact value lies in the 99.9 % interval of independent figures, which is narrow enough to tell. */
export function expectMean(figures: readonly number[], theory: number, within = 0.1): void {
  const halfWidth = halfWidthOf(figures, 0.999);
  expect(halfWidth / Math.abs(theory)).toBeLessThan(within);
  expect(Math.abs(meanOf(figures) - theory)).toBeLessThanOrEqual(halfWidth);
}

/** The index of dispersion about the exact mean, which has no bias: the mean of (N - m)^2 / m. */
export function dispersion(counts: Float64Array, mean: number): number {
  return counts.reduce((sum, n) => sum + (n - mean) ** 2, 0) / counts.length / mean;
}

/** The 99.9 % quantile of chi-square, by Wilson and Hilferty (1931): right to some 0.1 % from 4 degrees on. */
export function chiSquare999(degrees: number): number {
  const part = 2 / (9 * degrees);
  return degrees * (1 - part + 3.0902 * Math.sqrt(part)) ** 3;
}
