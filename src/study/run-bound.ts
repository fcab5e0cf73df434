/** A bound configuration in the engine, in this thread: for one that is looked at closely, not for a grid. */
import type { FleetTotals } from '../engine/fleet.ts';
import { Pool } from '../engine/pool.ts';
import type { Scenario, Span } from '../engine/scenario.ts';
import type { RunTotals } from '../engine/totals.ts';
import type { Trace } from '../workload/trace.ts';
import { AS_STUDIED, type Bound } from './bind.ts';
import { outcomeOfRun } from './fleet-result.ts';
import { startedFleet } from './fleet-run.ts';
import { benchOf, jobOf } from './job.ts';
import type { GridPoint, LoadedStudy } from './study.ts';
import type { Outcome } from './task.ts';

/** A point of a study bound to its traffic, as the study says. @throws UserError where the trace does not fit */
export function boundOf(
  loaded: Pick<LoadedStudy, 'replays'>,
  point: GridPoint,
  traces: readonly Trace[],
): Bound {
  return jobOf(benchOf(loaded, traces, ''), point, AS_STUDIED).bound;
}

export function replicationsIn({ replications }: Pick<Bound, 'replications'>): readonly number[] {
  return Array.from({ length: replications }, (_, replication) => replication);
}

/** One replication of one pool. */
export function runPool({ scenario, workload }: Bound, replication: number): RunTotals {
  const pool = new Pool({ ...scenario, replication });
  for (const chunk of workload.chunks(scenario.seed, replication)) pool.advance(chunk);
  return pool.finish();
}

/** All replications, of a fleet too. */
export function runBound(bound: Bound, name: string): Outcome {
  const replications = replicationsIn(bound);
  const fleets = bound.fleet === null ? [] : replications.map((nth) => runFleet(bound, nth));
  const totals =
    bound.fleet === null
      ? replications.map((nth) => runPool(bound, nth))
      : fleets.map(({ whole }) => whole);
  const counted = { totals, fleets, firstMeter: 0, seconds: 0, requests: 0 };
  return outcomeOfRun({ index: 0, name, vary: {} }, bound, counted);
}

/** One replication of a fleet. */
export function runFleet({ fleet, scenario, workload }: Bound, replication: number): FleetTotals {
  const started = startedFleet(fleet!, replication, null);
  for (const chunk of workload.chunks(scenario.seed, replication)) started.advance(chunk);
  return started.finish();
}

/** The same configuration over all of its traffic, measured within a span. */
export function measuredIn(bound: Bound, measure: Span, timelineUs: number): Bound {
  return withScenario(bound, { measure, timelineUs });
}

/** With these of its settings, in every pool. */
export function withScenario(
  bound: Bound,
  change: Partial<Pick<Scenario, 'measure' | 'timelineUs' | 'keepsServices'>>,
): Bound {
  const { fleet } = bound;
  return {
    ...bound,
    scenario: { ...bound.scenario, ...change },
    fleet: fleet && {
      ...fleet,
      deployments: fleet.deployments.map((deployment) => ({
        ...deployment,
        pools: deployment.pools.map((pool) => ({
          ...pool,
          bound: withScenario(pool.bound, change),
        })),
      })),
    },
  };
}
