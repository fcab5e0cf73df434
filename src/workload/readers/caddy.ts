/**
 * Caddy's access log: JSON of zap, stamped when the response was written. `ts` is seconds since 1970 by default, but
 * `time_format` makes it milli- or nanoseconds, ISO or `2006/01/02 15:04:05`; `duration` is seconds, or by
 * `duration_format` nanoseconds (`nano`) or text (`1.5ms`).
 * https://caddyserver.com/docs/caddyfile/directives/log
 */

import {
  type Facts,
  type Format,
  NOTHING,
  type Outcome,
  REQUEST,
  type Row,
} from './line-reader.ts';
import { anyRecordHas, JsonReader, recordsOf } from './records/json-reader.ts';
import { JsonScanner } from './records/json-scanner.ts';
import { TimeColumn } from './records/time-column.ts';

const PATHS = [
  ['ts'],
  ['duration'],
  ['status'],
  ['request', 'method'],
  ['request', 'uri'],
  ['request', 'host'],
] as const;
const [TS, DURATION, STATUS, METHOD, URI, HOST] = [0, 1, 2, 3, 4, 5] as const;

export const caddy: Format = {
  name: 'caddy',
  title: 'Caddy',
  looksLike: (lines, options) =>
    anyRecordHas(lines, options, [['ts'], ['request', 'method'], ['request', 'uri']]),
  open: (lines, { texts }) => new CaddyReader(inNanoseconds(lines), texts),
};

class CaddyReader extends JsonReader {
  readonly stampedAt = 'end';
  readonly epoch = true;
  readonly #time = new TimeColumn({ index: TS, name: 'ts', scale: null, factor: 1 });
  readonly #scale: number;
  readonly #texts: boolean;

  constructor(inNanoseconds: boolean, texts: boolean) {
    super(PATHS);
    this.#scale = inNanoseconds ? -3 : 6;
    this.#texts = texts;
  }

  protected take(row: Row): Outcome {
    // Messages of the server itself.
    if (!this.has(METHOD)) return NOTHING;
    if (!this.stamp(TS, this.#time, row)) return `\`ts\` is no time: ${this.text(TS)}`;
    row.status = this.number(STATUS, 0);
    // 0: the connection was gone before there was a response.
    if (row.status !== 0) row.serviceUs = this.span(DURATION, this.#scale);
    if (this.#texts) {
      row.method = this.text(METHOD);
      row.path = this.textOrNull(URI);
      row.host = this.textOrNull(HOST);
    }
    return REQUEST;
  }

  facts(): Facts {
    const warnings = this.#time.roundingWarnings();
    if (this.#scale === -3) {
      warnings.push('`duration` has no fraction anywhere: taken as nanoseconds');
    }
    return { format: 'Caddy JSON', durations: 'the log: `duration`', warnings };
  }
}

/** Seconds have fractions, and hardly any request takes a tenth of a millisecond or a day; `nano` makes whole numbers. */
function inNanoseconds(lines: readonly string[]): boolean {
  const scanner = new JsonScanner([['duration'], ['request', 'method']]);
  const { cells } = scanner;
  let longest = 0;
  for (const text of recordsOf(lines)) {
    if (scanner.scan(text, 0, text.length) < 0 || cells.textOf(1) === '') continue;
    const duration = cells.textOf(0);
    if (!/^\d*$/.test(duration)) return false;
    longest = Math.max(longest, Number(duration));
  }
  return longest >= 100_000;
}
