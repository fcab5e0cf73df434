/**
 * Self-exciting arrivals (Hawkes, Biometrika 58, 1971): each arrival raises the rate, and what it adds decays exponentially,
 * as sessions, retries and agents that call again do. Drawn exactly, without thinning (Dassios and Zhao, "Exact simulation
 * of Hawkes process with exponentially decaying intensity", Electronic Communications in Probability 18, 2013).
 */
import type { Uniforms } from '../../base/random.ts';
import { US_PER_S } from '../../base/units.ts';
import { compileDistribution } from '../../engine/distribution.ts';
import type { Points, Streams } from './arrival-stream.ts';
import { type RateSpec, rateMistakes } from './rate-curve.ts';

export interface HawkesSpec {
  readonly process: 'hawkes';
  /** The mean rate: what comes by itself is 1 - branching of it. */
  readonly rate: RateSpec;
  /** How many arrivals one causes, on average and directly; below 1. */
  readonly branching: number;
  /** After how long, on average, an arrival that another caused comes. */
  readonly decayUs: number;
}

const MOST_BRANCHING = 0.999;

export function hawkesMistakes({ rate, branching, decayUs }: HawkesSpec): string[] {
  const mistakes = rateMistakes(rate);
  if (!(branching >= 0 && branching < 1)) {
    mistakes.push(
      `branching must be from 0 to below 1, is ${branching}: at 1 the rate grows without end`,
    );
  } else if (branching > MOST_BRANCHING)
    mistakes.push(`branching must be at most ${MOST_BRANCHING}`);
  if (!(decayUs > 0 && Number.isFinite(decayUs))) mistakes.push('decay must be above 0');
  return mistakes;
}

/** In time constants: what the beginning was is forgotten to 2e-9. */
const SETTLES_IN = 20;
/** In arrivals: with more than that in a time constant the beginning's law is as good as the stationary one. */
const SETTLES_WITHIN = 2_000;

/** Points in microseconds, two uniforms each: when the rate that excitement adds would bring one, and when the base would. */
export class HawkesPoints implements Points {
  readonly #basePerUs: number;
  readonly #perUs: number;
  readonly #jumpPerUs: number;
  readonly #uniforms: Uniforms;
  #nowUs: number;
  /** Above the base, behind the latest arrival. */
  #excitement: number;

  /**
   * Begins stationary to the second moment: the excitement is drawn from a gamma of its stationary mean and variance, which
   * makes mean, variance and covariance of the counts exact from the first microsecond, since they form a closed system; the
   * rest of its law settles before time 0.
   * @param perS the mean rate
   */
  constructor({ branching, decayUs }: HawkesSpec, perS: number, streams: Streams) {
    const meanPerUs = perS / US_PER_S;
    this.#basePerUs = (1 - branching) * meanPerUs;
    this.#perUs = 1 / decayUs;
    this.#jumpPerUs = branching / decayUs;
    this.#uniforms = streams('arrivals');
    const settlesUs = (SETTLES_IN * decayUs) / (1 - branching);
    const aheadUs = Math.min(settlesUs, SETTLES_WITHIN / meanPerUs);
    this.#nowUs = -aheadUs;
    this.#excitement = stationaryExcitement(meanPerUs, branching, decayUs, streams);
    this.#settle();
  }

  next(): number {
    const uniforms = this.#uniforms;
    const byBaseUs = -Math.log(uniforms.next()) / this.#basePerUs;
    const decayed = 1 + (this.#perUs / this.#excitement) * Math.log(uniforms.next());
    // Excitement brings no more than excitement / decay arrivals: it may well bring none.
    const byExcitementUs =
      decayed > 0 ? -Math.log(decayed) / this.#perUs : Number.POSITIVE_INFINITY;
    const gapUs = Math.min(byBaseUs, byExcitementUs);
    this.#excitement = this.#excitement * Math.exp(-this.#perUs * gapUs) + this.#jumpPerUs;
    return (this.#nowUs += gapUs);
  }

  /** Up to time 0: the arrival that would be the first behind it is drawn anew, from what is excited then. */
  #settle(): void {
    for (;;) {
      const excitement = this.#excitement;
      const beforeUs = this.#nowUs;
      if (this.next() < 0) continue;
      this.#excitement = excitement * Math.exp(this.#perUs * beforeUs);
      this.#nowUs = 0;
      return;
    }
  }
}

/** Mean n m and variance n^2 m b / (2 (1 - n)) of the excitement, with m the mean rate and b = 1 / decay. */
function stationaryExcitement(
  meanPerUs: number,
  branching: number,
  decayUs: number,
  streams: Streams,
): number {
  const meanUs = branching * meanPerUs;
  if (meanUs === 0) return 0;
  const variance = (branching * meanUs) / (2 * (1 - branching) * decayUs);
  const cv = Math.sqrt(variance) / meanUs;
  const distribution = cv < 0.02 ? 'normal' : 'gamma';
  return compileDistribution({ distribution, meanUs, cv }).sample(streams('arrival-states'));
}
