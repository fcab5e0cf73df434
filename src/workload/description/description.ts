/** What a trace is: how much, how bursty, how long, whether it would go cold, and how far it can be trusted. */
import { US_PER_S } from '../../base/units.ts';
import { formatIso } from '../stamps.ts';
import { orderStatistics } from '../statistics.ts';
import type { Trace, TraceReport } from '../trace.ts';
import { type Endpoints, endpointsOf, type StatusClass, statusesOf } from './breakdown.ts';
import { type Burstiness, burstinessOf } from './burstiness.ts';
import { type ClosedClients, closedClientsOf, PROMPT_SHARE } from './closed-clients.ts';
import { levelsOf } from './concurrency.ts';
import { type Gap, gapsOf, idleWindows } from './gaps.ts';
import { type RateBins, rateBins } from './rate-bins.ts';
import { type Doubt, doubtsOf } from './trust.ts';

export interface Quantiles {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** What `inspect --json` prints: what reading found, then figures; a figure over nothing is null. */
export interface TraceDescription extends TraceReport, Burstiness, Endpoints {
  readonly schema: 'coldfront.trace.v1';
  /** Time 0, ISO by UTC; null for relative times. After a cut it is where the window begins. */
  readonly zeroAt: string | null;
  /** First and last arrival, ISO by UTC; null for relative times. */
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  /** How far east of UTC the log's own stamps are; null where they name no zone. */
  readonly zoneOffsetMin: number | null;
  /** What was observed: first to last arrival, or the window that was asked for. */
  readonly spanS: number;
  /** Requests over the span. */
  readonly ratePerS: number | null;
  /** Of the requests that have a duration. */
  readonly serviceS: Quantiles | null;
  /** Requests in [arrival, arrival + service): the mean by Little's law, within the span. Without a duration one holds nothing. */
  readonly concurrency: { readonly mean: number | null; readonly peak: number } | null;
  /** In-flight counts at a flat ceiling; null where there is none. */
  readonly closedClients: ClosedClients | null;
  readonly tokens: {
    readonly input: Quantiles | null;
    /** Of the input tokens; left out where the trace does not tell. */
    readonly cached?: Quantiles;
    readonly output: Quantiles | null;
  } | null;
  readonly statuses: readonly StatusClass[] | null;
  /** Would it go cold? A figure an idle window; without service times the gaps are between arrivals. */
  readonly gaps: readonly Gap[];
  /** For a picture. */
  readonly rate: RateBins;
  readonly trust: readonly Doubt[];
}

export interface DescriptionOptions {
  /** What the requests need, as a study has it; the trace's own durations if left out. */
  readonly serviceUs?: Float64Array | null;
  /** Idle windows by the id of the platform whose default they are, in microseconds. */
  readonly idleDefaults?: ReadonlyMap<string, number>;
}

/** Linear in the rows but for one sort of their ends; two columns beside the trace's own. */
export function describeTrace(
  trace: Trace,
  { serviceUs = trace.serviceUs, idleDefaults = new Map() }: DescriptionOptions = {},
): TraceDescription {
  const { count, arrivalUs, firstAtUs, period } = trace;
  const spanUs = period.toUs - period.fromUs;
  const isoAt = (us: number) => (firstAtUs === null ? null : formatIso(firstAtUs + us));
  const service = serviceUs === null ? null : figuresOf(serviceUs, count);
  const windows = idleWindows(idleDefaults);
  const levels = levelsOf(arrivalUs, serviceUs, count, {
    windowsUs: windows.map(({ us }) => us),
    promptUs: PROMPT_SHARE * (service?.mean ?? 0),
  });
  const hasDurations = service !== null;
  const closedClients = hasDurations ? closedClientsOf(levels) : null;
  const missing = serviceUs === null ? trace.report.missing : count - (service?.known ?? 0);
  const burstiness = burstinessOf(trace);
  const gaps = gapsOf(trace, levels, windows, hasDurations);
  return {
    schema: 'coldfront.trace.v1',
    ...trace.report,
    durations: serviceUs === trace.serviceUs ? trace.report.durations : null,
    requests: count,
    missing,
    zeroAt: isoAt(0),
    firstAt: isoAt(arrivalUs[0]!),
    lastAt: isoAt(arrivalUs[count - 1]!),
    zoneOffsetMin: trace.zoneOffsetMin,
    spanS: spanUs / US_PER_S,
    ratePerS: spanUs > 0 ? count / (spanUs / US_PER_S) : null,
    ...burstiness,
    serviceS: service === null ? null : scaled(service, US_PER_S),
    concurrency:
      service === null
        ? null
        : { mean: spanUs > 0 ? heldWithin(trace, serviceUs!) / spanUs : null, peak: levels.peak },
    closedClients,
    tokens: tokensOf(trace),
    ...endpointsOf(trace, serviceUs),
    statuses: statusesOf(trace),
    gaps,
    rate: rateBins(trace),
    trust: doubtsOf({
      trace,
      hasDurations,
      missing,
      tieShare: burstiness.tieShare,
      gaps,
      closedClients,
    }),
  };
}

/** Service within the observed period: by Little's law its mean in flight, and never more than the peak. */
function heldWithin({ count, arrivalUs, period }: Trace, serviceUs: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const us = Math.min(serviceUs[i]!, period.toUs - arrivalUs[i]!);
    if (us > 0) sum += us;
  }
  return sum;
}

interface ColumnFigures extends Quantiles {
  readonly known: number;
  readonly sum: number;
}

/** Of the values that are known; null without one. Sums of integers are exact up to 2^53. */
function figuresOf(values: Float64Array, count: number): ColumnFigures | null {
  const copy = new Float64Array(count);
  let known = 0;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    copy[known++] = value;
    sum += value;
  }
  if (known === 0) return null;
  const [p50, p90, p99, max] = orderStatistics(copy, [0.5, 0.9, 0.99, 1], 0, known) as [
    number,
    number,
    number,
    number,
  ];
  return { known, sum, mean: sum / known, p50, p90, p99, max };
}

function tokensOf({
  inputTokens,
  cachedTokens,
  outputTokens,
  count,
}: Trace): TraceDescription['tokens'] {
  if (inputTokens === null && outputTokens === null) return null;
  const of = (column: Float64Array | null) => {
    const figures = column === null ? null : figuresOf(column, count);
    return figures === null ? null : scaled(figures, 1);
  };
  const cached = of(cachedTokens);
  return { input: of(inputTokens), ...(cached && { cached }), output: of(outputTokens) };
}

function scaled({ mean, p50, p90, p99, max }: Quantiles, unit: number): Quantiles {
  return { mean: mean / unit, p50: p50 / unit, p90: p90 / unit, p99: p99 / unit, max: max / unit };
}
