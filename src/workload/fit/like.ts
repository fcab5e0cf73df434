/**
 * Traffic like a trace: its course of rates, how its arrivals cluster beyond that, its endpoints, tokens and durations, as
 * something to synthesize. What leads from one request to another - sessions, the same prompt again - is not kept, nor
 * which endpoint is busy when.
 */

import { UserError } from '../../base/errors.ts';
import type { GivenService } from '../service.ts';
import type { PopularitySpec } from '../synthesis/popularity.ts';
import type { SynthesisSpec } from '../synthesis/synthesis.ts';
import type { TokenSpec } from '../synthesis/tokens.ts';
import type { Trace } from '../trace.ts';
import { likeliestProcess } from './clustering.ts';
import { courseOf, expectedAt } from './course.ts';
import { empiricalOf, fitDistribution } from './fit-distribution.ts';

export interface Likeness {
  readonly spec: SynthesisSpec;
  /** Whether durations are known; if not, those of the spec are 0 and mean nothing. */
  readonly timed: boolean;
  /** What was chosen, a sentence each, without full stops. */
  readonly notes: readonly string[];
}

const MOST_ENDPOINTS = 1000;

/** @throws UserError where all requests arrive at one instant */
export function likeTrace(trace: Trace): Likeness {
  const { count, arrivalUs, report } = trace;
  if (arrivalUs[0] === arrivalUs[count - 1]) {
    const has = count === 1 ? 'this trace has one' : `the ${count} of this trace arrive at one`;
    const message = `two requests at different times are needed to be like: ${has}`;
    throw new UserError([{ at: report.name, path: null, message }]);
  }
  const { rate, parts, note } = courseOf(trace);
  const arrivals = likeliestProcess(expectedAt(trace, rate), rate, parts);
  const service = serviceOf(trace);
  const notes = [note, `arrivals cluster most like ${arrivals.process}`];
  const { inputTokens, outputTokens, period } = trace;
  const tokens = { input: tokenSpecOf(inputTokens), output: tokenSpecOf(outputTokens) };
  return {
    timed: service !== null,
    notes,
    spec: {
      kind: 'synthesize',
      arrivals,
      endpoints: popularityOf(trace, notes),
      tokens: tokens.input === null && tokens.output === null ? null : tokens,
      durationUs: Math.max(1, Math.round(period.toUs - period.fromUs)),
      requests: null,
      service: service ?? { kind: 'drawn', distribution: { distribution: 'fixed', valueUs: 0 } },
    },
  };
}

/** As logged, waits and all: what is like the log. */
function serviceOf({ serviceUs }: Trace): GivenService | null {
  if (serviceUs === null) return null;
  const known = serviceUs.filter((us) => !Number.isNaN(us));
  return known.length === 0
    ? null
    : { kind: 'drawn', distribution: fitDistribution(known).distribution };
}

function tokenSpecOf(tokens: Float64Array | null): TokenSpec | null {
  if (tokens === null) return null;
  const sorted = tokens.slice().sort();
  return { distribution: empiricalOf(sorted), most: Math.max(1, sorted.at(-1)!) };
}

function popularityOf(trace: Trace, notes: string[]): PopularitySpec | null {
  const { endpoint, endpointNames, count } = trace;
  if (endpoint === null || endpointNames.length < 2) return null;
  const requests = new Float64Array(endpointNames.length);
  for (let i = 0; i < count; i++) requests[endpoint[i]!]!++;
  const most = [...requests.keys()].sort((a, b) => requests[b]! - requests[a]!);
  const kept = most.slice(0, MOST_ENDPOINTS);
  if (kept.length < most.length) notes.push(`the ${MOST_ENDPOINTS} endpoints with most requests`);
  return {
    names: kept.map((i) => endpointNames[i]!),
    shares: kept.map((i) => requests[i]! / count),
  };
}
