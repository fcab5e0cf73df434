import { describe, expect, it } from 'vitest';
import { cliff } from '../../../src/study/cliff.ts';
import type { CliffDocument } from '../../../src/study/curves-document.ts';
import { oneReplica } from '../../../src/study/theory.ts';
import { laboratory } from './studies.ts';

/** A request every 100 s, each cold: 8 s of load, 2 s of service, 10 s of idleness, at $3.60 an hour. */
const STUDY = (slo: string, deployment = 'coldStart: 8s') => `
version: 1
workload:
  synthesize: { duration: 100000s, arrivals: { process: fixed, rate: 0.01/s } }
  service: 2s
deployment: { idleWindow: 10s, ${deployment} }
billing: { usdPerReplicaHour: 3.6 }
slo: ['${slo}']
`;
const MIN_0 = { 'deployment.replicas.min': 0 };
const MIN_1 = { 'deployment.replicas.min': 1 };

async function cliffOf(text: string, recommended: number, options = {}) {
  const found = await cliff(laboratory(text), [MIN_0, MIN_1], recommended, options);
  expect(found).not.toHaveProperty('why');
  return found as CliffDocument;
}

describe('the cliff of the load time, worked by hand', () => {
  it('is where load and service together pass the objective, and the next row takes over there', async () => {
    const found = await cliffOf(STUDY('latencyS.max <= 12'), 0);
    expect(found.loadS).toBe(8);
    expect(found.breaks).toHaveLength(1);
    const [at] = found.breaks;
    expect(at!.breaksAbove).toBe(true);
    expect(at!.objectives).toEqual(['latencyS.max <= 12']);
    expect(Math.abs(at!.loadS / 10 - 1)).toBeLessThan(found.resolution);
    expect(at!.interval).toBeNull();
    expect(at!.intervalWhy).not.toBeNull();
    expect(found.stretches.map(({ row }) => row)).toEqual([0, 1]);
    expect(found.stretches[0]!.toS).toBeCloseTo(at!.loadS, 9);
    expect(found.stretches[1]!.toS).toBeCloseTo(80, 6);
  });

  it('says what a second less is worth: a hundredth of an hour of replica each hour', async () => {
    const { secondSaved } = await cliffOf(STUDY('latencyS.max <= 12'), 0);
    // One second of every 100, at $3.60 an hour.
    expect(secondSaved!.usdPerMonth! / (0.01 * 3.6 * 730)).toBeCloseTo(1, 2);
    expect(secondSaved).toMatchObject({ fromS: 8, toS: 7 });
    expect(secondSaved!.p99S).toBeCloseTo(1, 2);
  });

  it('says what a shorter load time is worth that lets a cheaper row do', async () => {
    const found = await cliffOf(STUDY('latencyS.max <= 8'), 1);
    expect(found.breaks).toEqual([]);
    const [cheaper] = found.cheaperRows;
    expect(cheaper!.row).toBe(0);
    // Load at most 6 s: then 18 s of 100 are paid, and not all of them.
    expect(cheaper!.loadS).toBeLessThanOrEqual(6);
    expect(cheaper!.loadS).toBeGreaterThan(6 / (1 + found.resolution));
    const saved = (1 - (12 + cheaper!.loadS) / 100) * 3.6 * 730;
    expect(cheaper!.savedUsdPerMonth! / saved).toBeCloseTo(1, 2);
    expect(cheaper!.savedUsdPerMonthPerSecond! / (saved / (8 - cheaper!.loadS))).toBeCloseTo(1, 2);
  });

  it('sweeps one phase and leaves the others as they are', async () => {
    const phases = 'coldStart: [{ phase: boot, time: 3s }, { phase: load, time: 5s }]';
    const found = await cliffOf(STUDY('latencyS.max <= 12', phases), 0, { phase: 'load' });
    expect(found).toMatchObject({ phase: 'load', loadS: 5 });
    expect(Math.abs(found.breaks[0]!.loadS / 7 - 1)).toBeLessThan(found.resolution);
  });

  it('says why there is none', async () => {
    const lab = laboratory(STUDY('latencyS.max <= 12', 'coldStart: 0s'));
    expect(await cliff(lab, [MIN_0], 0)).toEqual({ why: 'starts take no time' });
    const phase = await cliff(laboratory(STUDY('latencyS.max <= 12')), [MIN_0], 0, {
      phase: 'pull',
    });
    expect(phase).toEqual({ why: 'no start has a phase pull: there are start' });
  });
});

describe('the interval of a cliff', () => {
  const POISSON = (seed: number) => `
version: 1
seed: ${seed}
replications: 10
workload:
  synthesize: { duration: 4h, arrivals: { process: poisson, rate: 0.02/s } }
  service: 2s
deployment: { idleWindow: 20s, coldStart: 10s, replicas: { max: 1 }, admission: { queue: none }, binding: own }
billing: { usdPerReplicaHour: 3.6 }
slo: ['cost.usdPerHour <= 1.5']
`;

  /** Where the mean cost by renewal reward passes the objective. */
  function exactS(): number {
    let [low, high] = [1, 100];
    for (let i = 0; i < 50; i++) {
      const middle = (low + high) / 2;
      const { running, idle } = oneReplica(0.02, 2, 2 + middle, 20);
      if (3.6 * (running + idle) < 1.5) low = middle;
      else high = middle;
    }
    return low;
  }

  it('reaches from where objectives surely hold to where they surely break: around the exact place at its rate', async () => {
    const exact = exactS();
    const seeds = 20;
    let covered = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const options = { from: 0.25, to: 3, points: 5, resolution: 0.05 };
      const found = await cliff(laboratory(POISSON(seed)), [{}], 0, options);
      const { interval } = (found as CliffDocument).breaks[0]!;
      const [low, high] = interval!;
      if ((low ?? 0) <= exact && exact <= (high ?? Infinity)) covered++;
    }
    // Of 20 at 95 %, fewer than 16 have a chance of 0.3 %.
    expect(covered).toBeGreaterThanOrEqual(16);
  });
});
