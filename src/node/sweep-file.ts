/**
 * A sweep's document out of its file, however long: a text holds half a gigabyte at most, which a hundred thousand results
 * are more than. A long file is read as `sweepJson` lays it out, a result at a time: its figures are kept, and where it lies.
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { UserError } from '../base/errors.ts';
import type { Result, SweepDocument, Varied } from '../study/document.ts';
import { RowTable, type Swept } from '../study/row-figures.ts';

/** Below it a file is read at once, whatever its layout. */
const MOST_AT_ONCE = 2 ** 26;
const PIECE = 2 ** 20;
const NEWLINE = 10;

const RESULTS_BEGIN = '  "results": [';
const RESULTS_END = '  ],';
const RESULT_BEGIN = '    {';
const RESULT_END = '    }';

/** A document in memory. */
export function sweptOf(document: SweepDocument): Swept {
  return { ...document, resultAt: (index) => document.results[index]! };
}

/**
 * @param atOnce bytes up to which it is read whole; smaller for tests
 * @throws UserError if a long file has another layout, SyntaxError if it is no JSON
 */
export function readSweepFile(path: string, atOnce = MOST_AT_ONCE): unknown {
  const file = openSync(path, 'r');
  try {
    if (fstatSync(file).size <= atOnce) return JSON.parse(readFileSync(path, 'utf8'));
    return longSweep(path, file);
  } finally {
    closeSync(file);
  }
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function longSweep(path: string, file: number): Swept {
  const { spans, around } = laidOut(path, file);
  const varies: Varied[] = [];
  const table = new RowTable(spans.length, (index) => varies[index]!);
  for (const [index, span] of spans.entries()) {
    const result = resultOf(file, span);
    varies.push(result.vary);
    table.take(index, result);
  }
  return {
    ...(JSON.parse(around) as Omit<SweepDocument, 'results'>),
    results: table.rows,
    resultAt: (index) => {
      const again = openSync(path, 'r');
      try {
        return resultOf(again, spans[index]!);
      } finally {
        closeSync(again);
      }
    },
  };
}

function resultOf(file: number, { from, to }: Span): Result {
  const bytes = Buffer.alloc(to - from);
  readSync(file, bytes, 0, bytes.length, from);
  return JSON.parse(bytes.toString('utf8')) as Result;
}

/** Where each result lies, and the document around them. */
function laidOut(path: string, file: number): { readonly spans: Span[]; readonly around: string } {
  const spans: Span[] = [];
  const around: string[] = [];
  let isWithin = false;
  let from = 0;
  for (const { text, at } of linesOf(file)) {
    if (!isWithin) {
      around.push(text);
      isWithin = text === RESULTS_BEGIN;
    } else if (text === RESULT_BEGIN) from = at;
    else if (text === RESULT_END || text === `${RESULT_END},`) {
      spans.push({ from, to: at + RESULT_END.length });
    } else if (text === RESULTS_END) {
      isWithin = false;
      around.push(text);
    }
  }
  if (spans.length > 0 && !isWithin) return { spans, around: around.join('\n') };
  const message =
    'is long, and not as coldfront lays it out: give the folder that `coldfront sweep --out` wrote';
  throw new UserError([{ at: path, path: null, message }]);
}

function* linesOf(file: number): Generator<{ readonly text: string; readonly at: number }, void> {
  const piece = Buffer.alloc(PIECE);
  let rest = Buffer.alloc(0);
  let restAt = 0;
  for (let at = 0; ; ) {
    const read = readSync(file, piece, 0, PIECE, at);
    if (read === 0) break;
    at += read;
    const bytes =
      rest.length === 0 ? piece.subarray(0, read) : Buffer.concat([rest, piece.subarray(0, read)]);
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      yield { text: bytes.toString('utf8', from, end), at: restAt + from };
      from = end + 1;
    }
    rest = Buffer.from(bytes.subarray(from));
    restAt += from;
  }
  if (rest.length > 0) yield { text: rest.toString('utf8'), at: restAt };
}
