/** The load time: where objectives break, what is the cheapest there, and what a second less is worth. */
import type { CliffBreak, CliffDocument, CliffPoint, NoCurve } from '../study/curves-document.ts';
import { configurationName, markOf } from './curve-names.ts';
import { chosenSeconds, dollars, dollarsBare, seconds, significant } from './numbers.ts';
import { type Point, scatter } from './scatter.ts';
import { PLAIN, type Style, wrapped } from './text.ts';

const HEIGHT = 12;
const WIDTH = 64;
const MOST_BREAKS = 4;
const MOST_CHEAPER = 3;

export function cliffScreen(found: CliffDocument | NoCurve, style: Style = PLAIN): string {
  const title = style.bold('Cliff');
  if ('why' in found) return wrapped(`${title}   none was looked for: ${found.why}`, 2);
  return [
    title,
    ...cliffSentences(found).map((line) => wrapped(`  ${line}`, 2)),
    '',
    ...curve(found),
    ...legend(found).map((line) => style.dim(wrapped(` ${line}`, 4))),
  ].join('\n');
}

/** Where it breaks, how far that is from today, and what a second less is worth. */
export function cliffSentences(found: CliffDocument): readonly string[] {
  const { breaks, loadS, recommended, stretches, phase } = found;
  const what = phase === null ? 'load time' : `phase ${phase}`;
  const name = (row: number) => configurationName(found.rows[row]!.vary);
  const first = found.points[0]!.loadS;
  const last = found.points.at(-1)!.loadS;
  const range = `${chosenSeconds(first)} .. ${chosenSeconds(last)}`;
  const held = found.points.every((point) => point.recommended.met !== false);
  const kept =
    stretches.length === 0
      ? `There are no objectives to break: the cost of ${name(recommended)} over a ${what} of ${range}.`
      : held
        ? `${name(recommended)} meets the objectives at every ${what} from ${range}; today's is ${seconds(loadS)}.`
        : `${name(recommended)} meets them at no ${what} from ${range}; today's is ${seconds(loadS)}.`;
  const broken = breaks.slice(0, MOST_BREAKS).map((one) => breakText(found, one, what));
  return [
    ...(breaks.length === 0 ? [kept] : broken),
    ...worth(found, name),
    ...beyond(found, name),
  ];
}

function breakText(found: CliffDocument, one: CliffBreak, what: string): string {
  const name = configurationName(found.rows[one.row]!.vary);
  const times = `${significant(one.loadS / found.loadS)} times today's ${seconds(found.loadS)}`;
  const objectives = one.objectives.join(' and ');
  const where = `a ${what} of ${seconds(one.loadS)} (${times})`;
  const said = one.breaksAbove
    ? `${name} breaks ${objectives} from ${where} on`
    : `${name} breaks ${objectives} below ${where}`;
  if (one.interval === null) return `${said}. No interval: ${one.intervalWhy}.`;
  const [low, high] = one.interval;
  const from = low === null ? 'before what was looked at' : seconds(low);
  const to = high === null ? 'beyond what was looked at' : seconds(high);
  const of = found.intervalKind === 'traffic' ? 'which traffic came' : 'the luck drawn';
  return `${said}; 95 % interval ${from} .. ${to}, of ${of}.`;
}

function worth(found: CliffDocument, name: (row: number) => string): readonly string[] {
  const { secondSaved, cheaperRows, recommended } = found;
  const saved = secondSaved?.usdPerMonth ?? null;
  const lines: string[] = [];
  if (secondSaved !== null && saved !== null) {
    const ends = secondSaved.ci95UsdPerMonth;
    const sure = ends === null ? '' : ` (95 %: ${dollars(ends[0])} .. ${dollars(ends[1])})`;
    const p99 = (secondSaved.p99S ?? 0) > 0 ? `, and p99 ${seconds(secondSaved.p99S)} shorter` : '';
    lines.push(
      `A second less is worth ${dollars(saved)}/month${sure} with ${name(recommended)} as it is${p99}.`,
    );
  }
  for (const { loadS, row, savedUsdPerMonth, savedUsdPerMonthPerSecond } of cheaperRows.slice(
    0,
    MOST_CHEAPER,
  )) {
    lines.push(
      `At ${seconds(loadS)} ${name(row)} will do: ${dollars(savedUsdPerMonth)}/month less, ${dollars(savedUsdPerMonthPerSecond)}/month a second saved.`,
    );
  }
  return lines;
}

/** What longer load times ask for. */
function beyond(found: CliffDocument, name: (row: number) => string): readonly string[] {
  const { stretches, loadS, recommended } = found;
  return stretches
    .filter(({ fromS, row }) => fromS > loadS && row !== recommended)
    .slice(0, MOST_CHEAPER)
    .map(({ fromS, toS, row }) =>
      row === null
        ? `From ${seconds(fromS)} to ${seconds(toS)} no configuration meets the objectives.`
        : `From ${seconds(fromS)} to ${seconds(toS)} the cheapest that meets them is ${name(row)}.`,
    );
}

/** The cost a month of the cheapest that meets the objectives, a letter a row; `x` the recommended one where it breaks them. */
function curve(found: CliffDocument): string[] {
  const { points, breaks } = found;
  const order = cheapestRows(found);
  const at = (loadS: number, { usdPerMonth }: CliffPoint, mark: string): Point => ({
    x: Math.log10(loadS),
    y: usdPerMonth ?? Number.NaN,
    mark,
  });
  const marks = points.flatMap(({ loadS, recommended, cheapest }) => [
    ...(recommended.met === false ? [at(loadS, recommended, 'x')] : []),
    ...(cheapest === null ? [] : [at(loadS, cheapest, markOf(order.indexOf(cheapest.row)))]),
  ]);
  const edges = breaks.map(({ loadS }) => {
    const near = points.reduce((best, point) =>
      Math.abs(point.loadS - loadS) < Math.abs(best.loadS - loadS) ? point : best,
    );
    return at(loadS, near.recommended, '|');
  });
  return scatter([...marks, ...edges], {
    title: '$/month of the cheapest within the objectives',
    xLabel: found.phase === null ? 'load time' : `phase ${found.phase}`,
    width: WIDTH,
    height: HEIGHT,
    line: null,
    formatX: (x) => chosenSeconds(10 ** x),
    formatY: (usd) => dollarsBare(usd),
  });
}

/** The rows that are the cheapest anywhere, in the order of the load time. */
function cheapestRows({ points }: CliffDocument): readonly number[] {
  return [...new Set(points.flatMap(({ cheapest }) => cheapest?.row ?? []))];
}

function legend(found: CliffDocument): readonly string[] {
  const rows = cheapestRows(found).map(
    (row, i) => `${markOf(i)}  ${configurationName(found.rows[row]!.vary)}`,
  );
  return [
    ...rows,
    ...(found.breaks.length > 0
      ? ['|  where the recommended one breaks an objective, x  beyond']
      : []),
  ];
}
