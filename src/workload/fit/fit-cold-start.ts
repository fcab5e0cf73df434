/**
 * Cold starts in a log of durations: requests that follow an idle gap longer than some window take longer by what a start
 * takes. The window is the split of the gaps where the durations differ most, by ranks; whether they differ at all is
 * held against the best split that chance would find.
 */
import type { DistributionSpec } from '../../engine/distribution.ts';
import { mean, type Quantiles, quantilesOf, varianceOf } from '../statistics.ts';
import { bestSplitChance, normalScores } from './fit-ranks.ts';

/** A request that found nothing in flight. */
export interface AfterGap {
  /** Since the last request before it ended. */
  readonly gapUs: number;
  /** Its duration less what requests of its kind take when warm. */
  readonly excessUs: number;
}

export type ColdStartFit =
  | ColdStarts
  /** No window splits the durations: none was seen after gaps of up to the longest. */
  | { readonly seen: 'none'; readonly afterGaps: number; readonly longestGapUs: number }
  | { readonly seen: 'untold'; readonly why: string };

export interface ColdStarts {
  readonly seen: 'some';
  /** Requests that followed a gap longer than the window. */
  readonly count: number;
  readonly windowUs: number;
  /** Windows that explain the durations nearly as well, about 95 % sure. */
  readonly windowIntervalUs: readonly [number, number];
  readonly meanUs: number;
  /** 95 %. */
  readonly meanIntervalUs: readonly [number, number];
  /** Of durations less the mean service of their kind: the spread of the service is still in them. */
  readonly excess: Quantiles;
  /** By mean and variance, the service's own variance taken out. */
  readonly distribution: DistributionSpec;
  /** That chance alone makes such a difference. */
  readonly chance: number;
}

const LEAST_COLD = 5;
const LEAST_WARM = 20;
/** One in a hundred logs without cold starts shows some. */
const MOST_CHANCE = 0.01;
/** Of the mean service: less is a cache that went cold, no replica. */
const LEAST_SHIFT = 0.1;
/** Fewer say nothing of a distribution but its mean. */
const LEAST_SPREAD = 30;
/** z squared falls by 3 to 5 for a request on the wrong side of the split: one or two on either side. */
const INTERVAL_DROP = 6;

/** @param serviceMeanUs of warm requests, for what is too small to be a start */
export function fitColdStarts(requests: readonly AfterGap[], serviceMeanUs: number): ColdStartFit {
  const sorted = [...requests].sort((a, b) => a.gapUs - b.gapUs);
  const { length } = sorted;
  if (length < LEAST_COLD + LEAST_WARM) {
    const found = length === 1 ? '1 request' : `${length} requests`;
    return {
      seen: 'untold',
      why: `only ${found} found nothing in flight: it takes ${LEAST_COLD + LEAST_WARM} to compare short gaps with long ones`,
    };
  }
  const excessUs = Float64Array.from(sorted, (request) => request.excessUs);
  const splits = splitsOf(sorted, excessUs);
  const best = splits.reduce((a, b) => (b.z > a.z ? b : a), { at: length, z: 0 });
  const chance = bestSplitChance(best.z, LEAST_COLD / length, 1 - LEAST_WARM / length);
  const none = { seen: 'none', afterGaps: length, longestGapUs: sorted.at(-1)!.gapUs } as const;
  if (chance > MOST_CHANCE) return none;

  const warm = excessUs.subarray(0, best.at);
  const cold = excessUs.subarray(best.at);
  const warmMeanUs = mean(warm);
  const meanUs = mean(cold) - warmMeanUs;
  if (meanUs < LEAST_SHIFT * serviceMeanUs) return none;
  const [coldVariance, warmVariance] = [varianceOf(cold), varianceOf(warm)];
  const errorUs = Math.sqrt(coldVariance / cold.length + warmVariance / warm.length);
  // Splits go from the last row down.
  const near = splits.filter(({ z }) => z > 0 && z * z >= best.z ** 2 - INTERVAL_DROP);
  const [above, below] = [near[0]!.at, near.at(-1)!.at];
  return {
    seen: 'some',
    count: cold.length,
    windowUs: Math.round((sorted[best.at - 1]!.gapUs + sorted[best.at]!.gapUs) / 2),
    windowIntervalUs: [sorted[below - 1]!.gapUs, sorted[above]!.gapUs],
    meanUs,
    meanIntervalUs: [Math.max(0, meanUs - 1.96 * errorUs), meanUs + 1.96 * errorUs],
    excess: quantilesOf(cold.map((us) => us - warmMeanUs).sort()),
    distribution: startOf(meanUs, coldVariance - warmVariance, cold.length),
    chance,
  };
}

interface Split {
  /** The first row that is cold. */
  readonly at: number;
  readonly z: number;
}

/** Each with how many standard deviations the scores of the cold side lie above what chance expects of so many. */
function splitsOf(sorted: readonly AfterGap[], excessUs: Float64Array): readonly Split[] {
  const scores = normalScores(excessUs);
  const variance = varianceOf(scores);
  const center = mean(scores);
  const { length } = sorted;
  const splits: Split[] = [];
  let sum = 0;
  for (let at = length - 1; at >= LEAST_WARM; at--) {
    sum += scores[at]! - center;
    const cold = length - at;
    if (cold < LEAST_COLD || sorted[at]!.gapUs === sorted[at - 1]!.gapUs) continue;
    const spread = Math.sqrt((variance * cold * at) / length);
    splits.push({ at, z: spread > 0 ? sum / spread : 0 });
  }
  return splits;
}

/** Lognormal by moments: starts are never negative, and some are slow. */
function startOf(meanUs: number, varianceUs2: number, count: number): DistributionSpec {
  const cv = varianceUs2 > 0 ? Math.sqrt(varianceUs2) / meanUs : 0;
  return count < LEAST_SPREAD || cv < 0.01
    ? { distribution: 'fixed', valueUs: meanUs }
    : { distribution: 'lognormal', meanUs, cv };
}
