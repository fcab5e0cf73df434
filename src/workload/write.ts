/**
 * Requests as the text of a trace, piece by piece. Times are written from integers, so a CSV or JSONL read again is the same
 * to the microsecond; an access log keeps what servers keep: ends to the second, request times to the millisecond.
 */
import { US_PER_MIN, US_PER_MS, US_PER_S } from '../base/units.ts';
import { MONTHS } from './stamps.ts';
import type { WorkloadChunk } from './workload.ts';

/**
 * `arrival_s,service_s` with six decimals, `input_tokens`, `output_tokens` and `endpoint` if the chunks have them.
 * @param chunks all with the columns of the first
 * @param endpointNames what `endpoint` of a chunk points into
 */
export function* csvText(
  chunks: Iterable<WorkloadChunk>,
  endpointNames: readonly string[] = [],
): Generator<string, void> {
  const fields = endpointNames.map(csvField);
  let begun = false;
  for (const chunk of chunks) {
    const columns = columnsOf(chunk, fields);
    let text = begun ? '' : `${columns.map(({ name }) => name).join(',')}\n`;
    for (let i = 0; i < chunk.count; i++) {
      text += columns[0]!.textOf(i);
      for (let k = 1; k < columns.length; k++) text += `,${columns[k]!.textOf(i)}`;
      text += '\n';
    }
    begun = true;
    yield text;
  }
  if (!begun) yield 'arrival_s,service_s\n';
}

/** `{"arrival_s":0.500000,"service_s":1.250000}` on each line; otherwise as `csvText`. */
export function* jsonlText(
  chunks: Iterable<WorkloadChunk>,
  endpointNames: readonly string[] = [],
): Generator<string, void> {
  const fields = endpointNames.map((name) => JSON.stringify(name));
  for (const chunk of chunks) {
    const columns = columnsOf(chunk, fields).map(({ name, textOf }) => ({
      key: `"${name}":`,
      textOf,
    }));
    let text = '';
    for (let i = 0; i < chunk.count; i++) {
      text += `{${columns[0]!.key}${columns[0]!.textOf(i)}`;
      for (let k = 1; k < columns.length; k++) {
        text += `,${columns[k]!.key}${columns[k]!.textOf(i)}`;
      }
      text += '}\n';
    }
    yield text;
  }
}

interface TextColumn {
  readonly name: string;
  readonly textOf: (row: number) => string;
}

/** @param fields endpoints as they are written */
function columnsOf(
  { arrivalUs, serviceUs, inputTokens, cachedTokens, outputTokens, endpoint }: WorkloadChunk,
  fields: readonly string[],
): TextColumn[] {
  const columns: TextColumn[] = [
    { name: 'arrival_s', textOf: (i) => seconds(arrivalUs[i]!) },
    { name: 'service_s', textOf: (i) => seconds(serviceUs[i]!) },
  ];
  if (inputTokens) columns.push({ name: 'input_tokens', textOf: (i) => `${inputTokens[i]!}` });
  if (cachedTokens) columns.push({ name: 'cached_tokens', textOf: (i) => `${cachedTokens[i]!}` });
  if (outputTokens) columns.push({ name: 'output_tokens', textOf: (i) => `${outputTokens[i]!}` });
  if (endpoint) columns.push({ name: 'endpoint', textOf: (i) => fields[endpoint[i]!]! });
  return columns;
}

/** RFC 4180. */
function csvField(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export interface AccessLogOptions {
  /** Time 0 in microseconds since 1970. */
  readonly startAtEpochUs: number;
  /** East of UTC, of the stamps. */
  readonly zoneOffsetMin: number;
  /** What `endpoint` of a chunk points into; the paths of the requests. */
  readonly endpointNames?: readonly string[];
}

const PATH_WITHOUT_ENDPOINT = '/v1/chat/completions';

/**
 * nginx's combined format with `$request_time` behind it, in the order of the ends, of which the stamps are. The path of a
 * request is its endpoint. Hosts and sizes are made from the row's number, tokens have no place. Only requests in flight
 * are kept.
 */
export function* accessLogText(
  chunks: Iterable<WorkloadChunk>,
  { startAtEpochUs, zoneOffsetMin, endpointNames = [] }: AccessLogOptions,
): Generator<string, void> {
  const stamp = new StampText(zoneOffsetMin);
  const paths = endpointNames.map(pathOf);
  const inFlight = new Ends();
  let row = 0;
  const line = ({ endUs, serviceUs, row, path }: Ending) =>
    `${hostOf(row)} - - [${stamp.of(startAtEpochUs + endUs)}] "POST ${path} HTTP/1.1" 200 ${
      600 + (hash(row) % 7400)
    } "-" "openai-python/1.52.0" ${decimal(Math.round(serviceUs / US_PER_MS), 3)}\n`;
  for (const { count, arrivalUs, serviceUs, endpoint } of chunks) {
    let text = '';
    for (let i = 0; i < count; i++, row++) {
      while (inFlight.first !== null && inFlight.first.endUs <= arrivalUs[i]!) {
        text += line(inFlight.take());
      }
      const path = endpoint === undefined ? PATH_WITHOUT_ENDPOINT : paths[endpoint[i]!]!;
      inFlight.add({
        endUs: arrivalUs[i]! + serviceUs[i]!,
        serviceUs: serviceUs[i]!,
        row,
        path,
      });
    }
    yield text;
  }
  while (inFlight.first !== null) yield line(inFlight.take());
}

/** What a path may have as it is, RFC 3986, 3.3: escapes are so written already. */
const PATH_PARTS = /%[\dA-Fa-f]{2}|[\w.~!$&'()*+,;=:@/-]+/g;

/** With a slash before it, of which there may be one already; what a path may not have is percent-encoded. */
function pathOf(endpoint: string): string {
  let path = endpoint.startsWith('/') ? '' : '/';
  let at = 0;
  for (const { 0: part, index } of endpoint.matchAll(PATH_PARTS)) {
    path += encoded(endpoint.slice(at, index)) + part;
    at = index + part.length;
  }
  return path + encoded(endpoint.slice(at));
}

function encoded(text: string): string {
  const bytes = [...new TextEncoder().encode(text)];
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
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
  readonly path: string;
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
