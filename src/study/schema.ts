/**
 * The study file: its keys, and what each may hold. Only what a JSON Schema can say is here (`coldfront schema` prints
 * it); what needs two keys at once is in compile.ts.
 */
import { z } from 'zod';
import { ROUTINGS } from '../engine/scenario.ts';
import { studyBillingSchema } from '../platform/values.ts';
import {
  block,
  clock,
  count,
  countOr,
  dateTime,
  duration,
  durationAbove0,
  durationOr,
  durationOrUnlimited,
  must,
  numberFrom,
  oneOf,
  rate,
  rateOrUnlimited,
  rateWords,
  size,
  text,
  yesOrNo,
} from './schema-words.ts';

const families = [
  'fixed',
  'exponential',
  'uniform',
  'normal',
  'lognormal',
  'gamma',
  'weibull',
  'pareto',
  'empirical',
] as const;

/** Which of these go together depends on the distribution: the engine's distribution.ts knows. */
const parameters = {
  value: duration.optional(),
  mean: duration.optional(),
  cv: numberFrom(0).optional(),
  quantiles: z
    .record(z.string().regex(/^p\d{2,}$/), duration, must('a map such as { p50: 2s, p99: 9s }'))
    .optional(),
  min: duration.optional(),
  max: duration.optional(),
  location: duration.optional(),
  sd: duration.optional(),
  mu: z.number(must('a number')).optional(),
  sigma: numberFrom(0).optional(),
  median: duration.optional(),
  shape: numberFrom(0).optional(),
  scale: duration.optional(),
  alpha: numberFrom(0).optional(),
  values: z.array(duration, must('a list of durations')).min(1).optional(),
  weights: z.array(numberFrom(0)).min(1).optional(),
};

const distribution = block({
  distribution: oneOf(...families, 'mixture'),
  ...parameters,
  components: z
    .array(
      block({ weight: numberFrom(0), distribution: oneOf(...families), ...parameters }),
      must('a list of distributions, each with a weight'),
    )
    .min(1)
    .optional(),
});

const time = z.union([duration, distribution], durationOr('or a distribution'));

const service = z.union(
  [
    duration,
    distribution,
    block({
      // A map that has it is the other choice, whatever else is wrong in it.
      distribution: z.never().optional(),
      base: duration.optional(),
      perInputToken: duration.optional(),
      perOutputToken: duration.optional(),
    }),
  ],
  durationOr('a distribution, or base, perInputToken and perOutputToken'),
);

/** A rate that changes over time and repeats every `period`. */
const rateCurve = block({
  period: durationAbove0,
  interpolate: oneOf('step', 'linear').optional(),
  points: z
    .array(block({ at: duration, rate }), must('a list of { at: 8h, rate: 5/s }'))
    .min(1, must('a list of { at: 8h, rate: 5/s }')),
});

const arrivals = block({
  process: oneOf('poisson', 'fixed', 'gamma', 'weibull', 'piecewise', 'diurnal'),
  rate: z.union([rate, rateCurve], rateWords),
  cv: numberFrom(0).optional(),
});

const workload = block({
  replay: block({
    file: z.union([text, z.array(text).min(1)], must('a path, a glob or a list of them')),
    format: text.optional(),
  }).optional(),
  synthesize: block({
    duration: durationAbove0.optional(),
    requests: count(1, { most: 1e12 }).optional(),
    arrivals,
  }).optional(),
  startAt: dateTime.optional(),
  service: service.optional(),
});

const client = block({
  retries: block({
    max: count(0),
    backoff: duration.optional(),
    factor: numberFrom(1).optional(),
    jitter: oneOf('none', 'full').optional(),
    on: z.array(oneOf('rejected', 'timedOut')).min(1).optional(),
  }).optional(),
  patience: durationOrUnlimited.optional(),
  cancels: yesOrNo.optional(),
});

const schedule = block({
  default: count(0).optional(),
  timeZone: z.string(must('a time zone such as Europe/Berlin or UTC')),
  rules: z
    .array(
      block({
        days: z
          .union([text, z.array(text).min(1)], must('days such as mon-fri or sat,sun'))
          .optional(),
        from: clock,
        to: clock,
        count: count(0),
        lead: duration.optional(),
      }),
      must('a list of rules'),
    )
    .min(1, must('a list of rules')),
});

const coldStart = z.union(
  [duration, distribution, z.array(block({ phase: text, time })).min(1)],
  durationOr('a distribution, or a list of phases: { phase: load, time: 8s }'),
);

export const deploymentShape = {
  platform: text.optional(),
  gpu: text.optional(),
  gpus: count(1).optional(),
  model: text.optional(),
  region: text.optional(),
  cores: numberFrom(0).optional(),
  memory: size.optional(),
  replicas: block({
    min: z
      .union([count(0), schedule], must('a whole number of at least 0, or a schedule with rules:'))
      .optional(),
    max: countOr(1, ['unlimited']).optional(),
    startRate: rateOrUnlimited.optional(),
  }).optional(),
  idleWindow: durationOrUnlimited.optional(),
  unusedWindow: durationOrUnlimited.optional(),
  concurrency: countOr(1, ['unlimited']).optional(),
  binding: oneOf('shared', 'own').optional(),
  routing: oneOf(...ROUTINGS).optional(),
  admission: block({
    queue: countOr(1, ['none', 'unlimited'], 1e9).optional(),
    timeout: durationOrUnlimited.optional(),
  }).optional(),
  coldStart: coldStart.optional(),
  overhead: duration.optional(),
  slotOverhead: duration.optional(),
  executionTimeout: durationOrUnlimited.optional(),
};

const deployment = block(deploymentShape);

const point = z.record(z.string(), z.json(), must('a map of paths to values'));

export const studySchema = block({
  version: z.literal(1, must('1')),
  name: text.optional(),
  seed: z.union([z.number(), text], must('a number or a text')).optional(),
  replications: count(1, { most: 10_000 }).optional(),
  workload,
  client: client.optional(),
  deployment: deployment.optional(),
  billing: studyBillingSchema.optional(),
  measure: block({ from: duration.optional(), to: duration.optional() }).optional(),
  vary: z
    .union(
      [
        z.record(
          z.string(),
          z.union(
            [z.array(z.json()).min(1), text],
            must('a list of values or a range such as 0..8'),
          ),
        ),
        z.array(point).min(1),
      ],
      must('a map of paths to lists of values, or a list of maps'),
    )
    .optional(),
  current: point.optional(),
  slo: z.array(text, must('a list of objectives')).optional(),
});

export type Study = z.infer<typeof studySchema>;
export type DeploymentSection = NonNullable<Study['deployment']>;
export type DistributionSection = z.infer<typeof distribution>;
export type ArrivalsSection = z.infer<typeof arrivals>;
export type ScheduleSection = z.infer<typeof schedule>;

/** For `coldfront schema`: JSON Schema of the 2020-12 draft. */
export function studyJsonSchema(): Record<string, unknown> {
  return {
    title: 'coldfront study',
    ...z.toJSONSchema(studySchema, { io: 'input' }),
  };
}
