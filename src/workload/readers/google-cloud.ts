/**
 * Google Cloud's LogEntry with an `httpRequest`: Cloud Run, Cloud Functions, App Engine and load balancers, one a line or
 * in the list that `gcloud logging read --format=json` prints.
 *
 * `timestamp` is when the request began. Google's reference only says "the time the event described by the log entry
 * occurred"; that it is the start shows in the entries: they are received (`receiveTimestamp`) at `timestamp` + `latency` and
 * a little, and in https://github.com/googleapis/google-cloud-go/issues/1598 for App Engine. An entry that was received
 * before that contradicts it; such are counted.
 * https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry
 */

import { grouped } from '../../base/counts.ts';
import { type Facts, type Format, NOTHING, type Outcome, REQUEST, Row } from './line-reader.ts';
import { anyRecordHas, JsonReader } from './records/json-reader.ts';
import type { JsonPath } from './records/json-scanner.ts';
import { TimeColumn } from './records/time-column.ts';

const REQUEST_KEYS = ['latency', 'status', 'requestMethod', 'requestUrl'] as const;
/** What serves, by the kind of resource; a load balancer's forwarding rule where it names no backend. */
const NAMES = [
  'service_name',
  'function_name',
  'module_id',
  'backend_service_name',
  'backend_name',
  'url_map_name',
  'forwarding_rule_name',
] as const;
const SECONDS = 6;

const [TIMESTAMP, RECEIVED, INNER_TIMESTAMP, LATENCY, STATUS, METHOD, URL] = [
  0, 1, 2, 3, 4, 5, 6,
] as const;
/** The same again as far as they stand within `jsonPayload`. */
const WRAPPED = REQUEST_KEYS.length;
const FIRST_NAME = LATENCY + 2 * WRAPPED;
const PATHS: readonly JsonPath[] = [
  ['timestamp'],
  ['receiveTimestamp'],
  ['jsonPayload', 'timestamp'],
  ...REQUEST_KEYS.map((key) => ['httpRequest', key]),
  ...REQUEST_KEYS.map((key) => ['jsonPayload', 'httpRequest', key]),
  ...NAMES.map((name) => ['resource', 'labels', name]),
];

export const googleCloud: Format = {
  name: 'google-cloud',
  title: 'Google Cloud Run or load balancer',
  looksLike: (lines, options) =>
    [['httpRequest'], ['jsonPayload', 'httpRequest']].some((path) =>
      ['requestMethod', 'latency', 'requestUrl'].some((key) =>
        anyRecordHas(lines, options, [[...path, key]]),
      ),
    ),
  open: (_, { texts }) => new GoogleCloudReader(texts),
};

class GoogleCloudReader extends JsonReader {
  readonly stampedAt = 'start';
  readonly epoch = true;
  readonly #time = new TimeColumn({ index: 0, name: 'timestamp', scale: null, factor: 1 });
  readonly #receipt = new TimeColumn({
    index: 1,
    name: 'receiveTimestamp',
    scale: null,
    factor: 1,
  });
  readonly #received = new Row();
  readonly #texts: boolean;
  #early = 0;

  constructor(texts: boolean) {
    super(PATHS);
    this.#texts = texts;
  }

  protected take(row: Row): Outcome {
    const shift = this.#shift();
    // An entry of something else: what the service itself printed.
    if (shift < 0) return NOTHING;
    if (!this.stamp(TIMESTAMP, this.#time, row) && !this.stamp(INNER_TIMESTAMP, this.#time, row)) {
      return `\`timestamp\` is no time: ${this.text(TIMESTAMP)}`;
    }
    row.status = this.number(STATUS + shift, 0);
    if (row.status !== 0) row.serviceUs = this.span(LATENCY + shift, SECONDS);
    if (this.stamp(RECEIVED, this.#receipt, this.#received)) {
      if (this.#received.stampUs < row.stampUs + row.serviceUs) this.#early++;
    }
    this.endpoint(this.#name(), row);
    if (this.#texts) {
      row.method = this.textOrNull(METHOD + shift);
      readUrl(this.textOrNull(URL + shift), row);
    }
    return REQUEST;
  }

  facts(): Facts {
    const warnings = this.#time.roundingWarnings();
    if (this.#early > 0) {
      warnings.push(
        `stamps are taken as starts, but ${grouped(this.#early)} entries were received before their request can have ended`,
      );
    }
    return {
      format: 'Google Cloud LogEntry',
      durations: 'the log: `httpRequest.latency`',
      warnings,
    };
  }

  /** Where the request is: less than 0 for nowhere. */
  #shift(): number {
    for (const shift of [0, WRAPPED]) {
      for (let i = LATENCY; i < LATENCY + WRAPPED; i++) if (this.has(i + shift)) return shift;
    }
    return -1;
  }

  #name(): string | null {
    for (let i = 0; i < NAMES.length; i++) {
      if (this.has(FIRST_NAME + i)) return this.text(FIRST_NAME + i);
    }
    return null;
  }
}

/** `https://host/path?query`, or the path alone. */
function readUrl(url: string | null, row: Row): void {
  if (url === null) return;
  const scheme = url.indexOf('://');
  if (scheme < 0) {
    row.path = url;
    return;
  }
  const slash = url.indexOf('/', scheme + 3);
  row.host = url.slice(scheme + 3, slash < 0 ? url.length : slash);
  row.path = slash < 0 ? '/' : url.slice(slash);
}
