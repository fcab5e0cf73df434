import { describe, expect, it } from 'vitest';
import { GammaQuantile } from '../../../src/engine/gamma-quantile.ts';
import { inverseNormal } from '../../../src/engine/normal.ts';

const UNIFORMS = [
  ...Array.from({ length: 2_000 }, (_, i) => (i + 0.5) / 2_000),
  ...Array.from({ length: 300 }, (_, i) => Math.exp(-i / 13.2)),
  ...Array.from({ length: 300 }, (_, i) => -Math.expm1(-(i + 1) / 13.2)),
].filter((u) => u < 1);

function worst(shape: number, exact: (u: number) => number): number {
  const quantile = new GammaQuantile(shape);
  return Math.max(...UNIFORMS.map((u) => Math.abs(quantile.at(u) / exact(u) - 1)));
}

describe('the quantile function of the gamma', () => {
  it('of shape 1 is that of the exponential', () => {
    expect(worst(1, (u) => -Math.log1p(-u))).toBeLessThan(1e-11);
  });

  it('of shape 1/2 is half the square of a normal', () => {
    // P(X <= x) = P(|Z| <= sqrt(2 x)); below the middle the central area of the normal is small and linear.
    const exact = (u: number) => inverseNormal((1 - u) / 2) ** 2 / 2;
    const upper = UNIFORMS.filter((u) => u > 0.01);
    const quantile = new GammaQuantile(0.5);
    const off = Math.max(...upper.map((u) => Math.abs(quantile.at(u) / exact(u) - 1)));
    expect(off).toBeLessThan(1e-11);
  });

  it.each([1e-3, 0.01, 0.1, 0.25, 3, 25, 1_000, 10_000])(
    'of shape %d never goes back, and has its mean',
    (shape) => {
      const quantile = new GammaQuantile(shape);
      const ascending = Array.from({ length: 50_000 }, (_, i) => quantile.at((i + 0.5) / 50_000));
      expect(ascending.every((x, i) => x >= (ascending[i - 1] ?? 0))).toBe(true);
      const mean = ascending.reduce((sum, x) => sum + x, 0) / 50_000;
      expect(mean / shape).toBeCloseTo(1, shape < 0.01 ? 1 : 2);
    },
  );

  it('beyond what a stream draws is still solved', () => {
    expect(new GammaQuantile(1).at(1e-12)).toBeCloseTo(1e-12, 22);
    expect(new GammaQuantile(1).at(1 - 2 ** -50)).toBeCloseTo(50 * Math.LN2, 9);
  });
});
