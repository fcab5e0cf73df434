/** Replicate's invoices by hand: an A100 at $0.0014 a second. */
import { expect, it } from 'vitest';
import { COLD_START, invoiceOf, THREE_REQUESTS } from './invoice-study.ts';

it('replicate: set-up, active and idle, every online second: $0.8946', async () => {
  // Ready at 18, serves 18-20.2 and 30-34, offline 300 s later at 334: 11 of set-up and 316 = 327 s. At 600: ready at 618,
  // 619, offline at 919: 11 + 301 = 312. 639 x 0.0014
  const { usd } = await invoiceOf(`platform: replicate, gpu: a100-80gb, ${COLD_START}`);
  expect(usd).toBe(0.8946);
});

it('replicate-public: the time of the predictions alone: $0.01008', async () => {
  const deployment = `platform: replicate-public, gpu: a100-80gb, ${COLD_START}`;
  const { usd, lines } = await invoiceOf(deployment);
  expect(lines).toEqual([['request time', 7.2, 'GPU s']]); // 2.2 + 4 + 1
  expect(usd).toBe(0.01008);
  // What others keep warm costs nothing, and takes the cold starts away.
  const warm = await invoiceOf(`${deployment}, replicas: { min: 1 }`);
  expect(warm.usd).toBe(0.01008);
  expect(warm.result.coldStarts.starts).toBe(0);
});

it('replicate: 600 predictions a minute, and 429 beyond', async () => {
  const rows = Array.from({ length: 601 }, () => [0, 1] as const);
  const { result } = await invoiceOf('platform: replicate, gpu: t4', [...rows, THREE_REQUESTS[2]]);
  expect(result.requests.rejected).toBe(1);
});
