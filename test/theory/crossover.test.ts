/** The interval of a crossing covers the root of the exact mean costs at its nominal rate. */
import { describe, expect, it } from 'vitest';
import { crossover } from '../../src/study/crossover.ts';
import type { CrossoverDocument } from '../../src/study/curves-document.ts';
import type { Side } from '../../src/study/load-sides.ts';
import { oneReplica } from '../../src/study/theory.ts';
import { laboratory } from '../unit/study/studies.ts';

const POISSON = (seed: number) => `
version: 1
seed: ${seed}
replications: 8
workload:
  synthesize: { duration: 3h, arrivals: { process: poisson, rate: 0.05/s } }
  service: { distribution: exponential, mean: 4s }
deployment:
  idleWindow: 20s
  coldStart: 6s
  binding: own
  replicas: { max: 1 }
  admission: { queue: none }
billing: { usdPerReplicaHour: 3 }
`;

/** The traffic at which one replica on demand is paid for a share of the time. */
function loadAt(share: number): number {
  let [low, high] = [0.01, 100];
  for (let i = 0; i < 60; i++) {
    const middle = Math.sqrt(low * high);
    const { running, idle } = oneReplica(0.05 * middle, 4, 10, 20);
    if (running + idle < share) low = middle;
    else high = middle;
  }
  return low;
}

const KEPT: Side = {
  overrides: { 'deployment.replicas.min': 1, billing: { usdPerReplicaHour: 2 } },
};

describe('the crossover of one replica on demand and one kept warm', () => {
  it('is the root of the mean cost by renewal reward, and its interval covers that at its rate', async () => {
    const exact = loadAt(2 / 3);
    const seeds = 16;
    let covered = 0;
    let [logs, widths] = [0, 0];
    for (let seed = 1; seed <= seeds; seed++) {
      const found = await crossover(laboratory(POISSON(seed)), [{ overrides: {} }, KEPT], {
        from: exact / 3,
        to: exact * 3,
        points: 5,
        resolution: 0.05,
      });
      const [crossing] = (found as CrossoverDocument).crossings;
      const [low, high] = crossing!.interval!;
      expect(crossing!.intervalKind).toBe('luck');
      logs += Math.log(crossing!.load / exact);
      widths += Math.log(high! / low!);
      if (low! <= exact && exact <= high!) covered++;
    }
    // Of 16 at 95 %, fewer than 12 have a chance of 0.1 %.
    expect(covered).toBeGreaterThanOrEqual(12);
    expect(Math.abs(logs / seeds)).toBeLessThan(0.01);
    // A wide interval covers anything: theirs are about 6 % to either side.
    expect(widths / seeds).toBeLessThan(0.2);
  });
});
