/** What a replica does between its start and its end: it becomes busy, idle, and is counted as what it is. */
import { IDLE_EXPIRY } from './event-order.ts';
import { NEVER, type PoolState } from './pool-state.ts';
import { BUSY, DRAINING, IDLE, STARTING, UNUSED } from './replicas.ts';

export function becomeBusy(pool: PoolState, replica: number): void {
  const { replicas } = pool;
  if (replicas.state[replica]! >= UNUSED) {
    pool.idle.remove(replica);
    setExpiry(pool);
  }
  if (pool.followsStates) followToBusy(pool, replica);
  replicas.state[replica] = BUSY;
  setBusy(pool, pool.busy + 1);
}

export function becomeIdle(pool: PoolState, replica: number): void {
  const { replicas } = pool;
  const served = replicas.state[replica] === BUSY;
  if (pool.followsStates) followToIdle(pool, replica);
  if (served) setBusy(pool, pool.busy - 1);
  replicas.state[replica] = served ? IDLE : UNUSED;
  pool.idle.add(replica, pool.nowUs);
  setExpiry(pool);
}

export function hasFreeSlot(pool: PoolState, replica: number): boolean {
  return pool.oneSlot
    ? pool.replicas.state[replica] !== BUSY
    : pool.replicas.inService[replica]! < pool.concurrency;
}

/** With more than one slot a replica. */
export function takeSlot(pool: PoolState, replica: number): void {
  pool.replicas.inService[replica]!++;
  pool.ledger.inService.set(++pool.slotsTaken, pool.nowUs);
}

/** With more than one slot a replica. */
export function freeSlot(pool: PoolState, replica: number): void {
  pool.replicas.inService[replica]!--;
  pool.ledger.inService.set(--pool.slotsTaken, pool.nowUs);
}

/** A busy replica takes no more requests; what it serves may end. */
export function beginDraining(pool: PoolState, replica: number): void {
  const { replicas, nowUs } = pool;
  pool.router.withdraw(replica);
  if (pool.followsStates) followToIdle(pool, replica);
  setBusy(pool, pool.busy - 1);
  replicas.state[replica] = DRAINING;
  replicas.drainSinceUs[replica] = nowUs;
  setReady(pool, pool.ready - 1);
  setDraining(pool, pool.draining + 1);
}

/** A replica is gone, whatever its state was; it serves nothing any more, and what promised its slots knows. */
export function depart(pool: PoolState, replica: number): void {
  const { replicas, nowUs } = pool;
  const state = replicas.state[replica]!;
  if (state === UNUSED || state === IDLE) pool.idle.remove(replica);
  if (state !== STARTING && state !== DRAINING) pool.router.withdraw(replica);
  if (pool.ends.has(replica)) pool.ends.remove(replica);
  for (const meter of pool.meters) meter.life(replica, nowUs);
  if (isUnusedStart(pool, replica)) pool.unusedStarts++;
  replicas.leave(replica);
  if (state === BUSY) setBusy(pool, pool.busy - 1);
  if (state === STARTING) setStarting(pool, pool.starting - 1);
  else if (state === DRAINING) setDraining(pool, pool.draining - 1);
  else setReady(pool, pool.ready - 1);
}

function setDraining(pool: PoolState, draining: number): void {
  pool.draining = draining;
  pool.ledger.draining.set(draining, pool.nowUs);
}

function setBusy(pool: PoolState, busy: number): void {
  pool.busy = busy;
  pool.ledger.busy.set(busy, pool.nowUs);
  if (pool.floor > 0) setKept(pool);
}

export function setKept(pool: PoolState): void {
  const held = Math.min(pool.ready, pool.floor);
  pool.ledger.held.set(held, pool.nowUs);
  pool.ledger.kept.set(Math.max(0, held - pool.busy), pool.nowUs);
}

export function setReady(pool: PoolState, ready: number): void {
  pool.ready = ready;
  pool.ledger.ready.set(ready, pool.nowUs);
  setKept(pool);
  setExpiry(pool);
}

export function setStarting(pool: PoolState, starting: number): void {
  pool.starting = starting;
  pool.ledger.starting.set(starting, pool.nowUs);
  pool.peakReplicas = Math.max(pool.peakReplicas, starting + pool.ready);
}

export function setExpiry(pool: PoolState): void {
  pool.front[IDLE_EXPIRY] =
    pool.ready > pool.hold ? Math.max(pool.nowUs, pool.idle.nextEndUs()) : NEVER;
}

export function isUnusedStart(pool: PoolState, replica: number): boolean {
  const { replicas, recorder } = pool;
  return (
    (replicas.state[replica] === UNUSED || replicas.state[replica] === STARTING) &&
    replicas.isStarted[replica] === 1 &&
    recorder.counts(replicas.startUs[replica]!)
  );
}

function followToBusy(pool: PoolState, replica: number): void {
  const { replicas, nowUs } = pool;
  if (replicas.state[replica]! >= UNUSED) {
    meterState(pool, replica, false, replicas.sinceUs[replica]!);
  }
  replicas.sinceUs[replica] = nowUs;
}

function followToIdle(pool: PoolState, replica: number): void {
  const { replicas, nowUs } = pool;
  if (replicas.state[replica] === BUSY) {
    replicas.busyUs[replica]! += nowUs - replicas.sinceUs[replica]!;
    meterState(pool, replica, true, replicas.sinceUs[replica]!);
  }
  replicas.sinceUs[replica] = nowUs;
}

function meterState(pool: PoolState, replica: number, isBusy: boolean, fromUs: number): void {
  for (const meter of pool.meters) {
    if (meter.followsStates) meter.state(replica, isBusy, fromUs, pool.nowUs);
  }
}
