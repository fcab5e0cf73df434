/** Bills worked by hand from published prices, and the arithmetic of the planning guides. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BillingInput,
  type BillingPlan,
  compileBilling,
} from '../../../src/platform/billing.ts';
import { parsePlatform } from '../../../src/platform/catalogue.ts';
import { costOf, meanCost, priceReading } from '../../../src/platform/cost.ts';
import { DAY_S, HOUR_S, readingOf } from './reading.ts';

const [MODAL, RUNPOD, DEDICATED] = ['modal', 'runpod-flex', 'dedicated'].map((id) =>
  parsePlatform(
    readFileSync(new URL(`../../../models/platforms/${id}.yaml`, import.meta.url), 'utf8'),
    `${id}.yaml`,
  ),
);

function plan(input: Partial<BillingInput>): BillingPlan {
  const compiled = compileBilling({
    platform: null,
    billing: null,
    gpu: null,
    gpus: 1,
    cores: null,
    memoryGiB: null,
    region: null,
    phaseNames: [],
    minuteOffsetUs: 0,
    ...input,
  });
  if (compiled === null) throw new Error('no plan');
  return compiled;
}

const hourly = (usdPerReplicaHour: number) => plan({ billing: { usdPerReplicaHour } });

describe('RunPod flex, by hand', () => {
  const h100 = plan({ platform: RUNPOD ?? null, gpu: 'h100' });

  it('an idle tail of 5 s at $4.79 an hour costs $0.006653', () => {
    // 5 / 3600 x 4.79 = 0.00665277...
    expect(priceReading(h100, readingOf({ usedS: 5 })).totalUsd).toBe(23.95 / 3600);
    expect(h100.meters[0]?.quantumUs).toBe(1_000_000);
  });

  it('a worker run of 12.2 s bills 13 s, and the bill shows what rounding adds', () => {
    const invoice = priceReading(h100, readingOf({ usedS: 12.2, paidS: 13 }));
    expect(invoice.lines.map(({ meter, unit }) => [meter, unit])).toEqual([
      ['replica time', 'GPU h'],
      ['rounding', 'GPU h'],
    ]);
    expect(invoice.lines[1]?.quantity).toBe(0.8 / 3600);
    expect(invoice.totalUsd).toBe(6227 / 360_000); // 13 x 4.79 = 62.27; $0.0172972
  });

  it('rounds seconds first and multiplies by GPUs then: 2 GPUs for 12.2 s are 26 GPU seconds', () => {
    const two = plan({ platform: RUNPOD ?? null, gpu: 'l4', gpus: 2 });
    const { lines, totalUsd } = priceReading(two, readingOf({ usedS: 12.2, paidS: 13 }));
    expect(lines.map(({ quantity }) => quantity)).toEqual([24.4, 1.6]);
    expect(totalUsd).toBe(0.00494); // 26 x 0.00019
  });

  it('a load of 20 s is paid and a pull of 30 s before it is not', () => {
    const { meters } = plan({ platform: RUNPOD ?? null, gpu: 'l4', phaseNames: ['pull', 'load'] });
    expect(meters[0]?.phases).toEqual([false, true]);
  });
});

describe('Modal, by hand', () => {
  const bundle = { platform: MODAL ?? null, gpu: 'l4', cores: 1, memoryGiB: 8 };

  it('an L4, a core and 8 GiB cost $0.00025286 a second and $0.9103 an hour', () => {
    // 0.000222 + 0.0000131 + 8 x 0.00000222 = 0.00025286; x 3600 = 0.910296
    expect(priceReading(plan(bundle), readingOf({ usedS: 1 })).totalUsd).toBe(0.00025286);
    const { lines, totalUsd } = priceReading(plan(bundle), readingOf({ usedS: HOUR_S }));
    expect(totalUsd).toBe(0.910296);
    expect(lines).toEqual([
      { meter: 'replica time', quantity: 3600, unit: 'GPU s', usdPerUnit: 0.000222, usd: 0.7992 },
      { meter: 'CPU', quantity: 3600, unit: 'core s', usdPerUnit: 0.0000131, usd: 0.04716 },
      { meter: 'memory', quantity: 28800, unit: 'GiB s', usdPerUnit: 0.00000222, usd: 0.063936 },
    ]);
  });

  it.each([
    ['none', 0.910296],
    ['broad', 1.0468404], // 0.910296 x 1.15
    ['narrow', 1.593018], // 0.910296 x 1.75
  ])('the region %s multiplies the whole bundle', (region, usd) => {
    const invoice = priceReading(plan({ ...bundle, region }), readingOf({ usedS: HOUR_S }));
    expect(invoice.totalUsd).toBe(usd);
  });

  it('an idle window of 60 s on an H100 costs $0.06582', () => {
    const h100 = plan({ platform: MODAL ?? null, gpu: 'h100' });
    expect(priceReading(h100, readingOf({ usedS: 60 })).totalUsd).toBe(0.06582); // 60 x 0.001097
  });

  it('shows what rounding adds to a bundle as time of whole replicas', () => {
    const { lines } = priceReading(plan(bundle), readingOf({ usedS: 1799.9, paidS: 1800 }));
    expect(lines.at(-1)).toMatchObject({ meter: 'rounding', unit: 'replica h' });
    expect(lines.at(-1)?.usd).toBe(0.000025286); // 0.1 x 0.00025286
  });
});

describe('dedicated instances, by hand', () => {
  it('an A10G fleet of 2 costs 2 x $1.006 an hour, $1,468.76 a month of 730 h', () => {
    const a10g = plan({ platform: DEDICATED ?? null, gpu: 'a10g' });
    const reading = readingOf({ usedS: 2 * DAY_S });
    const cost = costOf(a10g, reading, reading, DAY_S * 1e6);
    expect(cost).toMatchObject({ usdPerHour: 2.012, usdPerMonth: 1468.76, tailUsd: 0 });
  });

  it('is counted by the second with a minimum of 60 s: 45 s bill 60 s', () => {
    const l4 = plan({ platform: DEDICATED ?? null, gpu: 'l4' });
    expect(l4.meters[0]).toMatchObject({ quantumUs: 1_000_000, minimumUs: 60_000_000 });
    const { totalUsd, lines } = priceReading(l4, readingOf({ usedS: 45, paidS: 60 }));
    expect(totalUsd).toBe(0.8 / 60);
    expect(lines[1]).toMatchObject({ meter: 'rounding', quantity: 15 / 3600 });
  });

  it('eight H100 are the price of the large instance, $55.04 an hour', () => {
    const eight = plan({ platform: DEDICATED ?? null, gpu: 'h100', gpus: 8 });
    expect(priceReading(eight, readingOf({ usedS: HOUR_S })).totalUsd).toBe(55.04);
  });
});

describe('the arithmetic of the guides, to the cent', () => {
  it('claim 1: $0.34 an hour is $0.00009 a second; 5 s under half a cent; a month is 244.80 or 248.20, not 246', () => {
    const rtx4090 = hourly(0.34);
    const usd = (usedS: number) => priceReading(rtx4090, readingOf({ usedS })).totalUsd;
    expect(usd(1)).toBe(34 / 360_000); // 0.0000944
    expect(usd(5)).toBeLessThan(0.005); // 0.000472
    expect(usd(720 * HOUR_S)).toBe(244.8);
    expect(usd(730 * HOUR_S)).toBe(248.2);
  });

  it.each([
    ['claim 2: an A100 at $3.67, always on for 30 days', 3.67, 1, 2642.4],
    ['claim 3: an A10G kept warm at $1.50', 1.5, 1, 1080],
    ['claim 3: an A100-40GB at $4.45', 4.45, 1, 3204],
    ['claim 3: two of them', 4.45, 2, 6408],
  ])('%s', (_, usdPerHour, replicas, usd) => {
    const reading = readingOf({ usedS: replicas * 30 * DAY_S });
    expect(priceReading(hourly(usdPerHour), reading).totalUsd).toBe(usd);
  });

  it('claim 4: 100 starts of 15 s a day are 25 GPU minutes: $1.85 a day, $55.63 a month at $4.45', () => {
    const day = priceReading(hourly(4.45), readingOf({ usedS: 100 * 15 }));
    expect(day.lines[0]?.quantity).toBe(25 / 60);
    expect(day.totalUsd).toBe(4.45 * (25 / 60)); // 1.854166...
    const month = priceReading(hourly(4.45), readingOf({ usedS: 30 * 100 * 15 }));
    expect(month.totalUsd).toBe(55.625);
  });

  it('claim 5: 5,000 requests of 3 s are 4.17 h, $8.21 a day at $1.97; 12 warm hours $23.64; $955 a month', () => {
    const usd = (usedS: number) => priceReading(hourly(1.97), readingOf({ usedS })).totalUsd;
    expect(usd(5000 * 3)).toBe(19.7 / 2.4); // 15,000 s = 4.1667 h; 8.20833...
    expect(usd(12 * HOUR_S)).toBe(23.64);
    expect(usd(30 * (5000 * 3 + 12 * HOUR_S))).toBe(955.45); // under the reserved $1,200
  });

  it('claim 7: 30 s of inference bill 30 s, and a stream of 10 s costs what a call of 10 s costs', () => {
    const l4 = plan({
      billing: { usdPerReplicaHour: 0.8, states: ['busy'], scope: 'request', quantum: '1s' },
    });
    const { lines, totalUsd } = priceReading(l4, readingOf({ usedS: 30, completed: 1 }));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ meter: 'request time', quantity: 30 / 3600 });
    expect(totalUsd).toBe(0.8 / 120);
    // Nothing in a bill depends on how an answer is delivered: time in service is the only quantity.
  });
});

describe('costOf', () => {
  it('is null without a price', () => {
    const reading = readingOf({ usedS: 1 });
    expect(costOf(null, reading, reading, 1)).toBeNull();
  });

  it('takes the hour from the observed period, the total from the whole run, and the rest as the tail', () => {
    const whole = readingOf({ usedS: 2 * HOUR_S + 60, completed: 500 });
    const observed = readingOf({ usedS: 2 * HOUR_S, completed: 499 });
    const cost = costOf(hourly(3.6), whole, observed, HOUR_S * 1e6);
    expect(cost).toEqual({
      usd: 7.26, // 7,260 s x 0.001
      tailUsd: 0.06,
      usdPerHour: 7.2,
      usdPerMonth: 5256, // x 730
      usdPerThousandRequests: 14.52, // 7.26 / 500 x 1000
      lines: [
        {
          meter: 'replica time',
          quantity: 7260 / 3600,
          unit: 'replica h',
          usdPerUnit: 3.6,
          usd: 7.26,
        },
      ],
    });
  });

  it('counts completed requests where requests have a price', () => {
    const billing = { usdPerReplicaHour: 0, usdPerRequest: 0.0000002 };
    const reading = readingOf({ usedS: HOUR_S, completed: 3_000_000 });
    const cost = costOf(plan({ billing }), reading, reading, HOUR_S * 1e6);
    expect(cost?.lines.at(-1)).toEqual({
      meter: 'requests',
      quantity: 3_000_000,
      unit: 'requests',
      usdPerUnit: 0.0000002,
      usd: 0.6,
    });
    expect(cost?.usd).toBe(0.6);
  });

  it('has no figure over no requests and none over no time', () => {
    const reading = readingOf({ usedS: 10 });
    const cost = costOf(hourly(1), reading, reading, 0);
    expect(cost).toMatchObject({
      usdPerThousandRequests: null,
      usdPerHour: null,
      usdPerMonth: null,
    });
  });

  it('adds calendar minutes as the engine paid them: 50 s across a minute are two minutes', () => {
    const billing = { usdPerReplicaHour: 6, scope: 'minute' as const, quantum: '1m' };
    const { meters } = plan({ billing });
    expect(meters[0]).toMatchObject({ scope: 'minute', quantumUs: 60_000_000 });
    const { totalUsd } = priceReading(plan({ billing }), readingOf({ usedS: 50, paidS: 120 }));
    expect(totalUsd).toBe(0.2); // 2 x 0.10
  });
});

describe('meanCost', () => {
  it('is the cost of one run where all runs are alike', () => {
    const whole = readingOf({ usedS: 12.2, paidS: 13, completed: 3 });
    const run = { whole, observed: whole, observedUs: 60e6 };
    expect(meanCost(hourly(1.97), [run, run, run])).toEqual(
      costOf(hourly(1.97), whole, whole, 60e6),
    );
  });

  it('takes means of money and ratios of sums', () => {
    const run = (usedS: number, completed: number) => {
      const whole = readingOf({ usedS, completed });
      return { whole, observed: whole, observedUs: HOUR_S * 1e6 };
    };
    const cost = meanCost(hourly(3.6), [run(100, 10), run(200, 30), run(201, 10)]);
    expect(cost?.usd).toBe(0.167); // 501 s / 3 x 0.001
    expect(cost?.usdPerThousandRequests).toBe(10.02); // 0.501 / 50 x 1000
  });

  it('has lines that add up to the total, whatever was counted', () => {
    const time = fc.record({
      usedS: fc.integer({ min: 0, max: 10 ** 9 }).map((us) => us / 1e6),
      roundedS: fc.integer({ min: 0, max: 10 ** 6 }).map((us) => us / 1e6),
      completed: fc.nat(10 ** 6),
    });
    const bill = plan({
      platform: MODAL ?? null,
      billing: { usdPerRequest: 0.0000007 },
      gpu: 'a10g',
      gpus: 3,
      cores: 2.5,
      memoryGiB: 13,
      region: 'broad',
    });
    fc.assert(
      fc.property(fc.array(time, { minLength: 1, maxLength: 7 }), (times) => {
        const runs = times.map(({ usedS, roundedS, completed }) => {
          const whole = readingOf({ usedS, paidS: usedS + roundedS, completed });
          return { whole, observed: whole, observedUs: 1e6 };
        });
        const cost = meanCost(bill, runs);
        const sum = cost?.lines.reduce((total, { usd }) => total + usd, 0) ?? Number.NaN;
        // Exact before the doubles; five doubles and their sum are within a few ulps of it.
        expect(Math.abs(sum - (cost?.usd ?? Number.NaN))).toBeLessThanOrEqual(1e-15 * (1 + sum));
        expect(cost?.tailUsd).toBe(0);
      }),
    );
  });
});
