/**
 * What may end a replica other than its idle window, and when: a start that comes to nothing, a notice, a crash, old age,
 * the end of its time to drain. Each replica has one entry among the pool's ends: the next of these. What then happens is
 * in end-rules.ts.
 */
import { keyed, type StartPurpose } from '../base/random.ts';
import type { Lifecycle } from './lifecycle.ts';
import { NEVER, type PoolState } from './pool-state.ts';

/** What an entry stands for. */
const FAILS = 0;
/** Until its phases have ended; then FAILS. */
const WILL_FAIL = 1;
export const NOTICE = 2;
export const CRASHES = 3;
export const AGES = 4;
export const OUT_OF_TIME = 5;

/** Draws what will happen to a replica, whenever it is: luck keyed to what caused its start. */
export function drawLifetime(
  pool: PoolState,
  { startFailure, preemption, crashMeanUs }: Lifecycle,
  replica: number,
  purpose: StartPurpose,
  key: number,
  subkey: number,
): void {
  const { replicas, scenario } = pool;
  const draw = (what: 'failure' | 'notice' | 'crash') =>
    keyed(scenario.seed, scenario.replication, `${purpose}/${what}`, key, subkey).next();
  const after = (meanUs: number, what: 'notice' | 'crash') =>
    meanUs === NEVER ? NEVER : Math.max(1, Math.round(-meanUs * Math.log(draw(what))));
  const fails = startFailure > 0 && draw('failure') < startFailure;
  replicas.endKind[replica] = fails ? WILL_FAIL : FAILS;
  replicas.noticeUs[replica] = pool.nowUs + after(preemption?.meanUs ?? NEVER, 'notice');
  replicas.crashAfterUs[replica] = after(crashMeanUs, 'crash');
}

/** While a replica starts: its start may take too long, or its notice come. */
export function planStart(pool: PoolState, lifecycle: Lifecycle, replica: number): void {
  const { replicas, scenario } = pool;
  // Waiting for capacity is no starting yet.
  const capacity = replica * scenario.startPhases.length + lifecycle.capacityPhase;
  const shortUs = pool.weather === null ? 0 : replicas.phaseUs[capacity]!;
  const tooLongUs = replicas.startUs[replica]! + shortUs + lifecycle.startTimeoutUs;
  const atUs = Math.min(tooLongUs, replicas.noticeUs[replica]!);
  if (atUs < NEVER) pool.ends.insert(replica, atUs, pool.decided++);
}

/** Whether a replica whose phases have ended is not ready after all; its turn comes with the changes of this instant. */
export function failsToStart(pool: PoolState, replica: number): boolean {
  if (pool.replicas.endKind[replica] !== WILL_FAIL) return false;
  planEnd(pool, replica, FAILS, pool.nowUs);
  return true;
}

/** From readiness on: notice, crash or age, whichever is first. */
export function planLife(pool: PoolState, { maxAgeUs }: Lifecycle, replica: number): void {
  const { replicas, nowUs } = pool;
  const noticeUs = replicas.noticeUs[replica]!;
  const crashUs = nowUs + replicas.crashAfterUs[replica]!;
  const ageUs = nowUs + maxAgeUs;
  const atUs = Math.min(noticeUs, crashUs, ageUs);
  const kind = atUs === noticeUs ? NOTICE : atUs === crashUs ? CRASHES : AGES;
  planEnd(pool, replica, kind, atUs);
}

export function planEnd(pool: PoolState, replica: number, kind: number, atUs: number): void {
  if (pool.ends.has(replica)) pool.ends.remove(replica);
  pool.replicas.endKind[replica] = kind;
  if (atUs < NEVER) pool.ends.insert(replica, atUs, pool.decided++);
}
