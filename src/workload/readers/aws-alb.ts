/**
 * Access logs of AWS load balancers. Application Load Balancer (elasticloadbalancing/latest/application/
 * load-balancer-access-logs): `type time elb client:port target:port` three processing times, two statuses, bytes, "request",
 * "agent", ..., `target_group_arn` 17th and `request_creation_time` 22nd; `time` is when the response was made, the creation
 * is when the request arrived. Classic Load Balancer (classic/access-log-collection) begins with the time, which is when it
 * received the request. Times are in seconds, -1 where there was no target or no answer.
 *
 * The duration is `target_processing_time` (`backend_processing_time` of classic ones), from sending the request to a target
 * until it began to answer: what the balancer itself and slow clients take is not in it, but neither is a streamed answer.
 */
import { readDecimal, readIso, Stamp } from '../stamps.ts';
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
import { Cells } from './records/cells.ts';
import { readRequestLine, wholeOrDash } from './records/log-fields.ts';
import { splitQuotedFields } from './records/plain-split.ts';

export const awsAlb: Format = {
  name: 'aws-alb',
  title: 'AWS Application or Classic Load Balancer',
  fixedFields: true,
  looksLike: (lines, options) => {
    const reader = new LoadBalancerReader(options);
    const row = new Row();
    return lines.some((line) => reader.read(line, 0, line.length, row) === REQUEST);
  },
  open: (_, options) => new LoadBalancerReader(options),
};

const TYPE = /^(?:https?|h2|grpcs|wss?)$/;
const SECONDS = 6;
/** Fields of a classic line by their place; an application line has its type before them. */
const TIME = 0;
const TIMES = 4;
const STATUS = 7;
const REQUEST_LINE = 11;
const TARGET_GROUP = 15;
const CREATION = 20;

class LoadBalancerReader implements LineReader {
  readonly epoch = true;
  readonly #texts: boolean;
  readonly #cells = new Cells();
  readonly #stamp = new Stamp();
  readonly #number = new Stamp();
  #classic = false;

  constructor({ texts }: ReaderOptions) {
    this.#texts = texts;
  }

  get stampedAt(): 'start' | 'end' {
    return this.#classic ? 'start' : 'end';
  }

  read(text: string, from: number, to: number, row: Row): Outcome {
    if (from >= to) return NOTHING;
    const cells = this.#cells;
    if (!splitQuotedFields(cells, text, from, to)) return 'a quoted field that does not end';
    const stamp = this.#stamp;
    const first = TYPE.test(cells.textOf(0)) ? 1 : 0;
    if (cells.count <= first + REQUEST_LINE) return 'too few fields for a request';
    if (!this.#readStamp(first + TIME)) return `no time: ${cells.textOf(first + TIME)}`;
    this.#classic = first === 0;
    row.stampUs = stamp.us;
    row.zoneMin = 0;
    row.status = this.#whole(first + STATUS);
    if (Number.isNaN(row.status)) return `no status: ${cells.textOf(first + STATUS)}`;
    const requestUs = this.#seconds(first + TIMES);
    const targetUs = this.#seconds(first + TIMES + 1);
    const responseUs = this.#seconds(first + TIMES + 2);
    if (requestUs === null || targetUs === null || responseUs === null) {
      return 'a processing time is no number';
    }
    const open = cells.from[first + REQUEST_LINE]!;
    // A connection of a TCP listener.
    if (this.#classic && row.status === 0 && text.startsWith('- - - ', open)) return NOTHING;
    row.serviceUs = targetUs;
    if (!this.#classic) {
      row.startUs = row.stampUs - (requestUs + targetUs + responseUs);
      if (first + CREATION < cells.count && this.#readStamp(first + CREATION)) {
        row.startUs = stamp.us;
      }
      row.endpoint = targetGroup(
        cells.count > first + TARGET_GROUP ? cells.textOf(first + TARGET_GROUP) : '',
      );
    }
    if (this.#texts) {
      readRequestLine(text, open, to, row);
      splitUrl(row);
    }
    return REQUEST;
  }

  facts(): Facts {
    const name = this.#classic ? 'backend_processing_time' : 'target_processing_time';
    return {
      format: `AWS ${this.#classic ? 'Classic' : 'Application'} Load Balancer`,
      durations: `the log: \`${name}\``,
      warnings: [
        `\`${name}\` ends when the answer begins: an answer that is streamed takes longer`,
      ],
    };
  }

  #readStamp(index: number): boolean {
    const { text, from, to } = this.#cells;
    return readIso(text, this.#stamp, from[index]!, to[index]!);
  }

  #whole(index: number): number {
    const { text, from, to } = this.#cells;
    return wholeOrDash(text, from[index]!, to[index]!);
  }

  /** NaN if it is -1 or `-`, null if it is no number. */
  #seconds(index: number): number | null {
    const { text, from, to } = this.#cells;
    const [first, end] = [from[index]!, to[index]!];
    if (end - first === 1 && text.charCodeAt(first) === 45) return Number.NaN;
    if (!readDecimal(text, SECONDS, this.#number, first, end)) return null;
    return this.#number.us < 0 ? Number.NaN : this.#number.us;
  }
}

/** `arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/NAME/73e2d6bc24d8a067`. */
function targetGroup(arn: string): string | null {
  return arn.split(':targetgroup/', 2)[1]?.split('/', 1)[0] ?? null;
}

/** The request line has a whole URL. */
function splitUrl(row: Row): void {
  const { path } = row;
  const begin = path?.indexOf('://') ?? -1;
  if (path === null || begin < 0 || begin > 5) return;
  const slash = path.indexOf('/', begin + 3);
  row.host = path.slice(begin + 3, slash < 0 ? path.length : slash);
  row.path = slash < 0 ? '/' : path.slice(slash);
}
