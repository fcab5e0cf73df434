/**
 * The cheapest of many that met the SLO has also had the best luck. So it is run again on seeds that no search saw, and must
 * hold there at the far end of a one-sided interval. Candidate j may err with 2^-j x 5 %: over all candidates 5 % at most.
 */
import type { BindOptions } from './bind.ts';
import type { Confirmation, Confirmed } from './document.ts';
import { type Estimate, oneSidedBound } from './estimate.ts';
import { compare, type Objective } from './slo.ts';
import type { Outcome } from './task.ts';

export const LEAST_REPLICATIONS = 20;
/** Beyond it the error allowed is less than one in ten million. */
export const MOST_CANDIDATES = 20;
const TOTAL_ERROR = 0.05;

/** @param j from 1 */
export function errorOf(j: number): number {
  return TOTAL_ERROR * 2 ** -j;
}

/** What the trial of candidate j draws. */
export function freshLuck(
  j: number,
  replications: number,
): Pick<BindOptions, 'seedSuffix' | 'replications'> {
  return {
    seedSuffix: `/confirm/${j}`,
    replications: Math.max(replications, LEAST_REPLICATIONS),
  };
}

/**
 * Candidates one after another, until one holds.
 * @param candidates that met the objectives, the cheapest first
 * @param outcomeOf candidate j on its fresh seeds; null where it draws no luck: it holds once and for all
 */
export async function firstToHold(
  candidates: readonly number[],
  objectives: readonly Objective[],
  outcomeOf: (index: number, j: number) => Promise<Outcome | null>,
): Promise<{ readonly held: number | null; readonly confirmations: readonly Confirmation[] }> {
  const confirmations: Confirmation[] = [];
  for (const [i, index] of candidates.slice(0, MOST_CANDIDATES).entries()) {
    const outcome = await outcomeOf(index, i + 1);
    if (outcome === null) return { held: index, confirmations };
    const confirmation = confirmationOf(index, i + 1, objectives, outcome);
    confirmations.push(confirmation);
    if (confirmation.holds) return { held: index, confirmations };
  }
  return { held: null, confirmations };
}

/** @param outcome of the candidate on its fresh seeds */
export function confirmationOf(
  index: number,
  j: number,
  objectives: readonly Objective[],
  { result, perReplication }: Outcome,
): Confirmation {
  const error = errorOf(j);
  const judged = objectives.map((objective, i): Confirmed => {
    const { value, share } = result.slo!.objectives[i]!;
    const all = objective.kind === 'share' ? share : value;
    return confirmedOf(objective, { all, each: perReplication[i]! }, error);
  });
  return {
    index,
    seed: result.seed,
    replications: result.replications,
    error,
    holds: judged.every(({ holds }) => holds),
    objectives: judged,
  };
}

function confirmedOf(objective: Objective, estimate: Estimate, error: number): Confirmed {
  const upper = objective.kind !== 'share' && !objective.comparison.startsWith('>');
  // A largest value has no mean to be uncertain about: it is what it is over all replications.
  const isLargest =
    objective.kind === 'extreme'
      ? objective.statistic === 'max'
      : objective.kind === 'figure' && objective.figure === 'replicas.peak';
  const bound = isLargest
    ? estimate.all
    : oneSidedBound(estimate, upper ? 'upper' : 'lower', error);
  const needed =
    objective.kind === 'share'
      ? Number(objective.needed.numerator) / Number(objective.needed.denominator)
      : objective.value;
  const comparison =
    objective.kind === 'share' ? (objective.above ? '>' : '>=') : objective.comparison;
  return {
    objective: objective.text,
    holds: bound !== null && compare(bound, comparison, needed),
    estimate: estimate.all,
    bound,
    needed,
  };
}
