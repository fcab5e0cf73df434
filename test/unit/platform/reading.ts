import type { MeterReading, Reading } from '../../../src/engine/totals.ts';

export const microseconds = (seconds: number): bigint => BigInt(Math.round(seconds * 1e6));

const NOTHING: Reading = {
  atUs: 0,
  startingUs: 0n,
  idleUs: 0n,
  idleKeptUs: 0n,
  busyUs: 0n,
  drainingUs: 0n,
  floorUs: 0n,
  heldUs: 0n,
  inServiceUs: 0n,
  waitForStartUs: 0n,
  waitForLimitUs: 0n,
  shortageUs: 0n,
  limitUs: [],
  phaseUs: [],
  meters: [],
  completed: 0,
  arrived: 0,
  attempts: 0,
  inputTokens: 0n,
  cachedTokens: 0n,
  outputTokens: 0n,
  starts: 0,
  scheduledStarts: 0,
};

interface Counted extends Partial<Reading> {
  /** Of one meter, or of several; what is paid is what is used unless it is said. */
  readonly usedS?: number | readonly number[];
  readonly paidS?: number | readonly number[];
}

/** A reading by hand, times in seconds (whole microseconds of them). */
export function readingOf({ usedS = 0, paidS = usedS, ...counted }: Counted): Reading {
  const paid = [paidS].flat();
  const meters: MeterReading[] = [usedS]
    .flat()
    .map((used, i) => ({ usedUs: microseconds(used), paidUs: microseconds(paid[i]!) }));
  const { completed = 0 } = counted;
  return { ...NOTHING, meters, arrived: completed, attempts: completed, ...counted };
}

export const HOUR_S = 3600;
export const DAY_S = 24 * HOUR_S;
export const MONTH_US = 730 * HOUR_S * 1e6;
