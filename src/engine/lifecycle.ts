/** What happens to replicas beyond their start phases and idle windows. Times in microseconds; Infinity for never. */
import type { StartPath } from './start-paths.ts';
import type { WeatherRule } from './weather.ts';

/** Weights that starting replicas load over one link, each at most at its own speed, all together at most at the link's. */
export interface LinkRule {
  /** Which of the start phases it is. What that phase's time says gives way to the link. */
  readonly phase: number;
  /** By path, in the order of shortcuts, then the start phases as they stand; 0 where a path takes nothing over the link. */
  readonly bytes: readonly number[];
  readonly ownBytesPerUs: number;
  readonly allBytesPerUs: number;
}

export interface Lifecycle {
  /** Shorter ways to start, tried in order before the start phases as they stand. */
  readonly shortcuts: readonly StartPath[];
  /** How long after a replica left another start may revive it; 0 for never. The first shortcut is that way then. */
  readonly reviveWithinUs: number;
  readonly link: LinkRule | null;
  /** The chance, below 1, that a start comes to nothing, at its end. */
  readonly startFailure: number;
  /** Above 0. A start that takes longer comes to nothing then. */
  readonly startTimeoutUs: number;
  /** Periods of shortage: starts within one wait for its end in the phase `capacityPhase`. */
  readonly weather: WeatherRule | null;
  readonly capacityPhase: number;
  /** Spot capacity: mean time from a start to its notice, time from the notice to the end; whether spells reclaim all. */
  readonly preemption: {
    readonly meanUs: number;
    readonly noticeUs: number;
    readonly inSpells: boolean;
  } | null;
  /** Mean time from readiness to a crash. */
  readonly crashMeanUs: number;
  /** Above 0, from readiness; the replica then ends what it serves and leaves. */
  readonly maxAgeUs: number;
  /** When all replicas are replaced, ascending. */
  readonly rolloutsUs: readonly number[];
  /** How long a replica that is to leave may finish what it serves. */
  readonly drainTimeoutUs: number;
  /** What a replica did not finish: tried again by the platform at once, or failed. */
  readonly interrupted: 'requeue' | 'fail';
}
