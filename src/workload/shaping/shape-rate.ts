/**
 * Fewer or more requests of the same kind. `sample` and a `rateScale` below 1 keep each request by luck that is keyed to
 * it; a `rateScale` above 1 lays copies of the trace over each other, each shifted as a whole by a small time. Copy k is
 * kept with probability factor - k, at most 1, so that the traffic at one factor is part of the traffic at any larger one.
 *
 * What becomes of burstiness, with I the index of dispersion (variance over mean) of counts over an interval: thinned by p
 * it is 1 + p (I - 1) in the mean; n copies have n I over intervals much longer than the shift, as if every burst had n
 * times the users, and peak-to-mean stays; over shorter ones bursts come n times as often and I grows less. (Azure's code
 * trace of 2023, bursts of seconds, twice the rate: I is 1.2, 1.8 and 2.0 times over 1 s, 1 min and 5 min.)
 */
import { grouped } from '../../base/counts.ts';
import { keyed } from '../../base/random.ts';
import { formatDurationUs, US_PER_MIN } from '../../base/units.ts';
import type { Trace } from '../trace.ts';
import {
  columnsOf,
  mergeRuns,
  type Run,
  refuseTooMany,
  requests,
  reshaped,
  shapeMistake,
} from './shape-rows.ts';

export interface RateScale {
  readonly factor: number;
  /** Within which the copies lie: each is moved by at most half of it, earlier or later, around the ends of the period. */
  readonly shiftUs: number;
}

export const MOST_FACTOR = 1_000;
export const DEFAULT_SHIFT_US = US_PER_MIN;

/** @param share above 0, at most 1. @throws UserError if none is left */
export function sample(trace: Trace, share: number, seed: string): Trace {
  if (share === 1) return trace;
  const run = thinned(trace, share, keyed(seed, 0, 'sample', 0, 0));
  if (run.count === 0) {
    throw shapeMistake(trace.report.name, 'sample', `leaves none of ${requests(trace.count)}`);
  }
  const said = `sample: ${grouped(run.count)} of ${requests(trace.count)}, each kept with probability ${share}`;
  return reshaped(trace, columnsOf(trace, run), said);
}

/** The period stays as it is. @throws UserError if none is left, or more than fit into memory */
export function scaleRate(trace: Trace, { factor, shiftUs }: RateScale, seed: string): Trace {
  if (factor === 1) return trace;
  const { name } = trace.report;
  refuseTooMany(trace.count * factor, 'rateScale', name);
  const copies = Math.ceil(factor);
  const runs: Run[] = [];
  for (let copy = 0; copy < copies; copy++) {
    const run = thinned(trace, Math.min(1, factor - copy), keyed(seed, 0, 'thin', copy, 0));
    const luck = keyed(seed, 0, 'shift', copy, 0).next() - 0.5;
    // The first copy is the trace itself.
    const moveUs = copy === 0 ? 0 : Math.round(shiftUs * luck);
    runs.push(moved(trace, run, moveUs));
  }
  const run = mergeRuns(runs);
  if (run.count === 0)
    throw shapeMistake(name, 'rateScale', `leaves none of ${requests(trace.count)}`);
  const counts = `${grouped(run.count)} from ${requests(trace.count)}`;
  const said =
    factor < 1
      ? `rateScale ${factor}: ${counts}, each kept with probability ${factor}; peaks keep their share of the traffic`
      : `rateScale ${factor}: ${counts}, the trace and ${copiesOf(factor)} laid over it, all within ${formatDurationUs(shiftUs)}: counts over longer times grow ${factor}-fold, peaks and daily shape with them, bursts shorter than that come more often and not larger`;
  return reshaped(trace, columnsOf(trace, run), said);
}

function copiesOf(factor: number): string {
  const whole = Math.floor(factor) - 1;
  const part = factor - Math.floor(factor);
  const copies = whole === 0 ? '' : whole === 1 ? '1 copy' : `${grouped(whole)} copies`;
  const thin = part === 0 ? '' : `a copy thinned to ${Number(part.toPrecision(6))}`;
  return [copies, thin].filter((words) => words !== '').join(' and ');
}

/** The rows that are kept: the i-th uniform belongs to row i, whatever the share. */
function thinned({ count, arrivalUs }: Trace, share: number, uniforms: { next(): number }): Run {
  const row = new Uint32Array(count);
  let kept = 0;
  if (share >= 1) for (; kept < count; kept++) row[kept] = kept;
  else {
    for (let i = 0; i < count; i++) {
      if (uniforms.next() < share) row[kept++] = i;
    }
  }
  const rows = row.subarray(0, kept);
  if (kept === count) return { count, arrivalUs, row: rows };
  const times = new Float64Array(kept);
  for (let i = 0; i < kept; i++) times[i] = arrivalUs[rows[i]!]!;
  return { count: kept, arrivalUs: times, row: rows };
}

/** Around the ends of the period: what leaves at one comes in at the other. */
function moved({ count, arrivalUs, period }: Trace, run: Run, byUs: number): Run {
  if (byUs === 0) return run;
  // A period that ends with its last arrival has that microsecond, too.
  const closed = arrivalUs[count - 1]! >= period.toUs ? 1 : 0;
  const roundUs = period.toUs - period.fromUs + closed;
  const shiftUs = ((byUs % roundUs) + roundUs) % roundUs;
  const leavesAtUs = period.fromUs + roundUs - shiftUs;
  let stays = run.count;
  while (stays > 0 && run.arrivalUs[stays - 1]! >= leavesAtUs) stays--;
  const leaves = run.count - stays;
  const times = new Float64Array(run.count);
  const row = new Uint32Array(run.count);
  for (let i = 0; i < leaves; i++) times[i] = run.arrivalUs[stays + i]! + shiftUs - roundUs;
  for (let i = 0; i < stays; i++) times[leaves + i] = run.arrivalUs[i]! + shiftUs;
  row.set(run.row.subarray(stays));
  row.set(run.row.subarray(0, stays), leaves);
  return { count: run.count, arrivalUs: times, row };
}
