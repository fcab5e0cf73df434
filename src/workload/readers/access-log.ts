/**
 * The common and the combined log format of web servers, with or without nginx's `$request_time` behind it:
 * `host ident user [10/Oct/2000:13:55:36 -0700] "request" status bytes "referer" "agent" 0.123`.
 *
 * nginx writes `$time_local` when the request ends, so with a request time arrival = stamp - request time. Stamps have a
 * resolution of one second, and nothing within a log tells more: arrivals so found are up to a second early, and those
 * without a request time are ties within each second, in the order of the log.
 */
import { readDecimal, readLogStamp, Stamp } from '../stamps.ts';
import {
  type Facts,
  type Format,
  type LineReader,
  NOTHING,
  type Outcome,
  REQUEST,
  type Row,
} from './line-reader.ts';

export const accessLog: Format = {
  name: 'access-log',
  looksLike: (lines) => lines.some((line) => stampStart(line, new Stamp()) >= 0),
  open: (lines) => new AccessLogReader(lines),
};

const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;
const STAMP_LENGTH = 26;

class AccessLogReader implements LineReader {
  readonly #stamp = new Stamp();
  readonly #time = new Stamp();
  readonly #timed: boolean;
  readonly #combined: boolean;
  #several = 0;

  constructor(lines: readonly string[]) {
    let requests = 0;
    let timed = 0;
    let combined = 0;
    for (const line of lines) {
      const fields = fieldsOf(line, stampStart(line, this.#stamp));
      if (fields === null) continue;
      requests++;
      if (fields.quoted >= 2) combined++;
      if (requestTime(line, fields.end, this.#time) > 0) timed++;
    }
    this.#timed = timed > requests / 2;
    this.#combined = combined > requests / 2;
  }

  read(line: string, row: Row): Outcome {
    if (line === '') return NOTHING;
    const at = stampStart(line, this.#stamp);
    if (at < 0) return 'no `host ident user [day/month/year:hh:mm:ss +zone]` at its beginning';
    const fields = fieldsOf(line, at);
    if (fields === null) return 'no `"request" status bytes` after the stamp';
    row.stampUs = this.#stamp.us;
    row.zoneMin = this.#stamp.zoneMin;
    row.status = fields.status;
    if (!this.#timed) {
      row.arrivalUs = row.stampUs;
      return REQUEST;
    }
    const times = requestTime(line, fields.end, this.#time);
    if (times === 0) return 'no request time, which most lines of this log have';
    if (times > 1) this.#several++;
    row.serviceUs = this.#time.us;
    row.arrivalUs = row.stampUs - this.#time.us;
    return REQUEST;
  }

  facts(): Facts {
    const kind = this.#combined ? 'combined' : 'common';
    const warnings = [];
    if (this.#timed) {
      warnings.push('stamps have a resolution of 1 s: arrivals are up to a second early');
    } else {
      warnings.push('stamps are taken as arrivals; nginx writes them at the end of a request');
      warnings.push('stamps have a resolution of 1 s: requests of one second arrive together');
    }
    if (this.#several > 0) {
      const lines = this.#several.toLocaleString('en-US');
      warnings.push(`the longest of several times is taken as the request time, lines: ${lines}`);
    }
    return {
      format: this.#timed ? `nginx ${kind} + $request_time` : `${kind} log`,
      epoch: true,
      stampedAt: this.#timed ? 'end' : 'start',
      durations: this.#timed ? 'the log: $request_time, end - start' : null,
      warnings,
    };
  }
}

/** Where the stamp begins, read into `stamp`; -1 unless three fields and a stamp in brackets begin the line. */
function stampStart(line: string, stamp: Stamp): number {
  let at = line.indexOf(' [');
  while (at >= 0 && !readLogStamp(line, at + 2, stamp)) at = line.indexOf(' [', at + 2);
  if (at < 0 || line.charCodeAt(at + 2 + STAMP_LENGTH) !== 93) return -1;
  const first = line.indexOf(' ');
  return first < at && line.indexOf(' ', first + 1) < at ? at + 2 : -1;
}

interface Fields {
  /** 0 where the log has `-`. */
  readonly status: number;
  /** Where the bytes end. */
  readonly end: number;
  /** Further quoted fields: referer, agent. */
  readonly quoted: number;
}

/** `"request" status bytes` behind the stamp. */
function fieldsOf(line: string, stampAt: number): Fields | null {
  const open = stampAt + STAMP_LENGTH + 2;
  if (stampAt < 0 || line.charCodeAt(open) !== QUOTE) return null;
  const close = closingQuote(line, open);
  if (close < 0 || line.charCodeAt(close + 1) !== SPACE) return null;
  const statusEnd = fieldEnd(line, close + 2);
  const bytesEnd = fieldEnd(line, statusEnd + 1);
  const status = integerOrDash(line, close + 2, statusEnd);
  if (Number.isNaN(status) || Number.isNaN(integerOrDash(line, statusEnd + 1, bytesEnd)))
    return null;
  let quoted = 0;
  for (let at = line.indexOf('"', bytesEnd); at >= 0 && quoted < 2; quoted++) {
    const end = closingQuote(line, at);
    at = end < 0 ? -1 : line.indexOf('"', end + 1);
  }
  return { status, end: bytesEnd, quoted };
}

/** Backslashes escape, as Apache has it; nginx writes `\x22`. */
function closingQuote(line: string, open: number): number {
  for (let at = line.indexOf('"', open + 1); at >= 0; at = line.indexOf('"', at + 1)) {
    let slashes = 0;
    while (line.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

function fieldEnd(line: string, from: number): number {
  const at = line.indexOf(' ', from);
  return at < 0 ? line.length : at;
}

/** NaN if the field is neither digits nor `-`, which is 0. */
function integerOrDash(line: string, from: number, to: number): number {
  if (to - from === 1 && line.charCodeAt(from) === 45) return 0;
  if (to <= from) return Number.NaN;
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = line.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

const LABELED_TIME = /\b(?:rt|request_time)="?(\d+\.\d{3})\b/;
const BARE_TIME = /(?:^| )"?(\d+\.\d{3})"?(?= |$)/g;

/**
 * The request time behind the bytes, read into `time`: `rt=0.123`, or the numbers with three decimals, of which
 * `$request_time` is the longest since it holds the upstream's.
 * @returns how many such numbers there are; 0 for none
 */
function requestTime(line: string, from: number, time: Stamp): number {
  const tail = line.slice(agentEnd(line, from));
  const labeled = LABELED_TIME.exec(tail);
  if (labeled !== null) return readDecimal(labeled[1]!, 6, time) ? 1 : 0;
  let found = 0;
  let longestUs = -1;
  for (const [, seconds] of tail.matchAll(BARE_TIME)) {
    if (!readDecimal(seconds!, 6, time)) continue;
    found++;
    longestUs = Math.max(longestUs, time.us);
  }
  time.us = longestUs;
  return found;
}

/** Behind referer and agent, whose text may hold anything. */
function agentEnd(line: string, from: number): number {
  let at = from;
  for (let field = 0; field < 2; field++) {
    if (line.charCodeAt(at + 1) !== QUOTE) break;
    const close = closingQuote(line, at + 1);
    if (close < 0) break;
    at = close + 1;
  }
  return at;
}
