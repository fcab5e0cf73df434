/** Random bills of replica time, for the start phases of a scenario: meters, floors, tiers, what is free, credit. */
import * as fc from 'fast-check';
import type { BillingPlan } from '../../src/platform/billing.ts';
import type { Billing } from '../../src/platform/billing-terms.ts';
import { planOf } from '../unit/platform/plan.ts';

const usd = fc.constantFrom(0, 0.3, 1, 2.5, 40);
const share = fc.constantFrom(0, 0.25, 1, 1.5);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

const STATES = ['starting', 'idle', 'busy', 'draining'] as const;

function terms(phases: readonly string[]) {
  return fc
    .record({
      states: fc.subarray([...STATES]),
      startPhases: fc.oneof(fc.constant('all' as const), fc.subarray([...phases])),
      scope: fc.constantFrom('replica' as const, 'minute' as const, 'request' as const),
      quantum: fc.constantFrom('1us', '1s', '1m'),
      minimum: fc.constantFrom('0s', '10s'),
      failedStarts: fc.boolean(),
    })
    .map((one) => {
      const states: readonly (typeof STATES)[number][] =
        one.scope === 'request' ? ['busy'] : one.states;
      return {
        ...one,
        states: [...states],
        startPhases: states.includes('starting') ? one.startPhases : ('all' as const),
      };
    });
}

const tiers = fc
  .uniqueArray(fc.constantFrom(0.001, 1, 500, 1e6), { minLength: 1, maxLength: 2 })
  .chain((edges) =>
    fc
      .array(share, { minLength: 2, maxLength: 2 })
      .map((times) =>
        [...edges].sort((a, b) => a - b).map((above, i) => ({ above, times: times[i]! })),
      ),
  );

/** @param hasMonths whether anything counts by the month */
export function planArbitrary(
  phases: readonly string[],
  hasMonths: boolean,
): fc.Arbitrary<BillingPlan> {
  const byMonth = <T>(value: fc.Arbitrary<T>) =>
    hasMonths ? maybe(value) : fc.constant(undefined);
  return fc
    .record({
      main: terms(phases),
      price: fc.record({ usdPerGpuSecond: usd, usdPerCoreSecond: usd }),
      second: maybe(fc.record({ terms: terms(phases), usdPerReplicaSecond: usd })),
      alwaysOn: maybe(
        fc.record({
          time: fc.constantFrom('all' as const, 'idle' as const),
          usdPerReplicaSecond: usd,
          running: maybe(fc.record({ usdPerReplicaSecond: usd })),
        }),
      ),
      usdPerRequest: usd,
      freeGpuSeconds: byMonth(fc.constantFrom(1, 1000, 1e7)),
      gpuTiers: byMonth(tiers),
      creditUsdPerMonth: byMonth(fc.constantFrom(1, 1e5)),
      commitmentUsdPerMonth: byMonth(fc.constantFrom(1, 1e5)),
      fee: byMonth(usd),
    })
    .map(({ main, price, second, alwaysOn, usdPerRequest, ...monthly }) => {
      const { freeGpuSeconds, gpuTiers, creditUsdPerMonth, commitmentUsdPerMonth, fee } = monthly;
      const running = alwaysOn?.running;
      const billing: Billing = {
        ...main,
        ...price,
        usdPerRequest,
        ...(second && {
          meters: { second: { ...second.terms, usdPerReplicaSecond: second.usdPerReplicaSecond } },
        }),
        ...(alwaysOn && {
          // What the floor exempts from rounding at one reading it may not have exempted at the one before.
          quantum: '1us',
          minimum: '0s',
          alwaysOn: {
            time: alwaysOn.time,
            usdPerReplicaSecond: alwaysOn.usdPerReplicaSecond,
            ...(running && { running }),
          },
        }),
        ...(freeGpuSeconds !== undefined && { freeTier: { gpuSeconds: freeGpuSeconds } }),
        ...(gpuTiers && { tiers: { gpuSeconds: gpuTiers } }),
        ...(creditUsdPerMonth !== undefined && { creditUsdPerMonth }),
        ...(commitmentUsdPerMonth !== undefined && { commitmentUsdPerMonth }),
        ...(fee !== undefined && { plans: { gold: { usdPerMonth: fee } }, plan: 'gold' }),
      };
      return planOf({
        platform: { name: 'Any', billing },
        gpu: 'any',
        gpus: 2,
        cores: 1.5,
        hasFloor: true,
        phaseNames: [...phases],
      });
    });
}
