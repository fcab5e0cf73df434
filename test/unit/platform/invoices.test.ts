/** An invoice worked by hand for a bill of each kind: every line, and the total that they add up to. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Reading } from '../../../src/engine/totals.ts';
import { type BillingInput, compileBilling } from '../../../src/platform/billing.ts';
import { billingTerms } from '../../../src/platform/billing-terms.ts';
import { parsePlatform } from '../../../src/platform/catalogue.ts';
import { type Invoice, priceReading } from '../../kit/priced.ts';
import { INPUT, mistakesOf, planOf } from './plan.ts';
import { HOUR_S, MONTH_US, microseconds, readingOf } from './reading.ts';

const LAMBDA = parsePlatform(
  readFileSync(new URL('lambda-like.yaml', import.meta.url), 'utf8'),
  'lambda-like.yaml',
);

type Input = Partial<Omit<BillingInput, 'platform'>>;

/** A platform with this `billing` block, without its figures. */
function platform(yaml: string): Pick<NonNullable<BillingInput['platform']>, 'name' | 'billing'> {
  return { name: 'Test Cloud', billing: billingTerms.parse(parse(yaml)) };
}

function invoiceOf(
  bill: BillingInput['platform'],
  input: Input,
  counted: Parameters<typeof readingOf>[0],
  periodUs = MONTH_US,
): Invoice {
  return priceReading(planOf({ platform: bill, ...input }), readingOf(counted), periodUs);
}

const shown = ({ lines, totalUsd }: Invoice) => [
  ...lines.map(({ meter, quantity, unit, usd }) => [meter, quantity, unit, usd]),
  totalUsd,
];

describe('a bill by the request: duration, INIT, requests, free tier, tiers, provisioned capacity', () => {
  const oneGib = { memoryGiB: 1, phaseNames: ['pull', 'init'] };

  it('rounds INIT apart from the duration: two meters', () => {
    const { meters, timed } = planOf({ platform: LAMBDA, ...oneGib });
    expect(meters).toMatchObject([
      { scope: 'request', busy: true, idle: false, phases: [false, false], quantumUs: 1000 },
      { scope: 'replica', busy: false, idle: false, phases: [false, true], quantumUs: 1000 },
    ]);
    expect(timed.map(({ name }) => name)).toEqual([null, 'INIT']);
  });

  it('a month within the free tier is free, line by line', () => {
    // 900,000 requests of 0.4 s at 1 GiB: 360,000 GiB s; 1,000 INITs of 5.0004 s, billed 5.001 s each.
    const invoice = invoiceOf(LAMBDA, oneGib, {
      usedS: [360_000, 5000.4],
      paidS: [360_000, 5001],
      completed: 900_000,
    });
    expect(shown(invoice)).toEqual([
      ['request time', 360_000, 'GiB s', 6.000012], // x 0.0000166667
      ['INIT', 5000.4, 'GiB s', 0.08334016668],
      ['INIT: rounding', 0.6, 'GiB s', 0.00001000002],
      ['requests', 0.9, 'million requests', 0.18],
      ['free tier: memory', -365_001, 'GiB s', -6.0833621667], // all of it: under 400,000
      ['free tier: requests', -0.9, 'million requests', -0.18],
      0,
    ]);
  });

  it('beyond 6 and 15 billion GiB s a month the rest is cheaper', () => {
    // 16,000,400,000 GiB s; 400,000 are free; 6 bn at 16.6667, 9 bn at 15, 1 bn at 13.3334 (x 1e-6).
    const invoice = invoiceOf(LAMBDA, oneGib, { usedS: [16_000_400_000, 0] });
    // 6e9 x 0.0000166667 + 9e9 x 0.000015 + 1e9 x 0.0000133334 = 100,000.2 + 135,000 + 13,333.4
    expect(invoice.totalUsd).toBe(248_333.6);
    expect(invoice.lines.map(({ meter, quantity }) => [meter, quantity])).toEqual([
      ['request time', 16_000_400_000],
      ['INIT', 0],
      ['requests', 0],
      ['free tier: memory', -400_000],
      ['tier 2: memory', 9e9],
      ['tier 3: memory', 1e9],
    ]);
  });

  it('half a month has half the free tier', () => {
    const { lines } = invoiceOf(LAMBDA, oneGib, { usedS: [1e6, 0] }, MONTH_US / 2);
    expect(lines.at(-1)).toMatchObject({ meter: 'free tier: memory', quantity: -200_000 });
  });

  it('1 GiB of provisioned capacity stands for $0.36 a day, and its work has the running rate', () => {
    const day = 24 * HOUR_S;
    const idle = {
      floorUs: microseconds(day),
      heldUs: microseconds(day),
      idleKeptUs: microseconds(day),
    };
    const standing = invoiceOf(LAMBDA, { ...oneGib, hasFloor: true }, { usedS: [0, 0], ...idle });
    expect(standing.totalUsd).toBe(0.36000288); // 86,400 x 0.0000041667
    // 10 h of work, of which the provisioned replica does 6: 4 h on demand (free tier), 6 h at 0.0000097222.
    const busy = {
      floorUs: microseconds(day),
      heldUs: microseconds(day),
      idleKeptUs: microseconds(18 * HOUR_S),
    };
    const invoice = invoiceOf(
      LAMBDA,
      { ...oneGib, hasFloor: true },
      { usedS: [10 * HOUR_S, 0], ...busy },
    );
    expect(shown(invoice)).toEqual([
      ['request time', 14_400, 'GiB s', 0.24000048],
      ['INIT', 0, 'GiB s', 0],
      ['always on', 86_400, 'GiB s', 0.36000288],
      ['running', 21_600, 'GiB s', 0.20999952],
      ['requests', 0, 'million requests', 0],
      ['free tier: memory', -14_400, 'GiB s', -0.24000048],
      0.5700024,
    ]);
  });

  it('needs the memory of the deployment', () => {
    expect(mistakesOf({ platform: LAMBDA })).toContain(
      'deployment.memory  is missing: Functions bills memory: write memory: 16GiB',
    );
  });
});

describe('always-on replicas at another rate, by count', () => {
  const bill = platform(`
    gpus: { l4: { usdPerGpuSecond: 0.00019 } }
    states: [starting, idle, busy, draining]
    startPhases: all
    quantum: 1s
    scope: replica
    minimum: 0s
    alwaysOn: { gpus: { l4: { usdPerGpuSecond: 0.00013 } } }
  `);

  it('pays min x time at that rate, and whatever is above at the other', () => {
    // Two active workers for an hour, and 500.5 s of flex above them, rounded to 501 s.
    const counted = {
      usedS: 7700.5,
      paidS: 7701,
      floorUs: microseconds(7200),
      heldUs: microseconds(7200),
    };
    expect(shown(invoiceOf(bill, { gpu: 'l4', hasFloor: true }, counted))).toEqual([
      ['replica time', 500.5, 'GPU s', 0.095095], // x 0.00019
      ['rounding', 0.5, 'GPU s', 0.000095],
      ['always on', 7200, 'GPU s', 0.936], // x 0.00013
      1.03119,
    ]);
  });

  it('needs that rate only where there is a floor', () => {
    const other = {
      ...bill,
      billing: { ...bill.billing, gpus: { h100: { usdPerGpuHour: 4.79 } } },
    };
    expect(mistakesOf({ platform: other, gpu: 'h100' })).toEqual([]);
    expect(mistakesOf({ platform: other, gpu: 'h100', hasFloor: true })).toEqual([
      'deployment.gpu  h100 has no price: billing.alwaysOn of Test Cloud has l4; or give billing.alwaysOn.usdPerReplicaHour',
    ]);
  });

  it('a replica price of the study is for all of them', () => {
    const billing = { usdPerReplicaHour: 1 };
    const input = { gpu: 'l4', hasFloor: true, billing };
    const counted = { usedS: 7200, floorUs: microseconds(3600), heldUs: microseconds(3600) };
    expect(invoiceOf(bill, input, counted).totalUsd).toBe(2);
  });
});

describe('request-based instances: 100 ms a request, a lower rate for what idles at the floor, a request fee', () => {
  const bill = platform(`
    usdPerCoreSecond: 0.000024
    usdPerGiBSecond: 0.0000025
    states: [busy]
    startPhases: []
    scope: request
    quantum: 100ms
    minimum: 0s
    usdPerMillionRequests: 0.40
    meters: { startup: { states: [starting], startPhases: all, scope: replica } }
    alwaysOn: { time: idle, usdPerCoreSecond: 0.0000025, usdPerGiBSecond: 0.0000025 }
    freeTier: { coreSeconds: 180000, giBSeconds: 360000, requests: 2000000 }
  `);
  const input = { cores: 2, memoryGiB: 4, phaseNames: ['boot'], hasFloor: true };

  it('250 ms are billed as 300 ms', () => {
    const { meters } = planOf({ platform: bill, ...input });
    expect(meters[0]).toMatchObject({ scope: 'request', quantumUs: 100_000 });
    const counted = { usedS: [0.25, 0], paidS: [0.3, 0], completed: 1 };
    const { lines, totalUsd } = invoiceOf(bill, input, counted, 0);
    // 0.3 x (2 x 0.000024 + 4 x 0.0000025) = 0.3 x 0.000058; and one request of 0.40 a million
    expect(totalUsd).toBe(0.0000174 + 0.0000004);
    expect(lines.find(({ meter }) => meter === 'rounding')?.usd).toBe(0.0000029);
  });

  it('an idle hour of the floor costs the idle rate alone', () => {
    const idle = {
      floorUs: microseconds(HOUR_S),
      heldUs: microseconds(HOUR_S),
      idleKeptUs: microseconds(HOUR_S),
    };
    // 3,600 x (2 + 4) x 0.0000025
    expect(invoiceOf(bill, input, { usedS: [0, 0], ...idle }).totalUsd).toBe(0.054);
  });

  it('the free tier is by resource', () => {
    // 200,000 s: 400,000 core s less 180,000, 800,000 GiB s less 360,000; 3 M requests less 2 M.
    const counted = { usedS: [200_000, 0], completed: 3_000_000 };
    // 220,000 x 0.000024 + 440,000 x 0.0000025 + 0.40 = 5.28 + 1.10 + 0.40
    expect(invoiceOf(bill, input, counted).totalUsd).toBe(6.78);
  });
});

describe('tokens', () => {
  const bill = platform(`
    models:
      v4-pro: { usdPerMillionInputTokens: 1.74, usdPerMillionCachedTokens: 0.145, usdPerMillionOutputTokens: 3.48 }
      gpt-20b: { usdPerMillionInputTokens: 0.07, usdPerMillionOutputTokens: 0.30 }
    kinds: { batch: { times: 0.5 } }
  `);
  const tokens = { input: true, output: true };
  const counted = { inputTokens: 5_000_000n, cachedTokens: 2_000_000n, outputTokens: 1_000_000n };

  it('input that a cache had is billed at its own price, and what is left as input', () => {
    expect(shown(invoiceOf(bill, { model: 'v4-pro', tokens }, counted))).toEqual([
      ['input tokens', 3, 'million tokens', 5.22], // 3 x 1.74
      ['cached tokens', 2, 'million tokens', 0.29], // 2 x 0.145
      ['output tokens', 1, 'million tokens', 3.48],
      8.99,
    ]);
  });

  it('without a price for cached input all input has the one price, and batch is half of it', () => {
    const model = { model: 'gpt-20b', tokens };
    expect(invoiceOf(bill, model, counted).totalUsd).toBe(0.65); // 5 x 0.07 + 0.30
    const batch = { ...model, billing: { kind: 'batch' } };
    expect(invoiceOf(bill, batch, counted).totalUsd).toBe(0.325);
  });

  it('names what is missing: tokens, the model, the kind', () => {
    const none = { input: false, output: false };
    expect(mistakesOf({ platform: bill, model: 'gpt-20b', tokens: none })[0]).toBe(
      'workload  has no input tokens, and Test Cloud bills input tokens: replay a log with them (workload.replay.columns.inputTokens), or give workload.synthesize.tokens.input',
    );
    expect(mistakesOf({ platform: bill, billing: { kind: 'spot' }, tokens })).toEqual([
      'billing.kind  spot is no kind of price here: there are batch',
      'deployment.model  is missing: Test Cloud has v4-pro, gpt-20b; or give billing.usdPerMillionInputTokens and usdPerMillionOutputTokens',
    ]);
    // Before the trace is read nobody knows: no mistake yet.
    expect(mistakesOf({ platform: bill, model: 'gpt-20b', tokens: null })).toEqual([]);
  });

  it('has no meter in the engine', () => {
    expect(planOf({ platform: bill, model: 'gpt-20b', tokens }).meters).toEqual([]);
  });
});

describe('bytes and storage', () => {
  const bill = platform(`
    usdPerGiBSecond: 0.00002
    states: [busy]
    startPhases: []
    scope: request
    quantum: 1ms
    minimum: 0s
    usdPerGbIn: 0.016
    usdPerGbOut: 0.09
    usdPerGbMonth: 0.07
    freeTier: { gbOut: 1 }
    tiers: { gbMonths: [{ above: 1000, usdPerGbMonth: 0.05 }] }
  `);
  const sizes = {
    memoryGiB: 2,
    requestBytes: 20_000,
    responseBytes: 2_000_000,
    storageBytes: 1.5e12,
  };

  it('GB are 10^9 bytes of completed requests, storage is by the month, its second terabyte cheaper', () => {
    expect(shown(invoiceOf(bill, sizes, { usedS: 0, completed: 100_000 }, MONTH_US / 2))).toEqual([
      ['request time', 0, 'GiB s', 0],
      ['data out', 200, 'GB', 18], // 100,000 x 2 MB x 0.09
      ['data in', 2, 'GB', 0.032], // 100,000 x 20 kB x 0.016
      ['storage', 750, 'GB months', 52.5], // 1,500 GB for half a month
      ['free tier: data out', -0.5, 'GB', -0.045],
      ['tier 2: storage', 250, 'GB months', -5], // (1,500 - 1,000) / 2 x (0.05 - 0.07)
      65.487,
    ]);
  });

  it('a size that nobody gave is an error, each by its key', () => {
    expect(mistakesOf({ platform: bill, memoryGiB: 2 })).toEqual([
      'deployment.responseSize  is missing: Test Cloud bills data out by the GB: write responseSize: 20kB, or 0B for none',
      'deployment.requestSize  is missing: Test Cloud bills data in by the GB: write requestSize: 20kB, or 0B for none',
    ]);
    // Every request has a size; a deployment need not take the platform's storage, unless it asks for its price.
    const two = { platform: bill, memoryGiB: 2, requestBytes: 0, responseBytes: 0 };
    expect(planOf(two).notes).toEqual([expect.stringContaining('names no deployment.storage')]);
    expect(mistakesOf({ ...two, billing: { usdPerGbMonth: 0.1 } })).toEqual([
      'deployment.storage  is missing: Test Cloud bills storage by the GB: write storage: 100GB, or 0B for none',
    ]);
  });
});

describe('plans, credit and commitment', () => {
  const bill = platform(`
    gpus: { h100: { usdPerGpuSecond: 0.001097 } }
    states: [idle, busy]
    startPhases: all
    quantum: 1ms
    scope: replica
    minimum: 0s
    plans: { starter: { usdPerMonth: 0, creditUsdPerMonth: 30 }, team: { usdPerMonth: 250, creditUsdPerMonth: 100 } }
  `);
  const team = { gpu: 'h100', billing: { plan: 'team' } };

  it('a credit pays for usage and never for the plan', () => {
    expect(shown(invoiceOf(bill, team, { usedS: 10_000 }))).toEqual([
      ['replica time', 10_000, 'GPU s', 10.97],
      ['credit', -10.97, 'USD', -10.97], // of 100
      ['plan team', 1, 'months', 250],
      250,
    ]);
    expect(invoiceOf(bill, team, { usedS: 1e6 }).totalUsd).toBe(1247); // 1,097 - 100 + 250
  });

  it('without a plan there is neither', () => {
    expect(invoiceOf(bill, { gpu: 'h100' }, { usedS: 1e6 }).totalUsd).toBe(1097);
    expect(mistakesOf({ platform: bill, gpu: 'h100', billing: { plan: 'gold' } })).toEqual([
      'billing.plan  gold is no plan here: there are starter, team',
    ]);
  });

  it('a commitment is what is paid at least, after the credit', () => {
    const billing = { commitmentUsdPerMonth: 500, creditUsdPerMonth: 100 };
    const input = { gpu: 'h100', billing };
    expect(shown(invoiceOf(bill, input, { usedS: 400_000 }))).toEqual([
      ['replica time', 400_000, 'GPU s', 438.8],
      ['credit', -100, 'USD', -100],
      ['commitment', 161.2, 'USD', 161.2],
      500,
    ]);
    expect(invoiceOf(bill, input, { usedS: 1e6 }).totalUsd).toBe(997);
  });
});

describe('kinds of price', () => {
  const bill = platform(`
    gpus:
      h100: { usdPerGpuHour: 6.88, gpusPerReplica: [1, 8] }
      a10g: { usdPerReplicaHour: 1.006 }
    states: [starting, idle, busy, draining]
    startPhases: { except: [capacity] }
    quantum: 1s
    scope: replica
    minimum: 60s
    kinds:
      spot: { gpus: { h100: { usdPerGpuHour: 2.5 } } }
      reserved-3y: { times: 0.5 }
  `);
  const hours = (hours: number) => ({ usedS: hours * HOUR_S });

  it.each([
    [undefined, 68.8],
    ['spot', 25], // a price list of its own
    ['reserved-3y', 34.4], // half of it
  ])('%s', (kind, usd) => {
    const billing = kind === undefined ? null : { kind };
    expect(invoiceOf(bill, { gpu: 'h100', billing }, hours(10)).totalUsd).toBe(usd);
  });

  it('an instance has one price, whatever it holds', () => {
    const { lines } = invoiceOf(bill, { gpu: 'a10g', cores: 4, memoryGiB: 16 }, hours(10));
    expect(lines).toMatchObject([{ meter: 'replica time', unit: 'replica h', usd: 10.06 }]);
  });

  it('a study changes one price and keeps the rest, in whatever unit', () => {
    const billing = { gpus: { h100: { usdPerGpuMonth: 2555 } }, kind: 'reserved-3y' };
    // 2,555 / 730 = 3.50 an hour, and half of it
    expect(invoiceOf(bill, { gpu: 'h100', billing }, hours(10)).totalUsd).toBe(17.5);
    expect(mistakesOf({ platform: bill, gpu: 'h100', gpus: 3, billing })).toEqual([
      'deployment.gpus  must be 1 or 8 for h100 at Test Cloud, is 3',
    ]);
  });
});

describe('start phases and states by themselves', () => {
  it('a pull is free, set-up is paid, draining is not', () => {
    const bill = platform(`
      gpus: { t4: { usdPerGpuMinute: 0.01052 } }
      states: [starting, idle, busy]
      startPhases: [load, init]
      quantum: 1m
      scope: replica
      minimum: 0s
    `);
    const phaseNames = ['provision', 'pull', 'load', 'init'];
    const { meters } = planOf({ platform: bill, gpu: 't4', phaseNames });
    expect(meters).toMatchObject([{ phases: [false, false, true, true], draining: false }]);
    // A life of 61 s is two minutes: 2 x 0.01052
    expect(invoiceOf(bill, { gpu: 't4' }, { usedS: 61, paidS: 120 }).totalUsd).toBe(0.02104);
  });

  it('a second meter at its own price beside the first: idle time at half', () => {
    const bill = platform(`
      gpus: { t4: { usdPerGpuHour: 1 } }
      states: [busy]
      startPhases: all
      quantum: 1us
      scope: replica
      minimum: 0s
      meters: { waiting: { states: [idle], usdPerGpuHour: 0.5 } }
    `);
    expect(shown(invoiceOf(bill, { gpu: 't4', gpus: 2 }, { usedS: [HOUR_S, HOUR_S] }))).toEqual([
      ['replica time', 2, 'GPU h', 2],
      ['waiting', 2, 'GPU h', 1],
      3,
    ]);
  });
});

describe('regions', () => {
  it('multiply time unless the bill says what else, or what alone', () => {
    const yaml = (more: string) => `
      gpus: { h100: { usdPerGpuHour: 8 } }
      usdPerCoreHour: 1
      usdPerRequest: 0.01
      states: [busy]
      startPhases: all
      quantum: 1us
      scope: replica
      minimum: 0s
      regions: { pinned: 1.5 }
      ${more}
    `;
    const input = { gpu: 'h100', cores: 2, region: 'pinned' };
    const counted = { usedS: HOUR_S, completed: 100 };
    expect(invoiceOf(platform(yaml('')), input, counted).totalUsd).toBe(16); // (8 + 2) x 1.5 + 1
    expect(invoiceOf(platform(yaml('regionOn: [gpuSeconds]')), input, counted).totalUsd).toBe(15); // 12 + 2 + 1
    // The study's own price is what it is; that of a core is still the platform's: 7 + 2 x 1.5 + 1.
    const own = { ...input, billing: { usdPerGpuHour: 7 } };
    expect(invoiceOf(platform(yaml('')), own, counted).totalUsd).toBe(11);
  });
});

describe('a bill of the study alone', () => {
  it('may have tokens in place of replica time', () => {
    const billing = { usdPerMillionInputTokens: 2, usdPerMillionOutputTokens: 8 };
    const plan = compileBilling({ ...INPUT, billing, tokens: { input: true, output: true } });
    const reading: Reading = readingOf({ inputTokens: 1_000_000n, outputTokens: 500_000n });
    expect(plan && priceReading(plan, reading).totalUsd).toBe(6);
  });

  it('says what contradicts itself', () => {
    expect(
      mistakesOf({
        billing: { usdPerReplicaHour: 1, usdPerReplicaSecond: 1, freeTier: { gbOut: 1 } },
      }),
    ).toEqual(['billing  must have one price, not usdPerReplicaHour and usdPerReplicaSecond']);
    expect(
      mistakesOf({
        billing: {
          usdPerReplicaHour: 1,
          usdPerRequest: 1,
          tiers: {
            requests: [
              { above: 5, times: 0.5 },
              { above: 5, times: 0.4 },
            ],
          },
        },
      }),
    ).toEqual(['billing.tiers.requests  must begin above 0 and ascend']);
  });
});
