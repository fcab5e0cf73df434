/**
 * Which family durations come from: maximum likelihood in each, the least AIC, and how far the best is from the data. Where
 * none is near, the data speak for themselves: an empirical distribution by quantiles.
 */
import jstat from 'jstat';
import { bisect, gammaln } from 'simple-statistics';
import { assert } from '../../base/errors.ts';
import { compileDistribution, type DistributionSpec } from '../../engine/distribution.ts';
import { normalTail } from '../../engine/normal.ts';
import { mean, type Quantiles, quantilesOf } from '../statistics.ts';

export type FittedFamily = 'fixed' | 'exponential' | 'gamma' | 'weibull' | 'lognormal';

export interface FamilyFit {
  readonly family: FittedFamily;
  readonly distribution: DistributionSpec;
  /** 2 x parameters - 2 x log likelihood, of durations in seconds. */
  readonly aic: number;
  /** Kolmogorov-Smirnov: the greatest distance between the shares at or below any duration. */
  readonly ks: number;
}

export interface DistributionFit {
  readonly count: number;
  readonly meanUs: number;
  readonly data: Quantiles;
  /** What to use: a family that is near enough, else the data's own quantiles. */
  readonly distribution: DistributionSpec;
  readonly fit: Quantiles;
  /** Of the distribution to use; for an empirical one of its steps. */
  readonly ks: number;
  /** Every family, best AIC first. */
  readonly families: readonly FamilyFit[];
  /** Whether a family is near enough. */
  readonly familyFits: boolean;
}

/** A family this near is good enough for any number of requests. */
const NEAR_ENOUGH = 0.05;
/** A Kolmogorov-Smirnov distance beyond this over sqrt(n) is no chance at 1 %. */
const KS_AT_1_PERCENT = 1.63;
/** A tail this far off is worth more than the middle of the distribution. */
const TAIL_OFF = 0.25;
/** Durations that differ less are one duration. */
const FIXED_CV = 1e-3;
/** Of more, as many order statistics at even steps stand for all. */
const MOST_USED = 20_000;

/** @param durationsUs any order; zeros count as half a microsecond */
export function fitDistribution(durationsUs: Float64Array): DistributionFit {
  assert(durationsUs.length > 0, 'a fit to no durations');
  const sorted = durationsUs.slice().sort();
  const used = thinned(sorted);
  const data = quantilesOf(sorted);
  const meanUs = mean(sorted);
  const families = familiesOf(used, sorted.length);
  const far = Math.max(NEAR_ENOUGH, KS_AT_1_PERCENT / Math.sqrt(sorted.length));
  const best = families.find(({ ks, distribution }) => ks <= far && tailHolds(distribution, data));
  const distribution = best?.distribution ?? empiricalOf(sorted);
  return {
    count: sorted.length,
    meanUs,
    data,
    distribution,
    fit: quantilesOfSpec(distribution),
    ks: best?.ks ?? ksOfSteps(distribution, used),
    families,
    familyFits: best !== undefined,
  };
}

function tailHolds(distribution: DistributionSpec, { p99Us }: Quantiles): boolean {
  return Math.abs(quantileOfSpec(distribution, 0.99) / p99Us - 1) <= TAIL_OFF;
}

/** Durations in microseconds, ascending, as so many seconds above 0. */
function thinned(sorted: Float64Array): Float64Array {
  const { length } = sorted;
  const rows = Math.min(length, MOST_USED);
  return Float64Array.from({ length: rows }, (_, i) => {
    const us = sorted[Math.floor(((i + 0.5) * length) / rows)]!;
    return Math.max(us, 0.5) / 1e6;
  });
}

function familiesOf(x: Float64Array, count: number): readonly FamilyFit[] {
  const m = mean(x);
  const variance = x.reduce((sum, value) => sum + (value - m) ** 2, 0) / x.length;
  if (Math.sqrt(variance) <= FIXED_CV * m) {
    const median = x[Math.floor(x.length / 2)]! * 1e6;
    const distribution: DistributionSpec = { distribution: 'fixed', valueUs: median };
    return [{ family: 'fixed', distribution, aic: 0, ks: 0 }];
  }
  const logs = x.map(Math.log);
  const meanLog = mean(logs);
  const laws = [exponential(m), lognormal(logs, meanLog), gamma(m, meanLog), weibull(x, meanLog)];
  return laws
    .map(({ family, distribution, parameters, density, cdf }) => ({
      family,
      distribution,
      aic: 2 * parameters - 2 * mean(x.map(density)) * count,
      ks: ksDistance(x, cdf),
    }))
    .filter(({ aic, ks }) => Number.isFinite(aic) && Number.isFinite(ks))
    .sort((a, b) => a.aic - b.aic);
}

interface Candidate {
  readonly family: FittedFamily;
  readonly distribution: DistributionSpec;
  readonly parameters: number;
  /** Logarithm of the density at so many seconds. */
  density(x: number): number;
  cdf(x: number): number;
}

function exponential(m: number): Candidate {
  return {
    family: 'exponential',
    distribution: { distribution: 'exponential', meanUs: m * 1e6 },
    parameters: 1,
    density: (x) => -Math.log(m) - x / m,
    cdf: (x) => -Math.expm1(-x / m),
  };
}

function lognormal(logs: Float64Array, mu: number): Candidate {
  const sigma = Math.sqrt(logs.reduce((sum, log) => sum + (log - mu) ** 2, 0) / logs.length);
  const constant = Math.log(sigma) + Math.log(2 * Math.PI) / 2;
  return {
    family: 'lognormal',
    distribution: { distribution: 'lognormal', medianUs: Math.exp(mu) * 1e6, sigma },
    parameters: 2,
    density: (x) => -constant - Math.log(x) - ((Math.log(x) - mu) / sigma) ** 2 / 2,
    cdf: (x) => normalTail((mu - Math.log(x)) / sigma),
  };
}

/** ln shape - digamma(shape) = ln mean - mean ln x. */
function gamma(m: number, meanLog: number): Candidate {
  const spread = Math.log(m) - meanLog;
  const excess = (lnShape: number) => lnShape - digamma(Math.exp(lnShape)) - spread;
  const shape = Math.exp(root(excess, Math.log(1e-3), Math.log(1e4)));
  const scale = m / shape;
  const constant = shape * Math.log(scale) + gammaln(shape);
  return {
    family: 'gamma',
    distribution: { distribution: 'gamma', meanUs: m * 1e6, cv: 1 / Math.sqrt(shape) },
    parameters: 2,
    density: (x) => (shape - 1) * Math.log(x) - x / scale - constant,
    cdf: (x) => jstat.jStat.gamma.cdf(x, shape, scale),
  };
}

/** sum x^k ln x / sum x^k - 1 / k = mean ln x; by x over the largest, so that no power overflows. */
function weibull(x: Float64Array, meanLog: number): Candidate {
  const largest = x.at(-1)!;
  const logs = x.map((value) => Math.log(value / largest));
  const excess = (lnShape: number) => {
    const shape = Math.exp(lnShape);
    let powers = 0;
    let weighted = 0;
    for (const log of logs) {
      const power = Math.exp(shape * log);
      powers += power;
      weighted += power * log;
    }
    return weighted / powers - 1 / shape - (meanLog - Math.log(largest));
  };
  const shape = Math.exp(root(excess, Math.log(0.1), Math.log(1e3)));
  const powers = mean(logs.map((log) => Math.exp(shape * log)));
  const scale = largest * powers ** (1 / shape);
  return {
    family: 'weibull',
    distribution: { distribution: 'weibull', shape, scaleUs: scale * 1e6 },
    parameters: 2,
    density: (value) => {
      const log = Math.log(value / scale);
      return Math.log(shape / scale) + (shape - 1) * log - Math.exp(shape * log);
    },
    cdf: (value) => -Math.expm1(-((value / scale) ** shape)),
  };
}

/** Where a function of one sign change is 0; the nearer end where it has none. */
function root(f: (x: number) => number, from: number, to: number): number {
  if (f(from) * f(to) > 0) return Math.abs(f(from)) < Math.abs(f(to)) ? from : to;
  return bisect(f, from, to, 100, 1e-10);
}

/** Abramowitz and Stegun 6.3.5 and 6.3.18; the series is right to 1e-13 from 10 on. */
function digamma(x: number): number {
  let below = 0;
  let at = x;
  for (; at < 10; at++) below += 1 / at;
  const square = 1 / (at * at);
  const series =
    square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))));
  return Math.log(at) - 1 / (2 * at) - series - below;
}

/** Over distinct values, so that rounding to milliseconds costs no more than the step that it is. */
function ksDistance(x: Float64Array, cdf: (x: number) => number): number {
  let far = 0;
  for (let i = 0; i < x.length; ) {
    const value = x[i]!;
    const before = i;
    while (i < x.length && x[i] === value) i++;
    const share = cdf(value);
    far = Math.max(far, Math.abs(share - before / x.length), Math.abs(i / x.length - share));
  }
  return far;
}

/** Up to which share of the durations each step of an empirical distribution goes. */
const STEPS = [
  ...Array.from({ length: 19 }, (_, i) => (i + 1) / 20),
  0.975,
  0.99,
  0.995,
  0.999,
  1,
] as const;

/** Each step is the mean of its durations, so that the whole keeps the mean of all. */
export function empiricalOf(sorted: Float64Array): DistributionSpec {
  const valuesUs: number[] = [];
  const weights: number[] = [];
  let from = 0;
  for (const p of STEPS) {
    const to = Math.round(p * sorted.length);
    if (to === from) continue;
    const us = mean(sorted.subarray(from, to));
    if (us === valuesUs.at(-1)) weights[weights.length - 1]! += to - from;
    else {
      valuesUs.push(us);
      weights.push(to - from);
    }
    from = to;
  }
  const shares = weights.map((weight) => weight / sorted.length);
  return { distribution: 'empirical', valuesUs, weights: shares };
}

/** By the share at or below each step's end, where it is right but for rounding: the middle of a step is furthest off. */
function ksOfSteps({ valuesUs = [], weights = [] }: DistributionSpec, x: Float64Array): number {
  return ksDistance(x, (seconds) => {
    let share = 0;
    for (let i = 0; i < valuesUs.length && valuesUs[i]! <= seconds * 1e6; i++) share += weights[i]!;
    return share;
  });
}

function quantilesOfSpec(spec: DistributionSpec): Quantiles {
  return {
    p50Us: quantileOfSpec(spec, 0.5),
    p90Us: quantileOfSpec(spec, 0.9),
    p99Us: quantileOfSpec(spec, 0.99),
  };
}

/** Every family is drawn by inversion: the draw for the uniform p is the quantile at p. */
function quantileOfSpec(spec: DistributionSpec, p: number): number {
  return compileDistribution(spec).sample({ next: () => p });
}
