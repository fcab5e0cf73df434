/** Batches over threads. What travels is the study's plain data and results; traces are shared columns, copied never. */
import { Piscina } from 'piscina';
import { UserError } from '../base/errors.ts';
import type { Catalogue } from '../platform/catalogue.ts';
import { type Hardware, NO_HARDWARE } from '../platform/library.ts';
import type { BatchHooks, BatchTask, RunBatches } from '../study/task.ts';
import type { Trace } from '../workload/trace.ts';
import { PACKAGE_ROOT } from './package-files.ts';
import type { Answer, WorkerInput } from './worker.ts';

export interface ThreadsOptions {
  readonly workers: number;
  readonly catalogue: Catalogue;
  readonly hardware?: Hardware;
  /** Their columns lie in shared memory. */
  readonly traces: readonly Trace[];
  /** Threads load built files; tests put another in its place. */
  readonly workerFile?: string;
}

export interface Threads {
  readonly runBatches: RunBatches;
  close(): Promise<void>;
}

const WORKER_FILE = `${PACKAGE_ROOT}dist/node/worker.js`;
const PROGRESS_EVERY_MS = 100;

/** A thread is gone, with what it was running: a fault of ours, or memory that the machine does not have. */
export class WorkerDied extends Error {
  override readonly name = 'WorkerDied';
}

/** Threads that live until they are closed; whoever starts them closes them. */
export function startThreads(options: ThreadsOptions): Threads {
  const { workers, catalogue, hardware = NO_HARDWARE, traces, workerFile } = options;
  const progress = new BigInt64Array(new SharedArrayBuffer(8));
  const pool = new Piscina<BatchTask, Answer>({
    filename: workerFile ?? WORKER_FILE,
    name: 'run',
    minThreads: workers,
    maxThreads: workers,
    idleTimeout: Number.POSITIVE_INFINITY,
    workerData: { catalogue, hardware, traces, progress } satisfies WorkerInput,
  });
  return {
    runBatches: async (tasks, hooks) => {
      const report = (): void => {
        const done = Number(Atomics.exchange(progress, 0, 0n));
        if (done > 0) hooks.onProgress(done);
      };
      const ticker = setInterval(report, PROGRESS_EVERY_MS);
      try {
        await runAll(pool, workers, tasks, hooks);
        report();
      } finally {
        clearInterval(ticker);
      }
    },
    close: () => pool.destroy(),
  };
}

/** After a failure no batch is begun, but those that are running may end and be kept. */
async function runAll(
  pool: Piscina<BatchTask, Answer>,
  workers: number,
  tasks: Iterable<BatchTask>,
  hooks: BatchHooks,
): Promise<void> {
  const waiting = tasks[Symbol.iterator]();
  const failures: unknown[] = [];
  const work = async (): Promise<void> => {
    while (failures.length === 0) {
      const next = waiting.next();
      if (next.done) return;
      await runOne(pool, next.value, hooks).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  if (failures.length > 0) throw failures[0];
}

async function runOne(
  pool: Piscina<BatchTask, Answer>,
  task: BatchTask,
  hooks: BatchHooks,
): Promise<void> {
  const { signal } = hooks;
  signal?.throwIfAborted();
  const answer = await pool.run(task, { signal: signal ?? null }).catch((error: unknown) => {
    throw signal?.aborted ? signal.reason : died(error, task);
  });
  if (answer.kind === 'mistakes') throw new UserError(answer.mistakes);
  if (answer.kind === 'fault') {
    throw Object.assign(new Error(answer.message), { stack: answer.stack });
  }
  hooks.onBatch(answer.batch);
}

function died(error: unknown, { configurations }: BatchTask): WorkerDied {
  const reason = error instanceof Error ? error.message : String(error);
  const which = configurations.map(({ index }) => index).join(', ');
  return new WorkerDied(
    `a worker thread died while it ran configuration ${which} (${reason}); what was finished before is kept`,
  );
}
