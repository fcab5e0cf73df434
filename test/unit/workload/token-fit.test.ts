import { describe, expect, it } from 'vitest';
import { streamOf } from '../../../src/base/random.ts';
import { fitTokens } from '../../../src/workload/fit/token-fit.ts';

const uniforms = streamOf('tokens', 0, 'test');
const input = Float64Array.from({ length: 500 }, () => Math.ceil(3000 * uniforms.next()));
const output = Float64Array.from({ length: 500 }, () => Math.ceil(400 * uniforms.next() ** 3));

function durations(baseUs: number, a: number, b: number, noiseUs = 0): Float64Array {
  return input.map(
    (tokens, i) => baseUs + a * tokens + b * output[i]! + noiseUs * (uniforms.next() - 0.5),
  );
}

describe('seconds a token', () => {
  it('are found exactly where there is no noise', () => {
    const fit = fitTokens(durations(150_000, 200, 30_000), { input, output })!;
    expect(fit.service.baseUs).toBeCloseTo(150_000, 2);
    expect(fit.service.perInputTokenUs).toBeCloseTo(200, 6);
    expect(fit.service.perOutputTokenUs).toBeCloseTo(30_000, 6);
    expect(fit.r2).toBeCloseTo(1, 9);
    expect(fit.fit.p99Us).toBeCloseTo(fit.data.p99Us, 0);
  });

  it('are found within 5 % under noise, whose share R squared leaves out', () => {
    const { service, r2 } = fitTokens(durations(150_000, 200, 30_000, 2e6), { input, output })!;
    expect(Math.abs(service.perOutputTokenUs / 30_000 - 1)).toBeLessThan(0.05);
    expect(r2).toBeGreaterThan(0.9);
    expect(r2).toBeLessThan(1);
  });

  it('are never negative: what would be below 0 is 0, and the rest is fitted without it', () => {
    const { service } = fitTokens(durations(5e6, -200, 30_000), { input, output })!;
    expect(service.perInputTokenUs).toBe(0);
    expect(service.perOutputTokenUs).toBeGreaterThan(20_000);
    expect(service.baseUs).toBeGreaterThan(0);
    const sunk = fitTokens(durations(-1000, 200, 30_000), { input, output })!.service;
    expect(sunk.baseUs).toBe(0);
  });

  it('need no more than one of the columns', () => {
    const { service } = fitTokens(durations(1000, 200, 0), { input, output: null })!;
    expect(service).toMatchObject({ perOutputTokenUs: 0 });
    expect(service.perInputTokenUs).toBeCloseTo(200, 6);
  });

  it('cannot be told from columns that say nothing', () => {
    const same = new Float64Array(500).fill(7);
    expect(fitTokens(durations(1, 1, 1), { input: same, output: null })).toBeNull();
    expect(fitTokens(durations(1, 1, 1), { input: null, output: null })).toBeNull();
    expect(
      fitTokens(new Float64Array(3).fill(1), { input: input.slice(0, 3), output: null }),
    ).toBeNull();
    // Two columns that are one: either may stand for both.
    const twice = fitTokens(durations(1000, 200, 0), { input, output: input })!;
    const { perInputTokenUs, perOutputTokenUs } = twice.service;
    expect(perInputTokenUs + perOutputTokenUs).toBeCloseTo(200, 3);
  });
});
