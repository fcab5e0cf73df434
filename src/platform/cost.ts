/** What a run cost: integers that the engine counted times exact prices, and doubles only at the very end. */
import {
  divide,
  type Exact,
  exact,
  isZero,
  multiply,
  subtract,
  sum,
  toNumber,
} from '../base/decimal.ts';
import { assert } from '../base/errors.ts';
import { HOURS_PER_MONTH, US_PER_H } from '../base/units.ts';
import type { Reading } from '../engine/totals.ts';
import type { BillingPlan } from './billing-plan.ts';
import { invoiceLines, type Line, mean, usageOf, usdOf } from './invoice.ts';

export interface CostLine {
  readonly meter: string;
  readonly quantity: number;
  readonly unit: string;
  readonly usdPerUnit: number;
  readonly usd: number;
}

export interface Invoice {
  /** They add up to the total exactly, before each becomes a double. */
  readonly lines: readonly CostLine[];
  readonly totalUsd: number;
}

export interface Cost {
  /** The invoice of the whole run. */
  readonly usd: number;
  /** Of it, what accrued after the observed period. */
  readonly tailUsd: number;
  /** What accrued within the observed period over its length; null where that is 0. */
  readonly usdPerHour: number | null;
  /** 730 hours like these. */
  readonly usdPerMonth: number | null;
  /** The whole invoice over the completed requests; null where there are none. */
  readonly usdPerThousandRequests: number | null;
  readonly lines: readonly CostLine[];
}

export interface RunReadings {
  readonly whole: Reading;
  readonly observed: Reading;
  readonly observedUs: number;
}

/**
 * @param firstMeter where the plan's meters begin among the reading's, for a run that several plans share
 * @param periodUs over which what counts by the month accrues: plans, storage, free tiers, credits, commitments
 */
export function priceReading(
  plan: BillingPlan,
  reading: Reading,
  firstMeter = 0,
  periodUs = 0,
): Invoice {
  const lines = invoiceLines(plan, [usageOf(plan, reading, firstMeter, periodUs)]);
  return { lines: lines.map(shownLine), totalUsd: toNumber(totalOf(lines)) };
}

/** The cost of one run; null without a price. */
export function costOf(
  plan: BillingPlan | null,
  whole: Reading,
  observed: Reading,
  observedUs: number,
): Cost | null {
  return meanCost(plan, [{ whole, observed, observedUs }]);
}

/**
 * The cost of the mean of several runs of one configuration: quantities and dollars are means, and a price per hour or per
 * request is a ratio of sums. The lines still add up. What counts by the month counts by the observed period, in the whole
 * invoice too: what accrues after it has no part in a plan or a free tier.
 */
export function meanCost(
  plan: BillingPlan | null,
  runs: readonly RunReadings[],
  firstMeter = 0,
): Cost | null {
  if (plan === null) return null;
  assert(runs.length > 0, 'a mean over no runs');
  const usages = (reading: 'whole' | 'observed') =>
    runs.map((run) => usageOf(plan, run[reading], firstMeter, run.observedUs));
  const lines = invoiceLines(plan, usages('whole'));
  const usd = totalOf(lines);
  const observedUsd = totalOf(invoiceLines(plan, usages('observed')));
  const observedHours = divide(
    sum(runs.map(({ observedUs }) => exact(observedUs))),
    exact(BigInt(US_PER_H) * BigInt(runs.length)),
  );
  const usdPerHour = isZero(observedHours) ? null : divide(observedUsd, observedHours);
  const completed = mean(runs.map(({ whole }) => exact(whole.completed)));
  return {
    usd: toNumber(usd),
    tailUsd: toNumber(subtract(usd, observedUsd)),
    usdPerHour: usdPerHour && toNumber(usdPerHour),
    usdPerMonth: usdPerHour && toNumber(multiply(usdPerHour, exact(HOURS_PER_MONTH))),
    usdPerThousandRequests: isZero(completed)
      ? null
      : toNumber(multiply(divide(usd, completed), exact(1000))),
    lines: lines.map(shownLine),
  };
}

function totalOf(lines: readonly Line[]): Exact {
  return sum(lines.map(usdOf));
}

function shownLine(line: Line): CostLine {
  return {
    meter: line.meter,
    quantity: toNumber(line.quantity),
    unit: line.unit,
    usdPerUnit: toNumber(line.usdPerUnit),
    usd: toNumber(usdOf(line)),
  };
}
