/** Where a controller meets its pool: when it looks, and what follows from what it wants. */

import { retireTo } from './end-rules.ts';
import { CONTROL_TICK } from './event-order.ts';
import {
  AFTER_ARRIVAL,
  AFTER_CHANGE,
  AFTER_COMPLETION,
  AFTER_REFUSAL,
  type PoolState,
} from './pool-state.ts';
import { PoolView } from './pool-view.ts';
import { setExpiry } from './replica-rules.ts';
import { goalOf, holdOf, startWanted } from './start-rules.ts';

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

/**
 * An event is over in which something happened that the controller looks at. What follows may be such again: who is
 * interrupted where a replica may not drain arrives anew.
 */
export function lookAfterEvent(pool: PoolState): void {
  const control = pool.control!;
  const view = pool.view!;
  while (pool.toLook !== 0) {
    const { toLook } = pool;
    pool.toLook = 0;
    let changed = false;
    if (toLook & AFTER_CHANGE) changed = control.onChange(view);
    if (toLook & AFTER_COMPLETION) changed = control.onCompletion(view) || changed;
    if (toLook & AFTER_ARRIVAL) changed = control.onArrival(view) || changed;
    if (toLook & AFTER_REFUSAL) changed = control.onRefusal(view) || changed;
    if (changed) follow(pool);
  }
}

/** Starts or retires replicas towards what the controller wants. */
function follow(pool: PoolState): void {
  const control = pool.control!;
  const goal = goalOf(pool);
  const isThere = goal === pool.goal && pool.starting + pool.ready === goal;
  // Most looks change nothing: nobody has to come or go.
  if (isThere && control.retires === 'target') return;
  if (goal !== pool.goal) pool.movedUs = pool.nowUs;
  pool.goal = goal;
  pool.hold = holdOf(pool);
  if (control.retires === 'target') retireTo(pool, goal);
  else setExpiry(pool);
  startWanted(pool);
}
