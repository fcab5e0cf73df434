import { describe, expect, it } from 'vitest';
import { streamOf } from '../../../src/base/random.ts';
import { compileDistribution, type DistributionSpec } from '../../../src/engine/distribution.ts';
import { fitDistribution } from '../../../src/workload/fit/fit-distribution.ts';

function drawsOf(spec: DistributionSpec, count = 20_000, seed = 'a'): Float64Array {
  const law = compileDistribution(spec);
  const uniforms = streamOf(seed, 0, 'test');
  return Float64Array.from({ length: count }, () => Math.round(law.sample(uniforms)));
}

describe('a family', () => {
  const families: readonly DistributionSpec[] = [
    { distribution: 'lognormal', meanUs: 2e6, cv: 0.7 },
    { distribution: 'gamma', meanUs: 2e6, cv: 0.7 },
    { distribution: 'weibull', meanUs: 2e6, cv: 0.4 },
    { distribution: 'exponential', meanUs: 3e5 },
  ];
  for (const spec of families) {
    it(`is found: ${spec.distribution}, with mean and p99 within 3 %`, () => {
      const { distribution, familyFits, ks, families: all } = fitDistribution(drawsOf(spec));
      // An exponential is a gamma and a weibull too: then the one with fewer parameters, or one as near.
      if (spec.distribution !== 'exponential')
        expect(distribution.distribution).toBe(spec.distribution);
      expect(familyFits).toBe(true);
      expect(ks).toBeLessThan(0.012);
      expect(all[0]!.aic).toBeLessThanOrEqual(all.at(-1)!.aic);
      const [law, fitted] = [compileDistribution(spec), compileDistribution(distribution)];
      expect(Math.abs(fitted.meanUs / law.meanUs - 1)).toBeLessThan(0.03);
      const p99 = { next: () => 0.99 };
      expect(Math.abs(fitted.sample(p99) / law.sample(p99) - 1)).toBeLessThan(0.03);
    });
  }

  it('is fixed where all durations are one', () => {
    const { distribution, ks } = fitDistribution(new Float64Array(50).fill(250_000));
    expect(distribution).toEqual({ distribution: 'fixed', valueUs: 250_000 });
    expect(ks).toBe(0);
  });
});

describe('where no family is near', () => {
  const bimodal: DistributionSpec = {
    distribution: 'mixture',
    components: [
      { weight: 0.5, distribution: { distribution: 'uniform', minUs: 1e5, maxUs: 1.2e5 } },
      { weight: 0.5, distribution: { distribution: 'uniform', minUs: 4e6, maxUs: 5e6 } },
    ],
  };

  it("the data's own quantiles stand, with their mean and p99", () => {
    const draws = drawsOf(bimodal);
    const { distribution, familyFits, families, data, fit, meanUs } = fitDistribution(draws);
    expect(familyFits).toBe(false);
    expect(Math.min(...families.map(({ ks }) => ks))).toBeGreaterThan(0.2);
    expect(distribution.distribution).toBe('empirical');
    expect(compileDistribution(distribution).meanUs).toBeCloseTo(meanUs, 3);
    expect(Math.abs(fit.p99Us / data.p99Us - 1)).toBeLessThan(0.02);
  });

  it('a tail that is 25 % off is not near', () => {
    const tailed = drawsOf({ distribution: 'lognormal', meanUs: 1e6, cv: 0.3 });
    for (let i = 0; i < tailed.length; i += 60) tailed[i]! *= 20;
    expect(fitDistribution(tailed).distribution.distribution).toBe('empirical');
  });
});

describe('durations of any kind', () => {
  it('have a fit that draws: zeros, one, two, enormous ones', () => {
    const kinds = [[0], [0, 0, 0, 5], [7, 1e12], [1, 2], new Array(40).fill(0), [3e14, 3e14, 1]];
    for (const kind of kinds) {
      const { distribution, fit } = fitDistribution(Float64Array.from(kind));
      expect(compileDistribution(distribution).sample({ next: () => 0.5 })).toBeGreaterThanOrEqual(
        0,
      );
      expect(Number.isFinite(fit.p99Us)).toBe(true);
    }
  });
});
