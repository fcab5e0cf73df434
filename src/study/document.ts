/**
 * The JSON that coldfront prints: these keys, in this order, are a contract. Units are in the names (S seconds, Usd
 * dollars); a figure over no requests is null, never 0. Keys may be added, none renamed.
 */
import type { Cost } from '../platform/cost.ts';
import type { Bounds } from './bounds/bounds-document.ts';
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
  /** As it is written. */
  readonly objective: string;
  /** Over all replications. */
  readonly met: boolean;
  /** The figure itself; of latency and wait over all that arrived, null where that is infinitely late. */
  readonly value: Figure;
  /** Of objectives on latency and wait: the share of all that arrived within the threshold. */
  readonly share: Figure;
  /** Of the share that the objective lets fail, what has been used: above 1 it is broken; null where none may fail. */
  readonly budgetSpent?: Figure;
  /** Where hours were counted: of those with a request the worst, and in how many the objective holds by itself. */
  readonly worstHour?: {
    readonly at: string | null;
    /** Since time 0. */
    readonly fromS: number;
    readonly share: number;
  };
  readonly hoursMet?: { readonly met: number; readonly of: number };
  /** Why a figure of a result is null; left out where it is known. */
  readonly why?: string;
}

export interface SloResult {
  /** All of them. */
  readonly met: boolean;
  /** Those that are not. */
  readonly failed: readonly string[];
  readonly objectives: readonly ObjectiveResult[];
}

/** Means over each interval of the run. */
export interface TimelineS {
  /** Of each mean; the last one ends with the run. */
  readonly intervalS: number;
  /** When the first begins: time 0; null for relative times. */
  readonly firstAt: string | null;
  readonly starting: readonly number[];
  readonly idle: readonly number[];
  readonly busy: readonly number[];
  readonly waiting: readonly number[];
  readonly draining: readonly number[];
  /** With a controller, at each interval's end: how many replicas it wants, and what it read; null where that is nothing. */
  readonly desired?: readonly number[];
  readonly signal?: readonly Figure[];
}

/** The distributions of latency and wait, over completed requests, at some shares of them. */
export interface CurvesS {
  /** Ascending, in (0, 1): this share took at most as long. */
  readonly share: readonly number[];
  readonly latencyS: readonly Figure[];
  readonly waitS: readonly Figure[];
}

/**
 * What came and what it cost by the hour of the clock, over the observed period: columns of one length. Requests count in
 * the hour of their arrival, replica time and dollars in that in which they accrue; means over replications.
 */
export interface HoursS {
  readonly intervalS: 3600;
  /** When the first begins; null for relative times. */
  readonly firstAt: string | null;
  /** Whose hours and days they are. */
  readonly timeZone: string | null;
  /** 3600, but for the first and the last. */
  readonly lengthS: readonly number[];
  readonly arrived: readonly number[];
  readonly completed: readonly number[];
  readonly cold: readonly number[];
  /** Rejected, timed out or late. */
  readonly failed: readonly number[];
  /** By objective: the requests within its threshold; null where it has none. */
  readonly within: readonly (readonly number[] | null)[];
  /** Of so many: those that arrived, of the objective's endpoint where it names one. */
  readonly withinOf: readonly (readonly number[] | null)[];
  /** What the bill of the observed period comes to, line by line where it accrued; null without a price. */
  readonly usd: readonly number[] | null;
  readonly startingS: readonly number[];
  readonly idleS: readonly number[];
  readonly idleKeptS: readonly number[];
  readonly busyS: readonly number[];
  readonly drainingS: readonly number[];
  /** On demand, and by schedule. */
  readonly starts: readonly number[];
  readonly scheduledStarts: readonly number[];
}

/** What was looked for at the beginning of a steady state, and what was left out. */
export interface WarmUp {
  readonly rule: 'MSER-5';
  /** Up to where the run had not settled; null where it has not by half of it. */
  readonly foundS: Figure;
  readonly cutS: number;
}

/** How narrow intervals were asked for, as a share of their figure, and how narrow they are. */
export interface Precision {
  readonly asked: number;
  readonly isReached: boolean;
  readonly replications: number;
  /** By the cost an hour and each objective. */
  readonly halfWidths: Readonly<Record<string, number>>;
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
  /** Of the study. */
  readonly name: string;
  /** What makes this row: path to value. */
  readonly vary: Varied;
  /** Of every draw. */
  readonly seed: string;
  /** Runs with different luck that the figures are over. */
  readonly replications: number;
  /** The grid index of the configuration that was run in its stead. */
  readonly provedEqualTo: number | null;
  /** What became of the requests that arrived within the measured part, means over replications. */
  readonly requests: {
    /** First attempts. */
    readonly arrived: number;
    /** Served, late ones among them. */
    readonly completed: number;
    /** Refused by admission. */
    readonly rejected: number;
    /** Ended by a deadline, an execution timeout or a client that canceled. */
    readonly timedOut: number;
    /** Of completed: those that the client no longer waited for. */
    readonly late: number;
    /** Attempts after the first. */
    readonly retries: number;
    /** Rejected, timed out or late, of arrived. */
    readonly failedFraction: Figure;
  };
  /** What found no ready replica. */
  readonly coldStarts: {
    /** Replicas started on demand, used or not. */
    readonly starts: number;
    /** Completed requests whose replica was not ready when they arrived. */
    readonly requests: number;
    /** Of completed requests. */
    readonly fraction: Figure;
  };
  /** From arrival to completion, of completed requests. */
  readonly latencyS: QuantilesS;
  /** From arrival to the start of service, of completed requests. */
  readonly waitS: QuantilesS & {
    /** All waiting together, of requests that did not complete too. */
    readonly sum: number;
    /** Of it: with a promise of a slot of a starting replica. */
    readonly forStart: number;
    /** Of it: without one. */
    readonly forLimit: number;
    /**
     * By what kept requests waiting: `start` and `shortage` are `forStart`, the others `forLimit`: the pool's most replicas,
     * the start rate, a controller that wanted no more, the account's GPUs, the requests that it lets in at once.
     */
    readonly why: {
      readonly start: number;
      readonly shortage: number;
      readonly max: number;
      readonly startRate: number;
      readonly target: number;
      readonly accountGpus: number;
      readonly accountConcurrency: number;
    };
  };
  /** How many there were. */
  readonly replicas: {
    /** Starting, ready and draining, over the run. */
    readonly mean: Figure;
    /** Most at once, starting ones included. */
    readonly peak: number;
    readonly starts: number;
    /** Started for a floor that rose. */
    readonly scheduledStarts: number;
    /** Started and never served. */
    readonly unusedStarts: number;
  };
  /** Time of all replicas by state. */
  readonly replicaTimeS: {
    /** From the decision to ready. */
    readonly starting: number;
    /** Ready with no request in service. */
    readonly idle: number;
    /** Of idle: what the floor asks for. */
    readonly idleKept: number;
    /** At least one request in service. */
    readonly busy: number;
    /** To leave, and still serving. */
    readonly draining: number;
    /** All states. */
    readonly total: number;
  };
  /** Busy over all replica time. */
  readonly utilization: Figure;
  /** With more than one slot a replica: requests in service over slots. */
  readonly slotUtilization?: Figure;
  /** When the run was over: its last request ended, no replica above the floor. */
  readonly horizonS: number;
  /** Length of the observed period. */
  readonly observedS: number;
  /** null without a price; a warning says why. */
  readonly cost: Cost | null;
  /** What `cost.usdPerMonth`, or where a replay has whole weeks the next key, takes a month from; null: no replay. */
  readonly monthFrom: string | null;
  /** From the whole weeks that a log begins with, so that no weekend counts twice; left out below a week. */
  readonly usdPerMonthWholeWeeks?: number;
  /** By the path of the figure; null where nothing is drawn or there is one replication: `ci95Why` says which. */
  readonly ci95: Readonly<Record<string, Interval>> | null;
  /** Why there are no intervals of luck. */
  readonly ci95Why: string | null;
  /**
   * By the path of the figure: which traffic came, drawn again by blocks of the trace (traffic-blocks.ts); null where it is
   * no replay, or too short a one. `ci95TrafficWhy` says how it was found, or why it was not.
   */
  readonly ci95Traffic: Readonly<Record<string, Interval>> | null;
  /** How they were made, or why there are none. */
  readonly ci95TrafficWhy: string | null;
  /** Figures of which fewer than ten blocks saw what they count. */
  readonly lowConfidence: readonly string[];
  /** Of a steady state that was simulated alone. */
  readonly warmUp?: WarmUp;
  /** Only where it was asked for. */
  readonly precision?: Precision;
  /** null without objectives. */
  readonly slo: SloResult | null;
  readonly timeline?: TimelineS;
  /** Only where asked for. */
  readonly hours?: HoursS;
  /** Beside a time line. */
  readonly curves?: CurvesS;
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
  /** What any scaling would cost at least; left out where nobody asked, as in a sweep. */
  readonly bounds?: Bounds;
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

/** Along the front, from one configuration to the next dearer: null where nothing is saved. */
export interface FrontStep {
  readonly from: number;
  readonly to: number;
  /** What the dearer one costs more. */
  readonly usdPerHour: number;
  readonly usdPerUserSecond: Figure;
  /** Late by the first objective on latency or wait; without one, failed. */
  readonly usdPerLateRequest: Figure;
}

export interface SweepDocument {
  readonly schema: 'coldfront.sweep.v1';
  readonly name: string;
  /** In grid order. */
  readonly results: readonly Result[];
  readonly leftOut: readonly LeftOut[];
  /** Indexes of the results that no other beats in both cost an hour (without prices: replica time) and p99 latency. */
  readonly front: readonly number[];
  readonly steps: readonly FrontStep[];
  readonly cheapestWithinSlo: number | null;
  /** The row of what runs today. */
  readonly current: number | null;
  /** In the order of trial; null where there are no objectives or nothing is drawn. */
  readonly confirmations: readonly Confirmation[] | null;
}
