/** Objectives held against what a configuration came to. */
import { quantileUs } from '../engine/histogram.ts';
import type { RunTotals } from '../engine/totals.ts';
import type { Figure, ObjectiveResult, SloResult } from './document.ts';
import type { Estimate } from './estimate.ts';
import { inSeconds, maxTime, meanTime, type Replicates, ratio, type Timed } from './figures.ts';
import type { Judgment } from './hours.ts';
import {
  compare,
  type ExtremeObjective,
  type Objective,
  type ShareObjective,
  shareHolds,
} from './slo.ts';

/** An objective's figure: what the objective compares, over all replications and of each. */
export interface Judged extends Judgment {
  readonly result: ObjectiveResult;
  readonly estimate: Estimate;
}

/** Every figure that an objective may name, by path. */
export type FigureTable = ReadonlyMap<string, Estimate>;

export function judge(
  objective: Objective,
  replicates: Replicates,
  thresholds: Thresholds,
  figures: FigureTable,
): Judged {
  return { objective, replicates, ...held(objective, replicates, thresholds, figures) };
}

interface Thresholds {
  readonly latencyS: readonly number[];
  readonly waitS: readonly number[];
}

type Held = Omit<Judged, keyof Judgment>;

function held(
  objective: Objective,
  replicates: Replicates,
  thresholds: Thresholds,
  figures: FigureTable,
): Held {
  switch (objective.kind) {
    case 'share':
      return judgeShare(objective, replicates, thresholds[objective.figure]);
    case 'extreme':
      return judgeExtreme(objective, replicates);
    case 'figure': {
      const estimate = figures.get(objective.figure) ?? { all: null, each: [] };
      const { all } = estimate;
      const met = all !== null && compare(all, objective.comparison, objective.value);
      const why = all === null && { why: whyUnknown(objective.figure, figures) };
      return {
        result: { objective: objective.text, met, value: all, share: null, ...why },
        estimate,
      };
    }
  }
}

function whyUnknown(figure: string, figures: FigureTable): string {
  if (figures.has(figure)) return 'unknown: no request to take it over';
  return figure.startsWith('cost.')
    ? 'unknown without a price: name a platform and its gpu, or set billing.usdPerReplicaHour'
    : 'unknown with one slot a replica: set deployment.concurrency';
}

export function sloOf(judged: readonly Judged[]): SloResult | null {
  if (judged.length === 0) return null;
  const objectives = judged.map(({ result }) => result);
  const failed = objectives.filter(({ met }) => !met).map(({ objective }) => objective);
  return { met: failed.length === 0, failed, objectives };
}

function judgeShare(
  objective: ShareObjective,
  replicates: Replicates,
  thresholdsUs: readonly number[],
): Held {
  const timed = timedOf(objective.figure);
  const index = thresholdsUs.indexOf(objective.thresholdUs);
  // A threshold below 0 (`< 0`) is counted by no run: nothing is within it.
  const within = (run: RunTotals) =>
    (timed === 'latency' ? run.withinLatency : run.withinWait)[index] ?? 0;
  const arrived = (run: RunTotals) => run.requests.arrived;
  const total = (count: (run: RunTotals) => number) =>
    replicates.runs.reduce((sum, run) => sum + count(run), 0);
  const estimate = ratio(replicates, within, arrived);
  const value =
    objective.quantile === null ? null : allArrivedQuantileS(replicates, timed, objective.quantile);
  return {
    result: {
      objective: objective.text,
      met: shareHolds(objective, total(within), total(arrived)),
      value: objective.quantile === null ? estimate.all : value,
      share: estimate.all,
      budgetSpent: budgetSpent(objective, estimate.all),
    },
    estimate,
  };
}

function budgetSpent({ needed }: ShareObjective, share: Figure): Figure {
  const budget = Number(needed.denominator - needed.numerator) / Number(needed.denominator);
  return share === null || budget === 0 ? null : (1 - share) / budget;
}

function judgeExtreme(objective: ExtremeObjective, replicates: Replicates): Held {
  const timed = timedOf(objective.figure);
  const failed = replicates.runs.some((run) => failedRequests(run) > 0);
  const mean = meanTime(replicates, timed);
  const each =
    objective.statistic === 'mean'
      ? mean.each
      : replicates.runs.map((run) => inSeconds(run[timed].total === 0 ? null : run[timed].maxUs));
  const all = objective.statistic === 'mean' ? mean.all : maxTime(replicates, timed);
  const value: Figure = failed ? null : all;
  const met = value !== null && compare(value, objective.comparison, objective.value);
  return {
    result: { objective: objective.text, met, value, share: null },
    estimate: {
      all: value,
      each: each.map((x, i) => (failedRequests(replicates.runs[i]!) > 0 ? null : x)),
    },
  };
}

/** The quantile over all that arrived, those that failed being infinitely late: null where it lies among them. */
export function allArrivedQuantileS(replicates: Replicates, timed: Timed, p: number): Figure {
  const arrived = replicates.runs.reduce((sum, { requests }) => sum + requests.arrived, 0);
  const late = replicates.runs.reduce((sum, { requests }) => sum + requests.late, 0);
  if (arrived === 0) return null;
  const histogram = replicates[timed];
  // Late requests are in the histogram, their latency beyond every one in time: a rank among them is infinite.
  const rank = Math.max(1, Math.ceil(p * arrived * (1 - 1e-9)));
  if (rank > histogram.total - late) return null;
  return inSeconds(quantileUs(histogram, p, arrived));
}

function failedRequests({ requests }: RunTotals): number {
  return requests.rejected + requests.timedOut + requests.late;
}

function timedOf(figure: 'latencyS' | 'waitS'): Timed {
  return figure === 'latencyS' ? 'latency' : 'wait';
}
