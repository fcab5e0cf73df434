/** The values of `--set PATH=VALUE` and `--vary PATH=A,B,C`, ranges among them. */
import { parse } from 'yaml';
import { formatDurationUs, parseDurationUs } from '../base/units.ts';
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
 * @returns the values, or what is wrong
 */
function expandPart(part: string): readonly Json[] | string {
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

/** All values of a comma list. @returns the values, or what is wrong, all of it */
export function expandList(text: string): { values: readonly Json[]; wrong: readonly string[] } {
  const values: Json[] = [];
  const wrong: string[] = [];
  for (const part of splitList(text)) {
    const expanded = expandPart(part);
    if (typeof expanded === 'string') wrong.push(expanded);
    else values.push(...expanded);
  }
  return { values, wrong };
}
