/** Objectives that no number of replicas can meet: even with nobody waiting too many requests take too long. */
import { US_PER_S } from '../base/units.ts';
import { type LatencyFloor, latencyFloor } from '../workload/fit/latency-floor.ts';
import type { Trace } from '../workload/trace.ts';
import { makeWorkload } from '../workload/workload.ts';
import type { Compiled } from './compile.ts';
import { canonical } from './json.ts';
import { compare, type Objective, shareHolds } from './slo.ts';
import type { LoadedStudy } from './study.ts';

export interface BrokenByFloor {
  readonly objective: string;
  /** Of requests within the bound when nobody waits; null for a mean or a maximum. */
  readonly share: number | null;
  /** The mean or maximum when nobody waits; null for a share. */
  readonly valueS: number | null;
}

/** Which of them break at no wait at all; objectives on waits and on other figures never do. */
export function brokenByFloor(
  objectives: readonly Objective[],
  floor: LatencyFloor,
): readonly BrokenByFloor[] {
  return objectives.flatMap((objective): BrokenByFloor[] => {
    if (objective.kind === 'figure' || objective.figure !== 'latencyS') return [];
    const { text } = objective;
    if (objective.kind === 'share') {
      const within = floor.requestsWithin(objective.thresholdUs);
      if (shareHolds(objective, within, floor.requests)) return [];
      return [{ objective: text, share: within / floor.requests, valueS: null }];
    }
    const us = objective.statistic === 'mean' ? floor.meanUs : floor.maxUs;
    const valueS = us / US_PER_S;
    if (compare(valueS, objective.comparison, objective.value)) return [];
    return [{ objective: text, share: null, valueS }];
  });
}

/** Of drawn traffic so many requests tell enough. */
const MOST_REQUESTS = 1_000_000;

/** What breaks in every configuration of a study, by the configuration where it breaks least. */
export function brokenEverywhere(
  { kinds, objectives, replays }: Pick<LoadedStudy, 'kinds' | 'objectives' | 'replays'>,
  traces: readonly Trace[],
): readonly BrokenByFloor[] {
  if (objectives.length === 0) return [];
  // Pools may be as fast as they like, each by its own law, and endpoints have objectives of their own.
  if (kinds.some(({ compiled }) => compiled.fleet !== null)) return [];
  const known = new Map<string, readonly BrokenByFloor[]>();
  let all: readonly BrokenByFloor[] | null = null;
  for (const { compiled } of kinds) {
    const key = canonical([
      compiled.workload,
      compiled.replay,
      compiled.startAtEpochUs,
      compiled.measure,
      compiled.pool.overheadUs + compiled.pool.slotOverheadUs,
      compiled.pool.slotSpeed,
      compiled.pool.serviceLaw,
      compiled.seed,
    ]);
    let broken = known.get(key);
    if (broken === undefined) {
      const source = canonical(compiled.replay);
      const index = replays.findIndex((replay) => canonical(replay) === source);
      broken = brokenByFloor(objectives, floorOf(compiled, traces[index] ?? null));
      known.set(key, broken);
    }
    const here = new Map(broken.map((one) => [one.objective, one]));
    all =
      all === null
        ? broken
        : all.flatMap((one) => {
            const other = here.get(one.objective);
            return other === undefined ? [] : [better(one, other)];
          });
    if (all.length === 0) return [];
  }
  return all ?? [];
}

function better(a: BrokenByFloor, b: BrokenByFloor): BrokenByFloor {
  const isBetter = (a.share ?? 0) > (b.share ?? 0) || (a.valueS ?? 0) < (b.valueS ?? 0);
  return isBetter ? a : b;
}

function floorOf(compiled: Compiled, trace: Trace | null): LatencyFloor {
  const { workload: spec, startAtEpochUs, seed, measure, pool } = compiled;
  const workload = makeWorkload(spec, trace, startAtEpochUs);
  // Company may make a replica faster than the trace's demands are meant.
  const together = Math.max(1, ...(pool.slotSpeed ?? []).map(({ speed }) => speed));
  const fastest = together * (pool.serviceLaw?.speed ?? 1);
  const { fromUs = Number.NEGATIVE_INFINITY, toUs = Number.POSITIVE_INFINITY } = measure ?? {};
  let taken = new Float64Array(1024);
  let count = 0;
  for (const { arrivalUs, serviceUs, count: rows } of workload.chunks(seed, 0)) {
    for (let i = 0; i < rows; i++) {
      if (arrivalUs[i]! < fromUs || arrivalUs[i]! >= toUs) continue;
      if (count === taken.length) {
        const longer = new Float64Array(2 * count);
        longer.set(taken);
        taken = longer;
      }
      taken[count++] = Math.floor(serviceUs[i]! / fastest);
    }
    if (count >= MOST_REQUESTS && workload.requests !== trace?.count) break;
  }
  const addedUs = pool.overheadUs + Math.floor(pool.slotOverheadUs / together);
  return latencyFloor(taken.subarray(0, count), addedUs);
}
