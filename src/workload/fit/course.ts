/** The course of a trace's rate: how its hours or its parts differ, with what clusters within them left out. */
import { US_PER_H, US_PER_S } from '../../base/units.ts';
import type { RateSpec } from '../synthesis/rate-curve.ts';
import type { Trace } from '../trace.ts';

/** Fewer requests tell nothing of a bin's rate: what they cluster is not its course. */
const LEAST_REQUESTS_A_BIN = 200;
const MOST_BINS = 48;
const HOURS_A_DAY = 24;
const HOURS_A_WEEK = 168;
/** The course of a day is told by two days at least, that of a week by two weeks. */
const LEAST_PERIODS = 2;

export interface Course {
  /** Steps, from the period's beginning on. */
  readonly rate: RateSpec;
  /** Parts of the trace, each with a rate of its own requests alone: 1 where hours are means over days. */
  readonly parts: number;
  /** In words, without a full stop. */
  readonly note: string;
}

/** The mean rate of each hour of the week or of the day, over all of them; of a shorter trace by bins of its whole length. */
export function courseOf({ count, arrivalUs, period }: Trace): Course {
  const spanUs = Math.max(1, period.toUs - period.fromUs);
  const hours = [HOURS_A_WEEK, HOURS_A_DAY].find(
    (each) => spanUs >= LEAST_PERIODS * each * US_PER_H && count >= each * LEAST_REQUESTS_A_BIN,
  );
  const bins = hours ?? Math.min(MOST_BINS, Math.floor(count / LEAST_REQUESTS_A_BIN));
  if (bins < 2) {
    const rate = (count / spanUs) * US_PER_S;
    return { rate, parts: 1, note: 'a constant rate: too few requests to tell a course' };
  }
  const periodUs = hours === undefined ? spanUs : hours * US_PER_H;
  const binUs = periodUs / bins;
  const counts = new Float64Array(bins);
  for (let i = 0; i < count; i++) {
    const within = (arrivalUs[i]! - period.fromUs) % periodUs;
    // The last arrival may lie at the very end of the period.
    const end = hours === undefined && arrivalUs[i]! >= period.toUs;
    counts[end ? bins - 1 : Math.floor(within / binUs)]!++;
  }
  const points = Array.from(counts, (inBin, i) => ({
    atUs: Math.round(i * binUs),
    perS: (inBin / observedUs(i * binUs, (i + 1) * binUs, periodUs, spanUs)) * US_PER_S,
  }));
  return {
    rate: { periodUs: Math.round(periodUs), interpolate: 'step', points },
    parts: hours === undefined ? bins : 1,
    note:
      hours === undefined
        ? `the rate by ${bins} parts of the whole length`
        : `the rate by the hour of the ${hours === HOURS_A_WEEK ? 'week' : 'day'}, the mean over all`,
  };
}

/** How much of one bin of all periods lies within the trace; the last period may be cut. */
function observedUs(fromUs: number, toUs: number, periodUs: number, spanUs: number): number {
  const whole = Math.floor(spanUs / periodUs);
  const rest = spanUs - whole * periodUs;
  return Math.max(1, whole * (toUs - fromUs) + Math.max(0, Math.min(rest, toUs) - fromUs));
}

/** Each arrival in requests expected by then, so that the course is taken out: their mean gap is 1. */
export function expectedAt({ count, arrivalUs, period }: Trace, rate: RateSpec): Float64Array {
  const at = new Float64Array(count);
  if (typeof rate === 'number') {
    for (let i = 0; i < count; i++) at[i] = ((arrivalUs[i]! - period.fromUs) * rate) / US_PER_S;
    return at;
  }
  const { points, periodUs } = rate;
  let before = 0;
  let [startUs, bin] = [0, 0];
  for (let i = 0; i < count; i++) {
    const sinceUs = arrivalUs[i]! - period.fromUs;
    for (;;) {
      const { atUs, perS } = points[bin]!;
      const lengthUs = (points[bin + 1]?.atUs ?? periodUs) - atUs;
      if (sinceUs < startUs + lengthUs) break;
      before += (lengthUs * perS) / US_PER_S;
      startUs += lengthUs;
      bin = (bin + 1) % points.length;
    }
    at[i] = before + ((sinceUs - startUs) * points[bin]!.perS) / US_PER_S;
  }
  return at;
}
