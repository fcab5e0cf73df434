/**
 * How arrivals cluster beyond their course, and the process that clusters most like it. Every process that there may be is
 * fitted by its moments, made once, and measured by the same figures as the trace: the nearest is taken.
 */
import { streamOf } from '../../base/random.ts';
import { US_PER_S } from '../../base/units.ts';
import { openArrivals, type ProcessSpec } from '../synthesis/arrivals.ts';
import { meanPerS, type RateSpec } from '../synthesis/rate-curve.ts';

/** Gaps are told by their spread and by how many outlast so many mean ones: after these a replica is cold. */
const LONG_GAPS = [3, 10, 30];
/** Counts are told in intervals of 1, 4, 16, ... expected requests, up to a fiftieth of the trace. */
const LEAST_INTERVALS = 50;
/** Over so many a dispersion counts half of what it counts when it is sure. */
const SURE_INTERVALS = 200;
/** What was made of a candidate to measure it; a longer trace is told no better. */
const MOST_MADE = 200_000;
/** Rarer than this is not told from never. */
const LEAST_FIGURE = 1e-3;
/** Figures that are off by 7 % on average are those of the simplest process there is. */
const NEAR_POISSON = 0.07 ** 2;
const SEED = 'likeness';

/**
 * @param at each arrival in requests expected by then: ascending, with a mean gap of 1
 * @param parts of the trace whose rates were told apart, each from its own requests alone
 */
export function likeliestProcess(at: Float64Array, rate: RateSpec, parts: number): ProcessSpec {
  const wanted = figuresOf(at);
  const perS = meanPerS(rate);
  let best: ProcessSpec = { process: 'poisson', rate };
  let leastMiss = Number.POSITIVE_INFINITY;
  for (const unit of candidatesOf(wanted)) {
    const made = straightened(madeAt(unit, Math.min(at.length, MOST_MADE)), parts);
    const miss = missOf(figuresOf(made), wanted, made.length);
    if (miss < leastMiss) [best, leastMiss] = [atRate(unit, rate, perS), miss];
    if (unit.process === 'poisson' && miss < NEAR_POISSON) break;
  }
  return best;
}

interface Figures {
  readonly cv: number;
  readonly longGaps: readonly number[];
  /** Variance over mean of the counts by interval, from 1 expected request on. */
  readonly dispersion: readonly { readonly width: number; readonly value: number }[];
}

function figuresOf(at: Float64Array): Figures {
  const gaps = at.length - 1;
  const mean = (at[gaps]! - at[0]!) / gaps;
  let squares = 0;
  const long = LONG_GAPS.map(() => 0);
  for (let i = 1; i < at.length; i++) {
    const gap = (at[i]! - at[i - 1]!) / mean;
    squares += (gap - 1) ** 2;
    for (let k = 0; k < long.length && gap > LONG_GAPS[k]!; k++) long[k]!++;
  }
  const dispersion = [];
  for (let width = 1; width * LEAST_INTERVALS <= at.length; width *= 4) {
    dispersion.push({ width, value: dispersionOf(at, width * mean) });
  }
  return { cv: Math.sqrt(squares / gaps), longGaps: long.map((count) => count / gaps), dispersion };
}

function dispersionOf(at: Float64Array, width: number): number {
  const intervals = Math.max(2, Math.floor((at.at(-1)! - at[0]!) / width));
  let [count, squares] = [0, 0];
  for (let row = 0; row < at.length; ) {
    const interval = Math.floor((at[row]! - at[0]!) / width);
    if (interval >= intervals) break;
    const from = row;
    while (row < at.length && Math.floor((at[row]! - at[0]!) / width) === interval) row++;
    count += row - from;
    squares += (row - from) ** 2;
  }
  const mean = count / intervals;
  return (squares / intervals - mean * mean) / mean;
}

/** The weighted mean square of the ratios' logarithms: dispersion over few intervals is mostly chance, sd = sqrt(2 / intervals). */
function missOf(found: Figures, wanted: Figures, requests: number): number {
  let [sum, weights] = [0, 0];
  const add = (a: number, b: number, weight: number) => {
    sum += weight * Math.log(Math.max(LEAST_FIGURE, a) / Math.max(LEAST_FIGURE, b)) ** 2;
    weights += weight;
  };
  add(found.cv, wanted.cv, 1);
  for (const [i, share] of wanted.longGaps.entries()) add(found.longGaps[i]!, share, 1);
  for (const [i, { width, value }] of wanted.dispersion.entries()) {
    const intervals = requests / width;
    add(found.dispersion[i]?.value ?? value, value, intervals / (intervals + SURE_INTERVALS));
  }
  return sum / weights;
}

/** At one request a second. */
function candidatesOf(wanted: Figures): ProcessSpec[] {
  const { cv, dispersion } = wanted;
  const candidates: ProcessSpec[] = [{ process: 'poisson', rate: 1 }];
  const last = dispersion.at(-1)?.value ?? 1;
  for (const each of new Set([cv, Math.sqrt(Math.max(0, last))])) {
    if (each > 0.01) candidates.push({ process: 'gamma', rate: 1, cv: each });
    if (each > 0.1 && each < 10) candidates.push({ process: 'weibull', rate: 1, cv: each });
  }
  const fit = fitRise(dispersion);
  if (fit === null) return candidates;
  const { rise, perS } = fit;
  // Hawkes: the dispersion rises to 1 / (1 - branching)^2 at the pace decay x (1 - branching) (Da Fonseca and Zaatour 2014).
  const branching = Math.min(0.98, 1 - 1 / Math.sqrt(1 + rise));
  const decayUs = Math.round(((1 - branching) / perS) * US_PER_S);
  candidates.push({ process: 'hawkes', rate: 1, branching, decayUs: Math.max(1, decayUs) });
  // Two states: it rises by 2 x the variance of the rate over the pace of change; the share of the high one is free.
  const deviation = Math.sqrt((rise * perS) / 2);
  for (const share of HIGH_SHARES) {
    const apart = deviation / Math.sqrt(share * (1 - share));
    const low = 1 - share * apart;
    if (low < 0) continue;
    const states = [
      { perS: low + apart, meanUs: US_PER_S / perS / (1 - share), to: null },
      { perS: low, meanUs: US_PER_S / perS / share, to: null },
    ];
    candidates.push({ process: 'mmpp', rate: null, states });
  }
  return candidates;
}

const HIGH_SHARES = [0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005];

/** Of 1 + rise x (1 - (1 - e^-x) / x), x = perS x width: what Hawkes and two-state processes have in common. Least squares of logarithms. */
function fitRise(dispersion: Figures['dispersion']): { rise: number; perS: number } | null {
  if (dispersion.length < 2 || !dispersion.some(({ value }) => value > 1.2)) return null;
  let best = { rise: 0, perS: 1 };
  let least = Number.POSITIVE_INFINITY;
  for (let perS = 4; perS > 1e-5; perS /= 1.2) {
    for (let rise = 0.1; rise < 2000; rise *= 1.1) {
      let miss = 0;
      for (const { width, value } of dispersion) {
        const x = perS * width;
        const model = 1 + rise * (1 + Math.expm1(-x) / x);
        miss += Math.log(model / Math.max(LEAST_FIGURE, value)) ** 2;
      }
      if (miss < least) [best, least] = [{ rise, perS }, miss];
    }
  }
  return best;
}

function madeAt(unit: ProcessSpec, count: number): Float64Array {
  const stream = openArrivals(
    unit,
    (purpose) => streamOf(SEED, 0, purpose),
    () => (purpose) => streamOf(SEED, 0, purpose),
  );
  return Float64Array.from({ length: count }, () => stream.nextUs() / US_PER_S);
}

/** With the course of so many equal parts taken out as it is of a trace, chance and all. */
function straightened(at: Float64Array, parts: number): Float64Array {
  const length = at.at(-1)! / parts;
  const straight = new Float64Array(at.length);
  let from = 0;
  for (let part = 0; part < parts; part++) {
    let to = from;
    while (to < at.length && (at[to]! < (part + 1) * length || part === parts - 1)) to++;
    const perUnit = (to - from) / length;
    for (let i = from; i < to; i++) straight[i] = from + (at[i]! - part * length) * perUnit;
    from = to;
  }
  return straight;
}

/** The same, on the clock of a rate. */
function atRate(unit: ProcessSpec, rate: RateSpec, perS: number): ProcessSpec {
  switch (unit.process) {
    case 'hawkes':
      return { ...unit, rate, decayUs: Math.max(1, Math.round(unit.decayUs / perS)) };
    case 'mmpp':
      return {
        ...unit,
        rate,
        states: unit.states.map(({ perS: each, meanUs, to }) => ({
          perS: each * perS,
          meanUs: Math.max(1, Math.round(meanUs / perS)),
          to,
        })),
      };
    case 'counts':
      return unit;
    default:
      return { ...unit, rate };
  }
}
