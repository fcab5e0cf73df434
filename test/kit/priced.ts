/** The bill of a single run, or of a reading by hand. */
import type { Reading } from '../../src/engine/totals.ts';
import type { BillingPlan } from '../../src/platform/billing.ts';
import { type Cost, type CostLine, meanCost } from '../../src/platform/cost.ts';

export interface Invoice {
  readonly lines: readonly CostLine[];
  readonly totalUsd: number;
}

/** @param periodUs over which what counts by the month accrues */
export function priceReading(plan: BillingPlan, reading: Reading, periodUs = 0): Invoice {
  const { lines, usd } = costOf(plan, reading, reading, periodUs);
  return { lines, totalUsd: usd };
}

export function costOf(
  plan: BillingPlan,
  whole: Reading,
  observed: Reading,
  observedUs: number,
): Cost {
  const cost = meanCost(plan, [{ whole, observed, observedUs }]);
  if (cost === null) throw new Error('no cost');
  return cost;
}
