/** Replicas over demand through time, by what they do; below them who waits. */
import { chosenSeconds, seconds, significant } from '../numbers.ts';
import type { FocusRow } from '../page/page-document.ts';
import { axisOf, baseOption, type ChartOption, legendOf, tooltipOf } from './chart.ts';
import type { Theme } from './theme.ts';

const STATES = ['busy', 'idle', 'starting', 'draining'] as const;

/** @param clockAtMs what time 0 is; null: times are relative */
export function timeChart(
  { timeline, result }: FocusRow,
  clockAtMs: number | null,
  theme: Theme,
  zoomable = true,
): ChartOption | null {
  if (timeline === null || timeline.busy.length === 0) return null;
  const { intervalS } = timeline;
  const at = (i: number): number =>
    clockAtMs === null ? i * intervalS : clockAtMs + i * intervalS * 1_000;
  // A step holds until the next point: the last one ends where its interval does.
  const points = (values: readonly number[]): [number, number][] => [
    ...values.map((value, i): [number, number] => [at(i), value]),
    [at(values.length), values.at(-1) ?? 0],
  ];
  const shown = STATES.filter((state) => timeline[state].some((value) => value > 0));
  const areas = shown.map((state) => ({
    name: state,
    type: 'line',
    stack: 'replicas',
    step: 'end',
    symbol: 'none',
    data: points(timeline[state]),
    lineStyle: { width: 0 },
    areaStyle: { color: theme.states[state], opacity: 0.9 },
    itemStyle: { color: theme.states[state] },
  }));
  // With several slots requests in service are more than busy replicas.
  const hasDemand = result.slotUtilization === undefined;
  const demand = timeline.busy.map((busy, i) => busy + timeline.waiting[i]!);
  const waits = timeline.waiting.some((value) => value > 0);
  const demandLine = {
    name: 'demand: in service or waiting',
    type: 'line',
    step: 'end',
    symbol: 'none',
    data: points(demand),
    lineStyle: { color: theme.demand, width: 0.8 },
    itemStyle: { color: theme.demand },
  };
  const waiting = {
    name: 'waiting requests',
    type: 'line',
    step: 'end',
    symbol: 'none',
    xAxisIndex: 1,
    yAxisIndex: 1,
    data: points(timeline.waiting),
    lineStyle: { color: theme.waiting, width: 1.2 },
    areaStyle: { color: theme.waiting, opacity: 0.25 },
    itemStyle: { color: theme.waiting },
  };
  const series = [...areas, ...(hasDemand ? [demandLine] : []), waiting];
  const time = (more: ChartOption): ChartOption =>
    axisOf(theme, '', {
      type: clockAtMs === null ? 'value' : 'time',
      min: at(0),
      max: at(timeline.busy.length),
      splitLine: { show: false },
      ...more,
    });
  const labels = {
    color: theme.dim,
    hideOverlap: true,
    ...(clockAtMs === null && { formatter: chosenSeconds }),
  };
  const bottom = zoomable ? 62 : 26;
  return {
    ...baseOption(theme),
    grid: [
      { left: 48, right: 16, top: 52, bottom: bottom + 96 },
      { left: 48, right: 16, height: 56, bottom },
    ],
    legend: legendOf(
      theme,
      series.map(({ name }) => name),
    ),
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    tooltip: tooltipOf(theme, {
      trigger: 'axis',
      formatter: (found: readonly { readonly seriesName: string; readonly data: number[] }[]) =>
        [
          momentText(found[0]?.data[0] ?? 0, clockAtMs),
          ...found.map(({ seriesName, data }) => `${seriesName} ${significant(data[1]!)}`),
        ].join('\n'),
    }),
    xAxis: [
      time({ gridIndex: 0, axisLabel: { show: false } }),
      time({ gridIndex: 1, axisLabel: labels }),
    ],
    yAxis: [
      axisOf(theme, 'replicas', { gridIndex: 0, type: 'value' }),
      axisOf(theme, 'waiting', {
        gridIndex: 1,
        type: 'value',
        splitNumber: 2,
        min: 0,
        ...(!waits && { max: 1 }),
      }),
    ],
    ...(zoomable && {
      dataZoom: [
        {
          type: 'slider',
          xAxisIndex: [0, 1],
          bottom: 8,
          height: 26,
          borderColor: theme.line,
          textStyle: { color: theme.dim },
          labelFormatter: (value: number) => momentText(value, clockAtMs),
        },
        // A wheel scrolls the page; with shift it zooms.
        {
          type: 'inside',
          xAxisIndex: [0, 1],
          zoomOnMouseWheel: 'shift',
          moveOnMouseMove: false,
          moveOnMouseWheel: false,
          preventDefaultMouseMove: false,
        },
      ],
    }),
    series,
  };
}

/** `2026-10-12 14:05`, or how long after the beginning. */
export function momentText(at: number, clockAtMs: number | null): string {
  if (clockAtMs === null) return seconds(at);
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}
