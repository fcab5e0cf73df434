/** Which configurations are worth looking at: the cost/latency front, and the order of cost. */
import type { RowFigures } from './row-figures.ts';

type Costed = Pick<RowFigures, 'cost' | 'replicaTimeS'>;

/** Dollars an hour where every configuration has a price; else replica time, in seconds. */
export function costsOf(results: readonly Costed[]): readonly number[] {
  const usdPerHour = results.map(({ cost }) => cost?.usdPerHour ?? null);
  return usdPerHour.every((usd) => usd !== null)
    ? usdPerHour
    : results.map(({ replicaTimeS }) => replicaTimeS.total);
}

/**
 * Indexes of the results that no other beats: cheaper and not slower, or faster and not dearer. Of equals the first.
 * @param p99AllArrivedS of each; infinite where it is among failed requests
 */
export function frontOf(
  results: readonly Costed[],
  p99AllArrivedS: ArrayLike<number>,
): readonly number[] {
  const costs = costsOf(results);
  const latency = p99AllArrivedS;
  const byCost = [...results.keys()].sort(
    (a, b) => costs[a]! - costs[b]! || compareLatency(latency[a]!, latency[b]!) || a - b,
  );
  let best: number | null = null;
  const front = byCost.filter((index) => {
    if (best !== null && latency[index]! >= best) return false;
    best = latency[index]!;
    return true;
  });
  return front.sort((a, b) => a - b);
}

// Infinity minus Infinity is no order.
function compareLatency(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/** Those that meet every objective, cheapest first, ties in grid order. */
export function cheapestFirst(
  results: readonly (Costed & Pick<RowFigures, 'slo'>)[],
): readonly number[] {
  const costs = costsOf(results);
  return [...results.keys()]
    .filter((index) => results[index]!.slo?.met === true)
    .sort((a, b) => costs[a]! - costs[b]! || a - b);
}
