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
import type { BillingPlan } from './billing.ts';

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

/** @param firstMeter where the plan's meters begin among the reading's, for a run that several plans share */
export function priceReading(plan: BillingPlan, reading: Reading, firstMeter = 0): Invoice {
  const lines = linesOf(plan, meanUsage([reading], firstMeter));
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
 * request is a ratio of sums. The lines still add up.
 */
export function meanCost(
  plan: BillingPlan | null,
  runs: readonly RunReadings[],
  firstMeter = 0,
): Cost | null {
  if (plan === null) return null;
  const usage = meanUsage(
    runs.map(({ whole }) => whole),
    firstMeter,
  );
  const lines = linesOf(plan, usage);
  const usd = totalOf(lines);
  const observed = meanUsage(
    runs.map((run) => run.observed),
    firstMeter,
  );
  const observedUsd = totalOf(linesOf(plan, observed));
  const observedHours = divide(
    sum(runs.map(({ observedUs }) => exact(observedUs))),
    exact(BigInt(US_PER_H) * BigInt(runs.length)),
  );
  const usdPerHour = isZero(observedHours) ? null : divide(observedUsd, observedHours);
  return {
    usd: toNumber(usd),
    tailUsd: toNumber(subtract(usd, observedUsd)),
    usdPerHour: usdPerHour && toNumber(usdPerHour),
    usdPerMonth: usdPerHour && toNumber(multiply(usdPerHour, exact(HOURS_PER_MONTH))),
    usdPerThousandRequests: isZero(usage.completed)
      ? null
      : toNumber(multiply(divide(usd, usage.completed), exact(1000))),
    lines: lines.map(shownLine),
  };
}

interface Usage {
  readonly usedUs: Exact;
  readonly paidUs: Exact;
  readonly completed: Exact;
}

function meanUsage(readings: readonly Reading[], meter: number): Usage {
  assert(readings.length > 0, 'a mean over no runs');
  const mean = (count: (reading: Reading) => bigint): Exact =>
    divide(sum(readings.map((reading) => exact(count(reading)))), exact(readings.length));
  const timeOf = (reading: Reading) => {
    const time = reading.meters[meter];
    assert(time !== undefined, `no meter ${meter} in the reading`);
    return time;
  };
  return {
    usedUs: mean((reading) => timeOf(reading).usedUs),
    paidUs: mean((reading) => timeOf(reading).paidUs),
    completed: mean(({ completed }) => BigInt(completed)),
  };
}

interface ExactLine {
  readonly meter: string;
  readonly quantity: Exact;
  readonly unit: string;
  readonly usdPerUnit: Exact;
}

function linesOf(plan: BillingPlan, { usedUs, paidUs, completed }: Usage): ExactLine[] {
  const byRequest = plan.meters[0]?.scope === 'request';
  const lines: ExactLine[] = plan.rates.map(({ meter, unit, unitsPerReplicaUs, usdPerUnit }) => ({
    meter: byRequest && meter === 'replica time' ? 'request time' : meter,
    quantity: multiply(usedUs, unitsPerReplicaUs),
    unit,
    usdPerUnit,
  }));
  const roundedUs = subtract(paidUs, usedUs);
  if (!isZero(roundedUs)) lines.push(roundingLine(plan, roundedUs));
  if (!isZero(plan.usdPerRequest)) {
    const usdPerUnit = plan.usdPerRequest;
    lines.push({ meter: 'requests', quantity: completed, unit: 'requests', usdPerUnit });
  }
  return lines;
}

/** What quantum and minimum add: in the unit of the price if there is one, else in time of a whole replica. */
function roundingLine({ rates, usdPerReplicaUs }: BillingPlan, roundedUs: Exact): ExactLine {
  const [rate, second] = rates;
  if (rate !== undefined && second === undefined) {
    const { unit, unitsPerReplicaUs, usdPerUnit } = rate;
    return {
      meter: 'rounding',
      quantity: multiply(roundedUs, unitsPerReplicaUs),
      unit,
      usdPerUnit,
    };
  }
  return {
    meter: 'rounding',
    quantity: divide(roundedUs, exact(US_PER_H)),
    unit: 'replica h',
    usdPerUnit: multiply(usdPerReplicaUs, exact(US_PER_H)),
  };
}

const usdOf = ({ quantity, usdPerUnit }: ExactLine): Exact => multiply(quantity, usdPerUnit);

function totalOf(lines: readonly ExactLine[]): Exact {
  return sum(lines.map(usdOf));
}

function shownLine(line: ExactLine): CostLine {
  return {
    meter: line.meter,
    quantity: toNumber(line.quantity),
    unit: line.unit,
    usdPerUnit: toNumber(line.usdPerUnit),
    usd: toNumber(usdOf(line)),
  };
}
