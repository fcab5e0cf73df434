/** p99 against the load time: where the objective breaks. */

import type { CliffDocument, CliffPoint } from '../../study/curves-document.ts';
import { chosenSeconds, dollars, seconds } from '../numbers.ts';
import type { Told } from '../page/further.ts';
import { axisOf, baseOption, type ChartOption, legendOf, numberTick, tooltipOf } from './chart.ts';
import type { Theme } from './theme.ts';

/** Above p99 latency, below what a month costs: of the recommended row, and of the cheapest that meets the objectives. */
export function cliffChart(
  { curve, names }: Told<CliffDocument>,
  limitS: number | null,
  theme: Theme,
): ChartOption {
  const { points, breaks, recommended, phase, loadS } = curve;
  const own = { name: names[recommended]!, of: (at: number) => points[at]!.recommended };
  const cheapest = {
    name: 'the cheapest that meets the objectives',
    of: (at: number) => points[at]!.cheapest,
  };
  const sides = [own, cheapest].filter(({ of }) => points.some((_, at) => of(at) !== null));
  const at = (value: number, text: string) => ({ xAxis: value, label: { formatter: text } });
  const lines = [
    at(loadS, 'now'),
    ...breaks
      .filter(({ row }) => row === recommended)
      .map((found) => at(found.loadS, found.breaksAbove ? 'breaks' : 'holds')),
    ...(limitS === null
      ? []
      : [{ yAxis: limitS, label: { formatter: 'objective', position: 'insideEndTop' } }]),
  ];
  const series = sides.flatMap(({ name, of }, side) => {
    const color = side === 0 ? theme.front : theme.best;
    const line = (grid: number, value: (point: CliffPoint) => number | null) => ({
      name,
      type: 'line',
      xAxisIndex: grid,
      yAxisIndex: grid,
      data: points.map((point, i) => {
        const found = of(i);
        return [point.loadS, found === null ? null : value(found)];
      }),
      symbol: side === 0 ? 'circle' : 'triangle',
      symbolSize: 5,
      lineStyle: { color, width: 2, type: side === 0 ? 'solid' : 'dashed' },
      itemStyle: { color },
    });
    const p99 = line(0, (point) => point.p99S);
    const marks = {
      silent: true,
      symbol: 'none',
      lineStyle: { color: theme.limit, type: 'dashed', width: 1 },
      label: { color: theme.limit },
      data: lines,
    };
    return [side === 0 ? { ...p99, markLine: marks } : p99, line(1, (point) => point.usdPerMonth)];
  });
  const time = (gridIndex: number, more: ChartOption): ChartOption =>
    axisOf(theme, '', {
      gridIndex,
      type: 'value',
      min: points[0]?.loadS ?? 0,
      max: points.at(-1)?.loadS ?? 1,
      ...more,
    });
  const value = (gridIndex: number, name: string, formatter: (value: number) => string) =>
    axisOf(theme, name, {
      gridIndex,
      type: 'value',
      scale: true,
      splitNumber: gridIndex === 1 ? 2 : 5,
      axisLabel: { color: theme.dim, formatter },
      nameTextStyle: { color: theme.dim, align: 'left' },
    });
  return {
    ...baseOption(theme),
    grid: [
      { left: 52, right: 24, top: 58, height: '42%' },
      { left: 52, right: 24, top: '74%', height: '14%' },
    ],
    legend: legendOf(
      theme,
      sides.map(({ name }) => name),
    ),
    tooltip: tooltipOf(theme, {
      trigger: 'item',
      formatter: ({ seriesName, dataIndex = 0 }: { seriesName?: string; dataIndex?: number }) => {
        const point = sides.find(({ name }) => name === seriesName)?.of(dataIndex);
        return point == null
          ? ''
          : [
              `${seriesName}, load ${seconds(points[dataIndex]!.loadS)}`,
              `p99 ${seconds(point.p99S)}, ${dollars(point.usdPerMonth)} a month`,
              point.failed.length === 0 ? '' : `breaks ${point.failed.join(', ')}`,
            ].join('\n');
      },
    }),
    xAxis: [
      time(0, { axisLabel: { show: false } }),
      time(1, {
        name: phase === null ? 'load time' : `time of ${phase}`,
        nameLocation: 'middle',
        nameGap: 24,
        axisLabel: { color: theme.dim, hideOverlap: true, formatter: chosenSeconds },
      }),
    ],
    yAxis: [value(0, 'p99 latency', chosenSeconds), value(1, '$/month', numberTick)],
    series,
  };
}
