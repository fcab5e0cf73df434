/** The cheapest configuration that meets the objectives, found without running them all; how sure that is; and its headroom. */
import { counted, grouped } from '../../base/counts.ts';
import type { Result } from '../document.ts';
import { endsOf } from '../grid-ends.ts';
import { type HeadroomFound, headroomOf } from '../headroom.ts';
import type { Laboratory } from '../laboratory.ts';
import type { Headroom, OptimizeDocument, Refused } from '../optimize-document.ts';
import type { Known } from './known.ts';
import { keepsNoLess, type Place } from './order.ts';
import { isRoomier } from './roomier.ts';
import { type Ending, Search, type SearchProgress, TOLERANCE } from './search.ts';
import { spaceOf } from './space.ts';

export interface OptimizeOptions {
  /** Full-run equivalents of search and confirmation; Infinity for as many as it takes. */
  readonly budget?: number;
  /** Whether the time is up: looked at between runs. */
  readonly isLate?: () => boolean;
  readonly hasHeadroom?: boolean;
  /** Ends the search with what is known; the laboratory's own. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SearchProgress) => void;
}

const MOST_RUNNERS_UP = 3;
const MOST_REFUSED = 6;
/** Refused ones that differ from the answer in the same keys and directions. */
const MOST_ALIKE = 2;

/**
 * @returns what was found, with `certain: false` where budget, time or the signal ended the search
 * @throws UserError where the traffic does not fit the study
 */
export async function optimize(
  laboratory: Laboratory,
  { budget = Number.POSITIVE_INFINITY, isLate = () => false, ...options }: OptimizeOptions = {},
): Promise<OptimizeDocument> {
  const { signal, hasHeadroom = true, onProgress = () => {} } = options;
  const { loaded } = laboratory;
  const search = new Search(laboratory, await spaceOf(laboratory), { budget, isLate, onProgress });
  const ending = await untilStopped(() => search.run(), signal);
  const { best, known } = search;
  const isDrawn = known.some(({ candidate }) => candidate.isDrawn);
  const isConfirmed = best === null || search.isConfirmed;
  const certain = ending === 'nothing left' && isConfirmed;
  const runnersUp = best === null ? [] : runnersUpOf(search, best);
  const headroom: Headroom[] = [];
  let headroomRuns = 0;
  if (hasHeadroom && best !== null && loaded.objectives.length > 0) {
    const dearest = search.costOf(best)! * (1 + TOLERANCE);
    const near = runnersUp.filter((one, i) => i === 0 || search.costOf(one)! <= dearest);
    for (const one of [best, ...near]) {
      const found: HeadroomFound | 'stopped' = await untilStopped(
        () =>
          headroomOf(laboratory, one.candidate.point.overrides, () =>
            onProgress({ ...progressOf(search), phase: 'headroom' }),
          ),
        signal,
      );
      if (found === 'stopped') break;
      headroom.push(found.headroom);
      headroomRuns += found.runs;
    }
  }
  const { work } = search;
  const current = loaded.current === null ? null : known[loaded.current]!;
  return {
    schema: 'coldfront.optimize.v1',
    name: loaded.name,
    best: best && resultOf(best),
    runnersUp: runnersUp.map(resultOf),
    refused: refusedOf(search, best),
    nearest: best === null ? nearestOf(known) : null,
    current: current && asShown(search, current, best === null ? [] : [best, ...runnersUp]),
    runs: rounded(work.search + work.confirmation),
    work: {
      search: rounded(work.search),
      confirmation: rounded(work.confirmation),
      headroom: headroomRuns,
    },
    configurations: known.length,
    certain,
    why: whyOf(search, ending, certain),
    confirmations: isDrawn && loaded.objectives.length > 0 ? search.confirmations : null,
    headroom,
    roomier: best === null ? null : roomierOf(search, best, runnersUp, headroom),
    ends:
      best === null
        ? []
        : endsOf(
            best.candidate.point.overrides,
            known.map(({ candidate }) => candidate.point.overrides),
          ),
  };
}

/** The first runner-up within the tolerance that holds for clearly more. */
function roomierOf(
  search: Search,
  best: Known,
  runnersUp: readonly Known[],
  [own, ...others]: readonly Headroom[],
): number | null {
  if (own === undefined) return null;
  const dearest = search.costOf(best)! * (1 + TOLERANCE);
  const place = runnersUp.findIndex((one, i) => {
    const other = others[i];
    return other !== undefined && search.costOf(one)! <= dearest && isRoomier(other, own);
  });
  return place < 0 ? null : place;
}

/** Equal for those that come to the same: the same in all, or proved so. */
function keyOf({ known }: Search, { provedBy, candidate }: Known): number {
  return (provedBy === null ? candidate : known[provedBy]!.candidate).configuration;
}

/** What runs today by the name that the same configuration has elsewhere. */
function asShown(search: Search, one: Known, shown: readonly Known[]): Result | null {
  const same = shown.find((other) => keyOf(search, other) === keyOf(search, one)) ?? one;
  return same.outcome?.result ?? null;
}

/** What an aborted signal interrupts is told from what fails. */
async function untilStopped<T>(
  run: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T | 'stopped'> {
  try {
    return await run();
  } catch (error) {
    if (signal?.aborted === true) return 'stopped';
    throw error;
  }
}

function progressOf({ work, known }: Search): Omit<SearchProgress, 'phase'> {
  const { length } = known;
  return { runs: work.search + work.confirmation, configurations: length, settled: length };
}

function resultOf({ outcome }: Known): Result {
  return outcome!.result;
}

/** Those that were run and meet the objectives too, cheapest first, one of several that come to the same. */
function runnersUpOf(search: Search, best: Known): readonly Known[] {
  const others = search.known
    .filter((one) => one !== best && search.meets(one))
    .sort((a, b) => search.costOf(a)! - search.costOf(b)! || a.candidate.index - b.candidate.index);
  return eachOnce(search, [best, ...others]).slice(1, 1 + MOST_RUNNERS_UP);
}

/** The first of each that come to the same. */
function eachOnce(search: Search, all: readonly Known[]): Known[] {
  const first = new Map(all.toReversed().map((one) => [keyOf(search, one), one]));
  return all.filter((one) => first.get(keyOf(search, one)) === one);
}

/**
 * Cheaper ones that will not do, in ways that are distinct: first those that keep hardly less than the answer, then the dearest;
 * what was run before what was not. Dearest first.
 */
function refusedOf(search: Search, best: Known | null): readonly Refused[] {
  if (best === null) return [];
  const cost = search.costOf(best)!;
  const below = search.known.filter((one) => {
    if (search.refusalOf(one) === null || one === best) return false;
    const own = search.costOf(one);
    return own === null ? one.least < cost : own < cost;
  });
  const { place } = best.candidate;
  const less = below.filter((one) => keepsNoLess(place, one.candidate.place));
  const neighbors = less.filter(
    (one) =>
      !less.some(
        (other) => other !== one && keepsNoLess(other.candidate.place, one.candidate.place),
      ),
  );
  const run = below
    .filter((one) => one.outcome !== null)
    .sort((a, b) => search.costOf(b)! - search.costOf(a)!);
  const isRun = ({ outcome }: Known) => outcome !== null;
  const all = new Set([
    ...neighbors.filter(isRun),
    ...run,
    ...neighbors.filter((one) => !isRun(one)),
  ]);
  const costOrLess = (one: Known) => search.costOf(one) ?? -Number.MAX_VALUE;
  return distinctWays(place, eachOnce(search, [best, ...all]).slice(1))
    .sort((a, b) => costOrLess(b) - costOrLess(a))
    .map((one) => refusal(search, one));
}

/** The first of each way to differ from a place, then the second. */
function distinctWays(from: Place, all: readonly Known[]): Known[] {
  const ranks = new Map<string, number>();
  const ranked = all.map((one) => {
    const way = wayOf(from, one.candidate.place);
    const rank = ranks.get(way) ?? 0;
    ranks.set(way, rank + 1);
    return { one, rank };
  });
  return ranked
    .filter(({ rank }) => rank < MOST_ALIKE)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST_REFUSED)
    .map(({ one }) => one);
}

const PLACE_KEYS = ['slice', 'min', 'idleWindowUs', 'unusedWindowUs', 'max', 'slots'] as const;

/** Which keys, and whether to more or to less. */
function wayOf(from: Place, to: Place): string {
  return PLACE_KEYS.map((key) => Math.sign(to[key] - from[key])).join(' ');
}

function refusal(search: Search, one: Known): Refused {
  const how = search.refusalOf(one)!;
  const evidence = how === 'order' ? one.worseThan!.evidence : one.evidence;
  const broken = search.confirmations.find(({ index }) => index === one.candidate.index);
  const gaveWay = (broken?.objectives ?? []).filter(({ holds }) => !holds);
  const result = one.outcome?.result ?? null;
  return {
    vary: one.candidate.point.overrides,
    usdPerHour: result?.cost?.usdPerHour ?? null,
    p99S: result?.latencyS.p99 ?? null,
    meanReplicas: result?.replicas.mean ?? null,
    breaks:
      how === 'confirmation' ? gaveWay.map(({ objective }) => objective) : (evidence?.breaks ?? []),
    how,
  };
}

/** The fewest objectives broken, then the least p99. */
function nearestOf(known: readonly Known[]): Result | null {
  const run = known.flatMap(({ outcome }) => (outcome === null ? [] : [outcome]));
  const failed = ({ result }: (typeof run)[number]) => result.slo?.failed.length ?? 0;
  const p99 = ({ p99AllArrivedS }: (typeof run)[number]) => p99AllArrivedS ?? Number.MAX_VALUE;
  const [nearest] = run.sort((a, b) => failed(a) - failed(b) || p99(a) - p99(b));
  return nearest?.result ?? null;
}

function whyOf(search: Search, ending: Ending | 'stopped', certain: boolean): string {
  const { known, best } = search;
  if (certain) {
    const whole = known.filter(
      ({ outcome, provedBy }) => outcome !== null && provedBy === null,
    ).length;
    const proved = known.filter(({ provedBy }) => provedBy !== null).length;
    const beginnings = known.filter((one) => search.refusalOf(one) === 'beginning').length;
    const rest = known.filter(
      (one) => one.outcome === null && search.refusalOf(one) !== 'beginning',
    );
    const worse = rest.filter((one) => search.refusalOf(one) === 'order').length;
    const enough = best === null ? 0 : search.costOf(best)! * (1 - TOLERANCE);
    const dear = rest.filter((one) => search.refusalOf(one) === null && one.least >= enough).length;
    const parts = [
      `${grouped(whole)} run whole`,
      beginnings > 0
        ? `${grouped(beginnings)} broken by ${beginnings === 1 ? 'its' : 'their'} beginning`
        : '',
      proved > 0 ? `${grouped(proved)} proved equal` : '',
      dear > 0 ? `${grouped(dear)} too dear whatever happens` : '',
      worse > 0 ? `${grouped(worse)} that keep no more than one that breaks an objective` : '',
      rest.length - worse - dear > 0
        ? `${grouped(rest.length - worse - dear)} too dear by what those cost that keep less`
        : '',
    ].filter((part) => part !== '');
    const what =
      best === null
        ? 'nothing meets the objectives'
        : 'nothing else can meet the objectives and cost 1 % less';
    return `${what}: of ${counted(known.length, 'configuration')} ${parts.join(', ')}`;
  }
  const open = search.open().length;
  const left =
    open === 0
      ? 'the answer is not confirmed on fresh luck'
      : `${counted(open, 'configuration')} may still be better`;
  switch (ending) {
    case 'budget':
      return `the budget is spent: ${left}`;
    case 'time':
      return `the time is up: ${left}`;
    case 'gave way':
      return `${counted(search.confirmations.length, 'candidate')} gave way on fresh luck: the objectives lie within what luck moves; more replications tell`;
    default:
      return `interrupted: ${left}`;
  }
}

function rounded(runs: number): number {
  return Number(runs.toFixed(2));
}
