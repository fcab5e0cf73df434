/** Invoices of AWS Lambda and SageMaker Serverless by hand: by the millisecond and GiB; INIT, data and requests apart. */
import { describe, expect, it } from 'vitest';
import { mistakesOf } from '../study/studies.ts';
import { COLD_START, invoiceOf } from './invoice-study.ts';

const NOT_FREE = 'billing: { freeTier: { giBSeconds: 0, requests: 0 } }';
const DAY_S = 86_400;

describe('lambda', () => {
  const TWO_GIB = `platform: lambda, memory: 2GiB, ${COLD_START}`;
  // One environment: INIT until 18, then 18-20.2, and warm at 30 and 600. The second request takes 4.0004 s: billed 4.001.
  const rows = [
    [0, 2.2],
    [30, 4.0004],
    [600, 1],
  ] as const;

  it('7.201 s and an INIT of 11 s with 2 GiB, three requests: $0.0006073', async () => {
    const { usd, lines } = await invoiceOf(TWO_GIB, rows, NOT_FREE);
    expect(lines).toEqual([
      ['request time', 14.4008, 'GiB s'],
      ['rounding', 0.0012, 'GiB s'],
      ['INIT', 22, 'GiB s'],
      ['requests', 0.000003, 'million requests'],
    ]);
    // 36.402 x 0.0000166667 + 0.000003 x 0.20 = 0.0006067012134 + 0.0000006
    expect(usd).toBe(0.0006073012134);
  });

  it('is free within the free tier: 400,000 GiB s x 600 s / 730 h = 91.3 GiB s', async () => {
    const { usd, result } = await invoiceOf(TWO_GIB, rows);
    // The last second accrues after the period: 2 x 0.0000166667 + 0.0000002.
    expect(usd).toBe(0.0000335334);
    expect(result.cost?.usdPerHour).toBe(0);
    expect(result.cost?.tailUsd).toBe(usd);
  });

  it('a period of 0 has no free tier and no tiers: 10 s of 2 GiB are $0.00033353', async () => {
    const { usd, lines } = await invoiceOf('platform: lambda, memory: 2GiB', [[0, 10]]);
    expect(lines.map(([meter]) => meter)).toEqual(['request time', 'INIT', 'requests']);
    expect(usd).toBeCloseTo(20 * 0.0000166667 + 0.0000002, 15);
  });

  it('A4 8: of 5,000 at once 1,000 are begun, the rest over 40 s as the start rate refills', async () => {
    const burst = Array.from({ length: 5000 }, () => [0, 100] as const);
    const raised = 'platform: lambda, memory: 1GiB, replicas: { max: unlimited }';
    const slo = "slo: ['share(waitS <= 0) >= 0.2', 'share(waitS <= 20) >= 0.6']";
    const waiting = `${raised}, admission: { queue: unlimited }`;
    const { result } = await invoiceOf(waiting, burst, slo);
    expect(result.requests).toMatchObject({ arrived: 5000, completed: 5000, rejected: 0 });
    expect(result.replicas).toMatchObject({ starts: 5000, peak: 5000 });
    // One every 10 ms: 10 ms x (1 + 2 + ... + 4000) = 0.01 x 4000 x 4001 / 2
    expect(result.waitS).toMatchObject({ max: 40, sum: 80_020 });
    expect(result.slo?.objectives.map(({ share }) => share)).toEqual([0.2, 0.6]);
  });

  it('A4 8: or they are refused: 429', async () => {
    const burst = Array.from({ length: 5000 }, () => [0, 100] as const);
    for (const max of ['1000', 'unlimited']) {
      const { result } = await invoiceOf(
        `platform: lambda, memory: 1GiB, replicas: { max: ${max} }`,
        burst,
      );
      expect(result.requests).toMatchObject({ completed: 1000, rejected: 4000 });
    }
  });

  it('A4 9: 1 GiB of provisioned concurrency for 24 h is $0.36, and its work is at 0.0000097222', async () => {
    const standing = 'platform: lambda, memory: 1GiB, replicas: { min: 1 }';
    const idle = await invoiceOf(standing, [
      [0, 0],
      [DAY_S, 0],
    ]);
    expect(idle.usd).toBe(0.36000308); // 86,400 x 0.0000041667, and the request at the end
    const work = Array.from({ length: 10 }, (_, i) => [i * 1000, 600] as const);
    const busy = await invoiceOf(standing, [...work, [DAY_S, 0]]);
    expect(busy.lines).toEqual([
      ['request time', 0, 'GiB s'],
      ['INIT', 0, 'GiB s'],
      ['always on', DAY_S, 'GiB s'],
      ['running', 6000, 'GiB s'],
      ['requests', 0.000011, 'million requests'],
      ['free tier: requests', -0.00001, 'million requests'],
    ]);
    expect(busy.usd).toBe(0.41833628); // 0.36000308 + 6000 x 0.0000097222
  });
});

describe('sagemaker-serverless', () => {
  const TWO_GIB = `platform: sagemaker-serverless, ${COLD_START}, memory: 2GiB`;

  it('7.2 s with 2 GiB and 220 kB a request: $0.00029856', async () => {
    const sizes = 'requestSize: 20kB, responseSize: 200kB';
    const { usd, lines } = await invoiceOf(`${TWO_GIB}, ${sizes}`);
    expect(lines).toEqual([
      ['request time', 14.4, 'GiB s'],
      ['data out', 0.0006, 'GB'],
      ['data in', 0.00006, 'GB'],
    ]);
    expect(usd).toBe(0.00029856); // 14.4 x 0.00002 + 0.00066 x 0.016
  });

  it('throttles beyond MaxConcurrency', async () => {
    const none = 'requestSize: 0B, responseSize: 0B';
    const burst = Array.from({ length: 250 }, () => [0, 1] as const);
    const { result } = await invoiceOf(`${TWO_GIB}, ${none}`, burst);
    expect(result.requests).toMatchObject({ completed: 200, rejected: 50 });
  });

  it('has no price for provisioned concurrency, and says so', () => {
    const study = `version: 1
workload: { replay: { file: x } }
deployment: { ${TWO_GIB}, requestSize: 0B, responseSize: 0B, replicas: { min: 1 } }`;
    expect(mistakesOf(study).join()).toMatch(
      /billing\.alwaysOn\s+has no price: give one, or times/,
    );
  });
});
