import { describe, expect, it } from 'vitest';
import { crossover } from '../../../src/study/crossover.ts';
import type { CrossoverDocument } from '../../../src/study/curves-document.ts';
import type { Laboratory } from '../../../src/study/laboratory.ts';
import type { Side } from '../../../src/study/load-sides.ts';
import { scaleRate } from '../../../src/workload/shaping/shape-rate.ts';
import { laboratory, traceOf } from './studies.ts';

async function curve(lab: Laboratory, sides: readonly Side[], options = {}) {
  const found = await crossover(lab, sides, options);
  expect(found).not.toHaveProperty('why');
  return found as CrossoverDocument;
}

/** Paid by use, and paid around the clock. */
const byUse = (usdPerReplicaHour: number): Side => ({
  overrides: { billing: { usdPerReplicaHour, states: ['busy'] } },
});
const alwaysOn = (usdPerReplicaHour: number, isSized = false): Side => ({
  isSized,
  overrides: {
    'deployment.replicas.min': 1,
    'deployment.replicas.max': 1,
    billing: { usdPerReplicaHour },
  },
});

const EVEN = `
version: 1
workload:
  synthesize: { duration: 2h, arrivals: { process: fixed, rate: 0.1/s } }
  service: 2s
deployment: { idleWindow: 60s }
`;

describe('the crossover of a price by use and one around the clock, evenly spaced requests', () => {
  it('lies at the utilization at which the prices are in proportion', async () => {
    // Utilization is 0.2 times the traffic, and 2.00/h around the clock is 5.00/h at 40 %.
    const found = await curve(laboratory(EVEN), [byUse(5), alwaysOn(2)], { to: 4 });
    expect(found.crossings).toHaveLength(1);
    const [crossing] = found.crossings;
    expect(crossing!.load).toBeCloseTo(2, 2);
    expect(crossing!.below).toEqual([0]);
    expect(crossing!.above).toEqual([1]);
    expect(crossing!.requestsPerS).toBeCloseTo(0.2, 3);
    expect(crossing!.at[1]!.utilization).toBeCloseTo(0.4, 2);
    expect(crossing!.at[1]!.busyHoursPerDay).toBeCloseTo(9.6, 0);
    expect(crossing!.interval).toBeNull();
    expect(crossing!.intervalWhy).toMatch(/nothing is drawn/);
  });
});

describe('the crossover of a price by use and a fleet that has as many replicas as it takes', () => {
  it('stops at a fleet for which nobody waits, where services that are cut off break the objective', async () => {
    const cut = EVEN.replace('60s', '60s, executionTimeout: 1s');
    const lab = laboratory(`${cut}slo: [requests.failedFraction <= 0.5]`);
    const found = await curve(lab, [byUse(5), alwaysOn(2, true)], { points: 5 });
    expect(found.sides[1]!.points.every(({ replicas }) => replicas === 1)).toBe(true);
  });

  it('has a root on each step of the fleet and a step back at each new replica, worked by hand', async () => {
    // With r replicas busy on average: 5r dollars an hour by use, 4 x (floor(r) + 1) around the clock.
    const found = await curve(laboratory(EVEN), [byUse(5), alwaysOn(4, true)], {
      from: 2.5,
      to: 19,
      points: 61,
    });
    const busy = found.crossings.map(({ load }) => 0.2 * load);
    const exact = [0.8, 1, 1.6, 2, 2.4, 3, 3.2];
    expect(busy).toHaveLength(exact.length);
    for (const [i, replicas] of exact.entries()) {
      expect(Math.abs(busy[i]! / replicas - 1)).toBeLessThan(found.resolution);
    }
    expect(found.crossings.map(({ above }) => above)).toEqual([[1], [0], [1], [0], [1], [0], [1]]);
    expect(found.crossings.map(({ isStep }) => isStep)).toEqual([
      ...[false, true, false, true, false, true, false],
    ]);
    expect(found.crossings[1]!.intervalWhy).toMatch(/another number of replicas/);
    const sizes = found.sides[1]!.points.map(({ replicas }) => replicas!);
    expect(sizes).toEqual(found.loads.map((load) => Math.floor(0.2 * load * (1 + 1e-9)) + 1));
  });

  it('takes as many as the objectives ask for', async () => {
    // Two requests at once every 20 s, 2 s each: one replica would let the second wait.
    const text = `${EVEN.replace(
      'arrivals: { process: fixed, rate: 0.1/s }',
      'arrivals: { process: counts, counts: [2], interval: 20s, placement: even }',
    )}slo: [waitS.max <= 0]\n`;
    const lab = laboratory(text.replace('placement: even', 'placement: uniform'));
    const found = await curve(lab, [byUse(5), alwaysOn(4, true)], { from: 1, to: 2, points: 2 });
    for (const { met } of found.sides[1]!.points) expect(met).toBe(true);
  });
});

describe('a side with a choice', () => {
  it('takes at each load the cheapest that meets the objectives', async () => {
    // One replica is enough while it is free at each arrival, up to 5 times the traffic; from there on two are.
    const most = (max: number) => ({ 'deployment.replicas.max': max });
    const text = `${EVEN}billing: { usdPerReplicaHour: 2 }\nslo: [latencyS.max <= 2]`;
    const side = { name: 'chosen', overrides: most(1), alternatives: [most(2), most(3)] };
    const found = await curve(laboratory(text), [side, alwaysOn(50)], {
      from: 1,
      to: 9,
      points: 5,
    });
    const { points } = found.sides[0]!;
    expect(points.map(({ row }) => row)).toEqual(points.map(({ load }) => (load <= 5 ? 0 : 1)));
    for (const { met } of points) expect(met).toBe(true);
  });
});

describe('crossovers that are none', () => {
  it('are said with the least margin: always cheaper by so much', async () => {
    const found = await curve(laboratory(EVEN), [byUse(5), alwaysOn(6)], { to: 4 });
    expect(found.crossings).toEqual([]);
    // At 4 times the traffic a replica is busy 80 % of the time: $4.00 against $6.00.
    expect(found.cheapest).toBe(0);
    expect(found.margins).toHaveLength(1);
    expect(found.margins[0]).toMatchObject({ side: 1, atLoad: 4 });
    expect(found.margins[0]!.least).toBeCloseTo(0.5, 2);
  });

  it('are plateaus: configurations that cost the same as long as a limit is not reached', async () => {
    const most = (max: number): Side => ({ overrides: { 'deployment.replicas.max': max } });
    const text = `${EVEN}billing: { usdPerReplicaHour: 2, states: [busy, idle] }`;
    const sides = [most(1), most(2)];
    const alike = await curve(laboratory(text), sides, { to: 4 });
    expect(alike.crossings).toEqual([]);
    expect(alike).toMatchObject({ cheapest: null, margins: [] });
    // From 5 times the traffic on one replica is not enough: a second one is paid.
    const apart = await curve(laboratory(text), sides, { from: 1, to: 9 });
    expect(apart.crossings.length).toBeGreaterThanOrEqual(1);
    const [first] = apart.crossings;
    expect(first!.below).toEqual([0, 1]);
    expect(first!.above).toEqual([0]);
    expect(first!.intervalWhy).toMatch(/cost the same/);
    expect(Math.abs(first!.load / 5 - 1)).toBeLessThan(apart.resolution);
  });

  it('need a price and two sides', async () => {
    expect(await crossover(laboratory(EVEN), [byUse(5)])).toHaveProperty('why');
    const unpriced = await crossover(laboratory(EVEN), [{ overrides: {} }, byUse(5)]);
    expect(unpriced).toEqual({ why: 'a configuration has no price' });
  });
});

describe('the crossover by hours a day', () => {
  it('is the number of hours in which use comes to the price of the day', async () => {
    // At work a fifth of the time: $15.00 x 0.2 x h / 24 is $2.00 at 16 hours.
    const sides = [byUse(15), alwaysOn(2)];
    const found = await curve(laboratory(EVEN), sides, { lever: 'hoursPerDay' });
    expect(found.crossings).toHaveLength(1);
    expect(found.crossings[0]!.load).toBeCloseTo(16, 1);
    expect(found.loads.at(-1)).toBe(24);
  });

  it('is not asked of a rate that has a course of its own', async () => {
    const text = EVEN.replace('rate: 0.1/s', 'rate: { mean: 0.1/s, peakToMean: 2 }');
    const found = await crossover(laboratory(text), [byUse(15), alwaysOn(2)], {
      lever: 'hoursPerDay',
    });
    expect(found).toHaveProperty('why', expect.stringMatching(/course of their own/));
  });
});

describe('the crossover on a log', () => {
  /** Two days of requests at even gaps that a clock makes denser by day: nothing of it is drawn. */
  const rows = Array.from({ length: 48 }, (_, hour) => hour).flatMap((hour) => {
    const count = 20 + 15 * ((hour * 7) % 5);
    return Array.from(
      { length: count },
      (_, i) => [hour * 3600 + Math.round((i * 3600) / count), 10] as const,
    );
  });
  const trace = traceOf(rows);
  const lab = () =>
    laboratory(
      `
version: 1
workload: { replay: { file: log.csv } }
deployment: { idleWindow: 20s }
`,
      {},
      {
        traces: [trace],
        traceOf: async ({ parts: [part] }) => scaleRate(trace, part!.shaping.rateScale!, 'luck'),
      },
    );

  it('has an interval of the traffic that came, around the root', async () => {
    const found = await curve(lab(), [byUse(5), alwaysOn(1.5)], { from: 0.5, to: 8, points: 9 });
    const [crossing] = found.crossings;
    // Busy 30 % of the time: where use at $5.00 comes to $1.50.
    expect(crossing!.at[1]!.utilization).toBeCloseTo(0.3, 1);
    expect(crossing!.intervalKind).toBe('traffic');
    const [low, high] = crossing!.interval!;
    expect(low!).toBeLessThan(crossing!.load);
    expect(high!).toBeGreaterThan(crossing!.load);
    expect(high! / low!).toBeLessThan(2);
    expect(crossing!.requestsPerSInterval![0]!).toBeLessThan(crossing!.requestsPerS!);
  });

  it('is not asked by hours a day', async () => {
    const found = await crossover(lab(), [byUse(5), alwaysOn(1)], { lever: 'hoursPerDay' });
    expect(found).toHaveProperty('why', expect.stringMatching(/a log has hours of its own/));
  });
});
