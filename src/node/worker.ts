/** What a thread does: one batch at a time, with the traces and the catalogue that it was started with. */
import { workerData } from 'node:worker_threads';
import { type Mistake, UserError } from '../base/errors.ts';
import type { Catalogue } from '../platform/catalogue.ts';
import type { Hardware } from '../platform/library.ts';
import { runBatch } from '../study/batch.ts';
import type { BatchResult, BatchTask } from '../study/task.ts';
import type { Trace } from '../workload/trace.ts';

export interface WorkerInput {
  readonly catalogue: Catalogue;
  readonly hardware: Hardware;
  readonly traces: readonly Trace[];
  /** One shared counter of request-runs since it was last read. */
  readonly progress: BigInt64Array;
}

/** An error class does not survive the way between threads: what happened travels as data. */
export type Answer =
  | { readonly kind: 'batch'; readonly batch: BatchResult }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] }
  | { readonly kind: 'fault'; readonly message: string; readonly stack: string };

const input = workerData as WorkerInput;

export async function run(task: BatchTask): Promise<Answer> {
  try {
    const batch = await runBatch(task, {
      catalogue: input.catalogue,
      hardware: input.hardware,
      traces: input.traces,
      now: () => performance.now() / 1_000,
      onProgress: (requestRuns) => void Atomics.add(input.progress, 0, BigInt(requestRuns)),
    });
    return { kind: 'batch', batch };
  } catch (error) {
    if (error instanceof UserError) return { kind: 'mistakes', mistakes: error.mistakes };
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { kind: 'fault', message, stack: stack ?? '' };
  }
}
