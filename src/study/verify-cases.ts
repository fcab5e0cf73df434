/**
 * What the engine is held to: queues whose exact figures theory knows, as scenarios. Every case is traffic, a pool and
 * figures; a service takes a second on average, so that times are in services and the load is the rate a replica.
 */
import { US_PER_S } from '../base/units.ts';
import { compileDistribution, type DistributionSpec } from '../engine/distribution.ts';
import type { Scenario } from '../engine/scenario.ts';
import type { RunTotals } from '../engine/totals.ts';
import { setUpMeans } from './markov-chain.ts';
import {
  busyVariance,
  erlangB,
  longerThan,
  lossOfMMcK,
  type Moments,
  momentsOf,
  oneReplica,
  pollaczekKhinchine,
  waitOfMMc,
  waitWithSetUp,
} from './theory.ts';
import { LAWS, type Law, scaled } from './verify-laws.ts';
import {
  busy,
  cold,
  idle,
  lost,
  meanResponseS,
  meanWaitS,
  running,
  starting,
  waitsWithin,
} from './verify-measures.ts';

export interface TheoryFigure {
  readonly quantity: string;
  readonly theory: number;
  /** Of one replication. */
  readonly of: (run: RunTotals) => number;
}

export interface TheoryCase {
  readonly name: string;
  readonly load: number;
  readonly ratePerS: number;
  readonly service: DistributionSpec;
  /** What the pool has besides the defaults: a fixed fleet of one, an endless queue. */
  readonly pool: Partial<Scenario>;
  /** Nothing is counted before: the empty start has died out to e^-10, far below any interval here. */
  readonly settlesInS: number;
  /** How many times longer than a light load it takes to see as much. */
  readonly length: number;
  readonly figures: readonly TheoryFigure[];
}

export const LOADS = [0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95] as const;

/** Runs are long enough that a light load's rare waits come to 40 a replication at `verify`'s effort. */
const SELDOM = 0.01;
/** A tail of which such a replication sees fewer than 4 has no interval to speak of: that figure is left out. */
const TOO_SELDOM = 0.001;

/** Every model, loads from light to heavy. */
export function verifyCases(loads: readonly number[]): readonly TheoryCase[] {
  return [
    ...loads.map((load) => mmc(1, load)),
    ...loads.map((load) => mmc(5, load)),
    ...loads.map((load) => mgcc(5, 'lognormal', load)),
    ...loads.map((load) => mg1('fixed', load)),
    ...loads.map((load) => mg1('hyperexponential', load)),
    ...loads.map((load) => mmck(2, 4, load)),
    ...loads.map((load) => mgInfinity('exponential', load)),
    ...loads.map((load) => oneReplicaCase(load)),
    ...loads.map((load) => mg1SetUp('exponential', 0, load)),
    ...loads.map((load) => mg1SetUp('fixed', 2, load)),
    ...loads.map((load) => mmkSetUp(3, load)),
  ];
}

/** M/M/c, a queue without end. */
export function mmc(replicas: number, load: number): TheoryCase {
  const wait = waitOfMMc(replicas, load * replicas, 1);
  const base = queue(`M/M/${replicas}`, load, replicas, 'exponential');
  const length = Math.max(base.length, SELDOM / wait.waits);
  // The times that half, a tenth and a hundredth of those who wait wait longer than.
  const timesUs = [2, 10, 100]
    .filter((n) => (wait.waits * length) / n > TOO_SELDOM)
    .map((n) => Math.round((Math.log(n) / wait.drain) * US_PER_S));
  return {
    ...base,
    length,
    pool: { ...fleet(replicas), waitThresholdsUs: [0, ...timesUs] },
    figures: [
      { quantity: 'mean wait s', theory: wait.mean, of: meanWaitS },
      { quantity: 'P(wait = 0)', theory: 1 - wait.waits, of: waitsWithin(0) },
      ...timesUs.map((us, i) => ({
        quantity: `P(wait > ${seconds(us)})`,
        // A wait is a whole number of microseconds, rounded.
        theory: longerThan(wait, (us + 0.5) / US_PER_S),
        of: (run: RunTotals) => 1 - waitsWithin(i + 1)(run),
      })),
    ],
  };
}

/** M/G/c/c: no queue, a full fleet loses. */
export function mgcc(replicas: number, law: Law, load: number): TheoryCase {
  return {
    ...queue(`M/G/${replicas}/${replicas} ${law}`, load, replicas, law),
    length: 5,
    settlesInS: 50,
    pool: { ...fleet(replicas), queueLimit: 0 },
    figures: [{ quantity: 'P(lost)', theory: erlangB(replicas, load * replicas), of: lost }],
  };
}

/** M/G/1, first come first served. */
export function mg1(law: Law, load: number): TheoryCase {
  return {
    ...queue(law === 'fixed' ? 'M/D/1' : `M/G/1 ${law}`, load, 1, law),
    pool: { ...fleet(1), waitThresholdsUs: [0] },
    figures: [
      {
        quantity: 'mean wait s',
        theory: pollaczekKhinchine(load, momentsOf(1, LAWS[law].cv)),
        of: meanWaitS,
      },
      { quantity: 'P(wait = 0)', theory: 1 - load, of: waitsWithin(0) },
    ],
  };
}

/** M/M/c/K: a queue of K - c. */
export function mmck(replicas: number, places: number, load: number): TheoryCase {
  const exact = lossOfMMcK(replicas, places, load * replicas, 1);
  return {
    ...queue(`M/M/${replicas}/${places}`, load, replicas, 'exponential'),
    length: 5,
    settlesInS: 100,
    pool: { ...fleet(replicas), queueLimit: places - replicas, waitThresholdsUs: [0] },
    figures: [
      { quantity: 'P(lost)', theory: exact.lost, of: lost },
      { quantity: 'mean wait s', theory: exact.meanWait, of: meanWaitS },
      { quantity: 'P(wait = 0)', theory: exact.startsAtOnce, of: waitsWithin(0) },
    ],
  };
}

const INFINITE_MEAN_BUSY = 20;
/** Busy replicas are read as means over half a service. */
const SNAPSHOT_S = 0.5;

/** M/G/infinity: replicas without limit and without load time; `load` of 20 busy on average. */
export function mgInfinity(law: 'exponential' | 'fixed', load: number): TheoryCase {
  const offered = INFINITE_MEAN_BUSY * load;
  const settlesInS = 20;
  const squares = ({ timeline, observedUs }: RunTotals) => {
    const from = settlesInS / SNAPSHOT_S;
    const each = timeline!.busy.subarray(from, from + observedUs / US_PER_S / SNAPSHOT_S);
    // About the exact mean, so that the estimate has no bias.
    return each.reduce((total, busy) => total + (busy - offered) ** 2, 0) / each.length;
  };
  return {
    ...queue(`M/G/inf ${law}`, load, INFINITE_MEAN_BUSY, law),
    length: 3,
    settlesInS,
    pool: { ...onDemand(Number.POSITIVE_INFINITY, 0), timelineUs: SNAPSHOT_S * US_PER_S },
    figures: [
      { quantity: 'mean busy', theory: offered, of: busy },
      {
        quantity: 'variance of busy',
        theory: busyVariance(law, offered, 1, SNAPSHOT_S),
        of: squares,
      },
    ],
  };
}

const COLD_EXTRA_S = 3;

/** One replica at most, started on demand, lost where it is taken; idle window 2 s, load time 3 s. */
export function oneReplicaCase(
  load: number,
  idleWindowS = 2,
  start: 'fixed' | 'exponential' = 'exponential',
): TheoryCase {
  const exact = oneReplica(load, 1, 1 + COLD_EXTRA_S, idleWindowS);
  return {
    ...queue(`one replica, window ${idleWindowS} s`, load, 1, 'lognormal'),
    length: 2,
    settlesInS: 100,
    pool: {
      ...onDemand(1, idleWindowS),
      queueLimit: 0,
      binding: 'own',
      startPhases: [{ name: 'load', time: compileDistribution(scaled(start, COLD_EXTRA_S)) }],
    },
    figures: [
      { quantity: 'P(cold)', theory: exact.cold, of: cold },
      { quantity: 'P(lost)', theory: exact.lost, of: lost },
      { quantity: 'starting + busy', theory: exact.running, of: running },
      { quantity: 'idle', theory: exact.idle, of: idle },
    ],
  };
}

const SET_UP_S = 4;

/** M/M/1 whose replica leaves when idle for the window, and takes 4 s to start. */
export function mg1SetUp(
  start: 'fixed' | 'exponential',
  idleWindowS: number,
  load: number,
  law: Law = 'exponential',
): TheoryCase {
  const setUp: Moments = momentsOf(SET_UP_S, start === 'fixed' ? 0 : 1);
  const service = momentsOf(1, LAWS[law].cv);
  const server = law === 'exponential' ? 'M/M/1' : `M/G/1 ${law}`;
  const window = idleWindowS === 0 ? '' : `, window ${idleWindowS} s`;
  const base = queue(`${server} ${start === 'fixed' ? '' : 'exp '}set-up${window}`, load, 1, law);
  return {
    ...base,
    settlesInS: base.settlesInS + 10 * SET_UP_S,
    pool: {
      ...onDemand(1, idleWindowS),
      startPhases: [{ name: 'load', time: compileDistribution(scaled(start, SET_UP_S)) }],
    },
    figures: [
      {
        quantity: 'mean response s',
        theory: 1 + waitWithSetUp(load, service, setUp, idleWindowS),
        of: meanResponseS,
      },
    ],
  };
}

/** M/M/k, exponential set-up, no window; a start goes on when its request was served elsewhere. */
export function mmkSetUp(replicas: number, load: number): TheoryCase {
  const base = queue(`M/M/${replicas} exp set-up`, load, replicas, 'exponential');
  const chain = { replicas, rate: base.ratePerS, serviceRate: 1, startRate: 1 / SET_UP_S };
  const mostWaiting = Math.ceil(40 / (1 - load)) + 40 * replicas;
  const exact = setUpMeans({ ...chain, rule: 'goes-on' }, mostWaiting);
  return {
    ...base,
    settlesInS: base.settlesInS + 10 * SET_UP_S,
    pool: {
      ...onDemand(replicas, 0),
      startPhases: [{ name: 'load', time: compileDistribution(scaled('exponential', SET_UP_S)) }],
    },
    figures: [
      { quantity: 'mean wait s', theory: exact.wait, of: meanWaitS },
      { quantity: 'starting', theory: exact.starting, of: starting },
      { quantity: 'busy', theory: exact.busy, of: busy },
    ],
  };
}

/**
 * Relaxation of M/M/c takes about 1 / (c (1 - sqrt(load))^2) services, and no less than one (Cohen, The Single Server
 * Queue, 1982); it grows with the variance of the service as the wait does.
 */
function queue(name: string, load: number, replicas: number, law: Law) {
  const { spec, cv } = LAWS[law];
  const relaxationS = Math.max(1, 1 / (replicas * (1 - Math.sqrt(load)) ** 2));
  return {
    name,
    load,
    ratePerS: load * replicas,
    service: spec as DistributionSpec,
    settlesInS: Math.ceil(10 * relaxationS * Math.max(1, (1 + cv ** 2) / 2)),
    length: 1 / (1 - load),
  };
}

function fleet(replicas: number): Partial<Scenario> {
  return { max: replicas, floor: { atUs: [0], count: [replicas] } };
}

function onDemand(max: number, idleWindowS: number): Partial<Scenario> {
  const idleWindowUs = idleWindowS * US_PER_S;
  return { max, floor: { atUs: [0], count: [0] }, idleWindowUs, unusedWindowUs: idleWindowUs };
}

function seconds(us: number): string {
  return `${Number((us / US_PER_S).toPrecision(3))} s`;
}
