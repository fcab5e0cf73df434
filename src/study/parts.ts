/**
 * Fewer batches than threads: then the replications of a batch are spread over threads, and the deployments of a fleet that
 * nothing ties; what each counted is put together here, in their order, so that the outcome is the same as from one thread.
 */

import { type FleetTotals, joinFleets } from '../engine/fleet.ts';
import { outcomeOfRun } from './fleet-result.ts';
import { groupBy } from './group.ts';
import type { Job } from './job.ts';
import type { BatchResult, BatchTask, Outcome, Part, Range, Share } from './task.ts';

/**
 * Tasks that do the work of one, each a share of its replications, and with more shares than those of its deployments too;
 * ids count up from the task's own.
 * @param deployments of a fleet that nothing ties; 1 where they cannot run apart
 */
export function splitTask(
  task: BatchTask,
  replications: number,
  shares: number,
  deployments = 1,
): BatchTask[] {
  const byReplication = rangesOf(replications, shares);
  const byDeployment = rangesOf(deployments, Math.floor(shares / byReplication.length));
  const isWhole = byDeployment.length < 2;
  const parts = byReplication.flatMap((range) =>
    byDeployment.map((own) => ({ ...range, deployments: isWhole ? null : own })),
  );
  if (parts.length < 2) return [task];
  return parts.map((part, i) => ({ ...task, id: task.id + i, part }));
}

function rangesOf(things: number, shares: number): Range[] {
  const count = Math.max(1, Math.min(shares, things));
  return Array.from({ length: count }, (_, share) => ({
    from: Math.floor((things * share) / count),
    to: Math.floor((things * (share + 1)) / count),
  }));
}

/** What is needed to put an outcome together. */
export type PartJob = Pick<Job, 'configuration' | 'bound'>;

/** Takes results as they come and gives outcomes as soon as all their parts are there. */
export class Assembly {
  readonly #name: string;
  readonly #jobs: ReadonlyMap<number, PartJob>;
  readonly #tasks: ReadonlyMap<number, BatchTask>;
  readonly #parts = new Map<number, { share: Share | null; part: Part }[]>();

  constructor(name: string, jobs: readonly PartJob[], tasks: readonly BatchTask[]) {
    this.#name = name;
    this.#jobs = new Map(jobs.map((job) => [job.configuration.index, job]));
    this.#tasks = new Map(tasks.map((task) => [task.id, task]));
  }

  take({ id, outcomes, parts }: BatchResult): readonly Outcome[] {
    const share = this.#tasks.get(id)?.part ?? null;
    return [...outcomes, ...parts.flatMap((part) => this.#takePart(share, part))];
  }

  #takePart(share: Share | null, part: Part): Outcome[] {
    const { bound, configuration } = this.#jobs.get(part.index)!;
    const known = this.#parts.get(part.index) ?? [];
    known.push({ share, part });
    this.#parts.set(part.index, known);
    const ordered = known.sort((a, b) => placeOf(a.share) - placeOf(b.share));
    const counted = countedBy(ordered);
    if (counted.totals.length < bound.replications) return [];
    const { fleet } = bound;
    const isWhole = (run: FleetTotals) => run.deployments.length === fleet?.deployments.length;
    if (fleet !== null && !counted.fleets.every(isWhole)) return [];
    const identity = { index: part.index, name: this.#name, vary: configuration.overrides };
    return [
      outcomeOfRun(identity, bound, {
        ...counted,
        firstMeter: part.firstMeter,
        seconds: known.reduce((sum, entry) => sum + entry.part.seconds, 0),
        requests: known.reduce((sum, entry) => sum + entry.part.requests, 0),
      }),
    ];
  }
}

const MOST_DEPLOYMENTS = 2 ** 32;

function placeOf(share: Share | null): number {
  return (share?.from ?? 0) * MOST_DEPLOYMENTS + (share?.deployments?.from ?? 0);
}

/** By replication, the deployments of a fleet put together again. */
function countedBy(
  ordered: readonly { readonly share: Share | null; readonly part: Part }[],
): Pick<Part, 'totals' | 'fleets'> {
  const groups = [...groupBy(ordered, ({ share }) => share?.from ?? 0).values()];
  const runs = groups.map((group) => {
    const [first, ...others] = group.map(({ part }) => part);
    if (others.length === 0) return first!;
    const fleets = first!.fleets.map((fleet, i) =>
      joinFleets([fleet, ...others.map((other) => other.fleets[i]!)]),
    );
    return { totals: fleets.map(({ whole }) => whole), fleets };
  });
  return {
    totals: runs.flatMap(({ totals }) => totals),
    fleets: runs.flatMap(({ fleets }) => fleets),
  };
}
