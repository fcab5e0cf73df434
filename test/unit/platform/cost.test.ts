/** Bills worked by hand from published prices; the guides' own arithmetic is in claims.test.ts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanCost } from '../../../src/platform/cost.ts';
import { costOf, priceReading } from '../../kit/priced.ts';
import { planOf as plan, platformFile } from './plan.ts';
import { DAY_S, HOUR_S, MONTH_US, readingOf } from './reading.ts';

const [MODAL, RUNPOD, DEDICATED] = ['modal', 'runpod-flex', 'dedicated'].map(platformFile);

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

  it('the Team plan is $250, and its credit pays $100 of usage', () => {
    const team = plan({ ...bundle, billing: { plan: 'team' } });
    // 2,000,000 s of the bundle are 505.72; less 100, and the plan: 655.72
    const { lines, totalUsd } = priceReading(team, readingOf({ usedS: 2e6 }), MONTH_US);
    expect(totalUsd).toBe(655.72);
    expect(lines.slice(-2)).toMatchObject([
      { meter: 'credit', usd: -100 },
      { meter: 'plan team', usd: 250 },
    ]);
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

describe('the cost of a run', () => {
  it('is null without a price', () => {
    const reading = readingOf({ usedS: 1 });
    const run = { whole: reading, observed: reading, observedUs: 1 };
    expect(meanCost(null, [run])).toBeNull();
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
