/** The totals of several pools as one: of a deployment, or of a whole fleet. */
import { mergeHistograms } from './histogram.ts';
import type { PathCounts } from './start-paths.ts';
import {
  HOUR_FIGURES,
  HOUR_REQUESTS,
  type HourCounts,
  LIMITS,
  type Mishaps,
  type Reading,
  type RequestCounts,
  type Returns,
  type RunTotals,
  type Timeline,
} from './totals.ts';

/**
 * Counts, times and histograms are summed. A peak is the sum of the pools' peaks, which need not have come at one time: no
 * more than so many. `reached` holds the largest of any one pool. Start phases and meters, which pools have each of their
 * own, stand one pool after the other.
 */
export function mergeTotals(parts: readonly RunTotals[]): RunTotals {
  if (parts.length === 1) return parts[0]!;
  const first = parts[0]!;
  const sum = (of: (part: RunTotals) => number) => sumOf(parts, of);
  const largest = (of: (part: RunTotals) => number) => Math.max(...parts.map(of));
  const columns = (of: (part: RunTotals) => readonly number[]) =>
    of(first).map((_, i) => sumOf(parts, (part) => of(part)[i]!));
  const pings = parts.map((part) => part.pings).filter((counts) => counts !== null);
  return {
    requests: mergeRequests(parts.map(({ requests }) => requests)),
    latency: mergeHistograms(parts.map(({ latency }) => latency)),
    wait: mergeHistograms(parts.map(({ wait }) => wait)),
    withinLatency: columns(({ withinLatency }) => withinLatency),
    withinWait: columns(({ withinWait }) => withinWait),
    whole: mergeReadings(parts.map(({ whole }) => whole)),
    observed: mergeReadings(parts.map(({ observed }) => observed)),
    observedUs: first.observedUs,
    peakReplicas: sum(({ peakReplicas }) => peakReplicas),
    unusedStarts: sum(({ unusedStarts }) => unusedStarts),
    unusedKept: sum(({ unusedKept }) => unusedKept),
    returns: mergeReturns(parts.map(({ returns }) => returns)),
    timeouts: columns(({ timeouts }) => timeouts),
    mishaps: mergeMishaps(parts.map(({ mishaps }) => mishaps)),
    startPaths: mergePaths(parts.flatMap(({ startPaths }) => startPaths)),
    refusals: columns(({ refusals }) => refusals),
    stranded: sum(({ stranded }) => stranded),
    pings: pings.length === 0 ? null : mergeRequests(pings),
    horizonUs: largest(({ horizonUs }) => horizonUs),
    reached: {
      replicas: largest(({ reached }) => reached.replicas),
      waiting: largest(({ reached }) => reached.waiting),
      queueUs: largest(({ reached }) => reached.queueUs),
      serviceUs: largest(({ reached }) => reached.serviceUs),
      latencyUs: largest(({ reached }) => reached.latencyUs),
    },
    timeline: mergeTimelines(parts),
    hours: mergeHours(parts.map(({ hours }) => hours)),
    kept: null,
    events: sum(({ events }) => events),
    fingerprint: sum(({ fingerprint }) => fingerprint) % 2 ** 32,
  };
}

function sumOf<T>(parts: readonly T[], of: (part: T) => number): number {
  return parts.reduce((total, part) => total + of(part), 0);
}

function mergeRequests(parts: readonly RequestCounts[]): RequestCounts {
  return {
    arrived: sumOf(parts, ({ arrived }) => arrived),
    completed: sumOf(parts, ({ completed }) => completed),
    rejected: sumOf(parts, ({ rejected }) => rejected),
    timedOut: sumOf(parts, ({ timedOut }) => timedOut),
    late: sumOf(parts, ({ late }) => late),
    retries: sumOf(parts, ({ retries }) => retries),
    cold: sumOf(parts, ({ cold }) => cold),
  };
}

function mergeMishaps(parts: readonly Mishaps[]): Mishaps {
  return {
    failedStarts: sumOf(parts, ({ failedStarts }) => failedStarts),
    preemptions: sumOf(parts, ({ preemptions }) => preemptions),
    crashes: sumOf(parts, ({ crashes }) => crashes),
    interrupted: sumOf(parts, ({ interrupted }) => interrupted),
  };
}

function mergeReturns(parts: readonly Returns[]): Returns {
  const gaps = parts.map((part) => part.gaps).filter((histogram) => histogram !== null);
  return {
    departures: sumOf(parts, ({ departures }) => departures),
    gaps: gaps.length === 0 ? null : mergeHistograms(gaps),
  };
}

/** Ways to start of one name are one, in the order of their first appearance. */
function mergePaths(paths: readonly PathCounts[]): PathCounts[] {
  const byName = new Map<string, PathCounts>();
  for (const { name, starts, ready, tookUs } of paths) {
    const before = byName.get(name) ?? { name, starts: 0, ready: 0, tookUs: 0n };
    byName.set(name, {
      name,
      starts: before.starts + starts,
      ready: before.ready + ready,
      tookUs: before.tookUs + tookUs,
    });
  }
  return [...byName.values()];
}

function mergeReadings(parts: readonly Reading[]): Reading {
  const time = (of: (part: Reading) => bigint) => parts.reduce((sum, part) => sum + of(part), 0n);
  return {
    atUs: Math.max(...parts.map(({ atUs }) => atUs)),
    startingUs: time(({ startingUs }) => startingUs),
    idleUs: time(({ idleUs }) => idleUs),
    idleKeptUs: time(({ idleKeptUs }) => idleKeptUs),
    busyUs: time(({ busyUs }) => busyUs),
    drainingUs: time(({ drainingUs }) => drainingUs),
    floorUs: time(({ floorUs }) => floorUs),
    heldUs: time(({ heldUs }) => heldUs),
    inServiceUs: time(({ inServiceUs }) => inServiceUs),
    waitForStartUs: time(({ waitForStartUs }) => waitForStartUs),
    waitForLimitUs: time(({ waitForLimitUs }) => waitForLimitUs),
    shortageUs: time(({ shortageUs }) => shortageUs),
    limitUs: LIMITS.map((_, limit) => time(({ limitUs }) => limitUs[limit]!)),
    phaseUs: parts.flatMap(({ phaseUs }) => phaseUs),
    meters: parts.flatMap(({ meters }) => meters),
    completed: sumOf(parts, ({ completed }) => completed),
    arrived: sumOf(parts, ({ arrived }) => arrived),
    attempts: sumOf(parts, ({ attempts }) => attempts),
    inputTokens: time(({ inputTokens }) => inputTokens),
    cachedTokens: time(({ cachedTokens }) => cachedTokens),
    outputTokens: time(({ outputTokens }) => outputTokens),
    starts: sumOf(parts, ({ starts }) => starts),
    scheduledStarts: sumOf(parts, ({ scheduledStarts }) => scheduledStarts),
  };
}

/** Hour by hour: pools that run together measure the same span. */
function mergeHours(parts: readonly (HourCounts | null)[]): HourCounts | null {
  const all = parts.filter((part) => part !== null);
  const [first] = all;
  if (first === undefined) return null;
  const sum = (of: (part: HourCounts) => Float64Array) => {
    const columns = all.map(of);
    return columns[0]!.map((_, hour) => sumOf(columns, (column) => column[hour]!));
  };
  const each = <Key extends string>(keys: readonly Key[], of: (key: Key) => Float64Array) =>
    Object.fromEntries(keys.map((key) => [key, of(key)])) as Record<Key, Float64Array>;
  return {
    edgesUs: first.edgesUs,
    requests: each(HOUR_REQUESTS, (key) => sum(({ requests }) => requests[key])),
    withinLatency: first.withinLatency.map((_, i) => sum((part) => part.withinLatency[i]!)),
    withinWait: first.withinWait.map((_, i) => sum((part) => part.withinWait[i]!)),
    figures: each(HOUR_FIGURES, (key) => sum(({ figures }) => figures[key])),
    meters: all.flatMap(({ meters }) => meters),
  };
}

type Column = 'starting' | 'idle' | 'busy' | 'draining' | 'waiting';

/** Interval by interval; a run that has ended before has nothing any more. What controllers want is each pool's own. */
function mergeTimelines(parts: readonly RunTotals[]): Timeline | null {
  const { timeline } = parts[0]!;
  if (timeline === null) return null;
  const { intervalUs } = timeline;
  const length = Math.max(...parts.map((part) => part.timeline!.busy.length));
  const endUs = Math.max(...parts.map(({ horizonUs }) => horizonUs));
  const merged = (column: Column): Float64Array => {
    const means = new Float64Array(length);
    for (const { timeline: part, horizonUs } of parts) {
      const own = part![column];
      for (let i = 0; i < own.length; i++) {
        means[i]! += own[i]! * (lasts(i, own.length, horizonUs) / lasts(i, length, endUs));
      }
    }
    return means;
  };
  /** The last interval ends with the run. */
  const lasts = (interval: number, intervals: number, horizonUs: number): number =>
    interval < intervals - 1 ? intervalUs : horizonUs - interval * intervalUs;
  return {
    intervalUs,
    starting: merged('starting'),
    idle: merged('idle'),
    busy: merged('busy'),
    draining: merged('draining'),
    waiting: merged('waiting'),
    controlled: null,
  };
}
