/** What an average day comes to by the hour of the clock. */
import { offsetReader } from '../../base/zone-clock.ts';
import type { HoursS } from '../../study/document.ts';

const HOURS_A_DAY = 24;
const MS_PER_H = 3_600_000;
const S_PER_H = 3_600;

/** 24 columns each; means over the days that have the hour, null for one that none has. */
export interface HoursOfDay {
  /** null: hours since time 0, which nothing dates. */
  readonly timeZone: string | null;
  /** How many days the hours were folded from, whole or in part. */
  readonly days: number;
  readonly arrived: readonly (number | null)[];
  readonly cold: readonly (number | null)[];
  readonly starts: readonly (number | null)[];
  readonly usd: readonly (number | null)[] | null;
}

/** An hour that is there in part, at either end, counts as the part that it is. */
export function hoursOfDay(hours: HoursS): HoursOfDay {
  const { firstAt, timeZone, lengthS } = hours;
  const offsetAt = timeZone === null ? () => 0 : offsetReader(timeZone);
  let atMs = firstAt === null ? 0 : Date.parse(firstAt);
  const hourOf = lengthS.map((seconds) => {
    const hour = Math.floor((atMs + offsetAt(atMs)) / MS_PER_H) % HOURS_A_DAY;
    atMs += seconds * 1_000;
    return hour;
  });
  const weight = folded(
    hourOf,
    lengthS.map((seconds) => seconds / S_PER_H),
  );
  const mean = (values: readonly number[]): (number | null)[] =>
    folded(hourOf, values).map((sum, hour) => (weight[hour]! > 0 ? sum / weight[hour]! : null));
  return {
    timeZone,
    days: Math.ceil(lengthS.length / HOURS_A_DAY),
    arrived: mean(hours.arrived),
    cold: mean(hours.cold),
    starts: mean(hours.starts),
    usd: hours.usd === null ? null : mean(hours.usd),
  };
}

function folded(hourOf: readonly number[], values: readonly number[]): number[] {
  const sums = new Array<number>(HOURS_A_DAY).fill(0);
  for (const [i, value] of values.entries()) sums[hourOf[i]!]! += value;
  return sums;
}
