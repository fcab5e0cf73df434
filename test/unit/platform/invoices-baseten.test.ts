/** Baseten's invoice by hand: an H100 at $0.10833 a started minute; the pull is free, and so is draining. */
import { describe, expect, it } from 'vitest';
import { COLD_START, invoiceOf } from './invoice-study.ts';

const H100 = 'platform: baseten, gpu: h100';
const together = (count: number, serviceS: number) =>
  Array.from({ length: count }, () => [0, serviceS] as const);

describe('baseten', () => {
  it('two short requests cost 17 minutes: $1.84161', async () => {
    // At 10 the mean is 1, ceil(1 / 0.7) = 2, at most 1. Ready at 28, serves 28-30.2 and 30.2-34.2. The window is empty at
    // 100, and 900 s later, at 1000, the replica goes: 11 + 972 = 983 s are 16.4 minutes, billed 17.
    const { usd, lines } = await invoiceOf(`${H100}, ${COLD_START}`, [
      [0, 2.2],
      [30, 4],
    ]);
    expect(lines).toEqual([
      ['replica time', 983 / 60, 'GPU min'],
      ['rounding', 37 / 60, 'GPU min'],
    ]);
    expect(usd).toBe(1.84161); // 17 x 0.10833
  });

  it('A4 1: from 8 replicas to none in 225 replica-minutes, $24.37', async () => {
    // Five requests: ceil(5 / 0.7) = 8 replicas at 10, and five are busy until 610. At 620 the window has lost 10 s of 60:
    // ceil(4.17 / 0.7) = 6, lower from then on. Half go at 1520, 2420, 3320, the last at 4220.
    const { result, usd } = await invoiceOf(`${H100}, replicas: { max: 8 }`, together(5, 600));
    expect(result.replicaTimeS.total).toBe(8 * 610 + 225 * 60);
    expect(225 * 0.10833).toBeCloseTo(24.37, 2);
    // By the life: 4 x 1510 s, 2 x 2410 s, 3310 s and 4210 s are 4 x 26 + 2 x 41 + 56 + 71 = 313 started minutes.
    expect(usd).toBe(33.90729);
  });

  it.each([
    [25, 10, 70, 4], // ceil(25 / (10 x 0.7))
    [200, 256, 80, 1], // ceil(200 / (256 x 0.8))
    [200, 256, 50, 2], // ceil(200 / (256 x 0.5))
  ])('A4 2: %d in flight at a target of %d and %d %% are %d replicas', async (...args) => {
    const [requests, target, share, replicas] = args;
    const law = `scaling: { laws: { concurrency: { target: ${target}, utilization: ${share}% } } }`;
    const deployment = `${H100}, concurrency: ${target}, replicas: { max: 10 }, ${law}`;
    const { result } = await invoiceOf(deployment, together(requests, 100));
    expect(result.replicas).toMatchObject({ starts: replicas, peak: replicas });
  });
});
