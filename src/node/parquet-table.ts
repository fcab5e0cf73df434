/** Tables of results as Parquet. */
import type { ColumnSource } from 'hyparquet-writer';
import type { Cell, Column, ColumnType } from '../report/column.ts';
import type { Encoder } from '../report/encoding.ts';
import { ParquetPieces, parquetLibrary } from './parquet-pieces.ts';

/** Rows that are held: some ten megabytes of a wide table. */
const GROUP_ROWS = 2 ** 13;

const TYPES = {
  integer: 'INT32',
  number: 'DOUBLE',
  text: 'STRING',
  boolean: 'BOOLEAN',
  time: 'TIMESTAMP',
} as const satisfies Record<ColumnType, ColumnSource['type']>;

const NOTHING = new Uint8Array(0);

export async function parquetOf<Row>(
  columns: readonly Column<Row>[],
): Promise<Encoder<Row, Uint8Array>> {
  const pieces = new ParquetPieces(await parquetLibrary());
  let held: (Cell | Date)[][] = columns.map(() => []);
  const rows = () => held[0]?.length ?? 0;
  const group = () => {
    const data = columns.map(({ name, type }, i) => {
      return { name, data: held[i]!, type: TYPES[type], nullable: true };
    });
    const piece = pieces.group(data, rows());
    held = columns.map(() => []);
    return piece;
  };
  return {
    begin: () => NOTHING,
    row: (row) => {
      for (const [i, { type, of }] of columns.entries()) {
        const cell = of(row);
        held[i]!.push(type === 'time' && cell !== null ? new Date(String(cell)) : cell);
      }
      return rows() === GROUP_ROWS ? group() : NOTHING;
    },
    end: () => {
      const last = !pieces.isBegun || rows() > 0 ? group() : NOTHING;
      return Buffer.concat([last, pieces.end()]);
    },
  };
}
