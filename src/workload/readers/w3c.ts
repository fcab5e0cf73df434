/**
 * W3C extended log files (w3.org/TR/WD-logfile), as IIS writes them: `#Fields:` names what follows and may change in
 * mid-file; fields stand between blanks or tabs, `-` is none, dates and times are UTC.
 *
 * The stamp of IIS is when the last byte was sent: `time-taken` runs from the first byte of the request to the completion of
 * the last send (support.microsoft.com/kb/944884), and pages that followed one another show the stamp at its end (Stack
 * Overflow, 13695234). So arrival = stamp - time-taken, in milliseconds in IIS and in Blue Coat's SGOS, in seconds by the
 * draft and in CloudFront.
 */
import { digitsAt, epochDayUs, readClock, readDecimal, Stamp } from '../stamps.ts';
import {
  type Facts,
  type Format,
  type LineReader,
  NOTHING,
  type Outcome,
  REQUEST,
  type ReaderOptions,
  type Row,
} from './line-reader.ts';
import { Cells } from './records/cells.ts';
import { wholeOrDash } from './records/log-fields.ts';
import { splitPlain } from './records/plain-split.ts';

export const w3c: Format = {
  name: 'w3c',
  title: 'W3C extended log format, IIS',
  looksLike: (lines) => {
    const dated = lines.some((line) => line.startsWith('#Date:'));
    return lines.some((line) => {
      const names = fieldNames(line);
      return names.includes('time') && (dated || names.includes('date'));
    });
  },
  open: (_, options) => new FieldsReader('W3C extended log', options),
};

const HASH = 35;
const TAB = 9;
const SPACE = 32;
const DASH = 45;
const DATE_LENGTH = 10;
const MILLISECONDS = 3;
const SECONDS = 6;

/** Where the fields of a line are, -1 for those that are not there. */
interface Places {
  readonly count: number;
  readonly date: number;
  readonly time: number;
  readonly taken: number;
  readonly status: number;
  readonly method: number;
  readonly stem: number;
  readonly query: number;
  readonly host: number;
}

/** What `#Fields:` names; nothing if the line is no such. */
export function fieldNames(line: string): string[] {
  if (!line.startsWith('#Fields:')) return [];
  return line
    .slice('#Fields:'.length)
    .trim()
    .split(/[ \t]+/);
}

export class FieldsReader implements LineReader {
  readonly epoch = true;
  readonly #kind: string;
  readonly #texts: boolean;
  /** Of `time-taken`, as the user has it. */
  readonly #unit: number | null;
  readonly #cells = new Cells();
  readonly #number = new Stamp();
  #software = '';
  #dateUs = Number.NaN;
  #lastUs = Number.NEGATIVE_INFINITY;
  #places: Places | null = null;
  #scale = SECONDS;
  #guessed = false;

  constructor(kind: string, { texts, columns }: ReaderOptions) {
    this.#kind = kind;
    this.#texts = texts;
    const unit = columns?.service?.unit ?? null;
    this.#unit = unit === 'ms' ? MILLISECONDS : unit === 's' ? SECONDS : unit === 'us' ? 0 : null;
  }

  get stampedAt(): 'start' | 'end' {
    return (this.#places?.taken ?? -1) < 0 ? 'start' : 'end';
  }

  read(text: string, from: number, to: number, row: Row): Outcome {
    if (from >= to) return NOTHING;
    if (text.charCodeAt(from) === HASH) {
      this.#direct(text.slice(from, to));
      return NOTHING;
    }
    const places = this.#places;
    if (places === null) return 'no `#Fields:` before it';
    if (places.time < 0) return 'no `time` among its `#Fields:`';
    const cells = this.#cells;
    splitPlain(cells, text, from, to, separatorOf(text, from, to));
    if (cells.count !== places.count && !splitW3c(cells, text, from, to, places.count)) {
      return `${cells.count} fields where \`#Fields:\` names ${places.count}`;
    }
    const stampUs = this.#stampUs(cells, places);
    if (Number.isNaN(stampUs)) return `no time: ${cells.textOf(places.time)}`;
    row.stampUs = stampUs;
    row.zoneMin = 0;
    if (places.status >= 0) {
      row.status = wholeOrDash(cells.text, cells.from[places.status]!, cells.to[places.status]!);
      if (Number.isNaN(row.status)) return `no status: ${cells.textOf(places.status)}`;
    }
    if (places.taken >= 0) {
      const first = cells.from[places.taken]!;
      const end = cells.to[places.taken]!;
      // Without a status the client was gone before there was one: CloudFront's 000.
      if (!isAbsent(cells.text, first, end)) {
        if (!readDecimal(cells.text, this.#scale, this.#number, first, end)) {
          return `\`time-taken\` is no number: ${cells.textOf(places.taken)}`;
        }
        if (row.status !== 0) row.serviceUs = this.#number.us;
      }
    }
    if (this.#texts) this.#readTexts(cells, places, row);
    return REQUEST;
  }

  facts(): Facts {
    const timed = this.stampedAt === 'end';
    const warnings = [
      timed
        ? 'stamps have a resolution of 1 s: arrivals are up to a second early'
        : 'no `time-taken`: stamps are taken as arrivals; servers write them at the end of a request',
    ];
    if (timed) warnings.push('`time-taken` holds slow clients too');
    if (this.#guessed) {
      warnings.push(
        '`time-taken` is taken as seconds, as the W3C draft has it: `columns: { service: { name: time-taken, unit: ms } }` if not',
      );
    }
    return {
      format: this.#software === '' ? this.#kind : `${this.#kind} (${this.#software})`,
      durations: timed ? 'the log: `time-taken`' : null,
      warnings,
    };
  }

  #direct(line: string): void {
    if (line.startsWith('#Software:')) this.#software = line.slice(10).trim().slice(0, 80);
    else if (line.startsWith('#Date:')) {
      this.#dateUs = dayUs(line, line.search(/\d/));
      this.#lastUs = Number.NEGATIVE_INFINITY;
    } else if (line.startsWith('#Fields:')) this.#setFields(fieldNames(line));
  }

  #setFields(names: readonly string[]): void {
    const place = (...wanted: readonly string[]) =>
      wanted.reduce((found, name) => (found < 0 ? names.indexOf(name) : found), -1);
    this.#places = {
      count: names.length,
      date: place('date'),
      time: place('time'),
      taken: place('time-taken'),
      status: place('sc-status'),
      method: place('cs-method'),
      stem: place('cs-uri-stem', 'cs-uri'),
      query: place('cs-uri-query'),
      host: place('x-host-header', 'cs-host', 'cs(Host)'),
    };
    const ofCloudFront = names.includes('x-edge-location');
    const inMilliseconds =
      /Microsoft|SGOS/.test(this.#software) || names.some((name) => IIS_FIELDS.test(name));
    this.#scale = this.#unit ?? (inMilliseconds && !ofCloudFront ? MILLISECONDS : SECONDS);
    this.#guessed =
      this.#unit === null && !inMilliseconds && !ofCloudFront && this.#places.taken >= 0;
  }

  /** Since 1970. Where a line has no date, that of `#Date:`, which goes on past midnight. */
  #stampUs({ text, from, to }: Cells, { date, time }: Places): number {
    const first = from[time]!;
    const end = to[time]!;
    const whole = end - first >= CLOCK_LENGTH ? readClock(text, first) : Number.NaN;
    let clock = whole;
    if (end - first > CLOCK_LENGTH) {
      if (!readDecimal(text, SECONDS, this.#number, first + CLOCK_LENGTH, end)) return Number.NaN;
      if (!(this.#number.us >= 0 && this.#number.us < 1e6)) return Number.NaN;
      clock += this.#number.us;
    }
    if (date >= 0) {
      if (to[date]! - from[date]! !== DATE_LENGTH) return Number.NaN;
      return dayUs(text, from[date]!) + clock;
    }
    // A line of the next day comes after one of the evening.
    if (this.#dateUs + clock < this.#lastUs - HALF_A_DAY_US) this.#dateUs += 2 * HALF_A_DAY_US;
    if (!Number.isNaN(clock)) this.#lastUs = this.#dateUs + clock;
    return this.#dateUs + clock;
  }

  #readTexts(cells: Cells, { method, stem, query, host }: Places, row: Row): void {
    if (method >= 0) row.method = present(cells.textOf(method));
    if (host >= 0) row.host = present(cells.textOf(host));
    if (stem < 0) return;
    row.path = present(cells.textOf(stem));
    const asked = query < 0 ? null : present(cells.textOf(query));
    if (row.path !== null && asked !== null) row.path += `?${asked}`;
  }
}

const IIS_FIELDS = /^(?:sc-substatus|sc-win32-status|s-sitename|s-computername)$/;
const CLOCK_LENGTH = 8;
const HALF_A_DAY_US = 43_200_000_000;

function present(text: string): string | null {
  return text === '' || text === '-' ? null : text;
}

function isAbsent(text: string, from: number, to: number): boolean {
  return from === to || (to - from === 1 && text.charCodeAt(from) === DASH);
}

function dayUs(text: string, at: number): number {
  if (text.charCodeAt(at + 4) !== DASH || text.charCodeAt(at + 7) !== DASH) return Number.NaN;
  return epochDayUs(digitsAt(text, at, 4), digitsAt(text, at + 5, 2), digitsAt(text, at + 8, 2));
}

/** A tab or a blank, whichever comes first. */
function separatorOf(text: string, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === TAB || code === SPACE) return code;
  }
  return SPACE;
}

/** Fields in quotes, which the draft doubles within, may hold blanks: so Blue Coat writes agents. */
function splitW3c(cells: Cells, text: string, from: number, to: number, count: number): boolean {
  if (cells.count < count) return false;
  const found = cells.count;
  cells.clear(text);
  for (let at = from; at <= to; ) {
    let end = at;
    if (text.startsWith('"', at) && at < to) {
      end = closingW3cQuote(text, at, to) + 1;
      cells.add(at + 1, end - 1);
    } else {
      while (end < to && text.charCodeAt(end) !== SPACE) end++;
      cells.add(at, end);
    }
    at = end + 1;
  }
  if (cells.count === count) return true;
  cells.count = found;
  return false;
}

/** Or the end of the line. */
function closingW3cQuote(text: string, open: number, to: number): number {
  for (let at = open + 1; at < to; at++) {
    if (text.charCodeAt(at) !== 34) continue;
    if (at + 1 < to && text.charCodeAt(at + 1) === 34) at++;
    else return at;
  }
  return to;
}
