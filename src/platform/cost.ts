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
import { accountLines, type Line, mean, usageOf, usdOf } from './invoice.ts';

export interface CostLine {
  /** What was measured: `replica time`, `rounding`, `requests`. */
  readonly meter: string;
  readonly quantity: number;
  /** Of the quantity, as the price is published. */
  readonly unit: string;
  readonly usdPerUnit: number;
  readonly usd: number;
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
 * The cost of the mean of several runs of one configuration, null without a price: quantities and dollars are means, and a price per hour or per
 * request is a ratio of sums. The lines still add up. What counts by the month counts by the observed period, in the whole
 * invoice too: what accrues after it has no part in a plan or a free tier and is paid at the first price.
 * @param firstMeter where the plan's meters begin among the readings', for a run that several plans share
 */
export function meanCost(
  plan: BillingPlan | null,
  runs: readonly RunReadings[],
  firstMeter = 0,
): Cost | null {
  if (plan === null) return null;
  assert(runs.length > 0, 'a mean over no runs');
  return costOfBill(billOf([{ plan, runs, firstMeter }])[0]!, runs);
}

/** A pool of several, with the runs of it. */
export interface PricedPool {
  readonly plan: BillingPlan;
  readonly runs: readonly RunReadings[];
  /** Pools of one account share what counts by the month. */
  readonly account: string;
}

/** The mean bill of each pool: see `accountLines` for what those of an account share. */
export function poolBills(pools: readonly PricedPool[]): readonly Bill[] {
  const bills: Bill[] = [];
  for (const account of new Set(pools.map((pool) => pool.account))) {
    const places = pools.flatMap((pool, place) => (pool.account === account ? [place] : []));
    const own = billOf(places.map((place) => ({ ...pools[place]!, firstMeter: 0 })));
    for (const [i, place] of places.entries()) bills[place] = own[i]!;
  }
  return bills;
}

/**
 * What pools cost together: their bills one after the other, each line after its pool's label.
 * @param runs the totals of these pools together
 */
export function costOfBills(
  bills: readonly { readonly label: string | null; readonly bill: Bill }[],
  runs: readonly RunReadings[],
): Cost {
  const lines = bills.flatMap(({ label, bill }) =>
    label === null
      ? bill.lines
      : bill.lines.map((line) => ({ ...line, meter: `${label}: ${line.meter}` })),
  );
  const observedUsd = sum(bills.map(({ bill }) => bill.observedUsd));
  return costOfBill({ lines, observedUsd }, runs);
}

/** Exact, and of the mean of several runs. */
export interface Bill {
  readonly lines: readonly Line[];
  readonly observedUsd: Exact;
}

/** The mean bills of pools of one account. */
function billOf(
  pools: readonly {
    readonly plan: BillingPlan;
    readonly runs: readonly RunReadings[];
    readonly firstMeter: number;
  }[],
): readonly Bill[] {
  type Part = 'whole' | 'observed';
  const usagesOf = ({ plan, runs, firstMeter }: (typeof pools)[number], part: Part) =>
    runs.map((run) => usageOf(plan, run[part], firstMeter, run.observedUs));
  const linesOf = (part: Part) =>
    accountLines(
      pools.map((pool) => ({
        plan: pool.plan,
        usages: usagesOf(pool, part),
        within: usagesOf(pool, 'observed'),
      })),
    );
  const observed = linesOf('observed');
  return linesOf('whole').map((lines, i) => ({ lines, observedUsd: totalOf(observed[i]!) }));
}

function costOfBill({ lines, observedUsd }: Bill, runs: readonly RunReadings[]): Cost {
  const usd = totalOf(lines);
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
