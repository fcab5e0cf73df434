/**
 * Several deployments, each of one or more pools, fed with one trace. Deployments that nothing ties run each by itself, in
 * any order with the same result: a lone pool as fast as ever, several pools of one deployment in a loop of their own. An
 * account ties all: then one loop runs them together.
 *
 * A request is counted once, with its deployment, from its first arrival on, whichever pool ends it: in a pool's totals
 * are the requests that ended there, or in the first pool those that none took. Replicas, meters and the attempts that
 * came to it are each pool's own, since its bill is.
 */
import { assert } from '../base/errors.ts';
import { Account, type AccountRule } from './account.ts';
import { GatheredRows } from './gathered-rows.ts';
import { mergeTotals } from './merged-totals.ts';
import { Pool } from './pool.ts';
import { type PooledDeployment, PoolGroup, withLuckOf } from './pool-group.ts';
import type { Scenario, TraceChunk } from './scenario.ts';
import type { RunTotals } from './totals.ts';

export interface DeploymentScenario {
  /** Luck is keyed to it, and to the place of the pool: '' draws in the first pool what a lone pool draws. */
  readonly name: string;
  /** In order of preference; of one seed, replication, client, period and measure. */
  readonly pools: readonly Scenario[];
  /** How long a request waits in a pool before it moves on to the next that takes it; Infinity: it stays where it waits. */
  readonly overflowAfterUs: number;
}

export interface FleetScenario {
  readonly deployments: readonly DeploymentScenario[];
  /** null: nothing ties the deployments. */
  readonly account: AccountRule | null;
}

export interface FleetTotals {
  readonly deployments: readonly DeploymentTotals[];
  /** Of everything: see `mergeTotals`. */
  readonly whole: RunTotals;
}

export interface DeploymentTotals {
  readonly whole: RunTotals;
  /** Of one pool the same as the whole. */
  readonly pools: readonly RunTotals[];
}

export interface FleetChunk extends TraceChunk {
  /** Index of what each request names; null: all go to the first deployment. */
  readonly endpoint?: Int32Array | null;
}

export class Fleet {
  private readonly parts: Part[];
  private readonly isTied: boolean;
  private readonly deploymentOf: Int32Array | null;
  private readonly takesAll: boolean;
  private readonly rows: GatheredRows;

  /**
   * @param deploymentOf by endpoint, as chunks number them, its deployment, -1 for none of these; null: they are the same
   */
  constructor(scenario: FleetScenario, deploymentOf: Int32Array | null = null) {
    const { deployments, account } = scenario;
    assert(deployments.length > 0, 'a fleet has a deployment');
    for (const { pools } of deployments) assert(pools.length > 0, 'a deployment has a pool');
    const grouped = deployments.map(({ name, pools, overflowAfterUs }) => ({
      pools: pools.map((scenario) => withLuckOf(scenario, name === '' ? '' : `/${name}`)),
      overflowAfterUs,
    }));
    this.deploymentOf = deploymentOf;
    this.takesAll = deploymentOf === null || deploymentOf.every((of) => of >= 0);
    assert(this.takesAll || account === null, 'an account sees every request');
    this.isTied = account !== null;
    this.parts = this.isTied ? [tied(grouped, account!)] : grouped.map(alone);
    this.rows = new GatheredRows(this.parts.length, (of, rows) =>
      this.parts[of]!.advance(rows, null),
    );
  }

  /** Takes chunks in order of time, and runs about up to their last arrivals. */
  advance(chunk: FleetChunk): void {
    const deployment = this.deploymentsOf(chunk);
    if (this.isTied || (this.parts.length === 1 && this.takesAll)) {
      this.parts[0]!.advance(chunk, deployment);
    } else this.rows.add(chunk, deployment);
  }

  /** Runs to the end of all. */
  finish(): FleetTotals {
    this.rows.end();
    const deployments = this.parts
      .flatMap((part) => part.finish())
      .map((pools) => ({ whole: mergeTotals(pools), pools }));
    return { deployments, whole: mergeTotals(deployments.map(({ whole }) => whole)) };
  }

  private deploymentsOf({ endpoint = null, count }: FleetChunk): Int32Array | null {
    const map = this.deploymentOf;
    if (endpoint === null || map === null) return endpoint;
    return endpoint.subarray(0, count).map((named) => map[named]!);
  }
}

/** Totals of deployments that ran apart, as one fleet's, in their order. */
export function joinFleets(parts: readonly FleetTotals[]): FleetTotals {
  const deployments = parts.flatMap((part) => part.deployments);
  return { deployments, whole: mergeTotals(deployments.map(({ whole }) => whole)) };
}

/** What runs by itself. */
interface Part {
  advance(chunk: TraceChunk, deployment: Int32Array | null): void;
  /** @returns by deployment and pool */
  finish(): RunTotals[][];
}

function tied(deployments: readonly PooledDeployment[], rule: AccountRule): Part {
  const count = deployments.reduce((sum, { pools }) => sum + pools.length, 0);
  return new PoolGroup(deployments, new Account(rule, count));
}

function alone(deployment: PooledDeployment): Part {
  const [first, ...others] = deployment.pools;
  if (others.length > 0) return new PoolGroup([deployment], null);
  const pool = new Pool(first!);
  return { advance: (chunk) => pool.advance(chunk), finish: () => [[pool.finish()]] };
}
