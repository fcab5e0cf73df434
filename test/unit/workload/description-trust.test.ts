import { describe, expect, it } from 'vitest';
import { streamOf } from '../../../src/base/random.ts';
import { describeTrace } from '../../../src/workload/description/description.ts';
import type { Given } from './a-trace.ts';
import { type ARequest, traceOf } from './trace-of.ts';

const S = 1_000_000;
const DAY_S = 86_400;

function doubts(rows: readonly ARequest[], more: Partial<Given> = {}, about?: string): string[] {
  return describeTrace(traceOf(rows, more))
    .trust.filter((doubt) => about === undefined || doubt.about === about)
    .map(({ text }) => text);
}

/** One each so many seconds. */
function regular(count: number, everyS: number): ARequest[] {
  return Array.from({ length: count }, (_, i) => ({ arrivalUs: i * everyS * S, serviceUs: S }));
}

function poisson(count: number, ratePerS: number, seed: string): ARequest[] {
  const uniforms = streamOf(seed, 0, 'test');
  let nowUs = 0;
  return Array.from({ length: count }, () => ({
    arrivalUs: (nowUs += Math.round((-Math.log(uniforms.next()) / ratePerS) * S)),
    serviceUs: Math.round(-Math.log(uniforms.next()) * S),
  }));
}

/** Each client sends its next request so long after its last one was answered. */
function closedLoop(clients: number, requests: number, thinkS: number, seed: string): ARequest[] {
  const uniforms = streamOf(seed, 0, 'test');
  const freeUs = new Array<number>(clients).fill(0);
  return Array.from({ length: requests }, () => {
    const arrivalUs = Math.min(...freeUs);
    const serviceUs = Math.round(-Math.log(uniforms.next()) * S);
    freeUs[freeUs.indexOf(arrivalUs)] = arrivalUs + serviceUs + thinkS * S;
    return { arrivalUs, serviceUs };
  });
}

describe('how far a trace can be trusted', () => {
  it('without limits, where it is long, fine and whole', () => {
    // Two weeks of one a minute, in two-minute pairs so that no window is silent.
    expect(doubts(regular(14 * 1440, 60))).toEqual([]);
  });

  it('shorter than a day, shorter than a week: what it cannot show', () => {
    expect(doubts(regular(60, 60), {}, 'span')[0]).toMatch(/^Shorter than a day \(59 min\)/);
    expect(doubts(regular(1440, 60), {}, 'span')[0]).toMatch(/^Shorter than a week \(24 h\)/);
    expect(doubts(regular(7 * 1440, 60), {}, 'span')).toEqual([]);
  });

  it('stamps of whole seconds, and clocks that are coarser than their digits', () => {
    const coarse = { report: { resolutionUs: S } };
    expect(doubts(regular(10, 1), coarse, 'resolution')[0]).toMatch(
      /^The log's stamps are whole seconds: order, bursts and silences finer than that/,
    );
    const pairs = regular(20, 1).map((row, i) => ({ ...row, arrivalUs: Math.floor(i / 2) * 7 }));
    expect(doubts(pairs, {}, 'resolution')[0]).toMatch(/^100 % of the arrivals coincide/);
    expect(doubts(regular(10, 1), {}, 'resolution')).toEqual([]);
  });

  it('fewer than a thousand requests have no p99, fewer than ten silences no tail', () => {
    expect(doubts(regular(999, 1), {}, 'requests')).toHaveLength(1);
    expect(doubts(regular(1000, 1), {}, 'requests')).toEqual([]);
    // Nine silences of 99 s and one of 999 s.
    const starts = [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1900];
    const rows = starts.map((s) => ({ arrivalUs: s * S, serviceUs: S }));
    expect(doubts(rows, {}, 'gaps')).toEqual([
      'Few long silences: 1 is longer than 5 min, 1 is longer than 10 min and 1 is longer than 15 min. Such counts may be off by half the next time.',
      expect.stringMatching(/^That no silence is longer than 30 min rests on 31.7 min/),
    ]);
  });

  it('requests without durations, a log without any, and lines out of order', () => {
    const rows = regular(10, 1).map((row, i) => (i < 2 ? { ...row, serviceUs: Number.NaN } : row));
    expect(doubts(rows, {}, 'durations')[0]).toMatch(
      /^2 requests \(20 %\) have no duration \(failed, refused, or not logged\): counted as/,
    );
    const one = rows.slice(1);
    expect(doubts(one, {}, 'durations')[0]).toMatch(/^1 request \(11.1 %\) has no duration /);
    const bare = regular(10, 1).map(({ arrivalUs }) => ({ arrivalUs }));
    expect(doubts(bare, {}, 'durations')[0]).toMatch(/^No durations/);
    expect(doubts(regular(10, 1), { report: { reordered: 3 } }, 'order')[0]).toMatch(
      /^3 lines stood out of order/,
    );
  });
});

describe('a hole in the log', () => {
  const withHole = (at: number, lengthS: number) =>
    regular(1000, 1).map((row, i) =>
      i < at ? row : { ...row, arrivalUs: row.arrivalUs + lengthS * S },
    );

  it('is a silence five times as long as any other, where the mean rate has twenty requests', () => {
    expect(doubts(withHole(500, 60), {}, 'silence')).toEqual([
      'Silent for 61 s from 8.32 min in, at least 5 times as long as ever else: was there no traffic, or no log?',
    ]);
    expect(doubts(withHole(500, 10), {}, 'silence')).toEqual([]);
    expect(doubts(withHole(500, 60), { startAt: '1970-01-01' }, 'silence')[0]).toContain(
      'from 1970-01-01T00:08:19Z',
    );
  });

  it('may be one of three, in the order of time; more are a habit', () => {
    const holes = (...at: readonly number[]) => {
      let shiftUs = 0;
      const rows = regular(2000, 1).map((row, i) => {
        if (at.includes(i)) shiftUs += (100 + i) * S;
        return { ...row, arrivalUs: row.arrivalUs + shiftUs };
      });
      return doubts(rows, {}, 'silence');
    };
    expect(holes(100, 200, 300)).toEqual([
      expect.stringMatching(/^Silent for 3.35 min from .* in, 5.02 min from .* and 6.68 min from /),
    ]);
    expect(holes(100, 200, 300, 400)).toEqual([]);
  });

  it('is none in Poisson traffic, nor where nights are silent', () => {
    for (const seed of ['a', 'b', 'c', 'd', 'e']) {
      expect(doubts(poisson(20_000, 2, seed), {}, 'silence')).toEqual([]);
    }
    const week = regular(7 * 1440, 60).filter(
      ({ arrivalUs }) => (arrivalUs / S) % DAY_S > 6 * 3600,
    );
    expect(doubts(week, {}, 'silence')).toEqual([]);
  });
});

describe('in-flight counts at a flat ceiling', () => {
  const closed = (rows: readonly ARequest[]) => describeTrace(traceOf(rows)).closedClients;

  it.each([1, 2, 8, 50])('%s clients without a pause are that many closed clients', (clients) => {
    const found = closed(closedLoop(clients, 5000, 0, `closed-${clients}`))!;
    expect(found.clients).toBe(clients);
    // All but the end, when one after the other has nothing more to send: with 50, some 4.5 of 100 s.
    expect(found.shareOfTime).toBeGreaterThan(0.9);
  });

  it('one client waits for its answers, two wait for theirs', () => {
    const said = (clients: number) =>
      doubts(closedLoop(clients, 5000, 0, `closed-${clients}`), {}, 'closedClients')[0];
    expect(said(1)).toMatch(/Exactly 1 request in flight .* 1 client that waits for its answers, /);
    expect(said(2)).toMatch(/ 2 clients that wait for their answers, /);
  });

  it('so are clients that pause a hundredth of a service', () => {
    expect(closed(closedLoop(16, 5000, 0.01, 'pause'))!.clients).toBe(16);
  });

  it('and a stray request above the ceiling does not hide it', () => {
    const rows = closedLoop(8, 5000, 0, 'stray');
    const stray = { arrivalUs: rows[2500]!.arrivalUs, serviceUs: S };
    expect(closed(rows.toSpliced(2500, 0, stray))!.clients).toBe(8);
  });

  it('share of time by hand: two clients, the second of which comes late and goes early', () => {
    // 0..100 s the first, one second each; 10..90 s the second.
    const first = Array.from({ length: 100 }, (_, i) => ({ arrivalUs: i * S, serviceUs: S }));
    const second = Array.from({ length: 80 }, (_, i) => ({
      arrivalUs: (10.5 + i) * S,
      serviceUs: S,
    }));
    const both = [...first, ...second].sort((a, b) => a.arrivalUs - b.arrivalUs);
    expect(closed(both)).toEqual({ clients: 2, shareOfTime: 0.8 });
    expect(doubts(both, {}, 'closedClients')[0]).toMatch(
      /^Exactly 2 requests in flight for 80 % of the busy time/,
    );
  });

  it.each([0.01, 0.1, 0.5, 1, 3, 30])('Poisson traffic of %s in flight is none', (load) => {
    for (const seed of ['a', 'b', 'c']) {
      expect(closed(poisson(5000, load, `${load}-${seed}`))).toBeNull();
    }
  });

  it('nor are jobs by the clock, nor a handful of requests', () => {
    expect(closed(regular(1000, 10))).toBeNull();
    expect(closed(closedLoop(2, 12, 0, 'few'))).toBeNull();
  });
});
