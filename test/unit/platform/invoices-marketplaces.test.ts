/** The invoices of fal and of Vast.ai by hand. */
import { describe, expect, it } from 'vitest';
import { COLD_START, invoiceOf } from './invoice-study.ts';
import { mistakesOf, platformFile } from './plan.ts';

describe('fal: set-up and all time alive, pending and pull free; a B200 at $6.25 an hour', () => {
  const b200 = `platform: fal, gpu: b200, ${COLD_START}`;

  it('159 s are $0.27604', async () => {
    // Ready at 18, serves 18-20.2 and 30-34, kept until 94: 11 + 76 = 87. At 600: 618-619, until 679: 11 + 61 = 72.
    const { usd } = await invoiceOf(b200);
    expect(usd).toBe(993.75 / 3600); // 159 x 6.25 / 3600
  });

  it('a runner that nobody used goes after 10 s and not after keep_alive', async () => {
    // The runner of the second request is ready at 35.5; the first has served it by 21.2. Until 45.5: 11 + 10 = 21. The
    // first stays until 81.2: 11 + 63.2, billed 75.
    const { usd, result } = await invoiceOf(b200, [
      [0, 2.2],
      [17.5, 1],
    ]);
    expect(result.replicas.unusedStarts).toBe(1);
    expect(usd).toBe(1 / 6); // 96 x 6.25 / 3600
  });

  it('"as low as" is another list, which has an H100', async () => {
    const kind = 'billing: { kind: as-low-as }';
    const { usd } = await invoiceOf(`platform: fal, gpu: h100, ${COLD_START}`, undefined, kind);
    expect(usd).toBe(0.083475); // 159 x 1.89 / 3600
  });
});

describe('vast: loading and ready, at the price of the GPU that was found', () => {
  it('159 s at $2.40 an hour are $0.106', async () => {
    const { usd } = await invoiceOf(
      `platform: vast, gpu: h100, ${COLD_START}`,
      undefined,
      'billing: { usdPerGpuHour: 2.4 }',
    );
    expect(usd).toBe(0.106);
  });

  it('without one there is no bill, and it says what is missing', () => {
    const [mistake] = mistakesOf({ platform: platformFile('vast'), gpu: 'h100' });
    expect(mistake).toMatch(/^deployment\.gpu .*billing\.usdPerReplicaHour$/);
  });
});
