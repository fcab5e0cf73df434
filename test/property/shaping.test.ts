import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.ts';
import { US_PER_DAY } from '../../src/base/units.ts';
import { SHAPING_DEFAULTS, type Shaping, shapeTrace } from '../../src/workload/shaping/shape.ts';
import { mergeTraces } from '../../src/workload/shaping/shape-merge.ts';
import type { Trace } from '../../src/workload/trace.ts';
import { aTrace } from '../unit/workload/a-trace.ts';

/** Its rows are told apart by their input tokens, and their services belong to them. */
const anyTrace = fc
  .tuple(
    fc.array(fc.integer({ min: 0, max: 200_000_000 }), { minLength: 1, maxLength: 60 }),
    fc.boolean(),
  )
  .map(([times, shared]) => {
    const atUs = times.toSorted((a, b) => a - b);
    const row = atUs.map((_, i) => i);
    return aTrace({ atUs, inputTokens: row, serviceUs: row.map((i) => 1000 + i), shared });
  });
const seed = fc.string({ maxLength: 4 });
const factor = fc.double({ min: 0.4, max: 5, noNaN: true });

/** Or null where nothing is left, which is a mistake of the user's. */
function shape(trace: Trace, shaping: Partial<Shaping>): Trace | null {
  try {
    return shapeTrace(trace, { ...SHAPING_DEFAULTS, ...shaping });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return null;
  }
}

/** Time and row of every request, as often as it is there. */
function requestsOf(trace: Trace | null): Map<string, number> {
  const found = new Map<string, number>();
  for (let i = 0; i < (trace?.count ?? 0); i++) {
    const key = `${trace!.arrivalUs[i]} ${trace!.inputTokens![i]}`;
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  return found;
}

function isPartOf(part: Trace | null, whole: Trace | null): boolean {
  const all = requestsOf(whole);
  return [...requestsOf(part)].every(([key, times]) => times <= (all.get(key) ?? 0));
}

function expectSound({ count, arrivalUs, serviceUs, inputTokens, period, report }: Trace): void {
  expect([arrivalUs.length, serviceUs!.length, inputTokens!.length]).toEqual([count, count, count]);
  expect(report.requests).toBe(count);
  for (let i = 0; i < count; i++) {
    expect(Number.isInteger(arrivalUs[i])).toBe(true);
    if (i > 0) expect(arrivalUs[i]).toBeGreaterThanOrEqual(arrivalUs[i - 1]!);
    expect(serviceUs![i]).toBe(1000 + inputTokens![i]!);
  }
  expect(arrivalUs[0]).toBeGreaterThanOrEqual(period.fromUs);
  expect(arrivalUs[count - 1]).toBeLessThanOrEqual(period.toUs);
}

describe('shaping, for any trace', () => {
  it('keeps columns with their rows, order and period, whatever is asked for', () => {
    const anyShaping = fc.record(
      {
        sample: fc.double({ min: 0.3, max: 1, noNaN: true }),
        timeScale: fc.double({ min: 0.1, max: 4, noNaN: true }),
        rateScale: fc.record({ factor, shiftUs: fc.integer({ min: 0, max: 500_000_000 }) }),
        repeat: fc.integer({ min: 1, max: 4 }),
        window: fc.record({
          from: fc.constantFrom(null, '0s', '20s'),
          to: fc.constantFrom('90s', '300s'),
        }),
        seed,
      },
      { requiredKeys: ['seed'] },
    );
    fc.assert(
      fc.property(anyTrace, anyShaping, (trace, shaping) => {
        const shaped = shape(trace, shaping);
        if (shaped !== null) expectSound(shaped);
      }),
    );
  });

  it('thinning is nested in the share and in the factor, superposition too', () => {
    const two = fc.tuple(factor, factor).map((pair) => pair.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(anyTrace, two, seed, (trace, [less, more], seed) => {
        const scaled = (f: number) =>
          shape(trace, { rateScale: { factor: f, shiftUs: 60_000_000 }, seed });
        expect(isPartOf(scaled(less!), scaled(more!))).toBe(true);
        const sampled = (f: number) => shape(trace, { sample: f / 5, seed });
        expect(isPartOf(sampled(less!), sampled(more!))).toBe(true);
        expect(isPartOf(sampled(more!), trace)).toBe(true);
      }),
    );
  });

  it('superposition by a whole number holds every request so many times, the trace itself among them', () => {
    fc.assert(
      fc.property(anyTrace, fc.integer({ min: 2, max: 6 }), seed, (trace, copies, seed) => {
        const scaled = shape(trace, { rateScale: { factor: copies, shiftUs: 60_000_000 }, seed })!;
        expect(scaled.count).toBe(copies * trace.count);
        const times = new Array<number>(trace.count).fill(0);
        for (const row of scaled.inputTokens!) times[row]!++;
        expect(times).toEqual(new Array<number>(trace.count).fill(copies));
        expect(isPartOf(trace, scaled)).toBe(true);
        expect(scaled.period).toEqual(trace.period);
      }),
    );
  });

  it('repetition keeps the gaps within each copy, and the copies at equal distances', () => {
    fc.assert(
      fc.property(anyTrace, fc.integer({ min: 2, max: 5 }), fc.boolean(), (bare, copies, dated) => {
        const trace = dated ? { ...bare, firstAtUs: 1_793_577_600_000_000 } : bare;
        const repeated = shape(trace, { repeat: copies });
        if (repeated === null) {
          expect(trace.arrivalUs[0]).toBe(trace.arrivalUs.at(-1));
          return;
        }
        expect(repeated.count).toBe(copies * trace.count);
        const { period } = repeated;
        const shiftUs = (period.toUs - period.fromUs) / copies;
        const wanted = Array.from({ length: copies }, (_, copy) =>
          [...trace.arrivalUs].map((us) => us + copy * shiftUs),
        ).flat();
        expect([...repeated.arrivalUs]).toEqual(wanted);
        expect(shiftUs).toBeLessThan(US_PER_DAY);
      }),
    );
  });

  it('two windows that meet hold every request between them once', () => {
    fc.assert(
      fc.property(anyTrace, fc.integer({ min: 1, max: 199 }), (trace, cutS) => {
        const before = shape(trace, { window: { from: null, to: `${cutS}s` } });
        const after = shape(trace, { window: { from: `${cutS}s`, to: null } });
        const times = [
          ...(before?.arrivalUs ?? []),
          ...[...(after?.arrivalUs ?? [])].map((us) => us + cutS * 1e6),
        ];
        expect(times).toEqual([...trace.arrivalUs]);
      }),
    );
  });

  it('a merge is the sorted union', () => {
    fc.assert(
      fc.property(fc.array(anyTrace, { minLength: 2, maxLength: 5 }), (traces) => {
        const named = traces.map((trace, i) => ({
          ...trace,
          report: { ...trace.report, name: `${i}` },
        }));
        const merged = mergeTraces(named, { durations: true, tokens: true });
        expectSound(merged);
        const all = named.flatMap((trace, which) =>
          [...trace.arrivalUs].map((us, row) => ({ us, which, row })),
        );
        const wanted = all.sort((a, b) => a.us - b.us || a.which - b.which || a.row - b.row);
        expect([...merged.arrivalUs]).toEqual(wanted.map(({ us }) => us));
        expect([...merged.endpoint!]).toEqual(wanted.map(({ which }) => which));
        expect([...merged.inputTokens!]).toEqual(wanted.map(({ row }) => row));
      }),
    );
  });
});
