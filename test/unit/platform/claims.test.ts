/**
 * The arithmetic of the planning guides (claims 1-5, 7 and the money of 8), to the cent from their own inputs. Where time
 * on replicas is claimed, a pool runs it: what is billed is what the engine counted.
 */
import { describe, expect, it } from 'vitest';
import { fixed } from '../../../src/engine/distribution.ts';
import type { Scenario } from '../../../src/engine/scenario.ts';
import type { Billing } from '../../../src/platform/billing-terms.ts';
import type { Cost } from '../../../src/platform/cost.ts';
import { costOf, priceReading } from '../../kit/priced.ts';
import { PLAIN } from '../../kit/random-scenario.ts';
import { runPool } from '../../kit/run-pool.ts';
import { planOf } from './plan.ts';
import { DAY_S, HOUR_S, MONTH_US, readingOf } from './reading.ts';

const US = 1e6;

const dollars = (usdPerReplicaHour: number, usedS: number): number =>
  priceReading(planOf({ billing: { usdPerReplicaHour } }), readingOf({ usedS })).totalUsd;

const cents = (usd: number | null | undefined): number => Math.round((usd ?? Number.NaN) * 100);

/** The bill of a pool that serves so many requests, evenly over its period. */
function billOf(
  billing: Billing,
  traffic: { requests: number; serviceS: number; periodS: number },
  scenario: Partial<Scenario>,
): Cost {
  const { requests, serviceS, periodS } = traffic;
  const plan = planOf({ billing, phaseNames: ['load'] });
  const trace = Array.from({ length: requests }, (_, i) => ({
    arrivalUs: Math.round((i * periodS * US) / requests),
    serviceUs: serviceS * US,
  }));
  const totals = runPool(
    {
      ...PLAIN,
      idleWindowUs: 0,
      unusedWindowUs: 0,
      startPhases: [{ name: 'load', time: fixed(0) }],
      period: { fromUs: 0, toUs: periodS * US },
      meters: plan.meters,
      ...scenario,
    },
    trace,
  );
  return costOf(plan, totals.whole, totals.observed, totals.observedUs);
}

describe('claim 1: an RTX 4090 at $0.34 an hour', () => {
  it('is about $0.00009 a second, and 5 s are under half a cent', () => {
    expect(dollars(0.34, 1)).toBe(34 / 360_000); // 0.34 / 3600 = 0.0000944
    expect(dollars(0.34, 5)).toBe(17 / 36_000); // 0.000472: a twentieth of a cent
    expect(dollars(0.34, 5)).toBeLessThan(0.005);
  });

  it('is $244.80 for 30 days and $248.20 for 730 h: the $246 of the guide fits neither', () => {
    expect(dollars(0.34, 720 * HOUR_S)).toBe(244.8);
    expect(dollars(0.34, 730 * HOUR_S)).toBe(248.2);
    // 246 / 0.34 = 723.5 h, a month of 30.15 days: the guide rounded to a figure between the two.
    expect(246 / 0.34).toBeCloseTo(723.5, 1);
  });
});

describe('claims 2 and 3: replicas that are always on, for 30 days', () => {
  it.each([
    ['claim 2: an A100 at $3.67', 3.67, 1, 264_240], // 3.67 x 720; the guide says about 2,642
    ['claim 3: an A10G kept warm at $1.50', 1.5, 1, 108_000],
    ['claim 3: an A100-40GB at $4.45', 4.45, 1, 320_400],
    ['claim 3: two of them', 4.45, 2, 640_800],
  ])('%s', (_, usdPerReplicaHour, min, usdCents) => {
    const cost = billOf(
      { usdPerReplicaHour },
      { requests: 0, serviceS: 0, periodS: 30 * DAY_S },
      { floor: { atUs: [0], count: [min] } },
    );
    expect(cents(cost.usd)).toBe(usdCents);
    // The month of coldfront has 730 h: 4.45 x 730 = 3,248.50, not 3,204.
    expect(cents(cost.usdPerMonth)).toBe(Math.round(usdPerReplicaHour * min * 73_000));
  });
});

describe('claim 4: a load of 15 s, 100 cold starts a day, an A100 at $4.45 an hour', () => {
  const day = billOf(
    { usdPerReplicaHour: 4.45, states: ['starting'] },
    { requests: 100, serviceS: 1, periodS: DAY_S },
    { startPhases: [{ name: 'load', time: fixed(15 * US) }] },
  );

  it('is 25 GPU minutes, $1.85 a day', () => {
    expect(day.lines).toHaveLength(1);
    expect(day.lines[0]?.quantity).toBe(25 / 60);
    expect(cents(day.usd)).toBe(185); // 4.45 x 25 / 60 = 1.8541667
  });

  it('is $55.63 in 30 days: the guide cuts it to $55', () => {
    expect(30 * day.usd).toBeCloseTo(55.625, 10); // 30 x the rounded 1.85 would be 55.50
  });
});

describe('claim 5: 5,000 requests of 3 s a day on an A10G at $1.97 an hour', () => {
  const work = billOf(
    { usdPerReplicaHour: 1.97, states: ['busy'] },
    { requests: 5000, serviceS: 3, periodS: DAY_S },
    {},
  );
  const warm = billOf(
    { usdPerReplicaHour: 1.97 },
    { requests: 0, serviceS: 0, periodS: DAY_S },
    { floor: { atUs: [0, 8 * HOUR_S * US, 20 * HOUR_S * US], count: [0, 1, 0] } },
  );

  it('is 4.17 GPU hours, $8.21 a day', () => {
    expect(work.lines[0]?.quantity).toBe(15_000 / 3600); // 4.1667 h
    expect(cents(work.usd)).toBe(821); // 8.208333
  });

  it('and twelve warm hours are $23.64 a day, together $955 a month, under the reserved $1,200', () => {
    expect(cents(warm.usd)).toBe(2364); // 12 x 1.97
    const month = 30 * (work.usd + warm.usd);
    expect(cents(month)).toBe(95_545); // 30 x 31.848333; the guide cuts to dollars
    expect(month).toBeLessThan(1200);
  });

  it('in one pool with that replica, its work is paid once: less than the sum of the guide', () => {
    const both = billOf(
      { usdPerReplicaHour: 1.97 },
      { requests: 5000, serviceS: 3, periodS: DAY_S },
      { floor: { atUs: [0, 8 * HOUR_S * US, 20 * HOUR_S * US], count: [0, 1, 0] } },
    );
    // 17.28 s apart and 3 s long, never two at once: 12 warm hours, and 2,500 x 3 s in the other twelve.
    expect(cents(both.usd)).toBe(2774); // (43,200 + 7,500) / 3600 x 1.97 = 27.744
    expect(both.usd).toBeLessThan(work.usd + warm.usd);
  });
});

describe('claim 7: time in service is what a request pays', () => {
  const one = (serviceS: number) =>
    billOf(
      { usdPerReplicaHour: 0.8, states: ['busy'], scope: 'request', quantum: '1s' },
      { requests: 1, serviceS, periodS: HOUR_S },
      {},
    );

  it('an inference of 30 s is billed 30 s', () => {
    expect(one(30).lines).toMatchObject([{ meter: 'request time', quantity: 30 / 3600 }]);
    expect(one(30).usd).toBe(0.8 / 120);
  });

  it('a stream of 10 s costs what a call of 10 s costs: nothing in a bill asks how the answer is delivered', () => {
    expect(one(10).usd).toBe(0.8 / 360);
  });
});

describe('claim 8, its money: 140 GB of weights at 16 bits, 4 GB at 4 bits', () => {
  it.each([
    ['70B at FP16', 140e9, 9.8],
    ['7B at 4 bits', 4e9, 0.28],
  ])('%s on a volume at $0.07 a GB and month', (_, storageBytes, usd) => {
    const billing = { usdPerReplicaHour: 0, usdPerGbMonth: 0.07 };
    const plan = planOf({ billing, storageBytes });
    const invoice = priceReading(plan, readingOf({}), MONTH_US);
    expect(invoice.totalUsd).toBe(usd); // 140 x 0.07, 4 x 0.07
  });
});
