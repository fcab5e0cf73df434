/** The leaves of the study's schema: values with units, each with the message that a wrong one gets. */
import { z } from 'zod';
import {
  DURATION_PATTERN,
  LONGEST_US,
  parseDurationUs,
  parseRate,
  parseSizeBytes,
  RATE_PATTERN,
  SIZE_PATTERN,
  US_PER_S,
} from '../base/units.ts';
import { shown } from '../base/yaml-source.ts';

const NEGATIVE = /^\s*-/;
const MOST_PER_S = 100_000;
const MOST_BYTES = 1e15;
const MOST = 1_000_000;

interface Issue {
  readonly code?: string | undefined;
  readonly input?: unknown;
}

/** The message of a leaf or a choice: what it must be, and what it is. */
export function must(what: string) {
  return {
    error: ({ input }: Issue): string =>
      input === undefined
        ? `is missing: it must be ${what}`
        : `must be ${what}, is ${shown(input)}`,
  };
}

/** @param limit what a text must be that is a quantity, but one beyond all bounds; null for any other */
function quantity(
  example: string,
  units: (n: number) => string,
  limit: (text: string) => string | null,
) {
  return {
    error: ({ input }: Issue): string => {
      if (input === undefined) return `is missing: write ${example}`;
      const bare = typeof input === 'string' && input.trim() !== '' ? Number(input) : input;
      if (typeof bare === 'number' && bare >= 0 && bare < Number.POSITIVE_INFINITY) {
        return `${bare} has no unit: write ${units(bare)}`;
      }
      if (NEGATIVE.test(String(input))) return `must not be negative, is ${shown(input)}`;
      const what = (typeof input === 'string' ? limit(input) : null) ?? example;
      return `must be ${what}, is ${shown(input)}`;
    },
  };
}

const inSeconds = (n: number) => `${n}s, 1m or 1h`;

function isTooLong(text: string): boolean {
  return (parseDurationUs(text) ?? 0) > LONGEST_US;
}

const atMostLongest = (text: string) => (isTooLong(text) ? 'at most 87600h (10 years)' : null);

/** The words of a choice of which one is a duration. */
export function durationOr(what: string) {
  return quantity(`a duration such as 8s, ${what}`, inSeconds, atMostLongest);
}

const durationWords = quantity('a duration such as 60s, 20ms or 1h30m', inSeconds, atMostLongest);

/** `60s` */
export const duration = z
  .string(durationWords)
  .regex(new RegExp(DURATION_PATTERN), durationWords)
  .refine((text) => !isTooLong(text), durationWords);

export const durationAbove0 = duration.refine(
  (text) => parseDurationUs(text) !== 0,
  must('above 0'),
);

/** `60s` or `unlimited` */
export const durationOrUnlimited = z.union(
  [z.literal('unlimited'), duration],
  quantity('a duration such as 60s, or unlimited', inSeconds, atMostLongest),
);

function rateLimit(text: string): string | null {
  const rate = parseRate(text);
  if (rate === null) return null;
  const { count, periodUs } = rate;
  if (count * US_PER_S > MOST_PER_S * periodUs) return `at most ${MOST_PER_S}/s`;
  return count > 0 && periodUs > count * LONGEST_US ? 'at least 1/87600h' : null;
}

export const rateWords = quantity(
  'a rate such as 5/s or 300/min',
  (n) => `${n}/s or ${n}/min`,
  rateLimit,
);
/** `5/s` */
export const rate = z
  .string(rateWords)
  .regex(new RegExp(RATE_PATTERN), rateWords)
  .refine((text) => parseRate(text) !== null && rateLimit(text) === null, rateWords);

/** `10/s` or `unlimited` */
export const rateOrUnlimited = z.union([z.literal('unlimited'), rate], rateWords);

const isTooLarge = (text: string) => (parseSizeBytes(text) ?? 0) > MOST_BYTES;
const sizeWords = quantity(
  'a size such as 26GB or 16GiB',
  (n) => `${n}GB or ${n}GiB`,
  (text) => (isTooLarge(text) ? 'at most 1000TB' : null),
);
/** `26GB` */
export const size = z
  .string(sizeWords)
  .regex(new RegExp(SIZE_PATTERN), sizeWords)
  .refine((text) => !isTooLarge(text), sizeWords);

export const text = z.string(must('a text')).min(1, must('a text'));
export const yesOrNo = z.boolean(must('true or false'));

/** As `must`, or the bound that a number is beyond. */
function mustUpTo(most: number, what: string) {
  const words = must(what);
  return {
    error: (issue: Issue): string =>
      typeof issue.input === 'number' && issue.input > most
        ? must(`at most ${most}`).error(issue)
        : words.error(issue),
  };
}

export function count(
  least: number,
  { most = MOST, what = `a whole number of at least ${least}` } = {},
) {
  const words = mustUpTo(most, what);
  return z.int(words).min(least, words).max(most, words);
}

/** A count or some words for a count: `none`, `unlimited`. */
export function countOr<const Words extends readonly [string, ...string[]]>(
  least: number,
  words: Words,
  most = MOST,
) {
  // The branch's words are the choice's: zod gives those of the branch that came nearest.
  const others = words.length > 1 ? words.join(' or ') : `or ${words[0]}`;
  const what = `a whole number of at least ${least}, ${others}`;
  return z.union([z.literal(words), count(least, { most, what })], mustUpTo(most, what));
}

export function numberFrom(least: number) {
  const words = mustUpTo(MOST, `a number of at least ${least}`);
  return z.number(words).min(least, words).max(MOST, words);
}

export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  const list =
    words.length === 1 ? words[0] : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
  return z.enum(words, must(list));
}

/** A map with these keys and no other; `unrecognized_keys` gets its words in findings.ts, which knows what is near. */
export function block<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: ({ code, input }: Issue) =>
      code === 'unrecognized_keys' ? undefined : must('a map').error({ input }),
  });
}

const dateTimeWords = must('a date and time such as 2026-11-02T00:00 or 2026-11-02T00:00Z');
/** `2026-11-02T00:00`, with an offset or without */
export const dateTime = z
  .string(dateTimeWords)
  .regex(
    /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/,
    dateTimeWords,
  );

const clockWords = must('a time of day such as 08:00');
/** `08:00`, up to `24:00` */
export const clock = z
  .string(clockWords)
  .regex(/^(?:(?:[01]?\d|2[0-3]):[0-5]\d|24:00)$/, clockWords);

/** Of distributions. */
export const families = [
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
