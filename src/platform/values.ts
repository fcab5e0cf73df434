/** What a platform file and a study's `billing` block may say: the same spellings in both. */
import { z } from 'zod';
import { DURATION_PATTERN, LONGEST_US, parseDurationUs, RATE_PATTERN } from '../base/units.ts';

/** The phases of a start in their order, by the names that platforms bill them under; a study may add its own. */
export const START_PHASES = [
  'capacity',
  'provision',
  'pull',
  'download',
  'boot',
  'load',
  'init',
  'restore',
] as const;

export const STATES = ['starting', 'idle', 'busy', 'draining'] as const;

/** A strict object whose complaint about an unknown key lists the keys that there are. */
export function strict<Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  const keys = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys'
        ? `is no key here: there are ${keys}`
        : `must be a map of ${keys}`,
  });
}

export function oneOf<const Choices extends readonly string[]>(choices: Choices) {
  return z.enum(choices, `must be one of ${choices.join(', ')}`);
}

export const duration = z
  .string('must be a duration with a unit: 500ms, 60s, 15m or 1h')
  .regex(new RegExp(DURATION_PATTERN), 'must be a duration with a unit: 500ms, 60s, 15m or 1h')
  .refine(
    (text) => !((parseDurationUs(text) ?? 0) > LONGEST_US),
    'must be at most 87600h (10 years)',
  );
export const rate = z
  .string('must be a rate: 5/s or 1000/10s')
  .regex(new RegExp(RATE_PATTERN), 'must be a rate: 5/s or 1000/10s');
export const usd = z
  .number('must be dollars: a number of at least 0')
  .nonnegative('must be dollars: a number of at least 0');

const SHARE = 'must be a share from 0 to 1, or a percentage such as 80%';
/** `40%` or 0.4 */
export const share = z.union(
  [
    z.number(SHARE).min(0, SHARE).max(1, SHARE),
    z
      .string(SHARE)
      .regex(/^\d+(?:\.\d+)?%$/, SHARE)
      .refine((text) => shareOf(text) <= 1, SHARE),
  ],
  { error: SHARE },
);

/** `70%` as 0.7; a number as it is. */
export function shareOf(given: number | string): number {
  return typeof given === 'number' ? given : Number(given.slice(0, -1)) / 100;
}
