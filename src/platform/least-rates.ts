/**
 * What a bill takes at least, whoever decides when replicas run: for each microsecond of a replica in a state or a start
 * phase, and for each of a request in service. A straight line below the bill: rounding and minimums are left out, the
 * price of a resource is that of its cheapest tier, always-on capacity is taken where it is cheaper. What is free is taken
 * off at the end. The proofs are in MODEL.md, section 17.
 */
import { type Exact, multiply, sum, toNumber, ZERO } from '../base/decimal.ts';
import { US_PER_MONTH } from '../base/units.ts';
import type { Reading } from '../engine/totals.ts';
import type { BillingPlan, Counted, TimedMeter } from './billing-plan.ts';
import { meanCost } from './cost.ts';
import { TIME_RESOURCES } from './price-keys.ts';
import type { Rate } from './rates.ts';

/** Dollars for a microsecond. */
export interface LeastRates {
  readonly phases: readonly number[];
  readonly idle: number;
  readonly busy: number;
  readonly draining: number;
  /** Of each request in service, beside what its replica costs; accrues when the service ends. */
  readonly request: number;
}

/** Whether the bill has a meter of replica time, or of time in service. */
export function paysTime({ timed }: BillingPlan): boolean {
  return timed.length > 0;
}

export function leastRates(plan: BillingPlan, phases: number): LeastRates {
  const rates = {
    phases: Array.from({ length: phases }, () => 0),
    idle: 0,
    busy: 0,
    draining: 0,
    request: 0,
  };
  for (const timed of plan.timed) {
    const { scope, phases: paid, idle, busy, draining } = plan.meters[timed.meter]!;
    const { working, idling } = ratesOf(plan, timed);
    if (scope === 'request') {
      rates.request += working;
      continue;
    }
    for (let phase = 0; phase < phases; phase++) if (paid[phase]) rates.phases[phase]! += working;
    if (idle) rates.idle += idling;
    if (busy) rates.busy += working;
    if (draining) rates.draining += working;
  }
  return rates;
}

/** A timed meter's least price for a microsecond of what it counts, and for one that is idle. */
function ratesOf(plan: BillingPlan, timed: TimedMeter) {
  const own = toNumber(sum(timed.rates.map((rate) => usdPerUs(plan, timed, rate))));
  const alwaysOn = (...counted: readonly Counted[]) =>
    toNumber(
      sum(
        plan.counts
          .filter((count) => counted.includes(count.counted))
          .map(({ perCounted, price }) =>
            multiply(perCounted, multiply(price.unitsPerResource, price.usdPerUnit)),
          ),
      ),
    );
  switch (timed.covered) {
    case 'nothing':
      return { working: own, idling: own };
    case 'floor': {
      const least = Math.min(own, alwaysOn('floor'));
      return { working: least, idling: least };
    }
    case 'floorBusy': {
      const least = Math.min(own, alwaysOn('floor', 'floorBusy'));
      return { working: least, idling: least };
    }
    case 'keptIdle':
      return { working: own, idling: Math.min(own, alwaysOn('keptIdle')) };
  }
}

/** Of one of a replica's resources, at the cheapest price that a quantity of it may have. */
function usdPerUs(plan: BillingPlan, { isTiered }: TimedMeter, rate: Rate): Exact {
  const { resource, perReplicaUs, price } = rate;
  const tiers = isTiered ? (allowanceOf(plan, resource)?.tiers ?? []) : [];
  const cheapest = [price.usdPerUnit, ...tiers.map(({ usdPerUnit }) => usdPerUnit)].reduce(least);
  return multiply(perReplicaUs, multiply(price.unitsPerResource, cheapest));
}

/** What an account pays for replica time at least, and beside it, as a bill of the observed period. */
export interface LeastBill {
  /** The whole bill of the period, given what replica time comes to at the least rates. */
  totalUsd(timeUsd: number): number;
  /** What the run pays beside replica time: requests, tokens, bytes, storage, the plan. */
  readonly besideUsd: number;
}

export function leastBill(plan: BillingPlan, observed: Reading, observedUs: number): LeastBill {
  const months = observedUs / US_PER_MONTH;
  const usageUsd = usageBeside(plan, observed, observedUs);
  const freeUsd = months * freeTimeUsd(plan);
  const creditUsd = months * toNumber(plan.creditUsd);
  const committedUsd = months * toNumber(plan.commitmentUsd);
  const feeUsd = plan.plan === null ? 0 : months * toNumber(plan.plan.usd);
  return {
    totalUsd: (timeUsd) => {
      const used = Math.max(0, timeUsd - freeUsd) + usageUsd;
      return Math.max(0, used - creditUsd, committedUsd) + feeUsd;
    },
    besideUsd: usageUsd + feeUsd,
  };
}

const isOfTime = (resource: string): boolean =>
  TIME_RESOURCES.some((timeResource) => timeResource === resource);

/** The free tier of replica time, as far as it can be worth. */
function freeTimeUsd(plan: BillingPlan): number {
  const parts = plan.allowances
    .filter(({ resource }) => isOfTime(resource))
    .map(({ free, price, tiers }) => {
      const cheapest = [price.usdPerUnit, ...tiers.map(({ usdPerUnit }) => usdPerUnit)];
      return multiply(free, multiply(price.unitsPerResource, cheapest.reduce(least)));
    });
  return toNumber(parts.length === 0 ? ZERO : sum(parts));
}

const OF_FLOOR: readonly Counted[] = ['floor', 'floorBusy', 'keptIdle'];

/** Requests, tokens, bytes and storage, less what of them is free, before credit and commitment. */
function usageBeside(plan: BillingPlan, observed: Reading, observedUs: number): number {
  const beside: BillingPlan = {
    ...plan,
    timed: [],
    counts: plan.counts.filter(({ counted }) => !OF_FLOOR.includes(counted)),
    allowances: plan.allowances.filter(({ resource }) => !isOfTime(resource)),
    plan: null,
    creditUsd: ZERO,
    commitmentUsd: ZERO,
  };
  return meanCost(beside, [{ whole: observed, observed, observedUs }])!.usd;
}

/** What a reading costs before rounding and minimums. */
export function unroundedUsd(plan: BillingPlan, observed: Reading, observedUs: number): number {
  const meters = observed.meters.map(({ usedUs }) => ({ usedUs, paidUs: usedUs }));
  const reading = { ...observed, meters };
  return meanCost(plan, [{ whole: reading, observed: reading, observedUs }])!.usd;
}

function allowanceOf({ allowances }: BillingPlan, resource: string) {
  return allowances.find((allowance) => allowance.resource === resource);
}

function least(a: Exact, b: Exact): Exact {
  return toNumber(a) <= toNumber(b) ? a : b;
}
