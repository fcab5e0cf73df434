import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../../src/platform/catalogue.ts';
import { columnsOfBars } from '../../../src/report/bars.ts';
import { idleDefaultsOf } from '../../../src/report/idle-defaults.ts';
import { inspectScreen } from '../../../src/report/inspect-screen.ts';
import { rateChart } from '../../../src/report/rate-chart.ts';
import { SCREEN_WIDTH } from '../../../src/report/text.ts';
import { describeTrace } from '../../../src/workload/description/description.ts';
import type { Given } from '../workload/a-trace.ts';
import { type ARequest, traceOf } from '../workload/trace-of.ts';

const S = 1_000_000;
const H = 3600 * S;

function screen(rows: readonly ARequest[], more: Partial<Given> = {}): string {
  const idleDefaults = new Map([
    ['modal', 60 * S],
    ['runpod-flex', 5 * S],
  ]);
  return inspectScreen(describeTrace(traceOf(rows, more), { idleDefaults }));
}

/** A request every ten minutes by day and every minute in the sixth hour, for 24 h. */
function aDay(serviceUs = 2 * S): ARequest[] {
  return Array.from({ length: 24 * 60 }, (_, minute) => minute)
    .filter((minute) => minute % 10 === 0 || Math.floor(minute / 60) === 6)
    .map((minute) => ({ arrivalUs: minute * 60 * S, serviceUs }));
}

describe('upright bars', () => {
  it('by hand: eight steps a row, nothing for nothing, the least mark for what is there', () => {
    expect(columnsOfBars([0, 0.01, 4, 8, 12, 16], 16, 2)).toEqual(['    ▄█', ' ▁▄███']);
  });
});

describe('the rate over time', () => {
  const counts = Array.from({ length: 24 }, (_, hour) => (hour === 6 ? 7200 : 3600));

  it('is in requests a second, minute, hour or day, with the hours of the clock below', () => {
    const lines = rateChart({ binS: 3600, fromS: 0, requests: counts }, () => 0);
    expect(lines).toEqual([
      '  requests/s, a column is 60 min',
      '  2 ┤      █',
      '    │      █',
      '    │      █',
      '  1 ┤████████████████████████',
      '    │████████████████████████',
      '    │████████████████████████',
      '  0 └┬───────────┬───────────',
      '     01-01       12:00',
    ]);
  });

  it('has hours from time 0 on where the trace is relative, and ticks only where bins begin', () => {
    const lines = rateChart({ binS: 1800, fromS: -1800, requests: counts }, null);
    expect(lines.slice(-2)).toEqual(['  0 └─┬───────────┬──────────', '      0 h         6 h']);
  });

  it('is a line for few requests, and nothing for fewer than eight bins', () => {
    const few = { binS: 60, fromS: 0, requests: [1, 0, 2, 0, 0, 4, 0, 8, 1] };
    expect(rateChart(few, null)).toEqual(['  req/min  ▂▁▃▁▁▅▁█▂']);
    expect(rateChart({ ...few, requests: [99, 99] }, null)).toEqual([]);
  });

  it.each([1, 3, 7, 12, 13, 45, 99, 101, 999])(
    'an axis up to %s has a round top and middle',
    (most) => {
      const requests = Array.from({ length: 100 }, () => most);
      const top = rateChart({ binS: 1, fromS: 0, requests }, null)[1]!
        .trim()
        .split(' ')[0]!
        .replace(',', '');
      expect(Number(top)).toBeGreaterThanOrEqual(most);
      expect(Number(top)).toBeLessThanOrEqual(most * 1.7);
      expect(top).toMatch(/^\d\.?\d?0*$/);
    },
  );
});

describe('the screen of a trace', () => {
  it('answers first: whether it goes cold at the windows of the platforms, and from when on never', () => {
    const lines = screen(aDay(), { period: { fromUs: 0, toUs: 24 * H } }).split('\n');
    // 198 requests: 60 silences of 58 s, 137 of 598 s, and the first one is cold too.
    expect(lines[2]).toMatch(
      /^Goes cold 198 times a day at 5 s \(runpod-flex\), 138 at 60 s \(modal\); never from 10 min on$/,
    );
  });

  it('has a row an idle window, up to the first at which it never goes cold', () => {
    const text = screen(aDay(), { period: { fromUs: 0, toUs: 24 * H } });
    const rows = text.split('\n').filter((line) => / for [\d.]+ h$| nothing$/.test(line));
    expect(rows.map((row) => row.trim().split(/ {2,}/)[0])).toEqual([
      '5 s',
      '10 s',
      '30 s',
      '60 s',
      '5 min',
      '10 min',
    ]);
    // Warm for 2 + 5 s after each of 198 requests: 1,386 of 86,400 s.
    expect(rows[0]).toMatch(/runpod-flex +198 +0\.275 +1\.60 % +198 for 23\.6 h$/);
    expect(rows.at(-1)).toMatch(/ 1 +.*nothing$/);
  });

  it('says so where it never goes cold at all', () => {
    const busy = Array.from({ length: 600 }, (_, i) => ({ arrivalUs: i * S, serviceUs: S / 2 }));
    expect(screen(busy)).toContain('Never goes cold, not even at 5 s: min 1 buys nothing');
  });

  it('tells stamps by the clock of the log, and the chart by its hours', () => {
    const text = screen(aDay(), { startAt: '2026-10-11T22:00:00Z', zoneOffsetMin: 120 });
    expect(text).toContain('2026-10-12 00:00:00 .. 23:50:00 UTC+2 (23.8 h)');
    expect(text).toMatch(/^ +10-12 +\d\d:00 /m);
  });

  it('has the hours of a window that was cut out of it, which begins before its first request', () => {
    const rows = aDay().filter(({ arrivalUs }) => arrivalUs >= 3 * H && arrivalUs < 23 * H);
    const more = { startAt: '2026-10-12T00:00:00Z', period: { fromUs: 0, toUs: 24 * H } };
    const lines = screen(rows, more).split('\n');
    // The busy hour is the sixth, from 06:00 on.
    const axis = lines.find((line) => line.includes('06:00'))!;
    expect(lines.find((line) => line.includes('█'))!.indexOf('█')).toBe(axis.indexOf('06:00'));
  });

  it('has service times, statuses and endpoints where the trace has them', () => {
    const rows = aDay().map((row, i) => ({
      ...row,
      serviceUs: i % 2 === 0 ? 2 * S : 4 * S,
      status: i % 9 === 0 ? 429 : 200,
      endpoint: i % 2 === 0 ? 'chat\u001b[31m' : 'embed',
      inputTokens: 100,
    }));
    const text = screen(rows);
    expect(text).toMatch(/^Service +mean 3\.00 s · p50 2\.00 s · p90 4\.00 s/m);
    expect(text).toMatch(/^Status +2xx 88\.9 % · 4xx 11\.1 % \(429: 22\)$/m);
    expect(text).toMatch(/^Tokens in +mean 100 /m);
    expect(text).toMatch(/^ {2}embed +99 +50\.0 % +4\.00 s +4\.00 s$/m);
    expect(text).not.toContain('\u001b');
  });

  it('says what each further kept replica saves, and asks of a flat ceiling whose it is', () => {
    // Two clients for ten minutes, a second each.
    const rows = Array.from({ length: 1200 }, (_, i) => ({ arrivalUs: (i * S) / 2, serviceUs: S }));
    const text = screen(rows);
    expect(text.replace(/\n {2}/g, ' ')).toContain(
      'At 60 s, one request a replica: the 1st kept replica saves 1 start for 0 s more idling, the 2nd 1 for 500 ms',
    );
    expect(text).toMatch(
      /^In flight +mean 2\.00 · peak 2 · at 2 for 99\.8. % of the busy time: closed/m,
    );
    expect(text).toMatch(/^ {2}- Exactly 2 requests in flight /m);
  });

  it('keeps to its width, plain, whatever is in the trace', () => {
    const rows = Array.from({ length: 3000 }, (_, i) => ({
      arrivalUs: Math.floor(i / 3) * 977 * S,
      serviceUs: (i % 700) * S,
      status: 200 + 50 * (i % 9),
      endpoint: `/v1/${'long'.repeat(i % 40)}`,
      inputTokens: 10 ** (i % 7),
    }));
    const text = screen(rows, {
      startAt: '2026-03-01',
      report: { skipped: { lines: 3, examples: [{ line: 7, reason: 'x'.repeat(300) }] } },
    });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(SCREEN_WIDTH);
  });

  it('of a single request says what there is to say', () => {
    const text = screen([{ arrivalUs: 0, serviceUs: S }]);
    expect(text).toContain('1 request · 0 s, times are relative');
    expect(text).not.toMatch(/NaN|undefined|Infinity|cold\?/);
  });
});

describe("platforms' own idle windows", () => {
  it('are those that the catalogue has', () => {
    const platform = (id: string, idleWindow?: string) => [id, { id, deployment: { idleWindow } }];
    const catalogue = new Map([
      platform('a', '15m'),
      platform('b'),
      platform('c', '5s'),
    ] as never) as unknown as Catalogue;
    expect([...idleDefaultsOf(catalogue)]).toEqual([
      ['a', 900 * S],
      ['c', 5 * S],
    ]);
  });
});
