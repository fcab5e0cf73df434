/** The services of a workload if nobody waits: each request from its arrival on, for as long as its slot is needed. */

import type { Scenario, ServiceLaw } from '../../engine/scenario.ts';
import { speedOfEach } from '../../engine/slot-sharing.ts';
import type { Workload, WorkloadChunk } from '../../workload/workload.ts';

export interface Intervals {
  readonly beginUs: Float64Array;
  readonly endUs: Float64Array;
}

/** The most that a request can be sped up, and all on a replica together, by the company they have there. */
export function speedsOf({ concurrency, slotSpeed }: Pick<Scenario, 'concurrency' | 'slotSpeed'>): {
  readonly ofOne: number;
  readonly ofReplica: number;
} {
  if (slotSpeed === null) return { ofOne: 1, ofReplica: concurrency };
  // Beyond the last point the whole speed stays.
  const most = Math.min(concurrency, slotSpeed.at(-1)!.requests);
  let ofReplica = 0;
  for (let n = 1; n <= most; n++) {
    ofReplica = Math.max(ofReplica, n * speedOfEach(slotSpeed, n));
  }
  return { ofOne: Math.max(...slotSpeed.map(({ speed }) => speed)), ofReplica };
}

/**
 * Where requests share their replica's speed, each is as short as the best company makes it.
 * @param takes which endpoints' requests, as chunks number them; null takes all
 */
export function servedAtOnce(
  workload: Workload,
  scenario: Pick<
    Scenario,
    | 'serviceLaw'
    | 'slotOverheadUs'
    | 'executionTimeoutUs'
    | 'client'
    | 'concurrency'
    | 'slotSpeed'
    | 'seed'
  >,
  replication: number,
  takes: ((endpoint: number) => boolean) | null = null,
): Intervals {
  const { serviceLaw, slotOverheadUs, client, seed } = scenario;
  const { ofOne } = speedsOf(scenario);
  const cutUs = Math.min(
    scenario.executionTimeoutUs,
    client.cancels ? client.patienceUs : Number.POSITIVE_INFINITY,
  );
  const beginUs: Float64Array[] = [];
  const endUs: Float64Array[] = [];
  for (const chunk of workload.chunks(seed, replication)) {
    const needed = demandOf(chunk, serviceLaw);
    const isTaken = (_: number, row: number) => takes === null || takes(chunk.endpoint?.[row] ?? 0);
    const begins = chunk.arrivalUs.slice(0, chunk.count);
    const ends = begins.map(
      (us, row) => us + Math.min(cutUs, (needed(row) + slotOverheadUs) / ofOne),
    );
    beginUs.push(begins.filter(isTaken));
    endUs.push(ends.filter(isTaken));
  }
  return { beginUs: joined(beginUs), endUs: joined(endUs) };
}

/** As services begin in the engine: rounded once. */
function demandOf(chunk: WorkloadChunk, law: ServiceLaw | null): (row: number) => number {
  const { serviceUs } = chunk;
  if (law === null) return (row) => serviceUs[row]!;
  const { tokens, speed } = law;
  if (tokens === null) return (row) => Math.round(serviceUs[row]! / speed);
  const { baseUs, perInputTokenUs, perOutputTokenUs } = tokens;
  return (row) => {
    const input = (chunk.inputTokens?.[row] ?? 0) * perInputTokenUs;
    const output = (chunk.outputTokens?.[row] ?? 0) * perOutputTokenUs;
    return Math.round((baseUs + input + output) / speed);
  };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
