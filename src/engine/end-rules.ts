/**
 * How replicas end other than by their idle window: a start that comes to nothing, preemption with notice, a crash, old
 * age, a rollout, a controller that wants fewer. A replica that is to leave finishes what it serves (draining) as long as
 * it may; what it does not finish is interrupted.
 */
import type { Lifecycle } from './lifecycle.ts';
import { AGES, CRASHES, NOTICE, OUT_OF_TIME, planEnd } from './lifetimes.ts';
import { NEVER, type PoolState } from './pool-state.ts';
import { NONE } from './recency-list.ts';
import { beginDraining, depart, freeSlot } from './replica-rules.ts';
import { BUSY, DRAINING, STARTING } from './replicas.ts';
import { interrupt, stopService } from './request-rules.ts';
import { abandonStart, moveFloor, settlePromises, startWanted } from './start-rules.ts';

/** The floor moves, replicas are replaced, preempted, or end in some other way, or a start-rate token has come. */
export function changePool(pool: PoolState): void {
  if (pool.floorMovesAtUs === pool.nowUs) moveFloor(pool);
  if (pool.scenario.lifecycle !== null) endReplicas(pool, pool.scenario.lifecycle);
  startWanted(pool);
}

/** What is due now, in this order: a rollout, a spell of shortage, then replica by replica. */
function endReplicas(pool: PoolState, lifecycle: Lifecycle): void {
  const { nowUs, ends, replicas } = pool;
  if (pool.rolloutAtUs === nowUs) {
    pool.rolloutAtUs = lifecycle.rolloutsUs[++pool.nextRollout] ?? NEVER;
    for (const replica of alive(pool)) replace(pool, replica, lifecycle.drainTimeoutUs);
  }
  if (pool.spellAtUs === nowUs) {
    pool.spellAtUs = pool.weather!.nextBeginUs(nowUs);
    for (const replica of alive(pool)) preempt(pool, replica, lifecycle);
  }
  while (ends.topKey <= nowUs) {
    const replica = ends.pop();
    const kind = replicas.endKind[replica]!;
    if (kind === OUT_OF_TIME) end(pool, replica);
    else if (kind === NOTICE) preempt(pool, replica, lifecycle);
    else if (kind === AGES) replace(pool, replica, lifecycle.drainTimeoutUs);
    else if (kind === CRASHES) {
      pool.crashes++;
      end(pool, replica);
    } else if (replicas.noticeUs[replica] === nowUs) preempt(pool, replica, lifecycle);
    else {
      pool.failedStarts++;
      abandonStart(pool, replica);
    }
  }
}

function alive({ replicas }: PoolState): number[] {
  const ids: number[] = [];
  for (let id = 0; id < replicas.end; id++) if (replicas.isAlive(id)) ids.push(id);
  return ids.sort((a, b) => replicas.order[a]! - replicas.order[b]!);
}

function preempt(pool: PoolState, replica: number, { preemption }: Lifecycle): void {
  pool.preemptions++;
  replace(pool, replica, preemption!.noticeUs);
}

/** A replica is to leave: at once if it serves nothing, else when it has finished, `withinUs` at the latest. */
function replace(pool: PoolState, replica: number, withinUs: number): void {
  const state = pool.replicas.state[replica]!;
  const untilUs = pool.nowUs + withinUs;
  if (state === STARTING) abandonStart(pool, replica);
  else if (state === DRAINING) {
    // What hurries a replica that drains anyway, as a notice does, counts; what gives it longer does not.
    const { ends } = pool;
    if (!ends.has(replica) || ends.keyOf(replica) > untilUs)
      planEnd(pool, replica, OUT_OF_TIME, untilUs);
  } else if (state === BUSY && withinUs > 0) {
    beginDraining(pool, replica);
    planEnd(pool, replica, OUT_OF_TIME, untilUs);
  } else end(pool, replica);
}

/** A replica that is not starting ends now; what it serves is interrupted, first begun first. */
function end(pool: PoolState, replica: number): void {
  const rows = pool.services.rowsOf(replica);
  for (const row of rows) {
    stopService(pool, row);
    pool.services.release(row);
    freeSlot(pool, replica);
  }
  depart(pool, replica);
  for (const row of rows) interrupt(pool, row);
  settlePromises(pool);
}

/**
 * A controller wants fewer replicas: those that start leave first, the latest first; then the longest idle; then those
 * that serve least, of several the latest started, which drain.
 */
export function retireTo(pool: PoolState, goal: number): void {
  const { idle, control, scenario } = pool;
  const drainUs = scenario.lifecycle?.drainTimeoutUs ?? NEVER;
  while (pool.starting + pool.ready > goal) {
    const starting = control!.stopsStarting && pool.starting > 0 ? latestStarting(pool) : NONE;
    const replica =
      starting !== NONE ? starting : idle.longest() !== NONE ? idle.longest() : leastBusy(pool);
    if (replica === NONE) return;
    replace(pool, replica, drainUs);
  }
}

function latestStarting(pool: PoolState): number {
  return bestOf(pool, STARTING, (order) => -order);
}

function leastBusy(pool: PoolState): number {
  const { inService } = pool.replicas;
  return bestOf(pool, BUSY, (order, replica) => inService[replica]! * 2 ** 32 - order);
}

/** The replica in a state that ranks least; NONE if there is none. */
function bestOf(
  { replicas }: PoolState,
  state: number,
  rank: (order: number, replica: number) => number,
): number {
  let best = NONE;
  let least = NEVER;
  for (let id = 0; id < replicas.end; id++) {
    if (!replicas.isAlive(id) || replicas.state[id] !== state) continue;
    const own = rank(replicas.order[id]!, id);
    if (own < least) [best, least] = [id, own];
  }
  return best;
}
