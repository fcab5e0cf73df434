/** What a run counted: integers only, nothing priced, nothing divided. Sums that may pass 2^53 are bigints. */

import type { KeptServices } from './kept-services.ts';
import type { PathCounts } from './start-paths.ts';

/** A log-linear histogram's content: see histogram.ts for what its buckets mean. */
export interface HistogramCounts {
  /** Up to the bucket of the greatest value. */
  readonly counts: Float64Array;
  readonly total: number;
  readonly minUs: number;
  readonly maxUs: number;
  readonly sumUs: bigint;
}

/** One meter's time: what was used, and what is paid after minimum and rounding. */
export interface MeterReading {
  readonly usedUs: bigint;
  readonly paidUs: bigint;
}

/**
 * What keeps those who wait without a promise from one: the pool's `max`, the start rate, a controller that wants no more,
 * the GPUs of an account, or how many requests an account lets in at once.
 */
export const LIMITS = ['max', 'rate', 'target', 'account-gpus', 'account-concurrency'] as const;
export type Limit = (typeof LIMITS)[number];

/** The meters of a pool at an instant, or between two. Replica times are integrals over replicas. */
export interface Reading {
  readonly atUs: number;
  readonly startingUs: bigint;
  readonly idleUs: bigint;
  /** Of idle: what the floor asks for, the integral of max(0, min - busy). */
  readonly idleKeptUs: bigint;
  readonly busyUs: bigint;
  readonly drainingUs: bigint;
  /** The integral of `replicas.min`. */
  readonly floorUs: bigint;
  /** The integral of min(ready, min): of it, what is ready. */
  readonly heldUs: bigint;
  /** Requests in service, integrated. */
  readonly inServiceUs: bigint;
  /** Requests that wait and hold a promise, integrated; and those that hold none. */
  readonly waitForStartUs: bigint;
  readonly waitForLimitUs: bigint;
  /** Of those with a promise: who waits for a replica that a shortage holds back. */
  readonly shortageUs: bigint;
  /** Of those without: by what keeps them from one, in the order of LIMITS. */
  readonly limitUs: readonly bigint[];
  /** Starting time by phase. */
  readonly phaseUs: readonly bigint[];
  /** As in the scenario's meters. */
  readonly meters: readonly MeterReading[];
  readonly completed: number;
  /** Requests, and attempts of them, that arrived. */
  readonly arrived: number;
  readonly attempts: number;
  /** Of completed requests, where the scenario counts them. */
  readonly inputTokens: bigint;
  /** Of the input tokens: those that a cache had. */
  readonly cachedTokens: bigint;
  readonly outputTokens: bigint;
  readonly starts: number;
  readonly scheduledStarts: number;
}

export interface RequestCounts {
  readonly arrived: number;
  readonly completed: number;
  readonly rejected: number;
  readonly timedOut: number;
  /** Of completed: those that the client no longer waited for. */
  readonly late: number;
  /** Attempts after the first. */
  readonly retries: number;
  /** Of completed: those whose replica was not ready when the attempt arrived. */
  readonly cold: number;
}

/** A time line has so many intervals at most, however long the run. */
export const MOST_INTERVALS = 1_000_000;

/** Time means over intervals of `intervalUs`; the last one ends with the run, were it the last of the most there may be. */
export interface Timeline {
  readonly intervalUs: number;
  readonly starting: Float64Array;
  readonly idle: Float64Array;
  readonly busy: Float64Array;
  readonly draining: Float64Array;
  readonly waiting: Float64Array;
  /** Of a pool with a controller, at the end of each interval: how many replicas it wants, and the signal that it read. */
  readonly controlled: { readonly desired: Float64Array; readonly signal: Float64Array } | null;
}

/** Counts of requests by the hour of their arrival; and what the pool's readings come to in each hour. */
export const HOUR_REQUESTS = [
  'arrived',
  'completed',
  'rejected',
  'timedOut',
  'late',
  'cold',
] as const;
export type HourRequest = (typeof HOUR_REQUESTS)[number];
export const HOUR_FIGURES = [
  'startingUs',
  'idleUs',
  'idleKeptUs',
  'busyUs',
  'drainingUs',
  'floorUs',
  'heldUs',
  'completed',
  'arrived',
  'attempts',
  'inputTokens',
  'cachedTokens',
  'outputTokens',
  'starts',
  'scheduledStarts',
] as const satisfies readonly (keyof Reading)[];
export type HourFigure = (typeof HOUR_FIGURES)[number];

export interface MeterHours {
  readonly usedUs: Float64Array;
  readonly paidUs: Float64Array;
}

/** Columns by hour of the clock; the first begins and the last ends with the measured span. */
export interface HourCounts {
  /** Where each begins, and where the last ends. */
  readonly edgesUs: Float64Array;
  /** Those that arrive after the last edge count in the last hour. */
  readonly requests: Readonly<Record<HourRequest, Float64Array>>;
  readonly withinLatency: readonly Float64Array[];
  readonly withinWait: readonly Float64Array[];
  readonly figures: Readonly<Record<HourFigure, Float64Array>>;
  readonly meters: readonly MeterHours[];
}

/** What went wrong with replicas, and with what they served. */
export interface Mishaps {
  readonly failedStarts: number;
  readonly preemptions: number;
  readonly crashes: number;
  /** Attempts that a replica did not finish. */
  readonly interrupted: number;
}

/** Why an attempt timed out: it waited for a start, or for a limit; its service was cut; its client had gone. */
export const TIMEOUTS = ['for-start', 'for-limit', 'in-service', 'client-gone'] as const;
export type Timeout = (typeof TIMEOUTS)[number];

/** Replicas that left because nothing needed them, and how long after that demand started one again. */
export interface Returns {
  readonly departures: number;
  /** Of each start on demand: the time since the latest departure that no other start had taken; null over none. */
  readonly gaps: HistogramCounts | null;
}

export interface RunTotals {
  /** Requests that arrived within `measure`, or all. */
  readonly requests: RequestCounts;
  readonly latency: HistogramCounts;
  readonly wait: HistogramCounts;
  /** Requests served in time for their client, at or below each threshold of the scenario. */
  readonly withinLatency: readonly number[];
  readonly withinWait: readonly number[];
  /** Between the edges of `measure`, or the whole run. */
  readonly whole: Reading;
  /** Within the observed period, or within `measure`. */
  readonly observed: Reading;
  readonly observedUs: number;
  /** Most replicas at once, starting ones included. */
  readonly peakReplicas: number;
  /** Started on demand or by schedule, never served. */
  readonly unusedStarts: number;
  /** Of the replicas that were there at time 0: those that are still there at the end and never served. */
  readonly unusedKept: number;
  readonly returns: Returns;
  /** Attempts timed out over the whole run, in the order of TIMEOUTS. */
  readonly timeouts: readonly number[];
  /** Over the whole run. */
  readonly mishaps: Mishaps;
  /** How many starts took which way, over the whole run, and how long it took: the start phases as they stand are `cold`. */
  readonly startPaths: readonly PathCounts[];
  /** Attempts refused over the whole run, in the order of REFUSALS. */
  readonly refusals: readonly number[];
  /** Requests that still waited when nothing could ever serve them: timed out at the end. */
  readonly stranded: number;
  /** What became of pings. */
  readonly pings: RequestCounts | null;
  readonly horizonUs: number;
  /** The extremes that prove a limit was never reached; each over the whole run. */
  readonly reached: {
    readonly replicas: number;
    readonly waiting: number;
    /** Longest wait of one attempt in the queue. */
    readonly queueUs: number;
    readonly serviceUs: number;
    /** Longest first-attempt-to-end latency. */
    readonly latencyUs: number;
  };
  readonly timeline: Timeline | null;
  readonly hours: HourCounts | null;
  /** Of one pool, where the scenario asks for it. */
  readonly kept: KeptServices | null;
  readonly events: number;
  /** Hash of (time, kind, state) over all events, 32 bit. */
  readonly fingerprint: number;
}
