import { describe, expect, it, vi } from 'vitest';
import { fitColdStarts } from '../../../src/workload/fit/fit-cold-start.ts';
import type * as statistics from '../../../src/workload/statistics.ts';

const summed = vi.hoisted(() => ({ values: 0 }));
vi.mock('../../../src/workload/statistics.ts', async (original) => {
  const real = await original<typeof statistics>();
  const mean: typeof real.mean = (values) => {
    summed.values += values.length;
    return real.mean(values);
  };
  return { ...real, mean };
});

const ROWS = 300_000;

describe('a scan of a large log for cold starts', () => {
  it('takes its means once, not once a request: half of 20,000 are cold', () => {
    const rows = 20_000;
    summed.values = 0;
    const requests = Array.from({ length: rows }, (_, i) => ({
      gapUs: i,
      excessUs: (i < rows / 2 ? 0 : 5e6) + (i % 1000),
    }));
    expect(fitColdStarts(requests, 1e6)).toMatchObject({
      seen: 'some',
      count: rows / 2,
      meanUs: 5e6,
      excess: { p50Us: 5e6 + 499 - 499.5, p90Us: 5e6 + 899 - 499.5, p99Us: 5e6 + 989 - 499.5 },
    });
    expect(summed.values).toBeGreaterThan(0);
    expect(summed.values).toBeLessThan(5 * rows);
  });

  it('has an interval however many windows explain the durations nearly as well', () => {
    // Some take 10 s longer, slightly more of them after longer gaps, without a step: no window stands out.
    const requests = Array.from({ length: ROWS }, (_, i) => ({
      gapUs: i,
      excessUs: (i * 0.6180339887498949) % 1 < 0.3 + 0.0155 * (i / ROWS) ? 10e6 : 0,
    }));
    const found = fitColdStarts(requests, 1e5);
    if (found.seen !== 'some') throw new Error(found.seen);
    const [from, to] = found.windowIntervalUs;
    expect(to - from).toBeGreaterThan(ROWS / 2);
    expect(from).toBeLessThan(found.windowUs);
    expect(to).toBeGreaterThan(found.windowUs);
  });
});
