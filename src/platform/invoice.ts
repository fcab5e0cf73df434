/**
 * The lines of a bill over what a run counted, exact: usage, what rounding adds, what is free, what tiers, credit and
 * commitment change, the plan. A plan has the same lines whatever was counted, so that lines of several runs have means.
 */
import {
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
import { US_PER_H, US_PER_MONTH } from '../base/units.ts';
import type { Reading } from '../engine/totals.ts';
import {
  type Allowance,
  type BillingPlan,
  type Counted,
  type Covered,
  RESOURCE_LINE,
  type TimedMeter,
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

const HOUR_US = exact(US_PER_H);
const MONTH_US = exact(US_PER_MONTH);

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
      const usedUs = above(time.usedUs, coveredBy(reading, covered));
      return { usedUs: exact(usedUs), paidUs: exact(usedUs + time.paidUs - time.usedUs) };
    }),
    counts: plan.counts.map(({ counted }) => exact(countOf(reading, counted, periodUs))),
    periodUs: exact(periodUs),
  };
}

/** One pool's part of a bill: what it used in each run, and what of that within the observed period. */
export interface PoolUsage {
  readonly plan: BillingPlan;
  readonly usages: readonly Usage[];
  /** As `usages`: all that free tier, tiers, credit and commitment are for. */
  readonly within: readonly Usage[];
}

/**
 * The bill of pools that one account pays for, pool by pool: what counts by the month counts once. Free tier, tiers and
 * credit are used up by the pools in their order; a plan's fee stands with the first, what a commitment adds with the last.
 * @param pools in order of preference, their plans alike in what is monthly
 * @returns the lines of the mean invoice of each, without those that are nothing in every run
 */
export function accountLines(pools: readonly PoolUsage[]): readonly (readonly Line[])[] {
  return allAccountLines(pools).map((lines) =>
    lines.filter(({ isAlways, quantity }) => isAlways || !isZero(quantity)),
  );
}

/** The same with all lines: of usage, one for each rate of a meter and one for its rounding; allowances; what is monthly. */
export function allAccountLines(pools: readonly PoolUsage[]): readonly (readonly Line[])[] {
  // Where every line is in proportion to what was counted, the mean is priced once.
  const runs = pools.every(({ plan }) => isProportional(plan))
    ? [pools.map(({ plan, usages }) => runOf(plan, meanUsage(usages)))]
    : pools[0]!.usages.map((_, run) =>
        pools.map(({ plan, usages, within }) => runOf(plan, usages[run]!, within[run]!)),
      );
  const bills = runs.map(billsOf);
  return pools.map((_, pool) => {
    const [first = [], ...others] = bills.map((bill) => bill[pool]!);
    return first.map((line, i) => ({
      ...line,
      quantity: mean([line.quantity, ...others.map((other) => other[i]!.quantity)]),
    }));
  });
}

/** One run of one pool. */
interface PoolRun {
  readonly plan: BillingPlan;
  readonly usage: Usage;
  readonly within: Usage;
}

function runOf(plan: BillingPlan, usage: Usage, within = usage): PoolRun {
  return { plan, usage, within };
}

/** What the pools before one have used of what counts by the month. */
interface Before {
  readonly billed: ReadonlyMap<Resource, Exact>;
  readonly usageUsd: Exact;
}

/** The lines of one run, pool by pool. */
function billsOf(pools: readonly PoolRun[]): readonly Line[][] {
  let before: Before = { billed: new Map(), usageUsd: ZERO };
  return pools.map(({ plan, usage, within }, i) => {
    const months = divide(usage.periodUs, MONTH_US);
    // A period of 0 has no allowance and nothing that one is for.
    const ofPeriod = (resource: Resource) =>
      isZero(months) ? ZERO : billedOf(plan, resource, within);
    const allowed = plan.allowances.flatMap((allowance) => {
      const { resource } = allowance;
      const used = before.billed.get(resource) ?? ZERO;
      return allowanceLines(allowance, used, ofPeriod(resource), months);
    });
    const lines = [...usageLines(plan, usage), ...allowed];
    const inPeriod = [...usageLines(plan, within), ...allowed];
    const usageUsd = sum([before.usageUsd, ...inPeriod.map(usdOf)]);
    const ends = { isFirst: i === 0, isLast: i === pools.length - 1 };
    const monthly = monthlyLines(plan, before.usageUsd, usageUsd, months, ends);
    const billed = plan.allowances.map(({ resource }): [Resource, Exact] => [
      resource,
      sum([before.billed.get(resource) ?? ZERO, ofPeriod(resource)]),
    ]);
    before = { billed: new Map([...before.billed, ...billed]), usageUsd };
    return [...lines, ...monthly];
  });
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
      // The integral of min(busy, min).
      return reading.heldUs - reading.idleKeptUs;
    case 'freshTokens':
      return reading.inputTokens - reading.cachedTokens;
    case 'periodUs':
      return periodUs;
    default:
      return reading[counted];
  }
}

function usageLines(plan: BillingPlan, usage: Usage): Line[] {
  return [
    ...plan.timed.flatMap((meter, i) => timeLines(plan, meter, usage.times[i]!)),
    ...plan.counts.map(({ line, perCounted, price }, i) =>
      lineOf(line, multiply(usage.counts[i]!, perCounted), price, true),
    ),
  ];
}

/** All of a resource at the bill's own price, rounding included. */
function billedOf({ timed, counts }: BillingPlan, resource: Resource, usage: Usage): Exact {
  const times = timed.flatMap(({ isTiered, rates }, i) =>
    rates
      .filter((rate) => isTiered && rate.resource === resource)
      .map(({ perReplicaUs }) => multiply(usage.times[i]!.paidUs, perReplicaUs)),
  );
  const others = counts.flatMap((count, i) =>
    count.isTiered && count.resource === resource
      ? [multiply(usage.counts[i]!, count.perCounted)]
      : [],
  );
  return sum([...times, ...others]);
}

function lineOf(meter: string, amount: Exact, price: Price, isAlways: boolean): Line {
  const { unit, unitsPerResource, usdPerUnit } = price;
  return { meter, quantity: multiply(amount, unitsPerResource), unit, usdPerUnit, isAlways };
}

function timeLines(
  plan: BillingPlan,
  { name, meter, rates, usdPerReplicaHour }: TimedMeter,
  { usedUs, paidUs }: Usage['times'][number],
): Line[] {
  const byRequest = plan.meters[meter]?.scope === 'request';
  const main = byRequest ? 'request time' : 'replica time';
  const lines = rates.map(({ resource, perReplicaUs, price }) => {
    const isWhole =
      resource === 'gpuSeconds' || resource === 'replicaSeconds' || rates.length === 1;
    const part = name === null && isWhole ? main : RESOURCE_LINE[resource];
    const label = name === null ? part : rates.length === 1 ? name : `${name}: ${part}`;
    return lineOf(label, multiply(usedUs, perReplicaUs), price, true);
  });
  const rounding = name === null ? 'rounding' : `${name}: rounding`;
  const roundedUs = subtract(paidUs, usedUs);
  const [rate, second] = rates;
  // What quantum and minimum add: in the unit of the price if there is one, else in time of a whole replica.
  if (rate !== undefined && second === undefined) {
    return [...lines, lineOf(rounding, multiply(roundedUs, rate.perReplicaUs), rate.price, false)];
  }
  const quantity = divide(roundedUs, HOUR_US);
  const whole = { quantity, unit: 'replica h', usdPerUnit: usdPerReplicaHour, isAlways: false };
  return [...lines, { meter: rounding, ...whole }];
}

/** Free first; tiers count what is left to pay. Each line is what it changes, so that the first price stands above it. */
function allowanceLines(
  { resource, price, free, tiers }: Allowance,
  before: Exact,
  quantity: Exact,
  months: Exact,
): Line[] {
  const freeInAll = multiply(free, months);
  const freeOf = least(excess(freeInAll, before), quantity);
  const paidBefore = excess(before, freeInAll);
  const paid = sum([paidBefore, subtract(quantity, freeOf)]);
  /** Of the quantity: what is paid beyond so much a month. */
  const beyond = (from: Exact): Exact => {
    const limit = multiply(from, months);
    return subtract(excess(paid, limit), excess(paidBefore, limit));
  };
  const line = (meter: string, amount: Exact, usdPerUnit: Exact) =>
    lineOf(`${meter}: ${RESOURCE_LINE[resource]}`, amount, { ...price, usdPerUnit }, false);
  return [
    line('free tier', subtract(ZERO, freeOf), price.usdPerUnit),
    ...tiers.map(({ above: from, usdPerUnit }, i) => {
      const next = tiers[i + 1];
      const further = next === undefined ? ZERO : beyond(next.above);
      return line(
        `tier ${i + 2}`,
        subtract(beyond(from), further),
        subtract(usdPerUnit, price.usdPerUnit),
      );
    }),
  ];
}

/** A credit pays for usage, a commitment tops up what is left of it, and neither touches the plan's fee. */
function monthlyLines(
  plan: BillingPlan,
  usageBeforeUsd: Exact,
  usageUsd: Exact,
  months: Exact,
  { isFirst, isLast }: { readonly isFirst: boolean; readonly isLast: boolean },
): Line[] {
  if (plan.plan === null && isZero(plan.creditUsd) && isZero(plan.commitmentUsd)) return [];
  const creditOf = (usd: Exact) => least(multiply(plan.creditUsd, months), usd);
  const credit = subtract(creditOf(usageUsd), creditOf(usageBeforeUsd));
  const paid = subtract(usageUsd, creditOf(usageUsd));
  const topUp = isLast ? excess(multiply(plan.commitmentUsd, months), paid) : ZERO;
  const usd = (meter: string, amount: Exact): Line => {
    return { meter, quantity: amount, unit: 'USD', usdPerUnit: exact(1n), isAlways: false };
  };
  return [
    usd('credit', subtract(ZERO, credit)),
    usd('commitment', topUp),
    {
      meter: plan.plan === null ? 'plan' : `plan ${plan.plan.name}`,
      quantity: plan.plan === null || !isFirst ? ZERO : months,
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
