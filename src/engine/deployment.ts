/**
 * Several pools of one deployment, in order of preference. An arrival takes a free slot in the first pool that has one;
 * with none anywhere it goes to the first pool whose rule lets it start a replica or wait, and belongs to it from then on.
 * Where requests move on after a time, the longest-waiting of an earlier pool goes to the first later pool that takes it
 * in the same way, as soon as one does.
 *
 * Each pool counts the attempts that come to it: those that it takes, and those that it refuses before another takes them.
 */
import { hand } from './attempts.ts';
import type { Refusal } from './gate.ts';
import { NEVER, type PoolState } from './pool-state.ts';
import {
  askAgainAt,
  comeIn,
  countAttempt,
  isToMoveOn,
  leaveForOther,
  objectionToWait,
  reject,
  takesAtOnce,
  takeToWait,
  turnAway,
} from './request-rules.ts';

/** What the rules below ask of the loop that runs the pools. */
export interface Rounds {
  /** A pool is to act though no event of its own has come: brings it to this instant. */
  bring(pool: PoolState): void;
  /** Something has happened to a pool. */
  touch(pool: PoolState): void;
}

/** The attempt of the first pool's fields comes in. @param seen see `comeIn` */
export function comeInSomewhere(pools: readonly PoolState[], seen: number, rounds: Rounds): void {
  const home = pools[0]!;
  if (pools.length === 1) {
    comeIn(home, seen);
    return;
  }
  for (const pool of pools) {
    receive(home, pool, rounds);
    if (!takesAtOnce(pool, seen)) continue;
    belong(home, pool, rounds);
    return;
  }
  let why: Refusal = 'queue';
  for (const pool of pools) {
    const objection = objectionToWait(pool);
    if (objection === null) {
      takeToWait(pool, seen);
      belong(home, pool, rounds);
      return;
    }
    why = objection;
    countAttempt(pool);
    turnAway(pool, why);
    isVisited(pool, rounds);
  }
  reject(home, why);
  rounds.touch(home);
}

/** Whoever has waited long enough in a pool moves on to a later one that takes it; the longest-waiting first. */
export function moveOn(pools: readonly PoolState[], rounds: Rounds): void {
  for (let place = 0; place < pools.length - 1; place++) {
    const pool = pools[place]!;
    if (!pool.movesOn || pool.queue.size === 0) continue;
    rounds.bring(pool);
    while (isToMoveOn(pool)) {
      const askAgainUs = moveFirst(pool, pools.slice(place + 1), rounds);
      if (askAgainUs === MOVED) continue;
      if (askAgainUs !== pool.askAgainUs) {
        askAgainAt(pool, askAgainUs);
        rounds.touch(pool);
      }
      break;
    }
  }
}

const MOVED = -1;

/** @returns MOVED; or if no pool takes the longest-waiting, when one may though nothing happens before */
function moveFirst(from: PoolState, others: readonly PoolState[], rounds: Rounds): number {
  const row = from.queue.first;
  const seen = from.queue.readiesSeen[row]!;
  from.queue.attempts.recall(row, from);
  for (const pool of others) receive(from, pool, rounds);
  let to = others.find((pool) => takesAtOnce(pool, seen));
  if (to === undefined) {
    to = others.find((pool) => objectionToWait(pool) === null);
    if (to !== undefined) takeToWait(to, seen);
  }
  if (to === undefined) return Math.min(...others.map(nextChanceUs));
  leaveForOther(from, row);
  isVisited(from, rounds);
  belong(from, to, rounds);
  return MOVED;
}

function receive(from: PoolState, to: PoolState, rounds: Rounds): void {
  rounds.bring(to);
  if (from !== to) hand(from, to);
}

function belong(from: PoolState, to: PoolState, rounds: Rounds): void {
  isVisited(to, rounds);
  if (from !== to && to.ping === 0) from.recorder.hands(to.firstUs, to.recorder);
}

/** A request came to a pool, or went on to another. */
function isVisited(pool: PoolState, rounds: Rounds): void {
  pool.changedUs = pool.nowUs;
  rounds.touch(pool);
}

/** When time alone may make a pool take an attempt that it does not take now: limits on rate. */
function nextChanceUs(pool: PoolState): number {
  const { nowUs, startTokens, gatekeeper } = pool;
  const startUs = startTokens.has(nowUs) ? NEVER : startTokens.nextAtUs();
  return Math.min(startUs, gatekeeper?.nextAtUs(pool) ?? NEVER);
}
