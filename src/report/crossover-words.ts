/** A crossover in words: what is cheapest in which stretch of loads, how sure that is, and where a cost is no answer. */
import type {
  Crossing,
  CrossoverDocument,
  IntervalKind,
  OpenInterval,
} from '../study/curves-document.ts';
import { configurationName } from './curve-names.ts';
import { percent, short, significant } from './numbers.ts';

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
  const isOne = crossings.length === 1 && first.below.length + first.above.length === 2;
  const answer = isOne
    ? [
        `Below ${crossingText(found, first)} ${names(first.below)} is cheaper, above it ${names(first.above)}.`,
      ]
    : crossings.length > MOST_TOLD
      ? manyCrossings(found, names)
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
  const intervals =
    crossings.length > MOST_TOLD
      ? manyIntervals(found)
      : crossings.flatMap((crossing) => intervalText(found, crossing));
  return [...jumpText(found), ...answer, ...intervals, here(found), ...breaks];
}

/** More crossings than this are told together: then costs are near each other over a wide range. */
const MOST_TOLD = 3;

function manyCrossings(
  found: CrossoverDocument,
  names: (at: readonly number[]) => string,
): readonly string[] {
  const { crossings, sides, loads } = found;
  const [first, last] = [crossings[0]!, crossings.at(-1)!];
  const apart = [...loads.keys()]
    .filter((i) => loads[i]! >= first.load && loads[i]! <= last.load)
    .map((i) => {
      const costs = sides.map(({ points }) => points[i]!.usdPerHour ?? Infinity);
      const [least = 1, next = 1] = costs.sort((x, y) => x - y);
      return next / least - 1;
    });
  const most = percent(Math.max(0, ...apart));
  const from = loadText(found, first.load);
  const turns = crossings.map(
    (crossing) => `${names(crossing.below)} to ${loadNumber(found, crossing.load)}`,
  );
  return [
    `They cross ${crossings.length} times from ${from} to ${loadText(found, last.load)}, and differ by at most ${most} there. ${outside(cheapestText(names, first.below), cheapestText(names, last.above))}`,
    `In turn, in ${loadUnit(found)}: ${turns.join(', ')}, then ${names(last.above)}.`,
  ];
}

/** Who is cheaper before the first of many crossings and after the last. */
function outside(below: string, above: string): string {
  return below === above
    ? `Below and above that ${below} is cheaper; within it, now one and now the other.`
    : `Below that ${below} is cheaper, above it ${above}.`;
}

/** Costs that step cross at their steps: said before all else, since a finer study may have fewer. */
function jumpText({ crossings, sides }: CrossoverDocument): readonly string[] {
  const jumps = crossings.filter(({ isStep }) => isStep).length;
  const isCoarse = sides.some(({ alternatives }) => alternatives.length > 0);
  if (crossings.length < 2 || jumps === 0 || !isCoarse) return [];
  return [
    `${jumps} of ${crossings.length} crossings are jumps, where the cheapest row that meets the objectives changes: a coarse \`vary\` makes them, a finer one has smaller and fewer.`,
  ];
}

function manyIntervals(found: CrossoverDocument): readonly string[] {
  const known = found.crossings.filter(({ interval }) => interval !== null);
  const steps = found.crossings.length - known.length;
  const none = steps === 0 ? '' : `; ${steps} have none: ${firstWhy(found)}`;
  if (known.length === 0) return [`None has an interval: ${firstWhy(found)}.`];
  const number = (end: number | null, beyond: string) =>
    end === null ? beyond : loadNumber(found, end);
  const texts = known.map(
    ({ load, interval }) =>
      `${loadNumber(found, load)} (${number(interval![0], 'below all')} .. ${number(interval![1], 'above all')})`,
  );
  const of = kindText(known[0]!.intervalKind);
  return [`95 % intervals, of ${of}: ${texts.join(', ')}${none}.`];
}

function firstWhy({ crossings }: CrossoverDocument): string {
  return crossings.find(({ intervalWhy }) => intervalWhy !== null)?.intervalWhy ?? '';
}

function kindText(kind: IntervalKind | null): string {
  return kind === 'traffic' ? 'which traffic came, by blocks of the log' : 'the luck drawn';
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
  const text = `${loadNumber(found, load)} ${loadUnit(found)}`;
  const isRate = found.lever === 'traffic' && unitOf(found) !== null;
  return isRate ? `${text} (${short(load)}x)` : text;
}

function loadNumber(found: CrossoverDocument, load: number): string {
  const unit = unitOf(found);
  const perS = perSecondAt(found, load);
  return unit === null || perS === null ? short(load) : significant(perS * unit[1]);
}

function loadUnit(found: CrossoverDocument): string {
  if (found.lever === 'hoursPerDay') return 'h a day';
  const unit = unitOf(found);
  return unit === null ? "times the study's traffic" : `requests/${unit[0]}`;
}

/** One for the whole curve: that in which its middle reads well; null where it is no rate. */
function unitOf(found: CrossoverDocument): (typeof UNITS)[number] | null {
  const middle = perSecondAt(found, Math.sqrt(found.from * found.to));
  if (found.lever === 'hoursPerDay' || middle === null) return null;
  return UNITS.find(([, size]) => middle * size >= 0.1) ?? UNITS.at(-1)!;
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

/** The index of the load that was run nearest to one. */
export function nearestTo(loads: readonly number[], load: number): number {
  const distance = (i: number) => Math.abs(Math.log(loads[i]! / load));
  return [...loads.keys()].reduce((best, i) => (distance(i) < distance(best) ? i : best), 0);
}

function intervalText(found: CrossoverDocument, crossing: Crossing): readonly string[] {
  const { interval, intervalKind, intervalWhy, load } = crossing;
  const at = loadText(found, load);
  if (interval === null) return [`No interval at ${at}: ${intervalWhy}.`];
  return [`95 % interval at ${at}: ${openText(found, interval)}, of ${kindText(intervalKind)}.`];
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
