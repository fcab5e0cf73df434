/** Where a controller meets its pool: when it looks, and what follows from what it wants. */

import { retireTo } from './end-rules.ts';
import { CONTROL_TICK } from './event-order.ts';
import { AFTER_ARRIVAL, AFTER_COMPLETION, AFTER_REFUSAL, type PoolState } from './pool-state.ts';
import { PoolView } from './pool-view.ts';
import { setExpiry } from './replica-rules.ts';
import { goalOf, startWanted } from './start-rules.ts';

/** A pool with a controller shows itself to it from now on. */
export function beginControl(pool: PoolState): void {
  if (pool.control === null) return;
  pool.view = new PoolView(pool);
  pool.front[CONTROL_TICK] = pool.control.nextUs;
}

/** The controller's time has come. */
export function lookNow(pool: PoolState): void {
  const control = pool.control!;
  control.decide(pool.view!);
  pool.front[CONTROL_TICK] = control.nextUs;
  follow(pool);
}

/** An event is over in which something happened that the controller looks at. */
export function lookAfterEvent(pool: PoolState): void {
  const { toLook } = pool;
  const control = pool.control!;
  const view = pool.view!;
  pool.toLook = 0;
  let changed = false;
  if (toLook & AFTER_COMPLETION) changed = control.onCompletion(view) || changed;
  if (toLook & AFTER_ARRIVAL) changed = control.onArrival(view) || changed;
  if (toLook & AFTER_REFUSAL) changed = control.onRefusal(view) || changed;
  if (changed) follow(pool);
}

/** Starts or retires replicas towards what the controller wants. */
function follow(pool: PoolState): void {
  const control = pool.control!;
  const goal = goalOf(pool);
  if (goal !== pool.goal) pool.changedUs = pool.nowUs;
  pool.goal = goal;
  if (control.retires === 'target') retireTo(pool, pool.goal);
  else {
    pool.hold = Math.max(pool.floor, control.hold);
    setExpiry(pool);
  }
  startWanted(pool);
}
