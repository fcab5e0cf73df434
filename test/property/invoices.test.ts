/** Whatever the bill and whatever was counted: lines add up, allowances end at nothing, tiers have no step. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Exact, exact, subtract, sum, toNumber } from '../../src/base/decimal.ts';
import type { Lifecycle } from '../../src/engine/lifecycle.ts';
import { Pool } from '../../src/engine/pool.ts';
import type { Reading } from '../../src/engine/totals.ts';
import type { BillingPlan } from '../../src/platform/billing-plan.ts';
import type { Billing } from '../../src/platform/billing-terms.ts';
import { meanCost } from '../../src/platform/cost.ts';
import { usdByHour } from '../../src/platform/hour-costs.ts';
import { accountLines, usageOf, usdOf } from '../../src/platform/invoice.ts';
import type { Priced } from '../../src/platform/price-keys.ts';
import { priceReading } from '../kit/priced.ts';
import { caseArbitrary, caseWithUnit } from '../kit/random-scenario.ts';
import { chunkOf, runPool } from '../kit/run-pool.ts';
import { planOf } from '../unit/platform/plan.ts';
import { HOUR_S, MONTH_US, readingOf } from '../unit/platform/reading.ts';

const usd = fc.integer({ min: 0, max: 10 ** 7 }).map((n) => n / 10 ** 7);
const share = fc.constantFrom(0, 0.25, 0.5, 1, 1.5);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const oneOf = (...names: readonly (keyof Priced)[]): fc.Arbitrary<Priced> =>
  fc.tuple(fc.constantFrom(...names), usd).map(([name, price]) => ({ [name]: price }));

const tiers = fc
  .uniqueArray(fc.integer({ min: 1, max: 10 ** 6 }), { maxLength: 3, minLength: 1 })
  .chain((edges) =>
    fc.tuple(
      fc.constant([...edges].sort((a, b) => a - b)),
      fc.array(share, { minLength: 3, maxLength: 3 }),
    ),
  )
  .map(([edges, times]) => edges.map((above, i) => ({ above, times: times[i]! })));

const TERMS = { startPhases: 'all', quantum: '1s', minimum: '0s' } as const;

const bill: fc.Arbitrary<Billing> = fc
  .record({
    prices: fc.tuple(
      oneOf('usdPerGpuSecond', 'usdPerGpuMinute', 'usdPerGpuHour', 'usdPerGpuMonth'),
      oneOf('usdPerCoreSecond', 'usdPerCoreHour'),
      oneOf('usdPerGiBSecond', 'usdPerGiBMonth'),
      oneOf('usdPerRequest', 'usdPerMillionRequests'),
      oneOf('usdPerGbOut'),
      oneOf('usdPerGbMonth'),
      oneOf('usdPerMillionInputTokens'),
      oneOf('usdPerMillionOutputTokens'),
    ),
    requests: fc.constantFrom('completed' as const, 'arrived' as const, 'attempts' as const),
    scope: fc.constantFrom('replica' as const, 'minute' as const),
    second: maybe(fc.tuple(oneOf('usdPerReplicaHour'), fc.boolean())),
    alwaysOn: maybe(
      fc.record({
        time: fc.constantFrom('all' as const, 'idle' as const),
        times: share,
        running: maybe(fc.record({ times: share })),
      }),
    ),
    freeTier: fc.record({
      gpuSeconds: maybe(fc.nat(10 ** 6)),
      giBSeconds: maybe(fc.nat(10 ** 6)),
      requests: maybe(fc.nat(10 ** 6)),
      outputTokens: maybe(fc.nat(10 ** 9)),
      gbMonths: maybe(fc.nat(1000)),
    }),
    tiers: fc.record({ gpuSeconds: maybe(tiers), requests: maybe(tiers), gbOut: maybe(tiers) }),
    plan: maybe(fc.record({ usdPerMonth: usd, creditUsdPerMonth: usd })),
    commitmentUsdPerMonth: maybe(usd),
  })
  .map(({ prices, second, alwaysOn, plan, ...rest }) => ({
    ...TERMS,
    ...Object.assign({}, ...prices),
    states: ['idle', 'busy'] as const,
    ...rest,
    ...(second && {
      meters: {
        second: { states: ['starting' as const], ...(second[1] ? second[0] : {}) },
      },
    }),
    ...(alwaysOn && { alwaysOn }),
    ...(plan && { plans: { gold: plan }, plan: 'gold' }),
  }));

const counted: fc.Arbitrary<Reading> = fc
  .record({
    used: fc.array(fc.nat(10 ** 12), { minLength: 2, maxLength: 2 }),
    rounded: fc.array(fc.nat(10 ** 8), { minLength: 2, maxLength: 2 }),
    kept: fc.nat(10 ** 12),
    work: fc.nat(10 ** 12),
    completed: fc.nat(10 ** 6),
    more: fc.nat(10 ** 5),
    input: fc.bigInt(0n, 10n ** 10n),
    output: fc.bigInt(0n, 10n ** 10n),
  })
  .map(({ used, rounded, kept, work, completed, more, input, output }) => ({
    ...readingOf({
      completed,
      arrived: completed + more,
      attempts: completed + 2 * more,
      floorUs: BigInt(kept + work),
      heldUs: BigInt(kept + work),
      idleKeptUs: BigInt(kept),
      inputTokens: input + 1000n,
      cachedTokens: 1000n,
      outputTokens: output,
    }),
    meters: used.map((us, i) => ({ usedUs: BigInt(us), paidUs: BigInt(us + rounded[i]!) })),
  }));

const DEPLOYMENT = {
  gpu: 'any',
  gpus: 2,
  cores: 1.5,
  memoryGiB: 6.5,
  storageBytes: 26e9,
  requestBytes: 0,
  responseBytes: 12_345,
  hasFloor: true,
  tokens: { input: true, output: true },
  phaseNames: ['load'],
};

const compiled = (billing: Billing) =>
  planOf({ platform: { name: 'Any', billing }, ...DEPLOYMENT });

const isBelow = (a: Exact, b: Exact): boolean => subtract(a, b).numerator < 0n;

describe('an invoice', () => {
  it('has lines that add up to its total, exactly; usage after all allowances is never negative, the plan is untouched', () => {
    fc.assert(
      fc.property(bill, counted, fc.nat(3 * MONTH_US), (billing, reading, periodUs) => {
        const plan = compiled(billing);
        const usages = [usageOf(plan, reading, 0, periodUs)];
        const lines = accountLines([{ plan, usages, within: usages }])[0]!;
        const total = sum(lines.map(usdOf));
        expect(priceReading(plan, reading, periodUs).totalUsd).toBe(toNumber(total));
        const isPlan = (meter: string) => meter === 'plan gold';
        const usage = sum(lines.filter(({ meter }) => !isPlan(meter)).map(usdOf));
        expect(isBelow(usage, exact(0n))).toBe(false);
        const fee = sum(lines.filter(({ meter }) => isPlan(meter)).map(usdOf));
        const months = periodUs / MONTH_US;
        expect(toNumber(fee)).toBeCloseTo((billing.plans?.['gold']?.usdPerMonth ?? 0) * months, 9);
        for (const resource of ['GPU', 'memory', 'requests', 'output tokens', 'storage']) {
          const free = lines.find(({ meter }) => meter === `free tier: ${resource}`);
          if (free) expect(isBelow(exact(0n), free.quantity)).toBe(false);
        }
      }),
    );
  });

  it('of several runs is the mean of their invoices', () => {
    fc.assert(
      fc.property(bill, fc.array(counted, { minLength: 2, maxLength: 4 }), (billing, readings) => {
        const plan = compiled(billing);
        const runs = readings.map((whole) => ({
          whole,
          observed: whole,
          observedUs: 100 * HOUR_S * 1e6,
        }));
        const each = runs.map(
          ({ whole, observedUs }) => priceReading(plan, whole, observedUs).totalUsd,
        );
        const mean = each.reduce((a, b) => a + b, 0) / each.length;
        const cost = meanCost(plan, runs);
        expect(Math.abs((cost?.usd ?? Number.NaN) - mean)).toBeLessThanOrEqual(1e-12 * (1 + mean));
        const lines = cost?.lines.reduce((total, { usd }) => total + usd, 0) ?? Number.NaN;
        const scale = cost?.lines.reduce((total, { usd }) => total + Math.abs(usd), 0) ?? 0;
        expect(Math.abs(lines - (cost?.usd ?? Number.NaN))).toBeLessThanOrEqual(
          1e-14 * (1 + scale),
        );
      }),
    );
  });

  it('rises with what is used and has no step at a tier', () => {
    const billing = (steps: Billing['tiers']): Billing => ({
      ...TERMS,
      usdPerReplicaSecond: 0.001,
      usdPerRequest: 1,
      states: ['busy'],
      scope: 'replica',
      tiers: steps,
    });
    fc.assert(
      fc.property(tiers, (steps) => {
        const plan = compiled(billing({ requests: steps }));
        const at = (completed: number) => {
          const usages = [usageOf(plan, readingOf({ completed }), 0, MONTH_US)];
          return sum(accountLines([{ plan, usages, within: usages }])[0]!.map(usdOf));
        };
        for (const { above, times } of steps) {
          // One more request beyond an edge costs what the tier says, neither more nor less.
          const beyond = subtract(at(above + 1), at(above));
          expect(toNumber(beyond)).toBe(times);
          expect(isBelow(at(above), at(above - 1))).toBe(false);
        }
      }),
    );
  });
});

const NEVER = Number.POSITIVE_INFINITY;

/** Replicas that age, are preempted with and without notice, crash, fail to start, and drain. */
const lifecycle: fc.Arbitrary<Lifecycle> = fc.record({
  shortcuts: fc.constant([]),
  reviveWithinUs: fc.constant(0),
  link: fc.constant(null),
  startFailure: fc.constantFrom(0, 0.3),
  startTimeoutUs: fc.constantFrom(NEVER, 5e6),
  weather: fc.constant(null),
  capacityPhase: fc.constant(0),
  preemption: fc.option(
    fc.record({
      meanUs: fc.constantFrom(2e6, 60e6),
      noticeUs: fc.constantFrom(0, 3e6),
      inSpells: fc.constant(false),
    }),
    { nil: null },
  ),
  crashMeanUs: fc.constantFrom(NEVER, 50e6),
  maxAgeUs: fc.constantFrom(NEVER, 10e6),
  rolloutsUs: fc.constantFrom([], [7e6, 90e6]),
  drainTimeoutUs: fc.constantFrom(0, 4e6, NEVER),
  interrupted: fc.constantFrom('requeue' as const, 'fail' as const),
});

const STATES = ['starting', 'idle', 'busy', 'draining'] as const;
type States = readonly (typeof STATES)[number][];

describe('the meters of a bill over a run', () => {
  it('billed time + unbilled time = replica time, before rounding, whatever the states, the start phases and the ends of lives', () => {
    const meterOf = (states: States, startPhases: Billing['startPhases'], names: string[]) => {
      const terms = { ...TERMS, states: [...states], startPhases, quantum: '1us' };
      const platform = { name: 'Any', billing: { usdPerReplicaHour: 1, ...terms } };
      return planOf({ platform, phaseNames: names }).meters;
    };
    fc.assert(
      fc.property(
        caseArbitrary,
        fc.option(lifecycle, { nil: null }),
        fc.subarray([...STATES]),
        fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
        ({ scenario, trace }, life, states, paid) => {
          const names = scenario.startPhases.map(({ name }) => name);
          const phases = names.filter((_, i) => paid[i] === true);
          const others: States = STATES.filter((state) => !states.includes(state));
          const starts = states.includes('starting');
          const meters = [
            ...meterOf(states, phases, names),
            ...(starts
              ? meterOf([...others, 'starting'], { except: phases }, names)
              : meterOf(others, 'all', names)),
          ];
          const { whole } = runPool({ ...scenario, lifecycle: life, meters }, trace);
          const replicaUs = whole.startingUs + whole.idleUs + whole.busyUs + whole.drainingUs;
          const [billed, unbilled] = whole.meters;
          expect(billed!.usedUs + unbilled!.usedUs).toBe(replicaUs);
          expect(billed!.paidUs).toBe(billed!.usedUs);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a bill by hours of the clock', () => {
  /** Lines that are nothing but what was counted at a price: an hour of them is a bill of that hour. */
  const linear = bill.map((billing): Billing => {
    const { freeTier, tiers, plan, plans, commitmentUsdPerMonth, alwaysOn, ...rest } =
      billing as Billing;
    // Always-on capacity covers what is used in the whole period, or less. What rounding an hour's end takes back in the next comes to nothing over both, and is in neither's share.
    return { ...rest, quantum: '1us' };
  });
  const isLinear = (billing: Billing) => !('freeTier' in billing);
  const bills = fc.oneof(bill, linear);

  it('adds up to what the observed period cost; without allowances each hour is priced as if alone', () => {
    fc.assert(
      fc.property(bills, caseWithUnit(600e6), fc.constantFrom(0, 300e6), (billing, one, offset) => {
        const plan = compiled(billing);
        const scenario = {
          ...one.scenario,
          startPhases: one.scenario.startPhases.slice(0, 1),
          countsTokens: true,
          meters: plan.meters,
          clockOffsetUs: offset,
        };
        const tokens = Float64Array.from(one.trace, (_, i) => 1000 * (i + 1));
        const pool = new Pool(scenario);
        const chunk = { inputTokens: tokens, cachedTokens: null, outputTokens: tokens };
        pool.advance({ ...chunkOf(one.trace), ...chunk });
        const run = pool.finish();
        const [usd] = usdByHour([{ plan, runs: [run], firstMeter: 0 }]);
        const observed = priceReading(plan, run.observed, run.observedUs);
        const size = observed.lines.reduce((total, line) => total + Math.abs(line.usd), 0);
        const sum = usd!.reduce((total, hour) => total + hour, 0);
        expect(Math.abs(sum - observed.totalUsd)).toBeLessThanOrEqual(1e-9 * size);
        if (!isLinear(billing)) return;
        const { edgesUs } = run.hours!;
        for (const [hour, cost] of usd!.entries()) {
          const measure = { fromUs: edgesUs[hour]!, toUs: edgesUs[hour + 1]! };
          const alone = new Pool({ ...scenario, clockOffsetUs: null, measure });
          alone.advance({ ...chunkOf(one.trace), ...chunk });
          const { totalUsd } = priceReading(plan, alone.finish().observed, run.observedUs);
          // Storage is paid by time, not by what is counted.
          const gbMonths = costOfStorage(plan, run.observedUs);
          const own = totalUsd - gbMonths + costOfStorage(plan, measure.toUs - measure.fromUs);
          expect(Math.abs(cost - own)).toBeLessThanOrEqual(1e-9 * size);
        }
      }),
      { numRuns: 300 },
    );
  });

  const costOfStorage = (plan: BillingPlan, periodUs: number): number =>
    priceReading(plan, readingOf({ usedS: plan.meters.map(() => 0) }), periodUs).totalUsd;
});
