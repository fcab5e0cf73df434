/**
 * How replicas come and go: starts that waiting requests ask for and those that the floor asks for, promises that follow
 * starting replicas, the start rate, and leaving when an idle window has ended.
 */
import { InvariantError } from '../base/errors.ts';
import { keyed, type Purpose, type Uniforms } from '../base/random.ts';
import { POOL_CHANGE, READY } from './event-order.ts';
import { NEVER, type PoolState } from './pool-state.ts';
import { NONE } from './recency-list.ts';
import {
  becomeIdle,
  isUnusedStart,
  setExpiry,
  setKept,
  setReady,
  setStarting,
} from './replica-rules.ts';
import { STARTING } from './replicas.ts';

/** Handed to phases that draw nothing. */
const NO_LUCK: Uniforms = {
  next(): number {
    throw new InvariantError('a fixed start phase draws no luck');
  },
};

/** At time 0 the floor's replicas are ready, and count in no start. */
export function beginFloor(pool: PoolState): void {
  const { floor } = pool.scenario;
  // A reading at 0 counts what was before: nothing, not the minimum that these replicas pay either.
  pool.ledger.readUpTo(0);
  pool.floor = floor.count[0]!;
  setPoolChange(pool, floor.atUs[1] ?? NEVER, NEVER);
  for (let kept = 0; kept < pool.floor; kept++) {
    const replica = pool.replicas.start(0);
    makeRoom(pool, replica);
    pool.replicas.becomeReadyAtOnce(replica);
    setReady(pool, pool.ready + 1);
    becomeIdle(pool, replica);
    pool.router.offer(replica, 0);
  }
  pool.peakReplicas = pool.ready;
}

/** The floor moves, or a start-rate token has come. */
export function changePool(pool: PoolState): void {
  if (pool.floorMovesAtUs === pool.nowUs) {
    const { floor } = pool.scenario;
    pool.floor = floor.count[pool.nextFloor]!;
    pool.floorMovesAtUs = floor.atUs[++pool.nextFloor] ?? NEVER;
    setKept(pool);
    setExpiry(pool);
  }
  startWanted(pool);
}

/** Starts what the floor asks for, then what waiting requests without a promise ask for, as far as it is allowed. */
export function startWanted(pool: PoolState): void {
  setPoolChange(pool, pool.floorMovesAtUs, NEVER);
  for (let scheduled = 0; pool.starting + pool.ready < pool.floor; scheduled++) {
    if (!takeToken(pool)) return;
    pool.ledger.scheduledStarts++;
    start(pool, 'scheduled-start', pool.nowUs, scheduled);
  }
  const { queue } = pool;
  while (queue.firstUnpromised !== NONE && hasRoom(pool)) {
    if (!takeToken(pool)) return;
    const cause = queue.firstUnpromised;
    pool.ledger.starts++;
    start(pool, 'start', queue.request[cause]!, queue.attempt[cause]!);
  }
}

/** Promises follow the slots that are promised: by their number, or one by one to a replica of their own. */
export function settlePromises(pool: PoolState): void {
  if (pool.bindings !== null) pool.bindings.bind(pool.nowUs);
  else if (pool.queue.size > 0 || pool.queue.promised > 0) {
    pool.queue.promiseTo(pool.starting === 0 ? 0 : pool.starting * pool.concurrency, pool.nowUs);
  }
}

export function hasRoom(pool: PoolState): boolean {
  return pool.starting + pool.ready < pool.scenario.max;
}

/** The short path writes into columns by replica and makes none longer. */
function makeRoom(pool: PoolState, replica: number): void {
  pool.idle.reserve(replica);
  pool.completions.reserve(replica);
}

function takeToken(pool: PoolState): boolean {
  if (pool.tokens.take(pool.nowUs)) return true;
  setPoolChange(pool, pool.floorMovesAtUs, pool.tokens.nextAtUs());
  return false;
}

function setPoolChange(pool: PoolState, floorMovesAtUs: number, tokenAtUs: number): void {
  pool.floorMovesAtUs = floorMovesAtUs;
  pool.front[POOL_CHANGE] = Math.min(floorMovesAtUs, tokenAtUs);
}

function start(
  pool: PoolState,
  purpose: 'start' | 'scheduled-start',
  key: number,
  subkey: number,
): void {
  const { replicas, scenario } = pool;
  const replica = replicas.start(pool.nowUs);
  replicas.isStarted[replica] = 1;
  makeRoom(pool, replica);
  const uniforms = pool.drawsStarts ? luck(pool, purpose, key, subkey) : NO_LUCK;
  const phases = scenario.startPhases;
  let readyUs = pool.nowUs;
  for (let phase = 0; phase < phases.length; phase++) {
    const phaseUs = Math.round(phases[phase]!.time.sample(uniforms));
    replicas.phaseUs[replica * phases.length + phase] = phaseUs;
    readyUs += phaseUs;
  }
  replicas.state[replica] = STARTING;
  setStarting(pool, pool.starting + 1);
  pool.bindings?.started(replica);
  pool.readies.insert(replica, readyUs, pool.decided++);
  pool.front[READY] = pool.readies.topKey;
  settlePromises(pool);
}

export function leave(pool: PoolState, replica: number): void {
  pool.idle.remove(replica);
  pool.router.withdraw(replica);
  for (const meter of pool.meters) meter.life(replica, pool.nowUs);
  if (isUnusedStart(pool, replica)) pool.unusedStarts++;
  pool.replicas.leave(replica);
  setReady(pool, pool.ready - 1);
  startWanted(pool);
}

export function luck(pool: PoolState, purpose: Purpose, key: number, subkey: number): Uniforms {
  return keyed(pool.scenario.seed, pool.scenario.replication, purpose, key, subkey);
}
