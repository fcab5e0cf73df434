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
import { interrupt, settleLost } from './request-rules.ts';
import { stopService } from './service-rules.ts';
import { abandonStart, moveFloor, startWanted } from './start-rules.ts';

/** The floor moves, replicas are replaced, preempted, or end in some other way, or a start-rate token has come. */
export function changePool(pool: PoolState): void {
  if (pool.floorMovesAtUs === pool.nowUs) moveFloor(pool);
  if (pool.scenario.lifecycle !== null) endReplicas(pool, pool.scenario.lifecycle);
  startWanted(pool);
}

/** What is due now, in this order: a rollout, a spell of shortage, then replica by replica. */
function endReplicas(pool: PoolState, lifecycle: Lifecycle): void {
  const { nowUs, ends, replicas } = pool;
  const cut: number[] = [];
  if (pool.rolloutAtUs === nowUs) {
    pool.rolloutAtUs = lifecycle.rolloutsUs[++pool.nextRollout] ?? NEVER;
    for (const replica of alive(pool)) replace(pool, replica, lifecycle.drainTimeoutUs, cut);
  }
  if (pool.spellAtUs === nowUs) {
    pool.spellAtUs = pool.weather!.nextBeginUs(nowUs);
    for (const replica of alive(pool)) preempt(pool, replica, lifecycle, cut);
  }
  while (ends.topKey <= nowUs) {
    const replica = ends.pop();
    const kind = replicas.endKind[replica]!;
    if (kind === OUT_OF_TIME) end(pool, replica, cut);
    else if (kind === NOTICE) preempt(pool, replica, lifecycle, cut);
    else if (kind === AGES) replace(pool, replica, lifecycle.drainTimeoutUs, cut);
    else if (kind === CRASHES) {
      pool.crashes++;
      end(pool, replica, cut);
    } else if (replicas.noticeUs[replica] === nowUs) preempt(pool, replica, lifecycle, cut);
    else {
      pool.failedStarts++;
      loseStart(pool, replica);
    }
  }
  settleAll(pool, cut);
}

function alive({ replicas }: PoolState): number[] {
  const ids: number[] = [];
  for (let id = 0; id < replicas.end; id++) if (replicas.isAlive(id)) ids.push(id);
  return ids.sort((a, b) => replicas.order[a]! - replicas.order[b]!);
}

function preempt(pool: PoolState, replica: number, rule: Lifecycle, cut: number[]): void {
  pool.preemptions++;
  replace(pool, replica, rule.preemption!.noticeUs, cut);
}

/**
 * A replica is to leave: at once if it serves nothing, else when it has finished, `withinUs` at the latest.
 * @param cut takes what it did not finish
 */
function replace(pool: PoolState, replica: number, withinUs: number, cut: number[]): void {
  const state = pool.replicas.state[replica]!;
  const untilUs = pool.nowUs + withinUs;
  if (state === STARTING) loseStart(pool, replica);
  else if (state === DRAINING) {
    // What hurries a replica that drains anyway, as a notice does, counts; what gives it longer does not.
    const { ends } = pool;
    if (!ends.has(replica) || ends.keyOf(replica) > untilUs)
      planEnd(pool, replica, OUT_OF_TIME, untilUs);
  } else if (state === BUSY && withinUs > 0) {
    beginDraining(pool, replica);
    planEnd(pool, replica, OUT_OF_TIME, untilUs);
  } else end(pool, replica, cut);
}

function loseStart(pool: PoolState, replica: number): void {
  pool.inVain++;
  abandonStart(pool, replica);
}

/** A replica that is not starting ends now. */
function end(pool: PoolState, replica: number, cut: number[]): void {
  const state = pool.replicas.state[replica]!;
  const rows = state === BUSY || state === DRAINING ? pool.services.rowsOf(replica) : [];
  for (const row of rows) {
    stopService(pool, row);
    if (!pool.oneSlot) freeSlot(pool, replica);
    cut.push(row);
  }
  depart(pool, replica);
}

/**
 * All that end at this instant have ended: who waited for them goes before those whom they did not finish, by replica, first
 * begun first.
 */
function settleAll(pool: PoolState, cut: readonly number[]): void {
  settleLost(pool);
  for (const row of cut) interrupt(pool, row);
}

/**
 * A controller wants fewer replicas: those that start leave first, the latest first (where they may not, they count only
 * once they are ready); then the longest idle; then those that serve least, of several the latest started, which drain.
 */
export function retireTo(pool: PoolState, goal: number): void {
  const { idle, control, scenario } = pool;
  const drainUs = scenario.lifecycle?.drainTimeoutUs ?? NEVER;
  const cut: number[] = [];
  const { stopsStarting } = control!;
  while ((stopsStarting ? pool.starting : 0) + pool.ready > goal) {
    if (stopsStarting && pool.starting > 0) {
      abandonStart(pool, latestStarting(pool));
      continue;
    }
    const longest = idle.longest();
    if (longest !== NONE) pool.ways.departs(pool.nowUs);
    const replica = longest !== NONE ? longest : leastBusy(pool);
    if (replica === NONE) break;
    pool.returns.leaves(pool.nowUs, pool.recorder.counts(pool.nowUs));
    replace(pool, replica, drainUs, cut);
  }
  settleAll(pool, cut);
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
