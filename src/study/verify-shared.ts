/** Replicas whose requests share their speed: processor sharing, held to theory. */
import { type SlotSpeed, speedOfEach } from '../engine/slot-sharing.ts';
import { sharedReplica } from './theory.ts';
import { mg1, mgcc, type TheoryCase } from './verify-cases.ts';
import type { Law } from './verify-laws.ts';
import { busy, meanResponseS, meanWaitS, waitsWithin } from './verify-measures.ts';

/** So many slots that nobody waits. */
const ENDLESS = 1_000_000;

/** One replica that does `capacity` requests' work at most, at a load of that; with as many slots as given, else who comes waits. */
export function sharedCase(
  name: string,
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
    name,
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

/** As much work at once as `capacity` requests, shared by all: { 1: 1 }, { 1: 1, 4: 1 }. */
export function asMuchAs(capacity: number): SlotSpeed {
  const one = { requests: 1, speed: 1 };
  return capacity === 1 ? [one] : [one, { requests: capacity, speed: 1 }];
}

/** M/G/c with processor sharing: the numbers of M/M/c, whatever the service law. */
export function processorSharing(capacity: number, law: Law, load: number): TheoryCase {
  const name = law === 'exponential' ? `M/M/${capacity}-PS` : `M/G/${capacity}-PS ${law}`;
  return sharedCase(name, asMuchAs(capacity), capacity, ENDLESS, law, load);
}
