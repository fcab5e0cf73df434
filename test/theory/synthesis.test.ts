/**
 * Arrival processes beside exact theory: rates, and the index of dispersion of counts IDC(t) = Var N(t) / E N(t) of the
 * stationary process at a short, a middle and a long window.
 */
import { describe, expect, it } from 'vitest';
import type { ArrivalSpec, ClientsSpec } from '../../src/workload/synthesis/arrivals.ts';
import type { HawkesSpec } from '../../src/workload/synthesis/hawkes.ts';
import type { MmppSpec } from '../../src/workload/synthesis/mmpp.ts';
import { zipfShares } from '../../src/workload/synthesis/popularity.ts';
import { countsOf, dispersion, each, expectMean, open } from './counts.ts';

const MMPP: MmppSpec = {
  process: 'mmpp',
  rate: null,
  states: [
    { perS: 2, meanUs: 60e6, to: null },
    { perS: 40, meanUs: 5e6, to: null },
  ],
};

/** Heffes and Lucantoni (1986), equation 4; Fischer and Meier-Hellstern (1993), section 3.4. */
function mmppLaw({ states: [a, b] }: MmppSpec): Law {
  const leaveA = 1e6 / a!.meanUs;
  const leaveB = 1e6 / b!.meanUs;
  const settles = leaveA + leaveB;
  const perS = (leaveB * a!.perS + leaveA * b!.perS) / settles;
  const spread = (2 * leaveA * leaveB * (a!.perS - b!.perS) ** 2) / (settles ** 3 * perS);
  return { perS, idc: (t) => 1 + spread * (1 - -Math.expm1(-settles * t) / (settles * t)) };
}

const HAWKES: HawkesSpec = { process: 'hawkes', rate: 5, branching: 0.6, decayUs: 4e6 };

/**
 * Hawkes (1971), equation 17: the covariance density of an exponential kernel is C e^{-kt}, with b = 1 / decay,
 * k = b (1 - n) and C = m n b (2 b - n b) / (2 k); IDC(infinity) = 1 / (1 - n)^2 (Daley and Vere-Jones, example 8.2(e)).
 */
function hawkesLaw({ rate, branching: n, decayUs }: HawkesSpec): Law {
  const perS = rate as number;
  const b = 1e6 / decayUs;
  const k = b * (1 - n);
  const spread = (n * b * (2 * b - n * b)) / (k * k);
  return { perS, idc: (t) => 1 + spread * (1 - -Math.expm1(-k * t) / (k * t)) };
}

interface Law {
  readonly perS: number;
  idc(t: number): number;
}

const LAWS: readonly (readonly [string, ArrivalSpec, Law])[] = [
  ['poisson', { process: 'poisson', rate: 5 }, { perS: 5, idc: () => 1 }],
  ['mmpp of two states', MMPP, mmppLaw(MMPP)],
  ['hawkes', HAWKES, hawkesLaw(HAWKES)],
];

describe.each(LAWS)(
  '%s: mean rate and IDC(t) are those of theory',
  (_name, spec, { perS, idc }) => {
    it.each([
      [1, 4_000],
      [60, 1_500],
      [2_000, 60],
    ])('in windows of %d s', (windowS, windows) => {
      const counts = each((replication) => replication).map((replication) =>
        countsOf(spec, replication, windowS, windows),
      );
      const mean = perS * windowS;
      const total = (all: Float64Array) => all.reduce((sum, n) => sum + n, 0) / windows;
      expectMean(counts.map(total), mean);
      expectMean(
        counts.map((one) => dispersion(one, mean)),
        idc(windowS),
        0.25,
      );
    });

    it('from the first second on: time 0 is any moment of the process', () => {
      const first = each((replication) => countsOf(spec, replication, 2, 1)[0]!, 6_000);
      expectMean(first, 2 * perS);
      const squares = first.map((n) => (n - 2 * perS) ** 2 / (2 * perS));
      expectMean(squares, idc(2), 0.25);
    });
  },
);

describe('hawkes of a long memory', () => {
  it('begins with the stationary variance of its rate, though it has no time to settle', () => {
    const spec: HawkesSpec = { process: 'hawkes', rate: 200, branching: 0.95, decayUs: 60e6 };
    const counts = each((replication) => countsOf(spec, replication, 10, 1)[0]!, 2_500);
    expectMean(counts, 2_000);
    expectMean(
      counts.map((n) => (n - 2_000) ** 2 / 2_000),
      hawkesLaw(spec).idc(10),
      0.15,
    );
  });
});

describe('limits of the index of dispersion', () => {
  it('are what the papers give: 1 / (1 - n)^2 of hawkes, that of Heffes and Lucantoni of mmpp', () => {
    expect(hawkesLaw(HAWKES).idc(1e12)).toBeCloseTo(1 / 0.4 ** 2, 6);
    // 1 + 2 s1 s2 (l1 - l2)^2 / ((s1 + s2)^2 (l1 s2 + l2 s1))
    const [s1, s2] = [1 / 60, 1 / 5];
    const limit = 1 + (2 * s1 * s2 * 38 ** 2) / ((s1 + s2) ** 2 * (2 * s2 + 40 * s1));
    expect(mmppLaw(MMPP).idc(1e12)).toBeCloseTo(limit, 6);
  });
});

describe('mmpp of three states that follow each other by weights', () => {
  it('has the rate of its stationary shares', () => {
    // Visits 1 : 0.8 : 0.6, by hand from v = v P; times stays 10 : 5 : 20 s.
    const spec: MmppSpec = {
      process: 'mmpp',
      rate: null,
      states: [
        { perS: 1, meanUs: 10e6, to: [0, 1, 1] },
        { perS: 0, meanUs: 5e6, to: [3, 0, 1] },
        { perS: 20, meanUs: 20e6, to: [1, 1, 0] },
      ],
    };
    // v2 = v1/2 + v3/2 and v3 = v1/2 + v2/4: v2 = 6/7 v1, v3 = 5/7 v1.
    const weights = [7 * 10, 6 * 5, 5 * 20];
    const perS = (weights[0]! * 1 + weights[2]! * 20) / (70 + 30 + 100);
    expectMean(
      each((replication) => countsOf(spec, replication, 20_000, 1)[0]! / 20_000),
      perS,
    );
  });

  it('is scaled to a rate that is given', () => {
    expectMean(
      each((replication) => countsOf({ ...MMPP, rate: 8 }, replication, 20_000, 1)[0]! / 20_000),
      8,
    );
  });
});

describe('renewal gaps', () => {
  it.each([
    ['gamma', 0.5],
    ['gamma', 3],
    ['weibull', 0.4],
    ['weibull', 2],
  ] as const)('%s of cv %d: mean, variance, and IDC(infinity) = cv^2', (process, cv) => {
    const spec: ArrivalSpec = { process, rate: 10, cv };
    const gaps = (replication: number) => {
      const stream = open(spec, replication);
      let before = 0;
      return Float64Array.from({ length: 40_000 }, () => {
        const at = stream.nextUs();
        const gapS = (at - before) / 1e6;
        before = at;
        return gapS;
      });
    };
    const all = each((replication) => replication).map(gaps);
    const meanOver = (of: (gap: number) => number) =>
      all.map((one) => one.reduce((sum, gap) => sum + of(gap), 0) / one.length);
    expectMean(
      meanOver((gap) => gap),
      0.1,
    );
    expectMean(
      meanOver((gap) => (gap - 0.1) ** 2),
      (0.1 * cv) ** 2,
    );
    // Var N(t) = cv^2 m t + O(1) (Cox, Renewal Theory, 4.5): the windows are a thousand gaps long.
    const mean = 10 * 100;
    const idc = each((replication) => {
      const counts = countsOf(spec, replication, 100, 101).subarray(1);
      return dispersion(counts, mean);
    });
    expectMean(idc, cv ** 2, 0.15);
  });
});

function clients(...specs: ClientsSpec['clients'][number]['arrivals'][]): ClientsSpec {
  return {
    process: 'clients',
    clients: specs.map((arrivals, i) => ({
      name: `client-${i + 1}`,
      arrivals,
      endpoints: null,
      tokens: null,
    })),
  };
}

describe('clients', () => {
  it('begin stationary: an Erlang-2 client has the exact mean and variance of counts from time 0 on', () => {
    // Cox, Renewal Theory (1962), 4.5: l t / 2 + (1 - e^{-4 l t}) / 8 for the equilibrium process.
    const spec = clients({ process: 'gamma', rate: 1, cv: Math.SQRT1_2 });
    for (const t of [0.5, 3]) {
      const counts = each((replication) => countsOf(spec, replication, t, 1)[0]!, 12_000);
      expectMean(counts, t);
      expectMean(
        counts.map((n) => (n - t) ** 2),
        t / 2 + -Math.expm1(-4 * t) / 8,
      );
    }
  });

  it.each([
    ['gamma', 3],
    ['gamma', 0.5],
    ['weibull', 2],
    ['weibull', 0.5],
    ['fixed', undefined],
  ] as const)(
    'of %s gaps with cv %s come first after m (1 + cv^2) / 2, at rate 1 / m',
    (process, cv) => {
      const spec = clients({ process, rate: 2, ...(cv !== undefined && { cv }) });
      const first = each((replication) => open(spec, replication).nextUs() / 1e6, 20_000);
      expectMean(first, 0.25 * (1 + (cv ?? 0) ** 2), 0.2);
      const counts = each((replication) => countsOf(spec, replication, 0.3, 1)[0]!, 20_000);
      expectMean(counts, 0.6);
    },
  );

  it('that are Poisson are Poisson together, with the sum of their rates', () => {
    const spec = clients(
      ...zipfShares(50, 1.1).map((share) => ({ process: 'poisson' as const, rate: 20 * share })),
    );
    const counts = each((replication) => replication).map((one) => countsOf(spec, one, 1, 1_000));
    expectMean(
      counts.map((one) => one.reduce((sum, n) => sum + n, 0) / 1_000),
      20,
    );
    expectMean(
      counts.map((one) => dispersion(one, 20)),
      1,
    );
  });

  it('have variances that add up', () => {
    const spec = clients(MMPP, HAWKES, { process: 'poisson', rate: 3 });
    const laws = [mmppLaw(MMPP), hawkesLaw(HAWKES), { perS: 3, idc: () => 1 }];
    const t = 10;
    const mean = laws.reduce((sum, { perS }) => sum + perS * t, 0);
    const variance = laws.reduce((sum, { perS, idc }) => sum + perS * t * idc(t), 0);
    const idc = each((replication) => dispersion(countsOf(spec, replication, t, 1_000), mean));
    expectMean(idc, variance / mean, 0.15);
  });
});
