/** A trace and the traffic that was made like it, side by side. */

import type { TraceDescription } from '../workload/description/description.ts';
import type { Gap } from '../workload/description/gaps.ts';
import { chosenSeconds, count, NOTHING, seconds, significant } from './numbers.ts';
import { table } from './table.ts';
import { harmless, PLAIN, type Style, wrapped } from './text.ts';

/** Idle windows that planners ask for, in seconds. */
const IDLE_WINDOWS_S = [5, 60, 300];

/**
 * @param made all that was made, or, where its `shaping` says so, the first of it
 * @param notes how it was made, a sentence each
 */
export function likeScreen(
  trace: TraceDescription,
  made: TraceDescription,
  notes: readonly string[],
  style: Style = PLAIN,
): string {
  const like = made.shaping.length === 0 ? 'like it' : `like it, the first ${seconds(made.spanS)}`;
  const [head = '', ...rows] = table(
    [{ head: '', align: 'left' }, { head: 'the trace' }, { head: like }, { head: 'ratio' }],
    rowsOf(trace).map(([name, show, value], i) => {
      const other = rowsOf(made)[i]![2];
      return [name, shown(value, show), shown(other, show), ratioOf(value, other)];
    }),
  );
  return [
    style.bold(`Like ${harmless(trace.name, 80)}`),
    ...notes.map((note) => wrapped(`  ${note}`, 2)),
    style.dim(head),
    ...rows,
  ].join('\n');
}

type Show = (value: number) => string;
type Row = readonly [name: string, show: Show, value: number | null];

function rowsOf(about: TraceDescription): Row[] {
  const { serviceS, tokens, concurrency } = about;
  const of = (name: string, show: Show, value: number | null | undefined): Row[] =>
    value === undefined ? [] : [[name, show, value]];
  return [
    ['requests', count, about.requests],
    ['requests a second', significant, about.ratePerS],
    ['CV of the gaps', significant, about.interArrivalCv],
    ['dispersion by the second', significant, about.dispersion.second],
    ['dispersion by the minute', significant, about.dispersion.minute],
    ['peak second over mean', significant, about.peakToMean.second],
    ['peak minute over mean', significant, about.peakToMean.minute],
    ...IDLE_WINDOWS_S.map(
      (window): Row => [
        `silences beyond ${chosenSeconds(window)}`,
        count,
        outlasting(about.gaps, window),
      ],
    ),
    ['service mean', seconds, serviceS?.mean ?? null],
    ['service p50', seconds, serviceS?.p50 ?? null],
    ['service p99', seconds, serviceS?.p99 ?? null],
    ['in flight, mean', significant, concurrency?.mean ?? null],
    ['in flight, peak', count, concurrency?.peak ?? null],
    ...of('input tokens, mean', significant, tokens?.input?.mean),
    ...of('input tokens, p99', significant, tokens?.input?.p99),
    ...of('output tokens, mean', significant, tokens?.output?.mean),
    ...of('output tokens, p99', significant, tokens?.output?.p99),
  ];
}

function outlasting(gaps: readonly Gap[], windowS: number): number | null {
  return gaps.find(({ idleWindowS }) => idleWindowS === windowS)?.outlasting ?? null;
}

function shown(value: number | null, show: Show): string {
  return value === null ? NOTHING : show(value);
}

function ratioOf(value: number | null, other: number | null): string {
  return value === null || other === null || value === 0 ? NOTHING : significant(other / value);
}
