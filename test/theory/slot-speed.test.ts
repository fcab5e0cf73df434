import { describe, expect, it } from 'vitest';
import type { SlotSpeed } from '../../src/engine/slot-sharing.ts';
import { processorSharing, sharedCase } from '../../src/study/verify-shared.ts';
import { expectTheory } from './holds.ts';

const SOME_LOADS = [0.1, 0.5, 0.8, 0.9];

const MEASURED: SlotSpeed = [
  { requests: 1, speed: 1 },
  { requests: 4, speed: 0.8 },
  { requests: 8, speed: 0.5 },
];

describe.each(['fixed', 'exponential', 'lognormal', 'hyperexponential'] as const)(
  'slotSpeed { 1: 1 } with %s service is M/G/1 with processor sharing: 1 / (1 - load), whatever the law',
  (law) => {
    it.each(SOME_LOADS)('load %s', (load) => {
      const one = processorSharing(1, law, load);
      expect(one.figures[0]!.theory).toBeCloseTo(1 / (1 - load), 9);
      expectTheory(one, 2_000);
    });
  },
);

describe('slotSpeed { 1: 1, 4: 1 } is four servers that are shared: M/M/4 in numbers, whatever the law', () => {
  it.each(SOME_LOADS)('load %s', (load) => {
    expectTheory(processorSharing(4, 'lognormal', load), 2_000);
  });
});

describe('eight slots at { 1: 1, 4: 0.8, 8: 0.5 } and a queue: a birth and death chain', () => {
  it.each([0.5, 0.7, 0.9, 0.95])('load %s', (load) => {
    const name = 'eight slots that share';
    expectTheory(sharedCase(name, MEASURED, 4, 8, 'exponential', load), 2_000);
  });
});
