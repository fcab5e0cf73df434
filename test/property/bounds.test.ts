/** Bounds bind: no run is cheaper than its own services allow, and for one slot the offline optimum is what a search finds. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixed } from '../../src/engine/distribution.ts';
import type { Scenario } from '../../src/engine/scenario.ts';
import type { RunTotals } from '../../src/engine/totals.ts';
import type { BillingPlan } from '../../src/platform/billing.ts';
import {
  type LeastRates,
  leastBill,
  leastRates,
  unroundedUsd,
} from '../../src/platform/least-rates.ts';
import type { Intervals } from '../../src/study/bounds/at-once.ts';
import { offlineUsd, workUsd } from '../../src/study/bounds/least-time.ts';
import { ownStartPrice, startPrice } from '../../src/study/bounds/start-price.ts';
import type { NaiveRequest } from '../kit/naive-pool.ts';
import { planArbitrary } from '../kit/random-billing.ts';
import { blockCaseArbitrary, runBlocks } from '../kit/random-blocks.ts';
import { caseArbitrary, PLAIN } from '../kit/random-scenario.ts';
import { runPool } from '../kit/run-pool.ts';

const MOST_SECONDS = Number(process.env['COLDFRONT_FUZZ_SECONDS'] ?? 10);
const RUNS = Number(process.env['COLDFRONT_FUZZ_RUNS'] ?? 800);
const settings = { numRuns: RUNS, interruptAfterTimeLimit: MOST_SECONDS * 1000 };

const phaseNames = ({ startPhases }: Scenario) => startPhases.map(({ name }) => name);

const withPlan = <T extends { readonly scenario: Scenario }>(
  cases: fc.Arbitrary<T>,
  hasMonths = true,
): fc.Arbitrary<T & { readonly plan: BillingPlan }> =>
  cases.chain((one) =>
    planArbitrary(phaseNames(one.scenario), hasMonths).map((plan) => ({
      ...one,
      plan,
      scenario: { ...one.scenario, meters: plan.meters, keepsServices: true },
    })),
  );

function ownUsd(scenario: Scenario, plan: BillingPlan, totals: RunTotals): number {
  const { kept, observed, observedUs } = totals;
  const bill = leastBill(plan, observed, observedUs);
  const rates = leastRates(plan, scenario.startPhases.length);
  const start = ownStartPrice(kept!, rates, startPrice(scenario, rates));
  const drainingUs = Number(observed.drainingUs);
  return bill.totalUsd(offlineUsd(scenario, kept!, rates, start, drainingUs).usd);
}

/** What doubles may lose. */
const slack = (usd: number): number => 1e-9 * (1 + Math.abs(usd));

describe("the bound on a run's own services", () => {
  it('is never above what the run costs before rounding, whatever the pool and the bill', () => {
    let told = 0;
    fc.assert(
      fc.property(withPlan(caseArbitrary), ({ scenario, trace, plan }) => {
        const totals = runPool(scenario, trace);
        const cost = unroundedUsd(plan, totals.observed, totals.observedUs);
        const bound = ownUsd(scenario, plan, totals);
        expect(bound).toBeLessThanOrEqual(cost + slack(cost));
        if (bound > 0) told++;
      }),
      settings,
    );
    expect(told, 'most bounds say something').toBeGreaterThan(0);
  });

  it('nor with gates, controllers, lifecycles, shared slots, links and pings', () => {
    fc.assert(
      fc.property(withPlan(blockCaseArbitrary), ({ scenario, trace, plan }) => {
        const totals = runBlocks({ scenario, trace });
        const cost = unroundedUsd(plan, totals.observed, totals.observedUs);
        expect(ownUsd(scenario, plan, totals)).toBeLessThanOrEqual(cost + slack(cost));
      }),
      settings,
    );
  });

  it('keeps the services that the run counted, and changes nothing of the run', () => {
    fc.assert(
      fc.property(caseArbitrary, ({ scenario, trace }) => {
        const whole = { ...scenario, measure: null };
        const plain = runPool(whole, trace);
        const { kept, ...totals } = runPool({ ...whole, keepsServices: true }, trace);
        expect({ ...totals, events: 0 }).toEqual({ ...plain, kept: undefined, events: 0 });
        const servedUs = kept!.endUs.reduce((sum, us, i) => sum + us - kept!.beginUs[i]!, 0);
        expect(BigInt(servedUs)).toBe(plain.whole.inServiceUs);
      }),
      { ...settings, numRuns: Math.ceil(RUNS / 3) },
    );
  });
});

const atOnceOf = (trace: readonly NaiveRequest[], { slotOverheadUs }: Scenario): Intervals => ({
  beginUs: Float64Array.from(trace, ({ arrivalUs }) => arrivalUs),
  endUs: Float64Array.from(trace, (one) => one.arrivalUs + one.serviceUs + slotOverheadUs),
});

/** Serves all, and never cuts a service short. */
const patient = (scenario: Scenario): Scenario => ({
  ...scenario,
  executionTimeoutUs: Number.POSITIVE_INFINITY,
  client: { retries: null, patienceUs: Number.POSITIVE_INFINITY, cancels: false },
  queueLimit: Number.POSITIVE_INFINITY,
  queueTimeoutUs: Number.POSITIVE_INFINITY,
});

describe('bounds on every policy', () => {
  it('nobody waits: no run in which nobody waited is cheaper', () => {
    let runs = 0;
    fc.assert(
      fc.property(withPlan(caseArbitrary), fc.boolean(), (one, isWarm) => {
        const { scenario: given, trace, plan } = one;
        // Either as many as could ever be needed are warm, or starts take no time.
        const warm = isWarm && { floor: { atUs: [0], count: [trace.length] } };
        const instant = !isWarm && {
          startRate: null,
          startPhases: given.startPhases.map((phase) => ({ ...phase, time: fixed(0) })),
        };
        const scenario = { ...patient(given), max: 1e9, ...warm, ...instant };
        const totals = runPool(scenario, trace);
        if (totals.whole.waitForStartUs + totals.whole.waitForLimitUs > 0n) return;
        const rates = leastRates(plan, scenario.startPhases.length);
        const start = startPrice(scenario, rates);
        if (start.isDrawn) return;
        runs++;
        const cost = unroundedUsd(plan, totals.observed, totals.observedUs);
        const bill = leastBill(plan, totals.observed, totals.observedUs);
        const { usd } = offlineUsd(scenario, atOnceOf(trace, scenario), rates, start);
        expect(bill.totalUsd(usd)).toBeLessThanOrEqual(cost + slack(cost));
      }),
      settings,
    );
    expect(runs).toBeGreaterThan(RUNS / 10);
  });

  it('work: no run that serves all pays less in all, however long it lets them wait', () => {
    fc.assert(
      fc.property(withPlan(caseArbitrary, false), ({ scenario: given, trace, plan }) => {
        const scenario = { ...patient(given), measure: null };
        const { whole, requests } = runPool(scenario, trace);
        expect(requests.completed).toBe(trace.length);
        const rates = leastRates(plan, scenario.startPhases.length);
        const cost = unroundedUsd(plan, whole, 0);
        const work = workUsd(scenario, atOnceOf(trace, scenario), rates);
        expect(work).toBeLessThanOrEqual(cost + slack(cost));
      }),
      settings,
    );
  });

  it('work is never above nobody waits', () => {
    fc.assert(
      fc.property(withPlan(caseArbitrary), ({ scenario, trace, plan }) => {
        const rates = leastRates(plan, scenario.startPhases.length);
        const intervals = atOnceOf(trace, scenario);
        const start = startPrice(scenario, rates);
        const { usd } = offlineUsd(scenario, intervals, rates, start);
        const work = workUsd(scenario, intervals, rates);
        expect(work).toBeLessThanOrEqual(usd + slack(usd));
      }),
      settings,
    );
  });
});

/** Every way to hand requests to replicas, one at a time on each; between two a replica idles or is started again. */
function cheapestByHand(
  requests: readonly NaiveRequest[],
  { busy, idle, start }: { readonly busy: number; readonly idle: number; readonly start: number },
): number {
  const gap = (us: number) => Math.min(us * idle, start);
  const serve = (next: number, freeAtUs: readonly number[]): number => {
    if (next === requests.length) return 0;
    const { arrivalUs, serviceUs } = requests[next]!;
    const ways = [...freeAtUs, 0].flatMap((freeUs, replica) => {
      if (freeUs > arrivalUs) return [];
      const after = [...freeAtUs];
      after[replica] = arrivalUs + serviceUs;
      return [gap(arrivalUs - freeUs) + serviceUs * busy + serve(next + 1, after)];
    });
    return Math.min(...ways);
  };
  return serve(0, []);
}

describe('the offline optimum, one slot a replica', () => {
  const request = fc.record({
    gapUs: fc.integer({ min: 0, max: 9 }),
    serviceUs: fc.integer({ min: 1, max: 12 }),
  });
  const prices = fc.record({
    busy: fc.constantFrom(1, 2, 7),
    idle: fc.constantFrom(0, 0.5, 1),
    start: fc.constantFrom(0, 1, 3.5, 8, 1000),
  });

  it('costs what the cheapest of all assignments of requests to replicas costs', () => {
    fc.assert(
      fc.property(
        fc.array(request, { maxLength: 6 }),
        prices,
        (requests, { busy, idle, start }) => {
          let arrivalUs = 0;
          const trace = requests.map(({ gapUs, serviceUs }) => {
            arrivalUs += gapUs;
            return { arrivalUs, serviceUs };
          });
          const scenario = { ...PLAIN, period: { fromUs: 0, toUs: 1000 } };
          const rates: LeastRates = { phases: [0], idle, busy, draining: busy, request: 0 };
          const price = { usd: start, isDrawn: false, longestUs: 0 };
          const { usd } = offlineUsd(scenario, atOnceOf(trace, scenario), rates, price);
          expect(usd).toBeCloseTo(cheapestByHand(trace, { busy, idle, start }), 9);
        },
      ),
      settings,
    );
  });
});
