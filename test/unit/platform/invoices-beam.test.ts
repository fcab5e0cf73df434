/** Beam's invoices by hand: an RTX 4090, a core and 4 GiB, $0.000192 + $0.0000528 + 4 x $0.0000056 = $0.0002672 a second. */
import { expect, it } from 'vitest';
import { COLD_START, invoiceOf } from './invoice-study.ts';

const bundle = (id: string) =>
  `platform: ${id}, gpu: rtx4090, cores: 1, memory: 4GiB, ${COLD_START}`;

it('beam: keep-warm of 180 s, no pay for the machine and the image: $0.1066128', async () => {
  // Ready at 18, serves 18-20.2 and 30-34, kept until 214: 11 + 196 = 207. At 600: 618-619, until 799: 11 + 181 = 192.
  const { usd, lines } = await invoiceOf(bundle('beam'));
  expect(lines).toEqual([
    ['replica time', 399, 'GPU s'],
    ['CPU', 399, 'core s'],
    ['memory', 1596, 'GiB s'],
  ]);
  expect(usd).toBe(0.1066128); // 399 x 0.0002672
});

it('beam: the keep-warm lock of a container that nobody used runs from its start request', async () => {
  // The container of the second task starts at 17.5 and is ready at 35.5; the first has served it by 21.2. Its lock ends at
  // 197.5: 11 + 162 = 173 s. The first is kept until 201.2: 11 + 183.2, billed 195. 368 x 0.0002672
  const { usd } = await invoiceOf(`${bundle('beam')}, replicas: { max: 2 }`, [
    [0, 2.2],
    [17.5, 1],
  ]);
  expect(usd).toBe(0.0983296);
});

it('beam-task-queue: keep-warm of 10 s: $0.0157648', async () => {
  // Free at 20.2, so still there at 30; kept until 44: 11 + 26 = 37. At 600: 618-619, until 629: 11 + 11 = 22.
  expect((await invoiceOf(bundle('beam-task-queue'))).usd).toBe(0.0157648); // 59 x 0.0002672
});

it('beam: the hour of a container is another price list', async () => {
  const kind = 'billing: { kind: on-demand-container }';
  const { usd } = await invoiceOf(`platform: beam, gpu: rtx4090, ${COLD_START}`, undefined, kind);
  expect(usd).toBe(0.04655); // 399 x 0.42 / 3600
});

it('A4 11: 61 tasks at 30 a container and at most 5 are 3, which wait for their keep-warm locks', async () => {
  const rows = Array.from({ length: 61 }, () => [0, 5] as const);
  const law = 'scaling: { laws: { tasks: { target: 30 } } }';
  const deployment = `platform: beam, gpu: rtx4090, concurrency: 30, replicas: { max: 5 }, ${law}`;
  const { result } = await invoiceOf(deployment, rows);
  expect(result.replicas).toMatchObject({ starts: 3, peak: 3 });
  // Work of 5 s, and 180 s each.
  expect(result.replicaTimeS.total).toBe(3 * 185);
});

it('beam: 100 tasks in flight, and 429 beyond', async () => {
  const rows = Array.from({ length: 102 }, () => [0, 1] as const);
  const { result } = await invoiceOf('platform: beam, gpu: rtx4090', rows);
  expect(result.requests).toMatchObject({ completed: 100, rejected: 2 });
});
