/**
 * Cloudflare Logpush, data set `http_requests`. `EdgeStartTimestamp` is when the edge received the request; stamps are RFC
 * 3339, or seconds or nanoseconds since 1970, as the job was set up. `OriginResponseDurationMs` (milliseconds), before it
 * `OriginResponseTime` (nanoseconds), is the upstream's time; 0 where the edge answered by itself.
 * https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/zone/http_requests/
 */

import { grouped } from '../../base/counts.ts';
import { type Facts, type Format, type Outcome, REQUEST, Row } from './line-reader.ts';
import { anyRecordHas, JsonReader } from './records/json-reader.ts';
import { TimeColumn } from './records/time-column.ts';

const PATHS = [
  ['EdgeStartTimestamp'],
  ['EdgeEndTimestamp'],
  ['OriginResponseDurationMs'],
  ['OriginResponseTime'],
  ['EdgeResponseStatus'],
  ['ClientRequestMethod'],
  ['ClientRequestURI'],
  ['ClientRequestPath'],
  ['ClientRequestHost'],
] as const;
const [START, END, ORIGIN_MS, ORIGIN_NS, STATUS, METHOD, URI, PATH, HOST] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8,
] as const;

export const cloudflare: Format = {
  name: 'cloudflare',
  title: 'Cloudflare Logpush',
  looksLike: (lines, options) =>
    anyRecordHas(lines, options, [['EdgeStartTimestamp'], ['EdgeResponseStatus']]),
  open: (_, { texts }) => new CloudflareReader(texts),
};

class CloudflareReader extends JsonReader {
  readonly stampedAt = 'start';
  readonly epoch = true;
  readonly #time = new TimeColumn({
    index: START,
    name: 'EdgeStartTimestamp',
    scale: null,
    factor: 1,
  });
  readonly #texts: boolean;
  readonly #end = new Row();
  #origins = 0;
  #edges = 0;
  #unknown = 0;

  constructor(texts: boolean) {
    super(PATHS);
    this.#texts = texts;
  }

  protected take(row: Row): Outcome {
    if (!this.stamp(START, this.#time, row)) {
      return `\`EdgeStartTimestamp\` is no time: ${this.text(START)}`;
    }
    row.status = this.number(STATUS, 0);
    row.serviceUs = this.#service(row);
    if (row.serviceUs < 0) return 'it ends before it starts';
    if (row.status === 0) row.serviceUs = Number.NaN;
    if (this.#texts) {
      row.method = this.textOrNull(METHOD);
      row.path = this.textOrNull(URI) ?? this.textOrNull(PATH);
      row.host = this.textOrNull(HOST);
    }
    return REQUEST;
  }

  facts(): Facts {
    const warnings = this.#time.roundingWarnings();
    if (this.#origins > 0 && this.#edges > 0) {
      warnings.push(
        `the origin was not asked, and the edge's own time is taken, requests: ${grouped(this.#edges)}`,
      );
    }
    if (this.#unknown > 0) {
      warnings.push(
        `no duration of the origin, and none between stamps of whole seconds: requests: ${grouped(this.#unknown)}`,
      );
    }
    const origin = '`OriginResponseDurationMs` or `OriginResponseTime`';
    const edge = '`EdgeEndTimestamp` - `EdgeStartTimestamp`';
    return {
      format: 'Cloudflare Logpush',
      durations: `the log: ${this.#origins > 0 ? origin : edge}`,
      warnings,
    };
  }

  /** NaN if nothing tells it: two equal stamps do not. */
  #service(row: Row): number {
    const originMsUs = this.number(ORIGIN_MS, 3);
    const originUs = originMsUs > 0 ? originMsUs : this.number(ORIGIN_NS, -3);
    if (originUs > 0) {
      this.#origins++;
      return originUs;
    }
    if (this.stamp(END, this.#time, this.#end)) {
      const us = this.#end.stampUs - row.stampUs;
      if (us > 0) this.#edges++;
      if (us !== 0) return us;
    }
    this.#unknown++;
    return Number.NaN;
  }
}
