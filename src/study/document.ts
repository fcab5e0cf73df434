/**
 * The JSON that coldfront prints: these keys, in this order, are a contract. Units are in the names (S seconds, Usd
 * dollars); a figure over no requests is null, never 0. Keys may be added, none renamed.
 */
import type { Cost } from '../platform/cost.ts';
import type { Json } from './json.ts';

export type { Cost, CostLine } from '../platform/cost.ts';

export type Figure = number | null;
/** Lower and upper end of a 95 % interval. */
export type Interval = readonly [number, number];
/** The overrides that make a row of a grid: path to value. */
export type Varied = Readonly<Record<string, Json>>;

export interface QuantilesS {
  readonly mean: Figure;
  readonly p50: Figure;
  readonly p90: Figure;
  readonly p95: Figure;
  readonly p99: Figure;
  readonly p999: Figure;
  readonly max: Figure;
}

export interface ObjectiveResult {
  readonly objective: string;
  readonly met: boolean;
  /** The figure itself; of latency and wait over all that arrived, null where that is infinitely late. */
  readonly value: Figure;
  /** Of objectives on latency and wait: the share of all that arrived within the threshold. */
  readonly share: Figure;
  /** Why a figure of a result is null; left out where it is known. */
  readonly why?: string;
}

export interface SloResult {
  readonly met: boolean;
  readonly failed: readonly string[];
  readonly objectives: readonly ObjectiveResult[];
}

/** Means over each interval of the run. */
export interface TimelineS {
  readonly intervalS: number;
  readonly starting: readonly number[];
  readonly idle: readonly number[];
  readonly busy: readonly number[];
  readonly waiting: readonly number[];
  readonly draining: readonly number[];
  /** With a controller, at each interval's end: how many replicas it wants, and what it read; null where that is nothing. */
  readonly desired?: readonly number[];
  readonly signal?: readonly Figure[];
}

export interface Advice {
  /** `idle-window-thrashes`: a rule of advice.ts. */
  readonly rule: string;
  readonly line: string;
  /** Of the study: what one would change. */
  readonly keys: readonly string[];
  /** Only where the run's own numbers give it; what is only estimated is in the line alone. */
  readonly saves?: {
    readonly usdPerMonth: number;
    readonly bound: 'exact' | 'at most' | 'at least';
  };
}

export interface Result {
  readonly schema: 'coldfront.result.v1';
  readonly name: string;
  readonly vary: Varied;
  readonly seed: string;
  readonly replications: number;
  /** The grid index of the configuration that was run in its stead. */
  readonly provedEqualTo: number | null;
  readonly requests: {
    readonly arrived: number;
    readonly completed: number;
    readonly rejected: number;
    readonly timedOut: number;
    readonly late: number;
    readonly retries: number;
    /** Rejected, timed out or late, of arrived. */
    readonly failedFraction: Figure;
  };
  readonly coldStarts: {
    readonly starts: number;
    readonly requests: number;
    readonly fraction: Figure;
  };
  readonly latencyS: QuantilesS;
  readonly waitS: QuantilesS & {
    readonly sum: number;
    readonly forStart: number;
    readonly forLimit: number;
  };
  readonly replicas: {
    readonly mean: Figure;
    readonly peak: number;
    readonly starts: number;
    readonly scheduledStarts: number;
    readonly unusedStarts: number;
  };
  readonly replicaTimeS: {
    readonly starting: number;
    readonly idle: number;
    readonly idleKept: number;
    readonly busy: number;
    readonly draining: number;
    readonly total: number;
  };
  readonly utilization: Figure;
  /** With more than one slot a replica: requests in service over slots. */
  readonly slotUtilization?: Figure;
  readonly horizonS: number;
  readonly observedS: number;
  /** null without a price; a warning says why. */
  readonly cost: Cost | null;
  /** By the path of the figure; null where nothing is drawn or there is one replication: `ci95Why` says which. */
  readonly ci95: Readonly<Record<string, Interval>> | null;
  readonly ci95Why: string | null;
  readonly slo: SloResult | null;
  readonly timeline?: TimelineS;
  /** How many starts took which way, as they are tried; meanS over those that became ready. Left out with one way. */
  readonly startPaths?: readonly {
    readonly path: string;
    readonly starts: number;
    readonly meanS: Figure;
  }[];
  /** What went wrong with replicas; `interrupted` are attempts that a replica did not finish. Left out where nothing can. */
  readonly mishaps?: {
    readonly failedStarts: number;
    readonly preemptions: number;
    readonly crashes: number;
    readonly interrupted: number;
  };
  /** Attempts refused, by reason, and what their clients got. Left out where none were. */
  readonly refusals?: Readonly<Record<string, number>>;
  readonly refusalCode?: number | string;
  /** Requests that waited when nothing was to come that could serve them: timed out, and left out where there are none. */
  readonly stranded?: number;
  readonly pings?: {
    readonly sent: number;
    readonly completed: number;
    readonly cold: number;
    readonly failed: number;
  };
  /** With several pools, in their order: requests are those that ended in one, or whom none took in the first. */
  readonly pools?: readonly PoolResult[];
  /** With `endpoints`: each of the trace's own deployments. */
  readonly endpoints?: readonly EndpointResult[];
  /** What the result rests on and what is missing: thrashing, slots as fast as one, no price, inferred figures. */
  readonly warnings: readonly string[];
  readonly engine: {
    readonly events: number;
    readonly seconds: number;
    readonly requestsPerSecond: Figure;
  };
  /** What the run shows that should change, most important first. */
  readonly advice: readonly Advice[];
}

export interface PoolResult
  extends Pick<Result, 'requests' | 'coldStarts' | 'replicas' | 'replicaTimeS' | 'utilization'> {
  /** Left out where one deployment serves all. */
  readonly endpoint?: string;
  readonly name: string;
  readonly platform: string | null;
  /** What several pools of an account pay by the month stands with them in their order; pools add up to the whole. */
  readonly cost: Cost | null;
}

export interface EndpointResult
  extends Pick<Result, 'requests' | 'coldStarts' | 'latencyS' | 'waitS' | 'utilization'> {
  readonly name: string;
  readonly cost: Cost | null;
}

export interface LeftOut {
  readonly vary: Varied;
  readonly reason: string;
}

/** One objective of a candidate on fresh seeds: the one-sided bound must lie on the right side of `needed`. */
export interface Confirmed {
  readonly objective: string;
  readonly holds: boolean;
  readonly estimate: Figure;
  readonly bound: Figure;
  readonly needed: number;
}

/** One candidate, cheapest first, run again on seeds that no search saw. */
export interface Confirmation {
  readonly index: number;
  readonly seed: string;
  readonly replications: number;
  /** The chance that this candidate passes although it breaks the SLO: 2^-j x 5 % for the j-th. */
  readonly error: number;
  readonly holds: boolean;
  readonly objectives: readonly Confirmed[];
}

export interface SweepDocument {
  readonly schema: 'coldfront.sweep.v1';
  readonly name: string;
  /** In grid order. */
  readonly results: readonly Result[];
  readonly leftOut: readonly LeftOut[];
  /** Indexes of the results that no other beats in both cost an hour (without prices: replica time) and p99 latency. */
  readonly front: readonly number[];
  readonly cheapestWithinSlo: number | null;
  /** The row of what runs today. */
  readonly current: number | null;
  /** In the order of trial; null where there are no objectives or nothing is drawn. */
  readonly confirmations: readonly Confirmation[] | null;
}
