/**
 * What a configuration costs at least, known without running it; and how a run's cost is taken apart for the order. In dollars
 * an hour, or in replica seconds where nothing has a price.
 */
import { isZero } from '../../base/decimal.ts';
import { US_PER_H, US_PER_S } from '../../base/units.ts';
import type { Reading } from '../../engine/totals.ts';
import type { BillingPlan } from '../../platform/billing.ts';
import { type LeastRates, leastBill, leastRates } from '../../platform/least-rates.ts';
import type { Bound } from '../bind.ts';
import { speedsOf } from '../bounds/at-once.ts';
import { spanOf } from '../bounds/least-time.ts';
import type { Result } from '../document.ts';
import type { Traffic } from './traffic.ts';

/** Numbers of one configuration; costs in the unit of `costOf`. */
export interface Price {
  /** It costs no less, whatever happens. */
  readonly least: number;
  /** Of it, what the floor's replicas cost at least, and at most while they are ready; 0 where idle time is free. */
  readonly floorLeast: number;
  readonly floorMost: number;
  /** Of a second of starting. */
  readonly startLeast: number;
  readonly startMost: number;
  /** Whether a cost is the sum of what its replicas cost: no free tier, credit or commitment. */
  readonly isLinear: boolean;
  /** Whether the floor is paid like any other replica. */
  readonly isFloorAlike: boolean;
}

export function isPriced({ plan, fleet, scenario }: Bound): boolean {
  const { fromUs, toUs } = spanOf(scenario);
  const plans =
    fleet === null
      ? [plan]
      : fleet.deployments.flatMap(({ pools }) => pools.map(({ bound }) => bound.plan));
  return plans.every((one) => one !== null) && toUs > fromUs;
}

export function costOf(
  { cost, replicaTimeS }: Pick<Result, 'cost' | 'replicaTimeS'>,
  priced: boolean,
): number {
  return priced ? cost!.usdPerHour! : replicaTimeS.total;
}

/** Starting, and what rounds lives up: the fewer starts, the less. */
export function startsOf(
  { cost, replicaTimeS, observedS }: Result,
  price: Price,
  priced: boolean,
): { readonly least: number; readonly most: number } {
  const roundingUsd = (cost?.lines ?? [])
    .filter(({ meter }) => meter.endsWith('rounding'))
    .reduce((sum, { usd }) => sum + usd, 0);
  const perHour = priced ? 3600 / observedS : 1;
  const most = replicaTimeS.starting * price.startMost + (priced ? roundingUsd * perHour : 0);
  // What starts after the observed period is in no cost an hour.
  const tail = priced ? (cost?.tailUsd ?? 0) * perHour : 0;
  return { least: Math.max(0, replicaTimeS.starting * price.startLeast - tail), most };
}

/** @param priced whether all configurations of the study have a price */
export function priceOf(bound: Bound, traffic: Traffic | null, priced: boolean): Price {
  const { scenario, plan, fleet } = bound;
  const none = {
    least: 0,
    floorLeast: 0,
    floorMost: 0,
    startLeast: 0,
    startMost: 0,
    isLinear: false,
    isFloorAlike: false,
  };
  if (fleet !== null) return none;
  const rates = priced
    ? leastRates(plan!, scenario.startPhases.length)
    : SECONDS(scenario.startPhases.length);
  if (rates === null) return { ...none, least: priced ? billUsd(plan!, bound, 0) : 0 };
  const { fromUs, toUs } = spanOf(scenario);
  const perHour = priced ? US_PER_H / (toUs - fromUs) : 1;
  const floorUs = floorTimeUs(bound);
  const floorLeast = floorUs * leastKept(bound, rates);
  const timeUsd = Math.max(floorLeast, workUsd(bound, traffic, rates));
  const counts = priced ? plan!.counts : [];
  const isLinear = !priced || isLinearBill(plan!);
  return {
    least: priced ? billUsd(plan!, bound, timeUsd) : timeUsd,
    floorLeast: floorLeast * perHour,
    // Where idle time is free a floor costs nothing: whoever serves is paid, kept or not. With several slots fewer may.
    floorMost:
      rates.idle === 0 && scenario.concurrency === 1
        ? 0
        : floorUs * Math.max(rates.idle, rates.busy) * perHour,
    startLeast: Math.min(...rates.phases) * US_PER_S * perHour,
    startMost: Math.max(...rates.phases) * US_PER_S * perHour,
    isLinear,
    isFloorAlike: !counts.some(({ counted }) => OF_FLOOR.includes(counted)),
  };
}

/**
 * What a microsecond of a kept replica costs at least. Those of time 0 are ready from then on, unless they may be lost; those
 * that a schedule asks for start first, and may have to wait for that.
 */
function leastKept({ scenario }: Bound, { idle, busy, phases }: LeastRates): number {
  const { lifecycle, floor, startRate } = scenario;
  const ready = Math.min(idle, busy);
  const isConstant = floor.count.every((count) => count === floor.count[0]);
  if (lifecycle !== null) {
    const { crashMeanUs, preemption, maxAgeUs, rolloutsUs } = lifecycle;
    const never = Number.POSITIVE_INFINITY;
    const isLost =
      crashMeanUs < never || maxAgeUs < never || preemption !== null || rolloutsUs.length > 0;
    if (isLost || !isConstant) return 0;
  }
  if (isConstant) return ready;
  return startRate === null ? Math.min(ready, ...phases) : 0;
}

const OF_FLOOR: readonly string[] = ['floor', 'floorBusy', 'keptIdle'];

const SECONDS = (phases: number): LeastRates => ({
  phases: Array.from({ length: phases }, () => 1 / US_PER_S),
  idle: 1 / US_PER_S,
  busy: 1 / US_PER_S,
  draining: 1 / US_PER_S,
  request: 0,
});

function isLinearBill({ allowances, creditUsd, commitmentUsd }: BillingPlan): boolean {
  return allowances.length === 0 && isZero(creditUsd) && isZero(commitmentUsd);
}

function workUsd(
  { scenario }: Bound,
  traffic: Traffic | null,
  { busy, draining, request }: LeastRates,
): number {
  if (traffic === null) return 0;
  const { ofOne, ofReplica } = speedsOf(scenario);
  const serving =
    scenario.control === null && scenario.lifecycle === null ? busy : Math.min(busy, draining);
  const perSlot = scenario.slotSpeed === null ? request : 0;
  return traffic.workUs * ((ofOne * serving) / ofReplica + perSlot);
}

/** The integral of the floor over the observed period, in replica microseconds. */
function floorTimeUs({ scenario }: Bound): number {
  const { fromUs, toUs } = spanOf(scenario);
  const { atUs, count } = scenario.floor;
  return atUs.reduce((sum, us, i) => {
    const untilUs = Math.min(toUs, atUs[i + 1] ?? Number.POSITIVE_INFINITY);
    return sum + Math.max(0, untilUs - Math.max(fromUs, us)) * count[i]!;
  }, 0);
}

/** The bill of an hour for so many dollars of replica time at the least rates, and nothing else that was counted. */
function billUsd(plan: BillingPlan, { scenario }: Bound, timeUsd: number): number {
  const { fromUs, toUs } = spanOf(scenario);
  const nothing = emptyReading(plan.meters.length, scenario.startPhases.length);
  return (leastBill(plan, nothing, toUs - fromUs).totalUsd(timeUsd) * US_PER_H) / (toUs - fromUs);
}

function emptyReading(meters: number, phases: number): Reading {
  return {
    atUs: 0,
    startingUs: 0n,
    idleUs: 0n,
    idleKeptUs: 0n,
    busyUs: 0n,
    drainingUs: 0n,
    floorUs: 0n,
    heldUs: 0n,
    inServiceUs: 0n,
    waitForStartUs: 0n,
    waitForLimitUs: 0n,
    shortageUs: 0n,
    limitUs: [],
    phaseUs: Array.from({ length: phases }, () => 0n),
    meters: Array.from({ length: meters }, () => ({ usedUs: 0n, paidUs: 0n })),
    completed: 0,
    attempts: 0,
    arrived: 0,
    inputTokens: 0n,
    cachedTokens: 0n,
    outputTokens: 0n,
    starts: 0,
    scheduledStarts: 0,
  };
}
