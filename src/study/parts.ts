/**
 * Fewer batches than threads: then the replications of a batch are spread over threads, and what each counted is put
 * together here, in the order of replications, so that the outcome is the same as from one thread.
 */

import { outcomeOfRun } from './fleet-result.ts';
import type { Job } from './job.ts';
import type { BatchResult, BatchTask, Outcome, Part } from './task.ts';

/** Tasks that do the work of one, each a share of its replications; ids count up from the task's own. */
export function splitTask(task: BatchTask, replications: number, shares: number): BatchTask[] {
  const count = Math.min(shares, replications);
  if (count < 2) return [task];
  return Array.from({ length: count }, (_, share) => ({
    ...task,
    id: task.id + share,
    part: {
      from: Math.floor((replications * share) / count),
      to: Math.floor((replications * (share + 1)) / count),
    },
  }));
}

/** Takes results as they come and gives outcomes as soon as all their parts are there. */
export class Assembly {
  readonly #name: string;
  readonly #jobs: ReadonlyMap<number, Job>;
  readonly #tasks: ReadonlyMap<number, BatchTask>;
  readonly #parts = new Map<number, { from: number; part: Part }[]>();

  constructor(name: string, jobs: readonly Job[], tasks: readonly BatchTask[]) {
    this.#name = name;
    this.#jobs = new Map(jobs.map((job) => [job.index, job]));
    this.#tasks = new Map(tasks.map((task) => [task.id, task]));
  }

  take({ id, outcomes, parts }: BatchResult): readonly Outcome[] {
    const from = this.#tasks.get(id)?.part?.from ?? 0;
    return [...outcomes, ...parts.flatMap((part) => this.#takePart(from, part))];
  }

  #takePart(from: number, part: Part): Outcome[] {
    const { bound, configuration } = this.#jobs.get(part.index)!;
    const known = this.#parts.get(part.index) ?? [];
    known.push({ from, part });
    this.#parts.set(part.index, known);
    const ordered = known.sort((a, b) => a.from - b.from).map((entry) => entry.part);
    const totals = ordered.flatMap((entry) => entry.totals);
    if (totals.length < bound.replications) return [];
    const identity = { index: part.index, name: this.#name, vary: configuration.overrides };
    return [
      outcomeOfRun(identity, bound, {
        totals,
        fleets: ordered.flatMap((entry) => entry.fleets),
        firstMeter: part.firstMeter,
        seconds: ordered.reduce((sum, entry) => sum + entry.seconds, 0),
        requests: ordered.reduce((sum, entry) => sum + entry.requests, 0),
      }),
    ];
  }
}
