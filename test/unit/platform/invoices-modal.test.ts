/** Modal's invoice by hand: an L4 with a core and 8 GiB, $0.000222 + $0.0000131 + 8 x $0.00000222 = $0.00025286 a second. */
import { describe, expect, it } from 'vitest';
import { COLD_START, invoiceOf } from './invoice-study.ts';

const bundle = (id: string) => `platform: ${id}, gpu: l4, cores: 1, memory: 8GiB, ${COLD_START}`;

/**
 * The first container is asked for at 0 and ready at 18; it serves 18-20.2 and 30-34 and stays 60 s: until 94. The second
 * starts at 600, serves 618-619 and leaves at 679. Paid from the pull on: (15 + 76) + (15 + 61) = 167 s.
 */
describe.each(['modal', 'modal-server'])('%s: starts at once, 60 s of scaledown window', (id) => {
  it('bills 167 s of GPU, core and memory: $0.04222762', async () => {
    const { usd, lines } = await invoiceOf(bundle(id));
    expect(lines).toEqual([
      ['replica time', 167, 'GPU s'],
      ['CPU', 167, 'core s'],
      ['memory', 1336, 'GiB s'], // 8 x 167
    ]);
    expect(usd).toBe(0.04222762); // 167 x 0.00025286
  });

  it('x 1.15 in a broad region: $0.048561763', async () => {
    expect((await invoiceOf(`${bundle(id)}, region: broad`)).usd).toBe(0.048561763);
  });
});

it('modal: buffer_containers are there while inputs are, and are paid', async () => {
  // Both containers start at 0. One serves 18-20.2 and leaves at 80.2, the other nobody, and it leaves at 78: 15 + 62.2 + 15
  // + 60 = 152.2 s of 0.000222.
  const buffer = 'scaling: { rule: controlled, buffer: { replicas: 1 } }';
  const deployment = `platform: modal, gpu: l4, ${COLD_START}, ${buffer}`;
  const { usd, result } = await invoiceOf(deployment, [[0, 2.2]]);
  expect(result.replicas).toMatchObject({ starts: 2, unusedStarts: 1 });
  expect(usd).toBe(0.0340376275); // 0.0337884 and 0.125 cores
});

it('modal: a plan costs its fee by the month, its credit pays for usage', async () => {
  const plan = 'billing: { plan: team }';
  const { usd, lines } = await invoiceOf(
    `platform: modal, gpu: h100, ${COLD_START}`,
    undefined,
    plan,
  );
  // Observed are 600 s of 730 h, 600 / 2,628,000 of a month: $0.0571 of 250, and of the credit of 100 $0.0228.
  expect(lines).toEqual([
    ['replica time', 167, 'GPU s'],
    ['CPU', 20.875, 'core s'], // 0.125 cores, the least
    ['credit', -5 / 219, 'USD'],
    ['plan team', 1 / 4380, 'months'],
  ]);
  expect(usd).toBeCloseTo(167 * 0.001097 + 20.875 * 0.0000131 - 100 / 4380 + 250 / 4380, 12); // $0.2174
});

it('modal-server: a start that takes longer than startup_timeout comes to nothing', async () => {
  const { result } = await invoiceOf('platform: modal-server, gpu: l4, coldStart: 31s', [[0, 1]]);
  expect(result.requests).toMatchObject({ completed: 0, timedOut: 1 });
});
