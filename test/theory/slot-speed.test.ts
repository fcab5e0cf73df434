import { describe, expect, it } from 'vitest';
import { type SlotSpeed, speedOfEach } from '../../src/engine/slot-sharing.ts';
import { sharedReplica } from '../../src/study/theory.ts';
import { mg1, mgcc, type TheoryCase } from '../../src/study/verify-cases.ts';
import type { Law } from '../../src/study/verify-laws.ts';
import { busy, meanResponseS, meanWaitS, waitsWithin } from '../../src/study/verify-measures.ts';
import { expectTheory } from './holds.ts';

const ENDLESS = 1_000_000;
const SOME_LOADS = [0.1, 0.5, 0.8, 0.9];

const MEASURED: SlotSpeed = [
  { requests: 1, speed: 1 },
  { requests: 4, speed: 0.8 },
  { requests: 8, speed: 0.5 },
];

function asMuchAs(c: number): SlotSpeed {
  return [
    { requests: 1, speed: 1 },
    { requests: c, speed: 1 },
  ];
}

/** One replica that does `capacity` requests' work at most, at a load of that. */
function shared(
  slotSpeed: SlotSpeed,
  capacity: number,
  slots: number,
  law: Law,
  load: number,
): TheoryCase {
  const { settlesInS, length } = mg1(law, load);
  const { ratePerS, service } = mgcc(capacity, law, load);
  const speedOf = (n: number) => speedOfEach(slotSpeed, n);
  const { chance, mean } = sharedReplica(ratePerS, speedOf, slots);
  const waiting = chance.reduce((all, p, n) => all + p * Math.max(0, n - slots), 0);
  const free = chance.slice(0, slots).reduce((a, b) => a + b, 0);
  return {
    name: `shared by ${slots}, as much as ${capacity}, ${law}`,
    load,
    ratePerS,
    service,
    settlesInS,
    length,
    pool: { concurrency: slots, slotSpeed, waitThresholdsUs: [0] },
    figures: [
      // Little: what is there over what comes.
      { quantity: 'mean response s', theory: mean / ratePerS, of: meanResponseS },
      { quantity: 'busy', theory: 1 - chance[0]!, of: busy },
      ...(slots === ENDLESS
        ? []
        : [
            { quantity: 'mean wait s', theory: waiting / ratePerS, of: meanWaitS },
            { quantity: 'P(wait = 0)', theory: free, of: waitsWithin(0) },
          ]),
    ],
  };
}

describe.each(['fixed', 'exponential', 'lognormal', 'hyperexponential'] as const)(
  'slotSpeed { 1: 1 } with %s service is M/G/1 with processor sharing: 1 / (1 - load), whatever the law',
  (law) => {
    it.each(SOME_LOADS)('load %s', (load) => {
      const one = shared([{ requests: 1, speed: 1 }], 1, ENDLESS, law, load);
      expect(one.figures[0]!.theory).toBeCloseTo(1 / (1 - load), 9);
      expectTheory(one, 2_000);
    });
  },
);

describe('slotSpeed { 1: 1, 4: 1 } is four servers that are shared: M/M/4 in numbers, whatever the law', () => {
  it.each(SOME_LOADS)('load %s', (load) => {
    expectTheory(shared(asMuchAs(4), 4, ENDLESS, 'lognormal', load), 2_000);
  });
});

describe('eight slots at { 1: 1, 4: 0.8, 8: 0.5 } and a queue: a birth and death chain', () => {
  it.each([0.5, 0.7, 0.9, 0.95])('load %s', (load) => {
    expectTheory(shared(MEASURED, 4, 8, 'exponential', load), 2_000);
  });
});
