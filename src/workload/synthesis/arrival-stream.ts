/** What every arrival process is once it runs: times that ascend without end, and what each arrival is known to be. */
import type { Purpose, Uniforms } from '../../base/random.ts';
import type { Clock } from './rate-curve.ts';

/** One realization of a process. It never ends. */
export interface ArrivalStream {
  /** The next arrival in integer microseconds, never before the one ahead of it. */
  nextUs(): number;
  /** Of the arrival that `nextUs` gave last: which client sent it, or which column of counts it is of; else 0. */
  readonly mark: number;
}

/** The uniforms of a purpose, for whom the process belongs to: a workload, or one of its clients. */
export type Streams = (purpose: Purpose) => Uniforms;

/** Points on a process's own axis, ascending, not rounded. */
export interface Points {
  next(): number;
}

/** Points as arrivals, each rounded once: of an axis in microseconds as they are, or through the clock of a rate curve. */
export class PointArrivals implements ArrivalStream {
  readonly mark = 0;
  readonly #points: Points;
  readonly #clock: Clock | null;
  readonly #expectedPerPoint: number;
  #latestUs = -0;

  /** @param expectedPerPoint what a unit of the points' axis is in expected arrivals of the clock */
  constructor(points: Points, clock: Clock | null, expectedPerPoint: number) {
    this.#points = points;
    this.#clock = clock;
    this.#expectedPerPoint = expectedPerPoint;
  }

  nextUs(): number {
    const at = this.#points.next();
    const us = this.#clock === null ? at : this.#clock.timeUs(at * this.#expectedPerPoint);
    // The last bit of the clock's inverse may turn two arrivals of one microsecond around.
    return (this.#latestUs = Math.max(this.#latestUs, Math.round(us)));
  }
}
