/** What the fields of a server's format line tell of a request, and how each is read where it stands in a line. */
import { US_PER_H, US_PER_MIN, US_PER_S } from '../../../base/units.ts';
import { epochDayUs } from '../../stamps.ts';
import { Row } from '../line-reader.ts';

/** Which of the two points in time of a request: their clocks are read apart. */
export type Mark = 'start' | 'end';

export type PatternFigure =
  | Mark
  | 'startFraction'
  | 'endFraction'
  | 'requestTime'
  | 'upstreamTime'
  | 'status'
  | 'requestLine'
  | 'method'
  | 'path'
  | 'query'
  | 'host'
  | 'endpoint'
  | 'inputTokens'
  | 'cachedTokens'
  | 'outputTokens';

/** @returns whether `text[from, to)` is such a field, which `found` then holds */
export type Take = (text: string, from: number, to: number, found: Found) => boolean;

/** A variable or directive of a format line; nothing of it is read where `take` is null. */
export interface PatternField {
  /** As the format has it: `$request_time`, `%>s`. */
  readonly name: string;
  readonly figure: PatternFigure | null;
  /** Of several fields that tell the same, the lowest is read; of `CLOCK_PARTS` all are. */
  readonly rank: number;
  /** Characters, where they are always as many; 0: up to what stands behind it. */
  readonly width: number;
  /** Whether it may hold several values, `0.100, 0.020 : 0.003`. */
  readonly list: boolean;
  /** A time or a duration without a fraction of a second. */
  readonly wholeSeconds: boolean;
  /** Of a time in parts, which: the letter that `strftime` has for it. */
  readonly clockPart: string | null;
  readonly take: Take | null;
}

/** A literal text or a field. */
export type Part = string | PatternField;

/** A server's format line, taken apart. */
export interface FormatLine {
  /** `nginx log_format main`. */
  readonly title: string;
  /** `nginx`. */
  readonly server: string;
  /** Whether a backslash in a field goes with the character behind it. */
  readonly escapes: boolean;
  readonly parts: readonly Part[];
  /** What to add to the format where it has no time. */
  readonly timeAdvice: string;
  /** Whether times that name no zone are UTC. */
  readonly utc: boolean;
}

/** Ranks of times, the finest first. */
export const MICROSECONDS = 0;
export const MILLISECONDS = 1;
export const ISO = 2;
export const LOG_STAMP = 3;
export const CLOCK_PARTS = 4;
export const SECONDS = 5;

/** A point in time as a line has it, whole or in parts. */
export class Clock {
  /** Since 1970 by UTC, or local without a zone; NaN: by the parts. */
  us = Number.NaN;
  zoneMin = Number.NaN;
  fractionUs = 0;
  year = Number.NaN;
  month = 1;
  day = 1;
  hour = 0;
  minute = 0;
  second = 0;
  halfDayHours = 0;

  clear(): void {
    this.us = Number.NaN;
    this.zoneMin = Number.NaN;
  }

  /** Since 1970 by UTC, or local without a zone; NaN if there is no such time. */
  stampUs(): number {
    const { year, month, day, hour, minute, second } = this;
    if (!Number.isNaN(this.us)) return this.us + this.fractionUs;
    if (!(hour <= 23 && minute <= 59 && second <= 60)) return Number.NaN;
    // A day of the year is a day of an endless January.
    const dayUs =
      month === 0
        ? epochDayUs(year, 1, 1) + (day - 1) * 24 * US_PER_H
        : epochDayUs(year, month, day);
    const clockUs = (hour + this.halfDayHours) * US_PER_H + minute * US_PER_MIN + second * US_PER_S;
    return dayUs + clockUs + this.fractionUs - (this.zoneMin || 0) * US_PER_MIN;
  }
}

/** What the fields of one line told; reused from line to line. */
export class Found {
  readonly start = new Clock();
  readonly end = new Clock();
  requestUs = Number.NaN;
  upstreamUs = Number.NaN;
  /** Takes status, tokens and texts. */
  row = new Row();
  readonly escapes: boolean;

  constructor(escapes: boolean) {
    this.escapes = escapes;
  }

  clear(row: Row): void {
    this.start.clear();
    this.end.clear();
    this.requestUs = Number.NaN;
    this.upstreamUs = Number.NaN;
    this.row = row;
  }
}

const DASH = 45;
const SPACE = 32;
const COMMA = 44;
const COLON = 58;

/** A field of which nothing is read unless `what` says it. */
export function field(name: string, what: Partial<Omit<PatternField, 'name'>> = {}): PatternField {
  return {
    name,
    figure: null,
    rank: 0,
    width: 0,
    list: false,
    wholeSeconds: false,
    clockPart: null,
    take: null,
    ...what,
  };
}

/** Between the values of a list. */
export function isSeparator(code: number): boolean {
  return code === SPACE || code === COMMA || code === COLON;
}

/** What servers write where they have nothing. */
export function isAbsent(text: string, from: number, to: number): boolean {
  return from >= to || (to - from === 1 && text.charCodeAt(from) === DASH);
}
