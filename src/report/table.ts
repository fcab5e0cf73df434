/** Columns of text without borders, plain in a pipe. */
import Table from 'cli-table3';

export interface Column {
  readonly head: string;
  /** Default right: most columns are numbers. */
  readonly align?: 'left' | 'right';
}

const NO_BORDERS = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
    'middle',
  ].map((name) => [name, '']),
);

export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  gap = 2,
): string[] {
  const grid = new Table({
    ...(columns.some(({ head }) => head !== '') && { head: columns.map(({ head }) => head) }),
    colAligns: columns.map(({ align }) => align ?? 'right'),
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap },
  });
  grid.push(...rows.map((row) => [...row]));
  return rows.length === 0 && columns.every(({ head }) => head === '')
    ? []
    : grid
        .toString()
        .split('\n')
        .map((line) => line.trimEnd());
}
