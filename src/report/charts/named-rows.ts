/** The configurations that pictures set side by side: the answer, today, the chosen one, the next best and the cheaper ones. */
import type { PageDocument } from '../page/page-document.ts';
import { rowText } from './chart.ts';
import type { NamedRow } from './curve-chart.ts';

const MOST = 5;

export function namedRows(page: PageDocument, selected: number | null): readonly NamedRow[] {
  const { grid, marks, conclusion, focus } = page;
  const wanted = [
    [marks.best, 'best', 'the answer'],
    [marks.current, 'current', 'today'],
    [selected, 'selected', 'shown'],
    ...conclusion.rows.map(({ index, label }) => [index, 'other', label] as const),
  ] as const;
  const found: NamedRow[] = [];
  const seen = new Set<number>();
  for (const [index, role, label] of wanted) {
    if (index === null || found.length >= MOST) continue;
    const run = grid.proved[index] ?? index;
    const row = focus.find((one) => one.index === index || one.index === run);
    if (row === undefined || seen.has(row.index)) continue;
    seen.add(row.index);
    found.push({ name: `${label}: ${rowText(grid, index)}`, row, role });
  }
  return found;
}
