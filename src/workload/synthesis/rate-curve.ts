/** A rate of arrivals that changes over time, and the time by which so many are expected. */
import { US_PER_S } from '../../base/units.ts';

export interface RatePoint {
  readonly atUs: number;
  readonly perS: number;
}

/** A rate that repeats every `periodUs`: a day, say. */
export interface RateCurve {
  readonly periodUs: number;
  /** Ascending from 0, before `periodUs`. */
  readonly points: readonly RatePoint[];
  /** `step` holds a rate until the next point, `linear` goes straight to it; the last one goes to the first. */
  readonly interpolate: 'step' | 'linear';
}

/** Requests a second. */
export type RateSpec = number | RateCurve;

/** Gaps are whole microseconds: of ten, one is lost by at most 5 %. */
const MOST_PER_S = 100_000;

/** What is wrong, a sentence each, without full stops. */
export function rateMistakes(rate: RateSpec): string[] {
  if (typeof rate === 'number') {
    if (!(rate > 0)) return [`a rate must be above 0, is ${rate}/s`];
    return rate <= MOST_PER_S ? [] : ['a rate above 100,000/s is finer than microseconds can tell'];
  }
  const { periodUs, points } = rate;
  const mistakes = [];
  if (!(periodUs > 0 && Number.isFinite(periodUs))) mistakes.push('the period must be above 0');
  if (points[0]?.atUs !== 0) mistakes.push('the first point of a rate must be at 0s');
  if (!points.every(({ atUs }, i) => i === 0 || atUs > points[i - 1]!.atUs)) {
    mistakes.push('the points of a rate must ascend in time');
  }
  if (!points.every(({ atUs }) => atUs < periodUs)) {
    mistakes.push('every point of a rate must lie before the end of its period');
  }
  if (!points.every(({ perS }) => perS >= 0 && Number.isFinite(perS))) {
    mistakes.push('a rate must be at least 0');
  } else if (!points.some(({ perS }) => perS > 0)) mistakes.push('one rate must be above 0');
  return mistakes;
}

/**
 * The inverse of the cumulative rate, for ascending arguments: `timeUs(n)` is when n arrivals are expected. Renewal gaps of
 * mean 1, summed and mapped through it, follow the curve and keep their burstiness.
 */
export class Clock {
  readonly #rate: RateSpec;
  readonly #segments: readonly Segment[];
  readonly #perPeriod: number;
  #period = 0;
  #segment = 0;

  constructor(rate: RateSpec) {
    this.#rate = rate;
    this.#segments = typeof rate === 'number' ? [] : segmentsOf(rate);
    const last = this.#segments.at(-1);
    this.#perPeriod = last === undefined ? 0 : last.before + areaOf(last);
  }

  /** @param expected at least that of the call before */
  timeUs(expected: number): number {
    const rate = this.#rate;
    if (typeof rate === 'number') return (expected / rate) * US_PER_S;
    const periods = Math.floor(expected / this.#perPeriod);
    if (periods > this.#period) {
      this.#period = periods;
      this.#segment = 0;
    }
    const within = Math.max(0, expected - this.#period * this.#perPeriod);
    const segments = this.#segments;
    while (this.#segment < segments.length - 1 && within >= segments[this.#segment + 1]!.before) {
      this.#segment++;
    }
    const segment = segments[this.#segment]!;
    return this.#period * rate.periodUs + segment.fromUs + timeWithin(segment, within);
  }
}

/** How many arrivals are expected by a time: what `Clock` inverts. */
export function expectedBy(rate: RateSpec, us: number): number {
  if (typeof rate === 'number') return (rate * us) / US_PER_S;
  const segments = segmentsOf(rate);
  const last = segments.at(-1)!;
  const periods = Math.floor(us / rate.periodUs);
  const within = us - periods * rate.periodUs;
  const segment = segments.findLast(({ fromUs }) => fromUs <= within)!;
  const part = areaOf({ ...segment, lengthUs: within - segment.fromUs });
  return periods * (last.before + areaOf(last)) + segment.before + part;
}

/** The mean rate over a period, requests a second. */
export function meanPerS(rate: RateSpec): number {
  if (typeof rate === 'number') return rate;
  return (expectedBy(rate, rate.periodUs) / rate.periodUs) * US_PER_S;
}

/** The same course with other rates. */
export function scaledRate(rate: RateSpec, by: number): RateSpec {
  if (typeof rate === 'number') return rate * by;
  return { ...rate, points: rate.points.map(({ atUs, perS }) => ({ atUs, perS: perS * by })) };
}

interface Segment {
  readonly fromUs: number;
  readonly lengthUs: number;
  /** Arrivals a microsecond at the beginning, and how that changes a microsecond. */
  readonly perUs: number;
  readonly slope: number;
  /** Arrivals expected from the beginning of the period to that of the segment. */
  readonly before: number;
}

function segmentsOf({ points, periodUs, interpolate }: RateCurve): Segment[] {
  let before = 0;
  return points.map(({ atUs, perS }, i) => {
    const next = points[i + 1] ?? { atUs: periodUs, perS: points[0]!.perS };
    const lengthUs = next.atUs - atUs;
    const perUs = perS / US_PER_S;
    const slope = interpolate === 'step' ? 0 : (next.perS / US_PER_S - perUs) / lengthUs;
    const segment = { fromUs: atUs, lengthUs, perUs, slope, before };
    before += areaOf(segment);
    return segment;
  });
}

function areaOf({ lengthUs, perUs, slope }: Segment): number {
  return lengthUs * (perUs + (slope * lengthUs) / 2);
}

/** When the area under a straight rate reaches `upTo - before`; the stable root of the quadratic. */
function timeWithin({ before, lengthUs, perUs, slope }: Segment, upTo: number): number {
  const area = upTo - before;
  if (area <= 0) return 0;
  const root = Math.sqrt(Math.max(0, perUs * perUs + 2 * slope * area));
  return Math.min(lengthUs, (2 * area) / (perUs + root));
}
