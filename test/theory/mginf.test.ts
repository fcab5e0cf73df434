import { describe, it } from 'vitest';
import { LOADS, mgInfinity } from '../../src/study/verify-cases.ts';
import { expectTheory } from './holds.ts';

describe.each(['exponential', 'fixed'] as const)(
  'M/G/infinity, %s service, no load time: mean busy, and its variance as Poisson has it',
  (law) => {
    it.each(LOADS)('load %s of 20', (load) => expectTheory(mgInfinity(law, load), 4_000));
  },
);
