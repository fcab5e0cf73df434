/** A trace's own durations, and what stands in for one that nobody knows. */
import { UserError } from '../base/errors.ts';
import { keyed } from '../base/random.ts';
import type { Trace } from './trace.ts';

/** An endpoint with fewer known durations than this borrows from the whole trace. */
const LEAST_KNOWN = 30;

/**
 * The trace's own durations. Where a request has none (it was refused, or failed), one of the known durations of its
 * endpoint stands in, drawn by the row alone: the same for every seed and configuration.
 * @throws UserError if the trace has no durations
 */
export function ownServiceUs(trace: Trace): Float64Array {
  const { serviceUs, count, endpoint, endpointNames } = trace;
  const missing = missingDurations(serviceUs);
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

/** How many requests have no duration, where any has one. */
export function missingDurations(serviceUs: Float64Array | null): number {
  let missing = 0;
  for (const us of serviceUs ?? []) if (Number.isNaN(us)) missing++;
  return missing;
}

function knownRows(serviceUs: Float64Array, count: number): readonly number[] {
  const rows: number[] = [];
  for (let row = 0; row < count; row++) if (!Number.isNaN(serviceUs[row]!)) rows.push(row);
  return rows;
}

function noDurations(trace: Trace): UserError {
  const message =
    trace.inputTokens !== null || trace.outputTokens !== null
      ? 'has no durations, but tokens: give `service: { base: 0s, perInputToken: 0.2ms, perOutputToken: 30ms }` in `workload:`, or `--service 3s`'
      : 'has no durations: give `--service 3s`, or `service: { distribution: lognormal, mean: 3s, cv: 0.6 }` in `workload:`, or log them (nginx: $request_time)';
  return new UserError([{ at: trace.report.name, path: 'workload.service', message }]);
}
