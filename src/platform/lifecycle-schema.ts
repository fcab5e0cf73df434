/**
 * What a study's `deployment` and a platform file may say of replicas beyond their start phases, and of admission beyond a
 * queue: plain values here, figures in a platform file by the same shape.
 */
import { z } from 'zod';
import { duration, oneOf, rate, share, strict } from './values.ts';

const LIMIT = 'must be a duration with a unit (4h) or unlimited';
const durationOrUnlimited = z.union([duration, z.literal('unlimited')], { error: LIMIT });
const countOrNone = z
  .int('must be a whole number of at least 0')
  .nonnegative('must be a whole number of at least 0');

/** Relative speed of each when so many requests run together on a replica. */
const SPEEDS = 'must be speeds by number of requests such as { 1: 1, 4: 0.8, 8: 0.5 }';
export const slotSpeedSchema = z.record(
  z.string().regex(/^\d+$/, SPEEDS),
  z.number(SPEEDS),
  SPEEDS,
);

const CODE = 'must be a status such as 429, or the name of an error';

const tokenRate = z.union([rate, z.literal('unlimited')], {
  error: 'must be a rate of tokens (900000/min) or unlimited',
});

const GROW = 'must be a factor of at least 1, such as 2';
const SHRINK = 'must be a factor above 0 and at most 1, such as 0.5';
const MOST = 'must be a factor of at least 1 and at most 10,000, such as 100';

/** Of `admission`, beside queue and timeout. */
export const admissionSchema = strict({
  /** Token buckets, full at time 0: requests; input and output tokens together; and each kind of tokens by itself. */
  rate: z.union([rate, z.literal('unlimited')], { error: 'must be a rate (600/min) or unlimited' }),
  tokenRate,
  inputTokenRate: tokenRate,
  uncachedTokenRate: tokenRate,
  outputTokenRate: tokenRate,
  /** All of these times a factor, 1 at first, that use moves. */
  adaptive: strict({
    period: duration,
    grow: z.number(GROW).min(1, GROW),
    shrink: z.number(SHRINK).positive(SHRINK).max(1, SHRINK),
    most: z.number(MOST).min(1, MOST).max(1e4, MOST),
    of: oneOf(['all', 'tokens']),
  }).partial(),
  /** In service and waiting. */
  inFlight: z.union([countOrNone, z.literal('unlimited')], {
    error: 'must be a whole number of at least 0, or unlimited',
  }),
  /** While no replica is ready. */
  atZero: oneOf(['queue', 'refuse', 'refuse-and-wake']),
  /** The deadline of who waits: so many times the mean start, and no less. */
  timeoutPerStart: strict({
    times: z.number('must be a number above 0').positive('must be a number above 0'),
    least: duration,
  }).partial(),
  /** What a client that is refused gets; shown, and nothing else. */
  code: z.union([z.int(CODE).min(100, CODE).max(599, CODE), z.string(CODE).min(1, CODE)], {
    error: CODE,
  }),
}).partial();

/** Shorter ways to start by name, in the order in which they are tried; what is revived is tried first. */
export function startPathsSchema<Time extends z.ZodType>(coldStart: Time) {
  return z.record(
    z.string(),
    strict({
      /** That a start which took none of the ways before takes this one. */
      chance: share.optional(),
      /** How long after a replica left a start may revive it. */
      within: duration.optional(),
      /** Left out where the study changes what the platform has. */
      coldStart: coldStart.optional(),
    }),
    'must be a map of ways to start such as { cached: { chance: 60%, coldStart: 20s } }',
  );
}

/** As a platform file writes it: fixed times. */
export const plainColdStart = z.union(
  [duration, z.array(strict({ phase: z.string().min(1), time: duration })).min(1)],
  { error: 'must be a duration (2s) or a list of phases: { phase: load, time: 8s }' },
);

export const failuresSchema = strict({
  /** The chance that a start comes to nothing, at its end; longer ones come to nothing then. */
  start: share,
  startTimeout: durationOrUnlimited,
  /** Mean time from readiness to a crash. */
  crashEvery: durationOrUnlimited,
}).partial();

export const preemptionSchema = strict({
  /** Mean time from a start to its notice. */
  every: durationOrUnlimited,
  notice: duration,
  /** Whether a spell of shortage takes all replicas. */
  inSpells: z.boolean('must be true or false'),
}).partial();

export const drainSchema = strict({
  /** How long a replica that is to leave may finish what it serves. */
  timeout: durationOrUnlimited,
  /** What it did not finish. */
  interrupted: oneOf(['requeue', 'fail']),
}).partial();

export const maxAgeSchema = durationOrUnlimited;
