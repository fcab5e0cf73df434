/** A trace by endpoint and by status. */
import { US_PER_S } from '../../base/units.ts';
import { orderStatistics } from '../statistics.ts';
import type { Trace } from '../trace.ts';

export interface EndpointShare {
  readonly name: string;
  readonly requests: number;
  readonly share: number;
  /** Of its requests with a duration; null without one. */
  readonly serviceS: { readonly p50: number; readonly p99: number } | null;
}

/** More are counted, not listed. */
const MOST_ENDPOINTS = 1000;

export interface Endpoints {
  /** How many there are. */
  readonly endpointCount: number;
  /** By volume, equal ones as they first came; the first 1,000. */
  readonly endpoints: readonly EndpointShare[];
}

export function endpointsOf(
  { count, endpoint, endpointNames }: Trace,
  serviceUs: Float64Array | null,
): Endpoints {
  if (endpoint === null) return { endpointCount: 0, endpoints: [] };
  const requests = new Float64Array(endpointNames.length);
  for (let i = 0; i < count; i++) requests[endpoint[i]!]! += 1;
  const named = endpointNames.map((_, index) => index).filter((index) => requests[index]! > 0);
  const listed = named.sort((a, b) => requests[b]! - requests[a]!).slice(0, MOST_ENDPOINTS);
  const times = serviceUs === null ? null : byEndpoint(endpoint, serviceUs, count, listed);
  const endpoints = listed.map((index, place) => {
    const values = times?.[place];
    const [p50, p99] =
      values === undefined || values.length === 0 ? [] : orderStatistics(values, [0.5, 0.99]);
    return {
      name: endpointNames[index]!,
      requests: requests[index]!,
      share: requests[index]! / count,
      serviceS:
        p50 === undefined || p99 === undefined
          ? null
          : { p50: p50 / US_PER_S, p99: p99 / US_PER_S },
    };
  });
  return { endpointCount: named.length, endpoints };
}

/** The known service times of each listed endpoint: one column, cut where the endpoints end. */
function byEndpoint(
  endpoint: Int32Array,
  serviceUs: Float64Array,
  count: number,
  listed: readonly number[],
): Float64Array[] {
  const placeOf = new Map(listed.map((index, place) => [index, place]));
  const known = new Float64Array(listed.length + 1);
  const each = (visit: (place: number, us: number) => void) => {
    for (let i = 0; i < count; i++) {
      const place = placeOf.get(endpoint[i]!);
      if (place !== undefined && !Number.isNaN(serviceUs[i]!)) visit(place, serviceUs[i]!);
    }
  };
  each((place) => {
    known[place + 1]! += 1;
  });
  for (let place = 1; place < known.length; place++) known[place]! += known[place - 1]!;
  const values = new Float64Array(known.at(-1)!);
  const next = known.slice();
  each((place, us) => {
    values[next[place]!++] = us;
  });
  return listed.map((_, place) => values.subarray(known[place], known[place + 1]));
}

export interface StatusClass {
  /** `2xx`; `none` for a request whose line has no status. */
  readonly class: string;
  readonly requests: number;
  readonly share: number;
  /** By volume. */
  readonly codes: readonly { readonly status: number; readonly requests: number }[];
}

/** In order of class, `none` last; null where the trace has no statuses. */
export function statusesOf({ count, status }: Trace): StatusClass[] | null {
  if (status === null) return null;
  const byCode = new Map<number, number>();
  for (let i = 0; i < count; i++) byCode.set(status[i]!, (byCode.get(status[i]!) ?? 0) + 1);
  const classOf = (code: number) =>
    code >= 100 && code <= 999 ? `${Math.floor(code / 100)}xx` : 'none';
  const classes = [...new Set([...byCode.keys()].map(classOf))].sort();
  return classes.map((name) => {
    const codes = [...byCode]
      .filter(([code]) => classOf(code) === name)
      .map(([code, requests]) => ({ status: code, requests }))
      .sort((a, b) => b.requests - a.requests || a.status - b.status);
    const requests = codes.reduce((sum, code) => sum + code.requests, 0);
    return { class: name, requests, share: requests / count, codes };
  });
}
