/** Tables as JSON: one array, an object a row, on a line of its own. */
import type { Column } from './column.ts';
import type { Encoder } from './encoding.ts';

export function rowsJson<Row>(columns: readonly Column<Row>[]): Encoder<Row, string> {
  let before = '[\n';
  return {
    begin: () => '',
    row: (row) => {
      const object = Object.fromEntries(columns.map(({ name, of }) => [name, of(row)]));
      const text = `${before}${JSON.stringify(object)}`;
      before = ',\n';
      return text;
    },
    end: () => (before === '[\n' ? '[]\n' : '\n]\n'),
  };
}
