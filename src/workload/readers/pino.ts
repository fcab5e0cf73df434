/**
 * Request logs of Node servers: pino-http and Fastify (`time` in milliseconds since 1970 or ISO, `responseTime` in
 * milliseconds, written when the response is out), and bunyan with restify's audit log (`latency` in milliseconds).
 * https://github.com/pinojs/pino-http, https://github.com/restify/node-restify
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
  ['time'],
  ['responseTime'],
  ['latency'],
  ['res', 'statusCode'],
  ['req', 'method'],
  ['req', 'url'],
  ['req', 'headers', 'host'],
  ['req', 'host'],
] as const;
const [TIME, RESPONSE_TIME, LATENCY, STATUS, METHOD, URL, HEADER, HOST] = [
  0, 1, 2, 3, 4, 5, 6, 7,
] as const;
const MILLISECONDS = 3;

export const pino: Format = {
  name: 'pino',
  title: 'pino or bunyan',
  looksLike: (lines, options) =>
    [['responseTime'], ['latency']].some((duration) =>
      anyRecordHas(lines, options, [['time'], ['level'], ['res', 'statusCode'], duration]),
    ),
  open: (_, { texts }) => new PinoReader(texts),
};

class PinoReader extends JsonReader {
  readonly stampedAt = 'end';
  readonly epoch = true;
  readonly #time = new TimeColumn({ index: TIME, name: 'time', scale: null, factor: 1 });
  readonly #texts: boolean;

  constructor(texts: boolean) {
    super(PATHS);
    this.#texts = texts;
  }

  protected take(row: Row): Outcome {
    // Fastify writes a line as a request comes in, too; others are messages.
    if (!this.has(RESPONSE_TIME) && !this.has(LATENCY) && !this.has(STATUS)) return NOTHING;
    if (!this.stamp(TIME, this.#time, row)) return `\`time\` is no time: ${this.text(TIME)}`;
    row.status = this.number(STATUS, 0);
    row.serviceUs = this.number(this.has(RESPONSE_TIME) ? RESPONSE_TIME : LATENCY, MILLISECONDS);
    if (this.#texts) {
      row.method = this.textOrNull(METHOD);
      row.path = this.textOrNull(URL);
      row.host = this.textOrNull(HEADER) ?? this.textOrNull(HOST);
    }
    return REQUEST;
  }

  facts(): Facts {
    const warnings = this.#time.roundingWarnings();
    return { format: 'pino JSON', durations: 'the log: `responseTime` or `latency`', warnings };
  }
}
