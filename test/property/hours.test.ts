import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../src/engine/scenario.ts';
import { HOUR_FIGURES, HOUR_REQUESTS } from '../../src/engine/totals.ts';
import type { NaiveRequest } from '../kit/naive-pool.ts';
import { caseWithUnit, commonCase, longTrace } from '../kit/random-scenario.ts';
import { comparable, runPool } from '../kit/run-pool.ts';

const HOUR_US = 3_600e6;
const TEN_MINUTES_US = 600e6;
const RUNS = Number(process.env['COLDFRONT_FUZZ_RUNS'] ?? 400);

const offsets = fc.constantFrom(0, 0, 5 * 60e6, 1, HOUR_US - 1);

describe('counts by hour of the clock', () => {
  it('are those of the same run measured from the beginning of the hour to its end', () => {
    const cases = fc.record({ one: caseWithUnit(TEN_MINUTES_US), clockOffsetUs: offsets });
    fc.assert(
      fc.property(cases, ({ one: { scenario, trace }, clockOffsetUs }) => {
        holdsByHour({ ...scenario, measure: null, clockOffsetUs }, trace);
      }),
      { numRuns: RUNS },
    );
  });

  it('are the same with and without the short path, and change nothing else', () => {
    const cases = fc.record({
      one: caseWithUnit(TEN_MINUTES_US).map(commonCase),
      clockOffsetUs: offsets,
    });
    fc.assert(
      fc.property(cases, ({ one: { scenario, trace }, clockOffsetUs }) => {
        const byHour = { ...scenario, clockOffsetUs };
        const short = comparable(runPool(byHour, trace, true));
        expect(short).toEqual(comparable(runPool(byHour, trace, false)));
        expect({ ...short, hours: null }).toEqual(comparable(runPool(scenario, trace)));
      }),
      { numRuns: RUNS },
    );
  });

  it('hold for thousands of requests on the short path', () => {
    fc.assert(
      fc.property(caseWithUnit(TEN_MINUTES_US).map(commonCase), offsets, (one, clockOffsetUs) => {
        const trace = longTrace(one.trace.length, 400, TEN_MINUTES_US);
        const toUs = trace.at(-1)!.arrivalUs;
        const period = { fromUs: trace[0]!.arrivalUs, toUs };
        holdsByHour({ ...one.scenario, period, clockOffsetUs, timelineUs: 0 }, trace);
      }),
      { numRuns: 6 },
    );
  });
});

/** The hours of a run against as many runs that measure an hour each. */
function holdsByHour(scenario: Scenario, trace: readonly NaiveRequest[]): void {
  const { hours } = runPool(scenario, trace);
  const { edgesUs, requests, figures, meters } = hours!;
  expect(edgesUs[0]).toBe(scenario.period.fromUs);
  expect(edgesUs.at(-1)).toBe(scenario.period.toUs);
  const count = edgesUs.length - 1;
  for (let hour = 0; hour < count; hour++) {
    const measure = {
      fromUs: edgesUs[hour]!,
      toUs: hour === count - 1 ? scenario.period.toUs : edgesUs[hour + 1]!,
    };
    if (hour > 0) expect((edgesUs[hour]! + scenario.clockOffsetUs!) % HOUR_US).toBe(0);
    const alone = runPool({ ...scenario, clockOffsetUs: null, measure }, trace);
    for (const key of HOUR_FIGURES) {
      expect(figures[key][hour], `${key} of hour ${hour}`).toBe(Number(alone.observed[key]));
    }
    for (const [i, { usedUs, paidUs }] of meters.entries()) {
      expect([usedUs[hour], paidUs[hour]]).toEqual([
        Number(alone.observed.meters[i]!.usedUs),
        Number(alone.observed.meters[i]!.paidUs),
      ]);
    }
    // Who arrives before the first hour, or once the last is over, is counted in it: cut to the period they agree.
    if (trace.some(({ arrivalUs: us }) => isOutside(us, scenario))) continue;
    for (const key of HOUR_REQUESTS) {
      expect(requests[key][hour], `${key} of hour ${hour}`).toBe(alone.requests[key]);
    }
    expect(hours!.withinLatency.map((column) => column[hour])).toEqual(alone.withinLatency);
    expect(hours!.withinWait.map((column) => column[hour])).toEqual(alone.withinWait);
  }
}

function isOutside(us: number, { period }: Scenario): boolean {
  return us < period.fromUs || us >= period.toUs;
}
