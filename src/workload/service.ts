/** How long a request needs a slot: drawn, worked out from its tokens, or one of these by its endpoint; or as the trace says. */
import { listed } from '../base/counts.ts';
import { UserError } from '../base/errors.ts';
import { nearestOf } from '../base/nearest.ts';
import type { Uniforms } from '../base/random.ts';
import {
  compileDistribution,
  type DistributionSpec,
  distributionMistakes,
} from '../engine/distribution.ts';
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
    throw lacking(
      name,
      'has no endpoints: say what they are, `endpoint: path` in `replay:`, or give `other: 2s` for all of it',
    );
  }
  const without = endpointNames.filter((endpoint) => !Object.hasOwn(byEndpoint, endpoint));
  const wrong = [
    ...(without.length > 0 && other === null ? [lacksEndpoints(without)] : []),
    ...strangeEndpoints(spec, endpointNames),
  ];
  if (wrong.length > 0) throw lacking(name, ...wrong);
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

/**
 * What is given for endpoints that no request names, a sentence each: misspelled, it would go unused without a word. Only
 * where every endpoint has its own, none by `other`, a name too many is none misspelled: another trace may have it.
 */
export function strangeEndpoints(
  { byEndpoint, other }: EndpointService,
  names: readonly string[],
): string[] {
  if (other === null && names.every((name) => Object.hasOwn(byEndpoint, name))) return [];
  const known = new Set(names);
  const strange = Object.keys(byEndpoint).filter((endpoint) => !known.has(endpoint));
  const there =
    names.length === 0
      ? 'there are no endpoints'
      : `the endpoints are ${listed(names, MOST_NAMED)}`;
  return strange.map((endpoint) => {
    const meant = nearestOf(endpoint, names);
    const mend = meant === null ? `: ${there}` : `. Did you mean ${meant}?`;
    return `byEndpoint has ${endpoint}, which no request names${mend}`;
  });
}

function lacksEndpoints(names: readonly string[]): string {
  const one = names.length === 1;
  const [who, them] = one
    ? [`endpoint ${listed(names, MOST_NAMED)} has`, 'it']
    : [`endpoints ${listed(names, MOST_NAMED)} have`, 'them'];
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

function lacking(at: string, ...messages: readonly string[]): UserError {
  return new UserError(messages.map((message) => ({ at, path: 'workload.service', message })));
}
