/** What theory has figures for, as one replication saw it. */
import type { RunTotals } from '../engine/totals.ts';
import { secondsOf } from './figures.ts';

/** Of the requests that were taken. */
export function meanWaitS({ wait }: RunTotals): number {
  return secondsOf(wait.sumUs) / wait.total;
}

/** The share that waits at most as long as a threshold of the scenario, by its index. */
export function waitsWithin(threshold: number) {
  return ({ withinWait, requests }: RunTotals) => withinWait[threshold]! / requests.completed;
}

export function meanResponseS({ latency }: RunTotals): number {
  return secondsOf(latency.sumUs) / latency.total;
}

/** Of all requests that arrived, as is `cold`. */
export function lost({ requests }: RunTotals): number {
  return requests.rejected / requests.arrived;
}

export function cold({ requests }: RunTotals): number {
  return requests.cold / requests.arrived;
}

/** Replicas, as a mean over time; so are the following. */
export function starting({ whole, observedUs }: RunTotals): number {
  return Number(whole.startingUs) / observedUs;
}

export function busy({ whole, observedUs }: RunTotals): number {
  return Number(whole.busyUs) / observedUs;
}

export function running(run: RunTotals): number {
  return starting(run) + busy(run);
}

export function idle({ whole, observedUs }: RunTotals): number {
  return Number(whole.idleUs) / observedUs;
}
