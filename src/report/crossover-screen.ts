/** Which configuration is cheaper at which load: a sentence, the curve, and its figures. */
import type {
  CrossoverDocument,
  CrossoverSide,
  LoadLever,
  LoadPoint,
  NoCurve,
} from '../study/curves-document.ts';
import { crossoverSentences, nearestTo } from './crossover-words.ts';
import { configurationName, markOf } from './curve-names.ts';
import { dollarsBare, NOTHING, percentBare, short, significant } from './numbers.ts';
import { scatter } from './scatter.ts';
import { type Column, table } from './table.ts';
import { PLAIN, SCREEN_WIDTH, type Style, wrapped } from './text.ts';

const HEIGHT = 12;
const WIDTH = 64;
/** Loads that the table shows, as shares of the range on the logarithm. */
const TABLE_ROWS = 7;
/** Of what a side with a choice takes, by load. */
const MOST_STRETCHES = 5;

export function crossoverScreen(found: CrossoverDocument | NoCurve, style: Style = PLAIN): string {
  const title = style.bold('Crossover');
  if ('why' in found) return wrapped(`${title}   none was looked for: ${found.why}`, 2);
  return [
    title,
    ...crossoverSentences(found).map((line) => wrapped(`  ${line}`, 2)),
    '',
    ...curve(found),
    '',
    ...figures(found, style),
  ].join('\n');
}

/** Cost a month over the load, both on a logarithm. */
function curve(found: CrossoverDocument): string[] {
  const { sides, lever } = found;
  const points = sides.flatMap(({ points: own }, i) =>
    own.map(({ load, usdPerMonth }) => ({
      x: Math.log10(load),
      y: usdPerMonth ?? Number.NaN,
      mark: markOf(i),
    })),
  );
  const crossings = found.crossings.map(({ load, at, above }) => ({
    x: Math.log10(load),
    y: at[above[0]!]!.usdPerMonth ?? Number.NaN,
    mark: 'X',
  }));
  return scatter([...points, ...crossings], {
    title: '$/month',
    xLabel: lever === 'traffic' ? "times the study's traffic" : 'hours a day',
    width: WIDTH,
    height: HEIGHT,
    line: null,
    formatX: (x) => short(10 ** x),
    formatY: (usd) => dollarsBare(usd),
  });
}

interface PointColumn {
  readonly head: string;
  readonly text: (point: LoadPoint) => string;
}

const COST: PointColumn = { head: '$/month', text: ({ usdPerMonth }) => dollarsBare(usdPerMonth) };
const EACH: PointColumn = {
  head: '$/1,000',
  text: ({ usdPerThousandRequests }) => dollarsBare(usdPerThousandRequests),
};
const BUSY: PointColumn = { head: 'busy %', text: ({ utilization }) => percentBare(utilization) };
const P99: PointColumn = {
  head: 'p99 s',
  text: ({ p99S, met }) =>
    `${p99S === null ? NOTHING : significant(p99S)}${met === false ? ' !' : ''}`,
};
const REPLICAS: PointColumn = { head: 'replicas', text: ({ replicas }) => String(replicas) };
/** The more configurations, the fewer figures of each have room. */
const LAYOUTS = [[COST, EACH, BUSY, P99], [COST, BUSY, P99], [COST, P99], [COST]] as const;

function figures(found: CrossoverDocument, style: Style): string[] {
  const { sides } = found;
  const isSized = sides.some((side) => side.isSized);
  const hasObjectives = sides.some((side) => side.points.some(({ met }) => met !== null));
  const fitting = LAYOUTS.map((layout) => tableOf(found, layout));
  const lines =
    fitting.find((one) => one.every(({ length }) => length < SCREEN_WIDTH)) ?? fitting.at(-1)!;
  const notes = [
    ...sides.map((side, i) => `${markOf(i)}  ${legendText(side, found.lever)}`),
    ...(hasObjectives ? ['!  breaks an objective at this load'] : []),
    ...(isSized && !hasObjectives
      ? ['Without objectives a fleet is as large as keeps it from being busy all the time.']
      : []),
  ];
  return [
    ...lines.map((line, i) => (i === 0 ? style.dim(` ${line}`) : ` ${line}`)),
    ...notes.map((line) => style.dim(wrapped(` ${line}`, 4))),
  ];
}

function legendText(side: CrossoverSide, lever: LoadLever): string {
  const name = configurationName(side.vary, side.name);
  if (side.isSized) return `${name}, always on, as many as it takes at each load`;
  if (side.alternatives.length === 0) return name;
  const rows = [side.vary, ...side.alternatives];
  const stretches = side.points.flatMap(({ row, load }, i) => {
    const isLast = side.points[i + 1]?.row !== row;
    const to = `${short(load)}${lever === 'traffic' ? 'x' : ' h'}`;
    return isLast ? [`${configurationName(rows[row]!)} up to ${to}`] : [];
  });
  const shown = stretches.slice(0, MOST_STRETCHES).join('; ');
  const more = stretches.length > MOST_STRETCHES ? '; ...' : '';
  return `${name}: the cheapest of ${rows.length} that meets the objectives at each load: ${shown}${more}`;
}

function tableOf(found: CrossoverDocument, layout: readonly PointColumn[]): string[] {
  const { sides, loads, lever } = found;
  const hasRoom = layout.length > 1;
  const ofSide = (side: number) =>
    sides[side]!.isSized && hasRoom ? [layout[0]!, REPLICAS, ...layout.slice(1)] : layout;
  const columns: Column[] = [
    { head: lever === 'traffic' ? 'traffic' : 'h a day' },
    { head: 'requests/s' },
    ...sides.flatMap((_, side) =>
      ofSide(side).map(({ head }, i) => ({ head: i === 0 ? `${markOf(side)} ${head}` : head })),
    ),
  ];
  const rows = shownLoads(found).map((at) => [
    `${short(loads[at]!)}${lever === 'traffic' ? 'x' : ''}`,
    significant(sides[0]!.points[at]!.requestsPerS),
    ...sides.flatMap(({ points }, side) => ofSide(side).map(({ text }) => text(points[at]!))),
  ]);
  return table(columns, rows);
}

/** Some spread over the range, and those next to a crossing. */
function shownLoads({ loads, from, to, crossings }: CrossoverDocument): readonly number[] {
  const spread = Array.from({ length: TABLE_ROWS }, (_, i) =>
    nearestTo(loads, from * (to / from) ** (i / (TABLE_ROWS - 1))),
  );
  const near = crossings.slice(0, TABLE_ROWS).map(({ load }) => nearestTo(loads, load));
  return [...new Set([...spread, ...near])].sort((a, b) => a - b);
}
