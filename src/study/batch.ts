/**
 * A batch of configurations over all replications: each chunk of a trace is made once and feeds every run that wants it,
 * and configurations that differ in their bill alone share one run. Compiles by itself from plain data.
 */
import { assert } from '../base/errors.ts';
import { Pool } from '../engine/pool.ts';
import type { MeterRule } from '../engine/scenario.ts';
import type { RunTotals } from '../engine/totals.ts';
import type { Catalogue } from '../platform/catalogue.ts';
import type { Trace } from '../workload/trace.ts';
import type { Workload } from '../workload/workload.ts';
import { type Bound, bind, runKey } from './bind.ts';
import { compilePoint, isCompiled } from './compile.ts';
import { isFindings, parseStudy } from './findings.ts';
import { groupBy } from './group.ts';
import { isMap } from './json.ts';
import { withOverrides } from './load.ts';
import { outcomeOf } from './result.ts';
import type { BatchResult, BatchTask, TaskConfiguration } from './task.ts';

export interface BatchDeps {
  readonly catalogue: Catalogue;
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
        replication,
        deps,
      );
    }
  }
  if (task.part !== null) {
    const parts = runs.flatMap(({ members, totals, seconds, requests }) =>
      members.map(({ configuration: { index }, firstMeter }) => {
        return { index, totals, firstMeter, seconds, requests };
      }),
    );
    return { id: task.id, outcomes: [], parts };
  }
  const outcomes = runs.flatMap(({ members, totals, seconds, requests }) =>
    members.map(({ configuration, bound, firstMeter }) =>
      outcomeOf(
        { index: configuration.index, name: task.name, vary: configuration.overrides },
        bound,
        totals,
        firstMeter,
        { seconds, requests },
      ),
    ),
  );
  return { id: task.id, outcomes: outcomes.sort((a, b) => a.index - b.index), parts: [] };
}

const TURN_EVERY_S = 0.1;

/** Lets an abort, a timer and the terminal have their turn; a settled promise would not. */
function othersTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

async function runReplication(
  runs: readonly SharedRun[],
  replication: number,
  { now, onProgress, signal }: BatchDeps,
): Promise<void> {
  const [first] = runs;
  assert(first !== undefined, 'a replication of nothing');
  const { workload, scenario } = first.bound;
  const pools = runs.map(
    ({ bound, meters }) => new Pool({ ...bound.scenario, meters, replication }),
  );
  let turnS = now();
  for (const chunk of workload.chunks(scenario.seed, replication)) {
    signal?.throwIfAborted();
    for (const [i, pool] of pools.entries()) {
      const from = now();
      pool.advance(chunk);
      runs[i]!.seconds += now() - from;
    }
    onProgress?.(chunk.count * runs.length);
    if (now() - turnS > TURN_EVERY_S) {
      await othersTurn();
      turnS = now();
    }
  }
  for (const [i, pool] of pools.entries()) {
    const from = now();
    const totals = pool.finish();
    const run = runs[i]!;
    run.seconds += now() - from;
    run.requests += pool.arrived;
    run.totals.push(totals);
  }
}

function sharedRuns(task: BatchTask, { catalogue, traces }: BatchDeps): readonly SharedRun[] {
  const workloads = new Map<string, Workload>();
  const runs = new Map<string, SharedRun>();
  for (const configuration of task.configurations) {
    const bound = boundOf(task, configuration, catalogue, traces, workloads);
    const key = runKey(bound);
    const run = runs.get(key) ?? {
      bound,
      members: [],
      meters: [],
      totals: [],
      seconds: 0,
      requests: 0,
    };
    runs.set(key, run);
    run.members.push({ configuration, bound, firstMeter: run.meters.length });
    run.meters.push(...(bound.plan?.meters ?? []));
  }
  return [...runs.values()];
}

function boundOf(
  { study, seedSuffix, replications, timelineUs }: BatchTask,
  { overrides, trace }: TaskConfiguration,
  catalogue: Catalogue,
  traces: readonly Trace[],
  workloads: Map<string, Workload>,
): Bound {
  const map = withOverrides(study, overrides);
  assert(isMap(map), 'overrides of a checked study lead nowhere');
  const parsed = parseStudy(map);
  assert(!isFindings(parsed), 'a checked study is at fault');
  const compiled = compilePoint(parsed, catalogue);
  assert(isCompiled(compiled), 'a checked study does not compile');
  const columns = trace === null ? null : (traces[trace] ?? null);
  return bind(compiled, columns, workloads, { seedSuffix, replications, timelineUs });
}

/** Runs that can be fed with the same chunks: one workload under one seed. */
function byWorkload(runs: readonly SharedRun[]): readonly (readonly SharedRun[])[] {
  const groups = groupBy(runs, ({ bound }) => bound.workload);
  return [...groups.values()].flatMap((group) => [
    ...groupBy(group, ({ bound }) => bound.scenario.seed).values(),
  ]);
}
