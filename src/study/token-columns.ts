/** Tokens of a workload's requests: which are known, what asks for them, which of them the platform has seen before. */
import { type Mistake, UserError } from '../base/errors.ts';
import type { BillingInput } from '../platform/billing.ts';
import { columnsOf, sourcesOf } from '../workload/synthesis/synthesis-spec.ts';
import type { Trace } from '../workload/trace.ts';
import type { Workload, WorkloadSpec } from '../workload/workload.ts';
import { CHUNK_ROWS, type WorkloadChunk } from '../workload/workload-chunk.ts';
import type { TokenNeed } from './admission-section.ts';

export type KnownTokens = NonNullable<BillingInput['tokens']>;

export function knownTokens(workload: WorkloadSpec, trace: Trace | null): KnownTokens {
  if (workload.kind === 'synthesize') {
    const { inputTokens: input, outputTokens: output } = columnsOf(sourcesOf(workload));
    return { input, output };
  }
  const { inputTokens = null, outputTokens = null } = trace ?? {};
  return { input: inputTokens !== null, output: outputTokens !== null };
}

/**
 * @param needs of limits and laws that count tokens
 * @param cachedInput the share of input tokens, where the log does not say how many were cached
 * @throws UserError that names what is missing
 */
export function requireTokens(
  known: KnownTokens,
  needs: readonly TokenNeed[],
  cachedInput: number,
  trace: Trace | null,
): void {
  const mistakes: Mistake[] = [];
  const need = (kind: keyof KnownTokens, path: string, why: string) => {
    if (known[kind]) return;
    const message = `${why}, and the workload has no ${kind} tokens: replay a log with them (workload.replay.columns.${kind}Tokens), or give workload.synthesize.tokens.${kind}`;
    mistakes.push({ at: null, path, message });
  };
  for (const { path, kinds } of needs) {
    for (const kind of kinds) need(kind, path, `counts ${kind} tokens`);
  }
  if (cachedInput > 0) need('input', 'workload.cachedInput', 'is a share of input tokens');
  if (cachedInput > 0 && trace !== null && trace.cachedTokens !== null) {
    const message = 'stands beside the cached tokens that the log itself has: leave it out';
    mistakes.push({ at: null, path: 'workload.cachedInput', message });
  }
  if (mistakes.length > 0) throw new UserError(mistakes);
}

/** The workload with all columns that counting tokens takes: what it does not know, nobody has asked for, and is 0. */
export function withTokens(workload: Workload, cachedInput: number): Workload {
  return {
    ...workload,
    *chunks(seed, replication) {
      const cachedTokens = new Float64Array(CHUNK_ROWS);
      const none = new Float64Array(CHUNK_ROWS);
      for (const chunk of workload.chunks(seed, replication)) {
        yield countable(chunk, cachedInput, cachedTokens, none);
      }
    },
  };
}

function countable(
  chunk: WorkloadChunk,
  share: number,
  cachedTokens: Float64Array,
  none: Float64Array,
): WorkloadChunk {
  const { count, inputTokens, outputTokens = none } = chunk;
  if (share === 0 || inputTokens === undefined) return { ...chunk, outputTokens };
  for (let i = 0; i < count; i++) cachedTokens[i] = Math.round(inputTokens[i]! * share);
  return { ...chunk, outputTokens, cachedTokens };
}
