/**
 * Envoy's access log in JSON, with the keys that Istio, Contour and Envoy Gateway give it. `start_time` is when the request
 * came in, `duration` milliseconds from there to the last byte sent. `upstream_service_time` ends with the upstream's
 * headers, so for an answer that is streamed it is the time to the first token: it is not taken.
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
 */

import {
  type Facts,
  type Format,
  NOTHING,
  type Outcome,
  REQUEST,
  type Row,
} from './line-reader.ts';
import { anyRecordHas, JsonReader } from './records/json-reader.ts';
import { TimeColumn } from './records/time-column.ts';

const PATHS = [
  ['start_time'],
  ['@timestamp'],
  ['duration'],
  ['response_code'],
  ['upstream_cluster'],
  ['method'],
  ['path'],
  ['authority'],
  [':authority'],
  ['x-envoy-origin-path'],
] as const;
const [START, STAMP, DURATION, STATUS, CLUSTER, METHOD, PATH, AUTHORITY, HOST, ORIGIN_PATH] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
] as const;
const MILLISECONDS = 3;

export const envoyJson: Format = {
  name: 'envoy-json',
  title: 'Envoy, JSON',
  looksLike: (lines, options) =>
    [['start_time'], ['@timestamp']].some((time) =>
      anyRecordHas(lines, options, [time, ['response_code'], ['duration'], ['response_flags']]),
    ),
  open: (_, { texts }) => new EnvoyReader(texts),
};

class EnvoyReader extends JsonReader {
  readonly stampedAt = 'start';
  readonly epoch = true;
  readonly #time = new TimeColumn({ index: START, name: 'start_time', scale: null, factor: 1 });
  readonly #texts: boolean;

  constructor(texts: boolean) {
    super(PATHS);
    this.#texts = texts;
  }

  protected take(row: Row): Outcome {
    if (!this.has(STATUS) && !this.has(DURATION)) return NOTHING;
    if (!this.stamp(START, this.#time, row) && !this.stamp(STAMP, this.#time, row)) {
      return `\`start_time\` is no time: ${this.text(START)}`;
    }
    row.status = this.number(STATUS, 0);
    // 0: no response was sent, or it was no HTTP.
    if (row.status !== 0) row.serviceUs = this.number(DURATION, MILLISECONDS);
    const cluster = this.textOrNull(CLUSTER);
    this.endpoint(cluster === '-' ? null : cluster, row);
    if (this.#texts) {
      row.method = this.textOrNull(METHOD);
      row.path = this.textOrNull(PATH) ?? this.textOrNull(ORIGIN_PATH);
      row.host = this.textOrNull(AUTHORITY) ?? this.textOrNull(HOST);
    }
    return REQUEST;
  }

  facts(): Facts {
    return {
      format: 'Envoy JSON',
      durations: 'the log: `duration`',
      warnings: this.#time.roundingWarnings(),
    };
  }
}
