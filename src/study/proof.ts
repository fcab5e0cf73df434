/**
 * A limit that was never reached gives the same result as any larger one: such a configuration is proved, not run. Which
 * configurations may prove which is fixed by the grid alone, so that results never depend on timing.
 */
import { type Bound, configurationKey } from './bind.ts';
import { digestText } from './digest.ts';
import { groupBy, Numbering } from './group.ts';
import type { Reached } from './task.ts';

/** The limits of a scenario, each with the extreme of a run that shows whether it was reached. */
const LIMITS: readonly {
  readonly of: (bound: Bound) => number;
  readonly reached: keyof Reached;
}[] = [
  { of: ({ scenario }) => scenario.max, reached: 'replicas' },
  { of: ({ scenario }) => scenario.queueLimit, reached: 'waiting' },
  { of: ({ scenario }) => scenario.queueTimeoutUs, reached: 'queueUs' },
  { of: ({ scenario }) => scenario.executionTimeoutUs, reached: 'serviceUs' },
  { of: ({ scenario }) => scenario.client.patienceUs, reached: 'latencyUs' },
];

/** `queue: none` is no smaller limit but another rule: who has no promise may not wait at all. */
const NO_QUEUE = 0;

/** What could prove a configuration: its own limit, and who has the largest. */
interface Prover {
  readonly index: number;
  readonly limit: number;
  readonly reached: keyof Reached;
}

export interface ProofPlan {
  /** Configurations by wave: a wave's provers lie in earlier ones. */
  readonly waves: readonly (readonly number[])[];
  /** Of those that may be proved. */
  readonly provers: ReadonlyMap<number, readonly Prover[]>;
}

/** Takes a grid's configurations one after another, in grid order, and keeps a few numbers of each. */
export class ProofPlanner {
  /** By limit, then by configuration. */
  readonly #limits: readonly number[][] = LIMITS.map(() => []);
  /** Equal for configurations that are equal in all but their limits. */
  readonly #alike: number[] = [];
  readonly #kinds = new Numbering<string>();

  add(bound: Bound): void {
    for (const [which, { of }] of LIMITS.entries()) this.#limits[which]!.push(of(bound));
    this.#alike.push(this.#kinds.of(digestText(configurationKey(unlimited(bound)))));
  }

  plan(): ProofPlan {
    const rows = this.#alike;
    const possible = new Map<number, Prover[]>();
    for (const [which, { reached }] of LIMITS.entries()) {
      const limits = this.#limits[which]!;
      if (limits.every((limit) => limit === limits[0])) continue;
      for (const chain of this.#chains(which).values()) {
        const largest = chain.reduce((most, index) => Math.max(most, limits[index]!), 0);
        const prover = chain.find((index) => limits[index] === largest)!;
        for (const index of chain) {
          const limit = limits[index]!;
          if (limit >= largest) continue;
          const provers = possible.get(index) ?? [];
          provers.push({ index: prover, limit, reached });
          possible.set(index, provers);
        }
      }
    }
    const waveOf = (index: number) => possible.get(index)?.length ?? 0;
    const waves: number[][] = [[]];
    for (const index of rows.keys()) {
      const wave = waveOf(index);
      while (waves.length <= wave) waves.push([]);
      waves[wave]!.push(index);
    }
    // In a grid with holes a prover may not have its turn before: then it takes no part.
    const provers = [...possible].map(([index, all]): [number, readonly Prover[]] => [
      index,
      all.filter((prover) => waveOf(prover.index) < waveOf(index)),
    ]);
    return { waves, provers: new Map(provers) };
  }

  /** A chain: configurations that are equal in all but this limit. */
  #chains(which: number): ReadonlyMap<number | string, readonly number[]> {
    const others = this.#limits.filter((_, other) => other !== which);
    const isQueue = LIMITS[which]!.reached === 'waiting';
    return groupBy(this.#alike.keys(), (index) =>
      isQueue && this.#limits[which]![index] === NO_QUEUE
        ? index
        : [this.#alike[index], ...others.map((limits) => limits[index])].join(),
    );
  }
}

/**
 * @param reachedOf the extremes of a configuration that has an outcome
 * @returns the configuration whose outcome this one is proved to share, if there is one
 */
export function proofOf(
  index: number,
  { provers }: ProofPlan,
  reachedOf: (index: number) => Reached | undefined,
): number | null {
  for (const prover of provers.get(index) ?? []) {
    const reached = reachedOf(prover.index);
    if (reached !== undefined && reached[prover.reached] <= prover.limit) return prover.index;
  }
  return null;
}

function unlimited(bound: Bound): Bound {
  const { scenario } = bound;
  const none = Number.POSITIVE_INFINITY;
  return {
    ...bound,
    scenario: {
      ...scenario,
      max: none,
      queueLimit: none,
      queueTimeoutUs: none,
      executionTimeoutUs: none,
      client: { ...scenario.client, patienceUs: none },
    },
  };
}
