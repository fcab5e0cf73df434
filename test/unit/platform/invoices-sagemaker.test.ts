/** Invoices of SageMaker endpoints by hand: instances from launch to deletion, an A10G (ml.g5.xlarge) at $1.41 an hour. */
import { describe, expect, it } from 'vitest';
import { invoiceOf } from './invoice-study.ts';

describe('sagemaker-endpoint', () => {
  it('one instance for 601 s: $0.2353917', async () => {
    const { usd } = await invoiceOf('platform: sagemaker-endpoint, gpu: a10g');
    expect(usd).toBe(84_741 / 360_000); // 601 x 1.41 / 3600
  });

  it('out after 3 minutes above the target, in after 15 below it: 5,460 s, $2.1385', async () => {
    // 4/s for 10 min, each of 0.2 s. 240/min over one instance against 60, for the third time at 180: 4. Ready 2 min later,
    // 60/min each. None from 600 on: low for the fifteenth time at 1500. 1500 + 3 x (1500 - 180) = 5460.
    const rows = Array.from({ length: 2400 }, (_, i) => [(i + 1) / 4, 0.2] as const);
    const start = 'coldStart: [{ phase: provision, time: 105s }, { phase: load, time: 15s }]';
    const deployment = `platform: sagemaker-endpoint, gpu: a10g, ${start}`;
    const { usd, result } = await invoiceOf(deployment, rows);
    expect(result.replicas).toMatchObject({ starts: 3, peak: 4 });
    expect(result.replicaTimeS).toMatchObject({ starting: 360, total: 5460 });
    expect(usd).toBe(2.1385); // 5460 x 1.41 / 3600
  });
});

describe('sagemaker-endpoint-concurrency', () => {
  it('sees the same load within 30 s', async () => {
    // Ten in flight on one instance with 20 slots and a target of 5 from 0 on: above it for the third time at 30, 2.
    const rows = Array.from({ length: 10 }, () => [0, 40] as const);
    const law = 'scaling: { laws: { tracking: { target: 5 } } }';
    const deployment = `platform: sagemaker-endpoint-concurrency, gpu: a10g, concurrency: 20, ${law}`;
    const { usd, result } = await invoiceOf(deployment, rows);
    // None after 40: low from 50 on, for the ninetieth time at 940, 30 + 300 being over: 940 + (940 - 30) = 1850.
    expect(result.replicas).toMatchObject({ starts: 1, peak: 2 });
    expect(result.replicaTimeS.total).toBe(1850);
    expect(usd).toBe(26_085 / 36_000); // 1850 x 1.41 / 3600
  });
});

describe('sagemaker-components', () => {
  it('refuses at zero until the alarm wakes it, and is back at zero after 15 min: $0.5013', async () => {
    // Refused at 70 and 71: the alarm of the minute that ends at 120 starts one, ready at 362; the request of 150 is
    // refused too. The one of 410 is served until 500. Low from 510 on, for the ninetieth time at 1400: 1280 s.
    const start = 'coldStart: [{ phase: provision, time: 105s }, { phase: load, time: 137s }]';
    const rows = [
      [70, 1],
      [71, 1],
      [150, 1],
      [410, 90],
    ] as const;
    const deployment = `platform: sagemaker-components, gpu: a10g, ${start}, executionTimeout: 2m`;
    const { usd, result } = await invoiceOf(deployment, rows);
    expect(result.requests).toMatchObject({ completed: 1, rejected: 3 });
    expect(result.replicaTimeS).toMatchObject({ starting: 242, busy: 90, total: 1280 });
    expect(usd).toBe(18_048 / 36_000); // 1280 x 1.41 / 3600
  });
});
