/** Who may come in. Times are microseconds. */
import { describe, expect, it } from 'vitest';
import type { AdaptiveRule, Gate } from '../../../src/engine/gate.ts';
import { REFUSALS } from '../../../src/engine/gate.ts';
import { Pool } from '../../../src/engine/pool.ts';
import type { RunTotals } from '../../../src/engine/totals.ts';
import { blockChunk } from '../../kit/random-blocks.ts';
import { PLAIN } from '../../kit/random-scenario.ts';
import { load, min, run, window } from '../../kit/small-pool.ts';

const NEVER = Number.POSITIVE_INFINITY;

function gate(change: Partial<Gate>): { gate: Gate } {
  return {
    gate: {
      requestRate: null,
      tokenRate: null,
      inputTokenRate: null,
      uncachedTokenRate: null,
      outputTokenRate: null,
      adaptive: null,
      inFlight: NEVER,
      atZero: 'queue',
      ...change,
    },
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

  it.each([
    // Of 80 tokens in, 30 of them cached, and 20 out, 100 admit so many at once.
    ['tokenRate', 'token-rate', 1],
    ['inputTokenRate', 'input-token-rate', 1],
    ['uncachedTokenRate', 'uncached-token-rate', 2],
    ['outputTokenRate', 'output-token-rate', 5],
  ] as const)('%s counts its own kind of tokens', (key, why, admitted) => {
    const pool = new Pool({
      ...PLAIN,
      ...min(9),
      countsTokens: true,
      ...gate({ [key]: { count: 100, periodUs: 1000 } }),
    });
    const one = { arrivalUs: 0, serviceUs: 1, inputTokens: 80, outputTokens: 20 };
    const chunk = blockChunk(Array.from({ length: 8 }, () => one));
    pool.advance({ ...chunk, cachedTokens: new Float64Array(8).fill(30) });
    expect(refused(pool.finish())).toEqual({ [why]: 8 - admitted });
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

describe('adaptive limits', () => {
  const adaptive: AdaptiveRule = { periodUs: 100, grow: 2, shrink: 0.5, most: 3, of: 'all' };
  const limited = (rule: AdaptiveRule | null) => ({
    ...min(50),
    ...gate({ requestRate: { count: 4, periodUs: 100 }, adaptive: rule }),
  });
  const arrivals = (...atUs: number[]) => atUs.map((us): [number, number] => [us, 1]);
  /** How many of twenty at once come in, long after. */
  const admits = (rule: AdaptiveRule | null, ...before: number[]) => {
    const at = before.at(-1)! < 1000 ? 1000 : 2000;
    const alone = run(limited(rule), ...arrivals(...before)).requests.rejected;
    const all = run(limited(rule), ...arrivals(...before, ...Array(20).fill(at)));
    return 20 - (all.requests.rejected - alone);
  };

  it('stay where less than half is used, and grow from half on, up to the most', () => {
    expect(admits(null, 0, 50)).toBe(4);
    expect(admits(adaptive, 0)).toBe(4);
    // 2 of 4: 8 from 100 on
    expect(admits(adaptive, 0, 50)).toBe(8);
    // 3 of 8 are too few: it stays. 4 of 8: 16, and no more than 3 x 4
    expect(admits(adaptive, 0, 50, 150, 160, 170)).toBe(8);
    expect(admits(adaptive, 0, 50, 150, 160, 170, 180)).toBe(12);
  });

  it('use at the very end of a period is of the next', () => {
    expect(admits(adaptive, 0, 99)).toBe(8);
    expect(admits(adaptive, 0, 100)).toBe(4);
  });

  it('shrink after a refusal, never below what they were at first', () => {
    // 4 come in and one is refused: nothing grows, and 1 is the least
    expect(admits(adaptive, 0, 0, 0, 0, 0)).toBe(4);
    // 8 from 100 on, 12 from 200 on; the thirteenth at 290 is refused: 12 x 0.5 from 300 on
    const before = [0, 50, 150, 160, 170, 180, ...Array(13).fill(290)];
    expect(admits(adaptive, ...before)).toBe(6);
  });

  it('what is in the bucket stays, and it fills at the new rate', () => {
    // 2 of 4 left at 50, 4 from 100 on (full); from 100 on 8 a period: 25 us bring 2 more, not 1.
    const before = [0, 50, ...Array(4).fill(100), ...Array(3).fill(125)];
    const { requests } = run(limited(adaptive), ...arrivals(...before));
    expect(requests).toMatchObject({ completed: 8, rejected: 1 });
    const still = run(limited(null), ...arrivals(...before));
    expect(still.requests).toMatchObject({ completed: 7, rejected: 2 });
  });

  it('refusals for another reason, and by a limit that does not move, do not count', () => {
    const tokens = { ...adaptive, of: 'tokens' as const };
    expect(admits(tokens, 0, 50)).toBe(4);
    const busy = { ...limited(adaptive), ...gate({ ...limited(adaptive).gate, inFlight: 2 }) };
    // Two of three come in, the third is refused for the two in flight: 2 of 4 grow all the same, 8 from 100 on.
    const { requests } = run(
      busy,
      ...arrivals(0, 0, 0),
      ...Array.from({ length: 9 }, (_, i): [number, number] => [1000 + i, 1]),
    );
    expect(requests.rejected).toBe(1 + 1);
  });
});
