/**
 * Requests as the text of a trace, piece by piece. Times are written from integers, so a CSV or JSONL read again is the same
 * to the microsecond; an access log keeps what servers keep: ends to the second, request times to the millisecond.
 */
import { US_PER_MIN, US_PER_MS, US_PER_S } from '../base/units.ts';
import type { TraceChunk } from '../engine/scenario.ts';

/** `arrival_s,service_s` with six decimals. */
export function* csvText(chunks: Iterable<TraceChunk>): Generator<string, void> {
  yield 'arrival_s,service_s\n';
  yield* byChunk(chunks, (arrivalUs, serviceUs) => `${seconds(arrivalUs)},${seconds(serviceUs)}\n`);
}

/** `{"arrival_s":0.5,"service_s":1.25}` on each line, with six decimals. */
export function* jsonlText(chunks: Iterable<TraceChunk>): Generator<string, void> {
  yield* byChunk(
    chunks,
    (arrivalUs, serviceUs) =>
      `{"arrival_s":${seconds(arrivalUs)},"service_s":${seconds(serviceUs)}}\n`,
  );
}

export interface AccessLogOptions {
  /** Time 0 in microseconds since 1970. */
  readonly startAtEpochUs: number;
  /** East of UTC, of the stamps. */
  readonly zoneOffsetMin: number;
}

/**
 * nginx's combined format with `$request_time` behind it, in the order of the ends, of which the stamps are. Hosts and sizes
 * are made from the row's number. Only requests in flight are kept.
 */
export function* accessLogText(
  chunks: Iterable<TraceChunk>,
  { startAtEpochUs, zoneOffsetMin }: AccessLogOptions,
): Generator<string, void> {
  const stamp = new StampText(zoneOffsetMin);
  const inFlight = new Ends();
  let row = 0;
  const line = ({ endUs, serviceUs, row }: Ending) =>
    `${hostOf(row)} - - [${stamp.of(startAtEpochUs + endUs)}] "POST /v1/chat/completions HTTP/1.1" 200 ${
      600 + (hash(row) % 7400)
    } "-" "openai-python/1.52.0" ${decimal(Math.round(serviceUs / US_PER_MS), 3)}\n`;
  for (const { count, arrivalUs, serviceUs } of chunks) {
    let text = '';
    for (let i = 0; i < count; i++, row++) {
      while (inFlight.first !== null && inFlight.first.endUs <= arrivalUs[i]!) {
        text += line(inFlight.take());
      }
      inFlight.add({ endUs: arrivalUs[i]! + serviceUs[i]!, serviceUs: serviceUs[i]!, row });
    }
    yield text;
  }
  while (inFlight.first !== null) yield line(inFlight.take());
}

function* byChunk(
  chunks: Iterable<TraceChunk>,
  line: (arrivalUs: number, serviceUs: number) => string,
): Generator<string, void> {
  for (const { count, arrivalUs, serviceUs } of chunks) {
    let text = '';
    for (let i = 0; i < count; i++) text += line(arrivalUs[i]!, serviceUs[i]!);
    yield text;
  }
}

function seconds(us: number): string {
  return decimal(us, 6);
}

/** A non-negative integer with its last digits behind a point. */
function decimal(integer: number, digits: number): string {
  const text = String(integer).padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** A request in flight. */
interface Ending {
  readonly endUs: number;
  readonly serviceUs: number;
  readonly row: number;
}

/** A binary heap of requests in flight, by end, then by row. */
class Ends {
  readonly #heap: Ending[] = [];

  get first(): Ending | null {
    return this.#heap[0] ?? null;
  }

  add(ending: Ending): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(ending, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = ending;
  }

  /** The first one, which is there. */
  take(): Ending {
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function before(a: Ending, b: Ending): boolean {
  return a.endUs < b.endUs || (a.endUs === b.endUs && a.row < b.row);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12/Oct/2026:10:00:00 +0200`; the same second is not written twice. */
class StampText {
  readonly #offsetUs: number;
  readonly #zone: string;
  #second = Number.NaN;
  #text = '';

  constructor(zoneOffsetMin: number) {
    this.#offsetUs = zoneOffsetMin * US_PER_MIN;
    const minutes = Math.abs(zoneOffsetMin);
    this.#zone = `${zoneOffsetMin < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
  }

  of(epochUs: number): string {
    const second = Math.floor((epochUs + this.#offsetUs) / US_PER_S);
    if (second === this.#second) return this.#text;
    this.#second = second;
    const iso = new Date(second * 1000).toISOString();
    const month = MONTHS[Number(iso.slice(5, 7)) - 1];
    this.#text = `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} ${this.#zone}`;
    return this.#text;
  }
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}

function hostOf(row: number): string {
  return `10.0.${(hash(row) >>> 8) % 4}.${1 + ((hash(row) >>> 16) % 250)}`;
}

/** Some spread over 32 bits (Knuth's multiplicative hash), the same for the same row. */
function hash(row: number): number {
  return Math.imul(row + 1, 2_654_435_761) >>> 0;
}
