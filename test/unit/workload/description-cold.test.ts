import { describe, expect, it } from 'vitest';
import { describeTrace } from '../../../src/workload/description/description.ts';
import { compileService, serviceColumnsOf } from '../../../src/workload/service.ts';
import { noRealTraces, realTrace } from './read-trace.ts';
import { type ARequest, traceOf } from './trace-of.ts';

const S = 1_000_000;
const DAY_S = 86_400;

function requests(...rows: readonly (readonly [number, number])[]): ARequest[] {
  return rows.map(([arrivalS, serviceS]) => ({ arrivalUs: arrivalS * S, serviceUs: serviceS * S }));
}

function gapAt(windowS: number, rows: readonly ARequest[], more = {}) {
  const { gaps } = describeTrace(traceOf(rows, more));
  return gaps.find(({ idleWindowS }) => idleWindowS === windowS)!;
}

describe('would it go cold', () => {
  it('by hand: two at once, a gap of 30 s, one, and another a minute on', () => {
    // Level 1 is held in 0..4, 34..36, 94..95; level 2 in 1..3.
    const rows = requests([0, 3], [1, 3], [34, 2], [94, 1]);
    expect(gapAt(5, rows)).toMatchObject({
      count: 3,
      outlasting: 2,
      idleS: 15,
      // 94 s, of which 25 and 53 beyond the windows.
      coldS: 78,
      warmShare: 1 - 78 / 94,
      perRequest: {
        starts: 4,
        idleS: 20,
        kept: [
          { startsSaved: 3, coldS: 78 },
          // There from 1 to 3 + 5 s.
          { startsSaved: 1, coldS: 87 },
        ],
      },
    });
    expect(gapAt(30, rows)).toMatchObject({
      count: 2,
      idleS: 30 + 30 + 30,
      coldS: 28,
      perRequest: { starts: 3, idleS: 120 },
    });
    expect(gapAt(60, rows)).toMatchObject({
      count: 1,
      outlasting: 0,
      idleS: 30 + 58 + 60,
      coldS: 0,
      perRequest: { starts: 2 },
    });
  });

  it('an arrival exactly at the end of the idle window finds the replica warm', () => {
    expect(gapAt(5, requests([0, 1], [6, 1], [12.000001, 0])).count).toBe(2);
  });

  it('a second request at once finds no free replica where each takes one, whatever the window', () => {
    const rows = requests([0, 5], [1, 5], [10, 5], [11, 5]);
    expect(gapAt(3600, rows)).toMatchObject({ count: 1, perRequest: { starts: 2 } });
  });

  it('requests of no length, and without a known one, hold nothing but take a replica', () => {
    const busy = requests([0, 9], [5, 0], [7, Number.NaN], [9, 0]);
    expect(gapAt(5, busy)).toMatchObject({ count: 1, idleS: 5, perRequest: { starts: 2 } });
  });

  it('without durations says at most, and nothing of one request a replica', () => {
    const rows = [0, 4, 14].map((s) => ({ arrivalUs: s * S }));
    expect(gapAt(5, rows)).toMatchObject({
      count: 2,
      perRequest: null,
      verdict:
        'goes cold at most 2 times in 14 s at 5 s: min 1 saves those starts, for 5 s more of warm idling',
    });
  });

  it('says in a sentence what one kept replica buys', () => {
    const period = { fromUs: 0, toUs: 2 * DAY_S * S };
    // 1,000 s apart for two days: 172 gaps of 999 s.
    const rows = Array.from({ length: 173 }, (_, i) => ({ arrivalUs: i * 1000 * S, serviceUs: S }));
    const cold = gapAt(600, rows, { period });
    expect(cold.perDay).toMatchObject({ outlasting: 86, startsAtLeast: 86.5, startsAtMost: 86.5 });
    expect(cold.coldS).toBe(172 * 399 + (800 - 601));
    expect(cold.perDay!.coldH).toBeCloseTo(cold.coldS / 7200, 12);
    // Busy, idle or gone: two days in all.
    expect(2 * (cold.perDay!.idleH + cold.perDay!.coldH) + 173 / 3600).toBeCloseTo(48, 9);
    expect(cold.perDay!.idleHPerRequest).toBeCloseTo(cold.perDay!.idleH, 12);
    expect(cold.verdict).toBe(
      'goes cold 86.5 times a day at 10 min: min 1 saves those starts, for 9.56 more warm hours a day',
    );
    expect(gapAt(1800, rows, { period }).verdict).toBe(
      'it never goes cold at 30 min: min 1 buys nothing',
    );
  });

  it("marks the platforms' own windows, and adds those that are not common", () => {
    const idleDefaults = new Map([
      ['modal', 60 * S],
      ['mine', 90 * S],
      ['theirs', 90 * S],
      ['dedicated', Number.POSITIVE_INFINITY],
    ]);
    const { gaps } = describeTrace(traceOf(requests([0, 1], [70, 1])), { idleDefaults });
    expect(gaps.map(({ idleWindowS, platforms }) => [idleWindowS, platforms.join()])).toEqual([
      [5, ''],
      [10, ''],
      [30, ''],
      [60, 'modal'],
      [90, 'mine,theirs'],
      [300, ''],
      [600, ''],
      [900, ''],
      [1800, ''],
      [3600, ''],
    ]);
  });

  describe.skipIf(noRealTraces)('Azure code (skipped where ../shared/traces is not)', () => {
    const about = () => {
      const trace = realTrace('azure-llm-2023/AzureLLMInferenceTrace_code.csv');
      const serviceUs = new Float64Array(trace.count);
      const service = {
        kind: 'tokens',
        baseUs: 0,
        perInputTokenUs: 200,
        perOutputTokenUs: 30_000,
      } as const;
      compileService(service, serviceColumnsOf(trace)).fill(trace, { next: () => 0 }, serviceUs);
      return describeTrace(trace, { serviceUs });
    };

    it('the published rate, burstiness and cold starts, with one replica for all and one request a replica', () => {
      const { spanS, ratePerS, interArrivalCv, peakToMean, serviceS, gaps, tokens } = about();
      expect(spanS).toBeCloseTo(3435.948, 3);
      expect(ratePerS).toBeCloseTo(2.5667, 4);
      expect(interArrivalCv).toBeCloseTo(13.151, 3);
      expect(peakToMean.minute).toBeCloseTo(4.156, 3);
      expect(serviceS!.mean * 8819).toBeCloseTo(10_988.8748, 4);
      expect(tokens!.input!.mean).toBeCloseTo(2047.848, 3);
      expect(tokens!.input).toMatchObject({ p50: 1469, p99: 7436, max: 7437 });
      expect(tokens!.output).toMatchObject({ p50: 13, max: 1899 });
      const published = [
        [5, 41, 238.204, 1552, null],
        [60, 12, 1478.931, 564, 58_479.65],
        [300, 1, 2374.501, 144, 130_662.056],
      ] as const;
      for (const [windowS, count, idleS, starts, perRequestIdleS] of published) {
        const gap = gaps.find(({ idleWindowS }) => idleWindowS === windowS)!;
        expect([gap.count, gap.perRequest!.starts]).toEqual([count, starts]);
        expect(gap.idleS).toBeCloseTo(idleS, 3);
        if (perRequestIdleS !== null) {
          expect(gap.perRequest!.idleS).toBeCloseTo(perRequestIdleS, 3);
        }
      }
    });

    it('is open traffic', () => {
      expect(about().closedClients).toBeNull();
    });
  });
});
