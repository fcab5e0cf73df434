/** What a sweep found: the cheapest within the SLO first, then the grid, then what it rests on. */

import type { LeftOut } from '../study/document.ts';
import type { Json } from '../study/json.ts';
import type { RowFigures, SweepSummary } from '../study/row-figures.ts';
import { basisOf } from './basis.ts';
import { commandLine } from './command-line.ts';
import { heatMap } from './heat-map.ts';
import { monthLines, monthUsd } from './month.ts';
import {
  count,
  counted,
  dollars,
  dollarsBare,
  dollarsPerHour,
  percentBare,
  significant,
} from './numbers.ts';
import { scatter } from './scatter.ts';
import { answer, type Ranking, rankingOf } from './sweep-answer.ts';
import { type Column, table } from './table.ts';
import { PLAIN, type Style, type Surroundings, wrapped } from './text.ts';
import { rowName, valueText, wordsOf } from './varied.ts';

export interface SweepScreenOptions extends Surroundings {
  /** Where the results lie, if they were kept. */
  readonly folder?: string | null;
  /** What a row has at a path that it does not override. */
  readonly valueAt?: (index: number, path: string) => Json | undefined;
  /** Paths of a map, across and up; left out: those of a grid of two keys with three values and more. */
  readonly heat?: readonly [string, string] | null;
}

/** More rows than this and only those that matter are shown. */
const MAX_ROWS = 40;
const MAX_LEFT_OUT = 5;
const MAX_STEPS = 5;

export function sweepScreen(document: SweepSummary, options: SweepScreenOptions = {}): string {
  const { style = PLAIN, traffic = [], prices = [], folder = null } = options;
  const ranking = rankingOf(document.results);
  const blocks = [
    traffic,
    answer(document, ranking, style),
    grid(document, ranking, style, options.valueAt ?? (() => undefined)),
    plane(document, ranking),
    steps(document),
    map(document, options),
    leftOut(document.leftOut),
    [...basisOf(document.results, style), ...prices],
    folder === null
      ? ['Nothing was written to disk: --out DIR keeps every result.']
      : [`Results: ${folder}   Report: ${commandLine(['coldfront', 'report', folder])}`],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** What each dearer configuration of the front buys. */
function steps({ results, steps }: SweepSummary): string[] {
  const bought = steps.filter(({ usdPerUserSecond }) => usdPerUserSecond !== null);
  const shown = bought.slice(0, MAX_STEPS);
  if (shown.length === 0) return [];
  const rows = shown.map(({ to, usdPerHour, usdPerUserSecond, usdPerLateRequest }) => [
    `  to ${rowName(results[to]!.vary)}`,
    `+${dollarsPerHour(usdPerHour)}`,
    `${dollars(usdPerUserSecond)} a user-second saved`,
    usdPerLateRequest === null ? '' : `${dollars(usdPerLateRequest)} a late request`,
  ]);
  const more = bought.length - shown.length;
  return [
    'Up the front, each step from the one below it, by waiting saved and late requests avoided:',
    ...table(STEP, rows),
    ...(more > 0 ? [`  and ${count(more)} more`] : []),
  ];
}

const STEP: readonly Column[] = Array.from({ length: 4 }, () => ({ head: '', align: 'left' }));

function grid(
  document: SweepSummary,
  ranking: Ranking,
  style: Style,
  valueAt: (index: number, path: string) => Json | undefined,
): string[] {
  const { results, front, cheapestWithinSlo, current } = document;
  if (results.length === 0) return [];
  const paths = [...new Set(results.flatMap(({ vary }) => Object.keys(vary)))];
  const shown = rowsShown(document);
  const failing = results.some(({ requests }) => (requests.failedFraction ?? 0) > 0);
  const columns: Column[] = [
    ...wordsOf(paths).map((head) => ({ head })),
    ...(ranking.priced ? [{ head: '$/h' }, { head: '$/month' }] : []),
    { head: 'p50 s' },
    { head: 'p95 s' },
    { head: 'p99 s' },
    { head: 'cold %' },
    ...(failing ? [{ head: 'failed %' }] : []),
    { head: 'mean' },
    { head: 'peak' },
    { head: 'busy %' },
    { head: '', align: 'left' },
  ];
  const rows = shown.map((index) => {
    const result = results[index]!;
    const marks = [
      front.includes(index) ? '*' : '',
      index === cheapestWithinSlo ? '<' : '',
      index === current ? 'now' : '',
      result.provedEqualTo === null ? '' : '=',
    ];
    return [
      ...paths.map((path) => valueText(result.vary[path] ?? valueAt(index, path))),
      ...(ranking.priced
        ? [dollarsBare(result.cost?.usdPerHour ?? null), dollarsBare(monthUsd(result))]
        : []),
      significant(result.latencyS.p50),
      significant(result.latencyS.p95),
      significant(result.latencyS.p99),
      percentBare(result.coldStarts.fraction),
      ...(failing ? [percentBare(result.requests.failedFraction)] : []),
      significant(result.replicas.mean),
      count(result.replicas.peak),
      percentBare(result.utilization),
      marks.filter((mark) => mark !== '').join(' '),
    ];
  });
  const [head, ...body] = table(columns, rows);
  const lines = body.map((line, i) =>
    shown[i] === cheapestWithinSlo ? style.good(` ${line}`) : ` ${line}`,
  );
  return [style.dim(` ${head}`), ...lines, ...legend(document, shown.length)];
}

/** All of a small grid; of a large one the front, the answer, what runs today, and the start of the rest. */
function rowsShown({ results, front, cheapestWithinSlo, current }: SweepSummary): number[] {
  const all = results.map((_, index) => index);
  if (all.length <= MAX_ROWS) return all;
  const matter = new Set([cheapestWithinSlo, current, ...front].filter((index) => index !== null));
  for (const index of all) {
    if (matter.size >= MAX_ROWS) break;
    matter.add(index);
  }
  return all.filter((index) => matter.has(index));
}

function legend(document: SweepSummary, shown: number): string[] {
  const { results, cheapestWithinSlo, current } = document;
  const proved = results.filter(({ provedEqualTo }) => provedEqualTo !== null).length;
  const marks = [
    '* on the cost/latency front',
    cheapestWithinSlo === null ? '' : '< cheapest within the SLO',
    current === null ? '' : 'now: what runs today',
    proved === 0 ? '' : `= proved equal to a row with a higher limit, not run (${count(proved)})`,
  ].filter((mark) => mark !== '');
  const hidden = results.length - shown;
  return [
    ` ${marks.join('   ')}`,
    ...monthLines(results).map((line) => ` ${line}`),
    ...(hidden > 0
      ? [` ${counted(hidden, 'more row')} not shown: --json or --out DIR has them all`]
      : []),
  ];
}

function plane({ results, front, cheapestWithinSlo }: SweepSummary, ranking: Ranking): string[] {
  const limit = p99Limit(results[0]);
  const rank = (index: number): number =>
    index === cheapestWithinSlo ? 2 : front.includes(index) ? 1 : 0;
  const points = results
    .map((result, index) => ({
      x: ranking.by(result),
      y: result.latencyS.p99 ?? Number.NaN,
      mark: '.*<'[rank(index)]!,
      rank: rank(index),
    }))
    .sort((a, b) => a.rank - b.rank);
  return scatter(points, {
    title: ['p99 s', ...(points.some(({ rank }) => rank === 0) ? ['. not on the front'] : [])].join(
      '    ',
    ),
    xLabel: ranking.priced ? '$/h' : 'mean replicas',
    width: 64,
    height: 9,
    line: limit === null ? null : { y: limit, label: 'SLO' },
    formatX: ranking.priced ? dollarsBare : significant,
    formatY: significant,
  });
}

function map(document: SweepSummary, options: SweepScreenOptions): readonly string[] {
  const { style = PLAIN, valueAt = () => undefined, heat = null } = options;
  return heatMap(document, { style, valueAt, keys: heat });
}

function p99Limit(result: RowFigures | undefined): number | null {
  for (const { objective } of result?.slo?.objectives ?? []) {
    const match = /^latencyS\.p99 <=? ([\d.]+)$/.exec(objective);
    if (match) return Number(match[1]);
  }
  return null;
}

function leftOut(points: readonly LeftOut[]): string[] {
  if (points.length === 0) return [];
  return [
    `Left out, for they contradict themselves: ${counted(points.length, 'point')} of the grid`,
    ...points
      .slice(0, MAX_LEFT_OUT)
      .map(({ vary, reason }) => wrapped(`  ${rowName(vary)}: ${reason}`, 4)),
    ...(points.length > MAX_LEFT_OUT ? [`  and ${count(points.length - MAX_LEFT_OUT)} more`] : []),
  ];
}
