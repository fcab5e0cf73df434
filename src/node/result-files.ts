/** The files of a folder of results: the document, and tables of it for other programs. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { IndexedResult, Table } from '../report/column.ts';
import { hoursTable, resultsTable, TIMELINE } from '../report/columns.ts';
import { csvOf } from '../report/csv.ts';
import type { Encoder } from '../report/encoding.ts';
import { sweepJson } from '../report/sweep-json.ts';
import type { Swept } from '../study/row-figures.ts';
import { othersTurn } from '../study/turn.ts';
import { parquetOf } from './parquet-table.ts';
import { PartFile } from './part-file.ts';
import { mendable } from './results.ts';

/** A file on its way, taking a result at a time. */
interface Output {
  readonly file: PartFile;
  readonly encoder: Encoder<IndexedResult, string | Uint8Array>;
}

/** What earlier results had and these may not have. */
const TABLES = ['timeline', 'hours'];

/**
 * results.json, .csv and .parquet, and the same of time lines and hours where results have them. Each is there entirely or
 * not at all; every result is read once for all of them.
 * @throws UserError where they cannot be written, the signal's reason if it is aborted
 */
export async function writeResultFiles(
  folder: string,
  swept: Swept,
  signal?: AbortSignal,
): Promise<void> {
  const first = swept.results.length > 0 ? swept.resultAt(0) : undefined;
  const outputs: Output[] = [];
  const open = (name: string, encoder: Output['encoder']): void => {
    outputs.push({ file: new PartFile(join(folder, name)), encoder });
  };
  const openTable = async <Row>(name: string, table: Table<Row>): Promise<void> => {
    open(`${name}.csv`, spread(csvOf(table.columns), table));
    open(`${name}.parquet`, spread(await parquetOf(table.columns), table));
  };
  const write = (pieceOf: (encoder: Output['encoder']) => string | Uint8Array): void =>
    mendable(folder, () => {
      for (const { file, encoder } of outputs) file.write(pieceOf(encoder));
    });
  try {
    for (const name of TABLES) {
      for (const ending of ['csv', 'parquet'])
        rmSync(join(folder, `${name}.${ending}`), { force: true });
    }
    open('results.json', sweepJson(swept));
    await openTable('results', resultsTable({ rows: swept.results, first }));
    if (first?.timeline !== undefined) await openTable('timeline', TIMELINE);
    if (first?.hours !== undefined) await openTable('hours', hoursTable(first));
    write((encoder) => encoder.begin());
    let turnMs = performance.now();
    for (const one of resultsOf(swept)) {
      write((encoder) => encoder.row(one));
      if (performance.now() - turnMs < TURN_EVERY_MS) continue;
      await othersTurn();
      signal?.throwIfAborted();
      turnMs = performance.now();
    }
    write((encoder) => encoder.end());
    mendable(folder, () => {
      for (const { file } of outputs.splice(0)) file.finish();
    });
  } finally {
    for (const { file } of outputs) file.drop();
  }
}

/** How long writing may go on without a turn for others. */
const TURN_EVERY_MS = 100;

/** In grid order. */
export function* resultsOf({ results, resultAt }: Swept): Generator<IndexedResult, void> {
  for (const index of results.keys()) yield { index, result: resultAt(index) };
}

/** Takes results, and encodes the rows that each has. */
function spread<Row, Piece extends string | Uint8Array>(
  encoder: Encoder<Row, Piece>,
  { rowsOf }: Table<Row>,
): Encoder<IndexedResult, string | Uint8Array> {
  return {
    begin: () => encoder.begin(),
    row: (one) => joined([...rowsOf(one)].map((row) => encoder.row(row))),
    end: () => encoder.end(),
  };
}

function joined(pieces: readonly (string | Uint8Array)[]): string | Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
}
