import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { US_PER_DAY, US_PER_MIN, US_PER_S } from '../../../src/base/units.ts';
import {
  SHAPING_DEFAULTS,
  type Shaping,
  shapeTrace,
  shapingMistakes,
} from '../../../src/workload/shaping/shape.ts';
import { mergeTraces } from '../../../src/workload/shaping/shape-merge.ts';
import type { Trace } from '../../../src/workload/trace.ts';
import { aTrace, type Given } from './a-trace.ts';

const shape = (trace: Trace, shaping: Partial<Shaping>, timeZone: string | null = null) =>
  shapeTrace(trace, { ...SHAPING_DEFAULTS, ...shaping }, timeZone);
const seconds = (...atS: readonly number[]): Given => ({ atUs: atS.map((s) => s * US_PER_S) });
const arrivalsS = ({ arrivalUs }: Trace) => [...arrivalUs].map((us) => us / US_PER_S);
const NEEDS_NOTHING = { durations: false, tokens: false };

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return '';
}

describe('a trace that is not shaped', () => {
  it('is the same trace', () => {
    const trace = aTrace(seconds(0, 1));
    expect(shape(trace, {})).toBe(trace);
  });
});

describe('a window', () => {
  const day = aTrace({
    ...seconds(0, 3600, 7200, 10_800),
    serviceUs: [1, 2, Number.NaN, 4],
    endpoint: ['a', 'b', 'a', 'b'],
    startAt: '2026-11-02T08:00:00Z',
    zoneOffsetMin: 60,
    shared: true,
    report: { missing: 1 },
  });

  it('takes the requests in [from, to); time 0 becomes from, the period the window', () => {
    const cut = shape(day, { window: { from: '30m', to: '3h' } });
    expect(arrivalsS(cut)).toEqual([1800, 5400]);
    expect([...cut.serviceUs!]).toEqual([2, Number.NaN]);
    expect([...cut.endpoint!]).toEqual([1, 0]);
    expect(cut.firstAtUs).toBe(Date.parse('2026-11-02T08:30:00Z') * 1000);
    expect(cut.period).toEqual({ fromUs: 0, toUs: 9000e6 });
    expect(cut.report).toMatchObject({ requests: 2, missing: 1 });
    expect(cut.report.shaping).toEqual([
      'window: 2 of 4 requests, from 2026-11-02T08:30:00Z to 2026-11-02T11:00:00Z',
    ]);
    expect(cut.arrivalUs.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(cut.serviceUs!.buffer).toBe(day.serviceUs!.buffer);
  });

  it('by dates: with a zone, by the trace’s own zone, or by the zone that is given', () => {
    for (const [from, timeZone] of [
      ['2026-11-02T09:00Z', null],
      ['2026-11-02T10:00', null],
      ['2026-11-02 10:00:00', null],
      ['2026-11-02T04:00', 'America/New_York'],
      ['1h', null],
    ] as const) {
      const cut = shape(day, { window: { from, to: null } }, timeZone);
      expect(arrivalsS(cut)).toEqual([0, 3600, 7200]);
      expect(cut.period).toEqual({ fromUs: 0, toUs: 7200e6 });
    }
    expect(shape(day, { window: { from: '2026-11-02', to: null } }).period.toUs).toBe(43_200e6);
  });

  it('left open at one end goes as far as the trace, its last request included', () => {
    expect(arrivalsS(shape(day, { window: { from: null, to: '2h' } }))).toEqual([0, 3600]);
    const tail = shape(aTrace(seconds(5, 6, 9)), { window: { from: '6s', to: null } });
    expect(arrivalsS(tail)).toEqual([0, 3]);
    expect(tail.report.shaping).toEqual(['window: 2 of 3 requests, from 6s to 9s']);
  });

  it('beyond the log is a warning', () => {
    const wide = shape(day, { window: { from: '2026-11-02', to: '2026-11-03' } });
    expect(arrivalsS(wide)[0]).toBe(9 * 3600);
    expect(wide.period.toUs).toBe(US_PER_DAY);
    expect(wide.report.warnings).toEqual([
      'the log covers 2026-11-02T08:00:00Z .. 2026-11-02T11:00:00Z only: the rest of the window counts as time without a request',
    ]);
  });

  it('without a request, or by dates that the trace has not, is a mistake', () => {
    expect(messageOf(() => shape(day, { window: { from: '5h', to: '6h' } }))).toBe(
      'a.log  workload.replay.window  from 2026-11-02T13:00:00Z to 2026-11-02T14:00:00Z holds no request: the trace has 4 requests, 2026-11-02T08:00:00Z .. 2026-11-02T11:00:00Z',
    );
    const relative = aTrace(seconds(0, 1));
    expect(messageOf(() => shape(relative, { window: { from: '2026-11-02', to: null } }))).toBe(
      'a.log  workload.replay.window.from  is a date (2026-11-02), and this trace has none: write a duration from its beginning, 6h say',
    );
  });
});

describe('a sample', () => {
  const trace = aTrace({
    atUs: Array.from({ length: 20_000 }, (_, i) => i * 1000),
    inputTokens: Array.from({ length: 20_000 }, (_, i) => i),
  });

  it('keeps each request with its probability, and of a smaller one only what a larger one keeps', () => {
    const tenth = shape(trace, { sample: 0.1, seed: '7' });
    const fifth = shape(trace, { sample: 0.05, seed: '7' });
    // Six standard deviations of a binomial.
    expect(Math.abs(tenth.count - 2000)).toBeLessThan(6 * Math.sqrt(1800));
    const inTenth = new Set(tenth.inputTokens);
    expect([...fifth.inputTokens!].every((row) => inTenth.has(row))).toBe(true);
    expect(tenth.period).toEqual(trace.period);
    expect(tenth.report.shaping).toEqual([
      `sample: ${tenth.count.toLocaleString('en-US')} of 20,000 requests, each kept with probability 0.1`,
    ]);
    expect([...shape(trace, { sample: 0.1, seed: '8' }).arrivalUs]).not.toEqual([
      ...tenth.arrivalUs,
    ]);
  });

  it('is of the same requests whichever window is looked at', () => {
    const window = { from: '5s', to: null };
    const late = shape(trace, { sample: 0.1, window });
    const all = [...shape(trace, { sample: 0.1 }).inputTokens!];
    expect([...late.inputTokens!]).toEqual(all.filter((row) => row >= 5000));
  });

  it('that keeps none is a mistake', () => {
    expect(messageOf(() => shape(aTrace(seconds(0, 1)), { sample: 1e-9 }))).toBe(
      'a.log  workload.replay.sample  leaves none of 2 requests',
    );
  });
});

describe('a time scale', () => {
  it('multiplies arrivals and period, each rounded once, and leaves service times', () => {
    const trace = aTrace({
      atUs: [0, 3, 4, 11],
      serviceUs: [5, 5, 5, 5],
      startAt: '2026-11-02T00:00Z',
    });
    const half = shape(trace, { timeScale: 0.5 });
    expect([...half.arrivalUs]).toEqual([0, 2, 2, 6]);
    expect([...half.serviceUs!]).toEqual([5, 5, 5, 5]);
    expect(half.period).toEqual({ fromUs: 0, toUs: 6 });
    expect(half.report.shaping).toEqual([
      'timeScale 0.5: arrival times multiplied, service times as they are; the time of day no longer fits',
    ]);
  });
});

describe('a rate scale', () => {
  const rateScale = (factor: number, shiftUs = US_PER_MIN) => ({ rateScale: { factor, shiftUs } });

  it('by a whole factor lays whole copies over the trace, each shifted around its period', () => {
    const trace = aTrace({ ...seconds(0, 10, 20, 100), inputTokens: [1, 2, 3, 4] });
    const twice = shape(trace, rateScale(2));
    expect(twice.count).toBe(8);
    expect(twice.period).toEqual(trace.period);
    const own = [...twice.arrivalUs].filter((us) => [0, 10e6, 20e6, 100e6].includes(us));
    expect(own).toHaveLength(4);
    // Those of the copy, in the order of the trace, are as far apart as they were, around a circle of 100.000001 s.
    const copy = [1, 2, 3, 4].map((token) => {
      const rows = [...twice.inputTokens!.keys()].filter((i) => twice.inputTokens![i] === token);
      return rows.map((i) => twice.arrivalUs[i]!).find((us) => !own.includes(us))!;
    });
    const roundUs = 100e6 + 1;
    const gap = (from: number, to: number) => (to - from + roundUs) % roundUs;
    expect([gap(copy[0]!, copy[1]!), gap(copy[1]!, copy[2]!), gap(copy[2]!, copy[3]!)]).toEqual([
      10e6, 10e6, 80e6,
    ]);
    expect(Math.min(gap(0, copy[0]!), gap(copy[0]!, 0))).toBeLessThanOrEqual(US_PER_MIN / 2);
    expect(twice.report.shaping).toEqual([
      'rateScale 2: 8 from 4 requests, the trace and 1 copy laid over it, all within 1m: counts over longer times grow 2-fold, peaks and daily shape with them, bursts shorter than that come more often and not larger',
    ]);
  });

  it('by a part of one thins: what a smaller factor keeps a larger one keeps too, copies included', () => {
    const trace = aTrace({ atUs: Array.from({ length: 5000 }, (_, i) => i * 10_000) });
    const at = (factor: number) => shape(trace, rateScale(factor));
    let before = at(0.3);
    expect(Math.abs(before.count - 1500)).toBeLessThan(6 * Math.sqrt(1050));
    for (const factor of [0.8, 1.5, 2, 2.7]) {
      const now = at(factor);
      const left = new Map<number, number>();
      for (const us of now.arrivalUs) left.set(us, (left.get(us) ?? 0) + 1);
      for (const us of before.arrivalUs) left.set(us, (left.get(us) ?? 0) - 1);
      expect(Math.min(...left.values())).toBeGreaterThanOrEqual(0);
      before = now;
    }
    expect(at(2).count).toBe(10_000);
  });

  it('of no shift at all doubles every request where it is', () => {
    expect(arrivalsS(shape(aTrace(seconds(0, 1, 5)), rateScale(2, 0)))).toEqual([0, 0, 1, 1, 5, 5]);
  });

  it('that leaves none, or makes more than fit into memory, is a mistake', () => {
    expect(messageOf(() => shape(aTrace(seconds(0, 1)), rateScale(1e-9)))).toContain(
      'leaves none of 2',
    );
    const trace = aTrace({ atUs: Array.from({ length: 300_000 }, (_, i) => i) });
    expect(messageOf(() => shape(trace, rateScale(1000)))).toBe(
      'a.log  workload.replay.rateScale  makes 300,000,000 requests: at most 268,435,456 fit into memory',
    );
  });
});

describe('a repetition', () => {
  it('puts copies one behind the other, a mean gap between them; the period is that of all', () => {
    const trace = aTrace({ ...seconds(2, 3, 8), serviceUs: [1, 2, 3] });
    const three = shape(trace, { repeat: 3 });
    expect(arrivalsS(three)).toEqual([2, 3, 8, 11, 12, 17, 20, 21, 26]);
    expect([...three.serviceUs!]).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
    expect(three.period).toEqual({ fromUs: 2e6, toUs: 29e6 });
    expect(three.report.shaping).toEqual(['repeat 3: 3 requests each, one copy every 9s']);
  });

  it('keeps the time of day where a dated trace nearly fills its days', () => {
    const startAt = '2026-11-02T00:00:10Z';
    const atH = (...hours: number[]) => hours.map((h) => h * 3600e6);
    const week = aTrace({ atUs: atH(0, 30, 164), startAt });
    const twice = shape(week, { repeat: 2 });
    expect([...twice.arrivalUs].slice(3)).toEqual(atH(168, 198, 332));
    expect(twice.period.toUs).toBe(14 * US_PER_DAY);
    expect(twice.report.shaping).toEqual(['repeat 2: 3 requests each, one copy every 7 days']);
    // Two thirds of a day are no day, nor is a trace without dates.
    expect(shape(aTrace({ atUs: atH(0, 8, 16), startAt }), { repeat: 2 }).period.toUs).toBe(
      48 * 3600e6,
    );
    expect(shape(aTrace({ atUs: atH(0, 12, 24) }), { repeat: 2 }).period.toUs).toBe(72 * 3600e6);
  });

  it('lays what began before midnight over the end of the copy before', () => {
    const trace = aTrace({
      atUs: [0, 2e6, 86_401e6],
      startAt: '2026-11-01T23:59:59Z',
      inputTokens: [1, 2, 3],
    });
    const twice = shape(trace, { repeat: 2 });
    expect(arrivalsS(twice)).toEqual([0, 2, 86_400, 86_401, 86_402, 172_801]);
    expect([...twice.inputTokens!]).toEqual([1, 2, 1, 3, 2, 3]);
    expect(twice.report.shaping).toEqual([
      'repeat 2: 3 requests each, one copy every day, the last 1s of each over the next',
    ]);
  });

  it('of a window is of the whole window', () => {
    const trace = aTrace(seconds(0, 1, 5, 20));
    const twice = shape(trace, { window: { from: '0s', to: '10s' }, repeat: 2 });
    expect(arrivalsS(twice)).toEqual([0, 1, 5, 10, 11, 15]);
    expect(twice.period).toEqual({ fromUs: 0, toUs: 20e6 });
  });

  it('ends before microseconds are no longer exact, as a time scale does', () => {
    const year = aTrace({ atUs: [0, 365 * US_PER_DAY] });
    expect(shape(year, { repeat: 50 }).count).toBe(100);
    for (const key of ['repeat', 'timeScale']) {
      expect(messageOf(() => shape(year, { [key]: 1000 }))).toBe(
        `a.log  workload.replay.${key}  makes times of more than a century`,
      );
    }
  });

  it('of a single instant is a mistake', () => {
    expect(messageOf(() => shape(aTrace(seconds(4)), { repeat: 2 }))).toBe(
      'a.log  workload.replay.repeat  needs a trace that takes some time: this one is a single instant, give window:',
    );
  });
});

describe('a merge', () => {
  it('of dated traces is by their dates; endpoints are united, a trace without any is one', () => {
    const a = aTrace({
      ...seconds(0, 60),
      startAt: '2026-11-02T00:00:30Z',
      serviceUs: [1, 2],
      endpoint: ['chat', 'embed'],
      status: [200, 201],
    });
    const b = aTrace({
      ...seconds(0, 30, 60),
      startAt: '2026-11-02T00:00Z',
      serviceUs: [3, Number.NaN, 5],
      name: 'b.log',
    });
    const merged = mergeTraces([a, b], { durations: true, tokens: false });
    expect(arrivalsS(merged)).toEqual([0, 30, 30, 60, 90]);
    expect([...merged.serviceUs!]).toEqual([3, 1, Number.NaN, 5, 2]);
    expect(merged.endpointNames).toEqual(['chat', 'embed', 'b.log']);
    expect([...merged.endpoint!]).toEqual([2, 0, 2, 2, 1]);
    expect([...merged.status!]).toEqual([0, 200, 0, 0, 201]);
    expect(merged.firstAtUs).toBe(Date.parse('2026-11-02T00:00Z') * 1000);
    expect(merged.period).toEqual({ fromUs: 0, toUs: 90e6 });
    expect(merged.report).toMatchObject({ name: 'a.log, b.log', requests: 5, missing: 1 });
    expect(merged.report.shaping).toEqual(['merge: a.log 2 requests, b.log 3 requests, by time']);
  });

  it('of relative traces is by their zeros; their windows make up the period', () => {
    const a = aTrace({ ...seconds(1, 5), period: { fromUs: 0, toUs: 10e6 } });
    const merged = mergeTraces([a, aTrace({ ...seconds(2), name: 'b' })], NEEDS_NOTHING);
    expect(arrivalsS(merged)).toEqual([1, 2, 5]);
    expect(merged.period).toEqual({ fromUs: 0, toUs: 10e6 });
    expect(merged.serviceUs).toBeNull();
  });

  it('of dates with relative times is a mistake', () => {
    const a = aTrace({ ...seconds(0), startAt: '2026-11-02T00:00Z' });
    expect(
      messageOf(() => mergeTraces([a, aTrace({ ...seconds(0), name: 'b' })], NEEDS_NOTHING)),
    ).toBe(
      'a.log, b  workload.replay.file  a.log has dates (2026-11-02T00:00:00Z), b has relative times: there is no order between them',
    );
  });

  it('leaves durations out that not all have, and refuses where they are needed', () => {
    const a = aTrace({ ...seconds(0), serviceUs: [1] });
    const b = aTrace({ ...seconds(1), name: 'b' });
    const merged = mergeTraces([a, b], NEEDS_NOTHING);
    expect(merged.serviceUs).toBeNull();
    expect(merged.report.durations).toBeNull();
    expect(merged.report.shaping).toEqual([
      'merge: a.log 1 request, b 1 request, by time; durations left out: b has no durations',
    ]);
    expect(messageOf(() => mergeTraces([a, b], { durations: true, tokens: false }))).toBe(
      'a.log, b  workload.replay.file  b has no durations, the others have: to merge them give all the same workload.service, or read them apart',
    );
  });
});

describe('several at once', () => {
  it('are done in a fixed order and told in it', () => {
    const trace = aTrace({ atUs: Array.from({ length: 1000 }, (_, i) => i * 100_000) });
    const { report, period } = shape(trace, {
      repeat: 2,
      rateScale: { factor: 2, shiftUs: 1e6 },
      timeScale: 0.5,
      window: { from: '10s', to: '60s' },
      sample: 0.5,
    });
    expect(report.shaping.map((said) => said.split(/[ :]/)[0])).toEqual([
      'sample',
      'window',
      'timeScale',
      'rateScale',
      'repeat',
    ]);
    expect(period).toEqual({ fromUs: 0, toUs: 50e6 });
  });

  it('mistakes are told all at once', () => {
    const wrong = {
      window: { from: '2026-11-02T09:00', to: '2026-11-02T08:00' },
      sample: 2,
      timeScale: 0,
      rateScale: { factor: -1, shiftUs: 0 },
      repeat: 1.5,
      seed: '1',
    };
    expect(shapingMistakes(wrong)).toEqual([
      {
        key: 'window',
        message: 'must end after it begins (2026-11-02T09:00), ends 2026-11-02T08:00',
      },
      { key: 'sample', message: 'must be above 0, at most 1, is 2' },
      { key: 'timeScale', message: 'must be above 0, at most 1000, is 0' },
      { key: 'rateScale', message: 'must be above 0, at most 1000, is -1' },
      { key: 'repeat', message: 'must be a whole number of 1 .. 10000, is 1.5' },
    ]);
    expect(shapingMistakes(SHAPING_DEFAULTS)).toEqual([]);
    const window = { from: '2026-02-30', to: 'noon' };
    expect(shapingMistakes({ ...SHAPING_DEFAULTS, window })).toHaveLength(2);
  });
});
