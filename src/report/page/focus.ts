/** Which rows of a grid are looked at closely: run again with a time line, and on the page with all that is known. */
import type { Swept } from '../../study/row-figures.ts';
import type { Conclusion } from './page-document.ts';

/** Rows of a grid, and requests of all their runs together: a report is no second sweep. */
const MOST_ROWS = 40;
const LEAST_ROWS = 4;
const MOST_REQUESTS = 1e8;
/** Points of all time lines together: what a page of a megabyte holds. */
const MOST_POINTS = 40_000;
const MOST_POINTS_A_ROW = 1_440;

/** Indexes, the most important first: the answer, what stands next to it, today, the front, then the others. */
export function focusRows(document: Swept, { rows }: Conclusion): readonly number[] {
  const { results, resultAt, front, current, cheapestWithinSlo } = document;
  const wanted = [cheapestWithinSlo, ...rows.map(({ index }) => index), current, ...thinned(front)];
  const first = results.length > 0 ? resultAt(0) : undefined;
  const requests = (first?.requests.arrived ?? 0) * (first?.replications ?? 1);
  const room = Math.floor(MOST_REQUESTS / Math.max(1, requests));
  const most = Math.min(MOST_ROWS, Math.max(LEAST_ROWS, room));
  const found = new Set<number>();
  for (const index of [...wanted, ...results.keys()]) {
    if (found.size >= most) break;
    if (index !== null) found.add(results[index]!.provedEqualTo ?? index);
  }
  return [...found];
}

/** A long front from end to end. */
function thinned(front: readonly number[]): readonly number[] {
  const step = Math.max(1, front.length / (MOST_ROWS / 2));
  const count = Math.min(front.length, Math.floor(front.length / step));
  return Array.from({ length: count }, (_, i) => front[Math.floor(i * step)]!);
}

/** The shortest round interval that the room for points allows, in microseconds. */
export function intervalUs(endUs: number, rows: number): number {
  const points = Math.min(MOST_POINTS_A_ROW, Math.floor(MOST_POINTS / Math.max(1, rows)));
  const least = endUs / points / 1e6;
  return Math.ceil((ROUND_S.find((seconds) => seconds >= least) ?? least) * 1e6);
}

const ROUND_S = [
  ...[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60),
  ...[1, 2, 3, 4, 6, 12, 24].map((hours) => hours * 3_600),
];
