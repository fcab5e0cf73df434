/**
 * The service times inside a log's durations, which hold waits and cold starts too. A request that found nothing in flight
 * waited for nobody, and one that came soon after another found a replica warm: the durations of those are service, whatever
 * came after them. Where durations do not grow with company, nobody waited, and all warm ones count.
 */
import { UserError } from '../../base/errors.ts';
import type { EndpointService, GivenService } from '../service.ts';
import { mean, orderStatistic, varianceOf } from '../statistics.ts';
import type { Trace } from '../trace.ts';
import { type ColdStartFit, fitColdStarts } from './fit-cold-start.ts';
import { type DistributionFit, fitDistribution } from './fit-distribution.ts';
import { kruskalWallis } from './fit-ranks.ts';
import { fitTokens, type TokenFit } from './token-fit.ts';

export interface FitOptions {
  /** Requests that today's replicas serve at once without making one wait. Default 1. */
  readonly atOnce?: number;
  /** The durations are service already: waits and starts were taken out. */
  readonly isPure?: boolean;
}

/** How durations grow with what is in flight when a request arrives, by least squares over warm requests. */
export interface CompanyFit {
  readonly perRequestUs: number;
  /** Of the mean of those alone. */
  readonly perRequestShare: number;
  readonly correlation: number;
  readonly grows: boolean;
}

export interface EndpointFit {
  readonly name: string;
  readonly fit: DistributionFit;
}

export interface ServiceFit {
  readonly requests: number;
  /** Requests without a duration: left out here. */
  readonly missing: number;
  /** Where the durations come from, as the reader says; null where it does not. */
  readonly durations: string | null;
  /** Which durations stand for service; `untold` where waits could not be kept out. */
  readonly sample: {
    readonly kind: 'alone' | 'warm' | 'pure' | 'untold';
    readonly durationsUs: Float64Array;
  };
  readonly company: CompanyFit | null;
  readonly coldStart: ColdStartFit;
  readonly drawn: DistributionFit;
  readonly tokens: TokenFit | null;
  /** By requests; null where endpoints do not differ. */
  readonly endpoints: readonly EndpointFit[] | null;
  /** What to paste: tokens where they explain enough, else by endpoint where these differ, else one distribution. */
  readonly service: GivenService;
  /** One sentence each, without full stops. */
  readonly warnings: readonly string[];
}

const LEAST_SAMPLE = 30;
/** At 0.1 %. */
const CORRELATION_Z = 3.29;
const LEAST_GROWTH = 0.02;
const LEAST_R2 = 0.5;
const MOST_ENDPOINTS = 20;
/** The longest median over the shortest: less is one kind of request. */
const LEAST_RATIO = 1.1;
const CHANCE = 0.01;
/** Fewer hold no hundredth. */
const LEAST_TAIL = 100;

/** @throws UserError if the trace has no durations */
export function fitService(trace: Trace, options: FitOptions = {}): ServiceFit {
  const { atOnce = 1, isPure = false } = options;
  const about = companyOf(trace);
  const { known, durationUs } = about;
  const alone = isPure ? known : known.filter((row) => about.inFlight[row]! < atOnce);
  const first = meanOf(trace, durationUs, alone.length < LEAST_SAMPLE ? known : alone);
  const afterGaps = known.filter((row) => about.gapUs[row]! >= 0);
  const scan = (expected: (row: number) => number, service: Float64Array) =>
    fitColdStarts(
      afterGaps.map((row) => ({
        gapUs: about.gapUs[row]!,
        excessUs: durationUs[row]! - expected(row),
      })),
      mean(service),
    );
  const pure: ColdStartFit = { seen: 'untold', why: 'the durations are without starts' };
  const seen = isPure ? pure : scan(first, pick(durationUs, alone.length > 0 ? alone : known));
  const windowUs = seen.seen === 'some' ? seen.windowUs : Number.POSITIVE_INFINITY;
  const isWarm = (row: number) => !(about.gapUs[row]! > windowUs);
  const warm = known.filter(isWarm);
  const company = isPure ? null : growthOf(about, warm, first);
  const sample = sampleOf(warm, alone.filter(isWarm), company, isPure);
  const service = pick(durationUs, sample.rows);
  const drawn = fitDistribution(service);
  const tokens = fitTokens(service, {
    input: trace.inputTokens && pick(trace.inputTokens, sample.rows),
    output: trace.outputTokens && pick(trace.outputTokens, sample.rows),
  });
  const endpoints = endpointsOf(trace, durationUs, sample.rows);
  // Again, by what the sample says of each kind of request: the first means had cold ones among them.
  const coldStart =
    seen.seen === 'some' ? scan(meanOf(trace, durationUs, sample.rows), service) : seen;
  const fit = {
    requests: trace.count,
    missing: trace.count - known.length,
    durations: trace.report.durations,
    sample: { kind: sample.kind, durationsUs: service },
    company,
    coldStart,
    drawn,
    tokens,
    endpoints,
    service: choiceOf(drawn, tokens, endpoints, trace.endpointNames),
  };
  return { ...fit, warnings: warningsOf(fit, trace, service) };
}

interface Company {
  /** Rows with a duration. */
  readonly known: readonly number[];
  readonly durationUs: Float64Array;
  /** Earlier requests that have not ended when a row arrives. */
  readonly inFlight: Float64Array;
  /** Since the last one ended, where none is in flight; NaN elsewhere and for the first. */
  readonly gapUs: Float64Array;
}

/** A request without a duration is gone as it arrives, and leaves what it met awake. */
function companyOf({ count, arrivalUs, serviceUs, report }: Trace): Company {
  const known: number[] = [];
  for (let row = 0; row < count; row++)
    if (serviceUs && !Number.isNaN(serviceUs[row]!)) known.push(row);
  if (serviceUs === null || known.length === 0) {
    const message = 'has no durations to fit service times to: log them (nginx: $request_time)';
    throw new UserError([{ at: report.name, path: null, message }]);
  }
  const endUs = arrivalUs.map((us, row) => us + (serviceUs[row]! || 0));
  const ends = endUs.slice(0, count).sort();
  const inFlight = new Float64Array(count);
  const gapUs = new Float64Array(count).fill(Number.NaN);
  let ended = 0;
  let busyUntilUs = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < count; row++) {
    const nowUs = arrivalUs[row]!;
    while (ended < row && ends[ended]! <= nowUs) ended++;
    inFlight[row] = row - ended;
    if (row > 0 && busyUntilUs <= nowUs) gapUs[row] = nowUs - busyUntilUs;
    busyUntilUs = Math.max(busyUntilUs, endUs[row]!);
  }
  return { known, durationUs: serviceUs, inFlight, gapUs };
}

function pick(values: Float64Array, rows: readonly number[]): Float64Array {
  return Float64Array.from(rows, (row) => values[row]!);
}

/** What a request of a kind is expected to take: by its tokens where they explain enough, else by its endpoint. */
function meanOf(
  { endpoint, endpointNames, inputTokens, outputTokens }: Trace,
  durationUs: Float64Array,
  rows: readonly number[],
): (row: number) => number {
  const sample = pick(durationUs, rows);
  const byTokens = fitTokens(sample, {
    input: inputTokens && pick(inputTokens, rows),
    output: outputTokens && pick(outputTokens, rows),
  });
  if (byTokens !== null && byTokens.r2 >= LEAST_R2) {
    const { baseUs, perInputTokenUs, perOutputTokenUs } = byTokens.service;
    return (row) =>
      baseUs +
      (inputTokens?.[row] ?? 0) * perInputTokenUs +
      (outputTokens?.[row] ?? 0) * perOutputTokenUs;
  }
  const all = mean(sample);
  if (endpoint === null) return () => all;
  const sums = endpointNames.map(() => ({ count: 0, us: 0 }));
  for (const row of rows) {
    const sum = sums[endpoint[row]!];
    if (sum === undefined) continue;
    sum.count++;
    sum.us += durationUs[row]!;
  }
  const means = sums.map(({ count, us }) => (count < LEAST_SAMPLE ? all : us / count));
  return (row) => means[endpoint[row]!] ?? all;
}

function growthOf(
  { durationUs, inFlight }: Company,
  rows: readonly number[],
  expected: (row: number) => number,
): CompanyFit | null {
  if (rows.length < LEAST_SAMPLE) return null;
  const x = pick(inFlight, rows);
  const y = Float64Array.from(rows, (row) => durationUs[row]! - expected(row));
  const [varianceX, varianceY] = [varianceOf(x), varianceOf(y)];
  if (varianceX === 0 || varianceY === 0) return null;
  const [meanX, meanY] = [mean(x), mean(y)];
  const products = x.reduce((sum, value, i) => sum + (value - meanX) * (y[i]! - meanY), 0);
  const covariance = products / (rows.length - 1);
  const perRequestUs = covariance / varianceX;
  const correlation = covariance / Math.sqrt(varianceX * varianceY);
  const perRequestShare = perRequestUs / mean(Float64Array.from(rows, expected));
  const sure = correlation * Math.sqrt(rows.length) > CORRELATION_Z;
  return {
    perRequestUs,
    perRequestShare,
    correlation,
    grows: sure && perRequestShare > LEAST_GROWTH,
  };
}

function sampleOf(
  warm: readonly number[],
  alone: readonly number[],
  company: CompanyFit | null,
  isPure: boolean,
): { readonly kind: ServiceFit['sample']['kind']; readonly rows: readonly number[] } {
  if (isPure) return { kind: 'pure', rows: warm };
  if (company?.grows === false && warm.length >= LEAST_SAMPLE) return { kind: 'warm', rows: warm };
  if (alone.length >= LEAST_SAMPLE) return { kind: 'alone', rows: alone };
  return { kind: 'untold', rows: warm };
}

function endpointsOf(
  { endpoint, endpointNames }: Trace,
  durationUs: Float64Array,
  rows: readonly number[],
): readonly EndpointFit[] | null {
  if (endpoint === null) return null;
  const byName = endpointNames.map((): number[] => []);
  for (const row of rows) byName[endpoint[row]!]?.push(durationUs[row]!);
  const groups = byName
    .map((durations, i) => ({ name: endpointNames[i]!, us: Float64Array.from(durations) }))
    .filter(({ us }) => us.length >= LEAST_SAMPLE)
    .sort((a, b) => b.us.length - a.us.length);
  if (groups.length < 2) return null;
  const medians = groups.map(({ us }) => orderStatistic(us.slice().sort(), 0.5));
  const apart = Math.max(...medians) / Math.max(1, Math.min(...medians));
  if (apart < LEAST_RATIO || kruskalWallis(groups.map(({ us }) => us)) > CHANCE) return null;
  return groups
    .slice(0, MOST_ENDPOINTS)
    .map(({ name, us }) => ({ name, fit: fitDistribution(us) }));
}

function choiceOf(
  drawn: DistributionFit,
  tokens: TokenFit | null,
  endpoints: readonly EndpointFit[] | null,
  endpointNames: readonly string[],
): GivenService {
  if (tokens !== null && tokens.r2 >= LEAST_R2) return tokens.service;
  const all = { kind: 'drawn', distribution: drawn.distribution } as const;
  if (endpoints === null) return all;
  const byEndpoint: EndpointService['byEndpoint'] = Object.fromEntries(
    endpoints.map(({ name, fit }) => [name, { kind: 'drawn', distribution: fit.distribution }]),
  );
  const isWhole = endpointNames.every((name) => Object.hasOwn(byEndpoint, name));
  return { kind: 'byEndpoint', byEndpoint, other: isWhole ? null : all };
}

function warningsOf(
  { sample, company, drawn, durations }: Omit<ServiceFit, 'warnings'>,
  { report }: Trace,
  service: Float64Array,
): readonly string[] {
  const warnings: string[] = [];
  if (sample.kind === 'untold') {
    warnings.push(
      'cannot tell service from waiting: too few requests found nothing in flight, so the durations are fitted as they stand, waits and all; say what served them, by `current:` in a study or --current deployment.replicas.max=2',
    );
  } else if (service.length < LEAST_TAIL) {
    warnings.push(`a fit to ${service.length} durations: p99 is a guess`);
  }
  if (company?.grows === true && sample.kind === 'alone') {
    warnings.push(
      'durations grow with what is in flight: requests wait, start replicas when all are busy, or slow each other down; a log cannot tell which',
    );
  }
  const zeros = service.filter((us) => us <= 0).length;
  if (zeros > 0) {
    warnings.push(
      `${zeros} durations are 0, shorter than the log writes: they count as half a microsecond`,
    );
  }
  if (report.resolutionUs >= drawn.data.p50Us / 2) {
    warnings.push(
      'stamps are coarse beside the durations: which requests overlap, and which follow a gap, is uncertain by as much',
    );
  }
  if (durations !== null && /request_time/.test(durations) && !/upstream/.test(durations)) {
    warnings.push(
      '$request_time holds the time of slow clients: with $upstream_response_time in the log format it would be preferred',
    );
  }
  return warnings;
}
