/**
 * How soon a replica is started again after one had left: what a longer idle window would have caught. A start takes the
 * latest departure that none took yet, as the most recent routing would have taken the replica. Departures that wait for
 * their start and replicas that are there are never more than the pool's peak together, so that this stays small.
 */
import { Histogram } from './histogram.ts';
import type { Returns } from './totals.ts';

export class ReturnTimes {
  private departures = 0;
  private gaps: Histogram | null = null;
  private readonly leftAtUs: number[] = [];

  /** A replica leaves because nothing needs it: its idle window has ended, or a controller wants fewer. */
  leaves(nowUs: number, isCounted: boolean): void {
    if (isCounted) this.departures++;
    this.leftAtUs.push(nowUs);
  }

  /** @param isCounted false for starts that no demand caused: they take a departure and say nothing of the traffic */
  starts(nowUs: number, isCounted: boolean): void {
    const leftUs = this.leftAtUs.pop();
    if (leftUs === undefined || !isCounted) return;
    this.gaps ??= new Histogram();
    this.gaps.add(nowUs - leftUs);
  }

  counts(): Returns {
    return { departures: this.departures, gaps: this.gaps?.counts() ?? null };
  }
}
