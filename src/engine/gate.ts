/** What a pool asks before a request may come in, beside the length of its queue: limits on rate and number. */

/** A token bucket of starts, requests or a model's tokens: full with `count` at time 0, refilled with `count` a `periodUs`. */
export interface RateLimit {
  readonly count: number;
  readonly periodUs: number;
}

export interface Gate {
  readonly requestRate: RateLimit | null;
  /** Input and output tokens. */
  readonly tokenRate: RateLimit | null;
  readonly inputTokenRate: RateLimit | null;
  /** Input tokens that are not cached. */
  readonly uncachedTokenRate: RateLimit | null;
  readonly outputTokenRate: RateLimit | null;
  /** How the limits on rate move with use; null: they stay. */
  readonly adaptive: AdaptiveRule | null;
  /** Most requests in service or waiting at once. */
  readonly inFlight: number;
  /** While no replica is ready: wait as ever; be refused; be refused and ask for a replica. */
  readonly atZero: 'queue' | 'refuse' | 'refuse-and-wake';
}

/** Limits on rate times a common factor, 1 at first: see adaptation.ts. */
export interface AdaptiveRule {
  readonly periodUs: number;
  /** At least 1. */
  readonly grow: number;
  /** Above 0, at most 1. */
  readonly shrink: number;
  readonly most: number;
  /** All of the gate's, or those on tokens only. */
  readonly of: 'all' | 'tokens';
}

/** Why a request was refused. */
export const REFUSALS = [
  'queue',
  'no-replica',
  'request-rate',
  'token-rate',
  'input-token-rate',
  'uncached-token-rate',
  'output-token-rate',
  'in-flight',
  'account',
] as const;
export type Refusal = (typeof REFUSALS)[number];
