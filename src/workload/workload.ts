/** What arrives, chunk by chunk, in constant memory: a trace replayed, or traffic made from a seed. */
import { assert, UserError } from '../base/errors.ts';
import { streamOf } from '../base/random.ts';
import { compileDistribution } from '../engine/distribution.ts';
import type { Span, TraceChunk } from '../engine/scenario.ts';
import {
  type ArrivalSpec,
  Arrivals,
  arrivalMistakes,
  drawsArrivals,
  expectedTimeUs,
} from './arrivals.ts';
import { ownServiceUs, type ServiceSpec, serviceMistakes, tokenServiceUs } from './service.ts';
import type { Trace } from './trace.ts';

/** Plain data that can be sent to a thread. */
export type WorkloadSpec = ReplaySpec | SynthesisSpec;

export interface ReplaySpec {
  readonly kind: 'replay';
  readonly service: ServiceSpec;
}

/** Ends with the duration or with so many requests, whichever comes first; one of them at least is given. */
export interface SynthesisSpec {
  readonly kind: 'synthesize';
  readonly arrivals: ArrivalSpec;
  readonly durationUs: number | null;
  readonly requests: number | null;
  readonly service: ServiceSpec;
}

export interface Workload {
  /** For people: the trace's name, or the arrival process. */
  readonly label: string;
  /** null where it depends on the seed. */
  readonly requests: number | null;
  /**
   * The observed period: a trace's first to last arrival, [0, duration), or the time in which that many requests are
   * expected, which is the same for all seeds.
   */
  readonly period: Span;
  /** Time 0 in microseconds since 1970; null where there is no date. */
  readonly startAtEpochUs: number | null;
  /** What differs from replication to replication. */
  readonly drawn: { readonly arrivals: boolean; readonly service: boolean };
  /**
   * The requests in arrival order. A chunk holds until the next is taken: the arrays are used again.
   */
  chunks(seed: string, replication: number): Iterable<TraceChunk>;
}

const CHUNK_ROWS = 16_384;

/** What is wrong, a sentence each, without full stops; what depends on the trace is left to `makeWorkload`. */
export function workloadMistakes(spec: WorkloadSpec): string[] {
  const mistakes = serviceMistakes(spec.service);
  if (spec.kind === 'replay') return mistakes;
  mistakes.push(...arrivalMistakes(spec.arrivals));
  const { durationUs, requests } = spec;
  if (durationUs === null && requests === null) {
    mistakes.push('synthesize needs an end: a duration, or a number of requests');
  }
  if (durationUs !== null && !(durationUs > 0 && Number.isFinite(durationUs))) {
    mistakes.push('duration must be above 0');
  }
  if (requests !== null && !(requests >= 1 && Number.isSafeInteger(requests))) {
    mistakes.push('requests must be a whole number of at least 1');
  }
  if (spec.service.kind !== 'drawn') {
    mistakes.push(
      'synthesized requests have no durations or tokens: `service:` must be a distribution',
    );
  }
  return mistakes;
}

/**
 * @param trace what a replay replays; null for synthesis
 * @param startAtEpochUs dates a relative trace or synthetic traffic
 * @throws UserError for `workloadMistakes`, or if the trace lacks what the service times need
 */
export function makeWorkload(
  spec: WorkloadSpec,
  trace: Trace | null,
  startAtEpochUs: number | null,
): Workload {
  const mistakes = workloadMistakes(spec);
  if (mistakes.length > 0) {
    throw new UserError(mistakes.map((message) => ({ at: null, path: 'workload', message })));
  }
  if (spec.kind === 'synthesize') return synthesis(spec, startAtEpochUs);
  assert(trace !== null, 'a replay without a trace');
  return replay(spec, trace, startAtEpochUs);
}

function replay({ service }: ReplaySpec, trace: Trace, startAtEpochUs: number | null): Workload {
  const { count, arrivalUs } = trace;
  const common = {
    label: trace.report.name,
    requests: count,
    period: { fromUs: arrivalUs[0]!, toUs: arrivalUs[count - 1]! },
    startAtEpochUs: startAtEpochUs ?? trace.firstAtUs,
  };
  if (service.kind === 'drawn') {
    const distribution = compileDistribution(service.distribution);
    return {
      ...common,
      drawn: { arrivals: false, service: distribution.uniformsPerDraw > 0 },
      *chunks(seed, replication) {
        const uniforms = streamOf(seed, replication, 'service');
        const serviceUs = new Float64Array(CHUNK_ROWS);
        for (let from = 0; from < count; from += CHUNK_ROWS) {
          const rows = Math.min(CHUNK_ROWS, count - from);
          for (let i = 0; i < rows; i++) serviceUs[i] = Math.round(distribution.sample(uniforms));
          yield { count: rows, arrivalUs: arrivalUs.subarray(from, from + rows), serviceUs };
        }
      },
    };
  }
  const serviceUs = service.kind === 'trace' ? ownServiceUs(trace) : tokenServiceUs(trace, service);
  return {
    ...common,
    drawn: { arrivals: false, service: false },
    *chunks() {
      for (let from = 0; from < count; from += CHUNK_ROWS) {
        const to = Math.min(count, from + CHUNK_ROWS);
        yield {
          count: to - from,
          arrivalUs: arrivalUs.subarray(from, to),
          serviceUs: serviceUs.subarray(from, to),
        };
      }
    },
  };
}

function synthesis(spec: SynthesisSpec, startAtEpochUs: number | null): Workload {
  assert(spec.service.kind === 'drawn', 'synthesis without a distribution of service times');
  const distribution = compileDistribution(spec.service.distribution);
  const { arrivals, durationUs, requests } = spec;
  const most = requests ?? Number.POSITIVE_INFINITY;
  const endUs = durationUs ?? Number.POSITIVE_INFINITY;
  const rate = typeof arrivals.rate === 'number' ? `${arrivals.rate}/s` : 'a rate that changes';
  return {
    label: `${arrivals.process} arrivals at ${rate}`,
    requests: durationUs === null ? requests : null,
    period: { fromUs: 0, toUs: durationUs ?? expectedTimeUs(arrivals, most) },
    startAtEpochUs,
    drawn: { arrivals: drawsArrivals(arrivals), service: distribution.uniformsPerDraw > 0 },
    *chunks(seed, replication) {
      const gaps = new Arrivals(arrivals, streamOf(seed, replication, 'arrivals'));
      const uniforms = streamOf(seed, replication, 'service');
      const arrivalUs = new Float64Array(CHUNK_ROWS);
      const serviceUs = new Float64Array(CHUNK_ROWS);
      for (let made = 0, more = true; more; ) {
        const room = Math.min(CHUNK_ROWS, most - made);
        let count = 0;
        while (count < room && (arrivalUs[count] = gaps.nextUs()) < endUs) count++;
        for (let i = 0; i < count; i++) serviceUs[i] = Math.round(distribution.sample(uniforms));
        made += count;
        more = count === CHUNK_ROWS && made < most;
        if (count > 0) yield { count, arrivalUs, serviceUs };
      }
    },
  };
}
