/** The schema of a platform file: every figure stands under the path that it sets, with its source, date and grade. */
import { z } from 'zod';
import type { PathMistake } from '../base/yaml-source.ts';
import { ROUTINGS } from '../engine/scenario.ts';
import { billingFaults, billingTerms, missingTerms } from './billing-terms.ts';
import { figureForm } from './figure-form.ts';
import {
  admissionSchema,
  drainSchema,
  failuresSchema,
  maxAgeSchema,
  plainColdStart,
  preemptionSchema,
  slotSpeedSchema,
  startPathsSchema,
} from './lifecycle-schema.ts';
import { SCALING_RULES, scalingSchema } from './scaling-schema.ts';
import { duration, oneOf, rate, strict } from './values.ts';
import { size, weightsSchema } from './weights-schema.ts';

/** From the best. */
export const GRADES = ['documented', 'third-party', 'inferred', 'unverified'] as const;
export type Grade = (typeof GRADES)[number];

/** A year, a month or a day. */
const date = z
  .string('must be a date: 2026-09-18, 2026-09 or "2026" in quotes')
  .refine(
    (text) => /^\d{4}(-\d\d){0,2}$/.test(text) && isDay(text),
    'must be a date: 2026-09-18, 2026-09 or "2026" in quotes',
  );

function isDay(text: string): boolean {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/** Where a figure comes from. */
const provenance = {
  source: z.string(),
  date,
  grade: oneOf(GRADES),
  note: z.string().optional(),
};

type Provenance = z.infer<z.ZodObject<typeof provenance>>;

/** A value with where it comes from; `alternatives` are values to try in its place where nobody knows which is right. */
export function figure<Value extends z.ZodType>(value: Value) {
  return strict({ value, ...provenance, alternatives: z.array(value).min(1).optional() });
}

const count = z.int('must be a whole number').nonnegative('must be at least 0');
const positive = z.int('must be a whole number').positive('must be at least 1');
const orUnlimited = <Value extends z.ZodType>(value: Value, what: string) =>
  z.union([value, z.literal('unlimited')], { error: `must be ${what} or unlimited` });

const admission = strict({
  queue: z.union([positive, z.enum(['none', 'unlimited'])], {
    error: 'must be a whole number of at least 1, none or unlimited',
  }),
  timeout: duration,
  ...admissionSchema.shape,
}).partial();

/** What the platform takes for the tokens of a request, where that is the platform's and not the user's own model. */
const serviceTime = strict({
  base: duration,
  perInputToken: duration,
  perOutputToken: duration,
}).partial();

/** The same keys as in a study, each value with where it comes from. */
function figuresOf<Plain extends z.ZodType>(schema: Plain) {
  return figureForm<Plain, Provenance>(schema, figure);
}

const deployment = strict({
  scaling: figuresOf(scalingSchema),
  replicas: strict({
    min: figure(count),
    max: figure(orUnlimited(count, 'a whole number')),
    startRate: figure(rate),
  }).partial(),
  idleWindow: figure(orUnlimited(duration, 'a duration with a unit')),
  unusedWindow: figure(orUnlimited(duration, 'a duration with a unit')),
  unusedWindowFrom: figure(oneOf(['ready', 'start'])),
  concurrency: figure(orUnlimited(positive, 'a whole number of at least 1')),
  binding: figure(oneOf(['shared', 'own'])),
  routing: figure(oneOf(ROUTINGS)),
  admission: figuresOf(admission),
  overhead: figure(duration),
  slotOverhead: figure(duration),
  executionTimeout: figure(duration),
  speed: figure(z.number('must be a number above 0').positive('must be above 0')),
  slotSpeed: figure(slotSpeedSchema),
  startPaths: figuresOf(startPathsSchema(plainColdStart)),
  weights: figuresOf(weightsSchema),
  failures: figuresOf(failuresSchema),
  preemption: figuresOf(preemptionSchema),
  drain: figuresOf(drainSchema),
  maxAge: figure(maxAgeSchema),
  serviceTime: figuresOf(serviceTime),
  /** What a replica holds beside its GPUs where a study does not say. */
  cores: figure(z.number('must be a number above 0').positive('must be above 0')),
  memory: figure(size),
}).partial();

/** As a study writes it, with a figure for each value. */
const billing = figureForm(billingTerms, figure) as z.ZodType<object>;

/** Facts that coldfront shows and does not enforce. */
const limit = strict({
  value: z.union([z.string(), z.number()]),
  unit: z.string().optional(),
  ...provenance,
});

export const platformSchema = strict({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower case words joined by -'),
  name: z.string().min(1),
  description: z.string().min(1),
  /** What a figure's `source` stands for: a document and its address. */
  sources: z.record(z.string(), z.string().min(1)),
  deployment,
  billing,
  limits: z.record(z.string(), limit).optional(),
});
export type PlatformFile = z.infer<typeof platformSchema>;

/** What the schema of a file cannot see. Takes what the file says before it is checked. */
export function platformFaults(data: unknown): PathMistake[] {
  const billing = isMap(data) ? data['billing'] : undefined;
  const faults = [...billingFaults(billing), ...missingTerms(billing)];
  return [
    ...missingRule(data),
    ...faults.map(({ path, message }) => ({
      path: ['billing', ...path],
      message,
      part: 'value' as const,
    })),
    ...unknownSources(data),
  ];
}

/** No rule is guessed: whether a request starts a replica decides every figure. */
function missingRule(data: unknown): PathMistake[] {
  if (!isMap(data) || !isMap(data['deployment'])) return [];
  const { scaling } = data['deployment'];
  if (scaling !== undefined && (!isMap(scaling) || scaling['rule'] !== undefined)) return [];
  const path = ['deployment', 'scaling', 'rule'];
  return [{ path, message: `is missing: ${SCALING_RULES.join(', ')}`, part: 'value' }];
}

/** Sources that no line of `sources` explains. Takes what the file says before it is checked. */
export function unknownSources(data: unknown): PathMistake[] {
  if (!isMap(data) || !isMap(data['sources'])) return [];
  const known = Object.keys(data['sources']);
  return figuresIn(data)
    .filter(({ figure }) => typeof figure.source === 'string' && !known.includes(figure.source))
    .map(({ path, figure }) => ({
      path: [...path, 'source'],
      message: `${figure.source} is not among the sources: ${known.join(', ')}`,
      part: 'value',
    }));
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A figure as the file has it. */
export interface FileFigure {
  readonly value: unknown;
  readonly source: string;
  readonly date: string;
  readonly grade: Grade;
  readonly unit?: string | undefined;
  readonly note?: string | undefined;
  readonly alternatives?: readonly unknown[] | undefined;
}

function isFigure(node: object): node is FileFigure {
  return 'value' in node;
}

/** Every figure below a node of a checked file, in its order. */
export function figuresIn(
  node: object,
  path: readonly string[] = [],
): { readonly path: readonly string[]; readonly figure: FileFigure }[] {
  if (isFigure(node)) return [{ path, figure: node }];
  return Object.entries(node).flatMap(([key, child]: [string, unknown]) =>
    typeof child === 'object' && child !== null ? figuresIn(child, [...path, key]) : [],
  );
}

/** A part of a file with each figure replaced by its value. */
export type Plain<T> = T extends { value: infer Value; grade: Grade }
  ? Value
  : T extends object
    ? { [Key in keyof T]: Plain<T[Key]> }
    : T;

export function plain<T extends object>(node: T): Plain<T> {
  const value: unknown = isFigure(node)
    ? node.value
    : Object.fromEntries(
        Object.entries(node).map(([key, child]: [string, unknown]) => [
          key,
          typeof child === 'object' && child !== null ? plain(child) : child,
        ]),
      );
  return value as Plain<T>;
}
