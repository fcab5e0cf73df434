import { describe, expect, it } from 'vitest';
import type { SensitivityDocument } from '../../../src/study/curves-document.ts';
import { sensitivity } from '../../../src/study/sensitivity.ts';
import { laboratory } from './studies.ts';

/** A request every 100 s, each cold: 8 s of load, 2 s of service, 10 s of idleness. */
const STUDY = `
version: 1
workload:
  synthesize: { duration: 100000s, arrivals: { process: fixed, rate: 0.01/s } }
  service: 2s
deployment: { idleWindow: 10s, coldStart: 8s }
billing: { usdPerReplicaHour: 3.6 }
slo: [latencyS.max <= 11]
`;
const ROWS = [{ 'deployment.replicas.min': 0 }, { 'deployment.replicas.min': 1 }];

async function tornado(text: string, recommended = 0) {
  const found = await sensitivity(laboratory(text), ROWS, recommended);
  expect(found).not.toHaveProperty('why');
  return found as SensitivityDocument;
}

describe('the tornado of a bill that is price x rate x (load + service + window)', () => {
  it('has the inputs in the order of what they move, worked by hand', async () => {
    const { bars } = await tornado(STUDY);
    const share = Object.fromEntries(bars.map(({ input, up }) => [input, up?.changeFraction]));
    expect(share['price']).toBeCloseTo(0.25, 9);
    expect(share['traffic']).toBeCloseTo(0.25, 2);
    expect(share['loadTime']).toBeCloseTo(0.25 * (8 / 20), 3);
    expect(share['service']).toBeCloseTo(0.25 * (2 / 20), 3);
    expect(bars.map(({ input }) => input).slice(2)).toEqual(['loadTime', 'service', 'burstiness']);
    for (const { down, up } of bars.slice(0, 4)) {
      expect(down!.changeUsdPerHour! / up!.changeUsdPerHour!).toBeCloseTo(-1, 1);
    }
  });

  it('says which input turns the recommendation', async () => {
    const { bars } = await tornado(STUDY);
    const turning = bars.filter(({ turns }) => turns);
    // 10 s of load and 2 s of service pass 11 s; then the replica that is kept warm is all there is.
    expect(turning.map(({ input }) => input)).toEqual(['loadTime']);
    expect(turning[0]!.up).toMatchObject({ met: false, recommended: 1 });
    expect(turning[0]!.up!.recommendedUsdPerHour).toBeCloseTo(3.6, 9);
    expect(turning[0]!.down).toMatchObject({ met: true, recommended: 0 });
  });

  it('leaves out what there is nothing to move of, and says why', async () => {
    const { bars } = await tornado(STUDY);
    const last = bars.at(-1)!;
    expect(last).toMatchObject({ input: 'burstiness', down: null, up: null, turns: false });
    expect(last.why).toMatch(/evenly spaced/);
  });
});
