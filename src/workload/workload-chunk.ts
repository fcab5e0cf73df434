import type { TraceChunk } from '../engine/scenario.ts';

/** A piece of a workload: what the engine needs, and what else is known of its requests. */
export interface WorkloadChunk extends TraceChunk {
  /** Index into `Workload.endpointNames`; left out where all requests name the same. */
  readonly endpoint?: Int32Array;
  /** Whole numbers; left out where they are unknown. */
  readonly inputTokens?: Float64Array;
  /** Of the input tokens. */
  readonly cachedTokens?: Float64Array;
  readonly outputTokens?: Float64Array;
}

/** How many rows a chunk has at most. */
export const CHUNK_ROWS = 16_384;
