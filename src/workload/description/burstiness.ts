/** How requests cluster: counts by second and minute, gaps between arrivals, ties, silences. One pass each, no memory by row. */
import { US_PER_MIN, US_PER_S } from '../../base/units.ts';
import type { Trace } from '../trace.ts';

/** By a counting interval; null where the observed period is shorter than two of them. */
export interface BySpan {
  readonly second: number | null;
  readonly minute: number | null;
}

export interface Burstiness {
  /** Standard deviation of the gaps between arrivals over their mean: 1 for Poisson. */
  readonly interArrivalCv: number | null;
  /** Variance over mean of the counts: 1 for Poisson. */
  readonly dispersion: BySpan;
  /** The largest of the counts over their mean. */
  readonly peakToMean: BySpan;
  /** Share of the requests that arrive at the same microsecond as another one. */
  readonly tieShare: number;
}

export function burstinessOf(trace: Trace): Burstiness {
  const second = countsBy(trace, US_PER_S);
  const minute = countsBy(trace, US_PER_MIN);
  return {
    interArrivalCv: interArrivalCv(trace),
    dispersion: { second: second.dispersion, minute: minute.dispersion },
    peakToMean: { second: second.peakToMean, minute: minute.peakToMean },
    tieShare: tieShare(trace),
  };
}

/** Over intervals from the period's beginning on, the last one as far as it goes; empty ones count without being visited. */
function countsBy({ count, arrivalUs, period }: Trace, us: number) {
  const intervalOf = (row: number) => Math.floor((arrivalUs[row]! - period.fromUs) / us);
  const intervals = Math.max(
    intervalOf(count - 1) + 1,
    Math.ceil((period.toUs - period.fromUs) / us),
  );
  const mean = count / intervals;
  let most = 0;
  let squares = 0;
  for (let row = 0; row < count; ) {
    const [from, interval] = [row, intervalOf(row)];
    while (row < count && intervalOf(row) === interval) row++;
    most = Math.max(most, row - from);
    squares += (row - from) ** 2;
  }
  if (intervals < 2) return { dispersion: null, peakToMean: null };
  return { dispersion: (squares / intervals - mean * mean) / mean, peakToMean: most / mean };
}

function interArrivalCv({ count, arrivalUs }: Trace): number | null {
  const gaps = count - 1;
  const mean = (arrivalUs[count - 1]! - arrivalUs[0]!) / gaps;
  if (!(mean > 0)) return null;
  let squares = 0;
  for (let i = 1; i < count; i++) squares += (arrivalUs[i]! - arrivalUs[i - 1]! - mean) ** 2;
  return Math.sqrt(squares / gaps) / mean;
}

function tieShare({ count, arrivalUs }: Trace): number {
  let tied = 0;
  for (let row = 0; row < count; ) {
    const from = row;
    while (row < count && arrivalUs[row] === arrivalUs[from]) row++;
    if (row - from > 1) tied += row - from;
  }
  return tied / count;
}

/** From one arrival to the next. */
export interface Silence {
  readonly fromUs: number;
  readonly lengthUs: number;
}

/** The longest gaps between arrivals, longest first. */
export function longestSilences({ count, arrivalUs }: Trace, most: number): Silence[] {
  const longest: Silence[] = [];
  for (let i = 1; i < count; i++) {
    const lengthUs = arrivalUs[i]! - arrivalUs[i - 1]!;
    if (longest.length === most && lengthUs <= longest[most - 1]!.lengthUs) continue;
    const at = longest.findIndex((silence) => silence.lengthUs < lengthUs);
    longest.splice(at < 0 ? longest.length : at, 0, { fromUs: arrivalUs[i - 1]!, lengthUs });
    if (longest.length > most) longest.pop();
  }
  return longest;
}
