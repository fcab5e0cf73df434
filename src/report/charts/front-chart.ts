/** Cost against latency: every configuration a point, the front a line, the objective a level. */

import { chosenSeconds, seconds } from '../numbers.ts';
import { keyFigure } from '../page/key-figures.ts';
import type { PageDocument } from '../page/page-document.ts';
import {
  axisOf,
  baseOption,
  type ChartOption,
  INSIDE,
  legendOf,
  numberTick,
  percentTick,
  rowText,
  tooltipOf,
} from './chart.ts';
import type { Theme } from './theme.ts';

/** Latencies that span more than this factor are drawn on a logarithmic scale. */
const LOG_SPAN = 20;
/** From here on points are drawn as one mass. */
const LARGE = 2_000;

/** Cost, latency, row. */
export type FrontPoint = readonly [x: number, y: number, index: number];

export function frontChart(
  page: Pick<PageDocument, 'grid' | 'marks' | 'costBy' | 'p99LimitS'>,
  theme: Theme,
  selected: number | null = null,
  figure = 'p99',
): ChartOption {
  const { grid, marks, costBy } = page;
  const xs = grid.figures[costBy] ?? [];
  const ys = grid.figures[figure] ?? [];
  const points = (rows: readonly number[]): FrontPoint[] =>
    rows.flatMap((index) => {
      const [x = null, y = null] = [xs[index], ys[index]];
      return x === null || y === null ? [] : [[x, y, index] as const];
    });
  const front = new Set(marks.front);
  const special = new Set([...front, marks.best, marks.current]);
  const rest = Array.from({ length: grid.rows }, (_, index) => index).filter(
    (index) => !special.has(index),
  );
  const isMet = (index: number): boolean => grid.met === null || grid.met[index] === 1;
  const cost = keyFigure(costBy);
  const levels = ys.filter((y) => y !== null);
  const [low, high] = [least(levels), most(levels)];
  const limit = figure === 'p99' ? page.p99LimitS : null;
  const one = (index: number | null) => (index === null ? [] : points([index]));
  const met = points(rest.filter(isMet));
  const broken = points(rest.filter((index) => !isMet(index)));
  const above = { position: 'top', backgroundColor: theme.surface };
  const below = { position: 'bottom', backgroundColor: theme.surface };
  const frontLine = points([...front].sort((a, b) => (xs[a] ?? 0) - (xs[b] ?? 0)));
  const series = [
    mass(grid.met === null ? 'configurations' : 'meets the objectives', met, theme.point, 'circle'),
    mass('breaks an objective', broken, theme.point, 'emptyCircle'),
    {
      name: 'front',
      type: 'line',
      data: frontLine,
      symbol: 'circle',
      symbolSize: 8,
      showAllSymbol: true,
      lineStyle: { color: theme.front, width: 1.5 },
      itemStyle: { color: theme.front },
    },
    mark('today', one(marks.current), theme.current, 'triangle', 15, above),
    mark('the answer', one(marks.best), theme.best, 'diamond', 18, below),
    {
      ...mark('shown', one(selected), 'transparent', 'circle', 24, above),
      itemStyle: { color: 'transparent', borderColor: theme.selected, borderWidth: 2 },
      label: { show: false },
      silent: true,
    },
  ].filter(({ data }) => data.length > 0);
  return {
    ...baseOption(theme),
    grid: { left: 8, right: 24, top: 34, bottom: 28, ...INSIDE },
    legend: legendOf(
      theme,
      series.map(({ name }) => name),
    ),
    tooltip: tooltipOf(theme, {
      trigger: 'item',
      formatter: ({ data }: { readonly data?: unknown }) => hoverText(page, data),
    }),
    xAxis: axisOf(theme, cost.label, {
      type: 'value',
      scale: true,
      nameLocation: 'middle',
      nameGap: 26,
      axisLabel: { color: theme.dim, hideOverlap: true, formatter: numberTick },
    }),
    yAxis: axisOf(theme, '', {
      type: low > 0 && high / low > LOG_SPAN ? 'log' : 'value',
      scale: true,
      axisLabel: {
        color: theme.dim,
        formatter: figure === 'cold' ? percentTick : chosenSeconds,
      },
    }),
    series: limit === null ? series : [...series, levelOf(limit, theme)],
  };
}

function mass(name: string, data: readonly FrontPoint[], color: string, symbol: string) {
  return {
    name,
    type: 'scatter',
    data,
    symbol,
    symbolSize: data.length > LARGE ? 3 : 7,
    large: data.length > LARGE,
    itemStyle: { color, opacity: data.length > LARGE ? 0.6 : 0.9 },
  };
}

function mark(
  name: string,
  data: readonly FrontPoint[],
  color: string,
  symbol: string,
  symbolSize: number,
  // No point lies below the front.
  { position, backgroundColor }: { readonly position: string; readonly backgroundColor: string },
) {
  return {
    name,
    type: 'scatter',
    data,
    symbol,
    symbolSize,
    z: 5,
    itemStyle: { color },
    label: {
      show: true,
      formatter: name,
      position,
      color,
      fontWeight: 'bold',
      backgroundColor,
      padding: [1, 3],
    },
  };
}

/** A series of its own, so that the level stands whatever is hidden. */
function levelOf(limit: number, theme: Theme): ChartOption {
  return {
    type: 'line',
    data: [],
    silent: true,
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: theme.limit, type: 'dashed', width: 1.5 },
      label: {
        formatter: `p99 objective ${seconds(limit)}`,
        position: 'insideEndTop',
        color: theme.limit,
      },
      data: [{ yAxis: limit }],
    },
  };
}

function hoverText({ grid, marks }: Pick<PageDocument, 'grid' | 'marks'>, data: unknown): string {
  const index = Array.isArray(data) ? data[2] : undefined;
  if (typeof index !== 'number') return '';
  const value = (id: string): string => {
    const figure = keyFigure(id);
    return `${figure.name} ${figure.text(grid.figures[id]?.[index] ?? null)}`;
  };
  const roles = [
    index === marks.best ? 'the answer' : '',
    index === marks.current ? 'today' : '',
    grid.met?.[index] === 0 ? 'breaks an objective' : '',
  ].filter((role) => role !== '');
  const ids = ['usdPerHour', 'usdPerMonth', 'p50', 'p99', 'cold'].filter((id) => grid.figures[id]);
  return [rowText(grid, index), ...roles, ...ids.map(value)].join('\n');
}

const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b), Infinity);
const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), -Infinity);
