/** How `deployment.scaling` is written, in a study as plain values and in a platform file as figures. */
import { z } from 'zod';
import { LAWS, METRIC_TYPES, SIGNALS, WAKES } from '../engine/control/control-rule.ts';
import { duration, oneOf, rate, strict } from './values.ts';

export const SCALING_RULES = ['per-request', 'fixed', 'controlled'] as const;

const SHARE = /^\d+(?:\.\d+)?%$/;
const share = z.string('must be a share: 70%').regex(SHARE, 'must be a share: 70%');
const flag = z.boolean('must be true or false');
const positive = z.number('must be a number above 0').positive('must be a number above 0');
const count = z
  .int('must be a whole number of at least 1')
  .positive('must be a whole number of at least 1');
const countOrNone = z
  .int('must be a whole number of at least 0')
  .nonnegative('must be a whole number of at least 0');

/** A map with `value` as a key would be read as a figure. */
const name = z
  .string()
  .regex(
    /^(?!value$)[a-z0-9]+(-[a-z0-9]+)*$/,
    'must be lower case words joined by -, and not value alone',
  );

const target = z.union([positive, z.literal('concurrency'), share, duration, rate], {
  error: 'must be a number, concurrency, a share (70%), a duration (4s) or a rate (10/s)',
});

const datapoints = strict({ datapoints: count, of: count }).partial();

const alarm = strict({
  /** One datapoint a period. */
  period: duration,
  up: datapoints,
  down: datapoints,
  /** How far below the target a datapoint has to be to count as low. */
  deadBand: share,
}).partial();

const law = strict({
  /** false leaves it out, where a platform has it. */
  enabled: flag,
  law: oneOf(LAWS),
  signal: oneOf(SIGNALS),
  /** 0s reads the instant; any other is a mean, a rate or a quantile over it. */
  window: duration,
  /** In the signal's unit; `concurrency` is a replica's slots. */
  target,
  /** What `concurrency` stands for where it is unlimited. */
  targetIfUnlimited: positive,
  /** Whether a target above a replica's slots is taken as those. */
  targetWithinConcurrency: flag,
  /** Of the target. */
  utilization: share,
  metricType: oneOf(METRIC_TYPES),
  /** Of a ratio, both ways; one way where the other two say so. */
  tolerance: share,
  toleranceUp: share,
  toleranceDown: share,
  /** Of latency. */
  quantile: share,
  /** Of a backlog: waiting requests a starting replica. */
  covers: z.union([count, z.literal('concurrency')], {
    error: 'must be a whole number of at least 1 or concurrency',
  }),
  /** Of a step: replicas more. */
  step: count,
  /** A poll finds the signal active above it. */
  activation: z.number('must be a number of at least 0').nonnegative(),
  alarm,
}).partial();
export type LawSection = z.infer<typeof law>;

const policy = strict({
  /** One of these three. */
  percent: positive,
  replicas: count,
  count,
  period: duration,
}).partial();

const rateRule = strict({
  policies: z.record(name, policy),
  select: oneOf(['max', 'min', 'disabled']),
}).partial();
export type RateSection = z.infer<typeof rateRule>;

export const scalingSchema = strict({
  rule: oneOf(SCALING_RULES),
  tick: z.union([duration, z.literal('none')], {
    error: 'must be a duration with a unit (2s) or none',
  }),
  /** Decisions beside the loop's: at every arrival, or at one that has to wait; at every completion. */
  onArrival: oneOf(['never', 'waiting', 'always']),
  onCompletion: flag,
  /** By name; the largest wish wins. */
  laws: z.record(name, law),
  buffer: strict({ replicas: countOrNone, share, whileIdle: flag }).partial(),
  /** A decision is at most so many times the ready replicas, and at least the ready ones divided by so many. */
  maxScaleUpRate: z.number('must be a number of at least 1').min(1, 'must be at least 1'),
  maxScaleDownRate: z.number('must be a number of at least 1').min(1, 'must be at least 1'),
  panic: strict({
    /** A duration, or a share of the stable window: the longest of the laws'. */
    window: z.union([duration, share], { error: 'must be a duration (6s) or a share (10%)' }),
    threshold: share,
  }).partial(),
  stabilization: strict({
    up: duration,
    down: duration,
    /** hold keeps what is there while a larger wish is in the window; pursue goes on towards it. */
    largest: oneOf(['hold', 'pursue']),
    /** Whether a wish exactly as old as its window still counts. */
    edge: oneOf(['inclusive', 'exclusive']),
  }).partial(),
  rates: strict({ up: rateRule, down: rateRule }).partial(),
  stepDown: strict({ delay: duration, share }).partial(),
  cooldown: strict({ up: duration, down: duration }).partial(),
  scaleToZero: strict({
    allowed: flag,
    wake: oneOf(WAKES),
    /** Without demand for so long, and zero wished for the grace. */
    after: duration,
    grace: duration,
    /** Of `wake: poll`. */
    poll: duration,
    /** Replicas on waking, and the fewest while awake. */
    least: count,
  }).partial(),
  retirement: oneOf(['target', 'idle-window']),
  stopsStarting: flag,
}).partial();
export type ScalingSection = z.infer<typeof scalingSchema>;
