import { describe, it } from 'vitest';
import { LOADS, mgcc } from '../../src/study/verify-cases.ts';
import type { Law } from '../../src/study/verify-laws.ts';
import { expectTheory } from './holds.ts';

const LAWS: readonly Law[] = ['exponential', 'fixed', 'lognormal', 'hyperexponential'];

describe.each(LAWS)('M/G/5/5, %s service: Erlang B loses, whatever the law', (law) => {
  it.each(LOADS)('load %s', (load) => expectTheory(mgcc(5, law, load), 4_000));
});
