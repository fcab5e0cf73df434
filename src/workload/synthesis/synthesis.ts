/** Traffic made from a seed, chunk by chunk: arrivals, then whom they name, how long they are and how long they take. */
import { assert } from '../../base/errors.ts';
import { keyed, streamOf, type Uniforms } from '../../base/random.ts';
import { type CompiledService, compileService, drawsService } from '../service.ts';
import { CHUNK_ROWS, type WorkloadChunk } from '../workload-chunk.ts';
import type { ArrivalStream, Streams } from './arrival-stream.ts';
import { arrivalLabel, drawsArrivals, openArrivals } from './arrivals.ts';
import { Alternatives } from './popularity.ts';
import { type ColumnSet, columnsOf, type SynthesisSpec, sourcesOf } from './synthesis-spec.ts';
import { TokenDraws } from './tokens.ts';

export type { SynthesisSpec };

/** Before there is a seed: what differs from replication to replication. */
export function synthesisDraws(spec: SynthesisSpec): { arrivals: boolean; service: boolean } {
  const tokens = sourcesOf(spec).flatMap((source) => [source.tokens?.input, source.tokens?.output]);
  return {
    arrivals: drawsArrivals(spec.arrivals),
    service:
      drawsService(spec.service) ||
      tokens.some((one) => one !== undefined && one !== null && new TokenDraws(one).drawn),
  };
}

/** Everything but the luck. */
export class Synthesis {
  readonly endpointNames: readonly string[];
  readonly #spec: SynthesisSpec;
  readonly #columns: ColumnSet;
  readonly #kinds: readonly Kind[];

  /** @throws UserError if the requests lack what the service times need */
  constructor(spec: SynthesisSpec) {
    assert(spec.service.kind !== 'trace', 'synthesis without service times');
    const sources = sourcesOf(spec);
    const columns = columnsOf(sources);
    const service = compileService(spec.service, {
      name: arrivalLabel(spec.arrivals),
      ...columns,
    });
    const position = new Map(columns.endpointNames.map((name, i) => [name, i]));
    // Clients often have their lengths from the workload: each law is laid out once.
    const laws = new Map<unknown, unknown>();
    const once = <K, V>(key: K, make: (key: K) => V): V => {
      if (!laws.has(key)) laws.set(key, make(key));
      return laws.get(key) as V;
    };
    const marked = spec.arrivals.process === 'counts';
    this.#kinds = sources.map(({ popularity, tokens }) => ({
      endpoint:
        popularity === null || marked
          ? null
          : once(
              popularity,
              ({ names, shares }) =>
                new Naming(
                  names.map((name) => position.get(name)!),
                  shares,
                ),
            ),
      input: tokens?.input ? once(tokens.input, (one) => new TokenDraws(one)) : null,
      output: tokens?.output ? once(tokens.output, (one) => new TokenDraws(one)) : null,
      service,
    }));
    this.endpointNames = columns.endpointNames;
    this.#spec = spec;
    this.#columns = columns;
  }

  *chunks(seed: string, replication: number): Generator<WorkloadChunk, void> {
    const { arrivals, durationUs, requests } = this.#spec;
    const most = requests ?? Number.POSITIVE_INFINITY;
    const endUs = durationUs ?? Number.POSITIVE_INFINITY;
    const streams: Streams = (purpose) => streamOf(seed, replication, purpose);
    const clientStreams = (client: number): Streams => {
      return (purpose) => keyed(seed, replication, purpose, client, 0);
    };
    const stream = openArrivals(arrivals, streams, clientStreams);
    const arrivalUs = new Float64Array(CHUNK_ROWS);
    const rows = new Rows(this.#columns);
    const byClient = arrivals.process === 'clients';
    const draws = this.#kinds.map(
      (kind, i) => new Draws(kind, byClient ? clientStreams(i) : streams),
    );
    const marks = byClient || arrivals.process === 'counts' ? new Int32Array(CHUNK_ROWS) : null;
    const fill = byClient ? new ClientRows(this.#columns, draws, marks!) : null;
    for (let made = 0, more = true; more; ) {
      const room = Math.min(CHUNK_ROWS, most - made);
      const count =
        marks === null
          ? take(stream, room, endUs, arrivalUs)
          : takeMarked(stream, room, endUs, arrivalUs, marks);
      if (fill !== null) fill.fill(count, rows);
      else {
        if (marks !== null && rows.endpoint !== null) rows.endpoint.set(marks.subarray(0, count));
        draws[0]!.fill(count, rows);
      }
      made += count;
      more = count === CHUNK_ROWS && made < most;
      if (count > 0) yield { count, arrivalUs, ...rows.chunk };
    }
  }
}

function take(stream: ArrivalStream, room: number, endUs: number, into: Float64Array): number {
  let count = 0;
  while (count < room && (into[count] = stream.nextUs()) < endUs) count++;
  return count;
}

function takeMarked(
  stream: ArrivalStream,
  room: number,
  endUs: number,
  into: Float64Array,
  marks: Int32Array,
): number {
  let count = 0;
  while (count < room && (into[count] = stream.nextUs()) < endUs) marks[count++] = stream.mark;
  return count;
}

/** Columns of a chunk that are used again and again. */
class Rows {
  readonly endpoint: Int32Array | null;
  readonly inputTokens: Float64Array | null;
  readonly outputTokens: Float64Array | null;
  readonly serviceUs = new Float64Array(CHUNK_ROWS);

  constructor({ endpointNames, inputTokens, outputTokens }: ColumnSet) {
    this.endpoint = endpointNames.length > 0 ? new Int32Array(CHUNK_ROWS) : null;
    this.inputTokens = inputTokens ? new Float64Array(CHUNK_ROWS) : null;
    this.outputTokens = outputTokens ? new Float64Array(CHUNK_ROWS) : null;
  }

  get chunk(): Omit<WorkloadChunk, 'count' | 'arrivalUs'> {
    const { endpoint, inputTokens, outputTokens, serviceUs } = this;
    return {
      serviceUs,
      ...(endpoint !== null && { endpoint }),
      ...(inputTokens !== null && { inputTokens }),
      ...(outputTokens !== null && { outputTokens }),
    };
  }
}

/** What one of a kind's requests is drawn from. */
interface Kind {
  readonly endpoint: Naming | null;
  readonly input: TokenDraws | null;
  readonly output: TokenDraws | null;
  readonly service: CompiledService;
}

/** An endpoint by its popularity. */
class Naming {
  readonly #positions: Int32Array;
  readonly #which: Alternatives | null;

  constructor(positions: readonly number[], shares: readonly number[]) {
    this.#positions = Int32Array.from(positions);
    this.#which = positions.length > 1 ? new Alternatives(shares) : null;
  }

  fill(count: number, uniforms: Uniforms, into: Int32Array): void {
    const positions = this.#positions;
    if (this.#which === null) {
      into.fill(positions[0]!, 0, count);
      return;
    }
    this.#which.fill(count, uniforms, into);
    for (let i = 0; i < count; i++) into[i] = positions[into[i]!]!;
  }
}

/** A kind with its luck. */
class Draws {
  readonly #kind: Kind;
  readonly #endpoint: Uniforms;
  readonly #input: Uniforms;
  readonly #output: Uniforms;
  readonly #service: Uniforms;

  constructor(kind: Kind, streams: Streams) {
    this.#kind = kind;
    this.#endpoint = streams('endpoint');
    this.#input = streams('input-tokens');
    this.#output = streams('output-tokens');
    this.#service = streams('service');
  }

  fill(count: number, rows: Rows): void {
    const { endpoint, input, output, service } = this.#kind;
    if (rows.endpoint !== null) endpoint?.fill(count, this.#endpoint, rows.endpoint);
    if (rows.inputTokens !== null) input?.fill(count, this.#input, rows.inputTokens);
    if (rows.outputTokens !== null) output?.fill(count, this.#output, rows.outputTokens);
    const { inputTokens, outputTokens } = rows;
    const columns = { count, endpoint: rows.endpoint, inputTokens, outputTokens };
    service.fill(columns, this.#service, rows.serviceUs);
  }
}

/** A chunk's rows client by client, each drawn from its own streams, put back where they belong. */
class ClientRows {
  readonly #own: Rows;
  readonly #draws: readonly Draws[];
  readonly #marks: Int32Array;
  /** Where the rows of each client begin in `order`. */
  readonly #from: Int32Array;
  readonly #order = new Int32Array(CHUNK_ROWS);

  constructor(columns: ColumnSet, draws: readonly Draws[], marks: Int32Array) {
    this.#own = new Rows(columns);
    this.#draws = draws;
    this.#marks = marks;
    this.#from = new Int32Array(draws.length + 1);
  }

  fill(count: number, rows: Rows): void {
    const { length } = this.#draws;
    const from = this.#from;
    from.fill(0);
    for (let i = 0; i < count; i++) from[this.#marks[i]! + 1]!++;
    for (let client = 0; client < length; client++) from[client + 1]! += from[client]!;
    // What began as each client's first place becomes the one behind its last.
    for (let i = 0; i < count; i++) this.#order[from[this.#marks[i]!]!++] = i;
    for (let client = 0, at = 0; client < length; client++) {
      const own = from[client]! - at;
      if (own === 0) continue;
      this.#draws[client]!.fill(own, this.#own);
      scatter(this.#own, own, this.#order, at, rows);
      at += own;
    }
  }
}

function scatter(own: Rows, count: number, order: Int32Array, at: number, rows: Rows): void {
  for (let i = 0; i < count; i++) rows.serviceUs[order[at + i]!] = own.serviceUs[i]!;
  const { endpoint, inputTokens, outputTokens } = own;
  if (endpoint !== null) {
    for (let i = 0; i < count; i++) rows.endpoint![order[at + i]!] = endpoint[i]!;
  }
  if (inputTokens !== null) {
    for (let i = 0; i < count; i++) rows.inputTokens![order[at + i]!] = inputTokens[i]!;
  }
  if (outputTokens !== null) {
    for (let i = 0; i < count; i++) rows.outputTokens![order[at + i]!] = outputTokens[i]!;
  }
}
