/** How many requests take longer than a time: the tail on a logarithmic scale, a line a configuration. */
import { chosenSeconds, percent, seconds } from '../numbers.ts';
import type { FocusRow, PageDocument } from '../page/page-document.ts';
import {
  axisOf,
  baseOption,
  type ChartOption,
  INSIDE,
  legendOf,
  percentTick,
  tooltipOf,
} from './chart.ts';
import type { Theme } from './theme.ts';

export interface NamedRow {
  readonly name: string;
  readonly row: FocusRow;
  readonly role: 'best' | 'current' | 'selected' | 'other';
}

export type Timed = 'latencyS' | 'waitS';

/** Seconds, share that takes longer. */
export function curvePoints({ curves, result }: FocusRow, timed: Timed): [number, number][] {
  const quantiles = result[timed];
  const rough = [
    [0.5, quantiles.p50],
    [0.9, quantiles.p90],
    [0.95, quantiles.p95],
    [0.99, quantiles.p99],
    [0.999, quantiles.p999],
  ] as const;
  const points: readonly (readonly [number, number | null])[] =
    curves === null
      ? rough
      : curves.share.map((share, i) => [share, curves[timed][i] ?? null] as const);
  // Beyond 1 / requests there is no request to tell from the longest.
  const finest = 1 / Math.max(1, result.requests.completed * result.replications);
  return points.flatMap(([share, at]) =>
    at === null || 1 - share < finest ? [] : [[at, Number((1 - share).toPrecision(6))]],
  );
}

export function curveChart(
  { p99LimitS }: Pick<PageDocument, 'p99LimitS'>,
  rows: readonly NamedRow[],
  timed: Timed,
  theme: Theme,
): ChartOption {
  const colors = { best: theme.best, current: theme.current, selected: theme.selected };
  const limit = timed === 'latencyS' ? p99LimitS : null;
  return {
    ...baseOption(theme),
    grid: { left: 8, right: 24, top: 26, bottom: 28, ...INSIDE },
    // Curves fall to the right: there is room above them.
    legend: {
      ...legendOf(
        theme,
        rows.map(({ name }) => name),
      ),
      orient: 'vertical',
      left: 'auto',
      right: 24,
      top: 22,
      itemGap: 4,
    },
    tooltip: tooltipOf(theme, {
      trigger: 'item',
      formatter: ({ seriesName, data }: { seriesName?: string; data?: readonly number[] }) =>
        data === undefined
          ? ''
          : `${seriesName}\n${percent(data[1]!)} take longer than ${seconds(data[0]!)}`,
    }),
    xAxis: axisOf(theme, timed === 'latencyS' ? 'latency' : 'wait', {
      type: 'value',
      min: 0,
      nameLocation: 'middle',
      nameGap: 26,
      axisLabel: { color: theme.dim, hideOverlap: true, formatter: chosenSeconds },
    }),
    yAxis: axisOf(theme, 'take longer', {
      type: 'log',
      max: 1,
      axisLabel: { color: theme.dim, formatter: percentTick },
      nameTextStyle: { color: theme.dim, align: 'left' },
    }),
    series: rows.map(({ name, row, role }, i) => {
      const color = role === 'other' ? theme.others[i % theme.others.length]! : colors[role];
      return {
        name,
        type: 'line',
        data: curvePoints(row, timed),
        symbol: ['circle', 'triangle', 'rect', 'diamond', 'pin'][i % 5],
        symbolSize: 5,
        lineStyle: { color, width: role === 'other' ? 1.2 : 2, type: LINES[role] },
        itemStyle: { color },
        ...(i === 0 && limit !== null && { markLine: cross(limit, theme) }),
      };
    }),
  };
}

const LINES = { best: 'solid', current: 'dashed', selected: 'dotted', other: 'solid' } as const;

/** Where 1 % and the objective meet: a curve has to pass below and to the left. */
function cross(limit: number, theme: Theme): ChartOption {
  const lineStyle = { color: theme.limit, type: 'dashed', width: 1 };
  const label = { color: theme.limit, position: 'insideEndTop' };
  return {
    silent: true,
    symbol: 'none',
    lineStyle,
    label,
    data: [
      { xAxis: limit, label: { formatter: 'objective', position: 'end' } },
      { yAxis: 0.01, label: { formatter: '1 %' } },
    ],
  };
}
