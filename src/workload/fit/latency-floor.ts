/** Latency at no wait at all: what no number of replicas can go below. */
import { streamOf } from '../../base/random.ts';
import type { Distribution } from '../../engine/distribution.ts';
import { orderStatistic, type Quantiles, quantilesOf } from '../statistics.ts';

export interface LatencyFloor extends Quantiles {
  readonly p95Us: number;
  readonly maxUs: number;
  readonly meanUs: number;
  /** What the figures are over. */
  readonly requests: number;
  /** Requests that take at most so long when nothing makes them wait. */
  requestsWithin(us: number): number;
}

const DRAWS = 100_000;

/** @param service whole microseconds, or what they are drawn from: then by so many draws, 0.3 % of a share at worst */
export function latencyFloor(
  service: Float64Array | Distribution,
  overheadUs: number,
): LatencyFloor {
  const durations = service instanceof Float64Array ? service.slice() : drawsOf(service);
  const sorted = durations.sort();
  const { length } = sorted;
  for (let i = 0; i < length; i++) sorted[i]! += overheadUs;
  return {
    ...quantilesOf(sorted),
    p95Us: orderStatistic(sorted, 0.95),
    maxUs: sorted[length - 1]!,
    meanUs: sorted.reduce((sum, us) => sum + us, 0) / length,
    requests: length,
    requestsWithin: (us) => rowsWithin(sorted, us),
  };
}

function drawsOf(distribution: Distribution): Float64Array {
  const uniforms = streamOf('floor', 0, 'service');
  return Float64Array.from({ length: DRAWS }, () => Math.round(distribution.sample(uniforms)));
}

function rowsWithin(sorted: Float64Array, us: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= us) low = middle + 1;
    else high = middle;
  }
  return low;
}
