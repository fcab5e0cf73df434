/** One factor for every process: the coefficient of variation of counts over long windows, at the same mean rate. */
import { describe, expect, it } from 'vitest';
import type { ArrivalSpec } from '../../src/workload/synthesis/arrivals.ts';
import { burstScaled } from '../../src/workload/synthesis/burst-scale.ts';
import { countsOf, dispersion, each, expectMean } from './counts.ts';

const MMPP: ArrivalSpec = {
  process: 'mmpp',
  rate: null,
  states: [
    { perS: 2, meanUs: 12e6, to: null },
    { perS: 17, meanUs: 3e6, to: null },
  ],
};
/** Heffes and Lucantoni (1986): the limit of the index of dispersion. */
const [S1, S2] = [1 / 12, 1 / 3];
const MMPP_LIMIT = 1 + (2 * S1 * S2 * 15 ** 2) / ((S1 + S2) ** 2 * (2 * S2 + 17 * S1));

/** The limit of the index of dispersion of counts, before it is scaled. */
const PROCESSES: readonly (readonly [string, ArrivalSpec, number, number])[] = [
  ['poisson', { process: 'poisson', rate: 5 }, 5, 1],
  ['gamma', { process: 'gamma', rate: 5, cv: 1.2 }, 5, 1.44],
  ['weibull', { process: 'weibull', rate: 5, cv: 1.2 }, 5, 1.44],
  ['hawkes', { process: 'hawkes', rate: 5, branching: 0.4, decayUs: 2e6 }, 5, 1 / 0.36],
];

function scaled(spec: ArrivalSpec, factor: number): ArrivalSpec {
  const found = burstScaled(spec, factor);
  expect(typeof found).not.toBe('string');
  return found as ArrivalSpec;
}

describe.each(PROCESSES)('%s, 1.5 times as bursty', (_name, spec, perS, limit) => {
  it('keeps its rate, and has 2.25 times the index of dispersion', () => {
    const [windowS, windows] = [400, 100];
    const counts = each((replication) => replication).map((replication) =>
      countsOf(scaled(spec, 1.5), replication, windowS, windows),
    );
    const total = (all: Float64Array) => all.reduce((sum, n) => sum + n, 0) / windows;
    expectMean(counts.map(total), perS * windowS);
    expectMean(
      counts.map((one) => dispersion(one, perS * windowS)),
      1.5 ** 2 * limit,
      0.25,
    );
  });
});

describe('mmpp, 1.5 times as bursty', () => {
  it('keeps its rate, and has 2.25 times the excess over Poisson', () => {
    const [windowS, windows] = [1_000, 60];
    const counts = each((replication) => replication).map((replication) =>
      countsOf(scaled(MMPP, 1.5), replication, windowS, windows),
    );
    expectMean(
      counts.map((one) => dispersion(one, 5 * windowS)),
      1 + 1.5 ** 2 * (MMPP_LIMIT - 1),
      0.25,
    );
  });
});

describe('what has no bursts to scale', () => {
  it('says so', () => {
    expect(burstScaled({ process: 'fixed', rate: 5 }, 2)).toMatch(/evenly spaced/);
    expect(burstScaled({ process: 'gamma', rate: 5, cv: 0 }, 2)).toMatch(/evenly spaced/);
    const hawkes: ArrivalSpec = { process: 'hawkes', rate: 5, branching: 0.2, decayUs: 1e6 };
    expect(burstScaled(hawkes, 0.75)).toMatch(/Poisson from 0.8 on down/);
    expect(burstScaled(hawkes, 0.9)).not.toBeTypeOf('string');
  });

  it('is one client of several', () => {
    const client = { name: 'batch', endpoints: null, tokens: null };
    const clients: ArrivalSpec = {
      process: 'clients',
      clients: [{ ...client, arrivals: { process: 'fixed', rate: 1 } }],
    };
    expect(burstScaled(clients, 2)).toMatch(/^batch: arrivals are evenly spaced/);
    expect(burstScaled(clients, 1)).toBe(clients);
  });
});
