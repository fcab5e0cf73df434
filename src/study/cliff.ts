/**
 * The load time from a tenth to ten times what it is: where objectives break, which configuration is the cheapest that meets
 * them at each, and what a second less is worth: with the same configuration, and where it lets a cheaper one do.
 */
import type {
  CliffBreak,
  CliffDocument,
  CliffPoint,
  CliffStretch,
  NoCurve,
  OpenInterval,
} from './curves-document.ts';
import type { Interval, Result, Varied } from './document.ts';
import { interval95 } from './estimate.ts';
import type { Laboratory, Trial } from './laboratory.ts';
import { type Lifted, liftedRows, meanLoadS, phaseTurned, turned } from './levers.ts';
import { intervalKindOf, observing, whyNoInterval } from './observed.ts';
import { differenceOf } from './paired.ts';
import { changesOf, logGrid } from './root.ts';
import { compare, type Objective } from './slo.ts';
import type { Outcome } from './task.ts';
import { shareFigure } from './traffic-blocks.ts';

export interface CliffOptions {
  /** One phase of the start alone. */
  readonly phase?: string | null;
  /** In times of what it is. Default 0.1 to 10. */
  readonly from?: number;
  readonly to?: number;
  /** Load times tried before anything is narrowed. Default 17. */
  readonly points?: number;
  /** How near, as a share, breaks are found. Default 1 %. */
  readonly resolution?: number;
}

const FROM = 0.1;
const TO = 10;
const POINTS = 17;
const RESOLUTION = 0.01;
const MONTH = 'cost.usdPerMonth';

/** Whether the objectives hold, as far as the intervals of what they compare can tell. */
type Verdict = 'holds' | 'unsure' | 'breaks';

/** All that was run at one load time. */
interface Looked {
  /** Of today's load time. */
  readonly factor: number;
  readonly own: Outcome;
  readonly met: boolean;
  readonly verdict: Verdict;
  /** Of the cheapest that meets the objectives. */
  readonly cheapest: { readonly row: number; readonly outcome: Outcome } | null;
}

/**
 * @param rows overrides of the configurations that may be recommended
 * @param recommended the one that is, by its place among them
 */
export async function cliff(
  laboratory: Laboratory,
  rows: readonly Varied[],
  recommended: number,
  options: CliffOptions = {},
): Promise<CliffDocument | NoCurve> {
  const { phase = null, from = FROM, to = TO } = options;
  const { points = POINTS, resolution = RESOLUTION } = options;
  const { objectives } = laboratory.loaded;
  const lifted = liftedRows(laboratory, rows);
  if (typeof lifted === 'string') return { why: lifted };
  const own = turnedTo(lifted[recommended]!, phase, 2);
  if (typeof own === 'string') return { why: own };
  const loadS = meanLoadS(lifted[recommended]!.compiled, phase);
  if (loadS === 0)
    return { why: 'a shared link decides how long starts take: there is no one load time' };

  const how = observing(laboratory.loaded);
  const trialOf = (row: number, factor: number): Trial => {
    const overrides = turnedTo(lifted[row]!, phase, factor);
    return {
      // A row that never starts a replica, or not through this phase, stays as it is.
      overrides: typeof overrides === 'string' ? rows[row]! : overrides,
      ...(row === recommended && { how }),
    };
  };
  // All rows are tried on the grid; between its points those that are the cheapest anywhere on it.
  let tried: readonly number[] = [recommended, ...rows.keys()];
  const known = new Map<number, Looked>();
  const lookAt = async (factors: readonly number[]): Promise<readonly Looked[]> => {
    const asked = factors.flatMap((factor) => tried.map((row) => ({ row, factor })));
    const outcomes = await laboratory.run(asked.map(({ row, factor }) => trialOf(row, factor)));
    return factors.map((factor, i) => {
      const here = outcomes.slice(i * tried.length, (i + 1) * tried.length);
      const looked = lookedOf(factor, tried, here, objectives);
      known.set(factor, looked);
      return looked;
    });
  };

  const grid = [...new Set([...logGrid(from, to, points), 1])].sort((a, b) => a - b);
  const first = await lookAt(grid);
  tried = [...new Set([recommended, ...first.flatMap(({ cheapest }) => cheapest?.row ?? [])])];
  await changesOf(grid, lookAt, {
    resolution,
    isSame: (a, b) =>
      a.cheapest?.row === b.cheapest?.row && a.met === b.met && a.verdict === b.verdict,
  });
  const all = [...known.values()].sort((a, b) => a.factor - b.factor);
  const today = known.get(1)!.own;
  const { result } = today;
  const intervalWhy = whyNoInterval(result, laboratory.loaded);
  const stretches = objectives.length === 0 ? [] : stretchesOf(all, loadS);
  return {
    schema: 'coldfront.cliff.v1',
    phase,
    loadS,
    resolution,
    rows: rows.map((vary) => ({ vary })),
    recommended,
    points: all.map(({ factor, own, cheapest }) => ({
      loadS: factor * loadS,
      recommended: pointOf(own.result),
      cheapest: cheapest && { row: cheapest.row, ...pointOf(cheapest.outcome.result) },
    })),
    breaks: objectives.length === 0 ? [] : breaksOf(all, recommended, { loadS, intervalWhy }),
    stretches,
    secondSaved: await secondSaved(),
    cheaperRows: cheaperRowsOf(stretches, all, { recommended, loadS, today: result }),
    intervalKind: intervalKindOf(result),
    intervalWhy,
  };

  /** A second less, half of what is shorter than two. */
  async function secondSaved(): Promise<CliffDocument['secondSaved']> {
    const toS = loadS >= 2 ? loadS - 1 : loadS / 2;
    const [after] = await laboratory.run([trialOf(recommended, toS / loadS)]);
    const { value, ci95, ci95Traffic } = differenceOf(after!, today, MONTH);
    if (value === null) return null;
    const savedS = loadS - toS;
    const interval = ci95Traffic ?? ci95;
    return {
      fromS: loadS,
      toS,
      usdPerMonth: value / savedS,
      ci95UsdPerMonth: interval && [interval[0] / savedS, interval[1] / savedS],
      p99S: differenceOf(after!, today, 'latencyS.p99').value,
    };
  }
}

function turnedTo(lifted: Lifted, phase: string | null, factor: number): Varied | string {
  return phase === null ? turned(lifted, 'load', factor) : phaseTurned(lifted, phase, factor);
}

/** @param rows the recommended one first: among equals it is the cheapest */
function lookedOf(
  factor: number,
  rows: readonly number[],
  outcomes: readonly Outcome[],
  objectives: readonly Objective[],
): Looked {
  const own = outcomes[0]!;
  const usdOf = ({ result }: Outcome) => result.cost?.usdPerHour ?? Infinity;
  let cheapest: Looked['cheapest'] = null;
  for (const [i, outcome] of outcomes.entries()) {
    if (outcome.result.slo?.met === false) continue;
    if (cheapest === null || usdOf(outcome) < usdOf(cheapest.outcome)) {
      cheapest = { row: rows[i]!, outcome };
    }
  }
  return {
    factor,
    own,
    met: own.result.slo?.met !== false,
    verdict: verdictOf(objectives, own),
    cheapest,
  };
}

/** By the far ends of the intervals of the traffic or, where nothing is replayed, of the luck. */
function verdictOf(objectives: readonly Objective[], { result, perReplication }: Outcome): Verdict {
  const verdicts = objectives.map((objective, i): Verdict => {
    const { value, share } = result.slo!.objectives[i]!;
    const all = objective.kind === 'share' ? share : value;
    if (all === null) return 'breaks';
    const interval =
      result.ci95Traffic?.[shareFigure(i)] ?? interval95({ all, each: perReplication[i]! });
    const ends: Interval = interval ?? [all, all];
    const held = ends.map((end) => holdsAt(objective, end));
    return held.every((holds) => holds)
      ? 'holds'
      : held.some((holds) => holds)
        ? 'unsure'
        : 'breaks';
  });
  if (verdicts.includes('breaks')) return 'breaks';
  return verdicts.includes('unsure') ? 'unsure' : 'holds';
}

function holdsAt(objective: Objective, value: number): boolean {
  if (objective.kind !== 'share') return compare(value, objective.comparison, objective.value);
  const { numerator, denominator } = objective.needed;
  const needed = Number(numerator) / Number(denominator);
  return objective.above ? value > needed : value >= needed;
}

function pointOf({ cost, latencyS, coldStarts, slo }: Result): CliffPoint {
  return {
    usdPerHour: cost?.usdPerHour ?? null,
    usdPerMonth: cost?.usdPerMonth ?? null,
    p99S: latencyS.p99,
    coldFraction: coldStarts.fraction,
    met: slo?.met ?? null,
    failed: slo?.failed ?? [],
  };
}

function breaksOf(
  points: readonly Looked[],
  row: number,
  { loadS, intervalWhy }: { readonly loadS: number; readonly intervalWhy: string | null },
): readonly CliffBreak[] {
  return points.slice(1).flatMap((above, i) => {
    const below = points[i]!;
    if (below.met === above.met) return [];
    const breaksAbove = below.met;
    const { result } = (breaksAbove ? above : below).own;
    return {
      row,
      loadS: Math.sqrt(below.factor * above.factor) * loadS,
      interval: intervalWhy === null ? intervalAround(points, i, breaksAbove, loadS) : null,
      intervalWhy,
      breaksAbove,
      objectives: result.slo?.failed ?? [],
    };
  });
}

/** From the last point below that surely holds (or breaks) to the first above that surely does not. */
function intervalAround(
  points: readonly Looked[],
  i: number,
  breaksAbove: boolean,
  loadS: number,
): OpenInterval {
  const [sureBelow, sureAbove] = breaksAbove ? ['holds', 'breaks'] : ['breaks', 'holds'];
  const low = points.slice(0, i + 1).findLast(({ verdict }) => verdict === sureBelow);
  const high = points.slice(i + 1).find(({ verdict }) => verdict === sureAbove);
  const secondsAt = (point: Looked | undefined) => (point ? point.factor * loadS : null);
  return [secondsAt(low), secondsAt(high)];
}

/** Ends are half way, on the logarithm, between the points that differ. */
function stretchesOf(points: readonly Looked[], loadS: number): readonly CliffStretch[] {
  const stretches: CliffStretch[] = [];
  let fromS = points[0]!.factor * loadS;
  for (const [i, { factor, cheapest }] of points.entries()) {
    const row = cheapest?.row ?? null;
    const next = points[i + 1];
    if (next !== undefined && (next.cheapest?.row ?? null) === row) continue;
    const toS = (next === undefined ? factor : Math.sqrt(factor * next.factor)) * loadS;
    stretches.push({ fromS, toS, row });
    fromS = toS;
  }
  return stretches;
}

/** Where a shorter load time lets another row be the cheapest: the longest such time, and what that saves. */
function cheaperRowsOf(
  stretches: readonly CliffStretch[],
  points: readonly Looked[],
  now: { readonly recommended: number; readonly loadS: number; readonly today: Result },
): CliffDocument['cheaperRows'] {
  const { recommended, loadS } = now;
  const today = now.today.cost?.usdPerMonth ?? null;
  return stretches
    .filter(({ toS, row }) => toS < loadS && row !== null && row !== recommended)
    .map(({ toS }) => {
      const { factor, cheapest } = points.findLast((point) => point.factor * loadS <= toS)!;
      const usdPerMonth = cheapest!.outcome.result.cost?.usdPerMonth ?? null;
      const saved = today === null || usdPerMonth === null ? null : today - usdPerMonth;
      return {
        loadS: factor * loadS,
        row: cheapest!.row,
        usdPerMonth,
        savedUsdPerMonth: saved,
        savedUsdPerMonthPerSecond: saved === null ? null : saved / (loadS - factor * loadS),
      };
    })
    .reverse();
}
