/**
 * Jobs to outcomes: laid out in batches, spread over threads where there are any, put together again. What runs where changes
 * no outcome.
 */
import type { Catalogue } from '../platform/catalogue.ts';
import type { Hardware } from '../platform/library.ts';
import type { Trace } from '../workload/trace.ts';
import type { Workload } from '../workload/workload.ts';
import { runBatch } from './batch.ts';
import { type Bound, runKey } from './bind.ts';
import { groupBy, Numbering } from './group.ts';
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
  run(jobs: readonly Job[], hooks: RunnerHooks): Promise<void> {
    const workloads = new Numbering<Workload>();
    const layout: Layout<Job> = {
      runOf: ({ bound }) => runKey(bound),
      feedOf: ({ bound, how }) => canonical([workloads.of(bound.workload), how]),
      entryOf: (job) => job,
      boundOf: ({ bound }) => bound,
    };
    return this.runAll(jobs, layout, hooks);
  }

  /**
   * Things that become jobs when their turn comes, however many there are.
   * @param items of distinct indexes
   * @throws the signal's reason if it is aborted
   */
  async runAll<Item>(
    items: readonly Item[],
    layout: Layout<Item>,
    hooks: RunnerHooks,
  ): Promise<void> {
    const { signal } = this.#options;
    signal?.throwIfAborted();
    if (items.length === 0) return;
    const running = new Map<number, Assembly>();
    const runBatches = this.#options.runBatches ?? inProcess(this.#options);
    await runBatches(this.#tasksOf(items, layout, running), {
      signal,
      onBatch: (batch) => {
        const assembly = running.get(batch.id)!;
        running.delete(batch.id);
        assembly.take(batch).forEach(hooks.onOutcome);
      },
      onProgress: hooks.onProgress,
    });
    signal?.throwIfAborted();
  }

  /** @param running by task, what puts the results of its batch together: added as tasks are made */
  *#tasksOf<Item>(
    items: readonly Item[],
    layout: Layout<Item>,
    running: Map<number, Assembly>,
  ): Generator<BatchTask, void> {
    const { workers = 1, traces } = this.#options;
    const batches = batchesOf(items, layout, workers);
    const shares = Math.floor(workers / batches.length);
    for (const batch of batches) {
      const entries = batch.map(layout.entryOf);
      const task = {
        ...entries[0]!.how,
        id: this.#tasks,
        name: this.#loaded.name,
        study: this.#loaded.study,
        ...withTraces(entries, traces.length),
        part: null,
      };
      // What they are bound to is asked only where their work is spread.
      const bounds = shares > 1 ? batch.map(layout.boundOf) : [];
      const replications = Math.max(1, ...bounds.map((bound) => bound.replications));
      const apart = bounds.length === 1 ? untied(bounds[0]!) : 1;
      const tasks = splitTask(task, replications, shares, apart);
      this.#tasks += tasks.length;
      const parts = entries.flatMap(({ configuration }, i) => {
        const bound = bounds[i];
        return bound === undefined ? [] : [{ configuration, bound }];
      });
      const assembly = new Assembly(this.#loaded.name, parts, tasks);
      for (const { id } of tasks) running.set(id, assembly);
      yield* tasks;
    }
  }
}

/** What a job is to a thread. */
export type Entry = Pick<Job, 'configuration' | 'ownTrace' | 'how'>;

/** How things that are to be run are laid out, and what they are when their turn comes. */
export interface Layout<Item> {
  /** Equal for those that one run can serve. */
  readonly runOf: (item: Item) => unknown;
  /** Equal for those that the same chunks can feed, and that are bound alike. */
  readonly feedOf: (item: Item) => unknown;
  readonly entryOf: (item: Item) => Entry;
  readonly boundOf: (item: Item) => Bound;
}

/** Traces of the jobs' own are sent with them, counted on from the shared ones. */
function withTraces(
  batch: readonly Entry[],
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
function batchesOf<Item>(
  items: readonly Item[],
  { runOf, feedOf }: Layout<Item>,
  workers: number,
): readonly (readonly Item[])[] {
  const runs = groupBy(items, runOf);
  const groups = [...groupBy(runs.values(), ([first]) => feedOf(first!)).values()];
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
