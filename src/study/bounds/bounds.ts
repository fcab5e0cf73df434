/**
 * What a configuration's traffic costs at least, whatever decides when replicas start and leave: proofs in MODEL.md,
 * section 17. Runs the engine again, in this thread: for one configuration, not for a grid.
 */
import { UserError } from '../../base/errors.ts';
import { dollarsPerHour, percent } from '../../base/numbers.ts';
import { US_PER_H } from '../../base/units.ts';
import { type BillingPlan, compileBilling } from '../../platform/billing.ts';
import {
  type LeastRates,
  leastBill,
  leastRates,
  paysTime,
  unroundedUsd,
} from '../../platform/least-rates.ts';
import type { Bound } from '../bind.ts';
import { meanOf } from '../estimate.ts';
import { type Intervals, speedsOf } from './at-once.ts';
import type { Bounds, FixedFleet, LeastCost, OfflineCost } from './bounds-document.ts';
import { fixedFleetOf } from './fixed-fleet.ts';
import { offlineUsd, servingOnly, spanOf, workUsd } from './least-time.ts';
import { type PoolRuns, poolRunsOf } from './pool-runs.ts';
import { ownStartPrice, type StartPrice, startPrice } from './start-price.ts';

/** No bounds at all, for one reason. */
export function noBounds(why: string): Bounds {
  return {
    runUsdPerHour: null,
    besideUsdPerHour: null,
    work: noCost(why),
    nobodyWaits: noOffline(why),
    ownServices: noOffline(why),
    fixedFleet: noFleet(why),
    sentence: `no bound: ${why}`,
  };
}

export function boundsOf(bound: Bound): Bounds {
  const { fromUs, toUs } = spanOf(bound.scenario);
  if (toUs === fromUs) return noBounds('the observed period is 0 s');
  const found = poolRunsOf(bound);
  if (typeof found === 'string') return noBounds(found);
  const hours = (toUs - fromUs) / US_PER_H;
  const pools = found.map((pool) => ledgerOf(pool, hours));
  // What is paid otherwise stands beside; where nothing is paid by time, there is nothing to save.
  const isTimed = found.some(({ plan }) => paysTime(plan));
  const bounds = {
    runUsdPerHour: sumOf(pools, ({ runUsdPerHour }) => runUsdPerHour),
    besideUsdPerHour: sumOf(pools, ({ besideUsdPerHour }) => besideUsdPerHour),
    work: isTimed ? inAll(pools.map(workOf)) : noCost(UNTIMED),
    nobodyWaits: isTimed ? allOffline(pools.map(nobodyWaitsOf)) : noOffline(UNTIMED),
    ownServices: isTimed ? allOffline(pools.map(ownServicesOf)) : noOffline(UNTIMED),
    fixedFleet: fixedOf(bound, pools),
  };
  return { ...bounds, sentence: sentenceOf(bounds) };
}

/** A pool's runs, and what time costs there. */
interface Ledger extends PoolRuns {
  /** Of its own bill, and of the bill of a pool that keeps replicas. */
  readonly ownRates: LeastRates;
  readonly rates: LeastRates;
  readonly otherwise: BillingPlan;
  readonly runUsdPerHour: number;
  readonly besideUsdPerHour: number;
  /** The whole bill an hour, given the least that replica time comes to in each run. */
  readonly perHour: (timeUsd: readonly number[]) => number;
}

function ledgerOf(pool: PoolRuns, hours: number): Ledger {
  const { bound, plan, runs } = pool;
  const phases = bound.scenario.startPhases.length;
  const otherwise = withFloor(bound, plan);
  const bills = runs.map(({ observed, observedUs }) => leastBill(plan, observed, observedUs));
  const costs = runs.map(({ observed, observedUs }) => unroundedUsd(plan, observed, observedUs));
  return {
    ...pool,
    otherwise,
    rates: leastRates(otherwise, phases),
    ownRates: leastRates(plan, phases),
    runUsdPerHour: meanOf(costs) / hours,
    besideUsdPerHour: meanOf(bills.map(({ besideUsd }) => besideUsd)) / hours,
    perHour: (timeUsd) => meanOf(bills.map((bill, nth) => bill.totalUsd(timeUsd[nth]!))) / hours,
  };
}

const UNTIMED =
  'the bill has no meter of replica time: what it counts is the same however replicas are scaled';
const ELSEWHERE =
  'not for several pools of one deployment: other pools could serve, at their price';

const noCost = (why: string): LeastCost => ({ usdPerHour: null, why });
const noOffline = (why: string): OfflineCost => ({
  usdPerHour: null,
  why,
  peak: null,
  starts: null,
  holds: null,
});
const noFleet = (why: string): FixedFleet => ({
  usdPerHour: null,
  why,
  replicas: null,
  meets: null,
});

function workOf({ bound, plan, atOnce, rates, perHour }: Ledger): LeastCost {
  if (atOnce === null) return noCost(ELSEWHERE);
  const { scenario } = bound;
  const isUnlimited = speedsOf(scenario).ofReplica === Number.POSITIVE_INFINITY;
  if (isUnlimited && paysTime(plan) && rates.request === 0) {
    return noCost('slots are unlimited: one replica serves any number of requests at once');
  }
  const usd = atOnce.map((intervals) => workUsd(scenario, intervals, rates));
  return { usdPerHour: perHour(usd), why: null };
}

function nobodyWaitsOf(pool: Ledger): OfflineCost {
  const { bound, atOnce, rates } = pool;
  if (atOnce === null) return noOffline(ELSEWHERE);
  return offlineOf(pool, atOnce, rates, () => startPrice(bound.scenario, rates));
}

function ownServicesOf(pool: Ledger): OfflineCost {
  const { bound, runs, ownRates: rates } = pool;
  const price = startPrice(bound.scenario, rates);
  const kept = runs.map((run) => run.kept!);
  return offlineOf(
    pool,
    kept,
    rates,
    (nth) => ownStartPrice(kept[nth]!, rates, price),
    (nth) => Number(runs[nth]!.observed.drainingUs),
  );
}

function offlineOf(
  { bound, perHour }: Ledger,
  runs: readonly Intervals[],
  rates: LeastRates,
  priceOf: (nth: number) => StartPrice,
  drainingUs: (nth: number) => number = () => 0,
): OfflineCost {
  const prices = runs.map((_, nth) => priceOf(nth));
  const plans = runs.map((own, nth) =>
    offlineUsd(bound.scenario, own, rates, prices[nth]!, drainingUs(nth)),
  );
  return {
    usdPerHour: perHour(plans.map(({ usd }) => usd)),
    why: null,
    peak: Math.max(...plans.map(({ peak }) => peak)),
    starts: meanOf(plans.map(({ starts }) => starts)),
    holds: prices.some(({ isDrawn }) => isDrawn) ? 'in the mean' : 'always',
  };
}

/** Pools add up; what one of them has no bound for, all have none. */
function inAll(pools: readonly LeastCost[]): LeastCost {
  const missing = pools.find(({ why }) => why !== null);
  return missing ?? { usdPerHour: sumOf(pools, ({ usdPerHour }) => usdPerHour!), why: null };
}

/** Peaks need not come at one time: no more than so many. */
function allOffline(pools: readonly OfflineCost[]): OfflineCost {
  const missing = pools.find(({ why }) => why !== null);
  if (missing !== undefined) return missing;
  return {
    ...inAll(pools),
    peak: sumOf(pools, ({ peak }) => peak!),
    starts: sumOf(pools, ({ starts }) => starts!),
    holds: pools.some(({ holds }) => holds === 'in the mean') ? 'in the mean' : 'always',
  };
}

function sumOf<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((sum, one) => sum + of(one), 0);
}

function fixedOf(bound: Bound, [pool]: readonly Ledger[]): FixedFleet {
  if (bound.fleet !== null || pool === undefined || pool.atOnce === null) {
    return noFleet('not for several pools or endpoints');
  }
  const peaks = pool.atOnce.map((intervals) => servingOnly(bound.scenario, intervals).peak);
  return fixedFleetOf(bound, pool.otherwise, Math.max(...peaks));
}

/** The bill of a pool that keeps replicas, where the platform has a price for that: other policies may. */
function withFloor({ compiled, scenario }: Bound, plan: BillingPlan): BillingPlan {
  const minuteOffsetUs = plan.meters[0]?.minuteOffsetUs ?? 0;
  const tokens = scenario.countsTokens ? { input: true, output: true } : null;
  try {
    return compileBilling({ ...compiled.billing!, hasFloor: true, tokens, minuteOffsetUs })!;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return plan;
  }
}

/** A difference that no screen shows. */
const SAME = 0.0005;

function sentenceOf({ runUsdPerHour, nobodyWaits, ownServices }: Omit<Bounds, 'sentence'>) {
  const run = runUsdPerHour ?? 0;
  const floor = nobodyWaits.usdPerHour;
  const own = ownServices.usdPerHour;
  if (floor === null && own === null) return `no bound: ${nobodyWaits.why}`;
  const saved = own === null || run === 0 ? '' : `, ${percent(1 - own / run)} below it`;
  if (floor === null) {
    return `what was served, where it was served, costs ${dollarsPerHour(own)} at least${saved}`;
  }
  const perfect = `a perfect scaler pays ${dollarsPerHour(floor)}`;
  if (run >= floor && run - floor < SAME * run) return `${perfect}, and so does this one`;
  if (run >= floor) {
    return `${perfect}: ${dollarsPerHour(run - floor)} is the price of not knowing the future`;
  }
  return `${perfect} if nobody waits; with the waits of this run ${dollarsPerHour(own)} is the least${saved}`;
}
