/**
 * What the engine runs: a study compiled to plain numbers. Times are integer microseconds from the run's time 0; Infinity
 * means no limit. Nothing here has a default: whoever compiles a scenario decides everything.
 */
import type { ControlRule } from './control/control-rule.ts';
import type { Distribution } from './distribution.ts';
import type { Gate, RateLimit } from './gate.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { SlotSpeed } from './slot-sharing.ts';

export const ROUTINGS = [
  'most-recent',
  'least-recent',
  'newest',
  'oldest',
  'least-loaded',
  'round-robin',
  'random',
] as const;

export type Routing = (typeof ROUTINGS)[number];

/** `replicas.min` over time: from `atUs[i]` on the floor is `count[i]`. `atUs[0]` is 0 and times ascend. */
export interface FloorSchedule {
  readonly atUs: readonly number[];
  readonly count: readonly number[];
}

/** One of the ordered phases that a replica starts through. */
export interface StartPhase {
  readonly name: string;
  readonly time: Distribution;
}

export interface Retries {
  /** Further attempts after the first. */
  readonly max: number;
  readonly backoffUs: number;
  /** Attempt k (from 0) waits backoff x factor^k before the next. */
  readonly factor: number;
  /** full: uniform between 0 and the backoff. */
  readonly jitter: 'none' | 'full';
  readonly onRejected: boolean;
  readonly onTimedOut: boolean;
}

export interface Client {
  readonly retries: Retries | null;
  /** From the first attempt; a request that takes longer is late. */
  readonly patienceUs: number;
  /** Whether the platform ends the work of a client that has gone. */
  readonly cancels: boolean;
}

export interface Pings {
  readonly everyUs: number;
  readonly serviceUs: number;
}

/** Rounded once to a microsecond; pings take what they take. */
export interface ServiceLaw {
  /** In place of the trace's service times; null where they hold. */
  readonly tokens: {
    readonly baseUs: number;
    readonly perInputTokenUs: number;
    readonly perOutputTokenUs: number;
  } | null;
  /** Service times are divided by it. */
  readonly speed: number;
}

/**
 * How paid time is counted; no prices here. `scope` is over what the quantum rounds up: one replica's life, each calendar
 * minute of a replica, or one request (then the time counted is the service time of requests).
 */
export interface MeterRule {
  readonly idle: boolean;
  readonly busy: boolean;
  readonly draining: boolean;
  /** Whether each start phase is paid, in the order of `startPhases`. */
  readonly phases: readonly boolean[];
  readonly quantumUs: number;
  readonly minimumUs: number;
  readonly scope: 'replica' | 'minute' | 'request';
  /** Time 0 by the wall clock, within its calendar minute: [0, 60 s). */
  readonly minuteOffsetUs: number;
  /** Whether start phases are paid once the replica is ready: a start that comes to nothing is not. */
  readonly paysOnceReady?: boolean;
  /** Whether a life is rounded when it ends and at no reading before: beside a floor that is paid by count. */
  readonly roundsAtEnd?: boolean;
}

/** [fromUs, toUs) */
export interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

export interface Scenario {
  readonly floor: FloorSchedule;
  readonly max: number;
  readonly startRate: RateLimit | null;
  readonly idleWindowUs: number;
  /** The idle window of a replica that never served. */
  readonly unusedWindowUs: number;
  /** What that window runs from: readiness, or the start, so that a long start leaves less of it. */
  readonly unusedFrom: 'ready' | 'start';
  /** Slots a replica. */
  readonly concurrency: number;
  readonly binding: 'shared' | 'own';
  readonly routing: Routing;
  /** 0 is `none`: only a request with a promise may wait. */
  readonly queueLimit: number;
  readonly queueTimeoutUs: number;
  /** What else decides whether a request may come in; null where nothing does. */
  readonly gate: Gate | null;
  /** null: waiting requests ask for starts, and idle windows end replicas. Else a controller says how many there are. */
  readonly control: ControlRule | null;
  /** What a service takes on this pool's replicas; null: what the trace says. */
  readonly serviceLaw: ServiceLaw | null;
  /** How fast requests run together on a replica; null: each as fast as alone. */
  readonly slotSpeed: SlotSpeed | null;
  /** What else happens to replicas; null where nothing does. */
  readonly lifecycle: Lifecycle | null;
  readonly startPhases: readonly StartPhase[];
  /** Adds to a request's latency only. */
  readonly overheadUs: number;
  /** Adds to a request's service time. */
  readonly slotOverheadUs: number;
  readonly executionTimeoutUs: number;
  readonly client: Client;
  /** The observed period: the run lasts at least to its end; what accrues within it is cost per hour. */
  readonly period: Span;
  /** Cuts requests (by arrival) and integrals; null measures the whole run. */
  readonly measure: Span | null;
  readonly meters: readonly MeterRule[];
  /** Latencies and waits at or below which requests are counted exactly, ascending. */
  readonly latencyThresholdsUs: readonly number[];
  readonly waitThresholdsUs: readonly number[];
  /** Length of a time line's intervals; 0 for no time line. */
  readonly timelineUs: number;
  /** Time 0 within its hour of the clock by which counts are kept, [0, 1 h); null: none are. */
  readonly clockOffsetUs: number | null;
  /** Whether tokens are summed, for meters and limits that ask for them. */
  readonly countsTokens: boolean;
  /** Pings that only keep replicas warm: one every so often, each holding a slot so long; null for none. */
  readonly pings: Pings | null;
  /** Whether each service is kept, one by one, for bounds; then the short path is not taken. */
  readonly keepsServices: boolean;
  readonly seed: string;
  readonly replication: number;
}

/**
 * A piece of a trace as columns, in arrival order. `serviceUs` is what the request needs of a slot. Rows [0, count) hold;
 * the arrays may be longer.
 */
export interface TraceChunk {
  readonly count: number;
  readonly arrivalUs: Float64Array;
  readonly serviceUs: Float64Array;
  /** Where tokens are counted. */
  readonly inputTokens?: Float64Array | null;
  /** Of input tokens, those that the platform had seen before; left out where there are none. */
  readonly cachedTokens?: Float64Array | null;
  readonly outputTokens?: Float64Array | null;
}

/** A pool with per-request scaling and nothing that a scenario may leave out. */
export const BARE = {
  unusedFrom: 'ready',
  gate: null,
  control: null,
  serviceLaw: null,
  slotSpeed: null,
  lifecycle: null,
  countsTokens: false,
  pings: null,
  keepsServices: false,
  clockOffsetUs: null,
} as const satisfies Partial<Scenario>;
