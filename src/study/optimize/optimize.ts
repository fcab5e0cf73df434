/** The cheapest configuration that meets the objectives, found without running them all; how sure that is; and its headroom. */
import { counted } from '../../base/counts.ts';
import type { Result } from '../document.ts';
import { type HeadroomFound, headroomOf } from '../headroom.ts';
import type { Laboratory } from '../laboratory.ts';
import type { Headroom, OptimizeDocument, Refused } from '../optimize-document.ts';
import type { Known } from './known.ts';
import { keepsNoLess } from './order.ts';
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
const MOST_REFUSED = 8;

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
    for (const one of [best, ...runnersUp.slice(0, 1)]) {
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
  return {
    schema: 'coldfront.optimize.v1',
    name: loaded.name,
    best: best && resultOf(best),
    runnersUp: runnersUp.map(resultOf),
    refused: refusedOf(search, best),
    nearest: best === null ? nearestOf(known) : null,
    current: loaded.current === null ? null : (known[loaded.current]!.outcome?.result ?? null),
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
  };
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
  const runOf = (one: Known) => one.provedBy ?? one.candidate.index;
  const others = search.known
    .filter((one) => one !== best && search.meets(one) && runOf(one) !== runOf(best))
    .sort((a, b) => search.costOf(a)! - search.costOf(b)! || a.candidate.index - b.candidate.index);
  const distinct = new Map(others.toReversed().map((one) => [runOf(one), one]));
  return others.filter((one) => distinct.get(runOf(one)) === one).slice(0, MOST_RUNNERS_UP);
}

/** Cheaper ones that will not do: those that keep hardly less than the answer first, then the dearest. */
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
  const known = below
    .filter((one) => one.outcome !== null && !neighbors.includes(one))
    .sort((a, b) => search.costOf(b)! - search.costOf(a)!);
  return [...neighbors, ...known].slice(0, MOST_REFUSED).map((one) => {
    const how = search.refusalOf(one)!;
    const evidence = how === 'order' ? one.worseThan!.evidence : one.evidence;
    const broken = search.confirmations.find(({ index }) => index === one.candidate.index);
    const gaveWay = (broken?.objectives ?? []).filter(({ holds }) => !holds);
    return {
      vary: one.candidate.point.overrides,
      usdPerHour: one.outcome?.result.cost?.usdPerHour ?? null,
      breaks:
        how === 'confirmation'
          ? gaveWay.map(({ objective }) => objective)
          : (evidence?.breaks ?? []),
      how,
    };
  });
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
      `${whole} run whole`,
      beginnings > 0
        ? `${beginnings} broken by ${beginnings === 1 ? 'its' : 'their'} beginning`
        : '',
      proved > 0 ? `${proved} proved equal` : '',
      dear > 0 ? `${dear} too dear whatever happens` : '',
      worse > 0 ? `${worse} that keep no more than one that breaks an objective` : '',
      rest.length - worse - dear > 0
        ? `${rest.length - worse - dear} too dear by what those cost that keep less`
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
