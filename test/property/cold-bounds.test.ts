/** What `inspect` says of cold starts without running a pool, against pools that run. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixed } from '../../src/engine/distribution.ts';
import { ROUTINGS, type Scenario } from '../../src/engine/scenario.ts';
import { levelsOf } from '../../src/workload/description/concurrency.ts';
import { gapsOf } from '../../src/workload/description/gaps.ts';
import type { NaiveRequest } from '../kit/naive-pool.ts';
import { PLAIN, traceArbitrary } from '../kit/random-scenario.ts';
import { runPool } from '../kit/run-pool.ts';
import { traceOf } from '../unit/workload/trace-of.ts';

const RUNS = Number(process.env['COLDFRONT_FUZZ_RUNS'] ?? 2000);
const NEVER = Number.POSITIVE_INFINITY;
const WINDOWS_US = [1, 10, 30, 60, 200];

const windows = fc.constantFrom(...WINDOWS_US);
const concurrencies = fc.constantFrom(1, 2, 3, 5, NEVER);
const routings = fc.constantFrom(...ROUTINGS);

/** The figures for that window. */
function coldOf(requests: readonly NaiveRequest[], windowUs: number) {
  const trace = traceOf(requests);
  const windowsUs = [windowUs];
  const levels = levelsOf(trace.arrivalUs, trace.serviceUs, trace.count, {
    windowsUs,
    promptUs: 0,
  });
  return gapsOf(trace, levels, [{ us: windowUs, platforms: [] }], true)[0]!;
}

function run(requests: readonly NaiveRequest[], windowUs: number, more: Partial<Scenario>) {
  const last = requests.at(-1)!.arrivalUs;
  const { whole } = runPool(
    {
      ...PLAIN,
      idleWindowUs: windowUs,
      unusedWindowUs: windowUs,
      period: { fromUs: 0, toUs: last },
      ...more,
    },
    requests,
  );
  return whole;
}

const someTrace = traceArbitrary(10).filter((trace) => trace.length > 0);

describe('cold starts, told from gaps alone', () => {
  it('one replica that serves everything starts and idles as told', () => {
    fc.assert(
      fc.property(someTrace, windows, (trace, windowUs) => {
        const { count, idleS } = coldOf(trace, windowUs);
        const whole = run(trace, windowUs, { concurrency: NEVER });
        expect([whole.starts, Number(whole.idleUs)]).toEqual([count, Math.round(idleS * 1e6)]);
      }),
      { numRuns: RUNS },
    );
  });

  it('one request a replica, most recently used first, starts and idles as told', () => {
    fc.assert(
      fc.property(someTrace, windows, (trace, windowUs) => {
        const { starts, idleS } = coldOf(trace, windowUs).perRequest!;
        const whole = run(trace, windowUs, {});
        expect([whole.starts, Number(whole.idleUs)]).toEqual([starts, Math.round(idleS * 1e6)]);
      }),
      { numRuns: RUNS },
    );
  });

  it('the k-th kept replica saves the starts of level k', () => {
    fc.assert(
      fc.property(someTrace, windows, fc.integer({ min: 1, max: 4 }), (trace, windowUs, min) => {
        const { starts, kept } = coldOf(trace, windowUs).perRequest!;
        const saved = kept.slice(0, min).reduce((sum, { startsSaved }) => sum + startsSaved, 0);
        const floor = { atUs: [0], count: [min] };
        expect(run(trace, windowUs, { floor }).starts).toBe(starts - saved);
      }),
      { numRuns: RUNS },
    );
  });

  it('any concurrency and routing without load time or limit lies between', () => {
    fc.assert(
      fc.property(
        someTrace,
        windows,
        concurrencies,
        routings,
        (trace, windowUs, slots, routing) => {
          const { count, perRequest } = coldOf(trace, windowUs);
          const { starts } = run(trace, windowUs, { concurrency: slots, routing });
          expect(starts).toBeGreaterThanOrEqual(count);
          expect(starts).toBeLessThanOrEqual(perRequest!.starts);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('with a load time of L no pool without limit has fewer starts than one replica of window + L', () => {
    const loads = fc.constantFrom(1, 10, 50, 120);
    const bindings = fc.constantFrom('shared' as const, 'own' as const);
    fc.assert(
      fc.property(
        fc.tuple(someTrace, windows, concurrencies, routings, loads, bindings),
        ([trace, windowUs, slots, routing, loadUs, binding]) => {
          const startPhases = [{ name: 'load', time: fixed(loadUs) }];
          const { starts } = run(trace, windowUs, {
            concurrency: slots,
            routing,
            binding,
            startPhases,
          });
          expect(starts).toBeGreaterThanOrEqual(coldOf(trace, windowUs + loadUs).count);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('a load time can start more than one request a replica is told to without', () => {
    const trace = [0, 10].map((arrivalUs) => ({ arrivalUs, serviceUs: 1 }));
    expect(coldOf(trace, 60).perRequest!.starts).toBe(1);
    const startPhases = [{ name: 'load', time: fixed(50) }];
    expect(run(trace, 60, { startPhases }).starts).toBe(2);
  });
});
