/**
 * What a fleet costs: the sum of its pools' bills. Pools of one platform with the same monthly terms belong to one account:
 * plan, credit, commitment, free tier and tiers count once for all of them.
 */
import type { RunTotals } from '../engine/totals.ts';
import { billOver } from '../platform/bill-merge.ts';
import { type Bill, costOfBills, poolBills } from '../platform/cost.ts';
import { usdByHour } from '../platform/hour-costs.ts';
import type { Bound } from './bind.ts';
import type { Costs } from './figures.ts';
import type { DeploymentRuns, PoolRuns } from './fleet-run.ts';
import { labelOf } from './fleet-section.ts';
import { groupBy } from './group.ts';
import { canonical } from './json.ts';

/** null where a pool has no price. */
export interface FleetCosts {
  readonly ofWhole: (runs: readonly RunTotals[]) => Costs | null;
  readonly ofDeployment: (deployment: DeploymentRuns) => Costs | null;
  readonly ofPool: (pool: PoolRuns) => Costs | null;
}

export function fleetCostsOf(deployments: readonly DeploymentRuns[]): FleetCosts {
  const pools = deployments.flatMap((deployment) => deployment.pools);
  const all = billsOf(pools, (runs) => runs);
  const each = (pools[0]?.runs ?? []).map((_, i) => billsOf(pools, (runs) => [runs[i]!]));
  const hours = hoursOf(pools);
  const costs = (
    of: readonly { readonly label: string | null; readonly pool: PoolRuns }[],
    runs: readonly RunTotals[],
  ): Costs | null => {
    if (of.some(({ pool }) => !all.has(pool))) return null;
    const billsIn = (bills: ReadonlyMap<PoolRuns, Bill>) =>
      of.map(({ label, pool }) => ({ label, bill: bills.get(pool)! }));
    return {
      all: costOfBills(billsIn(all), runs),
      each: runs.map((run, i) => costOfBills(billsIn(each[i]!), [run])),
      usdByHour: sumOfHours(of.map(({ pool }) => hours.get(pool) ?? null)),
    };
  };
  return {
    ofWhole: (runs) => {
      const labeled = deployments.flatMap((deployment) =>
        deployment.pools.map((pool) => ({
          label: labelOf(deployment.name, deployment, pool.name),
          pool,
        })),
      );
      return costs(labeled, runs);
    },
    ofDeployment: ({ pools: own, runs }) =>
      costs(
        own.map((pool) => ({ label: own.length > 1 ? pool.name : null, pool })),
        runs,
      ),
    ofPool: (pool) => costs([{ label: null, pool }], pool.runs),
  };
}

/** Of the pools that have a price and whose hours were kept. */
function hoursOf(pools: readonly PoolRuns[]): ReadonlyMap<PoolRuns, Float64Array> {
  const kept = pools.flatMap((pool) => {
    const { bound, runs } = pool;
    const keepsHours = bound.plan !== null && runs.every((run) => run.hours !== null);
    return keepsHours ? [{ pool, plan: bound.plan, runs, firstMeter: 0 }] : [];
  });
  const accounts = groupBy(kept, ({ pool }) => accountOf(pool.bound));
  return new Map(
    [...accounts.values()].flatMap((own) => {
      const usd = usdByHour(own);
      return own.map(({ pool }, i): [PoolRuns, Float64Array] => [pool, usd[i]!]);
    }),
  );
}

function sumOfHours(pools: readonly (Float64Array | null)[]): Float64Array | null {
  const kept = pools.filter((hours) => hours !== null);
  if (kept.length < pools.length || kept.length === 0) return null;
  return kept[0]!.map((_, hour) => kept.reduce((sum, own) => sum + own[hour]!, 0));
}

/** Of the pools that have a price. */
function billsOf(
  pools: readonly PoolRuns[],
  of: (runs: readonly RunTotals[]) => readonly RunTotals[],
): ReadonlyMap<PoolRuns, Bill> {
  const priced = pools.flatMap((pool) => {
    const { plan } = pool.bound;
    return plan === null
      ? []
      : [{ pool, plan, runs: of(pool.runs), account: accountOf(pool.bound) }];
  });
  const bills = poolBills(priced);
  return new Map(priced.map(({ pool }, i) => [pool, bills[i]!]));
}

function accountOf({ compiled }: Bound): string {
  const { platform, billing } = compiled;
  const bill = billOver(platform?.billing ?? {}, billing?.billing ?? null);
  const {
    plan = null,
    plans = {},
    creditUsdPerMonth,
    commitmentUsdPerMonth,
    freeTier,
    tiers,
  } = bill;
  const chosen = plan === null ? null : [plan, plans[plan]];
  return canonical([
    platform?.id ?? null,
    { chosen, creditUsdPerMonth, commitmentUsdPerMonth, freeTier, tiers },
  ]);
}
