/**
 * Which configuration is cheapest under which load, and where that changes. Costs are compared on the same traffic and luck at
 * every load; each change that a coarse grid shows is narrowed by halving (root.ts), since a cost has steps, plateaus and
 * noise. A crossing's interval comes from the paired differences around it (root-interval.ts).
 */
import { assert } from '../base/errors.ts';
import type {
  Crossing,
  CrossoverDocument,
  IntervalKind,
  LoadLever,
  LoadPoint,
  Margin,
  NoCurve,
} from './curves-document.ts';
import type { Figure } from './document.ts';
import type { Laboratory } from './laboratory.ts';
import { LoadSides, loadPointOf, type Side, type SideRun } from './load-sides.ts';
import { observing, whyNoInterval } from './observed.ts';
import { differenceOf } from './paired.ts';
import { type Change, changesOf, logGrid, zeroBetween } from './root.ts';
import { rootInterval, type Sample } from './root-interval.ts';
import type { LoadedStudy } from './study.ts';
import type { Outcome } from './task.ts';

export interface CrossoverOptions {
  readonly lever?: LoadLever;
  /** In the lever's unit; by default 0.1 to 10 times the traffic, 1 to 24 hours a day. */
  readonly from?: number;
  readonly to?: number;
  /** Loads tried before anything is narrowed. Default 21. */
  readonly points?: number;
  /** How near, as a share, crossings are found. Default 1 %. */
  readonly resolution?: number;
}

const RANGES: Readonly<Record<LoadLever, { readonly from: number; readonly to: number }>> = {
  traffic: { from: 0.1, to: 10 },
  hoursPerDay: { from: 1, to: 24 },
};
const POINTS = 21;
const RESOLUTION = 0.01;
/** Costs this near, as a share, are the same: they are sums of doubles. */
const SAME = 1e-9;
const COST = 'cost.usdPerHour';

/** @param sides two or more, on the study's own traffic */
export async function crossover(
  laboratory: Laboratory,
  sides: readonly Side[],
  options: CrossoverOptions = {},
): Promise<CrossoverDocument | NoCurve> {
  const { lever = 'traffic', points = POINTS, resolution = RESOLUTION } = options;
  const { from, to } = { ...RANGES[lever], ...options };
  if (sides.length < 2) return { why: 'it takes two configurations for one to become cheaper' };
  const runs = new LoadSides(laboratory, sides, lever, observing(laboratory.loaded));
  const why = runs.why();
  if (why !== null) return { why };
  const cheapestAt = async (loads: readonly number[]) => (await runs.at(loads)).map(cheapestOf);
  const grid = logGrid(from, to, points);
  const [first] = await runs.at(grid);
  runs.keepTaken();
  if (first!.some(({ outcome }) => usdOf(outcome) === null)) {
    return { why: 'a configuration has no price' };
  }
  const changes = await changesOf(grid, cheapestAt, {
    resolution,
    isSame: (a, b) => String(a) === String(b),
  });
  const crossings: Crossing[] = [];
  const searched = { runs, resolution, loaded: laboratory.loaded };
  for (const change of changes) crossings.push(await crossingOf(searched, change));
  // What intervals were looked for at has become part of the curves, too.
  const curves = sides.map((_, side) => runs.runsOf(side).map(loadPointOf));
  const loads = curves[0]!.map(({ load }) => load);
  return {
    schema: 'coldfront.crossover.v1',
    lever,
    from,
    to,
    resolution,
    loads,
    sides: sides.map(({ name = null, overrides, alternatives = [], isSized = false }, side) => ({
      name,
      vary: overrides,
      alternatives,
      isSized,
      points: curves[side]!,
    })),
    crossings,
    ...marginsOf(curves),
  };
}

interface Searched {
  readonly runs: LoadSides;
  readonly resolution: number;
  readonly loaded: LoadedStudy;
}

function usdOf({ result }: Outcome): number | null {
  return result.cost?.usdPerHour ?? null;
}

/** By index, several that cost the same. */
function cheapestOf(runs: readonly SideRun[]): readonly number[] {
  const usd = runs.map(({ outcome }) => usdOf(outcome) ?? Number.POSITIVE_INFINITY);
  const least = Math.min(...usd);
  return [...usd.keys()].filter((side) => usd[side]! <= least * (1 + SAME) || usd[side] === least);
}

async function crossingOf(
  { runs, resolution, loaded }: Searched,
  { low, high, below, above }: Change<readonly number[]>,
): Promise<Crossing> {
  // Of several that cost the same, the one that is no longer among the cheapest, and the one that becomes it.
  const from = below.find((side) => !above.includes(side)) ?? below[0]!;
  const to = above.find((side) => !below.includes(side)) ?? above.find((side) => side !== from)!;
  const [lowRuns, highRuns] = await runs.at([low, high]);
  const lowGap = gapOf(lowRuns!, from, to);
  const highGap = gapOf(highRuns!, from, to);
  const isPlateau = below.length > 1 || above.length > 1;
  const isStep = [from, to].some((side) => {
    const [there, here] = [lowRuns![side]!, highRuns![side]!];
    return there.replicas !== here.replicas || there.row !== here.row;
  });
  const load =
    isPlateau || isStep
      ? Math.sqrt(low * high)
      : zeroBetween({ at: low, value: lowGap.value }, { at: high, value: highGap.value });
  const why = isPlateau
    ? 'they cost the same on one side of it'
    : isStep
      ? 'a side takes another number of replicas or configuration here: at which load, objectives decide'
      : lowGap.kind === null || highGap.kind === null
        ? (whyNoInterval(lowRuns![from]!.outcome.result, loaded) ?? 'nothing is drawn')
        : null;
  const interval =
    why !== null
      ? null
      : await rootInterval({
          root: load,
          known: runs.runsOf(from).map((run) => run.load),
          samplesAt: async (loads) => (await runs.at(loads)).map((at) => gapOf(at, from, to)),
          resolution,
        });
  const isNearLow = load * load < low * high;
  const at = (isNearLow ? lowRuns! : highRuns!).map(loadPointOf);
  const { requestsPerS, load: nearest } = at[0]!;
  const rate = (end: Figure) =>
    end === null || requestsPerS === null ? null : (end / nearest) * requestsPerS;
  return {
    load,
    interval,
    intervalKind: interval === null ? null : lowGap.kind,
    intervalWhy: why,
    requestsPerS: rate(load),
    requestsPerSInterval: interval && [rate(interval[0]), rate(interval[1])],
    below,
    above,
    at,
    isStep,
  };
}

/** How much dearer the side that is cheaper below a crossing is than the one that is cheaper above it. */
interface Gap extends Sample {
  /** null: no interval but the value itself. */
  readonly kind: IntervalKind | null;
}

function gapOf(runs: readonly SideRun[], below: number, above: number): Gap {
  const [base, row] = [runs[above]!, runs[below]!];
  const { value, ci95, ci95Traffic } = differenceOf(base.outcome, row.outcome, COST);
  assert(value !== null, 'both sides have a price');
  const interval = ci95Traffic ?? ci95;
  return {
    at: base.load,
    value,
    interval: interval ?? [value, value],
    kind: interval === null ? null : ci95Traffic === null ? 'luck' : 'traffic',
  };
}

/** Where one side is the cheapest throughout: how near the others come. */
function marginsOf(
  curves: readonly (readonly LoadPoint[])[],
): Pick<CrossoverDocument, 'cheapest' | 'margins'> {
  const usd = curves.map((points) => points.map(({ usdPerHour }) => usdPerHour ?? 0));
  const least = usd[0]!.map((_, at) => Math.min(...usd.map((costs) => costs[at]!)));
  const always = [...usd.keys()].filter((side) =>
    usd[side]!.every((cost, at) => cost <= least[at]! * (1 + SAME)),
  );
  const [cheapest] = always;
  if (cheapest === undefined || always.length > 1) return { cheapest: null, margins: [] };
  const margins = usd.flatMap((costs, side): Margin[] => {
    if (side === cheapest) return [];
    const dearer = costs.map((cost, at) => cost / least[at]! - 1);
    const nearest = Math.min(...dearer);
    return [{ side, least: nearest, atLoad: curves[side]![dearer.indexOf(nearest)]!.load }];
  });
  return { cheapest, margins: margins.sort((a, b) => a.least - b.least) };
}
