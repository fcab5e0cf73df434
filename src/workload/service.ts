/** How long a request needs a slot: from the trace, drawn, worked out from its tokens, or one of these by its endpoint. */
import { UserError } from '../base/errors.ts';
import { keyed, type Uniforms } from '../base/random.ts';
import {
  compileDistribution,
  type DistributionSpec,
  distributionMistakes,
} from '../engine/distribution.ts';
import { realColumn } from './columns.ts';
import type { Trace } from './trace.ts';

export type ServiceSpec = { readonly kind: 'trace' } | GivenService;

/** What a study gives, instead of the trace's own durations. */
export type GivenService = OneService | EndpointService;

/** The same for all requests. */
export type OneService = DrawnService | TokenService;

export interface DrawnService {
  readonly kind: 'drawn';
  readonly distribution: DistributionSpec;
}

/** base + input tokens x perInputToken + output tokens x perOutputToken, rounded once to a microsecond. */
export interface TokenService {
  readonly kind: 'tokens';
  readonly baseUs: number;
  readonly perInputTokenUs: number;
  readonly perOutputTokenUs: number;
}

/** Each endpoint's own; `other` for those that are not named, null where there must be none. */
export interface EndpointService {
  readonly kind: 'byEndpoint';
  readonly byEndpoint: Readonly<Record<string, OneService>>;
  readonly other: OneService | null;
}

/** Columns of the requests that service times are asked for. */
export interface ServiceRows {
  readonly count: number;
  readonly endpoint?: Int32Array | null;
  readonly inputTokens?: Float64Array | null;
  readonly outputTokens?: Float64Array | null;
}

export interface CompiledService {
  /** Whether anything is drawn. */
  readonly drawn: boolean;
  /** How many uniforms each request takes, whatever its endpoint, so that no request moves the luck of another. */
  readonly uniformsPerRequest: number;
  /** Whole microseconds into rows [0, count). */
  fill(rows: ServiceRows, uniforms: Uniforms, into: Float64Array): void;
}

/** What the requests have to work service times out from. */
export interface ServiceColumns {
  /** For messages: the trace's name, or the process. */
  readonly name: string;
  readonly endpointNames: readonly string[];
  readonly inputTokens: boolean;
  readonly outputTokens: boolean;
}

/** What is wrong, a sentence each, without full stops. */
export function serviceMistakes(spec: ServiceSpec): string[] {
  switch (spec.kind) {
    case 'trace':
      return [];
    case 'drawn':
      return distributionMistakes(spec.distribution);
    case 'tokens':
      return tokenMistakes(spec);
    case 'byEndpoint': {
      const wrong = Object.entries(spec.byEndpoint).flatMap(([name, own]) =>
        serviceMistakes(own).map((message) => `${name}: ${message}`),
      );
      if (Object.keys(spec.byEndpoint).length === 0) wrong.push('byEndpoint names no endpoint');
      const other = spec.other === null ? [] : serviceMistakes(spec.other);
      return [...wrong, ...other.map((message) => `other: ${message}`)];
    }
  }
}

function tokenMistakes(spec: TokenService): string[] {
  const parts = {
    base: spec.baseUs,
    perInputToken: spec.perInputTokenUs,
    perOutputToken: spec.perOutputTokenUs,
  };
  return Object.entries(parts)
    .filter(([, us]) => !(us >= 0 && Number.isFinite(us)))
    .map(([name, us]) => `${name} must be at least 0, is ${us} us`);
}

/** Whether a draw decides any service time, before there are requests. */
export function drawsService(spec: ServiceSpec): boolean {
  switch (spec.kind) {
    case 'drawn':
      return compileDistribution(spec.distribution).uniformsPerDraw > 0;
    case 'byEndpoint':
      return partsOf(spec).some(drawsService);
    default:
      return false;
  }
}

function partsOf({ byEndpoint, other }: EndpointService): readonly OneService[] {
  return [...Object.values(byEndpoint), ...(other === null ? [] : [other])];
}

/** Service times of requests that have such columns. @throws UserError if they lack what the times need */
export function compileService(spec: GivenService, columns: ServiceColumns): CompiledService {
  if (spec.kind !== 'byEndpoint') return compileOne(spec, columns);
  const { byEndpoint, other } = spec;
  const { name, endpointNames } = columns;
  if (endpointNames.length === 0 && other === null) {
    throw lacking(name, 'has no endpoints, so `byEndpoint:` needs `other: 2s` for all of it');
  }
  const without = endpointNames.filter((endpoint) => !Object.hasOwn(byEndpoint, endpoint));
  if (without.length > 0 && other === null) throw lacking(name, lacksEndpoints(without));
  const rest = other === null ? null : compileOne(other, columns);
  const parts = endpointNames.map((endpoint) =>
    Object.hasOwn(byEndpoint, endpoint) ? compileOne(byEndpoint[endpoint]!, columns) : rest!,
  );
  // Requests without an endpoint column, and those of it that name none, are the others.
  const all = rest === null ? parts : [...parts, rest];
  const last = all.length - 1;
  const uniformsPerRequest = Math.max(...all.map((part) => part.uniformsPerRequest));
  return {
    drawn: uniformsPerRequest > 0,
    uniformsPerRequest,
    fill(rows, uniforms, into) {
      for (let i = 0; i < rows.count; i++) {
        const part = all[rows.endpoint?.[i] ?? last] ?? all[last]!;
        into[i] = part.ofRow(rows, i, uniforms);
        for (let n = part.uniformsPerRequest; n < uniformsPerRequest; n++) uniforms.next();
      }
    },
  };
}

const MOST_NAMED = 5;

function lacksEndpoints(names: readonly string[]): string {
  const rest = names.length - MOST_NAMED;
  const listed = names.slice(0, MOST_NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  const one = names.length === 1;
  const [who, them] = one ? [`endpoint ${listed} has`, 'it'] : [`endpoints ${listed} have`, 'them'];
  return `${who} no service time: name ${them} in \`byEndpoint:\`, or give \`other: 2s\``;
}

interface OneCompiled extends CompiledService {
  ofRow(rows: ServiceRows, row: number, uniforms: Uniforms): number;
}

function compileOne(spec: OneService, columns: ServiceColumns): OneCompiled {
  if (spec.kind === 'tokens') return compileTokens(spec, columns);
  const law = compileDistribution(spec.distribution);
  return {
    drawn: law.uniformsPerDraw > 0,
    uniformsPerRequest: law.uniformsPerDraw,
    ofRow: (_rows, _row, uniforms) => Math.round(law.sample(uniforms)),
    fill({ count }, uniforms, into) {
      for (let i = 0; i < count; i++) into[i] = Math.round(law.sample(uniforms));
    },
  };
}

function compileTokens(spec: TokenService, columns: ServiceColumns): OneCompiled {
  const { baseUs, perInputTokenUs, perOutputTokenUs } = spec;
  if (
    (!columns.inputTokens && perInputTokenUs > 0) ||
    (!columns.outputTokens && perOutputTokenUs > 0)
  ) {
    throw lacking(
      columns.name,
      'has no token columns to work service times out from: it needs input_tokens and output_tokens, or another `service:`',
    );
  }
  const ofRow = ({ inputTokens, outputTokens }: ServiceRows, row: number): number =>
    Math.round(
      baseUs +
        (inputTokens?.[row] ?? 0) * perInputTokenUs +
        (outputTokens?.[row] ?? 0) * perOutputTokenUs,
    );
  return {
    drawn: false,
    uniformsPerRequest: 0,
    ofRow,
    fill(rows, _uniforms, into) {
      for (let i = 0; i < rows.count; i++) into[i] = ofRow(rows, i);
    },
  };
}

export function serviceColumnsOf(trace: Trace): ServiceColumns {
  return {
    name: trace.report.name,
    endpointNames: trace.endpointNames,
    inputTokens: trace.inputTokens !== null,
    outputTokens: trace.outputTokens !== null,
  };
}

/** @throws UserError if the trace has no tokens */
export function tokenServiceUs(trace: Trace, spec: TokenService, shared = false): Float64Array {
  const serviceUs = realColumn(trace.count, shared);
  const none: Uniforms = { next: () => 0.5 };
  compileTokens(spec, serviceColumnsOf(trace)).fill(trace, none, serviceUs);
  return serviceUs;
}

/** An endpoint with fewer known durations than this borrows from the whole trace. */
const LEAST_KNOWN = 30;

/**
 * The trace's own durations. Where a request has none (it was refused, or failed), one of the known durations of its
 * endpoint stands in, drawn by the row alone: the same for every seed and configuration.
 * @throws UserError if the trace has no durations
 */
export function ownServiceUs(trace: Trace): Float64Array {
  const { serviceUs, count, endpoint, endpointNames } = trace;
  const missing = missingDurations(trace);
  if (serviceUs === null || missing === count) throw noDurations(trace);
  if (missing === 0) return serviceUs;
  const known = knownRows(serviceUs, count);
  const byEndpoint: number[][] = endpointNames.map(() => []);
  if (endpoint !== null) for (const row of known) byEndpoint[endpoint[row]!]?.push(row);
  const filled = serviceUs.slice();
  for (let row = 0; row < count; row++) {
    if (!Number.isNaN(filled[row]!)) continue;
    const own = endpoint === null ? known : (byEndpoint[endpoint[row]!] ?? known);
    const from = own.length < LEAST_KNOWN ? known : own;
    const u = keyed('', 0, 'missing', row, 0).next();
    filled[row] = serviceUs[from[Math.floor(u * from.length)]!]!;
  }
  return filled;
}

/** How many of the requests have no duration of their own. */
export function missingDurations({ serviceUs, count }: Trace): number {
  if (serviceUs === null) return count;
  let missing = 0;
  for (let row = 0; row < count; row++) if (Number.isNaN(serviceUs[row]!)) missing++;
  return missing;
}

function knownRows(serviceUs: Float64Array, count: number): readonly number[] {
  const rows: number[] = [];
  for (let row = 0; row < count; row++) if (!Number.isNaN(serviceUs[row]!)) rows.push(row);
  return rows;
}

function noDurations(trace: Trace): UserError {
  return lacking(
    trace.report.name,
    trace.inputTokens !== null || trace.outputTokens !== null
      ? 'has no durations, but tokens: give `service: { base: 0s, perInputToken: 0.2ms, perOutputToken: 30ms }` in `workload:`, or `--service 3s`'
      : 'has no durations: give `--service 3s`, or `service: { distribution: lognormal, mean: 3s, cv: 0.6 }` in `workload:`, or log them (nginx: $request_time)',
  );
}

function lacking(at: string, message: string): UserError {
  return new UserError([{ at, path: 'workload.service', message }]);
}
