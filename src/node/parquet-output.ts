/**
 * Requests as a Parquet file, of columns as the text of a trace has them. Times are integers of microseconds, `arrival_us`
 * and `service_us`, which are exact and pack well by their differences.
 */
import type { ColumnSource } from 'hyparquet-writer';
import type { WorkloadChunk } from '../workload/workload.ts';
import { writeBytes } from './output.ts';
import { ParquetPieces, parquetLibrary } from './parquet-pieces.ts';

/** A row group, and what is held. */
const GROUP_ROWS = 2 ** 17;

/**
 * @param chunks all with the columns of the first
 * @param endpointNames what `endpoint` of a chunk points into
 * @throws UserError as `writePieces`
 */
export async function writeParquet(
  chunks: Iterable<WorkloadChunk>,
  path: string | null,
  overwrite: boolean,
  endpointNames: readonly string[] = [],
): Promise<void> {
  const pieces = new ParquetPieces(await parquetLibrary());
  await writeBytes(parquetBytes(pieces, chunks, endpointNames), path, overwrite);
}

function* parquetBytes(
  pieces: ParquetPieces,
  chunks: Iterable<WorkloadChunk>,
  endpointNames: readonly string[],
): Generator<Uint8Array, void> {
  const group = new RowGroup(endpointNames);
  for (const chunk of chunks) {
    for (let from = 0; from < chunk.count; ) {
      from = group.fill(chunk, from);
      if (group.full) yield pieces.group(group.take(), GROUP_ROWS);
    }
  }
  if (!pieces.isBegun || group.rows > 0) yield pieces.group(group.take(), GROUP_ROWS);
  yield pieces.end();
}

/** Rows on their way into a row group. */
class RowGroup {
  rows = 0;
  readonly #endpointNames: readonly string[];
  readonly #arrivalUs = new BigInt64Array(GROUP_ROWS);
  readonly #serviceUs = new BigInt64Array(GROUP_ROWS);
  #inputTokens: BigInt64Array | null = null;
  #cachedTokens: BigInt64Array | null = null;
  #outputTokens: BigInt64Array | null = null;
  #endpoint: string[] | null = null;

  constructor(endpointNames: readonly string[]) {
    this.#endpointNames = endpointNames;
  }

  get full(): boolean {
    return this.rows === GROUP_ROWS;
  }

  /** Takes rows as long as there is room. @returns the first that is left */
  fill(chunk: WorkloadChunk, from: number): number {
    const { inputTokens, cachedTokens, outputTokens, endpoint } = chunk;
    if (inputTokens) this.#inputTokens ??= new BigInt64Array(GROUP_ROWS);
    if (cachedTokens) this.#cachedTokens ??= new BigInt64Array(GROUP_ROWS);
    if (outputTokens) this.#outputTokens ??= new BigInt64Array(GROUP_ROWS);
    if (endpoint) this.#endpoint ??= [];
    const to = Math.min(chunk.count, from + GROUP_ROWS - this.rows);
    for (let i = from; i < to; i++, this.rows++) {
      this.#arrivalUs[this.rows] = BigInt(chunk.arrivalUs[i]!);
      this.#serviceUs[this.rows] = BigInt(chunk.serviceUs[i]!);
      if (inputTokens) this.#inputTokens![this.rows] = BigInt(inputTokens[i]!);
      if (cachedTokens) this.#cachedTokens![this.rows] = BigInt(cachedTokens[i]!);
      if (outputTokens) this.#outputTokens![this.rows] = BigInt(outputTokens[i]!);
      if (endpoint) this.#endpoint!.push(this.#endpointNames[endpoint[i]!]!);
    }
    return to;
  }

  /** The columns of the rows; they hold until the next are filled in. */
  take(): ColumnSource[] {
    const { rows } = this;
    const integers = (name: string, data: BigInt64Array | null): ColumnSource[] =>
      data === null
        ? []
        : [
            {
              name,
              data: data.subarray(0, rows),
              type: 'INT64',
              nullable: false,
              encoding: 'DELTA_BINARY_PACKED',
            },
          ];
    const endpoint: ColumnSource[] =
      this.#endpoint === null
        ? []
        : [{ name: 'endpoint', data: this.#endpoint, type: 'STRING', nullable: false }];
    this.rows = 0;
    this.#endpoint = this.#endpoint === null ? null : [];
    return [
      ...integers('arrival_us', this.#arrivalUs),
      ...integers('service_us', this.#serviceUs),
      ...integers('input_tokens', this.#inputTokens),
      ...integers('cached_tokens', this.#cachedTokens),
      ...integers('output_tokens', this.#outputTokens),
      ...endpoint,
    ];
  }
}
