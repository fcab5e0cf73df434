/**
 * The rows of a trace by deployment, handed on when a deployment has many: what it needs then comes into the cache once
 * for all of them. With a thousand deployments the rows that one of them has in a chunk are few.
 */
import type { TraceChunk } from './scenario.ts';

/** Rows of a deployment that run together; 2 KiB, or 5 with tokens. */
const ROWS = 128;
const COLUMNS = ['arrivalUs', 'serviceUs', 'inputTokens', 'cachedTokens', 'outputTokens'] as const;
type Columns = { [name in (typeof COLUMNS)[number]]?: Float64Array };

export class GatheredRows {
  private readonly counts: Int32Array;
  /** ROWS of each deployment after those of the one before. */
  private readonly columns: Columns = {};
  private readonly run: (deployment: number, rows: TraceChunk) => void;

  /** @param run takes the rows of one deployment, in their order, before it returns */
  constructor(deployments: number, run: (deployment: number, rows: TraceChunk) => void) {
    this.counts = new Int32Array(deployments);
    this.run = run;
  }

  /** @param deployment of each row, below 0: of none of these; null: all go to the first */
  add(chunk: TraceChunk, deployment: Int32Array | null): void {
    const { counts } = this;
    const copies: { from: Float64Array; to: Float64Array }[] = [];
    for (const name of COLUMNS) {
      const from = chunk[name] ?? null;
      if (from === null) continue;
      this.columns[name] ??= new Float64Array(counts.length * ROWS);
      copies.push({ from, to: this.columns[name] });
    }
    for (let row = 0; row < chunk.count; row++) {
      const of = deployment === null ? 0 : deployment[row]!;
      if (of < 0) continue;
      const place = of * ROWS + counts[of]!++;
      for (const { from, to } of copies) to[place] = from[row]!;
      if (counts[of] === ROWS) this.release(of);
    }
  }

  /** Hands on what is left. */
  end(): void {
    for (let of = 0; of < this.counts.length; of++) if (this.counts[of]! > 0) this.release(of);
  }

  private release(of: number): void {
    const count = this.counts[of]!;
    const part = (column: Float64Array) => column.subarray(of * ROWS, of * ROWS + count);
    const optional = (column?: Float64Array) => (column === undefined ? null : part(column));
    const { arrivalUs, serviceUs, inputTokens, cachedTokens, outputTokens } = this.columns;
    this.counts[of] = 0;
    this.run(of, {
      count,
      arrivalUs: part(arrivalUs!),
      serviceUs: part(serviceUs!),
      inputTokens: optional(inputTokens),
      cachedTokens: optional(cachedTokens),
      outputTokens: optional(outputTokens),
    });
  }
}
