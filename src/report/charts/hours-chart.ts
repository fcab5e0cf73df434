/** A day by the hour: how many requests are cold, and what the hour costs. */
import { dollars, significant } from '../numbers.ts';
import type { HoursOfDay } from '../page/hours-of-day.ts';
import { axisOf, baseOption, type ChartOption, numberTick, tooltipOf } from './chart.ts';
import type { Theme } from './theme.ts';

const NAMES = { cold: 'cold requests', arrived: 'requests', usd: '$ an hour' } as const;

export function hoursChart(hours: HoursOfDay, theme: Theme): ChartOption {
  const { cold, arrived, usd, timeZone } = hours;
  const labels = cold.map((_, hour) => `${String(hour).padStart(2, '0')}`);
  const line = (name: string, data: readonly (number | null)[], color: string, axis: number) => ({
    name,
    type: 'line',
    data,
    xAxisIndex: axis,
    yAxisIndex: axis,
    step: 'middle',
    symbol: 'none',
    lineStyle: { color, width: 2 },
    itemStyle: { color },
    areaStyle: { color, opacity: 0.15 },
  });
  const hour = (gridIndex: number, more: ChartOption = {}): ChartOption =>
    axisOf(theme, '', {
      gridIndex,
      type: 'category',
      data: labels,
      splitLine: { show: false },
      ...more,
    });
  const value = (gridIndex: number, name: string): ChartOption =>
    axisOf(theme, name, {
      gridIndex,
      type: 'value',
      min: 0,
      splitNumber: 3,
      nameTextStyle: { color: theme.dim, align: 'left' },
      axisLabel: { color: theme.dim, formatter: numberTick },
    });
  return {
    ...baseOption(theme),
    grid: [
      { left: 44, right: 12, top: 26, height: '28%' },
      { left: 44, right: 12, top: '46%', height: '16%' },
      { left: 44, right: 12, top: '73%', height: '13%' },
    ],
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    tooltip: tooltipOf(theme, {
      trigger: 'axis',
      formatter: (found: readonly { readonly dataIndex: number }[]) => {
        const at = found[0]?.dataIndex ?? 0;
        return [
          `${labels[at]}:00 to ${labels[(at + 1) % labels.length]}:00`,
          `${significant(cold[at] ?? null)} of ${significant(arrived[at] ?? null)} requests cold`,
          ...(usd === null ? [] : [`${dollars(usd[at] ?? null)} an hour`]),
        ].join('\n');
      },
    }),
    xAxis: [
      hour(0, { axisLabel: { show: false } }),
      hour(1, { axisLabel: { show: false } }),
      hour(2, {
        name: timeZone === null ? 'hour' : `hour, ${timeZone}`,
        nameLocation: 'middle',
        nameGap: 24,
      }),
    ],
    yAxis: [value(0, 'cold requests'), value(1, usd === null ? '' : '$'), value(2, 'requests')],
    series: [
      {
        ...line(NAMES.cold, cold, theme.states.starting, 0),
        type: 'bar',
        step: false,
        areaStyle: null,
      },
      ...(usd === null ? [] : [line(NAMES.usd, usd, theme.states.busy, 1)]),
      line(NAMES.arrived, arrived, theme.point, 2),
    ],
  };
}
