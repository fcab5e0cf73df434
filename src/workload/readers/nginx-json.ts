/**
 * nginx's access log as JSON (`log_format ... escape=json`): whatever keys the configuration gives, as long as they are named
 * after the variables, in any case and at any depth (`time_local`, `requestTime`, `nginx.upstream_response_time`).
 *
 * nginx writes the line, and its times, when the request ends. `$request_time` holds slow clients, so
 * `$upstream_response_time` is the service where there is one; tries of several servers (`0.100, 0.020 : 0.5`) add up.
 * https://nginx.org/en/docs/http/ngx_http_log_module.html, https://nginx.org/en/docs/http/ngx_http_upstream_module.html
 */
import { readDecimal, Stamp } from '../stamps.ts';
import {
  type Facts,
  type Format,
  NOTHING,
  type Outcome,
  REQUEST,
  type ReaderOptions,
  type Row,
} from './line-reader.ts';
import { JsonReader, recordsOf } from './records/json-reader.ts';
import { type JsonPath, pathsOf } from './records/json-scanner.ts';
import { standInWarning } from './records/log-fields.ts';
import { TimeColumn } from './records/time-column.ts';

/** Names without what is no letter, the better first. */
const NAMES = {
  time: 'msec timemsec timestampmsec timeiso8601 timelocal timestamp time ts datetime date',
  requestTime: 'requesttime',
  upstreamTime: 'upstreamresponsetime upstreamtime',
  status: 'status responsestatus statuscode',
  request: 'request requestline',
  method: 'requestmethod method',
  path: 'requesturi uri requestpath path url',
  host: 'host httphost servername',
} as const;
/** What no other server names so. */
const MARKS = 'requesttime upstreamresponsetime bodybytessent bytessent remoteaddr'.split(' ');

type Figure = keyof typeof NAMES;
const FIGURES = Object.keys(NAMES) as readonly Figure[];
const [TIME, REQUEST_TIME, UPSTREAM_TIME, STATUS, LINE, METHOD, PATH, HOST] = [
  0, 1, 2, 3, 4, 5, 6, 7,
] as const;
const SECONDS = 6;
/** A path that no record has. */
const NOWHERE: JsonPath = ['\0'];

export const nginxJson: Format = {
  name: 'nginx-json',
  title: 'nginx, JSON',
  looksLike(lines, { columns }) {
    if (columns !== null) return false;
    const found = pathsOf(recordsOf(lines));
    const names = new Set(found.map(plainKey));
    const marks = MARKS.filter((mark) => names.has(mark)).length;
    const timed = find(found, 'requestTime') !== null || find(found, 'upstreamTime') !== null;
    return (
      find(found, 'time') !== null &&
      find(found, 'status') !== null &&
      (timed ? marks >= 1 : marks >= 2)
    );
  },
  open: (lines, options) => new NginxReader(pathsOf(recordsOf(lines)), options),
};

class NginxReader extends JsonReader {
  readonly stampedAt: 'start' | 'end';
  readonly epoch = true;
  readonly #time = new TimeColumn({ index: TIME, name: 'time', scale: null, factor: 1 });
  readonly #timing: 'none' | 'request' | 'upstream';
  readonly #requestTimed: boolean;
  readonly #wholeSeconds: boolean;
  readonly #texts: boolean;
  #standIns = 0;

  constructor(found: readonly JsonPath[], { texts }: ReaderOptions) {
    const paths = FIGURES.map((figure) => find(found, figure));
    super(paths.map((path) => path ?? NOWHERE));
    this.#texts = texts;
    this.#requestTimed = paths[REQUEST_TIME] !== null;
    if (paths[UPSTREAM_TIME] !== null) this.#timing = 'upstream';
    else this.#timing = this.#requestTimed ? 'request' : 'none';
    this.stampedAt = this.#timing === 'none' ? 'start' : 'end';
    this.#wholeSeconds = !/msec/.test(plainKey(paths[TIME] ?? NOWHERE));
  }

  protected take(row: Row): Outcome {
    if (!this.has(TIME) && !this.has(STATUS)) return NOTHING;
    if (!this.stamp(TIME, this.#time, row)) return `no time: ${this.text(TIME)}`;
    row.status = this.number(STATUS, 0);
    const requestUs = this.number(REQUEST_TIME, SECONDS);
    row.serviceUs = this.#timing === 'upstream' ? this.#upstreamUs() : requestUs;
    if (Number.isNaN(row.serviceUs) && !Number.isNaN(requestUs)) {
      row.serviceUs = requestUs;
      this.#standIns++;
    }
    // The stamp is the end of the request, whatever part of it the upstream took.
    if (this.#timing === 'upstream' && !Number.isNaN(requestUs)) {
      row.startUs = row.stampUs - requestUs;
    }
    if (this.#texts) this.#readTexts(row);
    return REQUEST;
  }

  facts(): Facts {
    const warnings = this.#time.roundingWarnings();
    if (this.#timing === 'none') {
      warnings.push('stamps are taken as arrivals; nginx writes them at the end of a request');
    } else if (this.#timing === 'upstream' && !this.#requestTimed) {
      warnings.push(
        'without $request_time, arrivals are the ends less $upstream_response_time: slow clients make them late',
      );
    }
    if (this.#wholeSeconds) {
      warnings.push(
        this.#timing === 'none'
          ? 'stamps have a resolution of 1 s: requests of one second arrive together'
          : 'stamps have a resolution of 1 s: arrivals are up to a second early',
      );
    }
    if (this.#standIns > 0) warnings.push(standInWarning(this.#standIns));
    const time = this.#timing === 'upstream' ? '$upstream_response_time' : '$request_time';
    return {
      format: 'nginx JSON',
      durations: this.#timing === 'none' ? null : `the log: ${time}`,
      warnings,
    };
  }

  /** NaN if no server was asked. */
  #upstreamUs(): number {
    const { text, from, to } = this.fields;
    return sumOfTimes(text, from[UPSTREAM_TIME]!, to[UPSTREAM_TIME]!);
  }

  #readTexts(row: Row): void {
    const [method, path] = (this.textOrNull(LINE) ?? '').split(' ', 2);
    row.method = this.textOrNull(METHOD) ?? (path === undefined ? null : method!);
    row.path = this.textOrNull(PATH) ?? path ?? null;
    row.host = this.textOrNull(HOST);
  }
}

const TIME_STAMP = new Stamp();

/** Of `0.100, - : 0.020`: what lies between the numbers is passed over. */
function sumOfTimes(text: string, from: number, to: number): number {
  let sum = Number.NaN;
  for (let at = from; at < to; ) {
    let end = at;
    while (end < to && isOfNumber(text.charCodeAt(end))) end++;
    if (end > at && readDecimal(text, SECONDS, TIME_STAMP, at, end)) {
      sum = (Number.isNaN(sum) ? 0 : sum) + TIME_STAMP.us;
    }
    at = end + 1;
  }
  return sum;
}

function isOfNumber(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 46;
}

/** The path whose last key has the likeliest name; of several the one least deep. */
function find(found: readonly JsonPath[], figure: Figure): JsonPath | null {
  for (const name of NAMES[figure].split(' ')) {
    let best: JsonPath | null = null;
    for (const path of found) {
      if (plainKey(path) !== name) continue;
      if (best === null || path.length < best.length) best = path;
    }
    if (best !== null) return best;
  }
  return null;
}

function plainKey(path: JsonPath): string {
  return path
    .at(-1)!
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}
