/**
 * One step of the event loop: the earliest event of a pool, by the order of event-order.ts. One switch, a rule a kind; the
 * rules are in request-rules.ts, start-rules.ts, end-rules.ts and control-rules.ts, the state that they share in
 * pool-state.ts.
 */
import { lookAfterEvent, lookNow } from './control-rules.ts';
import { changePool } from './end-rules.ts';
import {
  ARRIVAL,
  COMPLETION,
  CONTROL_TICK,
  DEADLINE,
  earliestIn,
  IDLE_EXPIRY,
  NOTHING,
  POOL_CHANGE,
  READING,
  READY,
  RETRY,
} from './event-order.ts';
import { fingerprintOf } from './fingerprint.ts';
import { NEVER, type PoolState } from './pool-state.ts';
import { arrive, complete, completeShared, giveUp, started, tryAgain } from './request-rules.ts';
import { leave, nextStarted, tellWhyTheyWait } from './start-rules.ts';

/** Takes the earliest event, if it comes at or before `limitUs`. @returns its kind */
export function step(pool: PoolState, limitUs: number): number {
  const { front } = pool;
  const what = earliestIn(front);
  const atUs = front[what]!;
  // An idle window without end keeps replicas above the floor: the run is over when nothing more comes.
  if (atUs > limitUs || atUs === NEVER) return NOTHING;
  if (atUs >= front[READING]!) pool.ledger.readUpTo(atUs);
  pool.nowUs = atUs;
  pool.events++;
  switch (what) {
    case COMPLETION:
      if (pool.sharing === null) complete(pool, pool.completions.pop());
      else completeShared(pool);
      break;
    case READY:
      started(pool, nextStarted(pool));
      break;
    case POOL_CHANGE:
      changePool(pool);
      break;
    case ARRIVAL:
      pool.firstUs = atUs;
      pool.demandUs = pool.arrivalDemandUs;
      pool.request = pool.arrived++;
      pool.attempt = 0;
      pool.inputTokens = pool.arrivalInputTokens;
      pool.cachedTokens = pool.arrivalCachedTokens;
      pool.outputTokens = pool.arrivalOutputTokens;
      pool.ping = 0;
      pool.recorder.arrives(atUs);
      arrive(pool);
      break;
    case RETRY:
      tryAgain(pool);
      break;
    case DEADLINE:
      giveUp(pool);
      break;
    case IDLE_EXPIRY:
      leave(pool, pool.idle.nextToLeave(atUs));
      break;
    case CONTROL_TICK:
      lookNow(pool);
      break;
  }
  if (what === COMPLETION || (what >= ARRIVAL && what <= DEADLINE)) pool.changedUs = atUs;
  if (pool.toLook !== 0) lookAfterEvent(pool);
  if (pool.queue.size > 0 || pool.shortage !== null) tellWhyTheyWait(pool);
  pool.fingerprint = fingerprintOf(pool.fingerprint, atUs, what, pool.busy, pool.queue.size);
  return what;
}
