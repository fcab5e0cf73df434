/** Where the money goes: a bar a configuration, a part for each state of a replica and each other meter. */
import { dollars, percent } from '../numbers.ts';
import type { FocusRow, MoneyPart } from '../page/page-document.ts';
import {
  axisOf,
  baseOption,
  type ChartOption,
  INSIDE,
  legendOf,
  numberTick,
  tooltipOf,
} from './chart.ts';
import type { NamedRow } from './curve-chart.ts';
import type { Theme } from './theme.ts';

/** Two short lines; the legend of other pictures has the whole. */
function labelOf(name: string, bars: readonly Bar[]): string {
  const [role = '', row = ''] = name.split(': ');
  const usd = bars.find((bar) => bar.name === name)?.usd ?? 0;
  const cut = row.length > MOST_LETTERS ? `${row.slice(0, MOST_LETTERS - 1)}\u2026` : row;
  return `${role}  ${dollars(usd)}\n${cut}`;
}

const MOST_LETTERS = 24;

interface Bar {
  readonly name: string;
  readonly parts: readonly MoneyPart[];
  readonly usd: number;
}

/** What a month like the run costs, part by part; parts of the run where it has no month. */
export function monthlyParts({ money, result }: FocusRow): readonly MoneyPart[] {
  const { usd = 0, usdPerMonth = null } = result.cost ?? {};
  const factor = usdPerMonth === null || usd === 0 ? 1 : usdPerMonth / usd;
  return money.map((part) => ({ ...part, usd: part.usd * factor }));
}

export function moneyChart(rows: readonly NamedRow[], theme: Theme): ChartOption | null {
  const bars = rows
    .map(({ name, row }): Bar => {
      const parts = monthlyParts(row);
      return { name, parts, usd: parts.reduce((sum, { usd }) => sum + usd, 0) };
    })
    .filter(({ parts }) => parts.length > 0)
    .reverse();
  if (bars.length === 0) return null;
  const labels = [...new Set(bars.flatMap(({ parts }) => parts.map(({ label }) => label)))];
  const kindOf = (label: string) =>
    bars.flatMap(({ parts }) => parts).find((part) => part.label === label)!.kind;
  const colorOf = (label: string): string => {
    const kind = kindOf(label);
    if (kind !== 'other') return theme.states[kind];
    const others = labels.filter((other) => kindOf(other) === 'other');
    return theme.others[others.indexOf(label) % theme.others.length]!;
  };
  return {
    ...baseOption(theme),
    grid: { left: 8, right: 24, top: 52, bottom: 28, ...INSIDE },
    legend: legendOf(theme, labels),
    tooltip: tooltipOf(theme, {
      trigger: 'item',
      formatter: (item: {
        seriesName?: string;
        name?: string;
        value?: number;
        dataIndex?: number;
      }) => {
        const total = bars[item.dataIndex ?? 0]?.usd ?? 0;
        const share = total > 0 ? ` (${percent((item.value ?? 0) / total)})` : '';
        return `${item.name}\n${item.seriesName}: ${dollars(item.value ?? null)} a month${share}`;
      },
    }),
    xAxis: axisOf(theme, '$/month', {
      type: 'value',
      nameLocation: 'middle',
      nameGap: 26,
      axisLabel: { color: theme.dim, hideOverlap: true, formatter: numberTick },
    }),
    yAxis: axisOf(theme, '', {
      type: 'category',
      data: bars.map(({ name }) => name),
      axisLabel: {
        color: theme.text,
        fontSize: 11,
        lineHeight: 15,
        formatter: (name: string) => labelOf(name, bars),
      },
    }),
    series: labels.map((label) => ({
      name: label,
      type: 'bar',
      stack: 'money',
      barMaxWidth: 34,
      itemStyle: { color: colorOf(label), borderColor: theme.surface, borderWidth: 1 },
      data: bars.map(({ parts }) => parts.find((part) => part.label === label)?.usd ?? 0),
    })),
  };
}
