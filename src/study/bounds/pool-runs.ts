/** What bounds are made of: each pool's services as they were, and its requests served at once, replication by replication. */
import type { RunTotals } from '../../engine/totals.ts';
import type { BillingPlan } from '../../platform/billing.ts';
import type { Bound, BoundFleet } from '../bind.ts';
import { replicationsIn, runFleet, runPool, withScenario } from '../run-bound.ts';
import { type Intervals, servedAtOnce } from './at-once.ts';

export interface PoolRuns {
  readonly bound: Bound;
  readonly plan: BillingPlan;
  /** With their services kept. */
  readonly runs: readonly RunTotals[];
  /** null where others could serve its requests, too. */
  readonly atOnce: readonly Intervals[] | null;
}

/** @returns the pools, or why there are no bounds */
export function poolRunsOf(bound: Bound): readonly PoolRuns[] | string {
  const { fleet, plan } = bound;
  if (fleet !== null) return fleetRunsOf(bound, fleet);
  if (plan === null) return 'there is no price';
  const nths = replicationsIn(bound);
  const keeping = withScenario(bound, { keepsServices: true, timelineUs: 0 });
  return [
    {
      bound,
      plan,
      runs: nths.map((nth) => runPool(keeping, nth)),
      atOnce: nths.map((nth) => servedAtOnce(bound.workload, bound.scenario, nth)),
    },
  ];
}

function fleetRunsOf(bound: Bound, fleet: BoundFleet): readonly PoolRuns[] | string {
  const { deployments, deploymentOf } = fleet;
  const plans = deployments.flatMap(({ pools }) => pools.map((pool) => pool.bound.plan));
  if (plans.some((plan) => plan === null)) return 'a pool has no price';
  if (plans.some((plan) => countsByMonth(plan!))) {
    return 'what is free, tiers, credit and plans count by the month for several pools together';
  }
  const nths = replicationsIn(bound);
  const keeping = withScenario(bound, { keepsServices: true, timelineUs: 0 });
  const fleets = nths.map((nth) => runFleet(keeping, nth));
  return deployments.flatMap(({ pools }, i) =>
    pools.map(({ bound: pool }, j): PoolRuns => {
      const scenario = { ...pool.scenario, seed: bound.scenario.seed };
      const takes = (endpoint: number) => (deploymentOf[endpoint] ?? 0) === i;
      return {
        bound: pool,
        plan: pool.plan!,
        runs: fleets.map((totals) => totals.deployments[i]!.pools[j]!),
        atOnce:
          pools.length > 1
            ? null
            : nths.map((nth) => servedAtOnce(bound.workload, scenario, nth, takes)),
      };
    }),
  );
}

function countsByMonth({ allowances, plan, creditUsd, commitmentUsd }: BillingPlan): boolean {
  const isSome = ({ numerator }: { readonly numerator: bigint }) => numerator !== 0n;
  return allowances.length > 0 || plan !== null || isSome(creditUsd) || isSome(commitmentUsd);
}
