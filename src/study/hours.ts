/** A configuration by hours of the clock, over its replications: the columns of document.ts, and what objectives say of them. */
import { US_PER_MS, US_PER_S } from '../base/units.ts';
import type { HourCounts } from '../engine/totals.ts';
import type { Bound } from './bind.ts';
import type { HoursS, ObjectiveResult } from './document.ts';
import type { Replicates } from './figures.ts';
import { type Objective, type ShareObjective, shareHolds } from './slo.ts';

/** What an objective is held against: of its endpoint, or of the whole. */
export interface Judgment {
  readonly objective: Objective;
  readonly replicates: Replicates;
}

/** null where a run kept none. */
export function hoursOf(
  replicates: Replicates,
  judgments: readonly Judgment[],
  bound: Bound,
): HoursS | null {
  const runs = keptHours(replicates);
  const [first] = runs;
  if (first === undefined) return null;
  const { edgesUs } = first;
  const epochUs = bound.workload.startAtEpochUs;
  const mean = meanOver(runs);
  const seconds = (of: (hours: HourCounts) => Float64Array) => mean(of).map((us) => us / US_PER_S);
  const usd = replicates.costs?.usdByHour ?? null;
  const asked = judgments.map((judgment) => askedOf(judgment, bound));
  return {
    intervalS: 3_600,
    firstAt: epochUs === null ? null : isoOf(epochUs + edgesUs[0]!),
    timeZone: epochUs === null ? null : bound.timeZone,
    lengthS: Array.from(edgesUs.subarray(1), (us, hour) => (us - edgesUs[hour]!) / US_PER_S),
    arrived: mean(({ requests }) => requests.arrived),
    completed: mean(({ requests }) => requests.completed),
    cold: mean(({ requests }) => requests.cold),
    failed: mean(failedOf),
    within: asked.map((one) => one && meanOver(one.runs)(one.within)),
    withinOf: asked.map((one) => one && meanOver(one.runs)(({ requests }) => requests.arrived)),
    usd: usd && Array.from(usd),
    startingS: seconds(({ figures }) => figures.startingUs),
    idleS: seconds(({ figures }) => figures.idleUs),
    idleKeptS: seconds(({ figures }) => figures.idleKeptUs),
    busyS: seconds(({ figures }) => figures.busyUs),
    drainingS: seconds(({ figures }) => figures.drainingUs),
    starts: mean(({ figures }) => figures.starts),
    scheduledStarts: mean(({ figures }) => figures.scheduledStarts),
  };
}

/** What a share of requests comes to by the hour, in counts over all replications; nothing where no hours were kept. */
export function attainmentOf(
  { objective, replicates }: Judgment,
  bound: Bound,
): Pick<ObjectiveResult, 'worstHour' | 'hoursMet'> {
  const asked = askedOf({ objective, replicates }, bound);
  if (asked === null) return {};
  const within = sumOver(asked.runs)(asked.within);
  const arrived = sumOver(asked.runs)(({ requests }) => requests.arrived);
  const { edgesUs } = asked.runs[0]!;
  const hours = arrived.flatMap((of, hour) =>
    of === 0 ? [] : [{ hour, of, within: within[hour]!, share: within[hour]! / of }],
  );
  const met = hours.filter((one) => shareHolds(asked.objective, one.within, one.of)).length;
  const worst = hours.reduce<(typeof hours)[number] | null>(
    (least, one) => (least === null || one.share < least.share ? one : least),
    null,
  );
  if (worst === null) return {};
  const { startAtEpochUs } = bound.workload;
  const fromUs = edgesUs[worst.hour]!;
  return {
    worstHour: {
      at: startAtEpochUs === null ? null : isoOf(startAtEpochUs + fromUs),
      fromS: (fromUs - bound.shiftUs) / US_PER_S,
      share: worst.share,
    },
    hoursMet: { met, of: hours.length },
  };
}

interface Asked {
  readonly objective: ShareObjective;
  readonly runs: readonly HourCounts[];
  readonly within: (hours: HourCounts) => Float64Array;
}

/** null where the objective is no share of requests, or no hours were kept. */
function askedOf({ objective, replicates }: Judgment, { compiled }: Bound): Asked | null {
  const runs = keptHours(replicates);
  if (objective.kind !== 'share' || runs.length === 0) return null;
  const isLatency = objective.figure === 'latencyS';
  const { latencyThresholdsUs, waitThresholdsUs } = compiled.pool;
  const index = (isLatency ? latencyThresholdsUs : waitThresholdsUs).indexOf(objective.thresholdUs);
  // A threshold below 0 is counted by no run: nothing is within it.
  const within = ({ withinLatency, withinWait, requests }: HourCounts) =>
    (isLatency ? withinLatency : withinWait)[index] ?? requests.arrived.map(() => 0);
  return { objective, runs, within };
}

function keptHours({ runs }: Replicates): readonly HourCounts[] {
  return runs.flatMap(({ hours }) => hours ?? []);
}

function failedOf({ requests: { rejected, timedOut, late } }: HourCounts): Float64Array {
  return rejected.map((count, hour) => count + timedOut[hour]! + late[hour]!);
}

function sumOver(
  runs: readonly HourCounts[],
): (of: (hours: HourCounts) => Float64Array) => number[] {
  return (of) => {
    const columns = runs.map(of);
    return Array.from(columns[0]!, (_, hour) =>
      columns.reduce((sum, column) => sum + column[hour]!, 0),
    );
  };
}

function meanOver(
  runs: readonly HourCounts[],
): (of: (hours: HourCounts) => Float64Array) => number[] {
  const sums = sumOver(runs);
  return (of) => sums(of).map((sum) => sum / runs.length);
}

function isoOf(epochUs: number): string {
  return new Date(epochUs / US_PER_MS).toISOString();
}
