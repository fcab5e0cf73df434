/** Cloud Run's invoices by hand: an L4 with 4 vCPU and 16 GiB, from the start of an instance to its end, by 100 ms. */
import { describe, expect, it } from 'vitest';
import { COLD_START, invoiceOf } from './invoice-study.ts';

const L4 = 'platform: cloud-run-gpu, gpu: l4, cores: 4, memory: 16GiB, concurrency: 1';

describe('cloud-run-gpu', () => {
  // Asked for at 0, ready at 18: 18-20.2, 30-34, 600-601.03; idle for 10 min, until 1201.03. The first 3 s are capacity:
  // 1198.03 s are billed as 1198.1.
  const rows = [
    [0, 2.2],
    [30, 4],
    [600, 1.03],
  ] as const;

  it('1198.1 s at $0.0002907: $0.3482877', async () => {
    const { usd, lines, result } = await invoiceOf(`${L4}, ${COLD_START}`, rows);
    expect(result.replicas).toMatchObject({ starts: 1, peak: 1 });
    expect(lines).toEqual([
      ['replica time', 1198.03, 'GPU s'],
      ['CPU', 4792.12, 'core s'],
      ['memory', 19168.48, 'GiB s'],
      ['rounding', 0.07 / 3600, 'replica h'],
    ]);
    expect(usd).toBe(0.34828767); // 1198.1 x (0.0001867 + 4 x 0.000018 + 16 x 0.000002)
  });

  it.each([
    ['zonal-redundancy', 0.47312969], // x (0.0002909 + 0.000104)
    ['committed-1-year', 0.2507671224], // x 0.72
    ['committed-3-years', 0.1880753418], // x 0.54
  ])('%s: $%d', async (kind, usd) => {
    const more = `billing: { kind: ${kind} }`;
    expect((await invoiceOf(`${L4}, ${COLD_START}`, rows, more)).usd).toBe(usd);
  });

  it('an hour is $1.04652, with 8 vCPU and 32 GiB $1.42092', async () => {
    const kept = 'replicas: { min: 1 }';
    const hour = [
      [0, 0],
      [3600, 0],
    ] as const;
    expect((await invoiceOf(`${L4}, ${kept}`, hour)).usd).toBe(1.04652);
    const larger = L4.replace('cores: 4, memory: 16GiB', 'cores: 8, memory: 32GiB');
    expect((await invoiceOf(`${larger}, ${kept}`, hour)).usd).toBe(1.42092);
  });

  it('has 4 vCPU and 16 GiB where the study does not say: $1.04652 an hour', async () => {
    const rows = [
      [0, 0],
      [3600, 0],
    ] as const;
    const { usd } = await invoiceOf('platform: cloud-run-gpu, gpu: l4, replicas: { min: 1 }', rows);
    expect(usd).toBe(1.04652);
  });

  it.each([
    ['20s', 50, 70],
    ['1s', 9, 10],
  ])(
    'A4 7: with a start of %s a request waits at most %d + start = %d s',
    async (start, serviceS) => {
      const one = `${L4}, replicas: { max: 1 }, coldStart: ${start}`;
      const { result: within } = await invoiceOf(one, [
        [0, serviceS],
        [0, 1],
      ]);
      expect(within.requests).toMatchObject({ completed: 2, timedOut: 0 });
      const { result: beyond } = await invoiceOf(one, [
        [0, serviceS + 1e-6],
        [0, 1],
      ]);
      expect(beyond.requests).toMatchObject({ completed: 1, timedOut: 1 });
    },
  );

  it('A4 7: 250 ms are billed as 300 ms where a service without a GPU pays by the request', async () => {
    const byRequest =
      'billing: { usdPerReplicaSecond: 0.001, scope: request, states: [busy], startPhases: [] }';
    const { usd, lines } = await invoiceOf(L4, [[0, 0.25]], byRequest);
    expect(lines).toEqual([
      ['request time', 0.25, 'replica s'],
      ['rounding', 0.05, 'replica s'],
    ]);
    expect(usd).toBe(0.0003);
  });
});
