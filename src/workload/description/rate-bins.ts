/** Requests by equal stretches of time, for a picture. */
import { US_PER_DAY, US_PER_H, US_PER_MIN, US_PER_S } from '../../base/units.ts';
import type { Trace } from '../trace.ts';

export interface RateBins {
  readonly binS: number;
  /** When the first bin begins, in seconds of the trace; before its first request, so that bins begin at whole hours. */
  readonly fromS: number;
  readonly requests: readonly number[];
}

/** As many as an axis beside them leaves of a screen. */
const MOST_BINS = 88;

/** What people divide clocks by. */
const SIZES_US = [
  ...[1, 2, 5, 10, 15, 30].map((s) => s * US_PER_S),
  ...[1, 2, 5, 10, 15, 20, 30].map((min) => min * US_PER_MIN),
  ...[1, 2, 3, 4, 6, 12].map((h) => h * US_PER_H),
  ...[1, 2, 7, 14, 28].map((days) => days * US_PER_DAY),
];

/**
 * The finest bins that a screen has room for, no finer than a request each on average. They begin where the clock does: the
 * log's own where its stamps have a date and a zone, else UTC, else the trace's time 0.
 */
export function rateBins(trace: Trace): RateBins {
  const { count, arrivalUs, firstAtUs, zoneOffsetMin, period } = trace;
  const zeroUs = (firstAtUs ?? 0) + (zoneOffsetMin ?? 0) * US_PER_MIN;
  const lastUs = Math.max(period.toUs, arrivalUs[count - 1]!);
  const startOf = (us: number, binUs: number) => Math.floor((us + zeroUs) / binUs);
  const binsOf = (binUs: number) => startOf(lastUs, binUs) - startOf(period.fromUs, binUs) + 1;
  const fits = (us: number) => binsOf(us) <= MOST_BINS && binsOf(us) <= Math.max(1, count);
  let binUs = SIZES_US.find(fits) ?? SIZES_US.at(-1)!;
  while (!fits(binUs) && binsOf(binUs) > 1) binUs *= 2;
  const first = startOf(period.fromUs, binUs);
  const requests = new Array<number>(binsOf(binUs)).fill(0);
  for (let i = 0; i < count; i++) requests[startOf(arrivalUs[i]!, binUs) - first]!++;
  // A window's end is no part of it: a bin that only begins there is empty and no picture.
  if (requests.at(-1) === 0 && startOf(lastUs, binUs) * binUs === lastUs + zeroUs) requests.pop();
  return { binS: binUs / US_PER_S, fromS: (first * binUs - zeroUs) / US_PER_S, requests };
}
