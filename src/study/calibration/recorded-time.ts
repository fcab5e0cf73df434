/** Points in time as a record has them: dates, seconds since 1970 or finer, or seconds from the traffic's own zero. */
import { parseDurationUs, US_PER_S } from '../../base/units.ts';
import { epochUsOf } from '../schedule.ts';

export interface PointInTime {
  /** Since 1970 where it is dated, else since the traffic's time 0. */
  readonly us: number;
  readonly isDated: boolean;
}

/** Microseconds for one of a number since 1970, by its digits before the point; else it is seconds from a zero. */
const EPOCH_UNITS: Readonly<Record<number, number>> = { 10: 1e6, 13: 1e3, 16: 1, 19: 1e-3 };

const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** @param timeZone of dates that name none; null for what is no point in time */
export function pointInTime(text: string, timeZone: string): PointInTime | null {
  const given = text.trim();
  if (NUMBER.test(given)) {
    const value = Number(given);
    const digits = given.replace(/\..*/, '').length;
    const unit = EPOCH_UNITS[digits];
    return { us: Math.round(value * (unit ?? US_PER_S)), isDated: unit !== undefined };
  }
  const duration = parseDurationUs(given);
  if (duration !== null) return { us: Math.round(duration), isDated: false };
  const us = epochUsOf(given, timeZone);
  return us === null ? null : { us, isDated: true };
}
