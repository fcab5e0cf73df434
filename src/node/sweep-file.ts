/**
 * A sweep's document on disk, its results read one by one: results.json of a large grid is longer than a text may be. What
 * `sweep --json` and `--out` write is found by its layout, a result beginning and ending on lines of its own; any other
 * layout is read whole.
 */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { UserError } from '../base/errors.ts';
import type { Result, SweepDocument, Varied } from '../study/document.ts';
import { isMap } from '../study/json.ts';
import { RowTable, type SweepSummary, type Swept } from '../study/row-figures.ts';
import { fileError } from './file-errors.ts';
import { type FileLine, fileLines } from './file-lines.ts';

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
  if (!beginsWith(file, OPENS)) return null;
  const rest: string[] = [];
  const at: number[] = [];
  const length: number[] = [];
  let place: 'before' | 'in' | 'after' = 'before';
  for (const line of fileLines(file)) {
    if (place === 'in') {
      if (isLine(line, BEGINS)) at.push(line.at + BEGINS.length - 1);
      else if (ENDS.some((end) => isLine(line, end))) {
        length.push(line.at + ENDS[0].length - at.at(-1)!);
      } else if (isLine(line, AFTER_RESULTS) || isLine(line, `${AFTER_RESULTS},`)) {
        place = 'after';
      }
      if (place === 'in') continue;
    }
    rest.push(line.bytes.toString('utf8'));
    if (place === 'before' && isLine(line, BEFORE_RESULTS)) place = 'in';
  }
  return place === 'after' && at.length === length.length
    ? { rest: rest.join('\n'), at, length }
    : null;
}

function beginsWith(file: number, text: string): boolean {
  const bytes = Buffer.alloc(text.length);
  readSync(file, bytes, 0, bytes.length, 0);
  return bytes.toString('latin1') === text;
}

/** Its text is made only where it may be the same. */
function isLine({ bytes }: FileLine, text: string): boolean {
  return bytes.length === text.length && bytes.toString('latin1') === text;
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

export function sweptInMemory(document: SweepDocument & Pick<SweepSummary, 'found'>): Swept {
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
