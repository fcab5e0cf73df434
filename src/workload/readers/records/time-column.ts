/**
 * A column of points in time: ISO stamps or numbers. A number in a column without a unit is read by its size: 10, 13, 16 or
 * 19 digits are seconds, milli-, micro- or nanoseconds since 1970, anything else is seconds from the trace's own zero.
 * The first value decides for all.
 */

import { grouped } from '../../../base/counts.ts';
import { readDecimal, readIso, Stamp } from '../../stamps.ts';
import { type Field, scaleStamp } from './field-layout.ts';

/** Times from 1970 are at least this many microseconds, 2001-09-09; a trace's own zero is not 31 years ago. */
const LEAST_EPOCH_US = 1e15;

/** Power of ten to microseconds of a number since 1970, by its digits before the point. */
const EPOCH_SCALES: Readonly<Record<number, number>> = { 10: 6, 13: 3, 16: 0, 19: -3 };

const UNITS: Readonly<Record<number, string>> = {
  6: 'seconds',
  3: 'milliseconds',
  0: 'microseconds',
  [-3]: 'nanoseconds',
};

type TimeKind =
  | { readonly iso: true; readonly epoch: true }
  | { readonly iso: false; readonly scale: number; readonly epoch: boolean };

export class TimeColumn {
  /** What the last reading found. */
  readonly stamp = new Stamp();
  readonly #field: Field;
  #kind: TimeKind | null = null;
  #bareDigits = 0;
  #rounded = 0;

  constructor(field: Field) {
    this.#field = field;
  }

  /** Whether times count from 1970. */
  get epoch(): boolean {
    return this.#kind?.epoch ?? false;
  }

  /** @returns whether `text[from, to)` is a time, which `stamp` then holds */
  read(text: string, from: number, to: number): boolean {
    const kind = (this.#kind ??= this.#kindOf(text, from, to));
    const { stamp } = this;
    if (kind === null) return false;
    if (kind.iso) {
      if (!readIso(text, stamp, from, to)) return false;
    } else {
      if (!readDecimal(text, kind.scale, stamp, from, to)) return false;
      if (this.#field.factor !== 1)
        scaleStamp(stamp, text.slice(from, to), this.#field, kind.scale);
      // Points since 1970 are UTC.
      if (kind.epoch) stamp.zoneMin = 0;
    }
    if (stamp.rounded) this.#rounded++;
    return true;
  }

  warnings(): string[] {
    const warnings = [];
    const kind = this.#kind;
    if (this.#bareDigits > 0 && kind?.iso === false) {
      const taken = kind.epoch
        ? `numbers of ${this.#bareDigits} digits are taken as ${UNITS[kind.scale]} since 1970`
        : "numbers are taken as seconds from the trace's own zero";
      warnings.push(`\`${this.#field.name}\` names no unit: ${taken}`);
    }
    return [...warnings, ...this.roundingWarnings()];
  }

  /** Those of a column whose unit is beyond doubt. */
  roundingWarnings(): string[] {
    if (this.#rounded === 0) return [];
    return [`times finer than a microsecond were rounded to it: ${grouped(this.#rounded)}`];
  }

  #kindOf(text: string, from: number, to: number): TimeKind | null {
    const { stamp } = this;
    const { scale, factor } = this.#field;
    if (scale === null && readIso(text, stamp, from, to)) return { iso: true, epoch: true };
    // Nanoseconds since 1970 are beyond what a double holds exactly, but not once they are microseconds.
    if (!readDecimal(text, 0, stamp, from, to) && !readDecimal(text, -3, stamp, from, to)) {
      return readIso(text, stamp, from, to) ? { iso: true, epoch: true } : null;
    }
    const value = Math.abs(Number(text.slice(from, to)));
    if (scale !== null) {
      return { iso: false, scale, epoch: value * 10 ** scale * factor >= LEAST_EPOCH_US };
    }
    const digits = value < 1 ? 1 : Math.floor(Math.log10(value)) + 1;
    this.#bareDigits = digits;
    const byDigits = EPOCH_SCALES[digits];
    return { iso: false, scale: byDigits ?? 6, epoch: byDigits !== undefined };
  }
}
