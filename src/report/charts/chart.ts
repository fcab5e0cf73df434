/** What pictures have in common. An option is plain data for ECharts, the same for the page and for a file. */
import { short } from '../numbers.ts';
import type { Grid } from '../page/page-document.ts';
import type { Theme } from './theme.ts';

export type ChartOption = Readonly<Record<string, unknown>>;

/** `min 6, idle window 5 s`: a row by what varies, or by its name. */
export function rowText({ axes, names }: Grid, index: number): string {
  if (names !== null) return names[index]!;
  if (axes.length === 0) return 'the study as it is';
  return axes.map(({ word, values, at }) => `${word} ${values[at[index]!]}`).join(', ');
}

export function baseOption(theme: Theme): ChartOption {
  return {
    animation: false,
    useUTC: true,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: theme.font, color: theme.text, fontSize: 12 },
  };
}

/** Text alone, never markup: what it shows may come from a log. */
export function tooltipOf(theme: Theme, more: ChartOption = {}): ChartOption {
  return {
    renderMode: 'richText',
    confine: true,
    backgroundColor: theme.surface,
    borderColor: theme.line,
    textStyle: { color: theme.text, fontSize: 12, fontFamily: theme.font },
    ...more,
  };
}

export function axisOf(theme: Theme, name: string, more: ChartOption = {}): ChartOption {
  return {
    name,
    nameTextStyle: { color: theme.dim },
    axisLine: { lineStyle: { color: theme.line } },
    axisTick: { lineStyle: { color: theme.line } },
    axisLabel: { color: theme.dim, hideOverlap: true },
    splitLine: { lineStyle: { color: theme.line, opacity: 0.6 } },
    ...more,
  };
}

/** Of a grid: its sides are those of the labels of its axes. */
export const INSIDE = { outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' } as const;

/** Of an axis: without zeros that say nothing. The library hands on the place of a tick too, which is no number of digits. */
export function numberTick(value: number): string {
  return short(value);
}

export function percentTick(share: number): string {
  return `${short(share * 100)} %`;
}

/** Above the picture, with the signs of the series. */
export function legendOf(theme: Theme, names: readonly string[]): ChartOption {
  return {
    data: names,
    top: 0,
    left: 0,
    itemWidth: 16,
    itemHeight: 10,
    itemGap: 14,
    inactiveColor: theme.line,
    textStyle: { color: theme.text },
    pageIconColor: theme.dim,
    pageIconInactiveColor: theme.line,
    pageTextStyle: { color: theme.dim },
  };
}
