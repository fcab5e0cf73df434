/** The money of the golden checks: figures that follow from documented numbers, worked by hand. */
import { describe, expect, it } from 'vitest';
import { fixed } from '../../../src/engine/distribution.ts';
import { costOf, priceReading } from '../../kit/priced.ts';
import { PLAIN } from '../../kit/random-scenario.ts';
import { runPool } from '../../kit/run-pool.ts';
import { planOf, platformFile } from './plan.ts';
import { HOUR_S, readingOf } from './reading.ts';

const MIN_S = 60;
const MODAL = platformFile('modal');

describe('1: Baseten, H100 at $0.10833 a minute, by the minute and replica', () => {
  const plan = planOf({ platform: platformFile('baseten'), gpu: 'h100', phaseNames: ['load'] });

  it('225 replica-minutes are $24.37', () => {
    // 8 x 15 + 4 x 15 + 2 x 15 + 1 x 15 = 225; x 0.10833 = 24.37425
    const minutes = [8, 4, 2, 1].reduce((sum, replicas) => sum + replicas * 15, 0);
    expect(minutes).toBe(225);
    const { totalUsd } = priceReading(plan, readingOf({ usedS: minutes * MIN_S }));
    expect(totalUsd).toBe(24.37425);
  });

  it('the tail of one replica, 15 minutes, is $1.62495', () => {
    const { totalUsd } = priceReading(plan, readingOf({ usedS: 15 * MIN_S }));
    expect(totalUsd).toBe(1.62495); // 15 x 0.10833
  });
});

describe('3: RunPod, from the start of a worker to its stop, by the second', () => {
  const RUNPOD = planOf({
    platform: platformFile('runpod-flex'),
    gpu: 'h100',
    phaseNames: ['load'],
  });

  it('an idle tail of 5 s at $4.79 an hour is $0.006653', () => {
    const { totalUsd } = priceReading(RUNPOD, readingOf({ usedS: 5 }));
    expect(totalUsd).toBe(23.95 / 3600); // 5 x 4.79 / 3600 = 0.00665277...
    expect(totalUsd.toFixed(6)).toBe('0.006653');
  });

  it('a worker run of 12.2 s bills 13 s', () => {
    // A load of 3 s, 4.2 s of work, 5 s until it is stopped.
    const totals = runPool(
      {
        ...PLAIN,
        idleWindowUs: 5e6,
        unusedWindowUs: 5e6,
        startPhases: [{ name: 'load', time: fixed(3e6) }],
        period: { fromUs: 0, toUs: HOUR_S * 1e6 },
        meters: RUNPOD.meters,
      },
      [{ arrivalUs: 0, serviceUs: 4.2e6 }],
    );
    expect(totals.whole.meters).toEqual([{ usedUs: 12_200_000n, paidUs: 13_000_000n }]);
    const cost = costOf(RUNPOD, totals.whole, totals.observed, totals.observedUs);
    expect(cost?.usd).toBe(6227 / 360_000); // 13 x 4.79 / 3600 = 0.0172972
    expect(cost?.lines.map(({ meter }) => meter)).toEqual(['replica time', 'rounding']);
  });
});

describe('4: Modal, an L4 with a core and 8 GiB', () => {
  const bundle = { platform: MODAL, gpu: 'l4', cores: 1, memoryGiB: 8 };
  const usd = (region: string | null, usedS: number) =>
    priceReading(planOf({ ...bundle, region }), readingOf({ usedS })).totalUsd;

  it('is $0.00025286 a second, $0.9103 an hour', () => {
    expect(usd(null, 1)).toBe(0.00025286); // 0.000222 + 0.0000131 + 8 x 0.00000222
    expect(usd(null, HOUR_S).toFixed(4)).toBe('0.9103'); // 0.910296
  });

  it.each([
    ['broad', '1.0468'], // x 1.15 = 1.0468404
    ['narrow', '1.5930'], // x 1.75 = 1.593018
  ])('in a %s region $%s an hour', (region, hourly) => {
    expect(usd(region, HOUR_S).toFixed(4)).toBe(hourly);
  });

  it('60 idle seconds of an H100 are $0.06582 for the GPU', () => {
    const h100 = planOf({ platform: MODAL, gpu: 'h100' });
    expect(priceReading(h100, readingOf({ usedS: 60 })).totalUsd).toBe(0.06582); // 60 x 0.001097
  });
});

describe('7: Cloud Run by the request', () => {
  it('250 ms are billed as 300 ms', () => {
    const plan = planOf({
      billing: { usdPerReplicaHour: 1, states: ['busy'], scope: 'request', quantum: '100ms' },
    });
    const totals = runPool({ ...PLAIN, meters: plan.meters }, [
      { arrivalUs: 0, serviceUs: 250_000 },
    ]);
    expect(totals.whole.meters).toEqual([{ usedUs: 250_000n, paidUs: 300_000n }]);
  });
});

describe('9: Lambda provisioned concurrency', () => {
  const plan = planOf({
    billing: {
      usdPerGiBSecond: 0.0000166667,
      scope: 'request',
      alwaysOn: { usdPerGiBSecond: 0.0000041667, running: { usdPerGiBSecond: 0.0000097222 } },
    },
    memoryGiB: 1,
    hasFloor: true,
  });
  const day = (requests: number, serviceS: number) => {
    const toUs = 24 * HOUR_S * 1e6;
    const totals = runPool(
      {
        ...PLAIN,
        floor: { atUs: [0], count: [1] },
        period: { fromUs: 0, toUs },
        meters: plan.meters,
      },
      Array.from({ length: requests }, (_, i) => ({
        arrivalUs: (i * toUs) / requests,
        serviceUs: serviceS * 1e6,
      })),
    );
    return costOf(plan, totals.whole, totals.observed, totals.observedUs);
  };

  it('1 GB for 24 h standing is $0.36', () => {
    expect(day(0, 0)?.usd).toBe(0.36000288); // 86,400 x 0.0000041667
  });

  it('its work is at 0.0000097222, none of it at the on-demand rate', () => {
    const cost = day(1000, 36);
    expect(cost?.lines).toMatchObject([
      { meter: 'request time', quantity: 0 },
      { meter: 'always on', quantity: 86_400 },
      { meter: 'running', quantity: 36_000, usd: 0.3499992 },
    ]);
    expect(cost?.usd).toBe(0.71000208); // 0.36000288 + 36,000 x 0.0000097222
  });
});
