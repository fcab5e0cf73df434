/** Free tiers and tiers of what a bill has: all of a resource at the bill's own price. */
import { divide, type Exact, exact, isZero, multiply } from '../base/decimal.ts';
import type { Allowance, Count, TimedMeter } from './billing-plan.ts';
import type { Billing } from './billing-terms.ts';
import { type Price, type Priced, priceIn, type Resource } from './price-keys.ts';
import type { Multiplier, Report } from './rates.ts';

type Tier = Priced & { readonly above: number; readonly times?: number | undefined };

export function allowancesOf(
  { freeTier = {}, tiers = {} }: Billing,
  timed: readonly TimedMeter[],
  counts: readonly Count[],
  multiplier: Multiplier,
  report: Report,
): Allowance[] {
  const prices = new Map<Resource, Price>();
  const tiered = [
    ...timed.filter(({ isTiered }) => isTiered).flatMap(({ rates }) => rates),
    ...counts.filter(({ isTiered }) => isTiered),
  ];
  for (const { resource, price } of tiered) prices.set(resource, price);
  return [...prices].flatMap(([resource, price]) => {
    const free = exact(freeTier[resource] ?? 0);
    const steps: readonly Tier[] = tiers[resource] ?? [];
    if (isZero(free) && steps.length === 0) return [];
    if (steps.some(({ above }, i) => above <= (steps[i - 1]?.above ?? 0))) {
      report(`billing.tiers.${resource}`, 'must begin above 0 and ascend');
    }
    const compiled = steps.map((step) => ({
      above: exact(step.above),
      usdPerUnit: tierPrice(step, resource, price, multiplier),
    }));
    return [{ resource, price, free, tiers: compiled }];
  });
}

function tierPrice(step: Tier, resource: Resource, base: Price, multiplier: Multiplier): Exact {
  const price = priceIn(step, resource);
  if (price === null) return multiply(base.usdPerUnit, exact(step.times ?? 1));
  const usdPerResource = multiply(price.usdPerUnit, price.unitsPerResource);
  return multiply(divide(usdPerResource, base.unitsPerResource), multiplier(resource));
}
