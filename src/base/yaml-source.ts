/** YAML or JSON text checked by a zod schema, every mistake at once and each at its line and column. */
import {
  type Document,
  isCollection,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import type { z } from 'zod';
import { type Mistake, UserError } from './errors.ts';

export type KeyPath = readonly (string | number)[];

/** A mistake at a path of the data, before it has a line. */
export interface PathMistake {
  readonly path: KeyPath;
  readonly message: string;
  /** Whether the key is wrong or its value. */
  readonly part: 'key' | 'value';
}

export interface YamlSource {
  /** Plain data, or undefined where the text is no YAML. */
  readonly data: unknown;
  /** What is wrong with the text as YAML. */
  readonly syntax: readonly Mistake[];
  /** Mistakes in the order of the file, each where its path stands: `modal.yaml:7:13`, or at the nearest key above it. */
  locate(mistakes: readonly PathMistake[]): Mistake[];
}

export function readYaml(text: string, fileName: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${fileName}:${line}:${col}`;
  };
  const data = document.errors.length > 0 ? undefined : dataOf(document);
  if (data instanceof Error) {
    const message = data.message.replace(/\s+/g, ' ');
    return { data: undefined, syntax: [{ at: fileName, path: null, message }], locate: () => [] };
  }
  return {
    data,
    syntax: document.errors.map(({ code, pos, message }) => ({
      at: place(pos[0]),
      path: null,
      message:
        code === 'DUPLICATE_KEY'
          ? `${keyAt(text, pos[0])} stands twice in one map: keep one of them`
          : message.replace(/\s+/g, ' '),
    })),
    locate: (mistakes) =>
      mistakes
        .map((mistake) => ({ ...mistake, offset: offsetOf(document.contents, mistake) }))
        .sort((a, b) => a.offset - b.offset)
        .map(({ offset, path, message }) => ({
          at: place(offset),
          path: path.length > 0 ? path.join('.') : null,
          message,
        })),
  };
}

/** The data, or what is wrong with its aliases: that shows only when they are followed. */
function dataOf(document: Document.Parsed): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (error instanceof ReferenceError) return error;
    throw error;
  }
}

function keyAt(text: string, offset: number): string {
  const [, key = 'a key'] = /^["']?(.*?)["']?\s*:/.exec(text.slice(offset)) ?? [];
  return key;
}

/**
 * @param further mistakes that the schema cannot see; it gets the data as it was written, whatever it is
 * @returns what the schema makes of the source
 * @throws UserError with every mistake
 */
export function checkYaml<T>(
  source: YamlSource,
  schema: z.ZodType<T>,
  further: (data: unknown) => readonly PathMistake[] = () => [],
): T {
  if (source.syntax.length > 0) throw new UserError(source.syntax);
  const result = schema.safeParse(source.data, { error: plainWords, reportInput: true });
  const mistakes = [...(result.error?.issues ?? []).flatMap(mistakesOf), ...further(source.data)];
  if (result.success && mistakes.length === 0) return result.data;
  throw new UserError(source.locate(mistakes));
}

/** A value as a message shows it. */
export function shown(value: unknown): string {
  if (value === null) return 'empty';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') {
    if (value.trim() === '') return 'empty';
    const readsAsOther = !Number.isNaN(Number(value)) || value === 'true' || value === 'false';
    return readsAsOther ? `the text ${JSON.stringify(value)}` : value;
  }
  const text = JSON.stringify(value) ?? String(value);
  if (Array.isArray(value)) return text.length > 40 ? 'a list' : text;
  return typeof value === 'object' ? 'a map' : text;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'list',
  object: 'map',
  record: 'map',
};

/** The words of an issue whose schema gives none. */
export function plainWords(issue: z.core.$ZodRawIssue): string {
  const { code, input } = issue;
  if (code === 'too_small') {
    return issue.origin === 'string' ? 'must not be empty' : 'must have at least one value';
  }
  if (code !== 'invalid_type') return `cannot be ${shown(input)}`;
  return `must be a ${KINDS[issue.expected] ?? issue.expected}, is ${shown(input)}`;
}

/** What a zod issue says, in a mistake's words; a schema's own messages stand. */
export function mistakesOf(issue: z.core.$ZodIssue): PathMistake[] {
  const path = issue.path as KeyPath;
  const { message } = issue;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], message, part: 'key' }));
  }
  const missing = issue.input === undefined && path.length > 0;
  return [{ path, message: missing ? 'is missing' : message, part: 'value' }];
}

function offsetOf(contents: Node | null, { path, part }: PathMistake): number {
  let node: unknown = contents;
  let offset = contents?.range?.[0] ?? 0;
  for (const [depth, key] of path.entries()) {
    if (!isCollection(node)) break;
    const pair = node.items.find((item, index) =>
      isPair(item) ? isScalar(item.key) && String(item.key.value) === String(key) : index === key,
    );
    const value = isPair(pair) ? pair.value : pair;
    const last = depth === path.length - 1;
    const found = isPair(pair) && last && part === 'key' ? pair.key : value;
    const range = (found as Node | null | undefined)?.range;
    if (!range) break;
    offset = range[0];
    node = value;
  }
  return offset;
}
