/** What each side costs under each load, and where the cheapest one changes. */

import type { CrossoverDocument, LoadPoint } from '../../study/curves-document.ts';
import { dollars, rate, seconds, short } from '../numbers.ts';
import type { Told } from '../page/further.ts';
import {
  axisOf,
  baseOption,
  type ChartOption,
  INSIDE,
  legendOf,
  numberTick,
  tooltipOf,
} from './chart.ts';
import type { Theme } from './theme.ts';

export function crossoverChart(
  { curve, names }: Told<CrossoverDocument>,
  theme: Theme,
): ChartOption {
  const { loads, sides, crossings, lever } = curve;
  const isTraffic = lever === 'traffic';
  const costOf = (point: LoadPoint): number | null =>
    isTraffic ? point.usdPerThousandRequests : point.usdPerMonth;
  const colors = [theme.front, theme.current, theme.best, ...theme.others];
  const marks = crossings.map(({ load }) => ({ xAxis: load }));
  return {
    ...baseOption(theme),
    grid: { left: 8, right: 24, top: 56, bottom: 28, ...INSIDE },
    legend: legendOf(theme, names),
    tooltip: tooltipOf(theme, {
      trigger: 'item',
      formatter: ({
        seriesIndex = 0,
        dataIndex = 0,
      }: {
        seriesIndex?: number;
        dataIndex?: number;
      }) => {
        const point = sides[seriesIndex]?.points[dataIndex];
        return point === undefined
          ? ''
          : [
              names[seriesIndex],
              `${rate(point.requestsPerS)}, ${dollars(point.usdPerMonth)} a month`,
              `${dollars(point.usdPerThousandRequests)} per 1,000 requests, p99 ${seconds(point.p99S)}`,
            ].join('\n');
      },
    }),
    xAxis: axisOf(theme, isTraffic ? 'times the traffic of the study' : 'hours a day', {
      type: isTraffic ? 'log' : 'value',
      min: loads[0],
      max: loads.at(-1),
      nameLocation: 'middle',
      nameGap: 26,
      axisLabel: { color: theme.dim, hideOverlap: true, formatter: numberTick },
    }),
    yAxis: axisOf(theme, isTraffic ? '$ per 1,000 requests' : '$/month', {
      type: isTraffic ? 'log' : 'value',
      axisLabel: { color: theme.dim, formatter: numberTick },
      nameTextStyle: { color: theme.dim, align: 'left' },
    }),
    series: sides.map(({ points }, i) => {
      const color = colors[i % colors.length]!;
      return {
        name: names[i],
        type: 'line',
        data: points.map((point) => [point.load, costOf(point)]),
        symbol: ['circle', 'triangle', 'rect', 'diamond'][i % 4],
        symbolSize: 6,
        lineStyle: { color, width: 2, type: i % 2 === 0 ? 'solid' : 'dashed' },
        itemStyle: { color },
        ...(i === 0 &&
          marks.length > 0 && {
            markLine: {
              silent: true,
              symbol: 'none',
              lineStyle: { color: theme.limit, type: 'dashed', width: 1 },
              label: {
                color: theme.limit,
                formatter: ({ value }: { value: number }) => short(value),
              },
              data: marks,
            },
          }),
      };
    }),
  };
}
