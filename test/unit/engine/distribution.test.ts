import { sampleKurtosis } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { streamOf, type Uniforms } from '../../../src/base/random.ts';
import {
  compileDistribution,
  type DistributionSpec,
  distributionMistakes,
} from '../../../src/engine/distribution.ts';
import { inverseNormal } from '../../../src/engine/normal.ts';

const S = 1e6;
const at = (u: number): Uniforms => ({ next: () => u });

const SPECS: readonly DistributionSpec[] = [
  { distribution: 'fixed', valueUs: 3 * S },
  { distribution: 'exponential', meanUs: 3 * S },
  { distribution: 'exponential', quantiles: [[0.95, 9 * S]] },
  { distribution: 'uniform', minUs: S, maxUs: 4 * S },
  { distribution: 'uniform', meanUs: 2 * S, cv: 0.5 },
  { distribution: 'normal', meanUs: 3 * S, cv: 0.05 },
  { distribution: 'normal', meanUs: 3 * S, cv: 0.6 },
  { distribution: 'normal', meanUs: 3 * S, cv: 0.95 },
  { distribution: 'normal', locationUs: -2 * S, sdUs: 3 * S },
  { distribution: 'lognormal', meanUs: 3 * S, cv: 0.6 },
  { distribution: 'lognormal', mu: 1, sigma: 0.5 },
  { distribution: 'lognormal', medianUs: 2 * S, sigma: 0.3 },
  { distribution: 'gamma', meanUs: 3 * S, cv: 0.5 },
  { distribution: 'gamma', meanUs: 3 * S, cv: 2 },
  { distribution: 'gamma', shape: 3.5, scaleUs: S },
  { distribution: 'weibull', meanUs: 3 * S, cv: 0.4 },
  { distribution: 'weibull', meanUs: 3 * S, cv: 1.5 },
  { distribution: 'weibull', shape: 2, scaleUs: S },
  { distribution: 'pareto', meanUs: 3 * S, cv: 0.2 },
  { distribution: 'pareto', minUs: S, alpha: 6 },
  { distribution: 'empirical', valuesUs: [5 * S, S, S, 2 * S] },
  { distribution: 'empirical', valuesUs: [5 * S, S, 2 * S], weights: [1, 0, 3] },
  {
    distribution: 'mixture',
    components: [
      { weight: 3, distribution: { distribution: 'exponential', meanUs: S } },
      { weight: 1, distribution: { distribution: 'fixed', valueUs: 10 * S } },
    ],
  },
];

const named = SPECS.map((spec) => [compileDistribution(spec).label, spec] as const);

describe('a distribution', () => {
  it.each(named)('%s has the mean and variance that its formulas state', (label, spec) => {
    const law = compileDistribution(spec);
    const uniforms = streamOf(label, 0, 'test');
    const draws = Array.from({ length: 100_000 }, () => law.sample(uniforms));
    const n = draws.length;
    const mean = draws.reduce((sum, us) => sum + us, 0) / n;
    const variance = draws.reduce((sum, us) => sum + (us - mean) ** 2, 0) / n;
    // 4.5 standard errors: one such test in 150,000 would fail by luck, and the seed is fixed.
    expect(Math.abs(mean - law.meanUs)).toBeLessThanOrEqual(4.5 * Math.sqrt(law.varianceUs2 / n));
    const kurtosis = law.varianceUs2 === 0 ? 3 : sampleKurtosis(draws) + 3;
    const error = law.varianceUs2 * Math.sqrt((kurtosis - 1) / n);
    expect(Math.abs(variance - law.varianceUs2)).toBeLessThanOrEqual(4.5 * error);
  });

  it.each(named)('%s grows with its uniform and stays finite at both ends', (_, spec) => {
    if (spec.distribution === 'mixture') return;
    const law = compileDistribution(spec);
    const us = [2 ** -33, 1e-9, 1e-6, 1e-3, 0.1, 0.4, 0.5, 0.6, 0.9, 0.999, 1 - 1e-9, 1 - 2 ** -33];
    const draws = us.map((u) => law.sample(at(u)));
    expect(draws.every((draw) => Number.isFinite(draw) && draw >= 0)).toBe(true);
    expect(draws).toEqual([...draws].sort((a, b) => a - b));
  });

  it.each(named)('%s takes the same number of uniforms each draw', (label, spec) => {
    const law = compileDistribution(spec);
    const stream = streamOf(label, 0, 'test');
    for (let draw = 0; draw < 100; draw++) {
      let taken = 0;
      law.sample({
        next: () => {
          taken++;
          return stream.next();
        },
      });
      expect(taken).toBe(law.uniformsPerDraw);
    }
  });

  it.each(['uniform', 'normal', 'lognormal', 'gamma', 'weibull', 'pareto'] as const)(
    '%s by two quantiles has these quantiles',
    (distribution) => {
      const quantiles = [
        [0.5, 2 * S],
        [0.9, 3.1 * S],
      ] as const;
      const law = compileDistribution({ distribution, quantiles });
      for (const [p, us] of quantiles) expect(law.sample(at(p)) / us).toBeCloseTo(1, 9);
    },
  );

  it('a mean and a cv are those of what is drawn, to the last digits', () => {
    for (const distribution of ['normal', 'lognormal', 'gamma', 'weibull', 'pareto'] as const) {
      for (const cv of [0.05, 0.3, 0.7, 0.95]) {
        const law = compileDistribution({ distribution, meanUs: 3 * S, cv });
        expect(law.meanUs / (3 * S)).toBeCloseTo(1, 9);
        expect(Math.sqrt(law.varianceUs2) / law.meanUs / cv).toBeCloseTo(1, 7);
      }
    }
  });

  it('a cv of 0 is a fixed time', () => {
    const law = compileDistribution({ distribution: 'gamma', meanUs: S, cv: 0 });
    expect([law.sample(at(0.1)), law.varianceUs2, law.uniformsPerDraw]).toEqual([S, 0, 0]);
  });

  it('a pareto of infinite variance says so', () => {
    const law = compileDistribution({ distribution: 'pareto', minUs: S, alpha: 1.5 });
    expect([law.meanUs, law.varianceUs2]).toEqual([3 * S, Number.POSITIVE_INFINITY]);
  });
});

describe('the normal quantile', () => {
  // scipy 1.x, scipy.stats.norm.ppf
  it.each([
    [1e-300, -37.0470962993612],
    [2 ** -33, -6.3379577545537895],
    [1e-5, -4.264890793922825],
    [0.3, -0.5244005127080409],
    [0.9, 1.2815515655446004],
    [1 - 2 ** -33, 6.3379577545537895],
  ])('at %d agrees with an independent one', (p, z) => {
    expect(inverseNormal(p) / z).toBeCloseTo(1, 14);
  });
});

describe('mistakes in a distribution', () => {
  it.each<[DistributionSpec, string]>([
    [{ distribution: 'lognormal', meanUs: -1, cv: -0.5 }, 'mean must be above 0, is -1'],
    [{ distribution: 'lognormal', meanUs: S }, 'lognormal takes mean and cv, or mu and sigma'],
    [{ distribution: 'exponential', meanUs: S, cv: 1 }, 'here is mean and cv'],
    [{ distribution: 'pareto', meanUs: S, alpha: 1 }, 'alpha of a pareto must be above 1'],
    [{ distribution: 'uniform', minUs: 2, maxUs: 1 }, 'max must be at least min'],
    [{ distribution: 'uniform', meanUs: S, cv: 0.6 }, 'at most 0.577'],
    [{ distribution: 'normal', meanUs: S, cv: 1 }, 'try exponential'],
    [
      {
        distribution: 'normal',
        quantiles: [
          [0.5, 1],
          [0.6, 9],
        ],
      },
      'try lognormal',
    ],
    [
      {
        distribution: 'lognormal',
        quantiles: [
          [0.5, 2],
          [0.99, 1],
        ],
      },
      'a higher quantile',
    ],
    [{ distribution: 'lognormal', quantiles: [[0.5, 2]] }, 'two quantiles'],
    [
      {
        distribution: 'exponential',
        quantiles: [
          [0.5, 2],
          [0.9, 3],
        ],
      },
      'takes one quantile',
    ],
    [{ distribution: 'empirical', valuesUs: [] }, 'values are missing'],
    [{ distribution: 'empirical', valuesUs: [1, -2] }, 'values must be at least 0'],
    [{ distribution: 'empirical', valuesUs: [1, 2], weights: [1] }, 'need as many weights'],
    [{ distribution: 'mixture' }, 'takes components'],
    [{ distribution: 'gamma', meanUs: Number.NaN, cv: 1 }, 'finite'],
    [{ distribution: 'lognormal', mu: 1, sigma: 60 }, 'too large for a number'],
  ])('%j: %s', (spec, message) => {
    expect(distributionMistakes(spec).join('; ')).toContain(message);
    expect(() => compileDistribution(spec)).toThrow(message);
  });

  it('all are reported at once, within a mixture too', () => {
    const components = [
      { weight: 1, distribution: { distribution: 'exponential', meanUs: -1 } as const },
      { weight: 0, distribution: { distribution: 'gamma', meanUs: 0, cv: -1 } as const },
    ];
    expect(distributionMistakes({ distribution: 'mixture', components })).toHaveLength(4);
  });
});
