/**
 * Delimited values under a header that names the columns, in any order: commas, semicolons (then with decimal commas) or
 * tabs, RFC 4180 quoting, `#` comments, blank lines. What the columns mean goes by their names or by `columns:`.
 */
import { UserError } from '../../base/errors.ts';
import {
  type Facts,
  type Format,
  type LineReader,
  NOTHING,
  type Outcome,
  type ReaderOptions,
  type Row,
  UNFINISHED,
} from './line-reader.ts';
import { Cells } from './records/cells.ts';
import {
  COLUMN_NUMBER,
  layoutOf,
  otherColumns,
  plainName,
  tellsArrivals,
} from './records/field-layout.ts';
import { FieldReader } from './records/field-reader.ts';

export const csv: Format = delimited('csv', 'comma- or semicolon-separated values', ',;');
export const tsv: Format = delimited('tsv', 'tab-separated values', '\t');

const QUOTE = 34;
const HASH = 35;
const SPACE = 32;
const COMMA = 44;

function delimited(name: string, title: string, delimiters: string): Format {
  return {
    name,
    title,
    looksLike(lines, options) {
      const header = lines.find((line) => !isBlank(line, 0, line.length)) ?? '';
      const cells = new Cells();
      const delimiter = delimiterOf(header, delimiters);
      if (name === 'tsv' && !header.includes('\t')) return false;
      if (!split(cells, header, 0, header.length, delimiter)) return false;
      if (options.columns !== null) return cells.count > 1 || !/^[{[]/.test(header);
      try {
        return tellsArrivals(layoutOf(headerOf(cells), null));
      } catch {
        // Two columns of one figure: opening it says so.
        return true;
      }
    },
    open: (lines, options) => {
      const header = lines.find((line) => !isBlank(line, 0, line.length)) ?? '';
      return new DelimitedReader(delimiterOf(header, delimiters), options);
    },
  };
}

/** Of those, the one that the header has most of; none where it is one column, which may hold commas. */
function delimiterOf(header: string, delimiters: string): number {
  let best = Number.NaN;
  let most = 1;
  for (const delimiter of delimiters) {
    const found = header.split(delimiter).length;
    if (found > most) [best, most] = [delimiter.charCodeAt(0), found];
  }
  return best;
}

class DelimitedReader implements LineReader {
  readonly #delimiter: number;
  readonly #options: ReaderOptions;
  readonly #cells = new Cells();
  #header: readonly string[] | null = null;
  #headerLine = '';
  /** Whether a further file begins. */
  #fresh = false;
  #fields: FieldReader | null = null;

  constructor(delimiter: number, options: ReaderOptions) {
    this.#delimiter = delimiter;
    this.#options = options;
  }

  get stampedAt(): 'start' | 'end' {
    return this.#fields?.stampedAt ?? 'start';
  }

  get epoch(): boolean {
    return this.#fields?.epoch ?? false;
  }

  read(text: string, from: number, to: number, row: Row): Outcome {
    if (isBlank(text, from, to)) return NOTHING;
    const cells = this.#cells;
    if (!split(cells, text, from, to, this.#delimiter)) return UNFINISHED;
    const header = this.#header;
    if (header === null) {
      const line = text.slice(from, to);
      if (this.#begin(line)) return NOTHING;
    } else if (this.#fresh && this.#beginAgain()) {
      return NOTHING;
    } else if (cells.count !== header.length) {
      const found = cells.count === 1 ? '1 field' : `${cells.count} fields`;
      return `${found} where the header has ${header.length}`;
    } else if (this.#isHeader(text, from, to)) return NOTHING;
    if (this.#delimiter !== COMMA) decimalPoints(cells);
    return this.#fields!.read(cells, row);
  }

  nextFile(): void {
    this.#fresh = true;
  }

  mayEnd(line: string): boolean {
    return line.includes('"');
  }

  facts(): Facts {
    const fields = this.#fields;
    const names = (this.#header ?? []).map((name) => name.trim());
    const kind = { 9: 'TSV', 59: 'CSV with semicolons' }[this.#delimiter] ?? 'CSV';
    return {
      format: `${kind} (${names.slice(0, 12).join(', ')}${names.length > 12 ? ', ...' : ''})`,
      durations: fields?.durations ?? null,
      warnings: [...(fields?.warnings() ?? []), ...countWarnings(names, fields)],
    };
  }

  /**
   * Of a further file the first line: a header, maybe of another order, or a row that goes on.
   * @throws UserError for other columns than those read so far
   */
  #beginAgain(): boolean {
    this.#fresh = false;
    const header = headerOf(this.#cells);
    const named = new Set(this.#header);
    if (this.#headerLine === '' || !header.some((name) => named.has(name))) return false;
    if (!this.#fields!.moveTo(layoutOf(header, this.#options.columns))) throw otherColumns(header);
    this.#header = header;
    return true;
  }

  /** @returns whether the line is a header and not the first request of a table without one */
  #begin(line: string): boolean {
    const { columns, texts } = this.#options;
    const header = headerOf(this.#cells);
    const sources = Object.values(columns ?? {}).filter((source) => source !== null);
    const numbered = sources.length > 0 && sources.every(({ name }) => COLUMN_NUMBER.test(name));
    const layout = layoutOf(header, columns);
    if (!tellsArrivals(layout)) throw noArrivals(header);
    this.#fields = new FieldReader(layout, texts);
    this.#header = numbered ? header.map((_, i) => `#${i + 1}`) : header;
    this.#headerLine = numbered ? '' : line;
    return !numbered;
  }

  /** Files one behind the other each bring their header. */
  #isHeader(text: string, from: number, to: number): boolean {
    const line = this.#headerLine;
    return (
      to - from === line.length &&
      text.charCodeAt(from) === line.charCodeAt(0) &&
      text.startsWith(line, from)
    );
  }
}

/** How dashboards call the requests of an interval. */
const COUNTS = /(?:^|_)(?:count|counts|value|requests|hits|calls|invocations|rps|total)$/;

/** A time and a number beside it, and nothing else of a request. */
function countWarnings(names: readonly string[], fields: FieldReader | null): string[] {
  const found = names.find((name) => COUNTS.test(plainName(name)));
  if (found === undefined || names.length !== 2 || fields?.durations !== null) return [];
  return [
    `\`${found}\` looks like a count: each line is read as one request; counts by interval are \`synthesize: { arrivals: { process: counts, file: NAME, column: ${found}, interval: 1m } }\``,
  ];
}

function noArrivals(header: readonly string[]): UserError {
  const found = header.slice(0, 12).map((name) => name.trim().slice(0, 40));
  return new UserError(
    `has no column of arrival times: its header is ${found.join(', ')}${header.length > 12 ? ', ...' : ''}; name one arrival_s, arrival_ms, arrival_us or timestamp, or say which it is: \`columns: { start: NAME }\``,
  );
}

function headerOf(cells: Cells): string[] {
  return Array.from({ length: cells.count }, (_, i) => cells.textOf(i));
}

/** `1.234,5` cannot be told from two numbers, so a comma is the decimal one. */
function decimalPoints(cells: Cells): void {
  const { text, from, to, count } = cells;
  const first = from[0]!;
  const comma = text.indexOf(',', first);
  if (comma >= 0 && comma < to[count - 1]!) {
    const line = text.slice(first, to[count - 1]!).replace(/(\d),(?=\d)/g, '$1.');
    for (let i = count - 1; i >= 0; i--) {
      to[i]! -= first;
      from[i]! -= first;
    }
    cells.text = line;
  }
}

/** Nothing, blanks only, or a comment. */
function isBlank(text: string, from: number, to: number): boolean {
  if (from >= to) return true;
  const first = text.charCodeAt(from);
  if (first > HASH) return false;
  return first === HASH || (first <= SPACE && text.slice(from, to).trim() === '');
}

/** @returns whether the record is whole: a quoted field that does not end goes on in the next line */
function split(cells: Cells, text: string, from: number, to: number, delimiter: number): boolean {
  cells.clear(text);
  for (let start = from; ; ) {
    if (start < to && text.charCodeAt(start) === QUOTE) {
      return splitQuoted(cells, text.slice(from, to), String.fromCharCode(delimiter));
    }
    let end = start;
    while (end < to && text.charCodeAt(end) !== delimiter) end++;
    cells.add(start, end);
    if (end === to) return true;
    start = end + 1;
  }
}

function splitQuoted(cells: Cells, line: string, delimiter: string): boolean {
  cells.clear('');
  for (let at = 0; ; ) {
    const quoted = line.charCodeAt(at) === QUOTE;
    let close = quoted ? line.indexOf('"', at + 1) : at;
    while (quoted && close >= 0 && line.charCodeAt(close + 1) === QUOTE) {
      close = line.indexOf('"', close + 2);
    }
    if (close < 0) return false;
    const next = line.indexOf(delimiter, close);
    const end = next < 0 ? line.length : next;
    cells.append(
      quoted
        ? line.slice(at + 1, close).replaceAll('""', '"') + line.slice(close + 1, end)
        : line.slice(at, end),
    );
    if (next < 0) return true;
    at = next + 1;
  }
}
