/**
 * A controlled pool's rule as plain numbers: every tick, or on an event, laws read signals and wish for a number of replicas;
 * the largest wish is shaped, stage by stage in the order in which they stand here, into the target. Times are microseconds;
 * Infinity means never or no limit, a window of 0 the instant.
 */

/**
 * What a law reads. in-flight: in service and waiting. utilization: busy replicas (a mean of them over a window, not samples).
 * oldest-wait and latency are in microseconds, rates a second, refusals a count within the window.
 */
export const SIGNALS = [
  'in-flight',
  'in-service',
  'waiting',
  'oldest-wait',
  'request-rate',
  'utilization',
  'tokens-in-flight',
  'token-rate',
  'latency',
  'refusals',
] as const;
export type Signal = (typeof SIGNALS)[number];

/**
 * absolute: ceil(signal / target).
 * ratio: as many times the replicas as the signal is times its target, unless that is 1 within the tolerance.
 * backlog: the ready ones and one more for every so many requests that wait (longer than the target), starting ones counted.
 * step: so many more than are ready, when the alarm is on; until the cooldown of what it added is over, than were then.
 * fixed: the target.
 */
export const LAWS = ['absolute', 'ratio', 'backlog', 'step', 'fixed'] as const;
export type LawKind = (typeof LAWS)[number];

/**
 * What a ratio compares with its target. value: the signal as it is, times the ready replicas. average-value: the signal
 * over all replicas. per-replica: the signal over the ready ones, starting ones counting as 0 on the way up.
 */
export const METRIC_TYPES = ['value', 'average-value', 'per-replica'] as const;
export type MetricType = (typeof METRIC_TYPES)[number];

/** So many of the last datapoints must be on one side. */
export interface Datapoints {
  readonly needed: number;
  readonly of: number;
}

/** One datapoint a period, the signal over it; above the target counts up, below `lowShare` of it counts down. */
export interface AlarmRule {
  readonly periodUs: number;
  readonly up: Datapoints;
  readonly down: Datapoints | null;
  readonly lowShare: number;
}

export interface Law {
  readonly name: string;
  readonly kind: LawKind;
  readonly signal: Signal;
  /** 0 reads the instant. A law with an alarm reads the alarm's period. */
  readonly windowUs: number;
  /** Base times utilization, in the signal's unit. */
  readonly target: number;
  readonly metricType: MetricType;
  readonly toleranceUp: number;
  readonly toleranceDown: number;
  /** Of latency, in (0, 1]. */
  readonly quantile: number;
  /** How many waiting requests a starting replica covers. */
  readonly covers: number;
  readonly step: number;
  /** A poll finds the signal active above it. */
  readonly activation: number;
  readonly alarm: AlarmRule | null;
}

/** Replicas beyond the wish: a count, or a share of it if that is more. */
export interface BufferRule {
  readonly count: number;
  readonly share: number;
  /** Whether with nothing in flight too. */
  readonly whileIdle: boolean;
}

/** A decision stays within ceil(ready x up) and floor(ready / down). */
export interface ReachRule {
  readonly up: number;
  readonly down: number;
}

/** A second, short window: at `threshold` times the ready replicas nothing shrinks until it has been calm for `calmUs`. */
export interface PanicRule {
  readonly windowUs: number;
  readonly threshold: number;
  readonly calmUs: number;
}

export interface StabilizationRule {
  /** Up only to the smallest wish of this window, down only to the largest of that; 0 is the latest wish alone. */
  readonly upUs: number;
  readonly downUs: number;
  /** Whether the largest wish is gone on towards where something held it back, and not only what is there kept. */
  readonly pursuesLargest: boolean;
  /** Whether a wish exactly as old as its window still counts. */
  readonly includesEdge: boolean;
}

/** percent and replicas: a change from the count at the period's start; count: up (down) to so many at any time. */
export interface RatePolicy {
  readonly kind: 'percent' | 'replicas' | 'count';
  readonly value: number;
  readonly periodUs: number;
}

export interface RateRule {
  readonly policies: readonly RatePolicy[];
  /** Which policy holds: the one that allows most, or least. */
  readonly select: 'max' | 'min' | 'disabled';
}

/** Down by at most a share of the replicas, once the wish has been lower all the delay; every step begins it anew. */
export interface StepDownRule {
  readonly delayUs: number;
  readonly share: number;
}

/** After a move up, or down, nothing goes down for so long; a move up is never held back. */
export interface CooldownRule {
  readonly upUs: number;
  readonly downUs: number;
}

/**
 * What brings a pool at zero back. law: the laws, as ever. arrival: the first request, at once, on windows that begin there.
 * poll, refusal: to `least` replicas, when a poll finds an active signal, or at a refused request. never: nobody.
 */
export const WAKES = ['law', 'arrival', 'poll', 'refusal', 'never'] as const;
export type Wake = (typeof WAKES)[number];

export interface ZeroRule {
  readonly wake: Wake;
  /** No demand for so long (the poll: no active signal), to the loop's tick. */
  readonly afterUs: number;
  /** And zero wished for so long. */
  readonly graceUs: number;
  /** Of `poll`, which also takes the pool to zero; Infinity otherwise. */
  readonly pollUs: number;
  /** Replicas on waking, and the fewest while awake. */
  readonly least: number;
}

export interface ControlRule {
  /** Infinity: decisions on events only. */
  readonly tickUs: number;
  readonly onArrival: 'never' | 'waiting' | 'always';
  readonly onCompletion: boolean;
  readonly laws: readonly Law[];
  readonly buffer: BufferRule | null;
  readonly reach: ReachRule | null;
  readonly panic: PanicRule | null;
  readonly stabilization: StabilizationRule;
  readonly rateUp: RateRule | null;
  readonly rateDown: RateRule | null;
  readonly stepDown: StepDownRule | null;
  readonly cooldown: CooldownRule;
  /** null: never at zero of its own accord. */
  readonly zero: ZeroRule | null;
  /** target: the pool retires what is above the target. idle-window: each replica leaves by its own idle window. */
  readonly retires: 'target' | 'idle-window';
  /** Whether starting replicas may be stopped, and first, on the way down. */
  readonly stopsStarting: boolean;
}
