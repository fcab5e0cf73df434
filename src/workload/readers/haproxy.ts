/**
 * HAProxy's HTTP log (`option httplog`, `option httpslog`), behind what syslog writes before it or not (haproxy.org/download/
 * 2.4/doc/configuration.txt, 8.2.3 and 8.4): `client:port [25/Feb/2019:16:19:48.143] frontend backend/server TR/Tw/Tc/Tr/Ta
 * status bytes - - ---- 2/1/0/0/0 0/0 {captured} {captured} "request"`, times in milliseconds, -1 where it did not come to it.
 *
 * The stamp is local time, without a zone, at the first byte of the request (before 1.7: when the connection was accepted, or
 * the request before it ended), TR (then Tq) is how long it took to be whole: arrival = stamp + TR. Tw is the wait in
 * HAProxy's own queues and Tc that for a connection, so a server's own time is Ta (then Tt) - TR - Tw - Tc: Tr, until its
 * headers came, and the transfer of the answer. `+` before a figure: logged before the answer was sent. Flags other than `--`
 * to begin with: the request was cut short, and how long it takes is not known.
 */

import { grouped } from '../../base/counts.ts';
import { digitsAt, readLogDate, Stamp } from '../stamps.ts';
import {
  type Facts,
  type Format,
  type LineReader,
  NOTHING,
  type Outcome,
  REQUEST,
  type ReaderOptions,
  Row,
} from './line-reader.ts';
import { fieldEnd, readRequestLine, wholeOrDash } from './records/log-fields.ts';

export const haproxy: Format = {
  name: 'haproxy',
  title: "HAProxy's HTTP log",
  fixedFields: true,
  looksLike: (lines, options) => {
    const reader = new HaproxyReader(options);
    const row = new Row();
    return lines.some((line) => reader.read(line, 0, line.length, row) === REQUEST);
  },
  open: (_, options) => new HaproxyReader(options),
};

const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const POINT = 46;
const COLON = 58;
const SLASH = 47;
const DASH = 45;
const QUOTE = 34;
const PLUS = 43;
/** `25/Feb/2019:16:19:48.143`. */
const DATE_LENGTH = 20;
const STAMP_LENGTH = 24;
const TIMERS = 5;
const US_PER_MS = 1000;

/** What such a log holds besides requests: of HAProxy itself and of its servers. */
const NOTICE =
  /haproxy\[\d+\]: |^(?:<\d+>)?(?:\[(?:NOTICE|WARNING|ALERT)\]|(?:Proxy|Server|Backend|Health check|Connect from|Stopping|Pausing|backend|proxy) )/;
/** Of a line without a request only so much is looked at. */
const LONGEST_NOTICE = 200;

class HaproxyReader implements LineReader {
  readonly stampedAt = 'start';
  readonly epoch = true;
  readonly #texts: boolean;
  readonly #stamp = new Stamp();
  /** NaN where it did not come to it. */
  readonly #timers = new Float64Array(TIMERS);
  #early = 0;

  constructor({ texts }: ReaderOptions) {
    this.#texts = texts;
  }

  read(text: string, from: number, to: number, row: Row): Outcome {
    if (from >= to) return NOTHING;
    const stampAt = this.#findStamp(text, from, to);
    if (stampAt < 0) {
      const notice = NOTICE.test(text.slice(from, Math.min(to, from + LONGEST_NOTICE)));
      return notice ? NOTHING : 'no `[day/month/year:hh:mm:ss.ms]` in it';
    }
    const frontendEnd = fieldEnd(text, stampAt + STAMP_LENGTH + 2, to);
    // `frontend/bind: SSL handshake failure`.
    if (text.charCodeAt(frontendEnd - 1) === COLON) return NOTHING;
    const serverEnd = fieldEnd(text, frontendEnd + 1, to);
    const timersEnd = fieldEnd(text, serverEnd + 1, to);
    const timers = this.#readTimers(text, serverEnd + 1, timersEnd);
    // A TCP log has three, Tw/Tc/Tt.
    if (timers === 3) return NOTHING;
    if (timers !== TIMERS) return 'no `TR/Tw/Tc/Tr/Ta` in milliseconds behind the server';
    const statusEnd = fieldEnd(text, timersEnd + 1, to);
    row.status = statusOf(text, timersEnd + 1, statusEnd);
    if (Number.isNaN(row.status)) return 'no status behind the times';
    row.stampUs = this.#stamp.us;
    const [readMs = 0, queueMs = 0, connectMs = 0, responseMs = 0, totalMs = 0] = this.#timers;
    row.startUs = row.stampUs + (readMs || 0) * US_PER_MS;
    // Bytes, two cookies.
    let at = statusEnd;
    for (let field = 0; field < 3; field++) at = fieldEnd(text, at + 1, to);
    const cutShort = at + 1 < to && text.charCodeAt(at + 1) !== DASH;
    const early = isEarly(text, serverEnd + 1, timersEnd);
    if (early) this.#early++;
    else if (!cutShort && !Number.isNaN(responseMs)) {
      const serviceMs = totalMs - readMs - queueMs - connectMs;
      if (serviceMs >= 0) row.serviceUs = serviceMs * US_PER_MS;
    }
    row.endpoint = backendOf(text, frontendEnd + 1, serverEnd);
    if (this.#texts) readRequest(text, at, to, row);
    return REQUEST;
  }

  facts(): Facts {
    const warnings = [];
    if (this.#early > 0) {
      warnings.push(
        `logged before the answer was sent (\`option logasap\`), without a duration: ${grouped(this.#early)}`,
      );
    }
    return {
      format: 'HAProxy HTTP log',
      durations: 'the log: Ta - TR - Tw - Tc (without the wait in its own queues)',
      warnings,
    };
  }

  /** Where the stamp begins that stands in brackets behind a blank, read into `#stamp`; -1 without one. */
  #findStamp(text: string, from: number, to: number): number {
    const last = to - STAMP_LENGTH - 1;
    for (let at = from; at < last; at++) {
      if (text.charCodeAt(at) !== OPEN_BRACKET) continue;
      const point = at + 1 + DATE_LENGTH;
      if (text.charCodeAt(point) !== POINT || text.charCodeAt(point + 4) !== CLOSE_BRACKET)
        continue;
      const ms = digitsAt(text, point + 1, 3);
      if (Number.isNaN(ms) || !readLogDate(text, at + 1, this.#stamp)) continue;
      this.#stamp.us += ms * US_PER_MS;
      return at + 1;
    }
    return -1;
  }

  /** @returns how many there are between slashes; NaN if one is no number */
  #readTimers(text: string, from: number, to: number): number {
    let timers = 0;
    for (let at = from; at < to; ) {
      let end = at;
      while (end < to && text.charCodeAt(end) !== SLASH) end++;
      if (timers === TIMERS) return Number.NaN;
      const plus = text.charCodeAt(at) === PLUS ? 1 : 0;
      const absent = end - at === 2 && text.startsWith('-1', at);
      const value = absent ? Number.NaN : wholeOrDash(text, at + plus, end);
      if (!absent && (Number.isNaN(value) || end - at > 12)) return Number.NaN;
      this.#timers[timers++] = value;
      at = end + 1;
    }
    return timers;
  }
}

/** Whether a time has a `+` before it. */
function isEarly(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (text.charCodeAt(at) === PLUS) return true;
  return false;
}

/** 0 for -1: HAProxy had none to give. */
function statusOf(text: string, from: number, to: number): number {
  return to - from === 2 && text.startsWith('-1', from) ? 0 : wholeOrDash(text, from, to);
}

/** Of `backend/server`; a request that was refused before it had a backend names the frontend there. */
function backendOf(text: string, from: number, to: number): string {
  let slash = from;
  while (slash < to && text.charCodeAt(slash) !== SLASH) slash++;
  return text.slice(from, slash);
}

/** The request stands in the last quotes but those of headers captured; HTTPS logs have fields behind it. */
function readRequest(text: string, from: number, to: number, row: Row): void {
  let depth = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === 123) depth++;
    else if (code === 125 && depth > 0) depth--;
    else if (code === QUOTE && depth === 0) {
      readRequestLine(text, at + 1, to, row);
      return;
    }
  }
}
