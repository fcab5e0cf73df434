/**
 * Exact results of queueing theory that the engine is held to, each with its source. Rates and times are in any one unit;
 * `offered` is rate times mean service (erlangs), `load` is offered work a replica.
 */
import { sum } from 'simple-statistics';
import { assert } from '../base/errors.ts';

/** A random time by its first two moments about 0. */
export interface Moments {
  readonly mean: number;
  readonly secondMoment: number;
}

export function momentsOf(mean: number, cv: number): Moments {
  return { mean, secondMoment: mean ** 2 * (1 + cv ** 2) };
}

/**
 * The share of requests lost by a fixed fleet without a queue, whatever the service law.
 * Erlang 1917 by the usual recursion, B(n) = a B(n-1) / (n + a B(n-1)); insensitivity: Sevastyanov 1957.
 */
export function erlangB(replicas: number, offered: number): number {
  let blocked = 1;
  for (let n = 1; n <= replicas; n++) blocked = (offered * blocked) / (n + offered * blocked);
  return blocked;
}

/** The share of requests that wait in M/M/c. Erlang 1917; from B: Cooper, Introduction to Queueing Theory, 1981. */
export function erlangC(replicas: number, offered: number): number {
  assert(offered < replicas, 'a queue is stable below load 1');
  const blocked = erlangB(replicas, offered);
  return blocked / (1 - (offered / replicas) * (1 - blocked));
}

/** Waiting in M/M/c, first come first served: P(wait > t) = waits exp(-drain t). Cooper 1981. */
export interface ExponentialWait {
  /** The share that waits at all. */
  readonly waits: number;
  /** The rate at which the queue drains: the wait of those who wait is exponential with it. */
  readonly drain: number;
  readonly mean: number;
}

export function waitOfMMc(replicas: number, rate: number, meanService: number): ExponentialWait {
  const waits = erlangC(replicas, rate * meanService);
  const drain = replicas / meanService - rate;
  return { waits, drain, mean: waits / drain };
}

export function longerThan({ waits, drain }: ExponentialWait, time: number): number {
  return waits * Math.exp(-drain * time);
}

/** Mean wait in M/G/1, any order that ignores service times. Pollaczek 1930, Khinchine 1932. */
export function pollaczekKhinchine(rate: number, service: Moments): number {
  return (rate * service.secondMoment) / (2 * (1 - rate * service.mean));
}

/** M/M/c/K, `places` counting those in service. Gross and Harris, Fundamentals of Queueing Theory, 1998. */
export function lossOfMMcK(replicas: number, places: number, rate: number, meanService: number) {
  const offered = rate * meanService;
  const weights = [1];
  for (let n = 1; n <= places; n++)
    weights.push((weights[n - 1]! * offered) / Math.min(n, replicas));
  const whole = sum(weights);
  const chance = weights.map((weight) => weight / whole);
  const lost = chance[places]!;
  const waiting = sum(chance.map((p, n) => p * Math.max(0, n - replicas)));
  const free = sum(chance.slice(0, replicas));
  return {
    lost,
    /** Of the requests that were taken. */
    meanWait: waiting / (rate * (1 - lost)),
    startsAtOnce: free / (1 - lost),
  };
}

/**
 * Requests in service in M/G/infinity are Poisson with mean `offered` and covariance offered P(residual > u)
 * (Takacs, Introduction to the Theory of Queues, 1962). The variance of their mean over an interval is that
 * covariance, averaged over pairs of its instants.
 */
export function busyVariance(
  law: 'exponential' | 'fixed',
  offered: number,
  meanService: number,
  interval: number,
): number {
  const a = interval / meanService;
  if (law === 'exponential') return (offered * 2 * (Math.expm1(-a) + a)) / a ** 2;
  assert(a <= 1, 'the interval is at most as long as the service');
  return offered * (1 - a / 3);
}

/**
 * One replica at most, nobody waits but for its own start, Poisson arrivals, an idle window T. A renewal cycle is an idle
 * time, then a service that is `cold` on average with chance exp(-rate T), else `warm`.
 * Means over a long time are means over a cycle (renewal reward), so the laws count by their means alone.
 */
export function oneReplica(rate: number, warm: number, cold: number, idleWindow: number) {
  const gone = Math.exp(-rate * idleWindow);
  const serving = warm + (cold - warm) * gone;
  const cycle = 1 / rate + serving;
  const taken = 1 / rate / cycle;
  return {
    /** Of all requests. */
    cold: gone * taken,
    lost: 1 - taken,
    /** Time means: starting and busy together, and idle. */
    running: serving / cycle,
    idle: (1 - gone) / rate / cycle,
  };
}

/**
 * Mean wait in M/G/1 whose server is switched off when idle and takes a set-up `start` before the next busy period
 * (Welch, On a generalized M/G/1 queuing process, Operations Research 12, 1964; Takagi, Queueing Analysis 1, 1991):
 * Pollaczek-Khinchine + (2 E[I] + rate E[I^2]) / (2 (1 + rate E[I])). With an idle window T the set-up is needed with
 * chance exp(-rate T), independent of all else: both moments shrink by it.
 */
export function waitWithSetUp(
  rate: number,
  service: Moments,
  start: Moments,
  idleWindow = 0,
): number {
  const gone = Math.exp(-rate * idleWindow);
  const first = gone * start.mean;
  const second = gone * start.secondMoment;
  return pollaczekKhinchine(rate, service) + (2 * first + rate * second) / (2 * (1 + rate * first));
}

/**
 * One replica that all share, n requests together at `speedOf(n)` each, as fast alone as `offered` says. How many are there
 * depends on the service law by its mean alone, and a request that needs x stays `slowdown` x on average (Cohen, The
 * multiple phase service network with generalized processor sharing, Acta Informatica 12, 1979). With speed 1 / n it is
 * M/G/1 with processor sharing, slowdown 1 / (1 - load); with min(1, c / n), M/G/c, with as many there as in M/M/c.
 * @param slots beyond them requests wait; then only for exponential service, and without a law for each x
 */
export function sharedReplica(
  offered: number,
  speedOf: (requests: number) => number,
  slots = Number.POSITIVE_INFINITY,
) {
  const weights = [1];
  let whole = 1;
  for (let n = 1; weights[n - 1]! > 1e-17 * whole; n++) {
    const serving = Math.min(n, slots);
    weights.push((weights[n - 1]! * offered) / (serving * speedOf(serving)));
    whole += weights[n]!;
    assert(n < 1e6, 'a replica that is shared is stable below what it does in all');
  }
  const chance = weights.map((weight) => weight / whole);
  const mean = sum(chance.map((p, n) => n * p));
  return { chance, mean, slowdown: mean / offered };
}
