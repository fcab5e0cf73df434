/** A pool that is looked into while it runs: whether its counts are those of its replicas and requests. */
import { expect } from 'vitest';
import { Pool } from '../../src/engine/pool.ts';
import type { PoolState } from '../../src/engine/pool-state.ts';
import { NONE } from '../../src/engine/recency-list.ts';
import { BUSY, DRAINING, STARTING } from '../../src/engine/replicas.ts';
import type { RunTotals } from '../../src/engine/totals.ts';
import { type BlockCase, blockChunk } from './random-blocks.ts';

/** More than any small case needs: beyond, a run goes on for ever. */
const MOST_EVENTS = 3_000_000;

export function runInspected({ scenario, trace }: BlockCase): RunTotals {
  const pool = new Pool(scenario);
  const { state } = pool as unknown as { readonly state: PoolState };
  let events = 0;
  Object.defineProperty(state, 'events', {
    get: () => events,
    set: (count: number) => {
      if (count > MOST_EVENTS) throw new Error('the pool does not come to an end');
      events = count;
    },
  });
  checkState(state);
  for (const request of trace) {
    pool.advance(blockChunk([request]));
    checkState(state);
  }
  const totals = pool.finish();
  checkState(state);
  expect(state.queue.size).toBe(0);
  expect(state.busy + state.draining + state.inService).toBe(0);
  return totals;
}

function checkState(pool: PoolState): void {
  const { replicas, services, queue, front, nowUs } = pool;
  const ids = Array.from({ length: replicas.end }, (_, id) => id).filter((id) =>
    replicas.isAlive(id),
  );
  const inState = (...states: number[]) =>
    ids.filter((id) => states.includes(replicas.state[id]!)).length;
  const served = new Map<number, number>();
  for (let row = 0; row < services.rows; row++) {
    const replica = services.replica[row]!;
    if (replica !== NONE) served.set(replica, (served.get(replica) ?? 0) + 1);
  }
  expect(pool.starting, 'starting').toBe(inState(STARTING));
  expect(pool.draining, 'draining').toBe(inState(DRAINING));
  expect(pool.busy, 'busy').toBe(inState(BUSY));
  expect(pool.ready, 'ready').toBe(ids.length - pool.starting - pool.draining);
  for (const id of ids) {
    const isServing = replicas.state[id] === BUSY || replicas.state[id] === DRAINING;
    expect(served.get(id) ?? 0, 'who serves is busy or drains').toSatisfy((n: number) =>
      isServing ? n > 0 : n === 0,
    );
    expect(served.get(id) ?? 0).toBeLessThanOrEqual(pool.concurrency);
    if (!pool.oneSlot) expect(replicas.inService[id]).toBe(served.get(id) ?? 0);
  }
  expect(pool.inService).toBe([...served.values()].reduce((a, b) => a + b, 0));
  expect(pool.starting + pool.ready, 'no more than max').toBeLessThanOrEqual(
    Math.max(pool.scenario.max, ...pool.scenario.floor.count),
  );

  let waiting = 0;
  let promised = 0;
  for (let row = queue.first; row !== NONE; row = queue.next(row)) {
    waiting++;
    const boundTo = queue.boundTo[row]!;
    if (boundTo !== NONE) {
      promised++;
      expect(replicas.state[boundTo], 'bound to one that starts').toBe(STARTING);
    }
  }
  expect(queue.size).toBe(waiting);
  if (pool.bindings !== null) expect(queue.promised).toBe(promised);
  else if (pool.starting === 0) expect(queue.promised).toBe(0);
  else expect(queue.promised).toBe(Math.min(waiting, pool.starting * pool.concurrency));
  if (pool.control === null && queue.promised < waiting) {
    const mayStart = pool.starting + pool.ready < pool.scenario.max && pool.startTokens.has(nowUs);
    expect(mayStart, 'no one waits beside an allowed start').toBe(false);
  }
  if (waiting > 0) {
    const free = ids.some(
      (id) =>
        replicas.state[id] !== STARTING &&
        replicas.state[id] !== DRAINING &&
        (served.get(id) ?? 0) < pool.concurrency,
    );
    expect(free && queue.firstUnpromised !== NONE, 'no one waits beside a free slot').toBe(false);
  }
  for (const [rank, atUs] of front.entries()) {
    expect(atUs, `nothing is due in the past, as kind ${rank} is`).toBeGreaterThanOrEqual(nowUs);
  }
}
