/** What a search knows of the traffic before it runs anything: how many requests come, when, and what serving them takes. */
import type { Bound } from '../bind.ts';
import { servedAtOnce } from '../bounds/at-once.ts';
import { spanOf } from '../bounds/least-time.ts';
import { Numbering } from '../group.ts';
import type { Objective } from '../slo.ts';

/** Beyond it nothing is known before: columns would take more memory than the search is worth. */
const MOST_REQUESTS = 20_000_000;

export interface Traffic {
  /** Over all replications. */
  readonly requests: number;
  /** Of the first replication, in order. */
  readonly arrivalUs: Float64Array;
  /**
   * Slot time within the observed period that no configuration within the objectives does without, a mean over replications;
   * 0 where nothing says how many must be served, and by when.
   */
  readonly workUs: number;
}

/** Made once for each traffic and law of service. */
export class Traffics {
  readonly #known = new Map<string, Traffic | null>();
  readonly #workloads = new Numbering<object>();

  /** @returns null where there are too many requests */
  of(bound: Bound, objectives: readonly Objective[]): Traffic | null {
    const { workload, scenario, replications, fleet } = bound;
    if (fleet !== null || (workload.requests ?? 0) * replications > MOST_REQUESTS) return null;
    const { serviceLaw, slotOverheadUs, slotSpeed, executionTimeoutUs, client, seed, measure } =
      scenario;
    const speeds = slotSpeed === null ? null : [scenario.concurrency, slotSpeed];
    const law = [serviceLaw, slotOverheadUs, speeds, executionTimeoutUs, client, seed, measure];
    const key = JSON.stringify([this.#workloads.of(workload), law]);
    let traffic = this.#known.get(key);
    if (traffic === undefined) {
      traffic = trafficOf(bound, objectives);
      this.#known.set(key, traffic);
    }
    return traffic;
  }
}

function trafficOf(bound: Bound, objectives: readonly Objective[]): Traffic | null {
  const { workload, scenario, replications } = bound;
  let requests = 0;
  let workUs = 0;
  let arrivalUs: Float64Array = new Float64Array(0);
  for (let nth = 0; nth < replications; nth++) {
    const { beginUs, endUs } = servedAtOnce(workload, scenario, nth);
    if (nth === 0) arrivalUs = beginUs;
    requests += beginUs.length;
    if (requests > MOST_REQUESTS) return null;
    workUs += neededUs(beginUs, endUs, bound, objectives) / replications;
  }
  return { requests, arrivalUs, workUs };
}

/**
 * An objective that a share of the requests is served within a time says how many there are at least, and that those which
 * arrive so long before the end of the period are served within it. The longest may be those that fail.
 */
function neededUs(
  beginUs: Float64Array,
  endUs: Float64Array,
  { scenario }: Bound,
  objectives: readonly Objective[],
): number {
  const { fromUs, toUs } = spanOf(scenario);
  let most = 0;
  for (const objective of objectives) {
    if (objective.kind !== 'share' || objective.endpoint !== undefined) continue;
    const { needed, thresholdUs, figure } = objective;
    // Of those that are measured, and they are all that arrive where nothing is cut.
    if (scenario.measure !== null) continue;
    const mayFail =
      beginUs.length -
      Math.ceil((beginUs.length * Number(needed.numerator)) / Number(needed.denominator));
    const lengthsUs = new Float64Array(beginUs.length);
    let count = 0;
    for (const [i, us] of beginUs.entries()) {
      const lengthUs = endUs[i]! - us;
      const byUs = us + thresholdUs + (figure === 'waitS' ? lengthUs : 0);
      if (us >= fromUs && byUs <= toUs) lengthsUs[count++] = lengthUs;
    }
    const sorted = lengthsUs.subarray(0, count).sort();
    let sum = 0;
    for (let i = 0; i < count - mayFail; i++) sum += sorted[i]!;
    most = Math.max(most, sum);
  }
  return most;
}
