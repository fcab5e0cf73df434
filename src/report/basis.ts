/** What results rest on: warnings, assumptions, and whether luck is in the intervals. */
import type { RowFigures } from '../study/row-figures.ts';
import { count } from './numbers.ts';
import { harmless, PLAIN, type Style, wrapped } from './text.ts';

type Basis = Pick<RowFigures, 'warnings' | 'replications' | 'ci95' | 'ci95Why'>;

/** Every warning once, with the number of rows that it is about unless it is about all. */
export function basisOf(results: readonly Basis[], style: Style = PLAIN): string[] {
  const rows = new Map<string, number>();
  for (const { warnings } of results) {
    for (const warning of new Set(warnings)) rows.set(warning, (rows.get(warning) ?? 0) + 1);
  }
  const warnings = [...rows].map(([warning, times]) => {
    const some =
      times === results.length ? '' : ` (${count(times)} of ${count(results.length)} rows)`;
    return style.warn(wrapped(`! ${harmless(warning, 400)}${some}`, 2));
  });
  return [...warnings, ...intervals(results)];
}

function intervals(results: readonly Basis[]): string[] {
  const first = results[0];
  if (first === undefined) return [];
  if (first.ci95Why !== null) return [wrapped(`No intervals: ${first.ci95Why}`, 2)];
  return first.ci95 === null
    ? []
    : [
        `Intervals are 95 %, over ${count(first.replications)} replications of the luck that was drawn.`,
      ];
}
