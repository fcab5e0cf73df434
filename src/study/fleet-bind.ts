/** A compiled fleet and a trace together: which endpoints there are, and the scenarios and bills of all their pools. */
import { type Mistake, UserError } from '../base/errors.ts';
import { nearestOf } from '../base/nearest.ts';
import type { AccountRule } from '../engine/account.ts';
import type { Scenario } from '../engine/scenario.ts';
import type { Trace } from '../workload/trace.ts';
import type { Workload } from '../workload/workload.ts';
import {
  type BindOptions,
  type Bound,
  type BoundDeployment,
  bind,
  replicationsOf,
  timeZoneOf,
} from './bind.ts';
import type { Compiled, FleetPlan } from './compile.ts';
import { assignEndpoints } from './endpoint-names.ts';
import { labelOf, sharedWarnings } from './fleet-section.ts';
import { canonical } from './json.ts';
import type { Objective } from './slo.ts';

/**
 * @param workloads made ones by their spec, so that configurations of one workload share it
 * @throws UserError where the trace does not fit the study
 */
export function bindStudy(
  compiled: Compiled,
  trace: Trace | null,
  workloads: Map<string, Workload>,
  options: BindOptions,
): Bound {
  const { fleet } = compiled;
  if (fleet === null) return bind(compiled, trace, workloads, options);
  const mistakes: Mistake[] = [];
  const timeZone = timeZoneOf(compiled, trace);
  const blocks = fleet.deployments.map((deployment) => ({
    ...deployment,
    pools: deployment.pools.flatMap(({ name, gpus, compiled: pool }) => {
      const label = labelOf(deployment.endpoints, deployment, name);
      const bound = of(label, () => bind(pool, trace, workloads, options, timeZone), mistakes);
      return bound === null ? [] : [{ name, gpus, bound }];
    }),
  }));
  if (mistakes.length > 0) throw new UserError(onlyOnce(mistakes));
  const all = blocks.flatMap((block) =>
    block.pools.map(({ name, bound }) => ({ label: labelOf(block.endpoints, block, name), bound })),
  );
  const bounds = all.map(({ bound }) => bound);
  // The fleet's requests are those of the workload, with tokens if any pool counts them.
  const countsTokens = bounds.some(({ scenario }) => scenario.countsTokens);
  const pool = { ...compiled.pool, countsTokens };
  const first = bind({ ...compiled, fleet: null, pool }, trace, workloads, options);
  const { workload } = first;
  const { deployments, deploymentOf } = assignEndpoints(
    blocks.map(({ endpoints }) => endpoints),
    workload,
    trace === null ? null : requestsByEndpoint(trace),
  );
  refuseUnknown(
    compiled.objectives,
    deployments.map(({ name }) => name),
  );
  const placed = deployments.map(({ name, block }) => ({ ...blocks[block]!, name }));
  const drawn = [...new Set(bounds.flatMap((bound) => bound.drawn))];
  return {
    ...first,
    compiled,
    scenario: { ...first.scenario, ...whatAnyHas(bounds) },
    plan: null,
    fleet: {
      deployments: placed.map(
        ({ name, pools, overflowAfterUs }): BoundDeployment => ({ name, pools, overflowAfterUs }),
      ),
      deploymentOf,
      account: accountOf(fleet, placed),
    },
    workload,
    drawn,
    replications: replicationsOf(drawn, compiled, options),
    warnings: sharedWarnings(all.map(({ label, bound }) => [label, bound.warnings])),
  };
}

/** What is wrong with one pool is told of it; of the trace, for all. */
function of(label: string, bindPool: () => Bound, mistakes: Mistake[]): Bound | null {
  try {
    return bindPool();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    for (const { at, path, message } of error.mistakes) {
      const isPools = /^(?:deployment|billing)\b/.test(path ?? '');
      mistakes.push({ at: isPools ? label : at, path, message });
    }
    return null;
  }
}

function onlyOnce(mistakes: readonly Mistake[]): readonly Mistake[] {
  return [...new Map(mistakes.map((mistake) => [canonical(mistake), mistake])).values()];
}

/** What the result of the whole speaks of if a pool has it, and slots only if all have as many. */
function whatAnyHas(bounds: readonly Bound[]): Pick<Scenario, 'lifecycle' | 'concurrency'> {
  const scenarios = bounds.map(({ scenario }) => scenario);
  const lifecycles = scenarios.flatMap(({ lifecycle }) => lifecycle ?? []);
  const slots = new Set(scenarios.map(({ concurrency }) => concurrency));
  return {
    lifecycle: lifecycles.find(({ shortcuts }) => shortcuts.length > 0) ?? lifecycles[0] ?? null,
    concurrency: slots.size === 1 ? scenarios[0]!.concurrency : 1,
  };
}

function accountOf(
  { account }: FleetPlan,
  deployments: readonly { readonly pools: readonly { readonly gpus: number }[] }[],
): AccountRule | null {
  if (account === null) return null;
  const gpusPerReplica = deployments.map(({ pools }) => pools.map(({ gpus }) => gpus));
  return { ...account, gpusPerReplica };
}

function refuseUnknown(objectives: readonly Objective[], names: readonly string[]): void {
  const mistakes = objectives.flatMap(({ endpoint }, i) => {
    if (endpoint === undefined || names.includes(endpoint)) return [];
    const meant = nearestOf(endpoint, names);
    const mend = meant === null ? '' : `. Did you mean ${meant}?`;
    const message = `is about ${endpoint}, which is no deployment of this study${mend}`;
    return [{ at: null, path: `slo.${i}`, message }];
  });
  if (mistakes.length > 0) throw new UserError(mistakes);
}

function requestsByEndpoint({ count, endpoint, endpointNames }: Trace): readonly number[] {
  const requests = endpointNames.map(() => 0);
  if (endpoint === null) return requests;
  for (let row = 0; row < count; row++) requests[endpoint[row]!]!++;
  return requests;
}
