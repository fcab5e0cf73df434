/** Which configuration is cheaper at which load: a sentence, the curve, and its figures. */
import type {
  Crossing,
  CrossoverDocument,
  CrossoverSide,
  LoadPoint,
  NoCurve,
  OpenInterval,
} from '../study/curves-document.ts';
import { configurationName, markOf } from './curve-names.ts';
import { dollarsBare, NOTHING, percent, percentBare, short, significant } from './numbers.ts';
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

/** The answer in words: what is cheapest in which stretch of loads, and how sure that is. */
export function crossoverSentences(found: CrossoverDocument): readonly string[] {
  const { crossings, cheapest, margins, sides } = found;
  const name = (side: number) => configurationName(sides[side]!.vary, sides[side]!.name);
  const names = (at: readonly number[]) => at.map(name).join(' and ');
  const range = `${loadText(found, found.from)} .. ${loadText(found, found.to)}`;
  const breaks = sides.flatMap((_, side) => breakText(found, side, name(side)));
  const [first] = crossings;
  if (first === undefined) {
    if (cheapest === null)
      return [`All cost the same at every load looked at (${range}).`, ...breaks];
    const dearer = margins.map(
      ({ side, least, atLoad }) =>
        `${name(side)} costs at least ${percent(least)} more (so near at ${loadText(found, atLoad)})`,
    );
    return [
      `Never within ${range}: ${name(cheapest)} is always the cheapest; ${dearer.join('; ')}.`,
      ...breaks,
    ];
  }
  const lines =
    crossings.length === 1 && first.below.length + first.above.length === 2
      ? [
          `Below ${crossingText(found, first)} ${names(first.below)} is cheaper, above it ${names(first.above)}.`,
        ]
      : [
          `Up to ${crossingText(found, first)}: ${cheapestText(names, first.below)}.`,
          ...crossings.map((crossing, i) => {
            const next = crossings[i + 1];
            const who = cheapestText(names, crossing.above);
            return next === undefined
              ? `Above: ${who}.`
              : `Then, up to ${crossingText(found, next)}: ${who}.`;
          }),
        ];
  return [
    ...lines,
    ...crossings.flatMap((crossing) => intervalText(found, crossing)),
    here(found),
    ...breaks,
  ];
}

function cheapestText(names: (at: readonly number[]) => string, at: readonly number[]): string {
  return at.length > 1 ? `${names(at)} cost the same` : names(at);
}

/** `0.80 requests/s (utilization 41 %, 9.6 h of work a day)`: of the side that is cheaper above. */
function crossingText(found: CrossoverDocument, crossing: Crossing): string {
  const { utilization, busyHoursPerDay } = crossing.at[crossing.above[0]!]!;
  const work = [
    ...(utilization === null ? [] : [`utilization ${percent(utilization)}`]),
    ...(busyHoursPerDay === null ? [] : [`${short(busyHoursPerDay)} h of work a day`]),
  ].join(', ');
  const step = crossing.isStep ? ', where one takes another number of replicas' : '';
  return `${loadText(found, crossing.load)} (${work}${step})`;
}

/** Traffic as a rate, with the multiple of the study's; hours as they are. */
function loadText(found: CrossoverDocument, load: number): string {
  if (found.lever === 'hoursPerDay') return `${short(load)} h a day`;
  const times = `${short(load)}x`;
  const perS = perSecondAt(found, load);
  const middle = perSecondAt(found, Math.sqrt(found.from * found.to));
  if (perS === null || middle === null) return times;
  // One unit for the whole curve: that in which its middle reads well.
  const [unit, size] = UNITS.find(([, s]) => middle * s >= 0.1) ?? UNITS.at(-1)!;
  return `${significant(perS * size)} requests/${unit} (${times})`;
}

const UNITS = [
  ['s', 1],
  ['min', 60],
  ['h', 3600],
] as const;

function perSecondAt({ sides, loads }: CrossoverDocument, load: number): number | null {
  const { requestsPerS, load: at } = sides[0]!.points[nearestTo(loads, load)]!;
  return requestsPerS === null ? null : (requestsPerS / at) * load;
}

function nearestTo(loads: readonly number[], load: number): number {
  const distance = (i: number) => Math.abs(Math.log(loads[i]! / load));
  return [...loads.keys()].reduce((best, i) => (distance(i) < distance(best) ? i : best), 0);
}

function intervalText(found: CrossoverDocument, crossing: Crossing): readonly string[] {
  const { interval, intervalKind, intervalWhy, load } = crossing;
  const at = loadText(found, load);
  if (interval === null) return [`No interval at ${at}: ${intervalWhy}.`];
  const what =
    intervalKind === 'traffic' ? 'which traffic came, by blocks of the log' : 'the luck drawn';
  return [`95 % interval at ${at}: ${openText(found, interval)}, of ${what}.`];
}

function openText(found: CrossoverDocument, [low, high]: OpenInterval): string {
  const from = low === null ? `below ${loadText(found, found.from)}` : loadText(found, low);
  const to = high === null ? `above ${loadText(found, found.to)}` : loadText(found, high);
  return `${from} .. ${to}`;
}

/** Where the study itself stands. */
function here(found: CrossoverDocument): string {
  const load = found.lever === 'traffic' ? 1 : 24;
  const last = found.crossings.findLast((crossing) => crossing.load <= load);
  const cheapest = last?.above ?? found.crossings[0]!.below;
  const names = cheapest.map((side) =>
    configurationName(found.sides[side]!.vary, found.sides[side]!.name),
  );
  const says = names.length > 1 ? 'cost the same' : 'is cheaper';
  return `At the study's own ${loadText(found, load)} ${names.join(' and ')} ${says}.`;
}

/** A cost is no answer where the objectives break. */
function breakText(found: CrossoverDocument, side: number, name: string): readonly string[] {
  const { points } = found.sides[side]!;
  const broken = points.filter(({ met }) => met === false);
  if (broken.length === 0) return [];
  if (broken.length === points.length) return [`${name} breaks an objective at every load.`];
  const first = points.findIndex(({ met }) => met === false);
  const last = points.findLastIndex(({ met }) => met === false);
  const isWhole = last - first + 1 === broken.length;
  if (!isWhole)
    return [`${name} breaks an objective at ${broken.length} of ${points.length} loads.`];
  const [from, to] = [loadText(found, points[first]!.load), loadText(found, points[last]!.load)];
  if (first === 0) return [`${name} breaks an objective up to ${to}.`];
  const on = last === points.length - 1 ? 'on' : `to ${to}`;
  return [`${name} breaks an objective from ${from} ${on}.`];
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
    ...sides.map((side, i) => `${markOf(i)}  ${legendText(side)}`),
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

function legendText(side: CrossoverSide): string {
  const name = configurationName(side.vary, side.name);
  if (side.isSized) return `${name}, always on, as many as it takes at each load`;
  if (side.alternatives.length === 0) return name;
  const rows = [side.vary, ...side.alternatives];
  const stretches = side.points.flatMap(({ row, load }, i) => {
    const isLast = side.points[i + 1]?.row !== row;
    return isLast ? [`${configurationName(rows[row]!)} up to ${short(load)}x`] : [];
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
