/** What replica time costs at least to serve given intervals, in dollars within the observed period. */
import type { Scenario, Span } from '../../engine/scenario.ts';
import type { LeastRates } from '../../platform/least-rates.ts';
import { type Intervals, speedsOf } from './at-once.ts';
import { type OfflinePlan, offlinePlan } from './offline.ts';
import type { StartPrice } from './start-price.ts';

export type Served = Pick<Scenario, 'concurrency' | 'slotSpeed' | 'period' | 'measure'>;

export const spanOf = ({ measure, period }: Pick<Scenario, 'measure' | 'period'>): Span =>
  measure ?? period;

/** Without starts and idle time. */
export function workUsd(scenario: Served, intervals: Intervals, rates: LeastRates): number {
  const { ofOne, ofReplica } = speedsOf(scenario);
  const { inServiceUs, endedUs } = servingOnly(scenario, intervals);
  const replicaUsd = (inServiceUs * ofOne * rates.busy) / ofReplica;
  return replicaUsd + requestUsd(scenario, rates, endedUs);
}

/**
 * The plan of offline.ts at the least rates.
 * @param drainingUs replica time of it that was draining, which may be cheaper
 */
export function offlineUsd(
  scenario: Served,
  intervals: Intervals,
  rates: LeastRates,
  start: StartPrice,
  drainingUs = 0,
): OfflinePlan & { readonly usd: number } {
  const { busy, draining } = rates;
  // Where serving is cheaper than idling, idle time is counted at the price of serving: a bound all the same.
  const idling = Math.min(rates.idle, busy);
  const span = spanOf(scenario);
  const plan = offlinePlan(intervals, {
    slots: scenario.concurrency,
    span,
    worthStartingUs: idling > 0 ? start.usd / idling : Number.POSITIVE_INFINITY,
    // Nothing starts before time 0.
    freeStartsUs: span.fromUs > 0 ? start.longestUs : 0,
  });
  const readyUsd = plan.servingUs * busy + plan.idleUs * idling + plan.starts * start.usd;
  const lessUsd = drainingUs * Math.max(0, busy - draining);
  const requestsUsd = requestUsd(scenario, rates, plan.endedUs);
  return { ...plan, usd: Math.max(0, readyUsd - lessUsd) + requestsUsd };
}

/** How many replicas the intervals need at a time, and how long they last. */
export function servingOnly(scenario: Served, intervals: Intervals): OfflinePlan {
  return offlinePlan(intervals, {
    slots: scenario.concurrency,
    span: spanOf(scenario),
    worthStartingUs: Number.POSITIVE_INFINITY,
    freeStartsUs: 0,
  });
}

/** How long requests take is not known where they share their replica's speed. */
function requestUsd({ slotSpeed }: Served, { request }: LeastRates, endedUs: number): number {
  return slotSpeed === null ? endedUs * request : 0;
}
