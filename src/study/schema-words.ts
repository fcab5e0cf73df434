/** The leaves of the study's schema: values with units, each with the message that a wrong one gets. */
import { z } from 'zod';
import { DURATION_PATTERN, RATE_PATTERN, SIZE_PATTERN } from '../base/units.ts';

const NEGATIVE = /^\s*-/;

export function shown(value: unknown): string {
  if (value === null) return 'empty';
  if (typeof value === 'string') return value === '' ? 'empty' : value;
  const text = JSON.stringify(value) ?? String(value);
  if (Array.isArray(value)) return text.length > 40 ? 'a list' : text;
  return typeof value === 'object' ? 'a map' : text;
}

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

function quantity(example: string, units: (n: number) => string) {
  return {
    error: ({ input }: Issue): string => {
      if (input === undefined) return `is missing: write ${example}`;
      if (typeof input === 'number' && input >= 0)
        return `${input} has no unit: write ${units(input)}`;
      if (NEGATIVE.test(String(input))) return `must not be negative, is ${shown(input)}`;
      return `must be ${example}, is ${shown(input)}`;
    },
  };
}

const durationWords = quantity('a duration such as 60s, 20ms or 1h30m', (n) => `${n}s, 1m or 1h`);

/** `60s` */
export const duration = z.string(durationWords).regex(new RegExp(DURATION_PATTERN), durationWords);

/** `60s` or `unlimited` */
export const durationOrUnlimited = z.union(
  [z.literal('unlimited'), duration],
  quantity('a duration such as 60s, or unlimited', (n) => `${n}s, 1m or 1h`),
);

export const rateWords = quantity('a rate such as 5/s or 300/min', (n) => `${n}/s or ${n}/min`);
/** `5/s` */
export const rate = z.string(rateWords).regex(new RegExp(RATE_PATTERN), rateWords);

/** `10/s` or `unlimited` */
export const rateOrUnlimited = z.union([z.literal('unlimited'), rate], rateWords);

const sizeWords = quantity('a size such as 26GB or 16GiB', (n) => `${n}GB or ${n}GiB`);
/** `26GB` */
export const size = z.string(sizeWords).regex(new RegExp(SIZE_PATTERN), sizeWords);

export const text = z.string(must('a text')).min(1, must('a text'));
export const yesOrNo = z.boolean(must('true or false'));

export function count(least: number, words = must(`a whole number of at least ${least}`)) {
  return z.int(words).min(least, words);
}

export function countOrUnlimited(least: number) {
  // The branch's words are the choice's: zod gives those of the branch that came nearest.
  const words = must(`a whole number of at least ${least}, or unlimited`);
  return z.union([z.literal('unlimited'), count(least, words)], words);
}

export function numberFrom(least: number) {
  const words = must(`a number of at least ${least}`);
  return z.number(words).min(least, words);
}

export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  const list =
    words.length === 1 ? words[0] : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
  return z.enum(words, must(list));
}

/** A map with these keys and no other; `unrecognized_keys` gets its words in mistakes.ts, which knows what is near. */
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
