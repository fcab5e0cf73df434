/** Reads lines by a compiled pattern, one scan a line: a field ends where the literal behind it begins, the last one takes the rest. */

import {
  type Facts,
  type LineReader,
  NOTHING,
  type Outcome,
  REQUEST,
  type ReaderOptions,
  type Row,
} from '../line-reader.ts';
import { readable } from '../records/readable.ts';
import { ASKED_FOR, compilePattern, type Pattern } from './pattern.ts';
import { patternFacts } from './pattern-facts.ts';
import { type FormatLine, Found, type PatternField, type Take } from './pattern-fields.ts';

const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const SPACE = 32;

/** @throws UserError if the format cannot be read: no time, or fields that run into each other */
export function openPattern(line: FormatLine, options: ReaderOptions): LineReader {
  return new PatternReader(compilePattern(line, options));
}

class PatternReader implements LineReader {
  readonly stampedAt: 'start' | 'end';
  readonly #pattern: Pattern;
  readonly #found: Found;
  readonly #takes: readonly (Take | null)[];
  readonly #widths: readonly number[];
  readonly #lists: readonly boolean[];
  readonly #behind: readonly string[];
  readonly #escapes: boolean;
  readonly #starts: boolean;
  readonly #ends: boolean;
  readonly #request: PatternField | null;
  readonly #upstream: PatternField | null;
  /** Whether the request's time stands in for an upstream's that is not there. */
  readonly #stoodInFor: boolean;
  #standIns = 0;

  constructor(pattern: Pattern) {
    const { fields, behind, read, line } = pattern;
    this.#pattern = pattern;
    this.#found = new Found(line.escapes);
    this.#takes = fields.map(({ take }) => take);
    this.#widths = fields.map(({ width }) => width);
    this.#lists = fields.map(({ list }, i) => list && /^(?: |,(?! ))/.test(behind[i]!));
    this.#behind = behind;
    this.#escapes = line.escapes;
    this.#starts = read.has('start');
    this.#ends = read.has('end');
    this.#request = read.get('requestTime') ?? null;
    this.#upstream = read.get('upstreamTime') ?? null;
    this.#stoodInFor = this.#request !== null && this.#upstream?.rank !== ASKED_FOR;
    const untimed = this.#request === null && this.#upstream === null;
    this.stampedAt = this.#starts || untimed ? 'start' : 'end';
  }

  get epoch(): boolean {
    return this.#pattern.timeColumns.every(({ epoch }) => epoch);
  }

  read(text: string, from: number, to: number, row: Row): Outcome {
    if (from === to) return NOTHING;
    const { before } = this.#pattern;
    const found = this.#found;
    found.clear(row);
    if (!stands(before, text, from, to)) return `no \`${before}\` at its beginning`;
    let at = from + before.length;
    for (let i = 0; i < this.#behind.length; i++) {
      const literal = this.#behind[i]!;
      const width = this.#widths[i]!;
      let end = at + width;
      if (width === 0) {
        end =
          literal === ''
            ? lastOf(text, at, to)
            : this.#endOf(text, this.#scanFrom(text, at, to, i), to, i);
        if (end < 0) return `no \`${literal}\` behind \`${this.#nameOf(i)}\``;
      }
      if (end > to) return `it ends within \`${this.#nameOf(i)}\``;
      const take = this.#takes[i]!;
      if (take !== null && !take(text, at, end, found)) {
        return `\`${this.#nameOf(i)}\` cannot be read: ${readable(text.slice(at, end))}`;
      }
      if (width > 0 && !stands(literal, text, end, to)) {
        return `no \`${literal}\` behind \`${this.#nameOf(i)}\``;
      }
      at = end + literal.length;
    }
    if (lastOf(text, at, to) > at) {
      return `more than the format has: ${readable(text.slice(at, to))}`;
    }
    return this.#finish(row);
  }

  facts(): Facts {
    return patternFacts(this.#pattern, this.#standIns);
  }

  /** What nothing escapes may hold the literal behind it: of a line's last field, its end counts. */
  #scanFrom(text: string, from: number, to: number, index: number): number {
    if (this.#escapes || index < this.#behind.length - 1) return from;
    return Math.max(from, lastOf(text, from, to) - this.#behind[index]!.length);
  }

  #nameOf(index: number): string {
    return this.#pattern.fields[index]!.name;
  }

  #finish(row: Row): Outcome {
    const { start, end, requestUs, upstreamUs } = this.#found;
    const clock = this.#starts ? start : end;
    row.stampUs = clock.stampUs();
    row.zoneMin = Number.isNaN(clock.zoneMin) && this.#pattern.line.utc ? 0 : clock.zoneMin;
    if (!(Math.abs(row.stampUs) <= Number.MAX_SAFE_INTEGER))
      return 'its time is none of any calendar';
    if (this.#upstream === null) row.serviceUs = requestUs;
    else {
      row.serviceUs = upstreamUs;
      if (Number.isNaN(upstreamUs) && this.#stoodInFor && !Number.isNaN(requestUs)) {
        row.serviceUs = requestUs;
        if (isAnswered(row.status)) this.#standIns++;
      }
      // The stamp is the end of the request, whatever part of it the upstream took.
      if (!this.#starts && !Number.isNaN(requestUs)) row.startUs = row.stampUs - requestUs;
    }
    if (this.#starts && this.#ends && this.#request === null && this.#upstream === null) {
      row.serviceUs = end.stampUs() - row.stampUs;
      if (row.serviceUs < 0) return 'it ends before it starts';
    }
    // Nothing was answered: how long that took says nothing of how long an answer needs.
    if (row.status === 0) row.serviceUs = Number.NaN;
    return REQUEST;
  }

  /** Where the field ends that begins at `from`: at the literal behind it, unless a backslash or a list goes before; -1 if nowhere. */
  #endOf(text: string, from: number, to: number, index: number): number {
    const literal = this.#behind[index]!;
    const isList = this.#lists[index]!;
    const escapes = this.#escapes;
    const first = literal.charCodeAt(0);
    const last = to - literal.length;
    for (let at = from; at <= last; at++) {
      const code = text.charCodeAt(at);
      if (code === first && (literal.length === 1 || stands(literal, text, at, to))) {
        if (!isList) return at;
        const separator = listSeparator(text, at, to);
        if (separator === 0 || at === from) return at;
        at += separator - 1;
      } else if (escapes && code === BACKSLASH) at++;
    }
    return -1;
  }
}

/** Of others the trace has no duration, whatever the log has. */
function isAnswered(status: number): boolean {
  return Number.isNaN(status) || (status > 0 && status < 400);
}

/** Whether the literal stands at `at`, before `to`. */
function stands(literal: string, text: string, at: number, to: number): boolean {
  if (at + literal.length > to) return false;
  for (let i = 0; i < literal.length; i++) {
    if (text.charCodeAt(at + i) !== literal.charCodeAt(i)) return false;
  }
  return true;
}

/** How many characters from `at` on are between two values of a list: `, ` or ` : `; 0 if none. */
function listSeparator(text: string, at: number, to: number): number {
  const code = text.charCodeAt(at);
  const next = text.charCodeAt(at + 1);
  if (at + 2 >= to) return 0;
  if (code === COMMA) return next === SPACE ? 2 : 0;
  if (text.charCodeAt(at - 1) === COMMA) return 1;
  return next === COLON && text.charCodeAt(at + 2) === SPACE ? 3 : 0;
}

/** Where what stands before `to` ends, without blanks. */
function lastOf(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && text.charCodeAt(end - 1) === SPACE) end--;
  return end;
}
