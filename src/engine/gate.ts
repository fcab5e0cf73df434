/** What a pool asks before a request may come in, beside the length of its queue: limits on rate and number. */
/** A token bucket of requests, or of tokens: full with `count` at time 0, refilled with `count` a `periodUs`. */
export interface RateLimit {
  readonly count: number;
  readonly periodUs: number;
}

export interface Gate {
  readonly requestRate: RateLimit | null;
  /** Input and output tokens. */
  readonly tokenRate: RateLimit | null;
  /** Most requests in service or waiting at once. */
  readonly inFlight: number;
  /** While no replica is ready: wait as ever; be refused; be refused and ask for a replica. */
  readonly atZero: 'queue' | 'refuse' | 'refuse-and-wake';
}

/** Why a request was refused. */
export const REFUSALS = [
  'queue',
  'no-replica',
  'request-rate',
  'token-rate',
  'in-flight',
  'account',
] as const;
export type Refusal = (typeof REFUSALS)[number];
