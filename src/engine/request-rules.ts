/**
 * The life of a request: it arrives, waits or begins, completes, or is refused or gives up, and may be tried again.
 *
 * Where other ways to serve on a replica come in: `begin` (service-rules.ts) decides when a service ends, `complete` what
 * follows; nothing else knows.
 */
import { DEADLINE, RETRY } from './event-order.ts';
import { REFUSALS, type Refusal } from './gate.ts';
import { failsToStart, planLife } from './lifetimes.ts';
import { nextPing } from './pings.ts';
import {
  AFTER_ARRIVAL,
  AFTER_CHANGE,
  AFTER_COMPLETION,
  AFTER_REFUSAL,
  NEVER,
  type PoolState,
} from './pool-state.ts';
import { NONE } from './recency-list.ts';
import {
  becomeIdle,
  depart,
  freeSlot,
  hasFreeSlot,
  setReady,
  setStarting,
} from './replica-rules.ts';
import { DRAINING, READY_NOW } from './replicas.ts';
import {
  begin,
  completesFirst,
  hasServed,
  meterRequest,
  recordCompletion,
  recorderOf,
  setSharedFront,
} from './service-rules.ts';
import { CANCELED, COMPLETES } from './services.ts';
import { hasRoom, luck, setPoolChange, settlePromises, startWanted, wake } from './start-rules.ts';
import { TIMEOUTS, type Timeout } from './totals.ts';

/** An attempt arrives: it takes a free slot, or waits if admission lets it. */
export function arrive(pool: PoolState): void {
  if (pool.ties === null) comeIn(pool, pool.readied);
  else pool.ties.door.arrives(pool);
}

/** @param seen how many replicas had become ready when the attempt arrived */
export function comeIn(pool: PoolState, seen: number): void {
  countAttempt(pool);
  pool.startsCaused = 0;
  const why = pool.gatekeeper === null ? null : pool.gatekeeper.refusal(pool);
  if (why === null) enter(pool, seen);
  else refuse(pool, why);
}

function enter(pool: PoolState, seen: number): void {
  const replica = pick(pool);
  if (replica !== NONE) begin(pool, replica, coldAt(pool, replica, seen));
  else if (admits(pool)) wait(pool, seen);
  else refuse(pool, 'queue');
  if (pool.control?.looksAtArrivals) pool.toLook |= AFTER_ARRIVAL;
}

/** One pool of several: takes the attempt onto a free slot if it has one, and if its gate lets it. */
export function takesAtOnce(pool: PoolState, seen: number): boolean {
  const replica = pick(pool);
  if (replica === NONE || pool.gatekeeper?.objection(pool)) return false;
  takeIn(pool);
  begin(pool, replica, coldAt(pool, replica, seen));
  return true;
}

/** One pool of several: lets the attempt start a replica or wait. @returns why not */
export function objectionToWait(pool: PoolState): Refusal | null {
  return pool.gatekeeper?.objection(pool) ?? (admits(pool) ? null : 'queue');
}

/** One pool of several, without an objection. */
export function takeToWait(pool: PoolState, seen: number): void {
  takeIn(pool);
  wait(pool, seen);
}

function takeIn(pool: PoolState): void {
  countAttempt(pool);
  pool.startsCaused = 0;
  pool.gatekeeper?.take(pool);
  if (pool.control?.looksAtArrivals) pool.toLook |= AFTER_ARRIVAL;
}

export function countAttempt(pool: PoolState): void {
  pool.ledger.attempts++;
  if (pool.attempt > 0 || pool.ping === 1) pool.ledger.again++;
}

/** 1 if the replica was not ready when the attempt arrived. */
function coldAt(pool: PoolState, replica: number, seen: number): number {
  return seen < pool.readied && pool.replicas.readyOrder[replica]! > seen ? 1 : 0;
}

function pick(pool: PoolState): number {
  if (pool.router.byRecency) return pool.router.pickRecent();
  return pool.router.pickRanked(() => luck(pool, 'routing', pool.request, pool.attempt));
}

function wait(pool: PoolState, seen: number): void {
  const { queue } = pool;
  const row = queue.append(pool.nowUs);
  queue.attempts.keep(row, pool);
  queue.arrivedUs[row] = pool.nowUs;
  queue.readiesSeen[row] = seen;
  if (pool.cancels) {
    const goneUs = Math.max(pool.nowUs, pool.firstUs + pool.patienceUs);
    pool.cancelations.insert(row, goneUs, pool.decided++);
  }
  if (pool.hasDeadlines) setDeadline(pool);
  settlePromises(pool);
  startWanted(pool);
}

/** The attempt of the fields may not come in. */
function refuse(pool: PoolState, why: Refusal): void {
  turnAway(pool, why);
  reject(pool, why);
}

/** What a refusal means to the pool. */
export function turnAway(pool: PoolState, why: Refusal): void {
  pool.ledger.refused++;
  pool.gatekeeper?.turnsAway(why);
  const asks = why === 'no-replica' && pool.gatekeeper!.wakes;
  if (asks && pool.control === null) wake(pool);
  if (pool.control?.looksAtRefusals) pool.toLook |= AFTER_REFUSAL;
}

/** What a refusal means to the request: its client tries again, or it is rejected. */
export function reject(pool: PoolState, why: Refusal): void {
  if (pool.ping === 0) pool.refusals[REFUSALS.indexOf(why)]!++;
  endsUnserved(pool);
  const isTriedAgain = retry(pool, pool.scenario.client.retries?.onRejected === true);
  if (!isTriedAgain) recorderOf(pool).rejects(pool.firstUs);
}

function admits(pool: PoolState): boolean {
  const { queueLimit } = pool.scenario;
  if (queueLimit > 0) return pool.queue.size < queueLimit;
  if (pool.bindings === null) {
    if (pool.queue.size < pool.starting * pool.concurrency) return true;
  } else if (pool.bindings.hasOpenSlot()) return true;
  return pool.control === null && hasRoom(pool) && pool.startTokens.has(pool.nowUs);
}

/** A waiting request takes a slot of a ready replica. */
function serve(pool: PoolState, replica: number, waiting: number): void {
  pool.queue.attempts.recall(waiting, pool);
  const seen = pool.queue.readiesSeen[waiting]!;
  leaveQueue(pool, waiting);
  begin(pool, replica, pool.replicas.readyOrder[replica]! > seen ? 1 : 0);
}

/** A replica has been through its start phases, or NONE has: it is ready, unless its start comes to nothing. */
export function started(pool: PoolState, replica: number): void {
  if (replica === NONE) return;
  const { lifecycle } = pool.scenario;
  const fails = lifecycle !== null && failsToStart(pool, replica);
  if (!fails) becomeReady(pool, replica);
  if (lifecycle === null) return;
  if (!fails) planLife(pool, lifecycle, replica);
  setPoolChange(pool);
}

/** The replica takes what is bound to it, then the head of the queue, up to its slots. */
function becomeReady(pool: PoolState, replica: number): void {
  const { replicas, bindings } = pool;
  setStarting(pool, pool.starting - 1);
  setReady(pool, pool.ready + 1);
  replicas.state[replica] = READY_NOW;
  replicas.readyUs[replica] = pool.nowUs;
  replicas.readyOrder[replica] = ++pool.readied;
  if (replicas.startUs[replica]! <= Math.max(pool.changedUs, pool.movedUs)) {
    pool.movedUs = pool.nowUs;
  }
  pool.ledger.started(replica);
  pool.kept?.becomesReady(replicas, replica);
  pool.ways.becomesReady(replicas.path[replica]!, pool.nowUs - replicas.startUs[replica]!);
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

/** A service ends; its slot takes the head of the queue at once, or is free. */
export function complete(pool: PoolState, row: number): void {
  const { services, nowUs } = pool;
  const replica = services.replicaOf(row);
  const completes = !pool.mayTimeOut || services.end[row] === COMPLETES;
  if (pool.countsTokens || pool.recordsLate) services.attempts.recall(row, pool);
  if (pool.recordsLate) {
    const beginUs = services.beginUs[row]!;
    hasServed(pool, row);
    if (completes) recordCompletion(pool, beginUs - pool.firstUs, nowUs, services.cold[row]!);
  }
  if (completes) {
    pool.ledger.completed++;
    pool.inVain = 0;
    if (pool.countsTokens) pool.ledger.completedTokens(pool);
  } else timeOutInService(pool, row);
  if (pool.metersRequests) meterRequest(pool, nowUs - services.beginUs[row]!);
  services.release(row);
  if (!pool.oneSlot) freeSlot(pool, replica);
  if (pool.replicas.state[replica] !== DRAINING) takeNextOrRest(pool, replica);
  else if (pool.oneSlot || pool.replicas.inService[replica] === 0) {
    depart(pool, replica);
    setPoolChange(pool);
  }
  if (pool.control?.looksAtCompletions) pool.toLook |= AFTER_COMPLETION;
}

/** A service on a replica that is shared completes, or meets its limit; at one time what began first. */
export function completeShared(pool: PoolState): void {
  const { limits, services, nowUs } = pool;
  const sharing = pool.sharing!;
  let row: number;
  if (completesFirst(pool)) {
    row = sharing.pop();
    services.end[row] = COMPLETES;
    if (limits.has(row)) limits.remove(row);
  } else {
    row = limits.pop();
    if (sharing.isDone(row, nowUs)) services.end[row] = COMPLETES;
    sharing.leave(row, nowUs);
  }
  setSharedFront(pool);
  complete(pool, row);
}

function takeNextOrRest(pool: PoolState, replica: number): void {
  const waiting = nextForReady(pool);
  if (waiting !== NONE) {
    serve(pool, replica, waiting);
    return;
  }
  if (pool.oneSlot || pool.replicas.inService[replica] === 0) becomeIdle(pool, replica);
  pool.router.offer(replica, pool.nowUs);
}

/** Who has lost a promise takes a slot that is free, which with `binding: own` there may be; else another promise. */
export function settleLost(pool: PoolState): void {
  const { queue, bindings } = pool;
  const lost: number[] = [];
  if (bindings !== null) {
    for (let row = queue.firstUnpromised; row !== NONE; row = queue.next(row)) {
      if (!queue.isPromised(row)) lost.push(row);
    }
  }
  for (const waiting of lost) {
    queue.attempts.recall(waiting, pool);
    const replica = pick(pool);
    if (replica === NONE) break;
    // As one before it left the queue, it may have been promised another slot.
    if (queue.boundTo[waiting] !== NONE) bindings!.release(waiting);
    serve(pool, replica, waiting);
  }
  settlePromises(pool);
}

/** What a replica did not finish: the platform tries again at once, or it failed and its client may. */
export function interrupt(pool: PoolState, row: number): void {
  const { services, scenario } = pool;
  services.attempts.recall(row, pool);
  if (pool.ping === 0) pool.interrupted++;
  if (pool.metersRequests) meterRequest(pool, pool.nowUs - services.beginUs[row]!);
  services.release(row);
  pool.inVain++;
  if (pool.isHopeless) fail(pool);
  else if (scenario.lifecycle?.interrupted === 'requeue') enter(pool, pool.readied);
  else {
    endsUnserved(pool);
    timeOut(pool, false);
  }
}

/** The request that a free slot of a ready replica takes: nobody's promise, or with a shared queue its head. */
function nextForReady(pool: PoolState): number {
  return pool.bindings === null ? pool.queue.first : pool.queue.firstUnpromised;
}

/** The longest-waiting will never be served. */
export function giveUpFirst(pool: PoolState): void {
  const waiting = pool.queue.first;
  pool.queue.attempts.recall(waiting, pool);
  if (pool.queue.boundTo[waiting] !== NONE) pool.bindings!.release(waiting);
  leaveQueue(pool, waiting);
  fail(pool);
}

/** The attempt of the fields will never be served: timed out, and nobody tries again. */
export function fail(pool: PoolState): void {
  endsUnserved(pool);
  if (pool.ping === 0) pool.stranded++;
  recorderOf(pool).timesOut(pool.firstUs);
}

/** A waiting request meets its deadline, or its client has gone. */
export function giveUp(pool: PoolState): void {
  const { queue } = pool;
  const head = queue.first;
  const isTimeout = queue.arrivedUs[head]! + pool.queueTimeoutUs <= pool.nowUs;
  if (!isTimeout && pool.cancelations.topKey > pool.nowUs) {
    asksToMoveOn(pool);
    return;
  }
  const waiting = isTimeout ? head : pool.cancelations.top();
  queue.attempts.recall(waiting, pool);
  endsUnserved(pool);
  const whileWaiting = queue.isPromised(waiting) ? 'for-start' : 'for-limit';
  countTimeout(pool, isTimeout ? whileWaiting : 'client-gone');
  if (queue.boundTo[waiting] !== NONE) pool.bindings!.release(waiting);
  leaveQueue(pool, waiting);
  if (pool.control?.looksAtChanges) pool.toLook |= AFTER_CHANGE;
  timeOut(pool, !isTimeout);
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

/** A waiting request goes on in another pool. */
export function leaveForOther(pool: PoolState, waiting: number): void {
  if (pool.queue.boundTo[waiting] !== NONE) pool.bindings!.release(waiting);
  leaveQueue(pool, waiting);
}

/** The next deadline is that of the longest-waiting, or of a client that goes before. */
function setDeadline(pool: PoolState): void {
  const { first } = pool.queue;
  pool.front[DEADLINE] =
    first === NONE
      ? NEVER
      : Math.min(
          pool.queue.arrivedUs[first]! + pool.queueTimeoutUs,
          pool.cancelations.topKey,
          pool.movesOn ? moveOnAtUs(pool) : NEVER,
        );
}

/** When the longest-waiting is to move on, or is to ask again whether it may. */
function moveOnAtUs(pool: PoolState): number {
  return isToMoveOn(pool)
    ? pool.askAgainUs
    : pool.queue.arrivedUs[pool.queue.first]! + pool.ties!.overflowUs;
}

/** Whether the longest-waiting has waited here as long as it should; at the instant itself, once its turn has come. */
export function isToMoveOn({ queue, nowUs, askedAtUs, ties }: PoolState): boolean {
  if (queue.size === 0) return false;
  const dueUs = queue.arrivedUs[queue.first]! + ties!.overflowUs;
  return dueUs < nowUs || (dueUs === nowUs && askedAtUs === nowUs);
}

/** What follows is the door's: see deployment.ts. */
function asksToMoveOn(pool: PoolState): void {
  pool.askedAtUs = pool.nowUs;
  askAgainAt(pool, NEVER);
}

/** @param atUs when another pool may take the longest-waiting, though nothing happens before */
export function askAgainAt(pool: PoolState, atUs: number): void {
  pool.askAgainUs = atUs;
  setDeadline(pool);
}

function timeOutInService(pool: PoolState, row: number): void {
  pool.services.attempts.recall(row, pool);
  endsUnserved(pool);
  const isGone = pool.services.end[row] === CANCELED;
  countTimeout(pool, isGone ? 'client-gone' : 'in-service');
  timeOut(pool, isGone);
}

export function countTimeout(pool: PoolState, why: Timeout): void {
  if (pool.ping === 0) pool.timeouts[TIMEOUTS.indexOf(why)]!++;
}

/** The attempt of the fields ends unserved or unfinished. */
export function timeOut(pool: PoolState, clientIsGone: boolean): void {
  const wanted = !clientIsGone && pool.scenario.client.retries?.onTimedOut === true;
  if (!retry(pool, wanted)) recorderOf(pool).timesOut(pool.firstUs);
}

export function endsUnserved(pool: PoolState): void {
  pool.longestLatencyUs = Math.max(pool.longestLatencyUs, pool.nowUs - pool.firstUs);
}

/** Whether the client tries the attempt of the fields again; decides when. */
function retry(pool: PoolState, wanted: boolean): boolean {
  const { retries } = pool.scenario.client;
  if (!wanted || pool.ping === 1 || retries === null || pool.attempt >= retries.max) return false;
  let backoffUs = retries.backoffUs * retries.factor ** pool.attempt;
  if (retries.jitter === 'full') {
    backoffUs *= luck(pool.home, 'retry', pool.request, pool.attempt).next();
  }
  const atUs = pool.nowUs + Math.round(backoffUs);
  const sinceFirstUs = atUs - pool.firstUs;
  if (sinceFirstUs > pool.longestLatencyUs) pool.longestLatencyUs = sinceFirstUs;
  if (sinceFirstUs >= pool.patienceUs) return false;
  const { home } = pool;
  home.retries.append(atUs, pool);
  home.front[RETRY] = home.retries.byTime.topKey;
  if (pool !== home) pool.recorder.hands(pool.firstUs, home.recorder);
  return true;
}

/** A client tries again, or a ping comes. */
export function tryAgain(pool: PoolState): void {
  pool.retries.pop(pool);
  if (pool.ping === 0) pool.recorder.retried(pool.firstUs);
  else nextPing(pool);
  pool.front[RETRY] = pool.retries.byTime.topKey;
  arrive(pool);
}
