/**
 * The families that durations are drawn from: which parameters make one, its quantile function, its exact moments.
 * A new family is an entry of `FAMILIES`.
 */
import jstat from 'jstat';
import { gammaln } from 'simple-statistics';
import { US_PER_S } from '../base/units.ts';
import { GammaQuantile } from './gamma-quantile.ts';
import { inverseNormal, normalHazard, normalTail } from './normal.ts';

/** `[0.99, us]`: 99 % of draws are at most so long. */
export type Quantile = readonly [p: number, us: number];

export interface Parameters {
  /** Of `fixed`. */
  readonly valueUs?: number;
  /** Of what is drawn: of a truncated normal, its mean after truncation. */
  readonly meanUs?: number;
  /** Standard deviation over mean of what is drawn; 0 makes any distribution fixed. */
  readonly cv?: number;
  /** One for the exponential, two for the others. */
  readonly quantiles?: readonly Quantile[];
  readonly minUs?: number;
  readonly maxUs?: number;
  /** Mean and standard deviation of the normal before it is truncated at 0. */
  readonly locationUs?: number;
  readonly sdUs?: number;
  /** Of the logarithm of seconds. */
  readonly mu?: number;
  readonly sigma?: number;
  readonly medianUs?: number;
  readonly shape?: number;
  readonly scaleUs?: number;
  /** Of the pareto: P(X > x) = (min / x)^alpha. */
  readonly alpha?: number;
  readonly valuesUs?: readonly number[];
  /** Of `valuesUs`; equal where left out. */
  readonly weights?: readonly number[];
}

export interface Law {
  /** Non-decreasing in u, finite for u in (0, 1); null where every draw is the mean. */
  readonly inverse: ((u: number) => number) | null;
  readonly meanUs: number;
  readonly varianceUs2: number;
}

/** One way to give a family's parameters. */
export interface Way {
  readonly parameters: readonly (keyof Parameters)[];
  readonly optional?: readonly (keyof Parameters)[];
  /** The law, or why there is none with such parameters. */
  law(given: Required<Parameters>): Law | string;
}

export type Family =
  | 'fixed'
  | 'exponential'
  | 'uniform'
  | 'normal'
  | 'lognormal'
  | 'gamma'
  | 'weibull'
  | 'pareto'
  | 'empirical';

export const FAMILIES: Readonly<Record<Family, readonly Way[]>> = {
  fixed: [{ parameters: ['valueUs'], law: ({ valueUs }) => pointMass(valueUs) }],
  exponential: [
    { parameters: ['meanUs'], law: ({ meanUs }) => exponential(meanUs) },
    {
      parameters: ['quantiles'],
      law: ({ quantiles: [one, another] }) =>
        another === undefined
          ? exponential(one![1] / -Math.log(1 - one![0]))
          : 'an exponential takes one quantile, two are too many',
    },
  ],
  uniform: [
    { parameters: ['meanUs', 'cv'], law: ({ meanUs, cv }) => uniformByMean(meanUs, cv) },
    { parameters: ['minUs', 'maxUs'], law: ({ minUs, maxUs }) => uniform(minUs, maxUs) },
    byTwoQuantiles(([p1, us1], [p2, us2]) => {
      const widthUs = (us2 - us1) / (p2 - p1);
      return uniform(us1 - p1 * widthUs, us1 + (1 - p1) * widthUs);
    }),
  ],
  normal: [
    { parameters: ['meanUs', 'cv'], law: ({ meanUs, cv }) => normalByMean(meanUs, cv) },
    {
      parameters: ['locationUs', 'sdUs'],
      law: ({ locationUs, sdUs }) => normal(locationUs, sdUs),
    },
    byTwoQuantiles(normalByQuantiles),
  ],
  lognormal: [
    {
      parameters: ['meanUs', 'cv'],
      law: ({ meanUs, cv }) => {
        const sigma2 = Math.log1p(cv * cv);
        return lognormal(Math.log(meanUs) - sigma2 / 2, Math.sqrt(sigma2));
      },
    },
    { parameters: ['mu', 'sigma'], law: ({ mu, sigma }) => lognormal(mu + LN_US_PER_S, sigma) },
    {
      parameters: ['medianUs', 'sigma'],
      law: ({ medianUs, sigma }) => lognormal(Math.log(medianUs), sigma),
    },
    byTwoQuantiles(([p1, us1], [p2, us2]) => {
      const z1 = inverseNormal(p1);
      const sigma = Math.log(us2 / us1) / (inverseNormal(p2) - z1);
      return lognormal(Math.log(us1) - sigma * z1, sigma);
    }),
  ],
  gamma: [
    { parameters: ['meanUs', 'cv'], law: ({ meanUs, cv }) => gamma(1 / cv ** 2, meanUs * cv ** 2) },
    { parameters: ['shape', 'scaleUs'], law: ({ shape, scaleUs }) => gamma(shape, scaleUs) },
    byTwoQuantiles(gammaByQuantiles),
  ],
  weibull: [
    { parameters: ['meanUs', 'cv'], law: ({ meanUs, cv }) => weibullByMean(meanUs, cv) },
    { parameters: ['shape', 'scaleUs'], law: ({ shape, scaleUs }) => weibull(shape, scaleUs) },
    byTwoQuantiles(([p1, us1], [p2, us2]) => {
      const hazard1 = -Math.log(1 - p1);
      const shape = Math.log(-Math.log(1 - p2) / hazard1) / Math.log(us2 / us1);
      return weibull(shape, us1 / hazard1 ** (1 / shape));
    }),
  ],
  pareto: [
    {
      parameters: ['meanUs', 'cv'],
      law: ({ meanUs, cv }) => {
        const alpha = 1 + Math.sqrt(1 + 1 / cv ** 2);
        return pareto((meanUs * (alpha - 1)) / alpha, alpha);
      },
    },
    { parameters: ['minUs', 'alpha'], law: ({ minUs, alpha }) => pareto(minUs, alpha) },
    {
      parameters: ['meanUs', 'alpha'],
      law: ({ meanUs, alpha }) => pareto((meanUs * (alpha - 1)) / alpha, alpha),
    },
    byTwoQuantiles(([p1, us1], [p2, us2]) => {
      const alpha = Math.log((1 - p1) / (1 - p2)) / Math.log(us2 / us1);
      return pareto(us1 * (1 - p1) ** (1 / alpha), alpha);
    }),
  ],
  empirical: [
    {
      parameters: ['valuesUs'],
      optional: ['weights'],
      law: ({ valuesUs, weights }) => empirical(valuesUs, weights),
    },
  ],
};

const LN_US_PER_S = Math.log(US_PER_S);

/** jstat's gamma quantile slows down as the square root of the shape and loses digits beyond. */
const MOST_SHAPE = 10_000;

/** Beyond ten standard deviations a truncated normal is an exponential to 1 %, and its own formulas lose digits. */
const DEEPEST_CUT = 10;

function byTwoQuantiles(law: (lower: Quantile, upper: Quantile) => Law | string): Way {
  return {
    parameters: ['quantiles'],
    law: ({ quantiles }) =>
      quantiles.length === 2
        ? law(quantiles[0]!, quantiles[1]!)
        : 'two quantiles determine it, such as p50 and p99',
  };
}

function pointMass(us: number): Law {
  return { inverse: null, meanUs: us, varianceUs2: 0 };
}

function exponential(meanUs: number): Law {
  return { inverse: (u) => -meanUs * Math.log(1 - u), meanUs, varianceUs2: meanUs ** 2 };
}

function uniform(minUs: number, maxUs: number): Law | string {
  if (!(minUs >= 0)) return 'these make a uniform that begins below 0: no duration is negative';
  if (!(maxUs >= minUs)) return 'max must be at least min';
  const widthUs = maxUs - minUs;
  return {
    inverse: (u) => minUs + widthUs * u,
    meanUs: (minUs + maxUs) / 2,
    varianceUs2: widthUs ** 2 / 12,
  };
}

function uniformByMean(meanUs: number, cv: number): Law | string {
  const halfUs = cv * meanUs * Math.sqrt(3);
  return halfUs > meanUs
    ? 'the cv of a uniform is at most 0.577, or it would begin below 0'
    : uniform(meanUs - halfUs, meanUs + halfUs);
}

/** Truncated at 0. Drawn from the upper tail, so that a cut far above the location keeps its digits. */
function normal(locationUs: number, sdUs: number): Law | string {
  if (sdUs === 0) return pointMass(Math.max(0, locationUs));
  const cut = -locationUs / sdUs;
  if (cut > DEEPEST_CUT) return 'a mean ten sd below 0 leaves nothing of a normal: try exponential';
  const kept = normalTail(cut);
  const hazard = normalHazard(cut);
  return {
    inverse: (u) => Math.max(0, locationUs - sdUs * inverseNormal((1 - u) * kept)),
    meanUs: locationUs + sdUs * hazard,
    varianceUs2: sdUs ** 2 * (1 + hazard * (cut - hazard)),
  };
}

function normalByMean(meanUs: number, cv: number): Law | string {
  if (cv < 0.1) return normal(meanUs, cv * meanUs);
  const cvAt = (cut: number) => {
    const excess = normalHazard(cut) - cut;
    return Math.sqrt(1 - normalHazard(cut) * excess) / excess;
  };
  if (cv > cvAt(DEEPEST_CUT))
    return 'the cv of a normal truncated at 0 is below 0.99: try exponential';
  const cut = bisect(cvAt, cv, -11, DEEPEST_CUT);
  const sdUs = meanUs / (normalHazard(cut) - cut);
  return normal(-cut * sdUs, sdUs);
}

function normalByQuantiles([p1, us1]: Quantile, [p2, us2]: Quantile): Law | string {
  const heightAt = (p: number, cut: number) => -inverseNormal((1 - p) * normalTail(cut)) - cut;
  const ratioAt = (cut: number) => heightAt(p2, cut) / heightAt(p1, cut);
  if (us2 / us1 > ratioAt(DEEPEST_CUT)) {
    return 'these quantiles are too far apart for a normal truncated at 0: try lognormal';
  }
  const cut = bisect(ratioAt, us2 / us1, -1e9, DEEPEST_CUT);
  const sdUs = us1 / heightAt(p1, cut);
  return normal(-cut * sdUs, sdUs);
}

function lognormal(mu: number, sigma: number): Law {
  const meanUs = Math.exp(mu + sigma ** 2 / 2);
  if (sigma === 0) return pointMass(meanUs);
  return {
    inverse: (u) => Math.exp(mu + sigma * inverseNormal(u)),
    meanUs,
    varianceUs2: Math.expm1(sigma ** 2) * meanUs ** 2,
  };
}

function gamma(shape: number, scaleUs: number): Law | string {
  if (shape > MOST_SHAPE) return 'a gamma with a cv below 0.01 is as good as normal: write normal';
  if (shape === 1) return exponential(scaleUs);
  const quantile = new GammaQuantile(shape);
  return {
    inverse: (u) => scaleUs * quantile.at(u),
    meanUs: shape * scaleUs,
    varianceUs2: shape * scaleUs ** 2,
  };
}

function gammaByQuantiles([p1, us1]: Quantile, [p2, us2]: Quantile): Law | string {
  const { inv } = jstat.jStat.gamma;
  const closenessAt = (lnShape: number) => {
    const shape = Math.exp(lnShape);
    return inv(p1, shape, 1) / inv(p2, shape, 1);
  };
  const [least, most] = [Math.log(0.01), Math.log(MOST_SHAPE)];
  const closeness = us1 / us2;
  if (closeness < closenessAt(least) || closeness > closenessAt(most)) {
    return 'no gamma has quantiles so far apart or so close together: try lognormal or weibull';
  }
  const shape = Math.exp(bisect(closenessAt, closeness, least, most));
  return gamma(shape, us2 / inv(p2, shape, 1));
}

function weibull(shape: number, scaleUs: number): Law {
  if (shape === 1) return exponential(scaleUs);
  const meanUs = scaleUs * Math.exp(gammaln(1 + 1 / shape));
  const power = 1 / shape;
  return {
    inverse: (u) => scaleUs * (-Math.log(1 - u)) ** power,
    meanUs,
    varianceUs2: meanUs ** 2 * weibullCv2(shape),
  };
}

function weibullCv2(shape: number): number {
  return Math.expm1(gammaln(1 + 2 / shape) - 2 * gammaln(1 + 1 / shape));
}

function weibullByMean(meanUs: number, cv: number): Law | string {
  const [least, most] = [Math.log(0.1), Math.log(1e4)];
  const evennessAt = (lnShape: number) => -Math.log(weibullCv2(Math.exp(lnShape)));
  const evenness = -2 * Math.log(cv);
  if (evenness < evennessAt(least) || evenness > evennessAt(most)) {
    return 'the cv of a weibull must be between 0.00013 and 429';
  }
  const shape = cv === 1 ? 1 : Math.exp(bisect(evennessAt, evenness, least, most));
  return weibull(shape, meanUs / Math.exp(gammaln(1 + 1 / shape)));
}

function pareto(minUs: number, alpha: number): Law | string {
  if (!(alpha > 1)) return 'the alpha of a pareto must be above 1: with less its mean is infinite';
  if (!(minUs > 0)) return 'the min of a pareto must be above 0';
  const meanUs = (alpha * minUs) / (alpha - 1);
  return {
    inverse: (u) => minUs * (1 - u) ** (-1 / alpha),
    meanUs,
    varianceUs2:
      alpha > 2 ? (meanUs * minUs) / ((alpha - 1) * (alpha - 2)) : Number.POSITIVE_INFINITY,
  };
}

function empirical(
  valuesUs: readonly number[],
  weights: readonly number[] | undefined,
): Law | string {
  if (weights !== undefined && weights.length !== valuesUs.length) {
    return `${valuesUs.length} values need as many weights, here are ${weights.length}`;
  }
  const order = valuesUs.map((_, i) => i).sort((a, b) => valuesUs[a]! - valuesUs[b]!);
  const sorted = Float64Array.from(order, (i) => valuesUs[i]!);
  const upTo = cumulative(order.map((i) => weights?.[i] ?? 1));
  const whole = upTo.at(-1)!;
  if (!(whole > 0)) return 'one weight at least must be above 0';
  const share = (i: number) => (upTo[i]! - (i === 0 ? 0 : upTo[i - 1]!)) / whole;
  const meanUs = sorted.reduce((sum, us, i) => sum + share(i) * us, 0);
  const varianceUs2 = sorted.reduce((sum, us, i) => sum + share(i) * (us - meanUs) ** 2, 0);
  return { inverse: (u) => sorted[firstAbove(upTo, u * whole)]!, meanUs, varianceUs2 };
}

export function cumulative(shares: readonly number[]): Float64Array {
  let sum = 0;
  return Float64Array.from(shares, (share) => (sum += share));
}

/** The first index whose value is above the bound; the last index if none is. */
function firstAbove(ascending: Float64Array, bound: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Where a non-decreasing function reaches the target, to the last bit that doubles have. */
function bisect(f: (x: number) => number, target: number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (f(middle) < target) low = middle;
    else high = middle;
  }
}
