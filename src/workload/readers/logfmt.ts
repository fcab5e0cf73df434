/**
 * logfmt, `key=value key="a value"`: what Go's loggers and Heroku's router write, behind a syslog prefix or not
 * (`2026-01-01T00:00:00.123456+00:00 heroku[router]: at=info method=GET connect=1ms service=18ms status=200`). Keys by the
 * names that columns of a CSV have, or by `columns:`; durations with their units.
 *
 * Heroku: `service` is from the dyno's connection to the last byte, `connect` comes before it; the line is written when the
 * request is over, its stamp stands before the record. https://devcenter.heroku.com/articles/http-routing#heroku-router-log-format
 */
import { readIso, Stamp } from '../stamps.ts';
import { WRITTEN_AT_END } from './jsonl.ts';
import {
  type Facts,
  type Format,
  type LineReader,
  NOTHING,
  type Outcome,
  type ReaderOptions,
  type Row,
} from './line-reader.ts';
import { Cells } from './records/cells.ts';
import { FieldReader } from './records/field-reader.ts';
import { hasEscape, unescapeCells } from './records/json-scanner.ts';
import {
  compacted,
  mustTellArrivals,
  type RecordLayout,
  recordLayoutOf,
  requestMarks,
  tellsRequests,
} from './records/record-layout.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const EQUALS = 61;
const SPACE = 32;
/** The stamp before the record, by a name that no key has. */
const PREFIX = "the line's stamp";
const LEAST_PAIRS = 2;

export const logfmt: Format = {
  name: 'logfmt',
  title: 'logfmt',
  looksLike(lines, { columns }) {
    const names = namesOf(lines);
    if (names.length <= LEAST_PAIRS || columns !== null) return names.length > LEAST_PAIRS;
    try {
      return tellsRequests(recordLayoutOf(names, null, PREFIX));
    } catch {
      return true;
    }
  },
  open(lines, options) {
    const names = namesOf(lines);
    const found = recordLayoutOf(names, options.columns, PREFIX);
    mustTellArrivals(found.layout, names);
    return new LogfmtReader(names, found, options);
  },
};

class LogfmtReader implements LineReader {
  readonly #pairs: Pairs;
  readonly #reader: FieldReader;
  readonly #names: readonly string[];
  readonly #isLog: boolean;
  readonly #marks: readonly number[];

  constructor(names: readonly string[], found: RecordLayout, { texts }: ReaderOptions) {
    const { layout, indices } = compacted(found.layout);
    this.#pairs = new Pairs(indices.map((index) => names[index]!));
    this.#reader = new FieldReader(layout, texts);
    this.#names = names;
    this.#isLog = found.isLog;
    this.#marks = requestMarks(layout);
  }

  get stampedAt(): 'start' | 'end' {
    return this.#reader.stampedAt;
  }

  get epoch(): boolean {
    return this.#reader.epoch;
  }

  read(text: string, from: number, to: number, row: Row): Outcome {
    let at = from;
    while (at < to && text.charCodeAt(at) <= SPACE) at++;
    if (at === to) return NOTHING;
    const { cells } = this.#pairs;
    const pairs = this.#pairs.read(text, from, to);
    if (pairs < 0) return 'a quoted value is not closed';
    const marks = this.#marks;
    if (this.#isLog && marks.length > 0) {
      // Other messages of the same log, in words or in pairs.
      const isRequest = marks.some((cell) => cells.to[cell]! > cells.from[cell]!);
      if (!isRequest && (pairs > 0 || this.#pairs.stamped)) return NOTHING;
    }
    if (pairs === 0) return 'no key=value';
    return this.#reader.read(cells, row);
  }

  facts(): Facts {
    const names = this.#names.filter((name) => name !== PREFIX);
    const warnings = this.#reader.warnings();
    if (this.#isLog && this.stampedAt === 'end') warnings.push(WRITTEN_AT_END);
    return {
      format: `logfmt (${names.slice(0, 12).join(', ')}${names.length > 12 ? ', ...' : ''})`,
      durations: this.#reader.durations,
      warnings,
    };
  }
}

/** The values of some keys of a line, as cells in their order. */
class Pairs {
  readonly cells = new Cells();
  /** Whether a stamp stood before the last line's record. */
  stamped = false;
  readonly #keys: readonly string[];
  readonly #prefix: number;
  readonly #stamp = new Stamp();
  readonly #escaped: number[] = [];

  constructor(keys: readonly string[]) {
    this.#keys = keys;
    this.#prefix = keys.indexOf(PREFIX);
  }

  /** @returns how many pairs the line has, asked for or not; -1 if a quoted value is not closed */
  read(text: string, from: number, to: number, names: Set<string> | null = null): number {
    const { cells } = this;
    cells.clear(text);
    for (let i = 0; i < this.#keys.length; i++) cells.add(from, from);
    this.stamped = false;
    this.#escaped.length = 0;
    let found = 0;
    let at = from;
    while (at < to) {
      if (text.charCodeAt(at) <= SPACE) {
        at++;
        continue;
      }
      const keyAt = at;
      while (at < to && isOfKey(text.charCodeAt(at))) at++;
      if (at === keyAt || at === to || text.charCodeAt(at) !== EQUALS) {
        const end = wordEnd(text, at, to);
        if (found === 0 && !this.stamped) this.#readPrefix(text, keyAt, end, names);
        at = end;
        continue;
      }
      const keyEnd = at++;
      let first = at;
      let end: number;
      const quoted = text.charCodeAt(at) === QUOTE && at < to;
      if (quoted) {
        first = at + 1;
        end = quoteEnd(text, first, to);
        if (end < 0) return -1;
        at = end + 1;
      } else {
        end = wordEnd(text, at, to);
        at = end;
      }
      found++;
      if (names !== null) names.add(text.slice(keyAt, keyEnd));
      const cell = this.#cellOf(text, keyAt, keyEnd);
      if (cell >= 0) {
        cells.from[cell] = first;
        cells.to[cell] = end;
        if (quoted && hasEscape(text, first, end)) this.#escaped.push(cell);
      }
    }
    if (this.#escaped.length > 0) unescapeCells(cells, this.#escaped, from, to);
    return found;
  }

  #readPrefix(text: string, from: number, to: number, names: Set<string> | null): void {
    if (!readIso(text, this.#stamp, from, to)) return;
    this.stamped = true;
    if (names !== null) names.add(PREFIX);
    if (this.#prefix < 0) return;
    this.cells.from[this.#prefix] = from;
    this.cells.to[this.#prefix] = to;
  }

  #cellOf(text: string, from: number, to: number): number {
    const keys = this.#keys;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      if (key.length === to - from && text.startsWith(key, from)) return i;
    }
    return -1;
  }
}

/** The keys of the first lines, in the order in which they are found; none if most of what stands there is no pair. */
function namesOf(lines: readonly string[]): string[] {
  const names = new Set<string>();
  const pairs = new Pairs([]);
  let found = 0;
  let words = 0;
  for (const line of lines) {
    const inLine = pairs.read(line, 0, line.length, names);
    // Lines of other messages stand between.
    if (inLine < LEAST_PAIRS) continue;
    found += inLine;
    words += line.split(/\s+/).length;
  }
  return found > words / 2 ? [...names] : [];
}

/** Letters, digits, `_`, `-`, `.`, `/`, `@`, `#`, `:`. */
function isOfKey(code: number): boolean {
  if (code >= 97) return code <= 122;
  return (code >= 45 && code <= 58) || (code >= 64 && code <= 90) || code === 95 || code === 35;
}

function wordEnd(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && text.charCodeAt(at) > SPACE) at++;
  return at;
}

function quoteEnd(text: string, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  return -1;
}
