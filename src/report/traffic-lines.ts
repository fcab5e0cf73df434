/** What another log like this one would have come to, and how sure that is. */
import type { Interval, Result } from '../study/document.ts';
import { shareFigure } from '../study/traffic-blocks.ts';
import { line } from './labeled-line.ts';
import { dollars, percent } from './numbers.ts';
import { harmless } from './text.ts';

/** Nothing where there is no interval of the traffic: `basis.ts` says why not. */
export function trafficLines({
  ci95Traffic,
  ci95TrafficWhy,
  lowConfidence,
  slo,
}: Result): string[] {
  if (ci95Traffic === null) return [];
  const isLow = (figure: string) => lowConfidence.includes(figure);
  const objectives = (slo?.objectives ?? []).map(({ objective }, i): Shown => {
    return [shareFigure(i), `within ${harmless(thresholdOf(objective), 40)}`, percent];
  });
  const shown = [...FIGURES, ...objectives].flatMap(([figure, name, text]) => {
    const interval = ci95Traffic[figure];
    if (interval === undefined || (interval[0] === interval[1] && isLow(figure))) return [];
    return [{ figure, text: `${range(interval, text)} ${name}` }];
  });
  const low = shown.filter(({ figure }) => isLow(figure));
  const all = low.length === shown.length;
  const few = 'low confidence: fewer than ten of its blocks saw any';
  return [
    line(
      'Traffic',
      'another log like this, 95 %:',
      ...shown.map(({ figure, text }) => (isLow(figure) && !all ? `${text} (${few})` : text)),
    ),
    line('', `from ${ci95TrafficWhy ?? ''}${all ? `; low confidence: fewer than ten blocks` : ''}`),
  ];
}

type Shown = readonly [figure: string, name: string, text: (value: number) => string];

const FIGURES: readonly Shown[] = [
  ['cost.usdPerHour', 'an hour', dollars],
  ['coldStarts.fraction', 'cold', percent],
  ['requests.failedFraction', 'failed', percent],
];

function range([low, high]: Interval, text: (value: number) => string): string {
  const [from, to] = [text(low), text(high)];
  return from === to ? from : `${from} to ${to}`;
}

/** `share(waitS <= 1) >= 0.99` is about 1 s, `latencyS.p99 <= 5` about 5 s. */
function thresholdOf(objective: string): string {
  const inner = /\(([^)]*)\)/.exec(objective)?.[1] ?? objective;
  return `${/([\d.]+)\s*$/.exec(inner)?.[1] ?? inner} s`;
}
