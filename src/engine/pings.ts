/** Pings: attempts of nobody, which only keep replicas warm. They wait for their turn among the retries. */
import { RETRY } from './event-order.ts';
import type { PoolState } from './pool-state.ts';

/** Pings come at whole multiples of their period, from time 0 to the end of the observed period. */
export function beginPings(pool: PoolState): void {
  if (pool.pings === null) return;
  pool.ping = 1;
  planPing(pool, 0);
  pool.front[RETRY] = pool.retries.byTime.topKey;
}

/** A ping has come: it is counted, and the next one planned. */
export function nextPing(pool: PoolState): void {
  const { request } = pool;
  pool.pings!.arrives(pool.nowUs);
  planPing(pool, pool.nowUs + pool.scenario.pings!.everyUs);
  pool.firstUs = pool.nowUs;
  pool.request = request;
  pool.attempt = 0;
}

function planPing(pool: PoolState, atUs: number): void {
  const { pings, period } = pool.scenario;
  if (atUs >= period.toUs) return;
  pool.firstUs = atUs;
  pool.demandUs = pings!.serviceUs;
  pool.request = -1 - Math.round(atUs / pings!.everyUs);
  pool.attempt = -1;
  pool.inputTokens = 0;
  pool.cachedTokens = 0;
  pool.outputTokens = 0;
  pool.retries.append(atUs, pool);
}
