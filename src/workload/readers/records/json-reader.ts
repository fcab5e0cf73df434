/**
 * What logs of JSON records have in common: a record a line, behind whatever a collector puts before it (`caddy  | {...`), or
 * printed over several lines and in a list, as `jq .` and `gcloud logging read --format=json` do.
 */
import { readDecimal, readLogStamp, readSpan, Stamp } from '../../stamps.ts';
import {
  type Facts,
  type LineReader,
  NOTHING,
  type Outcome,
  type ReaderOptions,
  type Row,
  UNFINISHED,
} from '../line-reader.ts';
import type { Cells } from './cells.ts';
import { type JsonPath, JsonScanner } from './json-scanner.ts';
import type { TimeColumn } from './time-column.ts';

const NEWLINE = 10;
const SPACE = 32;
const COMMA = 44;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN = 123;
const CLOSE = 125;
const LOG_STAMP_LENGTH = 26;
const MOST_MARKS = 2;
/** In the search for a format, of a record that is printed over several. */
const MOST_LINES = 100;

/** A format says which paths it needs and what their values, the cells of `fields` in this order, mean. */
export abstract class JsonReader implements LineReader {
  abstract readonly stampedAt: 'start' | 'end';
  abstract readonly epoch: boolean;
  protected readonly fields: Cells;
  readonly #scanner: JsonScanner;
  readonly #number = new Stamp();
  readonly #logStamp = new Stamp();
  #namesEndpoints = false;

  constructor(paths: readonly JsonPath[]) {
    this.#scanner = new JsonScanner(paths);
    this.fields = this.#scanner.cells;
  }

  abstract facts(): Facts;
  /** The record at hand. */
  protected abstract take(row: Row): Outcome;

  /** A printed record ends where its brace closes. */
  mayEnd(line: string): boolean {
    return line.includes('}');
  }

  read(text: string, from: number, to: number, row: Row): Outcome {
    const open = recordStart(text, from, to);
    if (open < 0) return isFrame(text, from, to) ? NOTHING : 'no JSON object';
    if (goesOn(text, from, open, to)) return UNFINISHED;
    const end = this.#scanner.scan(text, open, to);
    if (end < 0) {
      const at = -1 - end;
      return at >= to ? 'a JSON object that is cut off' : `no JSON at character ${at - from + 1}`;
    }
    if (!isFrame(text, end, to)) {
      return recordStart(text, end, to) < 0
        ? `something behind the JSON object, at character ${end - from + 1}`
        : "several JSON objects in one line: `jq -c '.[]'` writes one a line";
    }
    return this.take(row);
  }

  protected has(index: number): boolean {
    return this.fields.to[index]! > this.fields.from[index]!;
  }

  protected text(index: number): string {
    return this.fields.textOf(index);
  }

  /** Null if it is not there. */
  protected textOrNull(index: number): string | null {
    return this.has(index) ? this.fields.textOf(index) : null;
  }

  /** A number times ten to `scale`, rounded to an integer; NaN if it is none or not there. */
  protected number(index: number, scale: number): number {
    const { text, from, to } = this.fields;
    const well = readDecimal(text, scale, this.#number, from[index], to[index]);
    return well ? this.#number.us : Number.NaN;
  }

  /** A duration with its unit (`1.5ms`), or a number times ten to `scale`; NaN if it is none or not there. */
  protected span(index: number, scale: number): number {
    const plain = this.number(index, scale);
    const { text, from, to } = this.fields;
    if (!Number.isNaN(plain)) return plain;
    return readSpan(text, this.#number, from[index], to[index]) ? this.#number.us : Number.NaN;
  }

  /** Whether the value is a time since 1970, which the row then is stamped with. */
  protected stamp(index: number, column: TimeColumn, row: Row): boolean {
    const { text, from, to } = this.fields;
    const [first, end] = [from[index]!, to[index]!];
    const log = this.#logStamp;
    if (end - first === LOG_STAMP_LENGTH && readLogStamp(text, first, log)) {
      row.stampUs = log.us;
      row.zoneMin = log.zoneMin;
      return true;
    }
    if (end === first || !column.read(text, first, end) || !column.epoch) return false;
    row.stampUs = column.stamp.us;
    row.zoneMin = column.stamp.zoneMin;
    return true;
  }

  /** Requests without a name have the empty one as soon as others have one. */
  protected endpoint(name: string | null, row: Row): void {
    if (name !== null) this.#namesEndpoints = true;
    row.endpoint = name ?? (this.#namesEndpoints ? '' : null);
  }
}

/** Whether any record of the first lines has all of these, and nobody says by `columns:` what they are. */
export function anyRecordHas(
  lines: readonly string[],
  { columns }: ReaderOptions,
  paths: readonly JsonPath[],
): boolean {
  if (columns !== null) return false;
  const scanner = new JsonScanner(paths);
  const { from, to } = scanner.cells;
  const keys = paths.map((path) => `"${path.at(-1)}"`);
  return recordsOf(lines).some((text) => {
    if (!keys.every((key) => text.includes(key))) return false;
    if (scanner.scan(text, 0, text.length) < 0) return false;
    return paths.every((_, i) => to[i]! > from[i]!);
  });
}

/** The texts of the records that the first lines are, whole ones or not. */
export function recordsOf(lines: readonly string[]): string[] {
  const records: string[] = [];
  let open = '';
  let openLines = 0;
  for (const line of lines) {
    const text = open + line;
    const at = recordStart(text, 0, text.length);
    open = '';
    if (at < 0) continue;
    if (goesOn(text, 0, at, text.length)) {
      openLines++;
      if (openLines <= MOST_LINES) open = `${text}\n`;
      else openLines = 0;
      continue;
    }
    openLines = 0;
    records.push(text.slice(at, text.lastIndexOf('}') + 1));
  }
  return records;
}

function recordStart(text: string, from: number, to: number): number {
  for (let at = from; at < to; at++) if (text.charCodeAt(at) === OPEN) return at;
  return -1;
}

/** Whether nothing is there but blanks and what stands between the records of a list: `[`, `},`, `}]`. */
function isFrame(text: string, from: number, to: number): boolean {
  let marks = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code <= SPACE) continue;
    if (++marks > MOST_MARKS) return false;
    if (code !== COMMA && code !== OPEN_LIST && code !== CLOSE_LIST) return false;
  }
  return true;
}

/**
 * Whether the record has only begun: its first line holds nothing but the bracket, and no line yet closes it that is no
 * further in than the first. So one that lost its end takes no more than the next along.
 */
function goesOn(text: string, from: number, open: number, to: number): boolean {
  let at = open + 1;
  while (at < to && text.charCodeAt(at) <= SPACE && text.charCodeAt(at) !== NEWLINE) at++;
  if ((at < to && text.charCodeAt(at) !== NEWLINE) || !isFrame(text, from, open)) return false;
  if (at >= to) return true;
  let last = to;
  while (text.charCodeAt(last - 1) !== NEWLINE) last--;
  const indent = indentAt(text, last, to);
  return text.charCodeAt(last + indent) !== CLOSE || indent > indentAt(text, from, to);
}

function indentAt(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && text.charCodeAt(at) <= SPACE) at++;
  return at - from;
}
