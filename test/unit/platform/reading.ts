import type { Reading } from '../../../src/engine/totals.ts';

/** A reading by hand: one meter, times in seconds (whole microseconds of them). */
export function readingOf(meter: { usedS: number; paidS?: number; completed?: number }): Reading {
  const us = (seconds: number): bigint => BigInt(Math.round(seconds * 1e6));
  const { usedS, paidS = usedS, completed = 0 } = meter;
  return {
    atUs: 0,
    startingUs: 0n,
    idleUs: 0n,
    idleKeptUs: 0n,
    busyUs: us(usedS),
    drainingUs: 0n,
    inServiceUs: us(usedS),
    waitForStartUs: 0n,
    waitForLimitUs: 0n,
    phaseUs: [],
    meters: [{ usedUs: us(usedS), paidUs: us(paidS) }],
    completed,
    attempts: completed,
    starts: 0,
    scheduledStarts: 0,
  };
}

export const HOUR_S = 3600;
export const DAY_S = 24 * HOUR_S;
