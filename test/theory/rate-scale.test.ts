/** What a rate scale does to burstiness: claims of shape-rate.ts, on a trace with bursts of minutes and a daily curve. */
import { describe, expect, it } from 'vitest';
import { streamOf } from '../../src/base/random.ts';
import { US_PER_H, US_PER_MIN, US_PER_S } from '../../src/base/units.ts';
import { SHAPING_DEFAULTS, shapeTrace } from '../../src/workload/shaping/shape.ts';
import type { Trace } from '../../src/workload/trace.ts';
import { aTrace } from '../unit/workload/a-trace.ts';

const DAYS = 4;
const PERIOD_US = DAYS * 24 * US_PER_H;

/** Bursts of 5 minutes, 120 requests each in the mean, more of them by day, over a little of everything. */
function bursty(): Trace {
  const luck = streamOf('bursty', 0, 'test');
  const exponential = (mean: number) => -mean * Math.log(luck.next());
  const atUs: number[] = [];
  for (let us = exponential(2e6); us < PERIOD_US; us += exponential(2e6)) atUs.push(us);
  for (let us = 0; us < PERIOD_US; us += exponential(10 * US_PER_MIN)) {
    const byDay = 0.5 - 0.5 * Math.cos((2 * Math.PI * us) / (24 * US_PER_H));
    if (luck.next() > byDay) continue;
    const end = Math.min(PERIOD_US, us + 5 * US_PER_MIN);
    for (let at = us + exponential(2.5e6); at < end; at += exponential(2.5e6)) atUs.push(at);
  }
  const sorted = atUs.map(Math.floor).sort((a, b) => a - b);
  return aTrace({ atUs: sorted, period: { fromUs: 0, toUs: PERIOD_US } });
}

const TRACE = bursty();
const scaled = (factor: number, seed = '1') =>
  shapeTrace(TRACE, { ...SHAPING_DEFAULTS, rateScale: { factor, shiftUs: US_PER_MIN }, seed });

function countsBy({ arrivalUs }: Trace, us: number): number[] {
  const counts = new Array<number>(PERIOD_US / us).fill(0);
  for (const at of arrivalUs) counts[Math.min(counts.length - 1, Math.floor(at / us))]!++;
  return counts;
}

function dispersion(trace: Trace, us: number): number {
  const counts = countsBy(trace, us);
  const mean = counts.reduce((sum, n) => sum + n, 0) / counts.length;
  return counts.reduce((sum, n) => sum + (n - mean) ** 2, 0) / counts.length / mean;
}

const peakToMean = (trace: Trace, us: number): number => {
  const counts = countsBy(trace, us);
  return (Math.max(...counts) * counts.length) / trace.count;
};

describe('a rate scale', () => {
  it('multiplies the index of dispersion over intervals much longer than the shift', () => {
    const own = dispersion(TRACE, 30 * US_PER_MIN);
    expect(own).toBeGreaterThan(20);
    for (const factor of [2, 3, 5]) {
      expect(dispersion(scaled(factor), 30 * US_PER_MIN) / (factor * own)).toBeCloseTo(1, 1);
    }
  });

  it('at a minute has it between that of independent copies and of bursts as many times as large', () => {
    const own = dispersion(TRACE, US_PER_MIN);
    const four = dispersion(scaled(4), US_PER_MIN);
    expect(four).toBeGreaterThan(1.5 * own);
    expect(four).toBeLessThan(4.2 * own);
  });

  it('within a second leaves copies as good as independent: the index is what their common rate makes it', () => {
    // A trace of pairs a millisecond apart: the pairs stay pairs, none becomes a four.
    const pairs = aTrace({
      atUs: Array.from(
        { length: 20_000 },
        (_, i) => Math.floor(i / 2) * 10 * US_PER_S + (i % 2) * 1000,
      ),
    });
    const rateScale = { factor: 2, shiftUs: US_PER_MIN };
    const twice = shapeTrace(pairs, { ...SHAPING_DEFAULTS, rateScale });
    let crowds = 0;
    for (let i = 3; i < twice.count; i++) {
      if (twice.arrivalUs[i]! - twice.arrivalUs[i - 3]! < 10_000) crowds++;
    }
    expect(crowds).toBeLessThan(twice.count / 100);
  });

  it('below 1 thins: what the index has above 1 shrinks with the factor', () => {
    const own = dispersion(TRACE, 30 * US_PER_MIN) - 1;
    for (const factor of [0.25, 0.5, 0.75]) {
      const left = dispersion(scaled(factor), 30 * US_PER_MIN) - 1;
      expect(left / (factor * own)).toBeCloseTo(1, 1);
    }
  });

  it('keeps the daily curve and the peaks of longer spells', () => {
    const shares = (trace: Trace) => countsBy(trace, US_PER_H).map((n) => n / trace.count);
    const own = shares(TRACE);
    for (const factor of [0.5, 2.5, 6]) {
      const trace = scaled(factor);
      const shifted = shares(trace).map((share, hour) => Math.abs(share - own[hour]!));
      expect(shifted.reduce((sum, share) => sum + share, 0) / 2).toBeLessThan(0.02);
      const peak = peakToMean(trace, 10 * US_PER_MIN) / peakToMean(TRACE, 10 * US_PER_MIN);
      expect(Math.abs(peak - 1)).toBeLessThan(0.15);
    }
  });

  it('has the factor in expectation: its mean over seeds lies within four standard errors', () => {
    const seeds = 40;
    for (const factor of [0.3, 1.6]) {
      const share = factor - Math.floor(factor);
      let sum = 0;
      for (let seed = 0; seed < seeds; seed++) sum += scaled(factor, `${seed}`).count;
      const error = Math.sqrt((TRACE.count * share * (1 - share)) / seeds);
      expect(Math.abs(sum / seeds - factor * TRACE.count)).toBeLessThan(4 * error);
    }
  });
});
