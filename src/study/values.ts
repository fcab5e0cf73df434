/** The values of `--set PATH=VALUE` and `--vary PATH=A,B,C`, ranges among them. */
import { parse } from 'yaml';
import { formatDurationUs, parseDurationUs, US_PER_H, US_PER_MIN } from '../base/units.ts';
import type { Json } from './json.ts';

const OPEN = '[{(';
const CLOSE = ']})';

/** Splits at commas outside brackets and quotes: `a,{b: 1, c: 2}` is two. */
export function splitList(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (OPEN.includes(char)) depth++;
    else if (CLOSE.includes(char)) depth--;
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(text.slice(from));
  return parts.map((part) => part.trim());
}

/** One value as YAML has it: `2` is a number, `60s` a text, `{queue: none}` a map. @returns undefined if it is none */
export function parseValue(text: string): Json | undefined {
  try {
    return parse(text) as Json;
  } catch {
    return undefined;
  }
}

const RANGE = /^(.+?)\.\.(.+?)(?:([+*])(.+))?$/;
const MOST_VALUES = 10_000;

/**
 * The values of one part of a list: a range is `0..8`, `0..100+10`, `1s..10m*2`, and stops at or below its end.
 * @param isSearched whether a range of something with a unit needs no step: `5s..30m` is all that a person would write
 * between its ends
 * @returns the values, or what is wrong
 */
function expandPart(part: string, isSearched: boolean): readonly Json[] | string {
  const match = /^[[{"']/.test(part) ? null : RANGE.exec(part);
  if (match === null) {
    const value = parseValue(part);
    return value === undefined || part === ''
      ? `${part === '' ? 'nothing' : part} is no value`
      : [value];
  }
  const [, fromText = '', toText = '', operator = '+', stepText] = match;
  const from = quantityOf(fromText);
  const to = quantityOf(toText);
  if (from === null || to === null || from.unit !== to.unit) {
    if (from?.value === 0 && to !== null && from.unit === '') {
      return `${part}: 0 has no unit: write 0s`;
    }
    return `${part} is no range: write 0..8, 0..100+10 or 1s..10m*2`;
  }
  if (stepText === undefined && isSearched && from.unit !== '') return written(part, from, to);
  const step = stepText === undefined ? defaultStep(from.unit) : quantityOf(stepText);
  if (step === null) return `${part} needs a step: write ${part}+10s or ${part}*2`;
  if (operator === '+' && (step.value <= 0 || step.unit !== from.unit)) {
    return `the step of ${part} must be above 0 and in the unit of its ends`;
  }
  if (operator === '*' && (step.value <= 1 || step.unit !== '' || from.value <= 0)) {
    return `a range that multiplies begins above 0 and has a factor above 1, is ${part}`;
  }
  if (to.value < from.value) return `${part} ends below its beginning`;
  const values: Json[] = [];
  for (let i = 0; ; i++) {
    // From the beginning each time, so that steps do not add up their rounding.
    const value = operator === '+' ? from.value + i * step.value : from.value * step.value ** i;
    if (value > to.value * (1 + 1e-12)) return values;
    if (values.length === MOST_VALUES) return `${part} has more than ${MOST_VALUES} values`;
    values.push(spell(value, from.unit));
  }
}

interface Quantity {
  readonly value: number;
  /** '' for a bare number, 'us' for a duration, else the unit as written (`/s`, `GB`). */
  readonly unit: string;
}

function quantityOf(text: string): Quantity | null {
  const us = parseDurationUs(text);
  if (us !== null) return { value: us, unit: 'us' };
  const match = /^(\d+(?:\.\d+)?|\.\d+)(\/[a-z0-9]+|[a-z]+)?$/i.exec(text);
  return match === null ? null : { value: Number(match[1]), unit: match[2] ?? '' };
}

function defaultStep(unit: string): Quantity | null {
  return unit === '' ? { value: 1, unit } : null;
}

function spell(value: number, unit: string): Json {
  if (unit === 'us') return formatDurationUs(value);
  const clean = Number(value.toPrecision(12));
  return unit === '' ? clean : `${clean}${unit}`;
}

/** The ends, and between them all numbers of two digits: seconds up to two minutes, minutes up to two hours, then hours. */
function written(part: string, from: Quantity, to: Quantity): readonly Json[] | string {
  if (to.value < from.value) return `${part} ends below its beginning`;
  if (from.value <= 0) return `a range without a step begins above 0, is ${part}`;
  const values = [from.value];
  for (;;) {
    const next = nextWritten(values.at(-1)!, from.unit === 'us' ? unitUsOf : () => 1);
    if (next >= to.value) break;
    values.push(next);
  }
  if (to.value > from.value) values.push(to.value);
  return values.map((value) => spell(value, from.unit));
}

function unitUsOf(us: number): number {
  if (us >= 2 * US_PER_H) return US_PER_H;
  return us >= 2 * US_PER_MIN ? US_PER_MIN : 1;
}

function nextWritten(value: number, unitOf: (value: number) => number): number {
  const unit = unitOf(value);
  const digit = 10 ** (Math.floor(Math.log10(value / unit) + 1e-9) - 1);
  const next = (Math.floor(value / unit / digit + 1e-6) + 1) * digit * unit;
  return Number(next.toPrecision(12));
}

/** All values of a comma list. @returns the values, or what is wrong, all of it */
export function expandList(
  text: string,
  isSearched = false,
): { values: readonly Json[]; wrong: readonly string[] } {
  const values: Json[] = [];
  const wrong: string[] = [];
  for (const part of splitList(text)) {
    const expanded = expandPart(part, isSearched);
    if (typeof expanded === 'string') wrong.push(expanded);
    else values.push(...expanded);
  }
  return { values, wrong };
}
