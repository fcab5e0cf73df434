/**
 * When a run is over. Every one ends: what nothing can ever serve is not waited for, and what goes on for ever (a floor
 * whose replicas are replaced again and again, spells of shortage, a controller that holds what it has) is not followed
 * beyond the observed period.
 */
import { DEADLINE, IDLE_EXPIRY } from './event-order.ts';
import { NEVER, type PoolState } from './pool-state.ts';
import { STARTING } from './replicas.ts';
import { giveUpFirst } from './request-rules.ts';

/** Starts and services in vain, one after the other, before nothing is hoped for: at 99.9 % failures one run in 20,000. */
const MOST_IN_VAIN = 10_000;

/** A controller that nobody asks for anything may go on changing for so many times as long as it remembers. */
const LONGEST_CHANGE = 100;

/** Nothing is left to do but to wait for the end of the observed period. */
export function isOver(pool: PoolState): boolean {
  if (!isQuiet(pool)) return false;
  if (pool.queue.size > 0) return isStuck(pool);
  return pool.starting + pool.ready <= pool.floor || (pool.control !== null && isSteady(pool));
}

/** Requests wait, and nothing that is to come will ever serve them: a limit of 0, a controller that never wakes. */
function isStuck(pool: PoolState): boolean {
  return (
    pool.starting === 0 &&
    pool.floorMovesAtUs === NEVER &&
    pool.tokenAtUs === NEVER &&
    pool.front[DEADLINE] === NEVER &&
    isSteady(pool)
  );
}

function isQuiet({ busy, draining, retries }: PoolState): boolean {
  return busy === 0 && draining === 0 && retries.byTime.size === 0;
}

/**
 * A controller, if there is one, has seen nothing but this for as long as it remembers, and none of its replicas is on the
 * way in or out, but for those that only take the place of others.
 */
function isSteady(pool: PoolState): boolean {
  const { control, nowUs, memoryUs, replicas, front } = pool;
  if (control === null || nowUs - pool.changedUs > LONGEST_CHANGE * memoryUs) return true;
  const changedUs = Math.max(pool.changedUs, pool.movedUs);
  if (nowUs - changedUs <= memoryUs) return false;
  const areLeaving = front[IDLE_EXPIRY] !== NEVER;
  for (let id = 0; id < replicas.end; id++) {
    if (!replicas.isAlive(id) || replicas.startUs[id]! > changedUs) continue;
    if (areLeaving || replicas.state[id] === STARTING) return false;
  }
  return true;
}

/** Once nothing new arrives: those who wait fail when starts or services have come to nothing too often. */
export function loseHope(pool: PoolState): void {
  if (pool.queue.size + pool.inService === 0 || pool.inVain <= MOST_IN_VAIN) return;
  pool.isHopeless = true;
  strand(pool, pool.nowUs);
}

/** Those who wait are timed out, at the end of the run. */
export function strand(pool: PoolState, atUs: number): void {
  if (pool.queue.size === 0) return;
  pool.ledger.readUpTo(atUs);
  pool.nowUs = Math.max(pool.nowUs, atUs);
  while (pool.queue.size > 0) giveUpFirst(pool);
}
