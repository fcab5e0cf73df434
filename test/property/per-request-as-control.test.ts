/**
 * A platform whose file says per-request has beside it the keys of a controller that looks at every arrival and
 * completion, for studies with a buffer or a lower target: without those the two are one, request by request. Left out is
 * what a controller does not look at (a schedule, a deadline, a start that becomes allowed at an instant) and what it keys
 * otherwise (the luck of a start).
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixed } from '../../src/engine/distribution.ts';
import type { Scenario } from '../../src/engine/scenario.ts';
import type { RunTotals } from '../../src/engine/totals.ts';
import { compileScaling } from '../../src/platform/scaling.ts';
import { caseArbitrary } from '../kit/random-scenario.ts';
import { figuresOf, runPool } from '../kit/run-pool.ts';
import { shippedPlatform } from '../kit/shipped-platforms.ts';

const MOST_SECONDS = Number(process.env['COLDFRONT_FUZZ_SECONDS'] ?? 30);
const RUNS = Number(process.env['COLDFRONT_FUZZ_RUNS'] ?? 1000);

function controlled(id: string, scenario: Scenario): Scenario {
  const { scaling = {} } = shippedPlatform(id).deployment;
  const floor = Math.min(...scenario.floor.count);
  const { concurrency, max } = scenario;
  const context = { concurrency, max, floor, wakesAtRefusal: false };
  return { ...scenario, control: compileScaling({ ...scaling, rule: 'controlled' }, context) };
}

describe.each(['modal', 'replicate', 'fal'])('%s by the request and as a controller', (id) => {
  it('serve every request alike and take the same replica time', () => {
    fc.assert(
      fc.property(caseArbitrary, ({ scenario: drawn, trace }) => {
        const startPhases = drawn.startPhases.map(({ name, time }) => ({
          name,
          time: fixed(Math.round(time.meanUs)),
        }));
        const startUs = startPhases.reduce((us, { time }) => us + time.meanUs, 0);
        const scenario: Scenario = {
          ...drawn,
          floor: { atUs: [0], count: [drawn.floor.count[0]!] },
          concurrency: Number.isFinite(drawn.concurrency) ? drawn.concurrency : 3,
          binding: 'shared',
          queueLimit: Math.max(1, drawn.queueLimit),
          queueTimeoutUs: Number.POSITIVE_INFINITY,
          client: { ...drawn.client, cancels: false },
          startPhases,
          startRate: null,
          idleWindowUs: startUs + drawn.idleWindowUs + 1,
          unusedWindowUs: startUs + drawn.unusedWindowUs + 1,
          timelineUs: 0,
        };
        // What limits were reached is for proofs about larger ones, which a controller does not allow.
        const told = ({ reached: _, ...totals }: RunTotals) => figuresOf(totals as RunTotals);
        expect(told(runPool(controlled(id, scenario), trace))).toEqual(
          told(runPool(scenario, trace)),
        );
      }),
      { numRuns: RUNS, interruptAfterTimeLimit: MOST_SECONDS * 1000 },
    );
  });
});
