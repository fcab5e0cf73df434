/** Two keys against each other in characters: the figure, how much of the range it is, and what breaks an objective. */
import type { SweepSummary } from '../study/row-figures.ts';
import { type HeatChoice, heatCells } from './charts/heat-chart.ts';
import { counted } from './numbers.ts';
import { keyFigure } from './page/key-figures.ts';
import type { Axis, Grid } from './page/page-document.ts';
import { gridOf, type ValueAt } from './page/rows.ts';
import { rankingOf } from './sweep-answer.ts';
import { type Column, table } from './table.ts';
import { PLAIN, SCREEN_WIDTH, type Style } from './text.ts';
import { wordsOf } from './varied.ts';

/** Fewer values of either key are better read in the table. */
const LEAST_VALUES = 3;
const SHADES = [' ', '\u2591', '\u2592', '\u2593', '\u2588'];
const CELL_WIDTH = 9;

export interface HeatMapOptions {
  readonly style?: Style;
  readonly valueAt: ValueAt;
  /** Paths that vary; null: those of a grid in which exactly two keys vary, with three values and more each. */
  readonly keys: readonly [x: string, y: string] | null;
}

/** @returns lines; none where none was asked for and none is to be seen */
export function heatMap(document: SweepSummary, options: HeatMapOptions): readonly string[] {
  const { keys, style = PLAIN, valueAt } = options;
  const grid = gridOf(document.results, valueAt);
  const chosen =
    keys === null
      ? pairOf(grid)
      : keys.map((key) => grid.axes.findIndex(({ path }) => path === key));
  if (chosen === null || chosen.includes(-1)) return [];
  const [x, y] = chosen as [number, number];
  const base = document.cheapestWithinSlo ?? document.front[0] ?? 0;
  const rest = [...grid.axes.keys()].filter((axis) => axis !== x && axis !== y);
  const fixed = Object.fromEntries(rest.map((axis) => [axis, grid.axes[axis]!.at[base]!]));
  const cost = rankingOf(document.results).priced ? 'usdPerHour' : 'mean';
  const held = rest.map((axis) => {
    const { word, values, at } = grid.axes[axis]!;
    return `${word} ${values[at[base]!]}`;
  });
  return [cost, 'p99'].flatMap((figure, i) => [
    ...(i === 0 ? [] : ['']),
    ...mapLines(grid, { x, y, figure, fixed }, document, held, style),
  ]);
}

/** Which path a reader means: the path, its end, or its word on the screen; null for none. */
export function pathMeant(paths: readonly string[], key: string): string | null {
  const words = wordsOf(paths);
  return (
    paths.find((path, i) => path === key || words[i] === key || path.endsWith(`.${key}`)) ?? null
  );
}

/** Of exactly two keys that vary enough, the later one across. */
function pairOf({ axes }: Grid): readonly number[] | null {
  const wide = [...axes.keys()].filter((axis) => axes[axis]!.values.length >= LEAST_VALUES);
  const varying = axes.filter(({ values }) => values.length > 1);
  return wide.length === 2 && varying.length === 2 ? [wide[1]!, wide[0]!] : null;
}

function mapLines(
  grid: Grid,
  choice: HeatChoice,
  { cheapestWithinSlo }: Pick<SweepSummary, 'cheapestWithinSlo'>,
  held: readonly string[],
  style: Style,
): string[] {
  const { label, text } = keyFigure(choice.figure);
  const [across, up] = [grid.axes[choice.x]!, grid.axes[choice.y!]!];
  const cells = heatCells(grid, choice);
  const values = cells.flatMap(({ value }) => value ?? []);
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const at = new Map(cells.map((cell) => [`${cell.x}/${cell.y}`, cell]));
  const room = Math.max(1, Math.floor((SCREEN_WIDTH - widest(up)) / CELL_WIDTH) - 1);
  const shown = across.values.slice(0, room);
  const columns: Column[] = [{ head: up.word }, ...shown.map((value) => ({ head: value }))];
  const rows = up.values.map((value, y) => [
    value,
    ...shown.map((_, x) => {
      const cell = at.get(`${x}/${y}`);
      if (cell === undefined || cell.value === null) return '';
      const share = high > low ? (cell.value - low) / (high - low) : 0;
      const shade = SHADES[Math.min(SHADES.length - 1, Math.floor(share * SHADES.length))]!;
      const isBroken = grid.met?.[cell.index] === 0;
      const mark = cell.index === cheapestWithinSlo ? '<' : isBroken ? 'x' : ' ';
      const words = `${shade} ${text(cell.value)}${mark}`;
      return isBroken ? style.dim(words) : mark === '<' ? style.good(words) : words;
    }),
  ]);
  const [head, ...body] = table(columns, rows, 1);
  const hidden = across.values.length - shown.length;
  const legend = grid.met === null ? '' : '   x breaks the SLO, < the answer';
  return [
    `${label} by ${across.word} (across) and ${up.word}${held.length === 0 ? '' : `, at ${held.join(', ')}`}${legend}`,
    style.dim(` ${head}`),
    ...body.map((line) => ` ${line}`),
    ...(hidden > 0
      ? [` ${counted(hidden, 'more column')} not shown: the page of coldfront report has all`]
      : []),
  ];
}

function widest({ values, word }: Axis): number {
  return Math.max(word.length, ...values.map((value) => value.length));
}
