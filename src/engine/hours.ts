/**
 * A run by the hours of a clock: what became of the requests that arrived in each, and what the pool's integrals and meters
 * came to in it. The first hour begins with the measured span and the last ends with it; who arrives after that counts in
 * the last. Nothing is done for a request but to ask whether it belongs to the hour at hand.
 */
import { US_PER_H } from '../base/units.ts';
import { difference } from './reading.ts';
import type { Scenario } from './scenario.ts';
import {
  HOUR_FIGURES,
  type HourCounts,
  type HourFigure,
  type HourRequest,
  type MeterHours,
  type Reading,
} from './totals.ts';

/** The hours of a scenario's measured span; null where they are not asked for. */
export function hourGridOf(scenario: Scenario): HourGrid | null {
  const { clockOffsetUs, measure, period } = scenario;
  const { fromUs, toUs } = measure ?? period;
  return clockOffsetUs === null ? null : new HourGrid(fromUs, toUs, clockOffsetUs);
}

export class HourGrid {
  readonly count: number;
  private readonly fromUs: number;
  private readonly toUs: number;
  private readonly offsetUs: number;
  /** Full hours of the clock before the first. */
  private readonly before: number;

  constructor(fromUs: number, toUs: number, offsetUs: number) {
    this.fromUs = fromUs;
    this.toUs = toUs;
    this.offsetUs = offsetUs;
    this.before = Math.floor((fromUs + offsetUs) / US_PER_H);
    this.count = Math.max(1, Math.ceil((toUs + offsetUs) / US_PER_H) - this.before);
  }

  /** Where an hour begins, or the one before it ends. @param hour 0 to `count` */
  edgeUs(hour: number): number {
    if (hour === 0) return this.fromUs;
    if (hour >= this.count) return this.toUs;
    return (this.before + hour) * US_PER_H - this.offsetUs;
  }

  hourOf(us: number): number {
    const hour = Math.floor((us + this.offsetUs) / US_PER_H) - this.before;
    return Math.min(this.count - 1, Math.max(0, hour));
  }

  edgesUs(): Float64Array {
    return Float64Array.from({ length: this.count + 1 }, (_, hour) => this.edgeUs(hour));
  }
}

/** Counts of a recorder, in the order of its own. */
export type Counters = readonly number[];

/**
 * Counts that only grow, told apart by hour: what was added since the hour at hand was turned to is that hour's. So what
 * counts in a loop of its own need not know of hours, as long as all of it belongs to one.
 */
export class CountsByHour {
  /** The hour at hand: no other is counted in before it is turned to. */
  hourFromUs = Number.NEGATIVE_INFINITY;
  hourToUs = Number.POSITIVE_INFINITY;
  private readonly grid: HourGrid;
  private readonly columns: Float64Array[];
  private hour = 0;
  private before: Counters;

  constructor(grid: HourGrid, counters: Counters) {
    this.grid = grid;
    this.before = counters;
    this.columns = counters.map(() => new Float64Array(grid.count));
    this.set(0);
  }

  /** @param counters as they are before anything of the hour of `us` is counted */
  turnTo(us: number, counters: Counters): void {
    this.settle(counters);
    this.set(this.grid.hourOf(us));
  }

  /** By counter, then hour. */
  counts(counters: Counters): readonly Float64Array[] {
    this.settle(counters);
    return this.columns;
  }

  private settle(counters: Counters): void {
    for (let i = 0; i < counters.length; i++) {
      this.columns[i]![this.hour]! += counters[i]! - this.before[i]!;
    }
    this.before = counters;
  }

  private set(hour: number): void {
    const { grid } = this;
    this.hour = hour;
    this.hourFromUs = hour === 0 ? Number.NEGATIVE_INFINITY : grid.edgeUs(hour);
    this.hourToUs = hour === grid.count - 1 ? Number.POSITIVE_INFINITY : grid.edgeUs(hour + 1);
  }
}

/** What a recorder counts by hour. */
export interface RequestHours {
  readonly requests: Readonly<Record<HourRequest, Float64Array>>;
  readonly withinLatency: readonly Float64Array[];
  readonly withinWait: readonly Float64Array[];
}

/** @param readings at every edge of the grid */
export function hourCounts(
  grid: HourGrid,
  requests: RequestHours,
  readings: readonly Reading[],
): HourCounts {
  const hours = readings.slice(1).map((reading, i) => difference(reading, readings[i]!));
  const figures = Object.fromEntries(
    HOUR_FIGURES.map((key) => [key, Float64Array.from(hours, (hour) => Number(hour[key]))]),
  ) as Record<HourFigure, Float64Array>;
  const meters = (hours[0]?.meters ?? []).map(
    (_, meter): MeterHours => ({
      usedUs: Float64Array.from(hours, (hour) => Number(hour.meters[meter]!.usedUs)),
      paidUs: Float64Array.from(hours, (hour) => Number(hour.meters[meter]!.paidUs)),
    }),
  );
  return { edgesUs: grid.edgesUs(), ...requests, figures, meters };
}
