/** Tables as CSV (RFC 4180), lines ended by LF, null as nothing between commas. */
import type { Result } from '../study/document.ts';
import type { Cell, Column, ColumnType } from './column.ts';
import { resultsTable } from './columns.ts';
import { type Encoder, encoded } from './encoding.ts';

export function csvOf<Row>(columns: readonly Column<Row>[]): Encoder<Row, string> {
  const line = (cells: readonly string[]) => `${cells.join(',')}\n`;
  return {
    begin: () => line(columns.map(({ name }) => quoted(name))),
    row: (row) => line(columns.map(({ type, of }) => cellText(type, of(row)))),
    end: () => '',
  };
}

/** A row a configuration: the columns of docs/columns.md. */
export function resultsCsv(results: readonly Result[]): string {
  const { columns } = resultsTable({ rows: results, first: results[0] });
  const rows = results.map((result, index) => ({ index, result }));
  return [...encoded(csvOf(columns), rows)].join('');
}

function cellText(type: ColumnType, cell: Cell): string {
  if (cell === null) return '';
  if (type !== 'text') return String(cell);
  const text = String(cell);
  // A spreadsheet takes what begins so for a formula; an empty text is told from null by its quotes.
  return quoted(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text, text === '');
}

function quoted(text: string, always = false): string {
  return always || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
