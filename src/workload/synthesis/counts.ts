/** Arrivals that were counted by interval: so many in each, placed at random or evenly. */
import type { Uniforms } from '../../base/random.ts';
import type { ArrivalStream, Streams } from './arrival-stream.ts';

export interface CountsSpec {
  readonly process: 'counts';
  readonly intervalUs: number;
  /** One list a column, all as long; several are endpoints. Behind their end they begin again. */
  readonly columns: readonly (readonly number[])[];
  /** Of the columns; empty where there is one without a name. */
  readonly names: readonly string[];
  readonly placement: 'uniform' | 'even';
}

export function countsMistakes({ intervalUs, columns, names }: CountsSpec): string[] {
  const mistakes = [];
  if (!(intervalUs >= 1 && Number.isSafeInteger(intervalUs))) {
    mistakes.push('interval must be above 0');
  }
  const length = columns[0]?.length ?? 0;
  if (length === 0) return [...mistakes, 'counts are missing'];
  if (columns.some((column) => column.length !== length)) {
    mistakes.push('every interval must have as many counts');
  }
  if (columns.length > 1 && names.length !== columns.length) {
    mistakes.push(`${columns.length} columns of counts need as many names`);
  }
  if (new Set(names).size < names.length) mistakes.push('two columns of counts have one name');
  const wrong = columns.flat().find((n) => !(n >= 0 && Number.isSafeInteger(n)));
  if (wrong !== undefined)
    mistakes.push(`counts must be whole numbers of at least 0, here is ${wrong}`);
  else if (!columns.some((column) => column.some((n) => n > 0))) {
    mistakes.push('one count must be above 0');
  }
  return mistakes;
}

export function lengthUs({ columns, intervalUs }: CountsSpec): number {
  return columns[0]!.length * intervalUs;
}

/** How many come by a time, those of an interval under way in proportion. */
export function countedBy(spec: CountsSpec, us: number): number {
  const totals = totalsOf(spec);
  const whole = totals.reduce((sum, n) => sum + n, 0);
  const periods = Math.floor(us / lengthUs(spec));
  const within = (us - periods * lengthUs(spec)) / spec.intervalUs;
  const interval = Math.floor(within);
  const before = totals.slice(0, interval).reduce((sum, n) => sum + n, 0);
  return periods * whole + before + (within - interval) * (totals[interval] ?? 0);
}

function totalsOf({ columns }: CountsSpec): number[] {
  return columns[0]!.map((_, i) => columns.reduce((sum, column) => sum + column[i]!, 0));
}

/**
 * Given its count, the arrivals of a Poisson process are uniform over an interval: the next of k that are left is the least of
 * k uniforms over the rest, one uniform each. Whose each is, of several columns, is drawn without replacement.
 */
export class CountedArrivals implements ArrivalStream {
  mark = 0;
  readonly #spec: CountsSpec;
  readonly #totals: readonly number[];
  readonly #places: Uniforms;
  readonly #labels: Uniforms;
  /** Of each column, in this interval. */
  readonly #left: Float64Array;
  #interval = -1;
  #fromUs = -0;
  #count = 0;
  #given = 0;
  /** How far into the interval, 0 to 1. */
  #at = -0;

  constructor(spec: CountsSpec, streams: Streams) {
    this.#spec = spec;
    this.#totals = totalsOf(spec);
    this.#places = streams('arrivals');
    this.#labels = streams('endpoint');
    this.#left = new Float64Array(spec.columns.length);
    this.#fromUs = -spec.intervalUs;
  }

  nextUs(): number {
    while (this.#given === this.#count) this.#nextInterval();
    const left = this.#count - this.#given;
    if (this.#left.length > 1) this.mark = this.#label(left);
    if (this.#spec.placement === 'even') this.#at = (this.#given + 0.5) / this.#count;
    else this.#at += (1 - this.#at) * -Math.expm1(Math.log(this.#places.next()) / left);
    this.#given++;
    const intervalUs = this.#spec.intervalUs;
    // Whole microseconds within the interval: its end is the next one's.
    return this.#fromUs + Math.min(intervalUs - 1, Math.floor(this.#at * intervalUs));
  }

  #nextInterval(): void {
    this.#interval = (this.#interval + 1) % this.#totals.length;
    this.#fromUs += this.#spec.intervalUs;
    this.#count = this.#totals[this.#interval]!;
    this.#given = 0;
    this.#at = 0;
    this.#spec.columns.forEach((column, i) => {
      this.#left[i] = column[this.#interval]!;
    });
  }

  #label(left: number): number {
    let bound = this.#labels.next() * left;
    let column = 0;
    while (bound >= this.#left[column]!) bound -= this.#left[column++]!;
    this.#left[column]!--;
    return column;
  }
}
