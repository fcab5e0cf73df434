/** Two keys against each other, a figure as color and number. */
import { keyFigure } from '../page/key-figures.ts';
import type { Grid, PageDocument } from '../page/page-document.ts';
import { axisOf, baseOption, type ChartOption, INSIDE, rowText, tooltipOf } from './chart.ts';
import type { Theme } from './theme.ts';

/** More cells than this carry no number: the scale beside them does. */
const MOST_NUMBERS = 240;

export interface HeatChoice {
  /** Places among the grid's axes; y may be left out. */
  readonly x: number;
  readonly y: number | null;
  readonly figure: string;
  /** Of every other axis the place of its value. */
  readonly fixed: Readonly<Record<number, number>>;
}

export interface HeatCell {
  readonly x: number;
  readonly y: number;
  readonly index: number;
  readonly value: number | null;
}

/** The two axes with the most values, the first along the bottom; null where nothing varies. */
export function firstChoice({
  grid,
  marks,
  costBy,
}: Pick<PageDocument, 'grid' | 'marks' | 'costBy'>): HeatChoice | null {
  const bySize = [...grid.axes.keys()].sort(
    (a, b) => grid.axes[b]!.values.length - grid.axes[a]!.values.length || a - b,
  );
  const [one, other] = bySize.slice(0, 2).sort((a, b) => b - a);
  if (one === undefined || grid.axes[one]!.values.length < 2) return null;
  // A search keeps a few of its rows: what it left out is no hole of a map.
  if (grid.isSearched) return null;
  const isOnAxes = (index: number) => grid.axes[one]!.at[index]! >= 0;
  const base = [marks.best, ...marks.front].find((i) => i !== null && isOnAxes(i)) ?? 0;
  const rest = [...grid.axes.keys()].filter((axis) => axis !== one && axis !== other);
  const fixed = rest.map((axis): [number, number] => [axis, grid.axes[axis]!.at[base]!]);
  return { x: one, y: other ?? null, figure: costBy, fixed: Object.fromEntries(fixed) };
}

export function heatCells(grid: Grid, { x, y, figure, fixed }: HeatChoice): readonly HeatCell[] {
  const values = grid.figures[figure] ?? [];
  const others = Object.entries(fixed).map(([axis, place]) => [Number(axis), place] as const);
  const cells = new Map<string, HeatCell>();
  for (let index = 0; index < grid.rows; index++) {
    if (others.some(([axis, place]) => grid.axes[axis]!.at[index] !== place)) continue;
    const [column, row] = [grid.axes[x]!.at[index]!, y === null ? 0 : grid.axes[y]!.at[index]!];
    if (column < 0) continue;
    // What runs today may stand on a point of the grid: one cell.
    const key = `${column}/${row}`;
    if (!cells.has(key)) cells.set(key, { x: column, y: row, index, value: values[index] ?? null });
  }
  return [...cells.values()];
}

export function heatChart(
  { grid, marks }: Pick<PageDocument, 'grid' | 'marks'>,
  choice: HeatChoice,
  theme: Theme,
  selected: number | null = null,
): ChartOption {
  const { text, label, name } = keyFigure(choice.figure);
  const cells = heatCells(grid, choice).filter(({ value }) => value !== null);
  const values = cells.map(({ value }) => value!);
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const numbered = cells.length <= MOST_NUMBERS;
  const xAxis = grid.axes[choice.x]!;
  const yAxis = choice.y === null ? null : grid.axes[choice.y]!;
  const signOf = (index: number): string =>
    index === marks.best ? '\u25c6 ' : grid.met?.[index] === 0 ? '\u2717 ' : '';
  const category = (values: readonly string[], axisName: string, more: ChartOption): ChartOption =>
    axisOf(theme, axisName, {
      type: 'category',
      data: values,
      splitLine: { show: false },
      splitArea: { show: false },
      ...more,
    });
  return {
    ...baseOption(theme),
    grid: { left: 8, right: numbered ? 8 : 70, top: 30, bottom: 28, ...INSIDE },
    tooltip: tooltipOf(theme, {
      formatter: ({ data }: { readonly data?: { readonly value?: readonly number[] } }) => {
        const index = data?.value?.[3];
        if (index === undefined) return '';
        const met =
          grid.met === null
            ? []
            : [grid.met[index] === 1 ? 'meets the objectives' : 'breaks an objective'];
        return [rowText(grid, index), `${name} ${text(data?.value?.[2] ?? null)}`, ...met].join(
          '\n',
        );
      },
    }),
    xAxis: category(xAxis.values, xAxis.word, { nameLocation: 'middle', nameGap: 26 }),
    yAxis: category(yAxis?.values ?? [''], yAxis?.word ?? '', {}),
    visualMap: {
      type: 'continuous',
      show: !numbered,
      dimension: 2,
      min: low,
      max: high > low ? high : low + 1,
      right: 0,
      top: 'middle',
      inRange: { color: theme.scale },
      textStyle: { color: theme.dim },
      formatter: (value: number) => text(value),
    },
    series: [
      {
        name: label,
        type: 'heatmap',
        progressive: 0,
        itemStyle: { borderColor: theme.surface, borderWidth: numbered ? 1 : 0 },
        data: cells.map(({ x, y, index, value }) => ({
          value: [x, y, value, index],
          ...(index === selected && {
            itemStyle: { borderColor: theme.selected, borderWidth: 3 },
          }),
          // Of a hundred thousand cells each option counts.
          ...(numbered && { label: numberOf(index, value!) }),
        })),
      },
    ],
  };

  function numberOf(index: number, value: number): ChartOption {
    return {
      show: true,
      formatter: `${signOf(index)}${text(value)}`,
      // On the dark half of the scale.
      color: high > low && (value - low) / (high - low) > 0.55 ? '#ffffff' : '#14202c',
      fontWeight: index === marks.best ? 'bold' : 'normal',
    };
  }
}
