/** A workload played twice without a pause, so that what is measured of the second pass begins as the first one ends. */
import type { Workload } from './workload.ts';
import type { WorkloadChunk } from './workload-chunk.ts';

const made = new WeakMap<Workload, Workload>();

/** The same for the same workload: configurations share it. Its dates are those of the second pass. */
export function twice(workload: Workload): Workload {
  const known = made.get(workload) ?? doubled(workload);
  made.set(workload, known);
  return known;
}

function doubled(workload: Workload): Workload {
  const { fromUs, toUs } = workload.period;
  const lengthUs = toUs - fromUs;
  const { requests, startAtEpochUs } = workload;
  return {
    ...workload,
    requests: requests === null ? null : 2 * requests,
    period: { fromUs, toUs: toUs + lengthUs },
    startAtEpochUs: startAtEpochUs === null ? null : startAtEpochUs - lengthUs,
    *chunks(seed, replication) {
      yield* workload.chunks(seed, replication);
      for (const chunk of workload.chunks(seed, replication)) yield later(chunk, lengthUs);
    },
  };
}

function later(chunk: WorkloadChunk, us: number): WorkloadChunk {
  const { arrivalUs, count } = chunk;
  return {
    ...chunk,
    arrivalUs: Float64Array.from({ length: count }, (_, i) => arrivalUs[i]! + us),
  };
}
