/** How long a request needs a slot: from the trace, drawn, or worked out from its tokens. */
import { UserError } from '../base/errors.ts';
import type { DistributionSpec } from '../engine/distribution.ts';
import { distributionMistakes } from '../engine/distribution.ts';
import { realColumn } from './columns.ts';
import type { Trace } from './trace.ts';

export type ServiceSpec =
  | { readonly kind: 'trace' }
  | { readonly kind: 'drawn'; readonly distribution: DistributionSpec }
  | TokenService;

/** base + input tokens x perInputToken + output tokens x perOutputToken, rounded once to a microsecond. */
export interface TokenService {
  readonly kind: 'tokens';
  readonly baseUs: number;
  readonly perInputTokenUs: number;
  readonly perOutputTokenUs: number;
}

/** What is wrong, a sentence each, without full stops. */
export function serviceMistakes(spec: ServiceSpec): string[] {
  if (spec.kind === 'trace') return [];
  if (spec.kind === 'drawn') return distributionMistakes(spec.distribution);
  const parts = {
    base: spec.baseUs,
    perInputToken: spec.perInputTokenUs,
    perOutputToken: spec.perOutputTokenUs,
  };
  return Object.entries(parts)
    .filter(([, us]) => !(us >= 0 && Number.isFinite(us)))
    .map(([name, us]) => `${name} must be at least 0, is ${us} us`);
}

/** @throws UserError if the trace has no tokens */
export function tokenServiceUs(trace: Trace, spec: TokenService, shared = false): Float64Array {
  const { inputTokens, outputTokens } = trace;
  if (
    (inputTokens === null && spec.perInputTokenUs > 0) ||
    (outputTokens === null && spec.perOutputTokenUs > 0)
  ) {
    throw missing(
      trace,
      'has no token columns to work service times out from: it needs input_tokens and output_tokens, or another `service:`',
    );
  }
  const serviceUs = realColumn(trace.count, shared);
  for (let i = 0; i < trace.count; i++) {
    serviceUs[i] = Math.round(
      spec.baseUs +
        (inputTokens === null ? 0 : inputTokens[i]! * spec.perInputTokenUs) +
        (outputTokens === null ? 0 : outputTokens[i]! * spec.perOutputTokenUs),
    );
  }
  return serviceUs;
}

/** @throws UserError if the trace has no durations */
export function ownServiceUs(trace: Trace): Float64Array {
  if (trace.serviceUs !== null) return trace.serviceUs;
  throw missing(
    trace,
    trace.inputTokens !== null || trace.outputTokens !== null
      ? 'has no durations, but tokens: give `service: { base: 0s, perInputToken: 0.2ms, perOutputToken: 30ms }` in `workload:`, or `--service 3s`'
      : 'has no durations: give `--service 3s`, or `service: { distribution: lognormal, mean: 3s, cv: 0.6 }` in `workload:`, or log them (nginx: $request_time)',
  );
}

function missing(trace: Trace, message: string): UserError {
  return new UserError([{ at: trace.report.name, path: 'workload.service', message }]);
}
