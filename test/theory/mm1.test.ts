import { describe, it } from 'vitest';
import { LOADS, mmc } from '../../src/study/verify-cases.ts';
import { expectTheory } from './holds.ts';

describe('M/M/1: mean wait, chance of no wait, tails of the wait', () => {
  it.each(LOADS)('load %s', (load) => expectTheory(mmc(1, load), 10_000));
});
