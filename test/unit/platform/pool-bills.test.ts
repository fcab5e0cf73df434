/** Pools of one account: what counts by the month counts once, whichever pool used it. */
import { describe, expect, it } from 'vitest';
import type { BillingPlan } from '../../../src/platform/billing-plan.ts';
import type { Billing } from '../../../src/platform/billing-terms.ts';
import { costOfBills, poolBills } from '../../../src/platform/cost.ts';
import { planOf } from './plan.ts';
import { readingOf } from './reading.ts';

const MONTH_US = 730 * 3600e6;

const plan = (billing: Billing): BillingPlan =>
  planOf({
    billing: { usdPerReplicaHour: 0, usdPerRequest: 0.01, ...billing },
    platform: null,
  });

/** What each pool pays for its requests in a month, and both together. */
function costsOf(
  billing: Billing,
  requests: readonly number[],
  accounts = requests.map(() => 'a'),
) {
  const one = plan(billing);
  const runs = requests.map((completed) => {
    const reading = readingOf({ completed });
    return [{ whole: reading, observed: reading, observedUs: MONTH_US }];
  });
  const bills = poolBills(runs.map((own, i) => ({ plan: one, runs: own, account: accounts[i]! })));
  const all = readingOf({ completed: requests.reduce((sum, count) => sum + count, 0) });
  const whole = [{ whole: all, observed: all, observedUs: MONTH_US }];
  return {
    each: bills.map((bill, i) => costOfBills([{ label: null, bill }], runs[i]!).usd),
    whole: costOfBills(
      bills.map((bill, i) => ({ label: `pool ${i}`, bill })),
      whole,
    ).usd,
  };
}

describe('the bills of pools of one account (claim 27)', () => {
  it('use up a free tier in their order: 1,000 free of 600 and 900 leaves 500 to pay', () => {
    const { each, whole } = costsOf({ freeTier: { requests: 1000 } }, [600, 900]);
    expect(each).toEqual([0, 5]);
    expect(whole).toBe(5);
  });

  it('reach tiers together: of 800 and 700 beyond 1,000 the rest is half the price', () => {
    // 800 at 1 cent; 200 at 1 cent and 500 at half: $8, $2 + $2.50
    const tiers = { requests: [{ above: 1000, times: 0.5 }] };
    expect(costsOf({ tiers }, [800, 700])).toEqual({ each: [8, 4.5], whole: 12.5 });
  });

  it('use up free tier and tiers that follow each other as one pool with all of it would', () => {
    const billing = {
      freeTier: { requests: 300 },
      tiers: {
        requests: [
          { above: 500, times: 0.5 },
          { above: 900, times: 0.25 },
        ],
      },
    };
    for (const requests of [
      [100, 1900],
      [400, 500, 1100],
      [1500, 500],
      [0, 2000],
    ]) {
      expect(costsOf(billing, requests).whole).toBeCloseTo(costsOf(billing, [2000]).whole, 12);
    }
  });

  it('share credit, plan and commitment: the plan first, what is missing to the commitment last', () => {
    // Usage $4 and $7: the credit of $5 pays $4 and $1, the plan of $20 is the first's, $6 are $2 short of $8.
    const billing = {
      plans: { team: { usdPerMonth: 20 } },
      plan: 'team',
      creditUsdPerMonth: 5,
      commitmentUsdPerMonth: 8,
    };
    expect(costsOf(billing, [400, 700])).toEqual({ each: [20, 8], whole: 28 });
  });

  it('accounts of their own share nothing', () => {
    const { each } = costsOf({ freeTier: { requests: 1000 } }, [600, 900], ['a', 'b']);
    expect(each).toEqual([0, 0]);
  });
});
