/** A fleet's result: the whole as one pool's result has it, and by pool and endpoint what each came to and costs. */
import type { FleetTotals } from '../engine/fleet.ts';
import type { RunTotals } from '../engine/totals.ts';
import type { Bound, BoundFleet } from './bind.ts';
import type { Advice, EndpointResult, PoolResult } from './document.ts';
import { ALL } from './endpoint-names.ts';
import { type Costs, replicatesOf } from './figures.ts';
import { type FleetCosts, fleetCostsOf } from './fleet-cost.ts';
import { type DeploymentRuns, deploymentsOf } from './fleet-run.ts';
import {
  type EngineWork,
  figuresOf,
  type Identity,
  judgeOf,
  outcomeOf,
  outcomeWith,
  partOf,
  type Scope,
} from './result.ts';
import type { Outcome } from './task.ts';

/** What the replications of a configuration counted. */
export interface Counted extends EngineWork {
  readonly totals: readonly RunTotals[];
  readonly fleets: readonly FleetTotals[];
  readonly firstMeter: number;
}

export function outcomeOfRun(identity: Identity, bound: Bound, counted: Counted): Outcome {
  const { totals, fleets, firstMeter } = counted;
  const { fleet } = bound;
  if (fleet === null) return outcomeOf(identity, bound, totals, firstMeter, counted);
  const deployments = deploymentsOf(fleet, fleets);
  const costs = fleetCostsOf(deployments);
  const whole = scopeOf(bound, totals, costs.ofWhole(totals));
  const named = deployments.filter(({ name }) => name !== ALL);
  const endpoints = named.map((one) => scopeOf(bound, one.runs, costs.ofDeployment(one)));
  const judged = bound.compiled.objectives.map((objective) => {
    const own = named.findIndex(({ name }) => name === objective.endpoint);
    return judgeOf(objective, endpoints[own] ?? whole, bound);
  });
  return outcomeWith(identity, bound, whole, judged, counted, (figured) => ({
    ...figured,
    pools: deployments.flatMap((one) => poolResults(one, costs)),
    ...(named.length > 0 && {
      endpoints: endpoints.map((scope, i) => endpointResult(named[i]!.name, scope)),
    }),
    advice: adviceFor(identity, fleet, deployments),
  }));
}

function scopeOf(
  bound: Pick<Bound, 'scenario'>,
  runs: readonly RunTotals[],
  costs: Costs | null,
): Scope {
  const replicates = replicatesOf(runs, costs);
  return { replicates, figures: figuresOf(replicates, bound) };
}

function poolResults({ name: endpoint, pools }: DeploymentRuns, costs: FleetCosts): PoolResult[] {
  return pools.map((pool) => {
    const own = costs.ofPool(pool);
    // What a pool tells has no latencies: its histograms need not be put together.
    const { latency, wait } = pool.runs[0]!;
    const replicates = { runs: pool.runs, latency, wait, costs: own };
    const part = partOf({ replicates, figures: figuresOf(replicates, pool.bound, false) });
    const { requests, coldStarts, replicas, replicaTimeS, utilization } = part;
    return {
      ...(endpoint !== ALL && { endpoint }),
      name: pool.name,
      platform: pool.bound.compiled.platform?.id ?? null,
      requests,
      coldStarts,
      replicas,
      replicaTimeS,
      utilization,
      cost: own?.all ?? null,
    };
  });
}

function endpointResult(name: string, scope: Scope): EndpointResult {
  const { requests, coldStarts, latencyS, waitS, utilization } = partOf(scope);
  const cost = scope.replicates.costs?.all ?? null;
  return { name, requests, coldStarts, latencyS, waitS, utilization, cost };
}

/** Endpoints with so much advice each would leave a reader without any. */
const MOST_ADVISED = 12;

/**
 * Advice is about a pool that is alone: what it gets from or leaves to others, or an account keeps from it, no rule knows.
 * The endpoints with the most requests come first.
 */
function adviceFor(
  identity: Identity,
  { account }: BoundFleet,
  deployments: readonly DeploymentRuns[],
): readonly Advice[] {
  const alone = account === null ? deployments.filter(({ pools }) => pools.length === 1) : [];
  const arrived = ({ runs }: DeploymentRuns) =>
    runs.reduce((sum, { requests }) => sum + requests.arrived, 0);
  return alone
    .toSorted((a, b) => arrived(b) - arrived(a))
    .slice(0, MOST_ADVISED)
    .flatMap(({ name, pools: [pool] }) => {
      const { bound, runs } = pool!;
      const { advice } = outcomeOf(identity, bound, runs, 0, { seconds: 0, requests: 0 }).result;
      return name === ALL
        ? advice
        : advice.map(({ line, ...rest }) => ({ ...rest, line: `${name}: ${line}` }));
    });
}
