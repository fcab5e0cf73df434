/** Renewal processes: independent gaps of one law, by rate and cv. */
import type { Uniforms } from '../../base/random.ts';
import { US_PER_S } from '../../base/units.ts';
import {
  compileDistribution,
  type Distribution,
  type DistributionSpec,
  distributionMistakes,
} from '../../engine/distribution.ts';
import { type ArrivalStream, PointArrivals, type Points, type Streams } from './arrival-stream.ts';
import { Clock, type RateSpec, rateMistakes } from './rate-curve.ts';

export interface RenewalSpec {
  readonly process: 'poisson' | 'fixed' | 'gamma' | 'weibull';
  readonly rate: RateSpec;
  /** Of the gaps; gamma and weibull only. */
  readonly cv?: number;
}

export function renewalMistakes(spec: RenewalSpec): string[] {
  const mistakes = rateMistakes(spec.rate);
  const takesCv = spec.process === 'gamma' || spec.process === 'weibull';
  if (takesCv && spec.cv === undefined) mistakes.push(`${spec.process} takes a rate and a cv`);
  else if (!takesCv && spec.cv !== undefined) {
    mistakes.push(`${spec.process} takes no cv: write gamma or weibull for burstier gaps`);
  } else mistakes.push(...distributionMistakes(gapsOf(spec, 1)));
  return mistakes;
}

/**
 * At a constant rate each gap is rounded to a microsecond and the gaps are summed; under a rate that changes, gaps of mean 1
 * are summed and each arrival is rounded once.
 * @param stationary whether time 0 is any moment of a process that has long been running, so that the rate holds from the
 *   beginning; otherwise it is the moment of an arrival, and the first gap a whole one
 */
export function openRenewal(
  spec: RenewalSpec,
  streams: Streams,
  stationary: boolean,
): ArrivalStream {
  const uniforms = streams('arrivals');
  const { rate } = spec;
  const mean = typeof rate === 'number' ? US_PER_S / rate : 1;
  const gaps = compileDistribution(gapsOf(spec, mean));
  const first = stationary ? residualOf(spec, mean, streams('arrival-states')) : null;
  return typeof rate === 'number'
    ? new RoundedGaps(gaps, uniforms, first)
    : new PointArrivals(new SummedGaps(gaps, uniforms, first), new Clock(rate), 1);
}

function gapsOf({ process, cv = 1 }: RenewalSpec, mean: number): DistributionSpec {
  switch (process) {
    case 'poisson':
      return { distribution: 'exponential', meanUs: mean };
    case 'fixed':
      return { distribution: 'fixed', valueUs: mean };
    default:
      return { distribution: process, meanUs: mean, cv };
  }
}

/**
 * What is left of a gap at any moment: a uniform part of a gap that is met in proportion to its length (Cox, Renewal Theory,
 * 1962, section 5.4). Such a gap is gamma with a shape greater by 1 for a gamma; for a weibull its power `shape` is.
 */
function residualOf({ process, cv = 1 }: RenewalSpec, mean: number, uniforms: Uniforms): number {
  const part = uniforms.next();
  if (process === 'fixed' || cv === 0) return part * mean;
  if (process === 'gamma' && cv !== 1) {
    const shape = 1 / cv ** 2;
    const met = { distribution: 'gamma', shape: shape + 1, scaleUs: mean / shape } as const;
    return part * compileDistribution(met).sample(uniforms);
  }
  if (process === 'weibull' && cv !== 1) {
    const law = compileDistribution(gapsOf({ process, rate: 1, cv }, mean));
    // The law's own quantiles tell its shape and scale: -ln(1 - u) is (x / scale)^shape.
    const scale = law.sample({ next: () => 1 - Math.exp(-1) });
    const shape = Math.LN2 / Math.log(law.sample({ next: () => 1 - Math.exp(-2) }) / scale);
    const power = { distribution: 'gamma', shape: 1 + 1 / shape, scaleUs: 1 } as const;
    return part * scale * compileDistribution(power).sample(uniforms) ** (1 / shape);
  }
  return -mean * Math.log(part);
}

class RoundedGaps implements ArrivalStream {
  readonly mark = 0;
  readonly #gaps: Distribution;
  readonly #uniforms: Uniforms;
  #first: number | null;
  #elapsedUs = -0;

  constructor(gaps: Distribution, uniforms: Uniforms, first: number | null) {
    this.#gaps = gaps;
    this.#uniforms = uniforms;
    this.#first = first;
  }

  nextUs(): number {
    if (this.#first === null) {
      return (this.#elapsedUs += Math.round(this.#gaps.sample(this.#uniforms)));
    }
    this.#elapsedUs = Math.round(this.#first);
    this.#first = null;
    return this.#elapsedUs;
  }
}

class SummedGaps implements Points {
  readonly #gaps: Distribution;
  readonly #uniforms: Uniforms;
  #first: number | null;
  #elapsed = -0;

  constructor(gaps: Distribution, uniforms: Uniforms, first: number | null) {
    this.#gaps = gaps;
    this.#uniforms = uniforms;
    this.#first = first;
  }

  next(): number {
    if (this.#first === null) return (this.#elapsed += this.#gaps.sample(this.#uniforms));
    this.#elapsed = this.#first;
    this.#first = null;
    return this.#elapsed;
  }
}
