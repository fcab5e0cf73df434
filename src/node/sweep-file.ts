/**
 * A sweep's document on disk, its results read one by one: results.json of a large grid is longer than a text may be. What
 * `sweep --json` and `--out` write is found by its layout, a result beginning and ending on lines of its own; any other
 * layout is read whole.
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { UserError } from '../base/errors.ts';
import type { Result, SweepDocument, Varied } from '../study/document.ts';
import { isMap } from '../study/json.ts';
import { RowTable, type Swept } from '../study/row-figures.ts';
import { fileError } from './file-errors.ts';

export interface SweepFile {
  readonly swept: Swept;
  close(): void;
}

/** @throws UserError where it cannot be read, or is no result of coldfront */
export function openSweepFile(path: string): SweepFile {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw fileError(error, path);
  }
  try {
    const layout = layoutOf(file);
    const swept = layout === null ? wholeOf(path) : sweptOf(file, layout);
    return { swept, close: () => closeSync(file) };
  } catch (error) {
    closeSync(file);
    throw fileError(error, path);
  }
}

const OPENS = '{\n  "schema": "coldfront.sweep.v1",\n';
const BEFORE_RESULTS = '  "results": [';
const AFTER_RESULTS = '  ]';
const BEGINS = '    {';
const ENDS = ['    }', '    },'] as const;

/** Where each result lies in bytes, and the document without them. */
interface Layout {
  readonly rest: string;
  readonly at: readonly number[];
  readonly length: readonly number[];
}

/** null where the file is laid out in another way. */
function layoutOf(file: number): Layout | null {
  const rest: string[] = [];
  const at: number[] = [];
  const length: number[] = [];
  let place: 'before' | 'in' | 'after' = 'before';
  let isOurs = true;
  for (const line of linesOf(file)) {
    if (place === 'in') {
      if (line.is(BEGINS)) at.push(line.at + BEGINS.length - 1);
      else if (ENDS.some((end) => line.is(end))) length.push(line.at + ENDS[0].length - at.at(-1)!);
      else if (line.is(AFTER_RESULTS) || line.is(`${AFTER_RESULTS},`)) {
        place = 'after';
        rest.push(line.text());
      }
      continue;
    }
    rest.push(line.text());
    if (place === 'before' && line.is(BEFORE_RESULTS)) {
      place = 'in';
      isOurs = rest.join('\n').startsWith(OPENS);
    }
    if (!isOurs) return null;
  }
  return place === 'after' && at.length === length.length
    ? { rest: rest.join('\n'), at, length }
    : null;
}

function sweptOf(file: number, { rest, at, length }: Layout): Swept {
  const document = JSON.parse(rest) as Omit<SweepDocument, 'results'>;
  const resultAt = (index: number): Result => {
    const bytes = Buffer.allocUnsafe(length[index]!);
    readSync(file, bytes, 0, bytes.length, at[index]!);
    return JSON.parse(bytes.toString('utf8')) as Result;
  };
  const varied: Varied[] = [];
  const table = new RowTable(at.length, (index) => varied[index]!);
  for (const index of at.keys()) {
    const result = resultAt(index);
    varied.push(result.vary);
    table.take(index, result);
  }
  return { ...document, results: table.rows, resultAt };
}

function wholeOf(path: string): Swept {
  const json = jsonOf(path);
  const schema = isMap(json) ? json['schema'] : undefined;
  if (schema === 'coldfront.sweep.v1') return sweptInMemory(json as unknown as SweepDocument);
  if (schema === 'coldfront.result.v1') return sweptAlone(json as unknown as Result);
  const message = `is no result of coldfront: its schema is ${JSON.stringify(schema) ?? 'missing'}, not coldfront.sweep.v1`;
  throw new UserError([{ at: path, path: null, message }]);
}

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const message = `is no JSON: ${error.message}`;
    throw new UserError([{ at: path, path: null, message }]);
  }
}

export function sweptInMemory(document: SweepDocument): Swept {
  return { ...document, resultAt: (index) => document.results[index]! };
}

/** One configuration as a grid of one. */
export function sweptAlone(result: Result): Swept {
  return {
    schema: 'coldfront.sweep.v1',
    name: result.name,
    results: [result],
    leftOut: [],
    front: [0],
    steps: [],
    cheapestWithinSlo: result.slo?.met === true ? 0 : null,
    current: null,
    confirmations: null,
    resultAt: () => result,
  };
}

interface Line {
  /** Of its first byte in the file. */
  readonly at: number;
  is(text: string): boolean;
  text(): string;
}

const PIECE_BYTES = 2 ** 20;
const NEWLINE = 0x0a;

function* linesOf(file: number): Generator<Line, void> {
  const { size } = fstatSync(file);
  let rest: Buffer = Buffer.alloc(0);
  for (let position = 0, at = 0; position < size; ) {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    const read = readSync(file, piece, 0, PIECE_BYTES, position);
    if (read === 0) break;
    position += read;
    const bytes = Buffer.concat([rest, piece.subarray(0, read)]);
    let from = 0;
    for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
      yield lineOf(bytes, from, to, at + from);
      from = to + 1;
    }
    rest = bytes.subarray(from);
    at += from;
    if (position >= size && rest.length > 0) yield lineOf(rest, 0, rest.length, at);
  }
}

/** Its text is made only where somebody wants it. */
function lineOf(bytes: Buffer, from: number, to: number, at: number): Line {
  return {
    at,
    is: (text) => to - from === text.length && bytes.toString('latin1', from, to) === text,
    text: () => bytes.toString('utf8', from, to),
  };
}
