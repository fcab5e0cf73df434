/** What was recorded of a pool while it served the traffic of a study. Times are microseconds from the traffic's time 0. */

/** Counts of replicas, each holding until the next sample. Times ascend. */
export interface ReplicaSeries {
  readonly name: string;
  readonly atUs: Float64Array;
  readonly replicas: Float64Array;
}

export interface RecordedLatencies {
  readonly name: string;
  /** Arrivals, ascending. */
  readonly atUs: Float64Array;
  readonly latencyUs: Float64Array;
}

/** What was charged for [fromUs, toUs). */
export interface Invoice {
  readonly name: string;
  readonly fromUs: number;
  readonly toUs: number;
  readonly usd: number;
}

export interface Recorded {
  readonly replicas: ReplicaSeries | null;
  readonly latencies: RecordedLatencies | null;
  readonly invoices: readonly Invoice[];
}
