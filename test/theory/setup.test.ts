import { describe, expect, it } from 'vitest';
import { setUpMeans } from '../../src/study/markov-chain.ts';
import { compare } from '../../src/study/verify.ts';
import { LOADS, mg1SetUp, mmkSetUp } from '../../src/study/verify-cases.ts';
import { expectTheory } from './holds.ts';

describe('M/M/1 with exponential set-up, no window: mean response 1 / (mu - lambda) + 1 / alpha', () => {
  it.each(LOADS)('load %s', (load) => expectTheory(mg1SetUp('exponential', 0, load), 4_000));
});

describe('M/M/1 with fixed set-up, no window (Welch, Takagi)', () => {
  it.each(LOADS)('load %s', (load) => expectTheory(mg1SetUp('fixed', 0, load), 4_000));
});

describe('M/G/1, lognormal service, with fixed set-up after an idle window', () => {
  it.each(LOADS)('load %s', (load) => expectTheory(mg1SetUp('fixed', 2, load, 'lognormal'), 4_000));
});

// The chain behind these numbers meets the published closed forms in formulas.test.ts, where starts are called off as
// in the literature; here they go on, as the rules of a pool have it.
describe.each([2, 3, 4])('M/M/%s with exponential set-up, starts going on', (replicas) => {
  it.each(LOADS)('load %s', (load) => expectTheory(mmkSetUp(replicas, load), 4_000));
});

it('these runs tell the two rules apart: were starts called off, fewer replicas would be starting', () => {
  const fleet = { replicas: 3, rate: 0.9, serviceRate: 1, startRate: 0.25 } as const;
  const { starting } = setUpMeans({ ...fleet, rule: 'called-off' }, 300);
  const rows = compare(mmkSetUp(3, 0.3), { replications: 20, requests: 4_000 });
  const row = rows.find(({ quantity }) => quantity === 'starting')!;
  expect(row.simulated - starting).toBeGreaterThan(row.halfWidth);
});
