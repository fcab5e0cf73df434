/**
 * Traefik's access log in JSON: starts to the nanosecond, trailing zeros trimmed, in `StartUTC` or, if the fields were cut
 * down, in `StartLocal` only; durations in nanoseconds. `time` is when the line was written, to the second.
 * `OriginDuration` is what the service took, `Duration` all of it with slow clients.
 * https://doc.traefik.io/traefik/observability/access-logs/
 */

import { grouped } from '../../base/counts.ts';
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
  ['StartUTC'],
  ['StartLocal'],
  ['time'],
  ['Duration'],
  ['OriginDuration'],
  ['DownstreamStatus'],
  ['ServiceName'],
  ['RequestMethod'],
  ['RequestPath'],
  ['RequestHost'],
] as const;
const [UTC, LOCAL, WRITTEN, DURATION, ORIGIN, STATUS, SERVICE, METHOD, PATH, HOST] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
] as const;
const NANOSECONDS = -3;

export const traefikJson: Format = {
  name: 'traefik-json',
  title: 'Traefik, JSON',
  looksLike: (lines, options) =>
    anyRecordHas(lines, options, [['Duration'], ['DownstreamStatus']]) ||
    anyRecordHas(lines, options, [['Duration'], ['StartUTC']]),
  open: (_, { texts }) => new TraefikReader(texts),
};

class TraefikReader extends JsonReader {
  readonly stampedAt = 'start';
  readonly epoch = true;
  readonly #start = new TimeColumn({ index: UTC, name: 'StartUTC', scale: null, factor: 1 });
  readonly #written = new TimeColumn({ index: WRITTEN, name: 'time', scale: null, factor: 1 });
  readonly #texts: boolean;
  #origins = 0;
  #withoutOrigin = 0;
  #withoutStart = 0;

  constructor(texts: boolean) {
    super(PATHS);
    this.#texts = texts;
  }

  protected take(row: Row): Outcome {
    // Messages of the server itself.
    if (!this.has(DURATION) && !this.has(STATUS)) return NOTHING;
    const durationUs = this.number(DURATION, NANOSECONDS);
    if (!this.#arrival(row, durationUs)) return 'no `StartUTC`, `StartLocal` or `time`';
    row.status = this.number(STATUS, 0);
    const originUs = this.number(ORIGIN, NANOSECONDS);
    if (originUs > 0) this.#origins++;
    else this.#withoutOrigin++;
    row.serviceUs = originUs > 0 ? originUs : durationUs;
    if (row.status === 0) row.serviceUs = Number.NaN;
    this.endpoint(this.textOrNull(SERVICE), row);
    if (this.#texts) {
      row.method = this.textOrNull(METHOD);
      row.path = this.textOrNull(PATH);
      row.host = this.textOrNull(HOST);
    }
    return REQUEST;
  }

  facts(): Facts {
    const warnings = this.#start.roundingWarnings();
    if (this.#origins > 0 && this.#withoutOrigin > 0) {
      warnings.push(
        `no service was asked, or it is not said how long: \`Duration\` is taken, requests: ${grouped(this.#withoutOrigin)}`,
      );
    }
    if (this.#withoutStart > 0) {
      warnings.push(
        `\`time\` (whole seconds) less \`Duration\` is taken as the arrival, requests: ${grouped(this.#withoutStart)}`,
      );
    }
    const durations = this.#origins > 0 ? 'OriginDuration' : 'Duration';
    return { format: 'Traefik JSON', durations: `the log: \`${durations}\``, warnings };
  }

  #arrival(row: Row, durationUs: number): boolean {
    if (this.stamp(UTC, this.#start, row) || this.stamp(LOCAL, this.#start, row)) return true;
    if (!this.stamp(WRITTEN, this.#written, row)) return false;
    this.#withoutStart++;
    row.startUs = row.stampUs - (durationUs || 0);
    return true;
  }
}
