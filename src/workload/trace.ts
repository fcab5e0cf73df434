/** The requests of a workload as columns, in arrival order, and what reading them found. */
import type { Span } from '../engine/scenario.ts';

export interface Trace {
  readonly count: number;
  /** Integer microseconds, ascending; 0 is a relative trace's zero, a stamped one's first arrival, or where a window begins. */
  readonly arrivalUs: Float64Array;
  /**
   * Integer microseconds; null where the trace has no durations, NaN for a request without one: refused, failed or
   * not logged, so that nobody knows how long it would have taken.
   */
  readonly serviceUs: Float64Array | null;
  readonly inputTokens: Float64Array | null;
  /** Of the input tokens, those that were cached. */
  readonly cachedTokens: Float64Array | null;
  readonly outputTokens: Float64Array | null;
  /** Index into `endpointNames`; null where all requests name the same. */
  readonly endpoint: Int32Array | null;
  readonly endpointNames: readonly string[];
  /** HTTP status, 0 where the log has none; null where the trace has no such column. */
  readonly status: Int32Array | null;
  /** Time 0 in microseconds since 1970, UTC; null for relative times. */
  readonly firstAtUs: number | null;
  /** How far east of UTC the first request's stamp was written; null where it names no zone. */
  readonly zoneOffsetMin: number | null;
  /** What is observed: first to last arrival, or the window that was asked for. */
  readonly period: Span;
  readonly report: TraceReport;
}

/** A line that was no request, for people to look at: control characters removed, cut to a readable length. */
export interface SkippedLine {
  /** From 1. */
  readonly line: number;
  readonly reason: string;
}

export interface TraceReport {
  /** Of the file or files, as given. */
  readonly name: string;
  /** In words: `nginx combined + $request_time`. */
  readonly format: string;
  /** Why it was read so: `detected: 1,000 of 1,000 lines fit`. */
  readonly why: string;
  /** All lines, headers, comments and blank ones too. */
  readonly lines: number;
  readonly requests: number;
  /** Lines that are no requests and not damaged: headers, comments, what else such logs hold; blank ones are not counted. */
  readonly others: number;
  /** Damaged lines; all are counted, the first few are kept. */
  readonly skipped: { readonly lines: number; readonly examples: readonly SkippedLine[] };
  /** Lines whose stamp lies before that of an earlier line. A log of ends is in order if its ends are. */
  readonly reordered: number;
  /** Requests that `where` left out; not among `requests`. */
  readonly leftOut: number;
  /** Requests without a duration in a log that has them: refused, failed or not logged. */
  readonly missing: number;
  /** All stamps are whole multiples of it: 1,000,000 for whole seconds, 1,000 for milliseconds, else 1; a format's own interval where it counts by minutes, say. */
  readonly resolutionUs: number;
  /** What was done to the requests after reading, a sentence each: `window`, `rateScale`, `spread`, ... */
  readonly shaping: readonly string[];
  /** What the log's stamps mark; `end` where arrival is stamp minus duration. */
  readonly stampedAt: 'start' | 'end';
  /** Where the durations come from; null where there are none. */
  readonly durations: string | null;
  readonly warnings: readonly string[];
}
