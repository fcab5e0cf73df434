/**
 * A limit that was never reached gives the same result as any larger one: such a configuration is proved, not run. Which
 * configurations may prove which is fixed by the grid alone, so that results never depend on timing.
 */
import { type Bound, configurationKey } from './bind.ts';
import { groupBy } from './group.ts';
import type { Outcome, Reached } from './task.ts';

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
  readonly provers: readonly (readonly Prover[])[];
}

/** @param points in grid order */
export function planProofs(points: readonly Bound[]): ProofPlan {
  const possible = points.map((): Prover[] => []);
  const limits = points.map((bound) => LIMITS.map(({ of }) => of(bound)));
  const alike = likeNumbers(points.map((bound) => configurationKey(unlimited(bound))));
  for (const [which, { reached }] of LIMITS.entries()) {
    const limitOf = (index: number) => limits[index]![which]!;
    // A chain: configurations that are equal in all but this limit.
    const chains = groupBy(points.keys(), (index) =>
      reached === 'waiting' && limitOf(index) === NO_QUEUE
        ? index
        : [alike[index], ...limits[index]!.toSpliced(which, 1)].join(),
    );
    for (const chain of chains.values()) {
      const largest = Math.max(...chain.map(limitOf));
      const prover = chain.find((index) => limitOf(index) === largest)!;
      for (const index of chain) {
        const limit = limitOf(index);
        if (limit < largest) possible[index]!.push({ index: prover, limit, reached });
      }
    }
  }
  const wave = possible.map((provers) => provers.length);
  const waves: number[][] = Array.from({ length: Math.max(0, ...wave) + 1 }, () => []);
  for (const index of points.keys()) waves[wave[index]!]!.push(index);
  return {
    waves,
    // In a grid with holes a prover may not have its turn before: then it takes no part.
    provers: possible.map((provers, i) => provers.filter(({ index }) => wave[index]! < wave[i]!)),
  };
}

/** @returns the outcome that this configuration is proved to share, if there is one */
export function proofOf(
  index: number,
  { provers }: ProofPlan,
  outcomes: readonly (Outcome | undefined)[],
): Outcome | null {
  for (const prover of provers[index]!) {
    const outcome = outcomes[prover.index];
    if (outcome !== undefined && outcome.reached[prover.reached] <= prover.limit) return outcome;
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

/** Equal texts as equal numbers: long keys are compared once. */
function likeNumbers(texts: readonly string[]): readonly number[] {
  const numbers = new Map<string, number>();
  return texts.map((text) => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  });
}
