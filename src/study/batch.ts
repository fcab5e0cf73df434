/**
 * A batch of configurations over all replications: each chunk of a trace is made once and feeds every run that wants it,
 * and configurations that differ in their bill alone share one run. Compiles by itself from plain data.
 */
import { assert } from '../base/errors.ts';
import type { FleetTotals } from '../engine/fleet.ts';
import { Pool } from '../engine/pool.ts';
import type { MeterRule } from '../engine/scenario.ts';
import type { RunTotals } from '../engine/totals.ts';
import type { Catalogue } from '../platform/catalogue.ts';
import { type Hardware, NO_HARDWARE } from '../platform/library.ts';
import type { Trace } from '../workload/trace.ts';
import type { Workload, WorkloadChunk } from '../workload/workload.ts';
import { type Bound, runKey } from './bind.ts';
import { isCompiled } from './compile.ts';
import { isFindings, parseStudy } from './findings.ts';
import { bindStudy } from './fleet-bind.ts';
import { outcomeOfRun } from './fleet-result.ts';
import { startedFleet } from './fleet-run.ts';
import { compileStudy } from './fleet-section.ts';
import { groupBy } from './group.ts';
import { isMap } from './json.ts';
import { withOverrides } from './load.ts';
import type { BatchResult, BatchTask, Range, TaskConfiguration } from './task.ts';
import { othersTurn } from './turn.ts';

export interface BatchDeps {
  readonly catalogue: Catalogue;
  /** As the study was loaded with. */
  readonly hardware?: Hardware;
  readonly traces: readonly Trace[];
  /** Seconds, any origin. */
  readonly now: () => number;
  /** Request-runs done since the last call. */
  readonly onProgress?: (requestRuns: number) => void;
  /** Looked at between chunks. */
  readonly signal?: AbortSignal | undefined;
}

interface Member {
  readonly configuration: TaskConfiguration;
  readonly bound: Bound;
  /** Where its meters begin among those of the run. */
  readonly firstMeter: number;
}

/** One run that serves one configuration, or several that differ in their bill alone. */
interface SharedRun {
  readonly bound: Bound;
  readonly members: Member[];
  readonly meters: MeterRule[];
  readonly totals: RunTotals[];
  /** Beside the totals of fleets: those of their pools. */
  readonly fleets: FleetTotals[];
  seconds: number;
  requests: number;
}

/** @throws the signal's reason if it is aborted, UserError where a trace does not fit */
export async function runBatch(task: BatchTask, deps: BatchDeps): Promise<BatchResult> {
  const runs = sharedRuns(task, deps);
  for (const group of byWorkload(runs)) {
    const replications = Math.max(...group.map(({ bound }) => bound.replications));
    const { from, to } = task.part ?? { from: 0, to: replications };
    for (let replication = from; replication < Math.min(to, replications); replication++) {
      await runReplication(
        group.filter(({ bound }) => replication < bound.replications),
        { replication, only: task.part?.deployments ?? null },
        deps,
      );
    }
  }
  if (task.part !== null) {
    const parts = runs.flatMap(({ members, totals, fleets, seconds, requests }) =>
      members.map(({ configuration: { index }, firstMeter }) => {
        return { index, totals, fleets, firstMeter, seconds, requests };
      }),
    );
    return { id: task.id, outcomes: [], parts };
  }
  const outcomes = runs.flatMap(({ members, totals, fleets, seconds, requests }) =>
    members.map(({ configuration, bound, firstMeter }) =>
      outcomeOfRun(
        { index: configuration.index, name: task.name, vary: configuration.overrides },
        bound,
        { totals, fleets, firstMeter, seconds, requests },
      ),
    ),
  );
  return { id: task.id, outcomes: outcomes.sort((a, b) => a.index - b.index), parts: [] };
}

const TURN_EVERY_S = 0.1;

interface Turn {
  readonly replication: number;
  /** Of a fleet's deployments. */
  readonly only: Range | null;
}

async function runReplication(
  runs: readonly SharedRun[],
  turn: Turn,
  { now, onProgress, signal }: BatchDeps,
): Promise<void> {
  const [first] = runs;
  assert(first !== undefined, 'a replication of nothing');
  const { workload, scenario } = first.bound;
  const pools = runs.map((run) => startedRun(run, turn));
  // Every share of the deployments is fed with all requests: one of them counts them.
  const isCounted = (turn.only?.from ?? 0) === 0;
  let turnS = now();
  for (const chunk of workload.chunks(scenario.seed, turn.replication)) {
    signal?.throwIfAborted();
    for (const [i, pool] of pools.entries()) {
      const from = now();
      pool.advance(chunk);
      runs[i]!.seconds += now() - from;
      if (isCounted) runs[i]!.requests += chunk.count;
    }
    if (isCounted) onProgress?.(chunk.count * runs.length);
    if (now() - turnS > TURN_EVERY_S) {
      await othersTurn();
      turnS = now();
    }
  }
  for (const [i, pool] of pools.entries()) {
    const from = now();
    pool.finish();
    runs[i]!.seconds += now() - from;
  }
}

/** One pool, or a fleet of them, whose totals are the run's when it has finished. */
function startedRun(
  run: SharedRun,
  { replication, only }: Turn,
): { advance(chunk: WorkloadChunk): void; finish(): void } {
  const { fleet, scenario } = run.bound;
  if (fleet === null) {
    const pool = new Pool({ ...scenario, meters: run.meters, replication });
    return {
      advance: (chunk) => pool.advance(chunk),
      finish: () => void run.totals.push(pool.finish()),
    };
  }
  const started = startedFleet(fleet, replication, only);
  return {
    advance: (chunk) => started.advance(chunk),
    finish: () => {
      const totals = started.finish();
      run.totals.push(totals.whole);
      run.fleets.push(totals);
    },
  };
}

function sharedRuns(task: BatchTask, deps: BatchDeps): readonly SharedRun[] {
  const workloads = new Map<string, Workload>();
  const runs = new Map<string, SharedRun>();
  for (const configuration of task.configurations) {
    const bound = boundOf(task, configuration, deps, workloads);
    const key = runKey(bound);
    const run = runs.get(key) ?? {
      bound,
      members: [],
      meters: [],
      totals: [],
      fleets: [],
      seconds: 0,
      requests: 0,
    };
    runs.set(key, run);
    const firstMeter = placeAmong(run.meters, bound.plan?.meters ?? []);
    run.members.push({ configuration, bound, firstMeter });
  }
  return [...runs.values()];
}

/** Where these meters stand among those of a run: bills that differ in their prices alone have the same. */
function placeAmong(meters: MeterRule[], wanted: readonly MeterRule[]): number {
  const key = JSON.stringify(wanted);
  for (let from = 0; from + wanted.length <= meters.length; from++) {
    if (JSON.stringify(meters.slice(from, from + wanted.length)) === key) return from;
  }
  return meters.push(...wanted) - wanted.length;
}

function boundOf(
  {
    study,
    moreTraces,
    seedSuffix,
    replications,
    timelineUs,
    untilUs,
    hourly,
    countsHours,
  }: BatchTask,
  { overrides, trace }: TaskConfiguration,
  { catalogue, hardware = NO_HARDWARE, traces }: BatchDeps,
  workloads: Map<string, Workload>,
): Bound {
  const map = withOverrides(study, overrides);
  assert(isMap(map), 'overrides of a checked study lead nowhere');
  const parsed = parseStudy(map);
  assert(!isFindings(parsed), 'a checked study is at fault');
  const compiled = compileStudy(parsed, catalogue, hardware);
  assert(isCompiled(compiled), 'a checked study does not compile');
  const columns = trace === null ? null : ([...traces, ...moreTraces][trace] ?? null);
  return bindStudy(compiled, columns, workloads, {
    seedSuffix,
    replications,
    timelineUs,
    untilUs,
    hourly,
    countsHours,
  });
}

/** Runs that can be fed with the same chunks: one workload under one seed. */
function byWorkload(runs: readonly SharedRun[]): readonly (readonly SharedRun[])[] {
  const groups = groupBy(runs, ({ bound }) => bound.workload);
  return [...groups.values()].flatMap((group) => [
    ...groupBy(group, ({ bound }) => bound.scenario.seed).values(),
  ]);
}
