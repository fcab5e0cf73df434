import { beforeAll, describe, expect, it } from 'vitest';
import { verifyScreen } from '../../src/report/verify-screen.ts';
import { runVerify, type VerifyRow } from '../../src/study/verify.ts';

describe('coldfront verify --quick', () => {
  const seen: VerifyRow[] = [];
  let rows: readonly VerifyRow[] = [];
  beforeAll(() => {
    rows = runVerify({ quick: true }, (row) => seen.push(row));
  });

  it('finds theory within every interval, over 20 replications a row', () => {
    expect(rows.filter(({ ok }) => !ok)).toEqual([]);
    expect(rows.every(({ replications }) => replications === 20)).toBe(true);
    expect(seen).toEqual(rows);
  });

  it('covers every model', () => {
    expect([...new Set(rows.map((row) => row.case))]).toEqual([
      'M/M/1',
      'M/M/5',
      'M/G/5/5 lognormal',
      'M/D/1',
      'M/G/1 hyperexponential',
      'M/M/2/4',
      'M/G/inf exponential',
      'one replica, window 2 s',
      'M/M/1 exp set-up',
      'M/M/1 set-up, window 2 s',
      'M/M/3 exp set-up',
      'M/G/1-PS hyperexponential',
      'M/M/4-PS',
    ]);
  });

  it('fits a terminal and says so when theory lies outside an interval', () => {
    const light = { theory: 0.000039, simulated: 0.00004, halfWidth: 0.00001 };
    const screen = verifyScreen([...rows, { ...rows[0]!, ...light }]);
    expect(Math.max(...screen.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(screen).toContain('theory lies within every interval');
    expect(verifyScreen([{ ...rows[0]!, ok: false }])).toContain('theory lies outside');
  });
});
