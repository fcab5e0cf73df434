/** What a controller may look at, at one instant: a pool shows itself so. Cumulative figures count from time 0. */
export interface ControlView {
  readonly nowUs: number;
  /** `replicas.min` now, and `replicas.max`. */
  readonly floor: number;
  readonly max: number;
  /** Replicas that start, and that are idle or busy; draining ones are in neither. */
  readonly starting: number;
  readonly ready: number;
  readonly busy: number;
  /** Requests in service, and requests that wait. */
  readonly inService: number;
  readonly waiting: number;
  /** Slots a replica. */
  readonly concurrency: number;
  /** How long the longest-waiting request has waited; 0 if none waits. */
  oldestWaitUs(): number;
  /** How many requests have waited strictly longer. */
  waitingLongerThan(waitUs: number): number;
  /** Integrals up to now, exact to 2^53: requests in service, requests waiting, busy replicas. */
  inServiceUs(): number;
  waitingUs(): number;
  busyUs(): number;
  /** Attempts that arrived, attempts refused, services ended. */
  readonly attempts: number;
  readonly refused: number;
  readonly completed: number;
  /** Input and output tokens of requests in service or waiting, and of completed ones. */
  readonly tokensInFlight: number;
  readonly tokensCompleted: number;
  /** The quantile of latencies of requests that completed in (now - windowUs, now]; 0 if none did. */
  latencyUs(quantile: number, windowUs: number): number;
}
