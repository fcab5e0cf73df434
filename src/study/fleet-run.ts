/** A bound fleet in the engine, one replication of it, and what all replications counted. */
import { Fleet, type FleetTotals } from '../engine/fleet.ts';
import type { RunTotals } from '../engine/totals.ts';
import type { Bound, BoundFleet } from './bind.ts';

export function startedFleet(
  { deployments, deploymentOf, account }: BoundFleet,
  replication: number,
): Fleet {
  const scenario = {
    deployments: deployments.map(({ name, pools, overflowAfterUs }) => ({
      name,
      pools: pools.map(({ bound }) => ({ ...bound.scenario, replication })),
      overflowAfterUs,
    })),
    account,
  };
  return new Fleet(scenario, deploymentOf);
}

/** A deployment with all its replications. */
export interface DeploymentRuns {
  readonly name: string;
  readonly runs: readonly RunTotals[];
  readonly pools: readonly PoolRuns[];
}

export interface PoolRuns {
  readonly name: string;
  readonly bound: Bound;
  readonly runs: readonly RunTotals[];
}

export function deploymentsOf(
  { deployments }: BoundFleet,
  fleets: readonly FleetTotals[],
): readonly DeploymentRuns[] {
  return deployments.map(({ name, pools }, i) => {
    const own = fleets.map((fleet) => fleet.deployments[i]!);
    return {
      name,
      runs: own.map(({ whole }) => whole),
      pools: pools.map((pool, nth) => ({ ...pool, runs: own.map((run) => run.pools[nth]!) })),
    };
  });
}
