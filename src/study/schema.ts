/**
 * The study file: its keys, and what each may hold. Only what a JSON Schema can say is here (`coldfront schema` prints
 * it); what needs two keys at once is in compile.ts.
 */
import { z } from 'zod';
import { ROUTINGS } from '../engine/scenario.ts';
import { billingTerms } from '../platform/billing-terms.ts';
import {
  admissionSchema,
  drainSchema,
  failuresSchema,
  preemptionSchema,
  slotSpeedSchema,
  startPathsSchema,
} from '../platform/lifecycle-schema.ts';
import { scalingSchema } from '../platform/scaling-schema.ts';
import { share } from '../platform/values.ts';
import { weightsSchema } from '../platform/weights-schema.ts';
import { MOST_COPIES, MOST_TIME_SCALE } from '../workload/shaping/shape.ts';
import { MOST_FACTOR } from '../workload/shaping/shape-rate.ts';
import type { SchemaNode } from './reference/held-values.ts';
import { describedSchema } from './reference/key-reference.ts';
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
  families,
  must,
  numberFrom,
  oneOf,
  rateOrUnlimited,
  size,
  text,
  yesOrNo,
} from './schema-words.ts';
import { synthesize } from './synthesis-schema.ts';

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

const MOST_SPEED = 1_000;

const time = z.union([duration, distribution], durationOr('or a distribution'));

const tokenTimes = {
  base: duration.optional(),
  perInputToken: duration.optional(),
  perOutputToken: duration.optional(),
};
const tokenLaw = block(tokenTimes);

const tokenService = block({
  // A map that has one of these is another choice, whatever else is wrong in it.
  distribution: z.never().optional(),
  byEndpoint: z.never().optional(),
  ...tokenTimes,
});

const speedWords = must('a number above 0: 1.6 is 1.6 times as fast');
const speedOf = z.number(speedWords).gt(0, speedWords).max(MOST_SPEED, speedWords);

const scaleWords = must(
  'a number above 0: 1.5 is half as long again; or one a phase: { load: 0.5 }',
);
const scale = z.number(scaleWords).gt(0, scaleWords).max(MOST_SPEED, scaleWords);

const oneService = z.union(
  [duration, distribution, tokenService],
  durationOr('a distribution, or base, perInputToken and perOutputToken'),
);

const service = z.union(
  [
    duration,
    distribution,
    tokenService,
    block({
      distribution: z.never().optional(),
      byEndpoint: z.record(z.string(), oneService, must('a map such as { chat: 3s, embed: 20ms }')),
      other: oneService.optional(),
    }),
  ],
  durationOr('a distribution, base, perInputToken and perOutputToken, or byEndpoint'),
);

const patterns = z.union(
  [text, z.array(text).min(1)],
  must("a pattern or a list of them: /v1/*, or '!/v1/health' in quotes"),
);

const columnWords = must('the name of a column, or { name: took, unit: ms }');
const column = z
  .union(
    [text, block({ name: text, unit: oneOf('ns', 'us', 'ms', 's', 'min', 'h').optional() })],
    columnWords,
  )
  .optional();

const instant = z.union(
  [dateTime, duration],
  durationOr('or a date and time such as 2026-11-02T08:00'),
);
const windowEdge = instant.optional();

const factorWords = must(`a number above 0, at most ${MOST_FACTOR}`);
const factor = z.number(factorWords).gt(0, factorWords).max(MOST_FACTOR, factorWords);
const shareWords = must('a share such as 10% or 0.1');
const isShare = (percent: string) =>
  Number.parseFloat(percent) > 0 && Number.parseFloat(percent) <= 100;

const replay = block({
  file: z.union([text, z.array(text).min(1)], must('a path, a glob or a list of them')),
  format: text.optional(),
  columns: block({
    start: column,
    end: column,
    service: column,
    inputTokens: column,
    cachedTokens: column,
    outputTokens: column,
    endpoint: column,
    status: column,
    method: column,
    path: column,
    host: column,
  }).optional(),
  stampedAt: oneOf('start', 'end').optional(),
  timeZone: z.string(must('a time zone such as Europe/Berlin or UTC')).optional(),
  spread: oneOf('uniform').optional(),
  where: block({
    method: patterns.optional(),
    path: patterns.optional(),
    host: patterns.optional(),
    endpoint: patterns.optional(),
    status: z
      .union(
        [count(1), text, z.array(z.union([count(1), text])).min(1)],
        must('statuses: 200, 2xx, <400, 200..299 or a list of them'),
      )
      .optional(),
  }).optional(),
  endpoint: z
    .union(
      [oneOf('auto', 'path', 'host', 'method'), block({ path: text })],
      must('auto, path, host, method, or { path: ^/v1/models/([^/]+) }'),
    )
    .optional(),
  window: block({ from: windowEdge, to: windowEdge }).optional(),
  sample: z
    .union(
      [
        z.number(shareWords).gt(0, shareWords).max(1, shareWords),
        z
          .string(shareWords)
          .regex(/^\d+(?:\.\d+)?%$/, shareWords)
          .refine(isShare, shareWords),
      ],
      shareWords,
    )
    .optional(),
  timeScale: z
    .number(must('a number above 0'))
    .gt(0, must('a number above 0'))
    .max(MOST_TIME_SCALE, must(`at most ${MOST_TIME_SCALE}`))
    .optional(),
  rateScale: z
    .union(
      [factor, block({ factor, shift: duration.optional() })],
      must('a factor such as 2.5, or { factor: 2.5, shift: 1m }'),
    )
    .optional(),
  repeat: count(1, { most: MOST_COPIES }).optional(),
});

const workload = block({
  replay: z
    .union(
      [replay, z.array(replay).min(1)],
      must('a map with file:, or a list of such maps, to be merged by time'),
    )
    .optional(),
  synthesize: synthesize.optional(),
  startAt: dateTime.optional(),
  service: service.optional(),
  pings: block({ every: durationAbove0, service: duration }).optional(),
  cachedInput: share.optional(),
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
  bits: numberFrom(0).optional(),
  region: text.optional(),
  cores: numberFrom(0).optional(),
  memory: size.optional(),
  storage: size.optional(),
  requestSize: size.optional(),
  responseSize: size.optional(),
  replicas: block({
    min: z
      .union([count(0), schedule], must('a whole number of at least 0, or a schedule with rules:'))
      .optional(),
    max: countOr(0, ['unlimited']).optional(),
    startRate: rateOrUnlimited.optional(),
  }).optional(),
  idleWindow: durationOrUnlimited.optional(),
  unusedWindow: durationOrUnlimited.optional(),
  unusedWindowFrom: oneOf('ready', 'start').optional(),
  concurrency: countOr(1, ['unlimited']).optional(),
  binding: oneOf('shared', 'own').optional(),
  routing: oneOf(...ROUTINGS).optional(),
  admission: block({
    queue: countOr(1, ['none', 'unlimited'], 1e9).optional(),
    timeout: durationOrUnlimited.optional(),
    ...admissionSchema.shape,
  }).optional(),
  scaling: scalingSchema.optional(),
  slotSpeed: slotSpeedSchema.optional(),
  coldStart: coldStart.optional(),
  startPaths: startPathsSchema(coldStart).optional(),
  startScale: z.union([scale, z.record(z.string(), scale, scaleWords)], scaleWords).optional(),
  weights: weightsSchema.optional(),
  failures: failuresSchema.optional(),
  preemption: preemptionSchema.optional(),
  maxAge: durationOrUnlimited.optional(),
  rollouts: z.array(instant, must('a list of durations or dates')).optional(),
  drain: drainSchema.optional(),
  overhead: duration.optional(),
  slotOverhead: duration.optional(),
  executionTimeout: durationOrUnlimited.optional(),
  serviceTime: tokenLaw.optional(),
  speed: speedOf.optional(),
};

const priced = { billing: billingTerms.optional() };

const fleetShape = {
  pools: z
    .array(
      block({ name: text.optional(), ...deploymentShape, ...priced }),
      must('a list of pools, in order of preference'),
    )
    .min(1, must('a list of pools, in order of preference'))
    .optional(),
  overflow: block({ after: duration }).optional(),
};

const deployment = block({ ...deploymentShape, ...fleetShape });

const endpoints = z.union(
  [oneOf('each'), z.record(z.string(), block({ ...deploymentShape, ...fleetShape, ...priced }))],
  must('each, or a map of endpoints to deployments such as { chat: { gpu: l4 }, other: {} }'),
);

const account = block({
  concurrency: countOr(0, ['unlimited']).optional(),
  whenFull: oneOf('queue', 'refuse').optional(),
  gpus: countOr(0, ['unlimited']).optional(),
});

const weather = block({
  meanLength: durationAbove0.optional(),
  meanGap: durationAbove0.optional(),
  spells: z
    .array(block({ from: duration, to: duration }), must('a list of spells: { from: 3h, to: 4h }'))
    .optional(),
});

const point = z.record(z.string(), z.json(), must('a map of paths to values'));

export const studySchema = block({
  version: z.literal(1, must('1')),
  name: text.optional(),
  seed: z.union([z.number(), text], must('a number or a text')).optional(),
  replications: count(1, { most: 10_000 }).optional(),
  workload,
  client: client.optional(),
  deployment: deployment.optional(),
  endpoints: endpoints.optional(),
  account: account.optional(),
  billing: billingTerms.optional(),
  weather: weather.optional(),
  measure: block({
    from: duration.optional(),
    to: duration.optional(),
    edges: oneOf('cut', 'cyclic').optional(),
    warmUp: z.union([duration, oneOf('none', 'auto')], durationOr('none or auto')).optional(),
  }).optional(),
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
export type PoolSection = NonNullable<DeploymentSection['pools']>[number];
export type EndpointSection = Exclude<NonNullable<Study['endpoints']>, 'each'>[string];
export type DistributionSection = z.infer<typeof distribution>;
export type ServiceSection = z.infer<typeof service>;
export type OneServiceSection = z.infer<typeof oneService>;
export type ReplaySection = z.infer<typeof replay>;
export type ScheduleSection = z.infer<typeof schedule>;

/** For `coldfront schema`: JSON Schema of the 2020-12 draft, each key with what it means. */
export function studyJsonSchema(): SchemaNode {
  const schema = z.toJSONSchema(studySchema, { io: 'input' }) as SchemaNode;
  return { title: 'coldfront study', ...describedSchema(schema) } as SchemaNode;
}
