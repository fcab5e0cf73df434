/** Times of a trace that are cut out, stretched or gone through again. */
import { grouped } from '../../base/counts.ts';
import { formatDurationUs, US_PER_DAY, US_PER_MIN } from '../../base/units.ts';
import { realColumn } from '../columns.ts';
import { formatIso } from '../stamps.ts';
import type { Trace } from '../trace.ts';
import {
  columnsOf,
  isShared,
  mergeRuns,
  refuseTooMany,
  requests,
  reshaped,
  shapeMistake,
} from './shape-rows.ts';

/** [from, to) by the trace's own time, in integer microseconds; null: time 0, and the end of what is observed. */
export interface Cut {
  readonly fromUs: number | null;
  readonly toUs: number | null;
}

/** So much of a window without any log is worth a warning. */
const BEYOND_SHARE = 0.05;

/** Time 0 becomes the window's beginning, the period the window. @throws UserError if no request lies in it */
export function cutWindow(trace: Trace, { fromUs, toUs }: Cut): Trace {
  const { count, arrivalUs, firstAtUs, period, report } = trace;
  const beginUs = fromUs ?? 0;
  const endUs = toUs ?? period.toUs;
  const from = fromUs === null ? 0 : firstAtOrAfter(arrivalUs, count, beginUs);
  const to = toUs === null ? count : firstAtOrAfter(arrivalUs, count, endUs);
  const when = (us: number) =>
    firstAtUs === null ? formatDurationUs(us) : formatIso(firstAtUs + us);
  if (from >= to || beginUs > endUs) {
    const held = `${when(arrivalUs[0]!)} .. ${when(arrivalUs[count - 1]!)}`;
    const message = `from ${when(beginUs)} to ${when(endUs)} holds no request: the trace has ${requests(count)}, ${held}`;
    throw shapeMistake(report.name, 'window', message);
  }
  const times = realColumn(to - from, isShared(trace));
  for (let i = from; i < to; i++) times[i - from] = arrivalUs[i]! - beginUs;
  const said = `window: ${grouped(to - from)} of ${requests(count)}, from ${when(beginUs)} to ${when(endUs)}`;
  const cut = reshaped(
    trace,
    {
      count: to - from,
      arrivalUs: times,
      serviceUs: trace.serviceUs?.subarray(from, to) ?? null,
      inputTokens: trace.inputTokens?.subarray(from, to) ?? null,
      cachedTokens: trace.cachedTokens?.subarray(from, to) ?? null,
      outputTokens: trace.outputTokens?.subarray(from, to) ?? null,
      endpoint: trace.endpoint?.subarray(from, to) ?? null,
      status: trace.status?.subarray(from, to) ?? null,
    },
    said,
    {
      firstAtUs: firstAtUs === null ? null : firstAtUs + beginUs,
      period: { fromUs: 0, toUs: endUs - beginUs },
    },
  );
  const beyondUs = Math.max(0, period.fromUs - beginUs) + Math.max(0, endUs - period.toUs);
  if (beyondUs <= BEYOND_SHARE * (endUs - beginUs)) return cut;
  const warning = `the log covers ${when(period.fromUs)} .. ${when(period.toUs)} only: the rest of the window counts as time without a request`;
  return { ...cut, report: { ...cut.report, warnings: [...cut.report.warnings, warning] } };
}

function firstAtOrAfter(arrivalUs: Float64Array, count: number, us: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (arrivalUs[middle]! < us) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Beyond twice this microseconds are no longer exact. @throws UserError */
function refuseTooLong(endUs: number, key: string, name: string): void {
  if (Math.abs(endUs) < Number.MAX_SAFE_INTEGER / 2) return;
  throw shapeMistake(name, key, 'makes times of more than a century');
}

/** Arrivals closer together or further apart, each rounded once; service times stay. @param factor above 0 */
export function scaleTime(trace: Trace, factor: number): Trace {
  if (factor === 1) return trace;
  const { count, arrivalUs, period, firstAtUs, report } = trace;
  const scaled = (us: number) => Math.round(us * factor);
  refuseTooLong(scaled(period.toUs), 'timeScale', report.name);
  const times = realColumn(count, isShared(trace));
  for (let i = 0; i < count; i++) times[i] = scaled(arrivalUs[i]!);
  const dated = firstAtUs === null ? '' : '; the time of day no longer fits';
  return reshaped(
    trace,
    { count, arrivalUs: times },
    `timeScale ${factor}: arrival times multiplied, service times as they are${dated}`,
    { period: { fromUs: scaled(period.fromUs), toUs: scaled(period.toUs) } },
  );
}

/** Days that a trace falls short of are kept whole up to this share of it ... */
const SHORT_OF_DAYS = 0.05;
/** ... and may be longer by so much: a log of ends holds requests that began before midnight. */
const BEYOND_DAYS_US = US_PER_MIN;

/** Copies one behind the other. @param times at least 1. @throws UserError where the trace has no length, or the copies too much */
export function repeat(trace: Trace, times: number): Trace {
  if (times === 1) return trace;
  const { count, arrivalUs, period, report } = trace;
  refuseTooMany(count * times, 'repeat', report.name);
  const shiftUs = repeatAfterUs(trace);
  if (!(shiftUs > 0)) {
    const message =
      'needs a trace that takes some time: this one is a single instant, give window:';
    throw shapeMistake(report.name, 'repeat', message);
  }
  const toUs = period.fromUs + times * shiftUs;
  refuseTooLong(toUs, 'repeat', report.name);
  const row = new Uint32Array(count);
  for (let i = 0; i < count; i++) row[i] = i;
  const run = mergeRuns(
    Array.from({ length: times }, (_, copy) => ({
      count,
      arrivalUs: copy === 0 ? arrivalUs : arrivalUs.map((us) => us + copy * shiftUs),
      row,
    })),
  );
  const overlapUs = arrivalUs[count - 1]! - arrivalUs[0]! - shiftUs;
  const overlap =
    overlapUs > 0 ? `, the last ${formatDurationUs(overlapUs)} of each over the next` : '';
  const said = `repeat ${times}: ${requests(count)} each, one copy every ${spanText(shiftUs)}${overlap}`;
  return reshaped(trace, columnsOf(trace, run), said, {
    period: { fromUs: period.fromUs, toUs },
  });
}

/**
 * Whole days where the trace has dates and nearly fills them, so that the time of day stays; else the period, and where
 * that begins and ends with an arrival a mean gap more.
 */
function repeatAfterUs({ count, arrivalUs, firstAtUs, period }: Trace): number {
  const spanUs = period.toUs - period.fromUs;
  const days = Math.max(1, Math.ceil((spanUs - BEYOND_DAYS_US) / US_PER_DAY));
  if (firstAtUs !== null && spanUs >= (1 - SHORT_OF_DAYS) * days * US_PER_DAY) {
    return days * US_PER_DAY;
  }
  const bare = arrivalUs[0] === period.fromUs && arrivalUs[count - 1] === period.toUs;
  return bare && count > 1 ? spanUs + Math.round(spanUs / (count - 1)) : spanUs;
}

function spanText(us: number): string {
  if (us % US_PER_DAY !== 0) return formatDurationUs(us);
  return us === US_PER_DAY ? 'day' : `${us / US_PER_DAY} days`;
}
