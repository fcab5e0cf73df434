/**
 * What a steady-state simulation counts before it has settled, found in the run's own series by MSER-5 (White, An effective
 * truncation heuristic for bias reduction in simulation output, Simulation 69, 1997): of means of five, cut so many from the
 * beginning that the standard error of the mean of the rest is least, half of them at most.
 *
 * Only where there is such a state: made traffic of a constant rate, without a schedule. A log's morning is no transient.
 */
import type { ProcessSpec } from '../workload/synthesis/arrivals.ts';
import type { WorkloadSpec } from '../workload/workload.ts';
import type { TimelineS, WarmUp } from './document.ts';
import type { Schedule } from './schedule.ts';

const BATCH = 5;
/** Means of five: fewer show no settling. */
const LEAST_BATCHES = 20;

export interface SteadyParts {
  readonly workload: WorkloadSpec;
  readonly floor: number | Schedule;
  readonly rollouts: readonly unknown[];
}

/** @returns why there is no steady state to settle in; null where there is */
export function unsteadiness(compiled: SteadyParts): string | null {
  const { workload, floor, rollouts } = compiled;
  if (workload.kind === 'replay') {
    return 'is for made traffic: a log begins as it begins, and nothing of it is left out; measure.edges: cyclic begins from the state that a first pass leaves';
  }
  if (typeof floor !== 'number' || rollouts.length > 0) {
    return 'is for a steady state, and this deployment changes by the clock: give measure.from';
  }
  return isSteady(workload)
    ? null
    : 'is for a steady state, and the rate of this traffic changes over time: give measure.from';
}

function isSteady(spec: WorkloadSpec): boolean {
  if (spec.kind === 'replay') return false;
  const { arrivals } = spec;
  const processes: readonly ProcessSpec[] =
    arrivals.process === 'clients' ? arrivals.clients.map(({ arrivals: own }) => own) : [arrivals];
  return processes.every((process) => {
    if (process.process === 'counts') return false;
    return !('rate' in process) || typeof process.rate === 'number' || process.rate === null;
  });
}

/** @returns how many values to leave out; null where even half of them would not do, or there are too few */
export function mser5(values: readonly number[]): number | null {
  const batches = Array.from({ length: Math.floor(values.length / BATCH) }, (_, i) => {
    const own = values.slice(i * BATCH, (i + 1) * BATCH);
    return own.reduce((sum, value) => sum + value, 0) / BATCH;
  });
  const { length } = batches;
  if (length < LEAST_BATCHES) return null;
  const most = Math.floor(length / 2);
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  let sum = 0;
  let squares = 0;
  // From the end, so that each truncation adds one batch; of equals the shorter one.
  const origin = batches.at(-1)!;
  for (let cut = length - 1; cut >= 0; cut--) {
    const value = batches[cut]! - origin;
    sum += value;
    squares += value ** 2;
    const left = length - cut;
    if (cut > most) continue;
    const error = Math.max(0, squares - sum ** 2 / left) / left ** 2;
    if (error <= least) {
      least = error;
      best = cut;
    }
  }
  return best === most ? null : best * BATCH;
}

/** Of the requests in service and waiting, and of the replicas that are there: whichever settles later. */
export function warmUpOf(timeline: TimelineS, lengthS: number, cutS: number): WarmUp {
  const { intervalS, starting, idle, busy, draining, waiting } = timeline;
  const count = Math.floor(lengthS / intervalS);
  const present = busy.slice(0, count).map((value, i) => value + waiting[i]!);
  const replicas = busy
    .slice(0, count)
    .map((value, i) => value + starting[i]! + idle[i]! + draining[i]!);
  const found = [present, replicas].map(mser5);
  const isSettled = found.every((values) => values !== null);
  return {
    rule: 'MSER-5',
    foundS: isSettled ? Math.max(...found.map((values) => values ?? 0)) * intervalS : null,
    cutS,
  };
}

/** A time line of intervals so many times as long; the last one holds what is left. */
export function coarser(timeline: TimelineS, times: number): TimelineS {
  const { intervalS, desired, signal } = timeline;
  const grouped = <Value, To>(
    values: readonly Value[],
    of: (group: readonly Value[]) => To,
  ): To[] =>
    Array.from({ length: Math.ceil(values.length / times) }, (_, i) =>
      of(values.slice(i * times, (i + 1) * times)),
    );
  const mean = (group: readonly number[]) => group.reduce((sum, x) => sum + x, 0) / group.length;
  const means = (values: readonly number[]) => grouped(values, mean);
  return {
    ...timeline,
    intervalS: intervalS * times,
    starting: means(timeline.starting),
    idle: means(timeline.idle),
    busy: means(timeline.busy),
    waiting: means(timeline.waiting),
    draining: means(timeline.draining),
    ...(desired && { desired: grouped(desired, (group) => group.at(-1)!) }),
    ...(signal && { signal: grouped(signal, (group) => group.at(-1)!) }),
  };
}
