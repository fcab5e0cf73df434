/**
 * The event loop: one pool of replicas with per-request scaling, fed with a trace in chunks.
 *
 * `advance` feeds arrivals; `step` takes the earliest event by the order of event-order.ts: one switch, a rule a kind. The
 * rules are in request-rules.ts, start-rules.ts and replica-rules.ts, the state that they share in pool-state.ts.
 * short-path.ts does the common case, a free slot at hand and nothing rare in between, in one piece; what it leaves, the
 * loop does.
 */
import { assert } from '../base/errors.ts';
import {
  ARRIVAL,
  COMPLETION,
  DEADLINE,
  IDLE_EXPIRY,
  NOTHING,
  POOL_CHANGE,
  READING,
  READY,
  RETRY,
} from './event-order.ts';
import { fingerprintOf } from './fingerprint.ts';
import { checkIdentities } from './identities.ts';
import { NEVER, PoolState, type ServiceRule } from './pool-state.ts';
import { isUnusedStart } from './replica-rules.ts';
import { arrive, becomeReady, complete, giveUp, tryAgain } from './request-rules.ts';
import type { Scenario, TraceChunk } from './scenario.ts';
import { ShortPath } from './short-path.ts';
import { beginFloor, changePool, leave } from './start-rules.ts';
import type { RunTotals } from './totals.ts';

export class Pool {
  private readonly state: PoolState;
  private readonly shortPath: ShortPath | null;

  /**
   * @param takesShortPath false sends every event through the loop: the same run, slower; tests compare the two
   * @param serviceOf decides each service as it begins, in place of the trace's: for what a log says of ends only
   */
  constructor(scenario: Scenario, takesShortPath = true, serviceOf: ServiceRule | null = null) {
    this.state = new PoolState(scenario);
    this.state.serviceOf = serviceOf;
    this.shortPath =
      takesShortPath && serviceOf === null && ShortPath.fits(this.state)
        ? new ShortPath(this.state)
        : null;
    beginFloor(this.state);
  }

  /** Requests of the trace that have arrived. */
  get arrived(): number {
    return this.state.arrived;
  }

  /** Runs up to the last arrival of the chunk; chunks come in order of time. */
  advance(chunk: TraceChunk): void {
    const { state, shortPath } = this;
    const { arrivalUs, serviceUs, count } = chunk;
    assert(count === 0 || arrivalUs[0]! >= state.nowUs, 'chunks come in order of time');
    let row = shortPath?.run(chunk, 0) ?? 0;
    while (row < count) {
      state.front[ARRIVAL] = arrivalUs[row]!;
      state.arrivalDemandUs = serviceUs[row]!;
      let what = COMPLETION;
      while (what === COMPLETION) what = step(state, NEVER);
      if (what === ARRIVAL) row++;
      if (shortPath !== null) row = shortPath.run(chunk, row);
    }
    state.front[ARRIVAL] = NEVER;
  }

  /** Runs to the end: the observed period is over, the last request has ended, no replica is above the floor. */
  finish(): RunTotals {
    const { state } = this;
    const { period, measure } = state.scenario;
    const endUs = Math.max(period.toUs, measure?.toUs ?? 0);
    while (step(state, isSettled(state) ? endUs : NEVER) !== NOTHING);
    return totals(state, Math.max(state.nowUs, endUs));
  }
}

/** Takes the earliest event, if it comes at or before `limitUs`. @returns its kind */
function step(pool: PoolState, limitUs: number): number {
  const { front } = pool;
  let what = COMPLETION;
  let atUs = front[COMPLETION]!;
  for (let other = READY; other <= IDLE_EXPIRY; other++) {
    const otherUs = front[other]!;
    if (otherUs < atUs) {
      atUs = otherUs;
      what = other;
    }
  }
  if (atUs > limitUs || atUs === NEVER) {
    // An idle window without end keeps replicas above the floor: the run is over when nothing more comes.
    assert(limitUs < NEVER || pool.queue.size === 0, 'a request waits beside nothing to serve it');
    return NOTHING;
  }
  if (atUs >= front[READING]!) pool.ledger.readUpTo(atUs);
  pool.nowUs = atUs;
  pool.events++;
  switch (what) {
    case COMPLETION:
      complete(pool, pool.completions.pop());
      break;
    case READY:
      becomeReady(pool, pool.readies.pop());
      break;
    case POOL_CHANGE:
      changePool(pool);
      break;
    case ARRIVAL:
      pool.firstUs = atUs;
      pool.demandUs = pool.arrivalDemandUs;
      pool.request = pool.arrived++;
      pool.attempt = 0;
      pool.recorder.arrives(atUs);
      arrive(pool);
      break;
    case RETRY:
      tryAgain(pool, pool.retries.pop());
      break;
    case DEADLINE:
      giveUp(pool);
      break;
    case IDLE_EXPIRY:
      leave(pool, pool.idle.nextToLeave(atUs));
      break;
  }
  pool.fingerprint = fingerprintOf(pool.fingerprint, atUs, what, pool.busy, pool.queue.size);
  return what;
}

function isSettled(pool: PoolState): boolean {
  return (
    pool.busy === 0 &&
    pool.queue.size === 0 &&
    pool.retries.byTime.size === 0 &&
    pool.starting + pool.ready <= pool.floor
  );
}

function totals(pool: PoolState, horizonUs: number): RunTotals {
  const { ledger, queue, recorder, scenario, replicas } = pool;
  ledger.readUpTo(horizonUs);
  const run = ledger.reading(horizonUs);
  const observed = ledger.observed();
  const span = scenario.measure ?? scenario.period;
  for (let replica = 0; replica < replicas.end; replica++) {
    if (replicas.isAlive(replica) && isUnusedStart(pool, replica)) pool.unusedStarts++;
  }
  const totals: RunTotals = {
    requests: recorder.requests(),
    latency: recorder.latency.counts(),
    wait: recorder.wait.counts(),
    withinLatency: [...recorder.withinLatency],
    withinWait: [...recorder.withinWait],
    whole: scenario.measure === null ? run : observed,
    observed,
    observedUs: span.toUs - span.fromUs,
    peakReplicas: pool.peakReplicas,
    unusedStarts: pool.unusedStarts,
    horizonUs,
    reached: {
      replicas: pool.peakReplicas,
      waiting: pool.queue.peak,
      queueUs: pool.longestQueueUs,
      serviceUs: pool.longestServiceUs,
      latencyUs: pool.longestLatencyUs,
    },
    timeline: ledger.timeline(horizonUs),
    events: pool.events,
    fingerprint: pool.fingerprint >>> 0,
  };
  checkIdentities(totals, run, ledger.servedUs.value(), queue.waitedUs.value());
  return totals;
}
