/** Which requests of a log are taken: by what a line says of each. */
import type { EndpointRule } from './endpoint-rule.ts';
import { type RequestText, withoutQuery } from './request-text.ts';

export type { RequestText } from './request-text.ts';

/**
 * All of them must hold. Texts are patterns: `*` fits anything, `!` before one turns it around. A list holds where one of
 * its patterns fits (any text, if all are turned around) and none of those turned around does. What a line does not tell
 * fits no pattern.
 */
export interface Where {
  readonly method?: readonly string[];
  /** Without the query, unless the pattern has a `?`. */
  readonly path?: readonly string[];
  /** Without the port, unless the pattern has a `:`. */
  readonly host?: readonly string[];
  readonly endpoint?: readonly string[];
  /** `200`, `2xx`, `<400`, `200..299`. */
  readonly status?: readonly string[];
}

type TextField = 'method' | 'path' | 'host' | 'endpoint';
const TEXT_FIELDS: readonly TextField[] = ['method', 'path', 'host', 'endpoint'];

export interface WhereMistake {
  readonly key: keyof Where;
  /** A sentence without a full stop. */
  readonly message: string;
}

type RowTest = (row: RequestText) => boolean;

/** Whether the reader must take method, path and host out of a line. */
export function needsText(where: Where | null, endpoint: EndpointRule | null): boolean {
  const rule = endpoint !== null && !('field' in endpoint && endpoint.field === 'endpoint');
  return rule || (['method', 'path', 'host'] as const).some((key) => where?.[key] !== undefined);
}

export function whereMistakes(where: Where): WhereMistake[] {
  const mistakes: WhereMistake[] = [];
  for (const key of [...TEXT_FIELDS, 'status'] as const) {
    const patterns = where[key];
    if (patterns === undefined) continue;
    if (patterns.length === 0) mistakes.push({ key, message: 'is an empty list: nothing fits it' });
    for (const pattern of patterns) {
      const { text } = turned(pattern);
      if (key === 'status' ? statusRange(text) === null : text === '') {
        const what =
          key === 'status' ? '200, 2xx, <400 or 200..299' : 'a pattern such as /v1/* or !/health';
        mistakes.push({ key, message: `must be ${what}, is ${pattern === '' ? '""' : pattern}` });
      }
    }
  }
  return mistakes;
}

/** @returns null where every request is taken; `whereMistakes` has found none */
export function compileWhere(where: Where | null): RowTest | null {
  if (where === null) return null;
  const tests = TEXT_FIELDS.flatMap((field) => {
    const patterns = where[field];
    return patterns === undefined ? [] : [textTest(field, patterns)];
  });
  if (where.status !== undefined) tests.push(statusTest(where.status));
  const [first, second] = tests;
  if (first === undefined) return null;
  if (second === undefined) return first;
  if (tests.length === 2) return (row) => first(row) && second(row);
  return (row) => tests.every((test) => test(row));
}

function turned(pattern: string): { readonly text: string; readonly not: boolean } {
  const not = pattern.startsWith('!');
  return { text: not ? pattern.slice(1) : pattern, not };
}

function listTest<Value>(
  patterns: readonly string[],
  compile: (text: string) => (value: Value) => boolean,
): (value: Value) => boolean {
  const all = patterns.flatMap((pattern) => [pattern, ...bytesOf(pattern)]).map(turned);
  const fits = all.filter(({ not }) => !not).map(({ text }) => compile(text));
  const fitsNot = all.filter(({ not }) => not).map(({ text }) => compile(text));
  return (value) =>
    (fits.length === 0 || fits.some((test) => test(value))) && !fitsNot.some((test) => test(value));
}

/** A reader of lines gives UTF-8 as it stands, a character a byte; one of tables gives text. Either fits. */
function bytesOf(pattern: string): string[] {
  const bytes = String.fromCharCode(...new TextEncoder().encode(pattern));
  return bytes === pattern ? [] : [bytes];
}

function textTest(field: TextField, patterns: readonly string[]): RowTest {
  const test = listTest(patterns, (pattern) => patternTest(field, pattern));
  return (row) => test(row[field]);
}

function patternTest(field: TextField, pattern: string): (text: string | null) => boolean {
  if (field === 'method') {
    const fits = globTest(pattern.toUpperCase());
    return (text) => text !== null && fits(text.toUpperCase());
  }
  if (field === 'path' && !pattern.includes('?')) {
    const fits = globTest(pattern);
    return (text) => text !== null && fits(withoutQuery(text));
  }
  if (field === 'host') {
    const fits = globTest(pattern.toLowerCase());
    if (pattern.includes(':')) return (text) => text !== null && fits(text.toLowerCase());
    return (text) => text !== null && fits(text.toLowerCase().replace(/:\d+$/, ''));
  }
  const fits = globTest(pattern);
  return (text) => text !== null && fits(text);
}

/** Whether a text fits a pattern whose `*` fits anything. Takes time in proportion to the text: a log is not to be trusted with a regular expression. */
export function globTest(pattern: string): (text: string) => boolean {
  const parts = pattern.split('*');
  const first = parts[0]!;
  if (parts.length === 1) return (text) => text === first;
  const last = parts.at(-1)!;
  const between = parts.slice(1, -1).filter((part) => part !== '');
  if (between.length === 0 && last === '') return (text) => text.startsWith(first);
  return (text) => {
    if (!text.startsWith(first)) return false;
    let at = first.length;
    // Each as early as it fits leaves the most for those behind it.
    for (const part of between) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return text.length - last.length >= at && text.endsWith(last);
  };
}

interface StatusRange {
  readonly from: number;
  readonly to: number;
}

function statusTest(patterns: readonly string[]): RowTest {
  const test = listTest(patterns, (text) => {
    const { from, to } = statusRange(text) ?? { from: 1, to: 0 };
    return (status: number) => status >= from && status <= to;
  });
  return (row) => test(row.status);
}

const MOST_STATUS = 999;

/** Without 0, which stands for none. */
function statusRange(text: string): StatusRange | null {
  const digits = /^(\d{3})$/.exec(text);
  if (digits) return { from: Number(text), to: Number(text) };
  const hundreds = /^([1-9])xx$/i.exec(text);
  if (hundreds) return { from: Number(hundreds[1]) * 100, to: Number(hundreds[1]) * 100 + 99 };
  const range = /^(\d{3})\s*\.\.\s*(\d{3})$/.exec(text);
  if (range) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    return from <= to ? { from, to } : null;
  }
  const bound = /^([<>])(=?)\s*(\d{3})$/.exec(text);
  if (!bound) return null;
  const [, side, equal, number] = bound;
  const limit = Number(number);
  return side === '<'
    ? { from: 1, to: equal === '' ? limit - 1 : limit }
    : { from: equal === '' ? limit + 1 : limit, to: MOST_STATUS };
}
