/** A trace of requests, each as an object. */
import type { Trace } from '../../../src/workload/trace.ts';
import { aTrace, type Given } from './a-trace.ts';

export interface ARequest {
  readonly arrivalUs: number;
  readonly serviceUs?: number;
  readonly status?: number;
  readonly endpoint?: string;
  readonly inputTokens?: number;
}

/** Its columns are those that the first request has. */
export function traceOf(requests: readonly ARequest[], more: Partial<Given> = {}): Trace {
  const column = <Key extends keyof ARequest>(key: Key) =>
    requests[0]?.[key] === undefined ? {} : { [key]: requests.map((request) => request[key]!) };
  return aTrace({
    atUs: requests.map(({ arrivalUs }) => arrivalUs),
    ...column('serviceUs'),
    ...column('status'),
    ...column('endpoint'),
    ...column('inputTokens'),
    ...more,
  });
}
