/**
 * The life of a request: it arrives, waits or begins, completes, or is refused or gives up, and may be tried again.
 *
 * Where other ways to serve on a replica come in: `begin` decides when a service ends, `complete` what follows; nothing
 * else knows.
 */
import { DEADLINE, READY, RETRY } from './event-order.ts';
import { NEVER, type PoolState } from './pool-state.ts';
import { NONE } from './recency-list.ts';
import {
  becomeBusy,
  becomeIdle,
  freeSlot,
  hasFreeSlot,
  setReady,
  setStarting,
  takeSlot,
} from './replica-rules.ts';
import { BUSY, READY_NOW } from './replicas.ts';
import { CANCELED, COMPLETES, TIMES_OUT } from './services.ts';
import { hasRoom, luck, settlePromises, startWanted } from './start-rules.ts';

/** An attempt arrives: it takes a free slot, or waits if admission lets it. */
export function arrive(pool: PoolState): void {
  pool.ledger.attempts++;
  const replica = pick(pool);
  if (replica === NONE) {
    wait(pool);
    return;
  }
  begin(pool, replica, 0);
}

function pick(pool: PoolState): number {
  if (pool.router.byRecency) return pool.router.pickRecent();
  return pool.router.pickRanked(() => luck(pool, 'routing', pool.request, pool.attempt));
}

function wait(pool: PoolState): void {
  const { queue } = pool;
  if (!admits(pool)) {
    if (!retry(pool, pool.scenario.client.retries?.onRejected === true)) {
      pool.recorder.rejects(pool.firstUs);
    }
    return;
  }
  const row = queue.append(pool.nowUs);
  queue.firstUs[row] = pool.firstUs;
  queue.arrivedUs[row] = pool.nowUs;
  queue.demandUs[row] = pool.demandUs;
  queue.request[row] = pool.request;
  queue.attempt[row] = pool.attempt;
  queue.readiesSeen[row] = pool.readied;
  if (pool.cancels) {
    const goneUs = Math.max(pool.nowUs, pool.firstUs + pool.patienceUs);
    pool.cancelations.insert(row, goneUs, pool.decided++);
  }
  if (pool.hasDeadlines) setDeadline(pool);
  settlePromises(pool);
  startWanted(pool);
}

function admits(pool: PoolState): boolean {
  const { queueLimit } = pool.scenario;
  if (queueLimit > 0) return pool.queue.size < queueLimit;
  if (pool.bindings === null) {
    if (pool.queue.size < pool.starting * pool.concurrency) return true;
  } else if (pool.bindings.hasOpenSlot()) return true;
  return hasRoom(pool) && pool.tokens.has(pool.nowUs);
}

/** A waiting request takes a slot of a ready replica. */
function serve(pool: PoolState, replica: number, waiting: number): void {
  recall(pool, waiting);
  const seen = pool.queue.readiesSeen[waiting]!;
  leaveQueue(pool, waiting);
  begin(pool, replica, pool.replicas.readyOrder[replica]! > seen ? 1 : 0);
}

/** A replica has started: it takes what is bound to it, then the head of the queue, up to its slots. */
export function becomeReady(pool: PoolState, replica: number): void {
  const { replicas, bindings } = pool;
  pool.front[READY] = pool.readies.topKey;
  setStarting(pool, pool.starting - 1);
  setReady(pool, pool.ready + 1);
  replicas.state[replica] = READY_NOW;
  replicas.readyUs[replica] = pool.nowUs;
  replicas.readyOrder[replica] = ++pool.readied;
  pool.ledger.started(replica);
  if (bindings !== null) {
    bindings.ready(replica);
    for (let row = bindings.take(replica); row !== NONE; row = bindings.take(replica)) {
      serve(pool, replica, row);
    }
  }
  settlePromises(pool);
  while (hasFreeSlot(pool, replica) && nextForReady(pool) !== NONE) {
    serve(pool, replica, nextForReady(pool));
  }
  if (replicas.state[replica] === READY_NOW) becomeIdle(pool, replica);
  if (hasFreeSlot(pool, replica)) pool.router.offer(replica, pool.nowUs);
}

/**
 * The attempt of the fields begins its service. Slots being independent, its end is known now, and recorded now if it
 * completes: the completion has only to free the slot.
 * @param cold 1 if the replica was not ready when the attempt arrived
 */
function begin(pool: PoolState, replica: number, cold: number): void {
  const { replicas, nowUs, firstUs } = pool;
  if (replicas.state[replica] !== BUSY) becomeBusy(pool, replica);
  if (!pool.oneSlot) takeSlot(pool, replica);
  pool.router.began(replica, !hasFreeSlot(pool, replica), nowUs);
  const row = pool.services.take(replica);
  if (pool.serviceOf !== null) pool.demandUs = pool.serviceOf(pool.request, nowUs - firstUs, cold);
  const serviceUs = pool.demandUs + pool.slotOverheadUs;
  if (serviceUs > pool.longestServiceUs) pool.longestServiceUs = serviceUs;
  let endUs = nowUs + serviceUs;
  if (pool.mayTimeOut) endUs = endByLimits(pool, row, endUs);
  if (endUs === nowUs + serviceUs) {
    const latencyUs = endUs - firstUs + pool.overheadUs;
    if (latencyUs > pool.longestLatencyUs) pool.longestLatencyUs = latencyUs;
    const isLate = latencyUs > pool.patienceUs;
    pool.recorder.completes(firstUs, nowUs - firstUs, latencyUs, cold, isLate);
  }
  pool.ledger.servedUs.add(endUs - nowUs);
  if (pool.metersRequests) pool.services.beginUs[row] = nowUs;
  pool.completions.reserve(row);
  pool.completions.atUs[row] = endUs;
  pool.completions.insert(row);
}

/** When a service really ends, given its limits; an attempt that will not complete keeps what a retry needs. */
function endByLimits(pool: PoolState, row: number, demandedEndUs: number): number {
  const { services, nowUs } = pool;
  let endUs = demandedEndUs;
  services.end[row] = COMPLETES;
  if (endUs > nowUs + pool.executionTimeoutUs) {
    endUs = nowUs + pool.executionTimeoutUs;
    services.end[row] = TIMES_OUT;
  }
  const goneUs = pool.cancels ? pool.firstUs + pool.patienceUs : NEVER;
  if (endUs > goneUs) {
    endUs = Math.max(nowUs, goneUs);
    services.end[row] = CANCELED;
  }
  services.firstUs[row] = pool.firstUs;
  services.demandUs[row] = pool.demandUs;
  services.request[row] = pool.request;
  services.attempt[row] = pool.attempt;
  return endUs;
}

/** A service ends; its slot takes the head of the queue at once, or is free. */
export function complete(pool: PoolState, row: number): void {
  if (!pool.mayTimeOut || pool.services.end[row] === COMPLETES) pool.ledger.completed++;
  else timeOutInService(pool, row);
  if (pool.metersRequests) meterRequest(pool, pool.nowUs - pool.services.beginUs[row]!);
  const replica = pool.services.release(row);
  if (!pool.oneSlot) freeSlot(pool, replica);
  const waiting = nextForReady(pool);
  if (waiting !== NONE) {
    serve(pool, replica, waiting);
    return;
  }
  if (pool.oneSlot || pool.replicas.inService[replica] === 0) becomeIdle(pool, replica);
  pool.router.offer(replica, pool.nowUs);
}

/** The request that a free slot of a ready replica takes: nobody's promise, or with a shared queue its head. */
function nextForReady(pool: PoolState): number {
  return pool.bindings === null ? pool.queue.first : pool.queue.firstUnpromised;
}

/** A waiting request meets its deadline, or its client has gone. */
export function giveUp(pool: PoolState): void {
  const { queue } = pool;
  const head = queue.first;
  const isTimeout = queue.arrivedUs[head]! + pool.queueTimeoutUs <= pool.nowUs;
  const waiting = isTimeout ? head : pool.cancelations.top();
  recall(pool, waiting);
  endsUnserved(pool);
  if (queue.boundTo[waiting] !== NONE) pool.bindings!.release(waiting);
  leaveQueue(pool, waiting);
  timeOut(pool, !isTimeout);
}

/** The attempt that waits in a row is the one of the fields. */
function recall(pool: PoolState, waiting: number): void {
  const { queue } = pool;
  pool.firstUs = queue.firstUs[waiting]!;
  pool.demandUs = queue.demandUs[waiting]!;
  pool.request = queue.request[waiting]!;
  pool.attempt = queue.attempt[waiting]!;
}

function leaveQueue(pool: PoolState, waiting: number): void {
  const { queue } = pool;
  const waitedUs = pool.nowUs - queue.arrivedUs[waiting]!;
  if (waitedUs > pool.longestQueueUs) pool.longestQueueUs = waitedUs;
  if (pool.cancels) pool.cancelations.remove(waiting);
  queue.remove(waiting, pool.nowUs);
  if (pool.hasDeadlines) setDeadline(pool);
  settlePromises(pool);
}

/** The next deadline is that of the longest-waiting, or of a client that goes before. */
function setDeadline(pool: PoolState): void {
  const { first } = pool.queue;
  pool.front[DEADLINE] =
    first === NONE
      ? NEVER
      : Math.min(pool.queue.arrivedUs[first]! + pool.queueTimeoutUs, pool.cancelations.topKey);
}

function timeOutInService(pool: PoolState, row: number): void {
  const { services } = pool;
  pool.firstUs = services.firstUs[row]!;
  pool.demandUs = services.demandUs[row]!;
  pool.request = services.request[row]!;
  pool.attempt = services.attempt[row]!;
  endsUnserved(pool);
  timeOut(pool, services.end[row] === CANCELED);
}

/** The attempt of the fields ends unserved or unfinished. */
function timeOut(pool: PoolState, clientIsGone: boolean): void {
  const wanted = !clientIsGone && pool.scenario.client.retries?.onTimedOut === true;
  if (!retry(pool, wanted)) pool.recorder.timesOut(pool.firstUs);
}

function endsUnserved(pool: PoolState): void {
  pool.longestLatencyUs = Math.max(pool.longestLatencyUs, pool.nowUs - pool.firstUs);
}

/** Whether the client tries the attempt of the fields again; decides when. */
function retry(pool: PoolState, wanted: boolean): boolean {
  const { retries } = pool.scenario.client;
  if (!wanted || retries === null || pool.attempt >= retries.max) return false;
  let backoffUs = retries.backoffUs * retries.factor ** pool.attempt;
  if (retries.jitter === 'full') {
    backoffUs *= luck(pool, 'retry', pool.request, pool.attempt).next();
  }
  const atUs = pool.nowUs + Math.round(backoffUs);
  const sinceFirstUs = atUs - pool.firstUs;
  if (sinceFirstUs > pool.longestLatencyUs) pool.longestLatencyUs = sinceFirstUs;
  if (sinceFirstUs >= pool.patienceUs) return false;
  const row = pool.retries.append(atUs);
  pool.front[RETRY] = pool.retries.byTime.topKey;
  pool.retries.firstUs[row] = pool.firstUs;
  pool.retries.demandUs[row] = pool.demandUs;
  pool.retries.request[row] = pool.request;
  pool.retries.attempt[row] = pool.attempt + 1;
  return true;
}

export function tryAgain(pool: PoolState, row: number): void {
  pool.front[RETRY] = pool.retries.byTime.topKey;
  pool.firstUs = pool.retries.firstUs[row]!;
  pool.demandUs = pool.retries.demandUs[row]!;
  pool.request = pool.retries.request[row]!;
  pool.attempt = pool.retries.attempt[row]!;
  pool.recorder.retried(pool.firstUs);
  arrive(pool);
}

function meterRequest(pool: PoolState, serviceUs: number): void {
  for (const meter of pool.meters) meter.request(serviceUs);
}
