/** The figures of a row that a page shows, sorts and draws: one list for its table, its maps and its pictures. */
import { HOURS_PER_MONTH } from '../../base/units.ts';
import type { Figure } from '../../study/document.ts';
import type { RowFigures } from '../../study/row-figures.ts';
import { count, dollarsBare, percentBare, significant } from '../numbers.ts';

export interface KeyFigure {
  readonly id: string;
  /** With its unit: the head of a column. */
  readonly label: string;
  /** In a sentence: `p99 latency`. */
  readonly name: string;
  readonly of: (row: RowFigures) => Figure;
  /** Without the unit, which the label has. */
  readonly text: (value: Figure) => string;
}

const figure = (
  id: string,
  label: string,
  name: string,
  of: KeyFigure['of'],
  text: KeyFigure['text'],
): KeyFigure => ({ id, label, name, of, text });

export const KEY_FIGURES: readonly KeyFigure[] = [
  figure('usdPerHour', '$/h', 'cost an hour', ({ cost }) => cost?.usdPerHour ?? null, dollarsBare),
  figure(
    'usdPerMonth',
    '$/month',
    `cost of ${HOURS_PER_MONTH} hours like these`,
    ({ cost }) => cost?.usdPerMonth ?? null,
    dollarsBare,
  ),
  figure(
    'usdPerThousand',
    '$/1,000 requests',
    'cost of 1,000 requests',
    ({ cost }) => cost?.usdPerThousandRequests ?? null,
    dollarsBare,
  ),
  figure('p50', 'p50 s', 'median latency', ({ latencyS }) => latencyS.p50, significant),
  figure('p95', 'p95 s', 'p95 latency', ({ latencyS }) => latencyS.p95, significant),
  figure('p99', 'p99 s', 'p99 latency', ({ latencyS }) => latencyS.p99, significant),
  figure('p999', 'p99.9 s', 'p99.9 latency', ({ latencyS }) => latencyS.p999, significant),
  figure('waitP99', 'wait p99 s', 'p99 wait', ({ waitS }) => waitS.p99, significant),
  figure('cold', 'cold %', 'cold requests', ({ coldStarts }) => coldStarts.fraction, percentBare),
  figure('failed', 'failed %', 'failed', ({ requests }) => requests.failedFraction, percentBare),
  figure('starts', 'starts', 'replicas started', ({ replicas }) => replicas.starts, count),
  figure('mean', 'mean replicas', 'mean replicas', ({ replicas }) => replicas.mean, significant),
  figure('peak', 'peak', 'most replicas at once', ({ replicas }) => replicas.peak, count),
  figure('busy', 'busy %', 'busy share', ({ utilization }) => utilization, percentBare),
];

export function keyFigure(id: string): KeyFigure {
  return KEY_FIGURES.find((known) => known.id === id) ?? KEY_FIGURES[0]!;
}
