/**
 * The lines of a bill over what a run counted, exact: usage, what rounding adds, what is free, what tiers, credit and
 * commitment change, the plan. A plan has the same lines whatever was counted, so that lines of several runs have means.
 */
import {
  add,
  divide,
  type Exact,
  exact,
  isZero,
  multiply,
  subtract,
  sum,
  ZERO,
} from '../base/decimal.ts';
import { assert } from '../base/errors.ts';
import { HOURS_PER_MONTH, US_PER_H } from '../base/units.ts';
import type { Reading } from '../engine/totals.ts';
import {
  type Allowance,
  type BillingPlan,
  type Counted,
  type Covered,
  RESOURCE_LINE,
  type TimedMeter,
  usdPerReplicaUs,
} from './billing-plan.ts';
import type { Price, Resource } from './price-keys.ts';

export interface Line {
  readonly meter: string;
  readonly quantity: Exact;
  readonly unit: string;
  readonly usdPerUnit: Exact;
  /** Shown even where nothing was counted. */
  readonly isAlways: boolean;
}

/** What a plan's meters and counts come to in one run, or on the mean of several. */
export interface Usage {
  /** As the plan's timed meters: microseconds used and paid, without what always-on capacity covers. */
  readonly times: readonly { readonly usedUs: Exact; readonly paidUs: Exact }[];
  /** As the plan's counts. */
  readonly counts: readonly Exact[];
  readonly periodUs: Exact;
}

export const usdOf = ({ quantity, usdPerUnit }: Line): Exact => multiply(quantity, usdPerUnit);

export function usageOf(
  plan: BillingPlan,
  reading: Reading,
  firstMeter: number,
  periodUs: number,
): Usage {
  return {
    times: plan.timed.map(({ meter, covered }) => {
      const time = reading.meters[firstMeter + meter];
      assert(time !== undefined, `no meter ${firstMeter + meter} in the reading`);
      const coveredUs = coveredBy(reading, covered);
      return {
        usedUs: exact(above(time.usedUs, coveredUs)),
        paidUs: exact(above(time.paidUs, coveredUs)),
      };
    }),
    counts: plan.counts.map(({ counted }) => exact(countOf(reading, counted, periodUs))),
    periodUs: exact(periodUs),
  };
}

/**
 * @param usages one for each run
 * @returns the lines of the mean invoice, without those that are nothing in every run
 */
export function invoiceLines(plan: BillingPlan, usages: readonly Usage[]): readonly Line[] {
  // Where every line is in proportion to what was counted, the mean is priced once.
  const each = isProportional(plan) ? [meanUsage(usages)] : usages;
  const [first = [], ...others] = each.map((usage) => linesOf(plan, usage));
  const lines = first.map((line, i) => ({
    ...line,
    quantity: mean([line.quantity, ...others.map((other) => other[i]!.quantity)]),
  }));
  return lines.filter(({ isAlways, quantity }) => isAlways || !isZero(quantity));
}

export function mean(values: readonly Exact[]): Exact {
  return values.length === 1 ? values[0]! : divide(sum(values), exact(values.length));
}

function meanUsage(usages: readonly Usage[]): Usage {
  const [first] = usages;
  assert(first !== undefined, 'a mean over no runs');
  const of = (value: (usage: Usage) => Exact): Exact => mean(usages.map(value));
  return {
    times: first.times.map((_, i) => ({
      usedUs: of(({ times }) => times[i]!.usedUs),
      paidUs: of(({ times }) => times[i]!.paidUs),
    })),
    counts: first.counts.map((_, i) => of(({ counts }) => counts[i]!)),
    periodUs: of(({ periodUs }) => periodUs),
  };
}

function isProportional({ allowances, creditUsd, commitmentUsd }: BillingPlan): boolean {
  return allowances.length === 0 && isZero(creditUsd) && isZero(commitmentUsd);
}

function above(us: bigint, coveredUs: bigint): bigint {
  return us > coveredUs ? us - coveredUs : 0n;
}

function coveredBy(reading: Reading, covered: Covered): bigint {
  return covered === 'nothing' ? 0n : BigInt(countOf(reading, covered, 0));
}

function countOf(reading: Reading, counted: Counted, periodUs: number): bigint | number {
  switch (counted) {
    case 'floor':
      return reading.floorUs;
    case 'keptIdle':
      return reading.idleKeptUs;
    case 'floorBusy':
      // The integral of min(busy, min), wherever the floor's replicas are ready.
      return reading.floorUs - reading.idleKeptUs;
    case 'freshTokens':
      return reading.inputTokens - reading.cachedTokens;
    case 'periodUs':
      return periodUs;
    default:
      return reading[counted];
  }
}

function linesOf(plan: BillingPlan, usage: Usage): Line[] {
  const quantities = new Map<Resource, Exact>();
  const tally = (resource: Resource, quantity: Exact): void => {
    quantities.set(resource, add(quantities.get(resource) ?? ZERO, quantity));
  };
  const time = plan.timed.flatMap((meter, i) => {
    const { usedUs, paidUs } = usage.times[i]!;
    if (meter.isTiered) {
      for (const { resource, perReplicaUs } of meter.rates) {
        tally(resource, multiply(paidUs, perReplicaUs));
      }
    }
    return timeLines(plan, meter, usedUs, paidUs);
  });
  const counts = plan.counts.map(({ line, resource, perCounted, price, isTiered }, i) => {
    const amount = multiply(usage.counts[i]!, perCounted);
    if (isTiered) tally(resource, amount);
    return lineOf(line, amount, price, true);
  });
  const months = divide(usage.periodUs, exact(BigInt(HOURS_PER_MONTH) * BigInt(US_PER_H)));
  const changes = plan.allowances.flatMap((allowance) =>
    allowanceLines(allowance, quantities.get(allowance.resource) ?? ZERO, months),
  );
  const lines = [...time, ...counts, ...changes];
  return [...lines, ...monthlyLines(plan, sum(lines.map(usdOf)), months)];
}

function lineOf(meter: string, amount: Exact, price: Price, isAlways: boolean): Line {
  const { unit, unitsPerResource, usdPerUnit } = price;
  return { meter, quantity: multiply(amount, unitsPerResource), unit, usdPerUnit, isAlways };
}

function timeLines(
  plan: BillingPlan,
  { name, meter, rates }: TimedMeter,
  usedUs: Exact,
  paidUs: Exact,
): Line[] {
  const byRequest = plan.meters[meter]?.scope === 'request';
  const whole = byRequest ? 'request time' : 'replica time';
  const lines = rates.map(({ resource, perReplicaUs, price }) => {
    const isWhole =
      resource === 'gpuSeconds' || resource === 'replicaSeconds' || rates.length === 1;
    const part = name === null && isWhole ? whole : RESOURCE_LINE[resource];
    const label = name === null ? part : rates.length === 1 ? name : `${name}: ${part}`;
    return lineOf(label, multiply(usedUs, perReplicaUs), price, true);
  });
  return [...lines, roundingLine(name, rates, subtract(paidUs, usedUs))];
}

/** What quantum and minimum add: in the unit of the price if there is one, else in time of a whole replica. */
function roundingLine(name: string | null, rates: TimedMeter['rates'], roundedUs: Exact): Line {
  const meter = name === null ? 'rounding' : `${name}: rounding`;
  const [rate, second] = rates;
  if (rate !== undefined && second === undefined) {
    return lineOf(meter, multiply(roundedUs, rate.perReplicaUs), rate.price, false);
  }
  return {
    meter,
    quantity: divide(roundedUs, exact(US_PER_H)),
    unit: 'replica h',
    usdPerUnit: multiply(usdPerReplicaUs(rates), exact(US_PER_H)),
    isAlways: false,
  };
}

/** Free first; tiers count what is left to pay. Each line is what it changes, so that the first price stands above it. */
function allowanceLines(
  { resource, price, free, tiers }: Allowance,
  quantity: Exact,
  months: Exact,
): Line[] {
  const freeOf = least(multiply(free, months), quantity);
  const paid = subtract(quantity, freeOf);
  const line = (meter: string, amount: Exact, usdPerUnit: Exact) =>
    lineOf(`${meter}: ${RESOURCE_LINE[resource]}`, amount, { ...price, usdPerUnit }, false);
  return [
    line('free tier', subtract(ZERO, freeOf), price.usdPerUnit),
    ...tiers.map(({ above: from, usdPerUnit }, i) => {
      const next = tiers[i + 1];
      const beyond = excess(paid, multiply(from, months));
      const further = next === undefined ? ZERO : excess(paid, multiply(next.above, months));
      return line(
        `tier ${i + 2}`,
        subtract(beyond, further),
        subtract(usdPerUnit, price.usdPerUnit),
      );
    }),
  ];
}

/** A credit pays for usage, a commitment tops up what is left of it, and neither touches the plan's fee. */
function monthlyLines(plan: BillingPlan, usageUsd: Exact, months: Exact): Line[] {
  const credit = least(multiply(plan.creditUsd, months), usageUsd);
  const paid = subtract(usageUsd, credit);
  const usd = (meter: string, amount: Exact): Line => {
    return { meter, quantity: amount, unit: 'USD', usdPerUnit: exact(1n), isAlways: false };
  };
  return [
    usd('credit', subtract(ZERO, credit)),
    usd('commitment', excess(multiply(plan.commitmentUsd, months), paid)),
    {
      meter: plan.plan === null ? 'plan' : `plan ${plan.plan.name}`,
      quantity: plan.plan === null ? ZERO : months,
      unit: 'months',
      usdPerUnit: plan.plan?.usd ?? ZERO,
      isAlways: false,
    },
  ];
}

function isBelow(a: Exact, b: Exact): boolean {
  return subtract(a, b).numerator < 0n;
}

function least(a: Exact, b: Exact): Exact {
  return isBelow(a, b) ? a : b;
}

/** max(0, a - b) */
function excess(a: Exact, b: Exact): Exact {
  return isBelow(a, b) ? ZERO : subtract(a, b);
}
