/** The study's `synthesize` block: its keys, and what each may hold. */
import { z } from 'zod';
import { MOST_FACTOR } from '../workload/shaping/shape-rate.ts';
import {
  block,
  clock,
  count,
  duration,
  durationAbove0,
  families,
  must,
  numberFrom,
  oneOf,
  rate,
  rateWords,
  text,
} from './schema-words.ts';

const MOST_REQUESTS = 1e12;
const scaleWords = must(`a number above 0, at most ${MOST_FACTOR}`);

/** A rate that changes over time and repeats every `period`. */
const rateCurve = block({
  // A map that has it is the other choice, whatever else is wrong in it.
  mean: z.never().optional(),
  period: durationAbove0,
  interpolate: oneOf('step', 'linear').optional(),
  points: z
    .array(block({ at: duration, rate }), must('a list of { at: 8h, rate: 5/s }'))
    .min(1, must('a list of { at: 8h, rate: 5/s }')),
});

const factor = numberFrom(0).optional();

/** The same by its mean and its peak. */
const dailyRate = block({
  points: z.never().optional(),
  mean: rate,
  peakToMean: numberFrom(1).optional(),
  peakAt: z.union([clock, duration], must('a time of day such as 14:00')).optional(),
  period: durationAbove0.optional(),
  weekdays: block({
    mon: factor,
    tue: factor,
    wed: factor,
    thu: factor,
    fri: factor,
    sat: factor,
    sun: factor,
  }).optional(),
});

const anyRate = z.union([rate, rateCurve, dailyRate], rateWords);

const countWords = must('a list of counts, or of lists of them');
const intervalCount = count(0, { most: MOST_REQUESTS });

const arrivals = block({
  process: oneOf(
    'poisson',
    'fixed',
    'gamma',
    'weibull',
    'piecewise',
    'diurnal',
    'mmpp',
    'hawkes',
    'counts',
  ),
  rate: anyRate.optional(),
  cv: numberFrom(0).optional(),
  states: z
    .array(
      block({ rate, mean: durationAbove0, to: z.array(numberFrom(0)).optional() }),
      must('a list of { rate: 40/s, mean: 5s }'),
    )
    .optional(),
  base: rate.optional(),
  branching: numberFrom(0).optional(),
  decay: durationAbove0.optional(),
  file: text.optional(),
  column: z
    .union([text, z.array(text).min(1)], must('the name of a column, or a list of them'))
    .optional(),
  counts: z.union([z.array(intervalCount), z.array(z.array(intervalCount))], countWords).optional(),
  interval: durationAbove0.optional(),
  placement: oneOf('uniform', 'even').optional(),
});

const numbers = must('a list of numbers');

/** As a distribution of times, in bare numbers. */
const parameters = {
  value: numberFrom(0).optional(),
  mean: numberFrom(0).optional(),
  cv: numberFrom(0).optional(),
  quantiles: z
    .record(
      z.string().regex(/^p\d{2,}$/),
      numberFrom(0),
      must('a map such as { p50: 800, p99: 7000 }'),
    )
    .optional(),
  min: numberFrom(0).optional(),
  max: numberFrom(0).optional(),
  location: z.number(must('a number')).optional(),
  sd: numberFrom(0).optional(),
  mu: z.number(must('a number')).optional(),
  sigma: numberFrom(0).optional(),
  median: numberFrom(0).optional(),
  shape: numberFrom(0).optional(),
  scale: numberFrom(0).optional(),
  alpha: numberFrom(0).optional(),
  values: z.array(numberFrom(0), numbers).min(1, numbers).optional(),
  weights: z.array(numberFrom(0), numbers).min(1, numbers).optional(),
};

const numberWords = must(
  'a number, or a distribution such as { distribution: lognormal, mean: 1500, cv: 1.2 }',
);

const numberOrDistribution = z.union(
  [numberFrom(0), block({ distribution: oneOf(...families), ...parameters })],
  numberWords,
);

const tokens = block({
  input: numberOrDistribution.optional(),
  output: numberOrDistribution.optional(),
});

const client = block({
  name: text.optional(),
  share: numberFrom(0).optional(),
  rate: anyRate.optional(),
  arrivals: arrivals.optional(),
  endpoint: text.optional(),
  tokens: tokens.optional(),
});

const manyClients = block({
  count: count(1, { most: 10_000 }),
  rate: anyRate,
  zipf: numberFrom(0).optional(),
  process: oneOf('gamma', 'weibull').optional(),
  cv: numberOrDistribution.optional(),
});

export const synthesize = block({
  duration: durationAbove0.optional(),
  requests: count(1, { most: MOST_REQUESTS }).optional(),
  arrivals: arrivals.optional(),
  clients: z
    .union(
      [z.array(client).min(1), manyClients],
      must('a list of clients, or { count: 200, rate: 20/s, zipf: 1, cv: 2 }'),
    )
    .optional(),
  rateScale: z.number(scaleWords).gt(0, scaleWords).max(MOST_FACTOR, scaleWords).optional(),
  burstScale: z.number(scaleWords).gt(0, scaleWords).max(MOST_FACTOR, scaleWords).optional(),
  endpoints: z
    .union(
      [
        z.array(block({ name: text, share: numberFrom(0) })).min(1),
        block({ count: count(1, { most: 100_000 }), zipf: numberFrom(0).optional() }),
      ],
      must('{ count: 50, zipf: 1 }, or a list of { name: chat, share: 0.7 }'),
    )
    .optional(),
  tokens: tokens.optional(),
});

export type SynthesizeSection = z.infer<typeof synthesize>;
export type ArrivalsSection = z.infer<typeof arrivals>;
export type RateSection = z.infer<typeof anyRate>;
export type DailyRateSection = z.infer<typeof dailyRate>;
export type ClientSection = z.infer<typeof client>;
export type ManyClientsSection = z.infer<typeof manyClients>;
export type NumberSection = z.infer<typeof numberOrDistribution>;
export type TokensSection = z.infer<typeof tokens>;
