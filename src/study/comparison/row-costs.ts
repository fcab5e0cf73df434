/** What rows are ordered by where some may have no price. */
import type { Result } from '../document.ts';
import { costsOf } from '../front.ts';

/** Dollars an hour, infinite for a row without a price; replica time where no row has one. */
export function rowCosts(results: readonly Result[]): readonly number[] {
  const usdPerHour = results.map(({ cost }) => cost?.usdPerHour ?? null);
  return usdPerHour.some((usd) => usd !== null)
    ? usdPerHour.map((usd) => usd ?? Number.POSITIVE_INFINITY)
    : costsOf(results);
}

/** Those that meet every objective, cheapest first, without a price last. */
export function metCheapestFirst(results: readonly Result[]): readonly number[] {
  const costs = rowCosts(results);
  return [...results.keys()]
    .filter((index) => results[index]!.slo?.met === true)
    .sort((a, b) => (costs[a] === costs[b] ? a - b : costs[a]! - costs[b]!));
}
