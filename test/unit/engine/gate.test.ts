/** Who may come in. Times are microseconds. */
import { describe, expect, it } from 'vitest';
import type { Gate } from '../../../src/engine/gate.ts';
import { REFUSALS } from '../../../src/engine/gate.ts';
import { Pool } from '../../../src/engine/pool.ts';
import type { RunTotals } from '../../../src/engine/totals.ts';
import { blockChunk } from '../../kit/random-blocks.ts';
import { PLAIN } from '../../kit/random-scenario.ts';
import { load, min, run, window } from '../../kit/small-pool.ts';

const NEVER = Number.POSITIVE_INFINITY;

function gate(change: Partial<Gate>): { gate: Gate } {
  return {
    gate: { requestRate: null, tokenRate: null, inFlight: NEVER, atZero: 'queue', ...change },
  };
}

function refused({ refusals }: RunTotals): Record<string, number> {
  const counted = REFUSALS.map((why, i) => [why, refusals[i]!] as const);
  return Object.fromEntries(counted.filter(([, count]) => count > 0));
}

describe('the gate', () => {
  it('a request rate is a full bucket that refills evenly', () => {
    const totals = run(
      { ...min(5), ...gate({ requestRate: { count: 2, periodUs: 10 } }) },
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 1],
      [10, 1],
    );
    // 2 at 0; 1.2 at 1; 0.4 at 2 and 0.6 at 3 are too little; 2 at 10
    expect(refused(totals)).toEqual({ 'request-rate': 2 });
    expect(totals.requests).toMatchObject({ completed: 3, rejected: 2 });
  });

  it('a token rate takes what the request has, in and out; more than a bucket never comes in', () => {
    const pool = new Pool({
      ...PLAIN,
      ...min(5),
      countsTokens: true,
      ...gate({ tokenRate: { count: 100, periodUs: 10 } }),
    });
    const tokens = (arrivalUs: number, inputTokens: number, outputTokens: number) => ({
      arrivalUs,
      serviceUs: 1,
      inputTokens,
      outputTokens,
    });
    pool.advance(
      blockChunk([tokens(0, 50, 10), tokens(1, 30, 30), tokens(2, 60, 0), tokens(90, 100, 1)]),
    );
    const totals = pool.finish();
    // 100 - 60 = 40 at 0; 50 at 1 are too few for 60; 60 at 2
    expect(refused(totals)).toEqual({ 'token-rate': 2 });
    expect(totals.whole).toMatchObject({ inputTokens: 110n, outputTokens: 10n });
  });

  it('in flight counts who is served and who waits; who completes at that instant is out', () => {
    const totals = run({ ...min(1), ...gate({ inFlight: 2 }) }, [0, 10], [1, 10], [2, 1], [10, 1]);
    expect(refused(totals)).toEqual({ 'in-flight': 1 });
    expect(totals.requests.completed).toBe(3);
  });

  it('a refused attempt takes nothing from the limits on rate', () => {
    const totals = run(
      { ...min(1), ...gate({ inFlight: 1, requestRate: { count: 2, periodUs: 1000 } }) },
      [0, 10],
      [1, 1],
      [2, 1],
      [10, 1],
    );
    expect(refused(totals)).toEqual({ 'in-flight': 2 });
  });

  it('at zero it may refuse, and nothing starts', () => {
    const totals = run({ ...load(10), ...gate({ atZero: 'refuse' }) }, [0, 1], [50, 1]);
    expect(refused(totals)).toEqual({ 'no-replica': 2 });
    expect(totals.whole.starts).toBe(0);
  });

  it('or refuse and wake: one start, and who comes when it is ready is served warm', () => {
    const totals = run(
      { ...load(10), ...window(20), ...gate({ atZero: 'refuse-and-wake' }) },
      [0, 1],
      [5, 1],
      [10, 1],
    );
    expect(refused(totals)).toEqual({ 'no-replica': 2 });
    expect(totals.whole.starts).toBe(1);
    expect(totals.requests).toMatchObject({ completed: 1, rejected: 2, cold: 0 });
  });

  it('a wake that the start rate does not allow now is forgotten', () => {
    const totals = run(
      {
        ...load(10),
        ...window(0),
        ...gate({ atZero: 'refuse-and-wake' }),
        startRate: { count: 1, periodUs: 100 },
      },
      [0, 1],
      [50, 1],
      [120, 1],
    );
    // Starts at 0 (unused, gone at 10), not at 50, at 120.
    expect(totals.whole.starts).toBe(2);
    expect(totals.horizonUs).toBe(130);
  });
});
