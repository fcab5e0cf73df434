import { describe, it } from 'vitest';
import { LOADS, mmc } from '../../src/study/verify-cases.ts';
import { expectTheory } from './holds.ts';

describe.each([2, 5])('M/M/%s (Erlang C): mean wait, chance of no wait, tails', (replicas) => {
  it.each(LOADS)('load %s', (load) => expectTheory(mmc(replicas, load), 5_000));
});

describe('M/M/20 (Erlang C): mean wait, chance of no wait, tails', () => {
  // Below 0.5 nobody waits: 8e-15 of all at 0.1, 1e-6 at 0.3.
  it.each(LOADS.filter((load) => load >= 0.5))('load %s', (load) => {
    expectTheory(mmc(20, load), 5_000);
  });
});
