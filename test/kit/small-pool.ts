/** Pools small enough to work out on paper. Times are microseconds. */
import { keyed, type Purpose } from '../../src/base/random.ts';
import { fixed } from '../../src/engine/distribution.ts';
import type { Lifecycle } from '../../src/engine/lifecycle.ts';
import type { MeterRule, Scenario } from '../../src/engine/scenario.ts';
import type { RunTotals } from '../../src/engine/totals.ts';
import { PLAIN } from './random-scenario.ts';
import { runPool } from './run-pool.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** @param requests [arrival, service] */
export function run(change: Partial<Scenario>, ...requests: [number, number][]): RunTotals {
  return runPool(
    { ...PLAIN, ...change },
    requests.map(([arrivalUs, serviceUs]) => ({ arrivalUs, serviceUs })),
  );
}

export function load(us: number): Pick<Scenario, 'startPhases'> {
  return { startPhases: [{ name: 'load', time: fixed(us) }] };
}

export function window(us: number): Pick<Scenario, 'idleWindowUs' | 'unusedWindowUs'> {
  return { idleWindowUs: us, unusedWindowUs: us };
}

export function min(count: number): Pick<Scenario, 'floor'> {
  return { floor: { atUs: [0], count: [count] } };
}

export function until(toUs: number): Pick<Scenario, 'period'> {
  return { period: { fromUs: 0, toUs } };
}

/** Nothing happens to replicas but what is asked for. */
export function lifecycle(change: Partial<Lifecycle>): Pick<Scenario, 'lifecycle'> {
  return {
    lifecycle: {
      shortcuts: [],
      reviveWithinUs: 0,
      link: null,
      startFailure: 0,
      startTimeoutUs: NEVER,
      weather: null,
      capacityPhase: 0,
      preemption: null,
      crashMeanUs: NEVER,
      maxAgeUs: NEVER,
      rolloutsUs: [],
      drainTimeoutUs: NEVER,
      interrupted: 'requeue',
      ...change,
    },
  };
}

/** Pays all time of one start phase, idle, busy and draining, to the microsecond. */
export function meter(change: Partial<MeterRule>): MeterRule {
  return {
    idle: true,
    busy: true,
    draining: true,
    phases: [true],
    quantumUs: 1,
    minimumUs: 0,
    scope: 'replica',
    minuteOffsetUs: 0,
    ...change,
  };
}

/** The first uniform that a purpose draws for a key in the pools above. */
export function uniformOf(purpose: Purpose, key: number, subkey: number, replication = 0): number {
  return keyed(PLAIN.seed, replication, purpose, key, subkey).next();
}

/** The mean of an exponential time that comes out as `us` under a uniform. */
export function meanFor(us: number, uniform: number): number {
  return us / -Math.log(uniform);
}
