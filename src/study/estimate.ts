/**
 * Estimates over replications. A count or time is a mean, a fraction a ratio of sums, a maximum the largest, a quantile that
 * of the merged histogram; each comes with a Student interval by sectioning (Asmussen and Glynn, Stochastic Simulation,
 * III.5a): with x_i the estimate of replication i alone, est +- t(R-1) sqrt(sum (x_i - est)^2 / (R-1) / R).
 */
import jstat from 'jstat';
import { sum } from 'simple-statistics';
import { assert } from '../base/errors.ts';
import type { Figure, Interval } from './document.ts';

const { studentt } = jstat.jStat;

/** A figure over all replications, and the same of each alone. */
export interface Estimate {
  readonly all: Figure;
  readonly each: readonly Figure[];
}

/** @param p in (0, 1), @param degrees of freedom, at least 1 */
export function studentQuantile(p: number, degrees: number): number {
  assert(p > 0 && p < 1 && degrees >= 1, `no Student quantile at ${p} with ${degrees}`);
  return studentt.inv(p, degrees);
}

/** sqrt(sum (x_i - est)^2 / (R-1) / R); null where a replication has no figure, or there is one alone. */
export function sectioningError({ all, each }: Estimate): number | null {
  const values = each.filter((value) => value !== null);
  const n = each.length;
  if (all === null || n < 2 || values.length < n) return null;
  return Math.sqrt(sum(values.map((value) => (value - all) ** 2)) / (n - 1) / n);
}

/** The two-sided 95 % interval. */
export function interval95(estimate: Estimate): Interval | null {
  const error = sectioningError(estimate);
  if (error === null || estimate.all === null) return null;
  const half = studentQuantile(0.975, estimate.each.length - 1) * error;
  return [estimate.all - half, estimate.all + half];
}

/** One-sided: the estimate lies on the far side of the bound with a chance of `error`. */
export function oneSidedBound(estimate: Estimate, side: 'upper' | 'lower', error: number): Figure {
  const standardError = sectioningError(estimate);
  if (standardError === null || estimate.all === null) return null;
  const half = studentQuantile(1 - error, estimate.each.length - 1) * standardError;
  return side === 'upper' ? estimate.all + half : estimate.all - half;
}

export function meanOf(values: readonly number[]): number {
  return sum([...values]) / values.length;
}
