/** What arrives, chunk by chunk, in constant memory: a trace replayed, or traffic made from a seed. */
import { assert, UserError } from '../base/errors.ts';
import { streamOf } from '../base/random.ts';
import type { Span } from '../engine/scenario.ts';
import { ownServiceUs } from './own-durations.ts';
import { compileService, type ServiceSpec, serviceColumnsOf, serviceMistakes } from './service.ts';
import { arrivalLabel, expectedTimeUs } from './synthesis/arrivals.ts';
import { Synthesis, synthesisDraws } from './synthesis/synthesis.ts';
import { type SynthesisSpec, synthesisMistakes } from './synthesis/synthesis-spec.ts';
import type { Trace } from './trace.ts';
import { CHUNK_ROWS, type WorkloadChunk } from './workload-chunk.ts';

export type { SynthesisSpec, WorkloadChunk };

/** Plain data that can be sent to a thread. */
export type WorkloadSpec = ReplaySpec | SynthesisSpec;

export interface ReplaySpec {
  readonly kind: 'replay';
  readonly service: ServiceSpec;
}

export interface Workload {
  /** For people: the trace's name, or the arrival process. */
  readonly label: string;
  /** What `endpoint` of a chunk points into; empty where there is no such column. */
  readonly endpointNames: readonly string[];
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
  chunks(seed: string, replication: number): Iterable<WorkloadChunk>;
}

/** What is wrong, a sentence each, without full stops; what depends on the trace is left to `makeWorkload`. */
export function workloadMistakes(spec: WorkloadSpec): string[] {
  const mistakes = serviceMistakes(spec.service);
  return spec.kind === 'replay' ? mistakes : [...mistakes, ...synthesisMistakes(spec)];
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
  const { count } = trace;
  const common = {
    label: trace.report.name,
    endpointNames: trace.endpoint === null ? [] : trace.endpointNames,
    requests: count,
    period: trace.period,
    startAtEpochUs: startAtEpochUs ?? trace.firstAtUs,
  };
  if (service.kind === 'trace') {
    const serviceUs = ownServiceUs(trace);
    return {
      ...common,
      drawn: { arrivals: false, service: false },
      *chunks() {
        for (let from = 0; from < count; from += CHUNK_ROWS) {
          const to = Math.min(count, from + CHUNK_ROWS);
          yield { ...piece(trace, from, to), serviceUs: serviceUs.subarray(from, to) };
        }
      },
    };
  }
  const compiled = compileService(service, serviceColumnsOf(trace));
  return {
    ...common,
    drawn: { arrivals: false, service: compiled.drawn },
    *chunks(seed, replication) {
      const uniforms = streamOf(seed, replication, 'service');
      const serviceUs = new Float64Array(CHUNK_ROWS);
      for (let from = 0; from < count; from += CHUNK_ROWS) {
        const rows = piece(trace, from, Math.min(count, from + CHUNK_ROWS));
        compiled.fill(rows, uniforms, serviceUs);
        yield { ...rows, serviceUs };
      }
    },
  };
}

/** The rows [from, to) of all columns but service times, without a copy. */
function piece(
  { arrivalUs, endpoint, inputTokens, cachedTokens, outputTokens }: Trace,
  from: number,
  to: number,
): Omit<WorkloadChunk, 'serviceUs'> {
  return {
    count: to - from,
    arrivalUs: arrivalUs.subarray(from, to),
    ...(endpoint !== null && { endpoint: endpoint.subarray(from, to) }),
    ...(inputTokens !== null && { inputTokens: inputTokens.subarray(from, to) }),
    ...(cachedTokens !== null && { cachedTokens: cachedTokens.subarray(from, to) }),
    ...(outputTokens !== null && { outputTokens: outputTokens.subarray(from, to) }),
  };
}

function synthesis(spec: SynthesisSpec, startAtEpochUs: number | null): Workload {
  const { arrivals, durationUs, requests } = spec;
  const made = new Synthesis(spec);
  return {
    label: arrivalLabel(arrivals),
    endpointNames: made.endpointNames,
    requests: durationUs === null ? requests : null,
    period: { fromUs: 0, toUs: durationUs ?? expectedTimeUs(arrivals, requests ?? 0) },
    startAtEpochUs,
    drawn: synthesisDraws(spec),
    chunks: (seed, replication) => made.chunks(seed, replication),
  };
}
