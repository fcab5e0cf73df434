/** Invoices by hand of machines that are there all the time: EC2 in its three ways to pay, one's own, GPU clouds. */
import { describe, expect, it } from 'vitest';
import { invoiceOf } from './invoice-study.ts';

// The three requests end at 601 s.
describe('ec2-on-demand', () => {
  it('two A10G at $1.006 for 601 s: $0.3358922', async () => {
    const { usd } = await invoiceOf('platform: ec2-on-demand, gpu: a10g, replicas: { min: 2 }');
    expect(usd).toBe(1_209_212 / 3_600_000); // 2 x 601 x 1.006 / 3600
  });

  it('an instance of 10 s is paid for 60', async () => {
    const { usd, lines } = await invoiceOf('platform: ec2-on-demand, gpu: a10g', [[0, 10]]);
    expect(usd).toBe(6036 / 360_000); // 60 x 1.006 / 3600
    expect(lines.map(([meter]) => meter)).toEqual(['replica time', 'rounding']);
  });

  it('eight H100 are a p5.48xlarge at $55.04: $9.1886222', async () => {
    const { usd } = await invoiceOf('platform: ec2-on-demand, gpu: h100, gpus: 8');
    expect(usd).toBe(3_307_904 / 360_000); // 601 x 55.04 / 3600
  });
});

describe('ec2-reserved', () => {
  it('an L40S under a savings plan of three years, 601 s at $0.93: $0.1552583', async () => {
    const { usd } = await invoiceOf('platform: ec2-reserved, gpu: l40s');
    expect(usd).toBe(55_893 / 360_000); // 601 x 0.93 / 3600
  });

  it('a month is paid whole: $678.90', async () => {
    const month = 730 * 3600;
    const { result } = await invoiceOf('platform: ec2-reserved, gpu: l40s', [
      [0, 1],
      [month, 0],
    ]);
    expect(result.cost?.usdPerMonth).toBe(678.9); // 730 x 0.93
  });
});

describe('ec2-spot', () => {
  const CALM = 'preemption: { every: unlimited }';

  it('an L40S at 40 % of $1.86 for 601 s: $0.1242067', async () => {
    const { usd } = await invoiceOf(`platform: ec2-spot, gpu: l40s, ${CALM}`);
    expect(usd).toBe(447_144 / 3_600_000); // 601 x 0.744 / 3600
  });

  it('the discount is a key', async () => {
    const more = 'billing: { kinds: { spot: { times: 0.1 } } }';
    const { usd } = await invoiceOf(`platform: ec2-spot, gpu: l40s, ${CALM}`, undefined, more);
    expect(usd).toBe(111_786 / 3_600_000); // 601 x 0.186 / 3600
  });

  it('a spell of shortage takes it with two minutes to finish, and what is not finished is served again', async () => {
    // Notice at 100; the request of 90 would end at 300, the one of 95 waits. At 220 the instance is gone. The next one,
    // asked for when the first no longer counts, waits for the spell's end at 250, and is ready at 280. What was cut off is
    // tried again from 220 on, behind the one that waits: 280-285, 285-495.
    const rows = [
      [90, 210],
      [95, 5],
    ] as const;
    const spell = 'weather: { spells: [{ from: 100s, to: 250s }] }';
    const start = 'coldStart: [{ phase: capacity, time: 0s }, { phase: load, time: 30s }]';
    const deployment = `platform: ec2-spot, gpu: l40s, ${CALM}, ${start}`;
    const { result, usd } = await invoiceOf(deployment, rows, spell);
    expect(result.requests).toMatchObject({ arrived: 2, completed: 2 });
    expect(result.latencyS.max).toBe(405);
    // 220 s of the first; of the second 30 of load and 215 until 495: 465 x 0.744 / 3600. Capacity is free.
    expect(usd).toBe(34_596 / 360_000);
  });
});

describe('dedicated', () => {
  it('has the prices of EC2 on demand', async () => {
    const { usd } = await invoiceOf('platform: dedicated, gpu: l4');
    expect(usd).toBe(4808 / 36_000); // 601 x 0.80 / 3600
  });

  it('or those of the study: two at $1.25 for 601 s', async () => {
    const own = 'billing: { usdPerReplicaHour: 1.25 }';
    const deployment = 'platform: dedicated, replicas: { min: 2 }';
    const { usd } = await invoiceOf(deployment, undefined, own);
    expect(usd).toBe(15_025 / 36_000); // 2 x 601 x 1.25 / 3600
  });
});

describe('gpu-cloud', () => {
  it.each([
    ['', 'h100', 3.49],
    ['runpod-community', 'h100', 2.69],
    ['vast', 'h100', 2.4],
    ['nebius', 'h100', 3.85],
    ['lambda-labs', 'h100', 4.29],
    ['lambda-labs', 'h100-pcie', 2.86],
  ])('%s %s at $%d an hour for 601 s', async (kind, gpu, usdPerHour) => {
    const more = kind === '' ? '' : `billing: { kind: ${kind} }`;
    const { usd } = await invoiceOf(`platform: gpu-cloud, gpu: ${gpu}`, undefined, more);
    expect(usd).toBe((601 * Math.round(usdPerHour * 100)) / 360_000);
  });
});
