/** Invoices by hand of Kubernetes on nodes of one's own: an A10G at $1.006 an hour, by the second, at least 60. */
import { describe, expect, it } from 'vitest';
import { run, traceOf } from '../study/studies.ts';
import { COLD_START, invoiceOf } from './invoice-study.ts';

const many = (count: number, atS: number, serviceS: number) =>
  Array.from({ length: count }, () => [atS, serviceS] as const);

/** What the autoscaler wants from every so many seconds on: a loop's step at an instant is in what begins there. */
async function desiredOf(
  deployment: string,
  rows: readonly (readonly [number, number])[],
  everyS: number,
): Promise<readonly number[]> {
  const study = `version: 1
workload: { replay: { file: x } }
deployment: { ${deployment} }`;
  const traces = [traceOf(rows)];
  const { timeline } = await run(study, {}, { traces, timelineUs: everyS * 1e6 });
  return timeline?.desired ?? [];
}

describe('knative', () => {
  const KNATIVE = 'platform: knative, gpu: a10g, concurrency: 10';

  it('A4 12: a request at 0.5 keeps its pod until 66, 61.5 s after its end: 66 s, $0.0184433', async () => {
    const { usd, result } = await invoiceOf(KNATIVE, [[0.5, 4]]);
    expect(result.replicaTimeS.total).toBe(65.5);
    expect(usd).toBe(66_396 / 3_600_000); // 66 x 1.006 / 3600
  });

  it('A4 12: with the whole scale-to-zero-grace-period until 96', async () => {
    const grace = 'scaling: { scaleToZero: { grace: 30s } }';
    const { result } = await invoiceOf(`${KNATIVE}, ${grace}`, [[0.5, 4]]);
    expect(result.replicaTimeS.total).toBe(95.5);
  });

  it('A4 5: a stable mean of 35 asks for ceil(35 / (10 x 0.7)) = 5 pods', async () => {
    // Two pods have slots for 20; at 2 the others begin.
    const rows = [...many(20, 0, 90), ...many(15, 0, 88)];
    const desired = await desiredOf(`${KNATIVE}, replicas: { min: 2 }`, rows, 2);
    expect(new Set(desired.slice(1, 44))).toEqual(new Set([5]));
  });

  it('A4 5: 4 wanted over the panic window by 2 ready are a panic: $0.11066', async () => {
    // 10 in flight until 70, 28 until 78. At 74 (2 x 10 + 4 x 28) / 6 = 22 over the last 6 s: 4 pods, 4 / 2 >= 2. The eight
    // that had no slot are served from then on. Nothing shrinks until it has been calm for 60 s: 136.
    const rows = [...many(10, 0, 78), ...many(10, 70, 8), ...many(8, 70, 4)];
    const deployment = `${KNATIVE}, replicas: { min: 2 }`;
    const desired = await desiredOf(deployment, rows, 2);
    const moves = desired.flatMap((count, i) =>
      count === (desired[i - 1] ?? 0) ? [] : [[2 * i, count] as const],
    );
    expect(moves).toEqual([
      [0, 2],
      [74, 4],
    ]);
    const { usd, result } = await invoiceOf(deployment, rows);
    expect(result.replicaTimeS.total).toBe(2 * 136 + 2 * (136 - 74));
    expect(usd).toBe(398_376 / 3_600_000); // 396 x 1.006 / 3600
  });
});

describe('kubernetes-hpa', () => {
  // 100 in flight between 1 and 15.5, on two pods that have room for them.
  const rows = many(100, 1, 14.5);
  const two =
    'gpu: a10g, concurrency: 50, replicas: { min: 2 }, scaling: { laws: { queue: { target: 1 } } }';

  it('A4 6: from 2 to max(2n, 4) = 4 after 15 s, with the behavior block, +100 % or +4, to 6', async () => {
    const plain = await desiredOf(`platform: kubernetes-hpa, ${two}`, rows, 15);
    expect(plain.slice(0, 3)).toEqual([2, 4, 8]);
    const behavior = await desiredOf(`platform: kubernetes-hpa-behavior, ${two}`, rows, 15);
    expect(behavior.slice(0, 3)).toEqual([2, 6, 6]);
  });

  it('A4 6: an average value of 20 / 5 is 4, a ratio of 1.09 changes nothing', async () => {
    const with3 = (law: string) =>
      `platform: kubernetes-hpa, gpu: a10g, concurrency: 200, replicas: { min: 3 }, scaling: { laws: { queue: { ${law} } } }`;
    expect((await desiredOf(with3('target: 5'), many(20, 1, 20), 15))[1]).toBe(4);
    // 327 / (3 x 100) = 1.09
    expect((await desiredOf(with3('target: 100'), many(327, 1, 20), 15))[1]).toBe(3);
    expect((await desiredOf(with3('target: 100'), many(333, 1, 20), 15))[1]).toBe(4);
    // Value: ceil(3 x 20 / 5) = 12, of which max(2 x 3, 4) = 6 at once.
    const value = await desiredOf(with3('target: 5, metricType: value'), many(20, 1, 20), 15);
    expect(value[1]).toBe(6);
  });

  it('stays up for 300 s: six pods until 315, $0.3722200', async () => {
    // The wish of 100 is of the sync at 15; it is 300 s old, and outside, at 315. Then two are left.
    const deployment = `platform: kubernetes-hpa-behavior, ${two}`;
    const { usd, result } = await invoiceOf(deployment, rows);
    expect(result.replicaTimeS.total).toBe(2 * 315 + 4 * 300);
    expect(usd).toBe(184_098 / 360_000); // 1830 x 1.006 / 3600
  });
});

describe('kubernetes-keda', () => {
  it('A4 12: wakes at a poll and goes to zero 300 s after the last active one: 327 s, $0.0913783', async () => {
    // A request at 10: the polls at 30 and 60 are active, the one at 90 is not. Asked for at 30, ready at 48, 48-68; away
    // at 60 + 300. The 3 s of capacity are free.
    const deployment = `platform: kubernetes-keda, gpu: a10g, ${COLD_START}`;
    const { usd, result } = await invoiceOf(deployment, [[10, 20]]);
    expect(result.waitS.max).toBe(38);
    expect(result.replicaTimeS.total).toBe(330);
    expect(usd).toBe(328_962 / 3_600_000); // 327 x 1.006 / 3600
  });
});
