/** What a trace is: how much, how bursty, how long, and how often a replica would go cold between its requests. */
import { US_PER_MIN, US_PER_S } from '../base/units.ts';
import { formatIso } from './stamps.ts';
import type { Trace, TraceReport } from './trace.ts';

/** By a counting interval; null where the trace is shorter than two of them. */
export interface BySpan {
  readonly second: number | null;
  readonly minute: number | null;
}

export interface Gap {
  readonly idleWindowS: number;
  /** Requests that find the replica gone, the first one too. */
  readonly count: number;
  /** How long it is idle within its windows, the last one in full. */
  readonly idleS: number;
}

/** What `inspect --json` prints: what reading found, then figures; a figure over nothing is null. */
export interface TraceDescription extends TraceReport {
  readonly schema: 'coldfront.trace.v1';
  /** First and last arrival, ISO by UTC; null for relative times. */
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  /** First to last arrival. */
  readonly spanS: number;
  /** Requests over the span. */
  readonly ratePerS: number | null;
  /** Standard deviation of the gaps over their mean. */
  readonly interArrivalCv: number | null;
  /** Variance over mean of the counts: 1 for Poisson. */
  readonly dispersion: BySpan;
  /** The largest of the counts over their mean. */
  readonly peakToMean: BySpan;
  readonly serviceS: {
    readonly mean: number;
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly max: number;
  } | null;
  /** Requests in [arrival, arrival + service): the mean by Little's law over the span. */
  readonly concurrency: { readonly mean: number | null; readonly peak: number } | null;
  readonly endpoints: readonly { readonly name: string; readonly requests: number }[];
  /** For one replica without a concurrency limit or load time; without service times the gaps are between arrivals. */
  readonly gaps: readonly Gap[];
  /** Requests in each minute from the first arrival on, for a sparkline. */
  readonly perMinute: readonly number[];
}

const IDLE_WINDOWS_S = [5, 10, 30, 60, 300, 600, 900, 1800, 3600];
/** A century of stamps with a typo among them needs no sparkline. */
const MOST_MINUTES = 4 * 366 * 24 * 60;

/** @param serviceUs what the requests need, as the study has it; the trace's own durations if left out */
export function describeTrace(
  trace: Trace,
  serviceUs: Float64Array | null = trace.serviceUs,
): TraceDescription {
  const { count, arrivalUs, firstAtUs } = trace;
  const spanUs = arrivalUs[count - 1]! - arrivalUs[0]!;
  const isoAt = (us: number) => (firstAtUs === null ? null : formatIso(firstAtUs + us));
  const seconds = countsBy(arrivalUs, count, US_PER_S);
  const minutes = countsBy(arrivalUs, count, US_PER_MIN);
  return {
    schema: 'coldfront.trace.v1',
    ...trace.report,
    firstAt: isoAt(arrivalUs[0]!),
    lastAt: isoAt(arrivalUs[count - 1]!),
    spanS: spanUs / US_PER_S,
    ratePerS: spanUs > 0 ? count / (spanUs / US_PER_S) : null,
    interArrivalCv: gapCv(arrivalUs, count),
    dispersion: { second: seconds.dispersion, minute: minutes.dispersion },
    peakToMean: { second: seconds.peakToMean, minute: minutes.peakToMean },
    serviceS: serviceUs === null ? null : quantilesS(serviceUs),
    concurrency:
      serviceUs === null
        ? null
        : {
            mean: spanUs > 0 ? sum(serviceUs) / spanUs : null,
            peak: peakConcurrency(arrivalUs, serviceUs, count),
          },
    endpoints: endpointsOf(trace),
    gaps: IDLE_WINDOWS_S.map((windowS) => gap(arrivalUs, serviceUs, count, windowS)),
    perMinute: perMinute(arrivalUs, count),
  };
}

/** Over intervals from the first arrival on, the last one as far as it goes; empty ones count without being visited. */
function countsBy(arrivalUs: Float64Array, count: number, us: number) {
  const intervalOf = (row: number) => Math.floor((arrivalUs[row]! - arrivalUs[0]!) / us);
  const intervals = intervalOf(count - 1) + 1;
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

function gapCv(arrivalUs: Float64Array, count: number): number | null {
  const gaps = count - 1;
  const mean = (arrivalUs[count - 1]! - arrivalUs[0]!) / gaps;
  if (!(mean > 0)) return null;
  let squares = 0;
  for (let i = 1; i < count; i++) squares += (arrivalUs[i]! - arrivalUs[i - 1]! - mean) ** 2;
  return Math.sqrt(squares / gaps) / mean;
}

function quantilesS(serviceUs: Float64Array) {
  const sorted = serviceUs.slice().sort();
  /** The order statistic ceil(p n), as for latencies. */
  const at = (p: number) => sorted[Math.ceil(p * sorted.length) - 1]! / US_PER_S;
  const mean = sum(serviceUs) / serviceUs.length / US_PER_S;
  return { mean, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

function peakConcurrency(arrivalUs: Float64Array, serviceUs: Float64Array, count: number): number {
  const endUs = Float64Array.from(
    { length: count },
    (_, i) => arrivalUs[i]! + serviceUs[i]!,
  ).sort();
  let peak = 0;
  for (let arrived = 0, ended = 0; arrived < count; arrived++) {
    // A request that ends as another arrives is gone by then, a request of no length at once.
    while (ended <= arrived && endUs[ended]! <= arrivalUs[arrived]!) ended++;
    peak = Math.max(peak, arrived + 1 - ended);
  }
  return peak;
}

function gap(
  arrivalUs: Float64Array,
  serviceUs: Float64Array | null,
  count: number,
  idleWindowS: number,
): Gap {
  const windowUs = idleWindowS * US_PER_S;
  let cold = 1;
  let idleUs = windowUs;
  let busyUntilUs = arrivalUs[0]!;
  for (let i = 0; i < count; i++) {
    const idle = arrivalUs[i]! - busyUntilUs;
    if (idle > windowUs) cold++;
    if (idle > 0) idleUs += Math.min(idle, windowUs);
    const endUs = arrivalUs[i]! + (serviceUs === null ? 0 : serviceUs[i]!);
    if (endUs > busyUntilUs) busyUntilUs = endUs;
  }
  return { idleWindowS, count: cold, idleS: idleUs / US_PER_S };
}

function endpointsOf({ count, endpoint, endpointNames }: Trace) {
  if (endpoint === null) return [];
  const requests = endpointNames.map(() => 0);
  for (let i = 0; i < count; i++) requests[endpoint[i]!]!++;
  return endpointNames
    .map((name, i) => ({ name, requests: requests[i]! }))
    .sort((a, b) => b.requests - a.requests);
}

function perMinute(arrivalUs: Float64Array, count: number): number[] {
  const minuteOf = (us: number) => Math.floor((us - arrivalUs[0]!) / US_PER_MIN);
  const minutes = minuteOf(arrivalUs[count - 1]!) + 1;
  if (minutes > MOST_MINUTES) return [];
  const series = new Array<number>(minutes).fill(0);
  for (let i = 0; i < count; i++) series[minuteOf(arrivalUs[i]!)]!++;
  return series;
}

/** Integers: exact up to 2^53. */
function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
