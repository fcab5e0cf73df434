/** Rate curves, counts by interval, endpoints and tokens beside exact theory. */
import { describe, expect, it } from 'vitest';
import type { ArrivalStream } from '../../src/workload/synthesis/arrival-stream.ts';
import type { ArrivalSpec } from '../../src/workload/synthesis/arrivals.ts';
import type { CountsSpec } from '../../src/workload/synthesis/counts.ts';
import { dailyCurve } from '../../src/workload/synthesis/daily-rate.ts';
import { zipfEndpoints } from '../../src/workload/synthesis/popularity.ts';
import { meanPerS } from '../../src/workload/synthesis/rate-curve.ts';
import { makeWorkload, type SynthesisSpec } from '../../src/workload/workload.ts';
import {
  chiSquare999,
  countsOf,
  dispersion,
  each,
  expectMean,
  open,
  REPLICATIONS,
} from './counts.ts';

const HOUR_US = 3.6e9;
const DAY_US = 24 * HOUR_US;
const WEEKDAYS = [1, 1, 1, 1, 1.2, 0.4, 0.3];

describe('a daily curve', () => {
  const curve = dailyCurve({
    meanPerS: 0.5,
    peakToMean: 3,
    peakAtUs: 14 * HOUR_US,
    periodUs: DAY_US,
    weekdays: WEEKDAYS,
    phaseUs: 0,
  });
  // ((1 + cos) / 2)^k with mean 1/3 has k = 2.7063...: the integral by the midpoint rule, exact for periodic functions.
  const k = bisected((power) => 1 / meanOf((angle) => ((1 + Math.cos(angle)) / 2) ** power), 3);
  const shareOf = (hour: number) => {
    const at = (part: number) => (2 * Math.PI * (hour + part - 14)) / 24;
    const slices = Array.from({ length: 200 }, (_, i) => at((i + 0.5) / 200));
    const area = slices.reduce((sum, angle) => sum + ((1 + Math.cos(angle)) / 2) ** k, 0) / 200;
    return area * 3;
  };

  it('has exactly its mean, and each day its factor of it', () => {
    const factors = WEEKDAYS.reduce((sum, factor) => sum + factor, 0);
    expect(meanPerS(curve)).toBeCloseTo((0.5 * factors) / 7, 9);
    expect(Math.max(...curve.points.map(({ perS }) => perS))).toBeCloseTo(0.5 * 3 * 1.2, 9);
  });

  it.each<[string, ArrivalSpec]>([
    ['poisson', { process: 'poisson', rate: curve }],
    ['gamma', { process: 'gamma', rate: curve, cv: 2 }],
    [
      'mmpp',
      {
        process: 'mmpp',
        rate: curve,
        states: [
          { perS: 1, meanUs: 60e6, to: null },
          { perS: 5, meanUs: 20e6, to: null },
        ],
      },
    ],
    ['hawkes', { process: 'hawkes', rate: curve, branching: 0.5, decayUs: 10e6 }],
  ])('gives %s arrivals their share of each hour of the week', (_name, spec) => {
    const weeks = each((replication) => replication).map((one) => countsOf(spec, one, 3_600, 168));
    for (const hour of [9, 14, 20, 24 * 4 + 14, 24 * 5 + 14, 24 * 6 + 11]) {
      const perHour = 0.5 * 3_600 * WEEKDAYS[Math.floor(hour / 24)]! * shareOf(hour % 24);
      expectMean(
        weeks.map((week) => week[hour]!),
        perHour,
        0.3,
      );
    }
    const total = weeks.map((week) => week.reduce((sum, n) => sum + n, 0));
    expectMean(total, meanPerS(curve) * 7 * 86_400, 0.02);
  });

  it('leaves counts of Poisson arrivals Poisson', () => {
    const spec: ArrivalSpec = { process: 'poisson', rate: curve };
    const perHour = 0.5 * 3_600 * shareOf(10);
    const squares = each(
      (one) => dispersion(countsOf(spec, one, 3_600, 11).subarray(10), perHour),
      2_000,
    );
    expectMean(squares, 1, 0.2);
  });
});

describe('counts by interval', () => {
  const spec: CountsSpec = {
    process: 'counts',
    intervalUs: 60e6,
    columns: [
      [30, 0, 7],
      [10, 0, 0],
    ],
    names: ['a', 'b'],
    placement: 'uniform',
  };

  it('are met exactly, again and again, column by column', () => {
    const counts = countsOf(spec, 0, 60, 7);
    expect([...counts]).toEqual([40, 0, 7, 40, 0, 7, 40]);
    const stream = open(spec, 1);
    const marks = Array.from({ length: 40 }, () => markOf(stream));
    expect(marks.filter((mark) => mark === 1)).toHaveLength(10);
  });

  it('are uniform within an interval: means and variances of order statistics', () => {
    // The k-th of n uniforms is Beta(k, n + 1 - k).
    const times = each((replication) => replication, 8_000).map((replication) => {
      const stream = open(spec, replication);
      return Float64Array.from({ length: 40 }, () => stream.nextUs() / 60e6);
    });
    for (const k of [1, 20, 40]) {
      const kth = times.map((one) => one[k - 1]!);
      const mean = k / 41;
      expectMean(kth, mean);
      expectMean(
        kth.map((at) => (at - mean) ** 2),
        (k * (41 - k)) / (41 * 41 * 42),
        0.15,
      );
    }
  });

  it('have columns that mix at random: each arrival is of one with its share', () => {
    const first = each((replication) => {
      return markOf(open(spec, replication));
    }, 8_000);
    expectMean(first, 10 / 40);
  });
});

const SYNTHESIS: SynthesisSpec = {
  kind: 'synthesize',
  arrivals: { process: 'poisson', rate: 100 },
  durationUs: null,
  requests: 50_000,
  endpoints: zipfEndpoints(50, 1),
  tokens: {
    input: { distribution: { distribution: 'lognormal', meanUs: 1500, cv: 1.2 }, most: null },
    output: { distribution: { distribution: 'exponential', meanUs: 300 }, most: 400 },
  },
  service: { kind: 'tokens', baseUs: 100, perInputTokenUs: 200, perOutputTokenUs: 3_000 },
};

describe('marks of requests', () => {
  const runs = Array.from({ length: REPLICATIONS }, (_, replication) => {
    const input: number[] = [];
    const output: number[] = [];
    const service: number[] = [];
    const named = new Float64Array(50);
    for (const chunk of makeWorkload(SYNTHESIS, null, null).chunks('marks', replication)) {
      for (let i = 0; i < chunk.count; i++) {
        named[chunk.endpoint![i]!]!++;
        input.push(chunk.inputTokens![i]!);
        output.push(chunk.outputTokens![i]!);
        service.push(chunk.serviceUs[i]!);
      }
    }
    return { input, output, service, named };
  });
  const meanEach = (of: (run: (typeof runs)[number]) => number[]) =>
    runs.map((run) => of(run).reduce((sum, x) => sum + x, 0) / of(run).length);

  it("name endpoints by Zipf's law: chi-square over all seeds", () => {
    const total = new Float64Array(50);
    for (const { named } of runs) for (let i = 0; i < 50; i++) total[i]! += named[i]!;
    const harmonic = total.reduce((sum, _, i) => sum + 1 / (i + 1), 0);
    const chiSquare = total.reduce((sum, n, i) => {
      const expected = (REPLICATIONS * 50_000) / ((i + 1) * harmonic);
      return sum + (n - expected) ** 2 / expected;
    }, 0);
    expect(chiSquare).toBeLessThan(chiSquare999(49));
    expect(chiSquare).toBeGreaterThan(15);
  });

  it('have input tokens of their mean and variance, whole and at least 1', () => {
    const whole = runs.every(({ input }) => input.every((n) => Number.isInteger(n) && n >= 1));
    expect(whole).toBe(true);
    expectMean(
      meanEach(({ input }) => input),
      1500,
    );
    expectMean(
      meanEach(({ input }) => input.map((n) => (n - 1500) ** 2)),
      (1.2 * 1500) ** 2 + 1 / 12,
      0.3,
    );
  });

  it('have output tokens cut at their most: the exact law of a rounded exponential', () => {
    // P(N >= n) = e^{-(n - 1/2) / 300} from 2 on, 1 for n = 1.
    let mean = 1;
    for (let n = 2; n <= 400; n++) mean += Math.exp(-(n - 0.5) / 300);
    expectMean(
      meanEach(({ output }) => output),
      mean,
    );
    const atLeast = meanEach(({ output }) => output.map((n) => (n === 1 ? 1 : 0)));
    expectMean(atLeast, -Math.expm1(-1.5 / 300));
    const atMost = meanEach(({ output }) => output.map((n) => (n === 400 ? 1 : 0)));
    expectMean(atMost, Math.exp(-399.5 / 300));
  });

  it('take the time that their tokens say', () => {
    for (const { input, output, service } of runs.slice(0, 1)) {
      expect(service.every((us, i) => us === 100 + 200 * input[i]! + 3_000 * output[i]!)).toBe(
        true,
      );
    }
  });
});

function markOf(stream: ArrivalStream): number {
  stream.nextUs();
  return stream.mark;
}

function meanOf(f: (angle: number) => number): number {
  const points = Array.from({ length: 4_096 }, (_, i) => f((2 * Math.PI * (i + 0.5)) / 4_096));
  return points.reduce((sum, value) => sum + value, 0) / points.length;
}

function bisected(f: (x: number) => number, target: number): number {
  let [low, high] = [0.1, 100];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (f(middle) < target) low = middle;
    else high = middle;
  }
  return low;
}
