/**
 * A service: it begins on a replica, is known to end or shares its speed until it does, and is recorded and metered.
 * What follows from its end is in request-rules.ts.
 */
import type { Attempt } from './attempts.ts';
import { COMPLETION } from './event-order.ts';
import { NEVER, type PoolState } from './pool-state.ts';
import type { Recorder } from './recorder.ts';
import { becomeBusy, hasFreeSlot, takeSlot } from './replica-rules.ts';
import { BUSY } from './replicas.ts';
import type { ServiceLaw } from './scenario.ts';
import { CANCELED, COMPLETES, TIMES_OUT } from './services.ts';

/** Where the figures of the attempt at hand go. */
export function recorderOf(pool: PoolState): Recorder {
  return pool.ping === 0 ? pool.recorder : pool.pings!;
}

function demandBy({ tokens, speed }: ServiceLaw, at: Attempt): number {
  if (at.ping === 1) return at.demandUs;
  if (tokens === null) return Math.round(at.demandUs / speed);
  const { baseUs, perInputTokenUs, perOutputTokenUs } = tokens;
  const us = baseUs + at.inputTokens * perInputTokenUs + at.outputTokens * perOutputTokenUs;
  return Math.round(us / speed);
}

/**
 * The attempt of the fields begins its service. Slots being independent, its end is known now, and recorded now if it
 * completes: the completion has only to free the slot.
 * @param cold 1 if the replica was not ready when the attempt arrived
 */
export function begin(pool: PoolState, replica: number, cold: number): void {
  const { replicas, nowUs, firstUs } = pool;
  if (replicas.state[replica] !== BUSY) becomeBusy(pool, replica);
  if (!pool.oneSlot) takeSlot(pool, replica);
  pool.router.began(replica, !hasFreeSlot(pool, replica), nowUs);
  const row = pool.services.take(replica);
  if (pool.serviceOf !== null) pool.demandUs = pool.serviceOf(pool.request, nowUs - firstUs, cold);
  const demandUs = pool.serviceLaw === null ? pool.demandUs : demandBy(pool.serviceLaw, pool);
  const serviceUs = demandUs + pool.slotOverheadUs;
  if (serviceUs > pool.longestServiceUs) pool.longestServiceUs = serviceUs;
  if (pool.countsTokens || pool.recordsLate) pool.services.attempts.keep(row, pool);
  if (pool.recordsLate || pool.metersRequests) {
    pool.services.beginUs[row] = nowUs;
    pool.services.nth[row] = pool.decided++;
    pool.services.cold[row] = cold;
  }
  if (pool.sharing !== null) {
    beginShared(pool, replica, row, serviceUs);
    return;
  }
  let endUs = nowUs + serviceUs;
  if (pool.mayTimeOut) endUs = endByLimits(pool, row, endUs);
  if (!pool.recordsLate) {
    if (endUs === nowUs + serviceUs) recordCompletion(pool, nowUs - firstUs, endUs, cold);
    pool.ledger.servedUs.add(endUs - nowUs);
    if (pool.kept !== null && pool.ping === 0) pool.kept.serves(nowUs, endUs);
  }
  pool.completions.reserve(row);
  pool.completions.atUs[row] = endUs;
  pool.completions.insert(row);
}

/** The attempt of the fields completes at `endUs`. */
export function recordCompletion(
  pool: PoolState,
  waitUs: number,
  endUs: number,
  cold: number,
): void {
  const latencyUs = endUs - pool.firstUs + pool.overheadUs;
  if (latencyUs > pool.longestLatencyUs) pool.longestLatencyUs = latencyUs;
  const isLate = latencyUs > pool.patienceUs;
  recorderOf(pool).completes(pool.firstUs, waitUs, latencyUs, cold, isLate);
  if (pool.recent !== null) pool.recent.add(endUs, latencyUs);
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
  services.attempts.keep(row, pool);
  return endUs;
}

/** The attempt of the fields begins on a replica whose requests share its speed. */
function beginShared(pool: PoolState, replica: number, row: number, serviceUs: number): void {
  const { services, nowUs } = pool;
  services.end[row] = COMPLETES;
  pool.sharing!.join(replica, row, serviceUs, nowUs);
  if (pool.mayTimeOut) {
    const cutUs = endByLimits(pool, row, NEVER);
    if (cutUs < NEVER) pool.limits.insert(row, cutUs, pool.sharing!.turnOf(row));
  }
  setSharedFront(pool);
}

/** Of a completion and a limit at one time, what began first. */
export function completesFirst({ sharing, limits }: PoolState): boolean {
  const { nextUs, nextResource } = sharing!;
  if (nextUs !== limits.topKey) return nextUs < limits.topKey;
  return sharing!.turnOf(sharing!.first(nextResource)) <= sharing!.turnOf(limits.top());
}

export function setSharedFront({ front, sharing, limits }: PoolState): void {
  front[COMPLETION] = Math.min(sharing!.nextUs, limits.topKey);
}

/** Of a service that is over, what is known only now. */
export function hasServed(pool: PoolState, row: number): void {
  const servedUs = pool.nowUs - pool.services.beginUs[row]!;
  pool.ledger.servedUs.add(servedUs);
  if (pool.kept !== null && !pool.services.attempts.isPing(row)) {
    pool.kept.serves(pool.services.beginUs[row]!, pool.nowUs);
  }
  if (servedUs > pool.longestServiceUs) pool.longestServiceUs = servedUs;
}

/** A service ends before its time: nothing of it is pending any more. */
export function stopService(pool: PoolState, row: number): void {
  if (pool.sharing === null) pool.completions.remove(row);
  else {
    pool.sharing.leave(row, pool.nowUs);
    if (pool.limits.has(row)) pool.limits.remove(row);
    setSharedFront(pool);
  }
  hasServed(pool, row);
}

export function meterRequest(pool: PoolState, serviceUs: number): void {
  for (const meter of pool.meters) meter.request(serviceUs);
}
