/** A bound fleet in the engine, one replication of it, and what all replications counted. */
import { Fleet, type FleetTotals } from '../engine/fleet.ts';
import type { RunTotals } from '../engine/totals.ts';
import type { Bound, BoundFleet } from './bind.ts';
import type { Range } from './task.ts';

/** @param only these of its deployments, which nothing ties to the others; null for all */
export function startedFleet(
  { deployments, deploymentOf, account }: BoundFleet,
  replication: number,
  only: Range | null,
): Fleet {
  const { from, to } = only ?? { from: 0, to: deployments.length };
  const scenario = {
    deployments: deployments.slice(from, to).map(({ name, pools, overflowAfterUs }) => ({
      name,
      pools: pools.map(({ bound }) => ({ ...bound.scenario, replication })),
      overflowAfterUs,
    })),
    account,
  };
  const own = deploymentOf.map((of) => (of >= from && of < to ? of - from : -1));
  return new Fleet(scenario, own);
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
