/**
 * The common and the combined log format of web servers, with a virtual host before it or nginx's times behind it or not:
 * `host ident user [10/Oct/2000:13:55:36 -0700] "request" status bytes "referer" "agent" 0.123`.
 *
 * nginx writes `$time_local` when the request ends, so with a time behind the line arrival = stamp - time. Stamps have a
 * resolution of one second, and nothing within a log tells more: arrivals so found are up to a second early, and those
 * without a time are ties within each second, in the order of the log.
 */

import { grouped } from '../../base/counts.ts';
import { readDecimal, readLogStamp, Stamp } from '../stamps.ts';
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
import {
  closingQuote,
  fieldEnd,
  readRequestLine,
  standInWarning,
  wholeOrDash,
} from './records/log-fields.ts';

export const accessLog: Format = {
  name: 'access-log',
  title: 'a common or combined access log',
  fixedFields: true,
  looksLike: (lines) => {
    const stamp = new Stamp();
    return lines.some((line) => stampStart(line, 0, line.length, stamp) >= 0);
  },
  open: (lines, options) => new AccessLogReader(lines, options),
};

const QUOTE = 34;
const SPACE = 32;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const STAMP_LENGTH = 26;

/** Where the durations of a log are, by what its first lines have behind the agent. */
type Timing = 'none' | 'bare' | 'request' | 'upstream';

class AccessLogReader implements LineReader {
  readonly stampedAt: 'start' | 'end';
  readonly epoch = true;
  readonly #stamp = new Stamp();
  readonly #time = new Stamp();
  readonly #texts: boolean;
  readonly #timing: Timing;
  readonly #combined: boolean;
  readonly #vhost: boolean;
  /** Where the fields of the line at hand end, and how many of them were quoted: referer, agent. */
  #tail = 0;
  #quoted = 0;
  #several = 0;
  /** Lines whose upstream has no time, so that the request's is taken. */
  #standIns = 0;
  /** Whether there are fields behind the agent of which nobody says what they are. */
  readonly #unread: boolean;

  constructor(lines: readonly string[], { texts }: ReaderOptions) {
    this.#texts = texts;
    const seen = { tails: 0, requests: 0, combined: 0, vhost: 0, bare: 0, request: 0, upstream: 0 };
    for (const line of lines) {
      const at = stampStart(line, 0, line.length, this.#stamp);
      if (at < 0 || Number.isNaN(this.#readFields(line, at, line.length))) continue;
      seen.requests++;
      if (this.#quoted >= 2) seen.combined++;
      if (vhostEnd(line, 0, at) > 0) seen.vhost++;
      const tail = line.slice(this.#tail);
      if (/[^\s"-]/.test(tail)) seen.tails++;
      if (LABELS.upstream.test(tail)) seen.upstream++;
      if (LABELS.request.test(tail)) seen.request++;
      else if (bareTimes(line, this.#tail, line.length, this.#time) > 0) seen.bare++;
    }
    const most = seen.requests / 2;
    this.#combined = seen.combined > most;
    this.#vhost = seen.vhost > most;
    if (seen.upstream > most) this.#timing = 'upstream';
    else if (seen.request > most) this.#timing = 'request';
    else this.#timing = seen.bare > most ? 'bare' : 'none';
    this.stampedAt = this.#timing === 'none' ? 'start' : 'end';
    this.#unread = this.#timing === 'none' && seen.tails > most;
  }

  read(text: string, from: number, to: number, row: Row): Outcome {
    if (from === to) return NOTHING;
    const stampAt = stampStart(text, from, to, this.#stamp);
    if (stampAt < 0) return 'no `host ident user [day/month/year:hh:mm:ss +zone]` at its beginning';
    row.status = this.#readFields(text, stampAt, to);
    if (Number.isNaN(row.status)) return 'no `"request" status bytes` after the stamp';
    row.stampUs = this.#stamp.us;
    row.zoneMin = this.#stamp.zoneMin;
    if (this.#texts) {
      readRequestLine(text, stampAt + STAMP_LENGTH + 3, to, row);
      const end = vhostEnd(text, from, stampAt);
      if (end > 0) row.host = text.slice(from, end).replace(/:\d+$/, '');
    }
    if (this.#timing !== 'none') this.#readDuration(text, to, row);
    return REQUEST;
  }

  facts(): Facts {
    const kind = `${this.#vhost ? 'vhost ' : ''}${this.#combined ? 'combined' : 'common'}`;
    const warnings = [];
    if (this.#timing === 'none') {
      warnings.push('stamps are taken as arrivals; nginx writes them at the end of a request');
      warnings.push('stamps have a resolution of 1 s: requests of one second arrive together');
    } else warnings.push('stamps have a resolution of 1 s: arrivals are up to a second early');
    if (this.#unread) {
      warnings.push(
        "what stands behind the agent is not read, durations maybe: give the server's own `LogFormat` or `log_format` line as `format:`",
      );
    }
    if (this.#standIns > 0) warnings.push(standInWarning(this.#standIns));
    if (this.#several > 0) {
      warnings.push(
        `the longest of several times is taken as the request time, lines: ${grouped(this.#several)}`,
      );
    }
    const time = {
      none: '',
      bare: '$request_time',
      request: '$request_time',
      upstream: '$upstream_response_time',
    }[this.#timing];
    return {
      format: time === '' ? `${kind} log` : `nginx ${kind} + ${time}`,
      durations: time === '' ? null : `the log: ${time}`,
      warnings,
    };
  }

  /**
   * `"request" status bytes` behind the stamp, then referer and agent, whose text may hold anything.
   * @returns the status, 0 where the log has `-`; NaN if they are not there
   */
  #readFields(text: string, stampAt: number, to: number): number {
    const open = stampAt + STAMP_LENGTH + 2;
    if (text.charCodeAt(open) !== QUOTE) return Number.NaN;
    const close = closingQuote(text, open, to);
    if (close < 0 || text.charCodeAt(close + 1) !== SPACE) return Number.NaN;
    const statusEnd = fieldEnd(text, close + 2, to);
    const bytesEnd = fieldEnd(text, statusEnd + 1, to);
    const status = wholeOrDash(text, close + 2, statusEnd);
    if (Number.isNaN(wholeOrDash(text, statusEnd + 1, bytesEnd))) return Number.NaN;
    this.#tail = bytesEnd;
    this.#quoted = 0;
    while (this.#quoted < 2 && text.charCodeAt(this.#tail + 1) === QUOTE && this.#tail + 1 < to) {
      const end = closingQuote(text, this.#tail + 1, to);
      if (end < 0) break;
      this.#tail = end + 1;
      this.#quoted++;
    }
    return status;
  }

  /** A line without a time is an arrival of unknown duration. */
  #readDuration(text: string, to: number, row: Row): void {
    if (this.#timing === 'bare') {
      const times = bareTimes(text, this.#tail, to, this.#time);
      if (times === 0) return;
      if (times > 1) this.#several++;
      row.serviceUs = this.#time.us;
      return;
    }
    const tail = text.slice(this.#tail, to);
    const requestUs = labeledUs(tail, LABELS.request);
    if (this.#timing === 'upstream') row.serviceUs = labeledUs(tail, LABELS.upstream);
    if (Number.isNaN(row.serviceUs)) {
      row.serviceUs = requestUs;
      if (this.#timing === 'upstream' && !Number.isNaN(requestUs)) this.#standIns++;
    }
    // The stamp is the end of the request, whatever part of it the upstream took.
    if (!Number.isNaN(requestUs)) row.startUs = row.stampUs - requestUs;
  }
}

/** Where the stamp begins, read into `stamp`; -1 unless three fields and a stamp in brackets begin the line. */
function stampStart(text: string, from: number, to: number, stamp: Stamp): number {
  let fields = 0;
  for (let at = from; at < to; at++) {
    if (text.charCodeAt(at) !== SPACE) continue;
    if (text.charCodeAt(at + 1) === OPEN_BRACKET && fields >= 2) {
      const end = at + 2 + STAMP_LENGTH;
      if (end < to && text.charCodeAt(end) === CLOSE_BRACKET && readLogStamp(text, at + 2, stamp)) {
        return at + 2;
      }
    }
    fields++;
  }
  return -1;
}

/** Where the virtual host ends that stands before the three fields; -1 without one. A list of forwarded addresses is none. */
function vhostEnd(text: string, from: number, stampAt: number): number {
  let end = -1;
  let fields = 0;
  for (let at = from; at < stampAt - 1; at++) {
    if (text.charCodeAt(at) !== SPACE) continue;
    if (fields++ === 0) end = at;
  }
  return fields === 4 && text.charCodeAt(end - 1) !== 44 ? end : -1;
}

const TIMES = String.raw`="?((?:\d+\.\d{3}|-)(?:(?:, | : )(?:\d+\.\d{3}|-))*)`;
const LABELS = {
  request: new RegExp(String.raw`\b(?:rt|request_time)${TIMES}`),
  upstream: new RegExp(String.raw`\b(?:urt|upstream_response_time)${TIMES}`),
};

/** Several times, one a server that was tried, add up; NaN if there is none. */
function labeledUs(tail: string, label: RegExp): number {
  const times = label.exec(tail)?.[1]?.match(/\d+\.\d{3}/g) ?? [];
  if (times.length === 0) return Number.NaN;
  return times.reduce((sum, seconds) => sum + Math.round(Number(seconds) * 1e6), 0);
}

/**
 * Numbers with three decimals among the fields behind the agent, the longest read into `time`: `$request_time` is, since it
 * holds the upstream's.
 * @returns how many there are
 */
function bareTimes(text: string, from: number, to: number, time: Stamp): number {
  let found = 0;
  let longestUs = -1;
  for (let at = from; at < to; ) {
    let end = fieldEnd(text, at + 1, to);
    const next = end;
    let first = at + 1;
    if (text.charCodeAt(first) === QUOTE && end - first > 2 && text.charCodeAt(end - 1) === QUOTE) {
      first++;
      end--;
    }
    if (
      end - first >= 5 &&
      text.charCodeAt(end - 4) === 46 &&
      readDecimal(text, 6, time, first, end)
    ) {
      found++;
      if (time.us > longestUs) longestUs = time.us;
    }
    at = next;
  }
  time.us = longestUs;
  return found;
}
