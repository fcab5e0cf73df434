/** Arrival processes: what a study may ask for, what is wrong with it, what it expects, and one realization of it. */
import { grouped } from '../../base/counts.ts';
import { formatDurationUs, US_PER_S } from '../../base/units.ts';
import { type ArrivalStream, PointArrivals, type Streams } from './arrival-stream.ts';
import { CountedArrivals, type CountsSpec, countedBy, countsMistakes } from './counts.ts';
import { HawkesPoints, type HawkesSpec, hawkesMistakes } from './hawkes.ts';
import { MmppPoints, type MmppSpec, mmppMistakes, statesPerS } from './mmpp.ts';
import { type PopularitySpec, popularityMistakes } from './popularity.ts';
import { Clock, expectedBy, meanPerS, type RateSpec } from './rate-curve.ts';
import { openRenewal, type RenewalSpec, renewalMistakes } from './renewal.ts';
import { Superposition } from './superposition.ts';
import { type TokensSpec, tokensMistakes } from './tokens.ts';

/** Plain data that can be sent to a thread. */
export type ArrivalSpec = ProcessSpec | ClientsSpec;

export type ProcessSpec = RenewalSpec | MmppSpec | HawkesSpec | CountsSpec;

/** Several clients at once, each with traffic of its own (Xiang et al., ServeGen, 2025). */
export interface ClientsSpec {
  readonly process: 'clients';
  readonly clients: readonly ClientSpec[];
}

export interface ClientSpec {
  readonly name: string;
  readonly arrivals: ProcessSpec;
  /** null for those of the workload. */
  readonly endpoints: PopularitySpec | null;
  readonly tokens: TokensSpec | null;
}

const MOST_CLIENTS = 10_000;

/** What is wrong, a sentence each, without full stops. */
export function arrivalMistakes(spec: ArrivalSpec): string[] {
  switch (spec.process) {
    case 'mmpp':
      return mmppMistakes(spec);
    case 'hawkes':
      return hawkesMistakes(spec);
    case 'counts':
      return countsMistakes(spec);
    case 'clients':
      return clientsMistakes(spec);
    default:
      return renewalMistakes(spec);
  }
}

function clientsMistakes({ clients }: ClientsSpec): string[] {
  const mistakes = clients.flatMap((client) =>
    clientMistakes(client).map((message) => `${client.name}: ${message}`),
  );
  if (clients.length === 0) mistakes.push('clients are missing');
  if (clients.length > MOST_CLIENTS) mistakes.push(`at most ${MOST_CLIENTS} clients`);
  return mistakes;
}

function clientMistakes({ arrivals, endpoints, tokens }: ClientSpec): string[] {
  const mistakes = arrivalMistakes(arrivals);
  if (arrivals.process === 'counts' && arrivals.columns.length > 1) {
    mistakes.push('the counts of a client are one column');
  }
  if (endpoints !== null) mistakes.push(...popularityMistakes(endpoints));
  if (tokens !== null) mistakes.push(...tokensMistakes(tokens));
  return mistakes;
}

/** Whether anything is drawn. */
export function drawsArrivals(spec: ArrivalSpec): boolean {
  switch (spec.process) {
    case 'fixed':
      return false;
    case 'gamma':
    case 'weibull':
      return spec.cv !== 0;
    case 'counts':
      return spec.placement === 'uniform' || spec.columns.length > 1;
    default:
      return true;
  }
}

/** When `count` arrivals are expected, in microseconds. */
export function expectedTimeUs(spec: ArrivalSpec, count: number): number {
  const rate = rateOf(spec);
  if (rate !== null) return Math.round(new Clock(rate).timeUs(count));
  let [low, high] = [0, US_PER_S];
  while (expectedArrivals(spec, high) < count) high *= 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (expectedArrivals(spec, middle) < count) low = middle;
    else high = middle;
  }
  return high;
}

/** How many are expected in [0, us). */
export function expectedArrivals(spec: ArrivalSpec, us: number): number {
  if (spec.process === 'counts') return countedBy(spec, us);
  if (spec.process === 'clients') {
    return spec.clients.reduce((sum, { arrivals }) => sum + expectedArrivals(arrivals, us), 0);
  }
  return expectedBy(rateOf(spec)!, us);
}

/** null where there is no rate by itself. */
function rateOf(spec: ArrivalSpec): RateSpec | null {
  if (spec.process === 'counts' || spec.process === 'clients') return null;
  return spec.process === 'mmpp' ? (spec.rate ?? statesPerS(spec.states)) : spec.rate;
}

/** For people: `poisson arrivals at 5/s`. */
export function arrivalLabel(spec: ArrivalSpec): string {
  const rate = rateOf(spec);
  const pace = typeof rate === 'number' ? `${rounded(rate)}/s` : 'a rate that changes';
  switch (spec.process) {
    case 'mmpp':
      return `mmpp arrivals of ${spec.states.length} states at ${pace}`;
    case 'hawkes':
      return `hawkes arrivals at ${pace}, branching ${spec.branching}`;
    case 'counts': {
      const [column] = spec.columns;
      return `arrivals by ${grouped(column!.length)} counts, one each ${formatDurationUs(spec.intervalUs)}`;
    }
    case 'clients':
      return `arrivals of ${grouped(spec.clients.length)} clients`;
    default:
      return `${spec.process} arrivals at ${pace}`;
  }
}

function rounded(perS: number): number {
  return Number(perS.toPrecision(4));
}

/**
 * One realization.
 * @param streams of the workload
 * @param clientStreams of each client by position, so that one more moves no other
 */
export function openArrivals(
  spec: ArrivalSpec,
  streams: Streams,
  clientStreams: (client: number) => Streams,
): ArrivalStream {
  if (spec.process !== 'clients') return openProcess(spec, streams, false);
  // Nobody's traffic begins with time 0; and clients with equal gaps are out of step.
  return new Superposition(
    spec.clients.map(({ arrivals }, i) => openProcess(arrivals, clientStreams(i), true)),
  );
}

function openProcess(spec: ProcessSpec, streams: Streams, stationary: boolean): ArrivalStream {
  switch (spec.process) {
    case 'mmpp':
      return onClock(new MmppPoints(spec, streams), spec.rate);
    case 'hawkes':
      return onClock(new HawkesPoints(spec, meanPerS(spec.rate), streams), spec.rate);
    case 'counts':
      return new CountedArrivals(spec, streams);
    default:
      return openRenewal(spec, streams, stationary);
  }
}

/**
 * A process of a constant mean rate, in microseconds, as it is or on the clock of a curve with that mean: its time runs faster
 * where the curve is high.
 */
function onClock(points: MmppPoints | HawkesPoints, rate: RateSpec | null): ArrivalStream {
  return rate === null || typeof rate === 'number'
    ? new PointArrivals(points, null, 1)
    : new PointArrivals(points, new Clock(rate), meanPerS(rate) / US_PER_S);
}
