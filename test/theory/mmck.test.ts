import { describe, it } from 'vitest';
import { LOADS, mmck } from '../../src/study/verify-cases.ts';
import { expectTheory } from './holds.ts';

// Shares lost at load 0.1: 9e-5 of M/M/1/4, 2e-4 of M/M/2/4, 1e-5 of M/M/5/6.
describe.each([
  [1, 4],
  [2, 4],
  [5, 6],
])('M/M/%s/%s: loss, mean wait and chance of no wait of those taken', (replicas, places) => {
  it.each([...LOADS, 1.5])('load %s', (load) => expectTheory(mmck(replicas, places, load), 5_000));
});
