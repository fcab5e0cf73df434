/**
 * Arrival processes: renewal processes by rate and cv. At a constant rate each gap is rounded to a microsecond and the gaps
 * are summed; under a rate that changes, gaps of mean 1 are summed and each arrival is rounded once.
 */
import type { Uniforms } from '../base/random.ts';
import { US_PER_S } from '../base/units.ts';
import {
  compileDistribution,
  type Distribution,
  type DistributionSpec,
  distributionMistakes,
} from '../engine/distribution.ts';
import { Clock, type RateSpec, rateMistakes } from './rate-curve.ts';

export interface ArrivalSpec {
  readonly process: 'poisson' | 'fixed' | 'gamma' | 'weibull';
  readonly rate: RateSpec;
  /** Of the gaps; gamma and weibull only. */
  readonly cv?: number;
}

/** What is wrong, a sentence each, without full stops. */
export function arrivalMistakes(spec: ArrivalSpec): string[] {
  const mistakes = rateMistakes(spec.rate);
  const takesCv = spec.process === 'gamma' || spec.process === 'weibull';
  if (takesCv && spec.cv === undefined) mistakes.push(`${spec.process} takes a rate and a cv`);
  else if (!takesCv && spec.cv !== undefined) {
    mistakes.push(`${spec.process} takes no cv: write gamma or weibull for burstier gaps`);
  } else mistakes.push(...distributionMistakes(gapsOf(spec, 1)));
  return mistakes;
}

/** Whether anything is drawn. */
export function drawsArrivals(spec: ArrivalSpec): boolean {
  return spec.process !== 'fixed' && spec.cv !== 0;
}

/** When `count` arrivals are expected, in microseconds. */
export function expectedTimeUs(spec: ArrivalSpec, count: number): number {
  return Math.round(new Clock(spec.rate).timeUs(count));
}

/** One realization: each call gives the next arrival in integer microseconds, never before the one ahead of it. */
export class Arrivals {
  readonly #gaps: Distribution;
  readonly #clock: Clock | null;
  readonly #uniforms: Uniforms;
  /** Gaps summed: microseconds, or requests expected. */
  #elapsed = 0;
  #latestUs = 0;

  constructor(spec: ArrivalSpec, uniforms: Uniforms) {
    const constant = typeof spec.rate === 'number';
    this.#gaps = compileDistribution(gapsOf(spec, constant ? US_PER_S / (spec.rate as number) : 1));
    this.#clock = constant ? null : new Clock(spec.rate);
    this.#uniforms = uniforms;
  }

  nextUs(): number {
    const gap = this.#gaps.sample(this.#uniforms);
    if (this.#clock === null) return (this.#elapsed += Math.round(gap));
    const us = Math.round(this.#clock.timeUs((this.#elapsed += gap)));
    // The last bit of the inverse may turn two arrivals of one microsecond around.
    return (this.#latestUs = Math.max(this.#latestUs, us));
  }
}

function gapsOf({ process, cv = 1 }: ArrivalSpec, mean: number): DistributionSpec {
  switch (process) {
    case 'poisson':
      return { distribution: 'exponential', meanUs: mean };
    case 'fixed':
      return { distribution: 'fixed', valueUs: mean };
    default:
      return { distribution: process, meanUs: mean, cv };
  }
}
