import { describe, it } from 'vitest';
import { LOADS, oneReplicaCase } from '../../src/study/verify-cases.ts';
import { expectTheory } from './holds.ts';

describe.each([
  [0, 'fixed'],
  [2, 'exponential'],
  [2, 'fixed'],
  [5, 'exponential'],
] as const)(
  'one replica, idle window %s s, %s load: cold, lost, running, idle by renewal reward',
  (idleWindowS, start) => {
    it.each(LOADS)('load %s', (load) => {
      expectTheory(oneReplicaCase(load, idleWindowS, start), 6_000);
    });
  },
);
