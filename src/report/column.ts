/** What tables of results are made of. */
import type { Result } from '../study/document.ts';

export type ColumnType = 'integer' | 'number' | 'text' | 'boolean' | 'time';
/** A time is its ISO text. */
export type Cell = string | number | boolean | null;

/** What a column is, without where it comes from. */
export interface ColumnHead {
  readonly name: string;
  readonly type: ColumnType;
  readonly unit: string | null;
  readonly about: string;
}

export interface Column<Row> extends ColumnHead {
  readonly of: (row: Row) => Cell;
}

/** A result and its place in the grid. */
export interface IndexedResult {
  readonly index: number;
  readonly result: Result;
}

export interface Table<Row> {
  readonly columns: readonly Column<Row>[];
  readonly rowsOf: (one: IndexedResult) => Iterable<Row>;
}
