/** What a month like a log costs: whole weeks of it where it has any, so that no weekend counts twice. */
import { counted } from '../base/counts.ts';
import { seconds } from '../base/numbers.ts';
import { HOURS_PER_MONTH } from '../base/units.ts';
import type { Bound } from './bind.ts';
import type { HoursS, Result } from './document.ts';

const S_PER_H = 3_600;
const S_PER_WEEK = 168 * S_PER_H;

/** `cost.usdPerMonth` is 730 times the cost of an hour, whatever the log; what that rests on is said, and weeks beside it. */
export function monthOf(
  hours: HoursS | null,
  { compiled }: Bound,
  observedS: number,
): Pick<Result, 'monthFrom' | 'usdPerMonthWholeWeeks'> {
  if (compiled.replay === null) return { monthFrom: null };
  const weeks = Math.floor(observedS / S_PER_WEEK);
  const like = `730 h like this log of ${seconds(observedS)}`;
  if (weeks === 0 || hours === null || hours.usd === null) return { monthFrom: like };
  const usd = usdWithin(hours.usd, hours.lengthS, weeks * S_PER_WEEK);
  const usdPerHour = usd / (weeks * (S_PER_WEEK / S_PER_H));
  return {
    monthFrom: `730 h like the first ${counted(weeks, 'whole week')} of this log`,
    usdPerMonthWholeWeeks: usdPerHour * HOURS_PER_MONTH,
  };
}

/** Of the first so many seconds; of an hour that they cut, a share by time. */
function usdWithin(usd: readonly number[], lengthS: readonly number[], untilS: number): number {
  let sum = 0;
  let leftS = untilS;
  for (const [hour, length] of lengthS.entries()) {
    if (leftS <= 0) break;
    sum += usd[hour]! * (length === 0 ? 1 : Math.min(1, leftS / length));
    leftS -= length;
  }
  return sum;
}
