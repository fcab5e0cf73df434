import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caseArbitrary } from '../kit/random-scenario.ts';
import { figuresOf, runPool } from '../kit/run-pool.ts';

const MOST_SECONDS = Number(process.env['COLDFRONT_FUZZ_SECONDS'] ?? 30);
const RUNS = Number(process.env['COLDFRONT_FUZZ_RUNS'] ?? 2000);
const settings = { numRuns: RUNS, interruptAfterTimeLimit: MOST_SECONDS * 1000 };

describe('requests that share a replica', () => {
  it('at speed 1 in any company give the same run as slots that are independent, to the microsecond', () => {
    const slotSpeed = [
      { requests: 1, speed: 1 },
      { requests: 10_000, speed: 1 },
    ];
    fc.assert(
      fc.property(caseArbitrary, ({ scenario, trace }) => {
        const shared = runPool({ ...scenario, slotSpeed }, trace);
        expect(figuresOf(shared)).toEqual(
          figuresOf(runPool({ ...scenario, slotSpeed: null }, trace)),
        );
      }),
      settings,
    );
  });
});
