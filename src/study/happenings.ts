/** What befell replicas and requests in a run, beside figures that every run has: each left out where there is none of it. */
import { US_PER_MS, US_PER_S } from '../base/units.ts';
import { REFUSALS } from '../engine/gate.ts';
import type { RequestCounts, RunTotals, Timeline } from '../engine/totals.ts';
import type { Bound } from './bind.ts';
import type { Figure, Result, TimelineS } from './document.ts';
import { meanOf } from './estimate.ts';

type Happenings = Pick<
  Result,
  'startPaths' | 'mishaps' | 'refusals' | 'refusalCode' | 'stranded' | 'pings'
>;

/** Counts are means over the replications. */
export function happeningsOf(
  runs: readonly RunTotals[],
  { scenario, compiled }: Bound,
): Happenings {
  const meanCount = (count: (run: RunTotals) => number) => meanOf(runs.map(count));
  const refusals = REFUSALS.map((why, i) => [why, meanCount((run) => run.refusals[i]!)] as const);
  const refused = refusals.filter(([, count]) => count > 0);
  const stranded = meanCount((run) => run.stranded);
  const { refusalCode } = compiled;
  return {
    ...((scenario.lifecycle?.shortcuts.length ?? 0) > 0 && { startPaths: startPathsOf(runs) }),
    ...(scenario.lifecycle !== null && {
      mishaps: {
        failedStarts: meanCount(({ mishaps }) => mishaps.failedStarts),
        preemptions: meanCount(({ mishaps }) => mishaps.preemptions),
        crashes: meanCount(({ mishaps }) => mishaps.crashes),
        interrupted: meanCount(({ mishaps }) => mishaps.interrupted),
      },
    }),
    ...(refused.length > 0 && { refusals: Object.fromEntries(refused) }),
    ...(refused.length > 0 && refusalCode !== null && { refusalCode }),
    ...(stranded > 0 && { stranded }),
    ...(scenario.pings !== null && { pings: pingsOf(runs) }),
  };
}

/** The ladder, in the order in which it is tried. */
function startPathsOf(runs: readonly RunTotals[]): NonNullable<Result['startPaths']> {
  return runs[0]!.startPaths.map(({ name }, path) => {
    const counts = runs.map(({ startPaths }) => startPaths[path]!);
    const ready = meanOf(counts.map((count) => count.ready));
    const tookUs = meanOf(counts.map((count) => Number(count.tookUs)));
    return {
      path: name,
      starts: meanOf(counts.map((count) => count.starts)),
      meanS: ready === 0 ? null : tookUs / ready / US_PER_S,
    };
  });
}

function pingsOf(runs: readonly RunTotals[]): NonNullable<Result['pings']> {
  const meanCount = (key: keyof RequestCounts) =>
    meanOf(runs.map(({ pings }) => pings?.[key] ?? 0));
  return {
    sent: meanCount('arrived'),
    completed: meanCount('completed'),
    cold: meanCount('cold'),
    failed: meanCount('rejected') + meanCount('timedOut'),
  };
}

/** Means over the replications that last to an interval. @param skipUs what is not shown of the beginning */
export function timelineOf(
  runs: readonly RunTotals[],
  startAtEpochUs: number | null,
  skipUs = 0,
): TimelineS | null {
  const lines = runs.flatMap(({ timeline }) => timeline ?? []);
  const [first] = lines;
  if (first === undefined) return null;
  const skipped = Math.round(skipUs / first.intervalUs);
  const beginUs = skipped * first.intervalUs;
  const length = Math.max(0, ...lines.map(({ busy }) => busy.length - skipped));
  const means = (column: (line: Timeline) => Float64Array | undefined): number[] =>
    Array.from({ length }, (_, i) =>
      meanOf(lines.flatMap((line) => column(line)?.[skipped + i] ?? [])),
    );
  return {
    intervalS: first.intervalUs / US_PER_S,
    firstAt:
      startAtEpochUs === null
        ? null
        : new Date((startAtEpochUs + beginUs) / US_PER_MS).toISOString(),
    starting: means((line) => line.starting),
    idle: means((line) => line.idle),
    busy: means((line) => line.busy),
    waiting: means((line) => line.waiting),
    draining: means((line) => line.draining),
    ...(first.controlled !== null && {
      desired: means((line) => line.controlled?.desired),
      // Nothing was read yet, or there is nothing to read: a latency of no requests.
      signal: means((line) => line.controlled?.signal).map(known),
    }),
  };
}

function known(value: number): Figure {
  return Number.isFinite(value) ? value : null;
}
