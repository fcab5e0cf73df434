/**
 * Values of a JSON object as places in its text, found in one pass. Nothing is made of what nobody asked for, so a number of
 * 19 digits keeps them all (a double does not), keys such as `__proto__` are keys like others, and deep nesting costs no
 * stack.
 *
 * The grammar is RFC 8259's, but for two things that servers write: `-`, `NaN` or nothing at all for a number that is not
 * there (an unquoted variable of nginx, Python's `json`), which is null.
 */
import { Cells } from './cells.ts';

/** The keys from the outermost in; what lies within lists is not reached. */
export type JsonPath = readonly string[];

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN = 123;
const CLOSE = 125;
const SPACE = 32;

/** Records of logs have a few levels; a line of a million brackets is none. */
const DEEPEST = 256;

interface Branch {
  readonly keys: string[];
  /** Which cell the key's value is; -1 for none. */
  readonly cells: number[];
  readonly branches: (Branch | null)[];
}

export class JsonScanner {
  /** A cell a path, in their order, of the last record; empty where it has none, or null, a record or a list. */
  readonly cells = new Cells();
  readonly #root: Branch = { keys: [], cells: [], branches: [] };
  readonly #paths: number;
  /** Of each level: which keys are asked for, and whether it is a list. */
  readonly #branches: (Branch | null)[] = Array.from({ length: DEEPEST }, () => null);
  readonly #isList = new Uint8Array(DEEPEST);
  /** Cells whose text has escapes. */
  readonly #escaped: number[] = [];

  constructor(paths: readonly JsonPath[]) {
    this.#paths = paths.length;
    for (const [cell, path] of paths.entries()) plant(this.#root, path, cell);
  }

  /**
   * Reads the object that begins at `from`.
   * @returns where it ends; or, less than 0, `-1 - at` for the place that is no JSON: `to`, if the object is cut off
   */
  scan(text: string, from: number, to: number): number {
    const { cells } = this;
    cells.clear(text);
    for (let i = 0; i < this.#paths; i++) cells.add(from, from);
    this.#escaped.length = 0;
    const end = this.#scan(text, from, to);
    if (this.#escaped.length > 0 && end > 0) unescapeCells(cells, this.#escaped, from, end);
    return end;
  }

  #scan(text: string, from: number, to: number): number {
    const { from: starts, to: ends } = this.cells;
    if (text.charCodeAt(from) !== OPEN || from >= to) return -1 - from;
    let depth = 0;
    let branch: Branch | null = this.#root;
    let isList = false;
    let at = skipBlanks(text, from + 1, to);
    // An empty object or list may close at once.
    let fresh = true;
    this.#branches[0] = branch;
    this.#isList[0] = 0;
    for (;;) {
      if (at >= to) return -1 - to;
      let code = text.charCodeAt(at);
      let cell = -1;
      let inner: Branch | null = null;
      if (!(fresh && code === (isList ? CLOSE_LIST : CLOSE))) {
        if (!isList) {
          if (code !== QUOTE) return -1 - at;
          const close = stringEnd(text, at + 1, to);
          if (close >= to) return -1 - to;
          if (branch !== null) {
            const key = keyOf(branch, text, at + 1, close);
            if (key >= 0) {
              cell = branch.cells[key]!;
              inner = branch.branches[key]!;
            }
          }
          at = skipBlanks(text, close + 1, to);
          if (at >= to) return -1 - to;
          if (text.charCodeAt(at) !== COLON) return -1 - at;
          at = skipBlanks(text, at + 1, to);
          code = text.charCodeAt(at);
        }
        if (at >= to) return -1 - to;
        // Of a key that stands twice the last value holds.
        if (cell >= 0) starts[cell] = ends[cell] = from;
        if (code === OPEN || code === OPEN_LIST) {
          if (++depth === DEEPEST) return -1 - at;
          isList = code === OPEN_LIST;
          branch = isList ? null : inner;
          this.#branches[depth] = branch;
          this.#isList[depth] = isList ? 1 : 0;
          at = skipBlanks(text, at + 1, to);
          fresh = true;
          continue;
        }
        if (code === QUOTE) {
          const close = stringEnd(text, at + 1, to);
          if (close >= to) return -1 - to;
          if (cell >= 0) {
            starts[cell] = at + 1;
            ends[cell] = close;
            if (hasEscape(text, at + 1, close)) this.#escaped.push(cell);
          }
          at = close + 1;
        } else {
          const end = bareEnd(text, at, to);
          if (end < 0) return end;
          if (cell >= 0 && isValue(text, at, end)) {
            starts[cell] = at;
            ends[cell] = end;
          }
          at = end;
        }
        at = skipBlanks(text, at, to);
      }
      for (;;) {
        if (at >= to) return -1 - to;
        code = text.charCodeAt(at);
        if (code === COMMA) break;
        if (code !== (isList ? CLOSE_LIST : CLOSE)) return -1 - at;
        if (depth === 0) return at + 1;
        depth--;
        branch = this.#branches[depth]!;
        isList = this.#isList[depth] === 1;
        at = skipBlanks(text, at + 1, to);
      }
      at = skipBlanks(text, at + 1, to);
      fresh = false;
    }
  }
}

/** Puts what the escapes of these cells stand for behind the record, which is `[from, to)` of the text. */
export function unescapeCells(
  cells: Cells,
  escaped: readonly number[],
  from: number,
  to: number,
): void {
  const { from: starts, to: ends } = cells;
  cells.text = cells.text.slice(from, to);
  for (let i = 0; i < cells.count; i++) {
    starts[i]! -= from;
    ends[i]! -= from;
  }
  for (const cell of new Set(escaped)) {
    const value = unescaped(cells.text.slice(starts[cell]!, ends[cell]!));
    starts[cell] = cells.text.length;
    ends[cell] = starts[cell]! + value.length;
    cells.text += value;
  }
}

function plant(branch: Branch, path: JsonPath, cell: number): void {
  const [key = '', ...rest] = path;
  let at = branch.keys.indexOf(key);
  if (at < 0) {
    at = branch.keys.push(key) - 1;
    branch.cells.push(-1);
    branch.branches.push(null);
  }
  if (rest.length === 0) branch.cells[at] = cell;
  else plant((branch.branches[at] ??= { keys: [], cells: [], branches: [] }), rest, cell);
}

function keyOf({ keys }: Branch, text: string, from: number, to: number): number {
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    if (key.length === to - from && text.startsWith(key, from)) return i;
  }
  return -1;
}

function skipBlanks(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && text.charCodeAt(at) <= SPACE) at++;
  return at;
}

/** Keys are short: a search in the whole text would take longer to begin than to go through them. */
const SHORT = 16;

/** Where the closing quote is; `to` if there is none. */
function stringEnd(text: string, from: number, to: number): number {
  const soon = Math.min(to, from + SHORT);
  let at = from;
  for (; at < soon; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) break;
  }
  for (; at < to; at++) {
    at = text.indexOf('"', at);
    if (at < 0) return to;
    let first = at;
    while (first > from && text.charCodeAt(first - 1) === BACKSLASH) first--;
    if ((at - first) % 2 === 0) return Math.min(at, to);
  }
  return to;
}

export function hasEscape(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (text.charCodeAt(at) === BACKSLASH) return true;
  return false;
}

const WORDS = /^(?:|-|null|true|false|NaN|-?Infinity)$/;

/** Where the number or word ends; less than 0 if it is neither. */
function bareEnd(text: string, from: number, to: number): number {
  let at = from;
  let plain = true;
  for (; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === CLOSE || code === CLOSE_LIST || code <= SPACE) break;
    // Digits, `+`, `-`, `.`, `e`, `E`.
    if (!(code >= 45 && code <= 57 && code !== 47) && code !== 43 && (code | 32) !== 101) {
      plain = false;
    }
  }
  const first = text.charCodeAt(from);
  const digit = first >= 48 && first <= 57;
  if (plain && (digit || (first === 45 && at - from > 1))) return at;
  // In place of nothing only the end of the value can stand.
  if (at - from > 9 || !WORDS.test(text.slice(from, at))) return at >= to ? -1 - to : -1 - from;
  return at;
}

function isValue(text: string, from: number, to: number): boolean {
  const first = text.charCodeAt(from);
  return (
    to > from &&
    ((first >= 48 && first <= 57) ||
      (first === 45 && to > from + 1) ||
      first === 116 ||
      first === 102)
  );
}

const ENCODER = new TextEncoder();

/** What a string of JSON stands for; in the text of a log a character is a byte, so others become their bytes in UTF-8. */
function unescaped(text: string): string {
  return text.replace(/(?:\\u[0-9a-fA-F]{4})+|\\[^u]/g, (written) => {
    try {
      const meant = JSON.parse(`"${written}"`) as string;
      return String.fromCharCode(...ENCODER.encode(meant));
    } catch {
      return written;
    }
  });
}

/** The paths of the records that these are texts of, those of lists left out, in the order in which they are found. */
export function pathsOf(records: readonly string[]): JsonPath[] {
  const found = new Map<string, JsonPath>();
  for (const text of records) {
    try {
      collect(JSON.parse(text), [], found);
    } catch {
      // Its own reading says what is wrong with it.
    }
  }
  return [...found.values()];
}

const MOST_PATHS = 4096;
const DEEPEST_PATH = 8;

function collect(value: unknown, path: JsonPath, found: Map<string, JsonPath>): void {
  if (typeof value !== 'object' || value === null) {
    if (path.length > 0 && found.size < MOST_PATHS) found.set(path.join('\0'), path);
    return;
  }
  if (Array.isArray(value) || path.length === DEEPEST_PATH) return;
  for (const [key, inner] of Object.entries(value)) collect(inner, [...path, key], found);
}
