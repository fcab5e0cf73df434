/**
 * The event loop: one pool of replicas with per-request scaling, fed with a trace in chunks.
 *
 * `advance` feeds arrivals; `step` takes the earliest event by the order of event-order.ts: one switch, a rule a kind. The
 * rules are in request-rules.ts, start-rules.ts and replica-rules.ts, the state that they share in pool-state.ts.
 * short-path.ts does the common case, a free slot at hand and nothing rare in between, in one piece; what it leaves, the
 * loop does.
 */
import { assert } from '../base/errors.ts';
import { beginControl, lookAfterEvent, lookNow } from './control-rules.ts';
import { changePool } from './end-rules.ts';
import {
  ARRIVAL,
  COMPLETION,
  CONTROL_TICK,
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
import {
  arrive,
  beginPings,
  complete,
  completeShared,
  giveUp,
  giveUpFirst,
  started,
  tryAgain,
} from './request-rules.ts';
import type { Scenario, TraceChunk } from './scenario.ts';
import { ShortPath } from './short-path.ts';
import { beginFloor, leave, nextStarted } from './start-rules.ts';
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
    beginControl(this.state);
    beginPings(this.state);
  }

  /** Requests of the trace that have arrived. */
  get arrived(): number {
    return this.state.arrived;
  }

  /** Runs up to the last arrival of the chunk; chunks come in order of time. */
  advance(chunk: TraceChunk): void {
    const { state, shortPath } = this;
    const { arrivalUs, serviceUs, count } = chunk;
    const { inputTokens = null, cachedTokens = null, outputTokens = null } = chunk;
    assert(!state.countsTokens || outputTokens !== null, 'tokens are counted where there are any');
    assert(count === 0 || arrivalUs[0]! >= state.nowUs, 'chunks come in order of time');
    let row = shortPath?.run(chunk, 0) ?? 0;
    while (row < count) {
      state.front[ARRIVAL] = arrivalUs[row]!;
      state.arrivalDemandUs = serviceUs[row]!;
      if (inputTokens !== null) state.arrivalInputTokens = inputTokens[row]!;
      if (cachedTokens !== null) state.arrivalCachedTokens = cachedTokens[row]!;
      if (outputTokens !== null) state.arrivalOutputTokens = outputTokens[row]!;
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
    let what = COMPLETION;
    while (what !== NOTHING) {
      if (isStuck(state)) strand(state, endUs);
      what = step(state, isSettled(state) ? endUs : NEVER);
    }
    strand(state, endUs);
    return totals(state, Math.max(state.nowUs, endUs));
  }
}

/** Takes the earliest event, if it comes at or before `limitUs`. @returns its kind */
function step(pool: PoolState, limitUs: number): number {
  const { front } = pool;
  let what = COMPLETION;
  let atUs = front[COMPLETION]!;
  for (let other = READY; other <= CONTROL_TICK; other++) {
    const otherUs = front[other]!;
    if (otherUs < atUs) {
      atUs = otherUs;
      what = other;
    }
  }
  // An idle window without end keeps replicas above the floor: the run is over when nothing more comes.
  if (atUs > limitUs || atUs === NEVER) return NOTHING;
  if (atUs >= front[READING]!) pool.ledger.readUpTo(atUs);
  pool.nowUs = atUs;
  pool.events++;
  switch (what) {
    case COMPLETION:
      if (pool.sharing === null) complete(pool, pool.completions.pop());
      else completeShared(pool);
      break;
    case READY:
      started(pool, nextStarted(pool));
      break;
    case POOL_CHANGE:
      changePool(pool);
      break;
    case ARRIVAL:
      pool.firstUs = atUs;
      pool.demandUs = pool.arrivalDemandUs;
      pool.request = pool.arrived++;
      pool.attempt = 0;
      pool.inputTokens = pool.arrivalInputTokens;
      pool.cachedTokens = pool.arrivalCachedTokens;
      pool.outputTokens = pool.arrivalOutputTokens;
      pool.ping = 0;
      pool.recorder.arrives(atUs);
      arrive(pool);
      break;
    case RETRY:
      tryAgain(pool);
      break;
    case DEADLINE:
      giveUp(pool);
      break;
    case IDLE_EXPIRY:
      leave(pool, pool.idle.nextToLeave(atUs));
      break;
    case CONTROL_TICK:
      lookNow(pool);
      break;
  }
  if (what !== CONTROL_TICK) pool.changedUs = atUs;
  if (pool.toLook !== 0) lookAfterEvent(pool);
  pool.fingerprint = fingerprintOf(pool.fingerprint, atUs, what, pool.busy, pool.queue.size);
  return what;
}

/** Nothing is left to do but to wait for the end of the observed period. */
function isSettled(pool: PoolState): boolean {
  return (
    isQuiet(pool) &&
    pool.queue.size === 0 &&
    (pool.starting + pool.ready <= pool.floor || (pool.control !== null && isSteady(pool)))
  );
}

/** Requests wait, and nothing that is to come will ever serve them: a limit of 0, a controller that never wakes. */
function isStuck(pool: PoolState): boolean {
  const { front } = pool;
  return (
    pool.queue.size > 0 &&
    isQuiet(pool) &&
    pool.starting === 0 &&
    front[POOL_CHANGE] === NEVER &&
    front[DEADLINE] === NEVER &&
    isSteady(pool)
  );
}

function isQuiet({ busy, draining, retries }: PoolState): boolean {
  return busy === 0 && draining === 0 && retries.byTime.size === 0;
}

/** A controller, if there is one, has seen nothing but this for as long as it remembers. */
function isSteady({ control, nowUs, changedUs, memoryUs }: PoolState): boolean {
  return control === null || nowUs - changedUs > memoryUs;
}

/** Those who wait are timed out at the end of the run. */
function strand(pool: PoolState, endUs: number): void {
  if (pool.queue.size === 0) return;
  pool.ledger.readUpTo(endUs);
  pool.nowUs = Math.max(pool.nowUs, endUs);
  pool.stranded += pool.queue.size;
  while (pool.queue.size > 0) giveUpFirst(pool);
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
    mishaps: {
      failedStarts: pool.failedStarts,
      preemptions: pool.preemptions,
      crashes: pool.crashes,
      interrupted: pool.interrupted,
    },
    refusals: [...pool.refusals],
    stranded: pool.stranded,
    pings: pool.pings?.requests() ?? null,
    horizonUs,
    reached: {
      // What a controller would have wanted beyond its limit moves what it wants later: no limit is proved unreached.
      replicas: pool.control === null ? pool.peakReplicas : Number.MAX_VALUE,
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
