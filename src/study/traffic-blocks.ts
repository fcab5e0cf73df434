/**
 * Which traffic came is luck too, and a replay holds one sample of it. Here its blocks are drawn again, with replacement,
 * and a figure's spread over such draws is its interval.
 *
 *   trafficInterval(hours, figure)       one configuration
 *   pairedTraffic(a, b, figure)          the difference b - a of two on the same trace, each draw taking the same blocks of
 *                                        both; `hours` is what a result keeps with BindOptions.hourly
 *
 * From 14 days on blocks are days, drawn within their kind (workday, weekend): of n days of a kind n - 1, each with weight
 * n / (n - 1), so that the spread is unbiased (Rao and Wu, Resampling inference with complex survey data, JASA 83, 1988).
 * Below, hours in runs of geometric length (the stationary bootstrap of Politis and Romano, JASA 89, 1994), as long on
 * average as the arrivals by the hour are correlated (Politis and White, Econometric Reviews 23, 2004, with the correction
 * of 2009), a sixth of the log at most: that holds the luck within such days, and nothing of how days differ.
 *
 * Quantiles of the draws are taken further out than 2.5 %, as far as Student's t lies beyond the normal: few blocks know
 * their own spread badly (Hesterberg, What teachers should know about the bootstrap, The American Statistician 69, 2015).
 * Numerator and denominator of a ratio are drawn together. The luck is keyed to the blocks alone: every configuration of a
 * trace meets the same draws.
 */
import { keyed } from '../base/random.ts';
import { HOURS_PER_MONTH, US_PER_DAY, US_PER_MS } from '../base/units.ts';
import { ZoneClock } from '../base/zone-clock.ts';
import { normalTail } from '../engine/normal.ts';
import type { Figure, HoursS, Interval } from './document.ts';
import { studentQuantile } from './estimate.ts';

/** Draws: the 2.5 % points of so many are within 0.5 % of a probability of theirs. */
const DRAWS = 999;
/** Days from then on: two of each weekday. */
const LEAST_DAYS = 14;
/** Fewer hours, and fewer runs of them, say nothing of their spread. */
const LEAST_HOURS = 12;
const LEAST_RUNS = 6;
/** A block that saw no late request says nothing of how they come: with fewer that did, confidence is low. */
const LEAST_SEEN = 10;
const MS_PER_DAY = US_PER_DAY / US_PER_MS;
const S_PER_H = 3_600;
const S_PER_DAY = 24 * S_PER_H;

/** Figures with an interval besides the shares of objectives, `slo.objectives.0.share`. */
const FIGURES = [
  'cost.usdPerHour',
  'cost.usdPerMonth',
  'coldStarts.fraction',
  'requests.failedFraction',
  'requests.arrived',
] as const;

export interface TrafficBlocks {
  /** Days are drawn within their kind where the trace has dates. */
  readonly kind: 'days' | 'hours';
  /** Days, or runs of hours on average. */
  readonly blocks: number;
  /** Hours that a block has on average. */
  readonly blockHours: number;
  /** The unit that each hour belongs to: its day, or itself. */
  readonly unitOf: Int32Array;
  readonly units: number;
  /** By draw, then unit: how often it counts. */
  readonly weights: Float64Array;
  /** The probability beyond either end of an interval. */
  readonly tail: number;
}

export interface TrafficInterval {
  readonly interval: Interval | null;
  /** Fewer than ten blocks saw what the figure counts: late or cold requests; of a cost, there are fewer than ten. */
  readonly isLow: boolean;
}

export interface TrafficDifference extends TrafficInterval {
  /** b - a; null where one has no such figure. */
  readonly difference: Figure;
}

/** By figure, of one configuration. */
export interface TrafficIntervals {
  readonly intervals: Readonly<Record<string, Interval>>;
  readonly lowConfidence: readonly string[];
  /** In words. */
  readonly method: string;
}

/** What has intervals, of a configuration's hours. */
export function trafficFigures({ usd, within }: HoursS): readonly string[] {
  const own = FIGURES.filter((figure) => usd !== null || !figure.startsWith('cost.'));
  const shares = within.flatMap((counts, i) => (counts === null ? [] : [shareFigure(i)]));
  return [...own, ...shares];
}

export function shareFigure(objective: number): string {
  return `slo.objectives.${objective}.share`;
}

/** @returns the interval of every figure that has one; a sentence where the trace is too short for any */
export function trafficIntervals(hours: HoursS): TrafficIntervals | string {
  const blocks = blocksOf(hours);
  if (typeof blocks === 'string') return blocks;
  const sums = new Sums(blocks);
  const found = trafficFigures(hours).map((figure) => ({
    figure,
    ...intervalOf(blocks, [ratioOf(hours, figure)], sums),
  }));
  const intervals: Record<string, Interval> = {};
  for (const { figure, interval } of found) if (interval !== null) intervals[figure] = interval;
  return {
    intervals,
    method: trafficMethod(blocks),
    lowConfidence: found.filter(({ isLow }) => isLow).map(({ figure }) => figure),
  };
}

/** The interval of one figure of `trafficFigures`; none where the trace is too short. */
export function trafficInterval(hours: HoursS, figure: string): TrafficInterval {
  const blocks = blocksOf(hours);
  if (typeof blocks === 'string') return { interval: null, isLow: true };
  return intervalOf(blocks, [ratioOf(hours, figure)]);
}

/** The difference b - a of a figure, where both replayed one trace and measured the same hours of it. */
export function pairedTraffic(a: HoursS, b: HoursS, figure: string): TrafficDifference {
  const ratios = [ratioOf(a, figure), ratioOf(b, figure)];
  const [valueA = null, valueB = null] = ratios.map(figureOf);
  const difference = valueA === null || valueB === null ? null : valueB - valueA;
  const blocks = blocksOf(a);
  const isAlike = a.lengthS.length === b.lengthS.length && a.firstAt === b.firstAt;
  if (typeof blocks === 'string' || !isAlike) return { difference, interval: null, isLow: true };
  return { difference, ...intervalOf(blocks, ratios) };
}

/** In words, for the reader of an interval. */
function trafficMethod({ kind, blocks, blockHours }: TrafficBlocks): string {
  if (kind === 'days') return `${blocks} days of the log drawn again, within workdays and weekends`;
  const length = blockHours < 1.5 ? 'hours' : `runs of ${Math.round(blockHours)} h`;
  return `${length} of the log drawn again: the luck within such days, no day-to-day interval`;
}

/** A figure as a ratio of sums over hours, times a number. */
interface Ratio {
  readonly above: readonly number[];
  readonly below: readonly number[];
  readonly times: number;
  /** What has to be seen for the figure to be known; null: nothing but blocks. */
  readonly events: readonly number[] | null;
}

function ratioOf(hours: HoursS, figure: string): Ratio {
  const { arrived, completed, cold, failed, within, withinOf, usd, lengthS } = hours;
  const over = (above: readonly number[], below: readonly number[], times = 1) => {
    return { above, below, times, events: null };
  };
  switch (figure) {
    case 'cost.usdPerHour':
      return over(usd ?? [], lengthS, S_PER_H);
    case 'cost.usdPerMonth':
      return over(usd ?? [], lengthS, S_PER_H * HOURS_PER_MONTH);
    case 'requests.arrived':
      return over(arrived, lengthS, sumOf(lengthS));
    case 'coldStarts.fraction':
      return { ...over(cold, completed), events: cold };
    case 'requests.failedFraction':
      return { ...over(failed, arrived), events: failed };
  }
  const objective = within.findIndex((_, i) => shareFigure(i) === figure);
  const counts = within[objective] ?? [];
  const of = withinOf[objective] ?? [];
  return { ...over(counts, of), events: of.map((count, i) => count - counts[i]!) };
}

function figureOf({ above, below, times }: Ratio): Figure {
  const denominator = sumOf(below);
  return denominator === 0 || above.length === 0 ? null : (sumOf(above) / denominator) * times;
}

/** Of one ratio, or of the second less the first. */
function intervalOf(
  blocks: TrafficBlocks,
  ratios: readonly Ratio[],
  sums = new Sums(blocks),
): TrafficInterval {
  const isLow = ratios.some((ratio) => seenBy(blocks, ratio) < LEAST_SEEN);
  if (ratios.some((ratio) => figureOf(ratio) === null)) return { interval: null, isLow };
  const draws = new Float64Array(DRAWS);
  for (const [i, { above, below, times }] of ratios.entries()) {
    const numerators = sums.of(above);
    const denominators = sums.of(below);
    const signed = ratios.length === 2 && i === 0 ? -times : times;
    for (let draw = 0; draw < DRAWS; draw++) {
      draws[draw]! += (numerators[draw]! / denominators[draw]!) * signed;
    }
  }
  draws.sort();
  // NaN stands last: a draw without any request has no share, and then none is known.
  if (Number.isNaN(draws[DRAWS - 1]!)) return { interval: null, isLow: true };
  const rank = Math.max(0, Math.floor(blocks.tail * (DRAWS + 1)) - 1);
  return { interval: [draws[rank]!, draws[DRAWS - 1 - rank]!], isLow };
}

/** Columns summed over each draw, each column once: several figures have one denominator. */
class Sums {
  readonly #blocks: TrafficBlocks;
  readonly #known = new Map<readonly number[], Float64Array>();

  constructor(blocks: TrafficBlocks) {
    this.#blocks = blocks;
  }

  of(column: readonly number[]): Float64Array {
    const sums = this.#known.get(column) ?? this.#sum(column);
    this.#known.set(column, sums);
    return sums;
  }

  #sum(column: readonly number[]): Float64Array {
    const { weights, unitOf, units } = this.#blocks;
    const values = byUnit(column, unitOf, units);
    const sums = new Float64Array(DRAWS);
    if (values.every((value) => value === 0)) return sums;
    for (let draw = 0, at = 0; draw < DRAWS; draw++) {
      let sum = 0;
      for (let unit = 0; unit < units; unit++, at++) sum += weights[at]! * values[unit]!;
      sums[draw] = sum;
    }
    return sums;
  }
}

/** Blocks that saw what the figure counts: days, or stretches of hours as long as a run is on average. */
function seenBy({ kind, blocks, blockHours, unitOf, units }: TrafficBlocks, ratio: Ratio): number {
  if (ratio.events === null) return blocks;
  const events = byUnit(ratio.events, unitOf, units);
  const length = kind === 'days' ? 1 : Math.max(1, Math.round(blockHours));
  const seen = new Set<number>();
  for (let unit = 0; unit < units; unit++) {
    if (events[unit]! > 0) seen.add(Math.floor(unit / length));
  }
  return seen.size;
}

function byUnit(values: readonly number[], unitOf: Int32Array, units: number): Float64Array {
  const sums = new Float64Array(units);
  for (let hour = 0; hour < unitOf.length; hour++) sums[unitOf[hour]!]! += values[hour] ?? 0;
  return sums;
}

/** Blocks are the trace's: the same for all configurations that replay it, and found once for them. */
const known = new Map<string, TrafficBlocks | string>();
const MOST_KNOWN = 8;

/** @returns why there are none, where the trace is too short */
export function blocksOf(hours: HoursS): TrafficBlocks | string {
  const { firstAt, timeZone, lengthS, arrived } = hours;
  const key = JSON.stringify([firstAt, timeZone, lengthS, arrived]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const blocks = sumOf(lengthS) >= LEAST_DAYS * S_PER_DAY ? dayBlocks(hours) : hourBlocks(hours);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, blocks);
  return blocks;
}

/** A piece of less than half a day at either end goes with the day beside it. */
function dayBlocks(hours: HoursS): TrafficBlocks {
  const dayOf = daysOf(hours);
  const days = [...new Set(dayOf)];
  const lengthS = new Map<number, number>();
  for (const [i, day] of dayOf.entries()) {
    lengthS.set(day, (lengthS.get(day) ?? 0) + hours.lengthS[i]!);
  }
  const isPiece = (day: number) => lengthS.get(day)! < S_PER_DAY / 2;
  const kept = days.filter((day, i) => (i > 0 && i < days.length - 1) || !isPiece(day));
  const first = kept[0]!;
  const last = kept.at(-1)!;
  const unitOf = Int32Array.from(dayOf, (day) =>
    kept.indexOf(Math.min(last, Math.max(first, day))),
  );
  const isDated = hours.firstAt !== null;
  const kinds = kept.map((day) => (isDated && isWeekend(day) ? 1 : 0));
  const weights = new Float64Array(DRAWS * kept.length);
  for (const kind of new Set(kinds)) {
    const own = kept.flatMap((_, unit) => (kinds[unit] === kind ? [unit] : []));
    drawDays(weights, kept.length, own, kind);
  }
  const freedom = kept.length - new Set(kinds).size;
  return {
    kind: 'days',
    blocks: kept.length,
    blockHours: sumOf(hours.lengthS) / S_PER_H / kept.length,
    unitOf,
    units: kept.length,
    weights,
    tail: normalTail(studentQuantile(0.975, freedom)),
  };
}

/** Days since 1970 by the wall clock of the trace; of a relative trace since its time 0. */
function daysOf({ firstAt, timeZone, lengthS }: HoursS): readonly number[] {
  const firstMs = firstAt === null ? 0 : Date.parse(firstAt);
  let atMs = firstMs;
  const beginMs = lengthS.map((s) => {
    const begin = atMs;
    atMs += s * 1_000;
    return begin;
  });
  if (firstAt === null) return beginMs.map((ms) => Math.floor(ms / MS_PER_DAY));
  const clock = new ZoneClock(timeZone ?? 'UTC', firstMs * US_PER_MS, atMs * US_PER_MS);
  return beginMs.map((ms) => Math.floor(clock.wallMs(ms) / MS_PER_DAY));
}

/** @param day since 1970-01-01, a Thursday */
function isWeekend(day: number): boolean {
  const weekday = (((day + 4) % 7) + 7) % 7;
  return weekday === 0 || weekday === 6;
}

function drawDays(weights: Float64Array, units: number, own: readonly number[], kind: number) {
  const { length } = own;
  const luck = keyed('traffic', 0, 'traffic', length, kind);
  // One day alone of its kind is what it is.
  const drawn = Math.max(1, length - 1);
  for (let draw = 0; draw < DRAWS; draw++) {
    for (let i = 0; i < drawn; i++) {
      const unit = own[Math.floor(luck.next() * length)]!;
      weights[draw * units + unit]! += length / drawn;
    }
  }
}

function hourBlocks({ lengthS, arrived }: HoursS): TrafficBlocks | string {
  const { length } = lengthS;
  if (length < LEAST_HOURS) {
    return `the log has ${length} hours: fewer than ${LEAST_HOURS} say nothing of how hours differ`;
  }
  const rates = arrived.map((count, i) => count / lengthS[i]!);
  const run = Math.min(Math.max(1, runLength(rates)), length / LEAST_RUNS);
  const weights = new Float64Array(DRAWS * length);
  const luck = keyed('traffic', 0, 'traffic', length, Math.round(run * 1_000));
  for (let draw = 0; draw < DRAWS; draw++) {
    let hour = 0;
    for (let i = 0; i < length; i++) {
      const begins = luck.next() * run < 1;
      const to = Math.floor(luck.next() * length);
      hour = i === 0 || begins ? to : (hour + 1) % length;
      weights[draw * length + hour]! += 1;
    }
  }
  const runs = length / run;
  const reach = Math.sqrt(runs / (runs - 1)) * studentQuantile(0.975, Math.max(1, runs - 1));
  return {
    kind: 'hours',
    blocks: Math.floor(runs),
    blockHours: run,
    unitOf: Int32Array.from(lengthS, (_, i) => i),
    units: length,
    weights,
    tail: normalTail(reach),
  };
}

/**
 * The mean length of runs that serves the stationary bootstrap of a series best, by Politis and White (2004), section 3.2,
 * corrected by Patton, Politis and White (2009): (2 G^2 / D)^(1/3) n^(1/3) with a flat-top window over the correlations.
 */
export function runLength(series: readonly number[]): number {
  const n = series.length;
  const mean = sumOf(series) / n;
  const about = series.map((value) => value - mean);
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += about[i]! * about[i - lag]!;
    return sum / n;
  };
  const variance = covariance(0);
  if (!(variance > 0)) return 1;
  const bound = 2 * Math.sqrt(Math.log10(n) / n);
  const quiet = Math.max(5, Math.ceil(Math.sqrt(Math.log10(n))));
  const mostLags = Math.min(n - 1, Math.ceil(Math.sqrt(n)) + quiet);
  let last = 0;
  for (let lag = 1; lag <= mostLags && lag - last <= quiet; lag++) {
    if (Math.abs(covariance(lag)) / variance >= bound) last = lag;
  }
  const window = Math.min(mostLags, 2 * Math.max(1, last));
  let g = variance;
  let slope = 0;
  for (let lag = 1; lag <= window; lag++) {
    const share = lag / window;
    const weight = (share <= 0.5 ? 1 : 2 * (1 - share)) * covariance(lag);
    g += 2 * weight;
    slope += 2 * lag * weight;
  }
  if (!(g > 0)) return 1;
  const length = (slope ** 2 / g ** 2) ** (1 / 3) * n ** (1 / 3);
  return Math.min(length, 3 * Math.sqrt(n), n / 3);
}

function sumOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
