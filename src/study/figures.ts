/** The figures of a result over several replications, each with its estimate of every replication alone. */
import { US_PER_S } from '../base/units.ts';
import { mergeHistograms, quantileUs } from '../engine/histogram.ts';
import type { HistogramCounts, Reading, RequestCounts, RunTotals } from '../engine/totals.ts';
import type { BillingPlan } from '../platform/billing.ts';
import { meanCost } from '../platform/cost.ts';
import { usdByHour } from '../platform/hour-costs.ts';
import type { Cost, CurvesS, Figure } from './document.ts';
import { type Estimate, meanOf } from './estimate.ts';

export const QUANTILES = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p999', 0.999],
] as const;

/** All replications of one configuration, and what they cost. */
export interface Replicates {
  readonly runs: readonly RunTotals[];
  readonly latency: HistogramCounts;
  readonly wait: HistogramCounts;
  readonly costs: Costs | null;
}

/** Of all replications together, and of each; null without a price. */
export interface Costs {
  readonly all: Cost;
  readonly each: readonly Cost[];
  /** What the observed period cost by hour of the clock; null where hours were not kept. */
  readonly usdByHour: Float64Array | null;
}

export function costsOf(
  plan: BillingPlan | null,
  runs: readonly RunTotals[],
  firstMeter: number,
): Costs | null {
  const all = meanCost(plan, runs, firstMeter);
  if (all === null) return null;
  const keepsHours = plan !== null && runs.every(({ hours }) => hours !== null);
  return {
    all,
    each: runs.map((run) => meanCost(plan, [run], firstMeter)!),
    usdByHour: keepsHours ? usdByHour([{ plan, runs, firstMeter }])[0]! : null,
  };
}

export function replicatesOf(runs: readonly RunTotals[], costs: Costs | null): Replicates {
  return {
    runs,
    latency: mergeHistograms(runs.map(({ latency }) => latency)),
    wait: mergeHistograms(runs.map(({ wait }) => wait)),
    costs,
  };
}

export function meanRequests({ runs }: Replicates, key: keyof RequestCounts): Estimate {
  return mean(runs.map(({ requests }) => requests[key]));
}

export type TimeKey = {
  [Key in keyof Reading]: Reading[Key] extends bigint ? Key : never;
}[keyof Reading];

/** Of integrals: microseconds to seconds. */
export function meanSeconds({ runs }: Replicates, key: TimeKey): Estimate {
  return mean(runs.map(({ whole }) => secondsOf(whole[key])));
}

export function mean(each: readonly number[]): Estimate {
  return { all: meanOf(each), each };
}

/** A ratio of sums; null over nothing. */
export function ratio(
  { runs }: Replicates,
  above: (run: RunTotals) => number,
  below: (run: RunTotals) => number,
): Estimate {
  const divided = (over: readonly RunTotals[]): Figure => {
    const denominator = meanOf(over.map(below));
    return denominator === 0 ? null : meanOf(over.map(above)) / denominator;
  };
  return { all: divided(runs), each: runs.map((run) => divided([run])) };
}

export type Timed = 'latency' | 'wait';

export function quantile(replicates: Replicates, timed: Timed, p: number): Estimate {
  const of = (counts: HistogramCounts): Figure => inSeconds(quantileUs(counts, p));
  const all = of(replicates[timed]);
  const { runs } = replicates;
  return { all, each: runs.length === 1 ? [all] : runs.map((run) => of(run[timed])) };
}

/** Denser towards the end, which is what is looked at; beyond the last share there may be no request. */
const CURVE_SHARES = [
  ...[0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.96, 0.97, 0.98],
  ...[0.985, 0.99, 0.993, 0.995, 0.997, 0.998, 0.999, 0.9995, 0.9998, 0.9999, 0.99999],
];

/** Of the merged histograms, without intervals. */
export function curvesOf({ latency, wait }: Replicates): CurvesS {
  const seconds = (counts: HistogramCounts): Figure[] =>
    CURVE_SHARES.map((share) => inSeconds(quantileUs(counts, share)));
  return { share: CURVE_SHARES, latencyS: seconds(latency), waitS: seconds(wait) };
}

export function meanTime(replicates: Replicates, timed: Timed): Estimate {
  const of = ({ sumUs, total }: HistogramCounts): Figure =>
    total === 0 ? null : secondsOf(sumUs) / total;
  return { all: of(replicates[timed]), each: replicates.runs.map((run) => of(run[timed])) };
}

export function maxTime(replicates: Replicates, timed: Timed): Figure {
  const { total, maxUs } = replicates[timed];
  return total === 0 ? null : maxUs / US_PER_S;
}

const COST_FIGURES = [
  'usd',
  'tailUsd',
  'usdPerHour',
  'usdPerMonth',
  'usdPerThousandRequests',
] as const;

/** By the path of the figure; none without a price. */
export function costEstimates({ costs }: Replicates): [string, Estimate][] {
  if (costs === null) return [];
  const { all, each } = costs;
  return COST_FIGURES.map((key) => [
    `cost.${key}`,
    { all: all[key], each: each.map((cost) => cost[key]) },
  ]);
}

/** Seconds of a quantile; null for none and for infinitely late. */
export function inSeconds(us: number | null): Figure {
  return us === null || us === Number.POSITIVE_INFINITY ? null : us / US_PER_S;
}

export function secondsOf(us: bigint): number {
  return Number(us) / US_PER_S;
}

export function replicaUs({ startingUs, idleUs, busyUs, drainingUs }: Reading): bigint {
  return startingUs + idleUs + busyUs + drainingUs;
}
