import { describe, it } from 'vitest';
import { LOADS, mg1 } from '../../src/study/verify-cases.ts';
import type { Law } from '../../src/study/verify-laws.ts';
import { expectTheory } from './holds.ts';

const LAWS: readonly Law[] = ['fixed', 'uniform', 'lognormal', 'hyperexponential'];

describe.each(LAWS)('M/G/1, %s service (cv 0, 0.4, 0.8 or 2): Pollaczek-Khinchine', (law) => {
  it.each(LOADS)('load %s', (load) => expectTheory(mg1(law, load), 5_000));
});
