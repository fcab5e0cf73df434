/** Departures and the starts that take their place, and why attempts time out: worked by hand. Times are microseconds. */
import { describe, expect, it } from 'vitest';
import { fixed } from '../../../src/engine/distribution.ts';
import type { Scenario } from '../../../src/engine/scenario.ts';
import type { RunTotals } from '../../../src/engine/totals.ts';
import { PLAIN } from '../../kit/random-scenario.ts';
import { runPool, sparse } from '../../kit/run-pool.ts';

function run(change: Partial<Scenario>, ...requests: [number, number][]): RunTotals {
  return runPool(
    { ...PLAIN, idleWindowUs: 10, unusedWindowUs: 10, ...change },
    requests.map(([arrivalUs, serviceUs]) => ({ arrivalUs, serviceUs })),
  );
}

function gapsOf({ returns }: RunTotals): unknown {
  return returns.gaps && (sparse(returns.gaps) as { filled: unknown }).filled;
}

describe('how soon a replica is started again', () => {
  it('each start takes the latest departure that none took before', () => {
    // A 0-5, B 0-7: gone at 15 and 17. At 20 the start takes 17, 3 ago; at 21 another takes 15, 6 ago; at 22 there is none.
    const totals = run({}, [0, 5], [0, 7], [20, 5], [21, 5], [22, 5]);
    expect(totals.returns.departures).toBe(5);
    expect(gapsOf(totals)).toEqual([
      [3, 1],
      [6, 1],
    ]);
  });

  it('no departure, no gap; and nothing where the floor keeps what is needed', () => {
    expect(run({}, [0, 5]).returns).toEqual({ departures: 1, gaps: null });
    const floor = { atUs: [0], count: [1] };
    expect(run({ floor }, [0, 5], [100, 5]).returns).toEqual({ departures: 0, gaps: null });
  });

  it('a start by schedule takes a departure and is no return of demand', () => {
    const floor = { atUs: [0, 50], count: [0, 1] };
    const totals = run({ floor, period: { fromUs: 0, toUs: 60 } }, [0, 5]);
    expect(totals.returns).toEqual({ departures: 1, gaps: null });
  });
});

describe('replicas at the minimum that never served', () => {
  it('are those that were there from the beginning and are still unused at the end', () => {
    const floor = { atUs: [0], count: [3] };
    expect(run({ floor }, [0, 5], [2, 5], [100, 5]).unusedKept).toBe(1);
    expect(run({ floor, routing: 'round-robin' }, [0, 5], [2, 5], [100, 5]).unusedKept).toBe(0);
  });
});

describe('why attempts time out', () => {
  const start = { startPhases: [{ name: 'load', time: fixed(20) }] };

  it('for a start, for a limit, in service, or because their client has gone', () => {
    const max = { ...start, max: 1 };
    // The promise of the first passes on to the second, who waits for the start then.
    expect(run({ ...max, queueTimeoutUs: 8 }, [0, 5], [1, 5]).timeouts).toEqual([2, 0, 0, 0]);
    // The one replica serves from 20 to 70.
    expect(run({ ...max, queueTimeoutUs: 25 }, [0, 50], [30, 5]).timeouts).toEqual([0, 1, 0, 0]);
    expect(run({ executionTimeoutUs: 4 }, [0, 5], [50, 3]).timeouts).toEqual([0, 0, 1, 0]);
    const client = { retries: null, patienceUs: 9, cancels: true };
    expect(run({ ...start, client }, [0, 5]).timeouts).toEqual([0, 0, 0, 1]);
  });
});
