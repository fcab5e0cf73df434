import { describe, expect, it } from 'vitest';
import { type Purpose, streamOf } from '../../../src/base/random.ts';
import {
  type ArrivalSpec,
  arrivalLabel,
  arrivalMistakes,
  expectedTimeUs,
  openArrivals,
} from '../../../src/workload/synthesis/arrivals.ts';
import type { RateCurve } from '../../../src/workload/synthesis/rate-curve.ts';

const HOUR = 3.6e9;
const DAY: RateCurve = {
  periodUs: 24 * HOUR,
  interpolate: 'linear',
  points: [
    { atUs: 0, perS: 0 },
    { atUs: 8 * HOUR, perS: 4 },
    { atUs: 20 * HOUR, perS: 1 },
  ],
};
const STEPS: RateCurve = {
  periodUs: 2 * HOUR,
  interpolate: 'step',
  points: [
    { atUs: 0, perS: 10 },
    { atUs: HOUR, perS: 0 },
  ],
};

function arrivalsOf(spec: ArrivalSpec, count: number): number[] {
  const streams = (purpose: Purpose) => streamOf('arrivals', 0, purpose);
  const arrivals = openArrivals(spec, streams, () => streams);
  return Array.from({ length: count }, () => arrivals.nextUs());
}

describe('arrivals', () => {
  it.each([
    ['poisson', undefined, 1],
    ['gamma', 0.5, 0.5],
    ['gamma', 3, 3],
    ['weibull', 2, 2],
    ['fixed', undefined, 0],
  ] as const)('%s with cv %s has its rate and the cv of its gaps', (process, cv, expectedCv) => {
    const n = 100_000;
    const times = arrivalsOf({ process, rate: 20, ...(cv !== undefined && { cv }) }, n);
    expect(times.every((us, i) => Number.isInteger(us) && us >= (times[i - 1] ?? 0))).toBe(true);
    const mean = times.at(-1)! / n;
    // 4.5 standard errors of the mean; the cv of heavy tails converges slowly.
    expect(Math.abs(mean / 50_000 - 1)).toBeLessThanOrEqual((4.5 * expectedCv) / Math.sqrt(n));
    const squares = times.reduce((sum, us, i) => sum + (us - (times[i - 1] ?? 0) - mean) ** 2, 0);
    expect(Math.sqrt(squares / n) / mean).toBeCloseTo(expectedCv, expectedCv > 1 ? 0 : 2);
  });

  it('rounds a gap once and sums, so that nothing drifts', () => {
    expect(arrivalsOf({ process: 'fixed', rate: 3 }, 4)).toEqual([
      333_333, 666_666, 999_999, 1_333_332,
    ]);
  });

  it('follows a daily curve: each hour gets its share', () => {
    // Area under the curve: 0..8 h 57,600; 8..20 h 108,000; 20..24 h 7,200.
    expect(expectedTimeUs({ process: 'poisson', rate: DAY }, 172_800)).toBe(24 * HOUR);
    const times = arrivalsOf({ process: 'gamma', cv: 2, rate: DAY }, 345_600);
    const within = (from: number, to: number) =>
      times.filter((us) => (us / HOUR) % 24 >= from && (us / HOUR) % 24 < to).length / 2;
    // A renewal count of mean m has a standard deviation of about cv sqrt(m).
    for (const [from, to, mean] of [
      [0, 8, 57_600],
      [8, 20, 108_000],
      [20, 24, 7_200],
    ] as const) {
      expect(Math.abs(within(from, to) - mean)).toBeLessThan(4.5 * 2 * Math.sqrt(mean / 2));
    }
    expect(times.every((us, i) => us >= (times[i - 1] ?? 0))).toBe(true);
  });

  it('keeps out of hours without a rate', () => {
    const times = arrivalsOf({ process: 'poisson', rate: STEPS }, 200_000);
    expect(times.every((us) => us % (2 * HOUR) <= HOUR)).toBe(true);
    expect(times.at(-1)!).toBeGreaterThan(10 * HOUR);
  });

  it('at regular gaps map exactly to steps', () => {
    expect(arrivalsOf({ process: 'fixed', rate: STEPS }, 36_001).slice(-2)).toEqual([
      2 * HOUR,
      2 * HOUR + 100_000,
    ]);
  });
});

describe('mistakes in arrivals', () => {
  it.each<[ArrivalSpec, string]>([
    [{ process: 'poisson', rate: -1 }, 'a rate must be above 0, is -1/s'],
    [{ process: 'poisson', rate: 1e7 }, 'finer than microseconds'],
    [{ process: 'gamma', rate: 1 }, 'gamma takes a rate and a cv'],
    [{ process: 'poisson', rate: 1, cv: 2 }, 'poisson takes no cv'],
    [{ process: 'weibull', rate: 1, cv: -1 }, 'cv must be at least 0, is -1'],
    [{ process: 'poisson', rate: { ...DAY, points: [] } }, 'must be at 0s'],
    [{ process: 'poisson', rate: { ...DAY, periodUs: HOUR } }, 'before the end of its period'],
    [
      { process: 'poisson', rate: { ...STEPS, points: [{ atUs: 0, perS: 0 }] } },
      'one rate must be above 0',
    ],
  ])('%j: %s', (spec, message) => expect(arrivalMistakes(spec).join('; ')).toContain(message));
});

describe('what arrivals are called', () => {
  it('has a rate without the noise of floating point', () => {
    expect(arrivalLabel({ process: 'poisson', rate: 0.09999999999999999 })).toBe(
      'poisson arrivals at 0.1/s',
    );
  });
});
