/** The extremes of all replications of a configuration: what proves, for another, that a limit was never reached. */
import type { Scenario } from '../engine/scenario.ts';
import type { RunTotals } from '../engine/totals.ts';
import type { Reached } from './task.ts';

/** Beyond any limit: proves nothing. */
const ANY = Number.MAX_VALUE;

/**
 * With a controller no limit is proved unreached: it goes on looking as long as anything is to come, a deadline too.
 * Requests that were stranded waited until nothing was to come, and a deadline is: with one they would have waited for it.
 * A service that was interrupted has not shown how long it would have been, nor its request how late.
 */
export function reachedOf(
  runs: readonly RunTotals[],
  { control }: Pick<Scenario, 'control'>,
): Reached {
  const most = (key: keyof Reached) =>
    control === null ? Math.max(...runs.map(({ reached }) => reached[key])) : ANY;
  const isStranded = runs.some(({ stranded }) => stranded > 0);
  const isInterrupted = runs.some(({ mishaps }) => mishaps.interrupted > 0);
  return {
    replicas: most('replicas'),
    waiting: most('waiting'),
    queueUs: isStranded ? ANY : most('queueUs'),
    serviceUs: isInterrupted ? ANY : most('serviceUs'),
    latencyUs: isStranded || isInterrupted ? ANY : most('latencyUs'),
  };
}
