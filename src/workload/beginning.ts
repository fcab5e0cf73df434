/** The beginning of a workload as one of its own: what a search looks at before it pays for the whole. */
import type { Workload } from './workload.ts';
import type { WorkloadChunk } from './workload-chunk.ts';

/**
 * The requests that arrive before `untilUs`, in a period that ends there. They are the same, with the same luck, as in the
 * whole: a run of the beginning is the run of the whole up to then.
 */
export function beginningOf(workload: Workload, untilUs: number): Workload {
  const { fromUs, toUs } = workload.period;
  return {
    ...workload,
    requests: null,
    period: { fromUs: Math.min(fromUs, untilUs), toUs: Math.min(toUs, untilUs) },
    *chunks(seed, replication) {
      for (const chunk of workload.chunks(seed, replication)) {
        const count = rowsBefore(chunk, untilUs);
        if (count === chunk.count) yield chunk;
        else {
          if (count > 0) yield firstRows(chunk, count);
          return;
        }
      }
    },
  };
}

/** Arrivals ascend: by halving. */
function rowsBefore({ arrivalUs, count }: WorkloadChunk, untilUs: number): number {
  if (count === 0 || arrivalUs[count - 1]! < untilUs) return count;
  let below = 0;
  let above = count;
  while (below < above) {
    const middle = (below + above) >>> 1;
    if (arrivalUs[middle]! < untilUs) below = middle + 1;
    else above = middle;
  }
  return below;
}

function firstRows(chunk: WorkloadChunk, count: number): WorkloadChunk {
  const { endpoint, inputTokens, cachedTokens, outputTokens } = chunk;
  return {
    count,
    arrivalUs: chunk.arrivalUs.subarray(0, count),
    serviceUs: chunk.serviceUs.subarray(0, count),
    ...(endpoint && { endpoint: endpoint.subarray(0, count) }),
    ...(inputTokens && { inputTokens: inputTokens.subarray(0, count) }),
    ...(cachedTokens && { cachedTokens: cachedTokens.subarray(0, count) }),
    ...(outputTokens && { outputTokens: outputTokens.subarray(0, count) }),
  };
}
