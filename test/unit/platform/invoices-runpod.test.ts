/** RunPod's invoices by hand: boot and load are paid, capacity and pull are not; each worker's run is rounded up to 1 s. */
import { describe, expect, it } from 'vitest';
import { COLD_START, invoiceOf } from './invoice-study.ts';

describe('runpod-flex: ceil((queue + progress) / 1) every second, idleTimeout 5 s', () => {
  it('an H100 PRO at $4.79 an hour: 55.2 s of work are billed as 56', async () => {
    // Asked for at 0, seen at 1: ready at 19, serves 19-21.2, stopped at 26.2: 11 + 7.2 = 18.2, billed 19. At 30 it is
    // seen at once: ready at 48, serves 48-52, stopped at 57: 11 + 9 = 20. At 600: 618-619, 624: 11 + 6 = 17.
    const { usd, lines } = await invoiceOf(`platform: runpod-flex, gpu: h100, ${COLD_START}`);
    expect(lines).toEqual([
      ['replica time', 23 / 1500, 'GPU h'], // 55.2 / 3600,
      ['rounding', 0.8 / 3600, 'GPU h'],
    ]);
    expect(usd).toBe(3353 / 45_000); // 56 x 4.79 / 3600
  });

  it('FlashBoot: who counts on it has 2 s in place of 18 for what left within the hour', async () => {
    const flash = 'startPaths: { flashboot: { chance: 100% } }';
    const { usd } = await invoiceOf(`platform: runpod-flex, gpu: l4, ${COLD_START}, ${flash}`);
    // The first as above, 19 s. At 30: ready at 32, 36, 41: 11 s. At 600: 602, 603, 608: 8 s. 38 x 0.00019.
    expect(usd).toBe(0.00722);
  });

  it('A4 3: a queue of 7 and 3 in progress at scalerValue 4 are 3 workers', async () => {
    const rows = Array.from({ length: 10 }, () => [0, 1] as const);
    const scaler = 'scaling: { laws: { requests: { target: 4 } } }';
    const { result } = await invoiceOf(`platform: runpod-flex, gpu: l4, ${scaler}`, rows);
    expect(result.replicas).toMatchObject({ starts: 3, peak: 3 });
  });

  it('A4 3: an idle tail of 5 s at $4.79 an hour is $0.006653', async () => {
    const { usd: long } = await invoiceOf('platform: runpod-flex, gpu: h100', [[0, 1]]);
    const none = 'platform: runpod-flex, gpu: h100, idleWindow: 0s';
    const { usd: short } = await invoiceOf(none, [[0, 1]]);
    expect((long - short).toFixed(6)).toBe('0.006653'); // 5 x 4.79 / 3600
  });
});

describe('runpod-queue-delay: more workers for who has waited longer than 4 s', () => {
  it('44 s of an L4 at $0.00019: $0.00836', async () => {
    // At 4 the wait is 4 s and not longer; started at 5, ready at 23, serves 23-25.2 and, just before its stop at 30.2,
    // 30-34; stopped at 39: 11 + 16 = 27. At 600: started at 605, 623-624, stopped at 629: 11 + 6 = 17.
    const { usd, result } = await invoiceOf(`platform: runpod-queue-delay, gpu: l4, ${COLD_START}`);
    expect(usd).toBe(0.00836);
    expect(result.replicas.starts).toBe(2);
  });
});

describe('runpod-active: the floor at its own rate, flex above it', () => {
  const active = `platform: runpod-active, gpu: a100-80gb, ${COLD_START}`;

  it('601 s of one active A100 at the flex price of $0.00076: $0.45676', async () => {
    const { usd, lines } = await invoiceOf(active);
    expect(lines).toEqual([
      ['replica time', 0, 'GPU s'],
      ['always on', 601, 'GPU s'],
    ]);
    expect(usd).toBe(0.45676);
  });

  it('less 20 % by contract: $0.365408', async () => {
    const contract = 'billing: { alwaysOn: { times: 0.8 } }';
    expect((await invoiceOf(active, undefined, contract)).usd).toBe(0.365408);
  });

  it('a flex worker beside it pays the flex price', async () => {
    // Two at once: seen at 1, a second worker is ready at 19. The first has served both by 4.4 and been idle for longer than
    // 5 s, so one of the two goes at once: 11 s of flex. 19 s x 0.00076 x 0.7 + 11 s x 0.00076 = 0.010108 + 0.00836
    const rows = [
      [0, 2.2],
      [0, 2.2],
    ] as const;
    const { usd } = await invoiceOf(active, rows, 'billing: { alwaysOn: { times: 0.7 } }');
    expect(usd).toBe(0.018468);
  });
});

describe('runpod-load-balancer: no queue', () => {
  const balanced = `platform: runpod-load-balancer, gpu: l4, ${COLD_START}`;

  it('56 s of an L4: $0.01064', async () => {
    // Started at once: 11 + 7.2, billed 19; at 30 11 + 9 = 20; at 600 11 + 6 = 17.
    expect((await invoiceOf(balanced)).usd).toBe(0.01064);
  });

  it('who finds neither a free place nor a worker to wait for is dropped', async () => {
    const rows = [
      [0, 2.2],
      [0, 2.2],
    ] as const;
    const { result } = await invoiceOf(`${balanced}, replicas: { max: 1 }`, rows);
    expect(result.requests).toMatchObject({ completed: 1, rejected: 1 });
  });

  it('a wait of more than 2 minutes for a worker is an error', async () => {
    const slow = 'platform: runpod-load-balancer, gpu: l4, coldStart: 130s';
    const { result } = await invoiceOf(slow, [[0, 1]]);
    expect(result.requests).toMatchObject({ completed: 0, timedOut: 1 });
  });
});

describe('always-on capacity does not round', () => {
  const meters = async (replicas: string, rows: readonly (readonly [number, number])[]) =>
    (await invoiceOf(`platform: runpod-active, gpu: h200, ${replicas}`, rows)).lines;

  it.each([
    ['replicas: { min: 1, max: 1 }', 601.01],
    ['replicas: { min: 3, max: 3 }', 0.5],
  ])('%s over %d s', async (replicas, serviceS) => {
    const lines = await meters(replicas, [[0, serviceS]]);
    expect(lines.map(([meter]) => meter)).not.toContain('rounding');
  });

  it('a replica above the floor does', async () => {
    const lines = await meters('replicas: { min: 1, max: 2 }, idleWindow: 5s', [
      [0, 100.5],
      [0, 0.5],
      [200, 1],
    ]);
    const rounding = lines.find(([meter]) => meter === 'rounding');
    expect(rounding?.[1]).toBeCloseTo(0.5, 9);
  });
});
