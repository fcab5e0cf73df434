/**
 * Jobs to outcomes: laid out in batches, spread over threads where there are any, put together again. What runs where changes
 * no outcome.
 */
import type { Catalogue } from '../platform/catalogue.ts';
import type { Hardware } from '../platform/library.ts';
import type { Trace } from '../workload/trace.ts';
import { runBatch } from './batch.ts';
import { type Bound, runKey } from './bind.ts';
import { groupBy } from './group.ts';
import type { Job } from './job.ts';
import { canonical } from './json.ts';
import { Assembly, splitTask } from './parts.ts';
import type { LoadedStudy } from './study.ts';
import type { BatchTask, Outcome, RunBatches } from './task.ts';

export interface RunnerOptions {
  readonly catalogue: Catalogue;
  /** As the study was loaded with. */
  readonly hardware?: Hardware;
  /** One for each of `LoadedStudy.replays`. */
  readonly traces: readonly Trace[];
  /** Seconds, any origin: for engine.seconds. */
  readonly now: () => number;
  /** Where batches run; left out: here, one after another. */
  readonly runBatches?: RunBatches;
  /** How many batches can run at once: sizes the batches, changes no result. Default 1. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
}

export interface RunnerHooks {
  /** As soon as it is there, in any order; it carries its job's index. */
  readonly onOutcome: (outcome: Outcome) => void;
  /** Rows of traces fed to configurations since the last call. */
  readonly onProgress: (requestRuns: number) => void;
}

/** Runs that one batch may hold: enough to share the making of a trace, few enough to spread over threads. */
const MOST_RUNS_A_BATCH = 16;
const BATCHES_A_WORKER = 4;

export class Runner {
  readonly #loaded: Pick<LoadedStudy, 'name' | 'study'>;
  readonly #options: RunnerOptions;
  #tasks = 0;

  constructor(loaded: Pick<LoadedStudy, 'name' | 'study'>, options: RunnerOptions) {
    this.#loaded = loaded;
    this.#options = options;
  }

  /**
   * @param jobs of distinct indexes
   * @throws the signal's reason if it is aborted
   */
  async run(jobs: readonly Job[], hooks: RunnerHooks): Promise<void> {
    const { signal } = this.#options;
    signal?.throwIfAborted();
    if (jobs.length === 0) return;
    const tasks = this.#tasksOf(jobs);
    const assembly = new Assembly(this.#loaded.name, jobs, tasks);
    const runBatches = this.#options.runBatches ?? inProcess(this.#options);
    await runBatches(tasks, {
      signal,
      onBatch: (batch) => assembly.take(batch).forEach(hooks.onOutcome),
      onProgress: hooks.onProgress,
    });
    signal?.throwIfAborted();
  }

  #tasksOf(jobs: readonly Job[]): readonly BatchTask[] {
    const { workers = 1, traces } = this.#options;
    const batches = batchesOf(jobs, workers);
    const shares = Math.floor(workers / batches.length);
    return batches.flatMap((batch) => {
      const task = {
        ...batch[0]!.how,
        id: this.#tasks,
        name: this.#loaded.name,
        study: this.#loaded.study,
        ...withTraces(batch, traces.length),
        part: null,
      };
      const replications = Math.max(...batch.map(({ bound }) => bound.replications));
      const apart = batch.length === 1 ? untied(batch[0]!.bound) : 1;
      const tasks = splitTask(task, replications, shares, apart);
      this.#tasks += tasks.length;
      return tasks;
    });
  }
}

/** Traces of the jobs' own are sent with them, counted on from the shared ones. */
function withTraces(
  batch: readonly Job[],
  shared: number,
): Pick<BatchTask, 'configurations' | 'moreTraces'> {
  const moreTraces = [...new Set(batch.flatMap(({ ownTrace }) => ownTrace ?? []))];
  const configurations = batch.map(({ configuration, ownTrace }) =>
    ownTrace === null
      ? configuration
      : { ...configuration, trace: shared + moreTraces.indexOf(ownTrace) },
  );
  return { configurations, moreTraces };
}

/** Configurations that share a run stay together, and runs of one workload, bound alike, lie side by side. */
function batchesOf(jobs: readonly Job[], workers: number): readonly (readonly Job[])[] {
  const runs = groupBy(jobs, ({ bound }) => runKey(bound));
  const alike = groupBy([...runs.values()], ([first]) => canonical({ ...first!.how }));
  const groups = [...alike.values()].flatMap((group) => [
    ...groupBy(group, ([first]) => first!.bound.workload).values(),
  ]);
  const size = batchSize(runs.size, workers);
  return groups.flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / size) }, (_, i) =>
      group.slice(i * size, (i + 1) * size).flat(),
    ),
  );
}

/** Deployments that may run apart. */
function untied({ fleet }: Bound): number {
  return fleet === null || fleet.account !== null ? 1 : fleet.deployments.length;
}

/** As many batches for each worker, so that all end together; few enough runs in each to spread them. */
function batchSize(runs: number, workers: number): number {
  const rounds = Math.max(BATCHES_A_WORKER, Math.ceil(runs / (workers * MOST_RUNS_A_BATCH)));
  return Math.max(1, Math.ceil(runs / (workers * rounds)));
}

/** Batches one after another in this thread. */
function inProcess({ catalogue, hardware, traces, now }: RunnerOptions): RunBatches {
  return async (tasks, { onBatch, onProgress, signal }) => {
    for (const task of tasks) {
      const deps = { catalogue, ...(hardware && { hardware }), traces, now, onProgress, signal };
      onBatch(await runBatch(task, deps));
    }
  };
}
