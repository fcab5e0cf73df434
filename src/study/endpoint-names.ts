/** Which deployment an endpoint of the trace has: by its name, by the first pattern that fits, or with all the others. */
import { counted, listed } from '../base/counts.ts';
import { UserError } from '../base/errors.ts';
import { nearestOf } from '../base/nearest.ts';
import { globTest } from '../workload/where.ts';
import type { Workload } from '../workload/workload.ts';

/** The deployment that serves whatever comes. */
export const ALL = '';
/** The pattern of `endpoints: each`. */
export const EACH = '*';
/** The deployment of all endpoints that no other takes. */
const OTHER = 'other';

export interface Assignment {
  /** A deployment of its own for each: what it is called, and which block says how it is. */
  readonly deployments: readonly { readonly name: string; readonly block: number }[];
  /** By endpoint of the workload, then of requests that name none. */
  readonly deploymentOf: Int32Array;
}

const MOST_NAMED = 5;

/**
 * @param blocks the keys of `endpoints`
 * @param requestsOf how many requests name each endpoint; null where nobody knows before
 * @throws UserError for endpoints without a deployment and for blocks that no request names
 */
export function assignEndpoints(
  blocks: readonly string[],
  { endpointNames: names, label }: Pick<Workload, 'endpointNames' | 'label'>,
  requestsOf: readonly number[] | null,
): Assignment {
  if (blocks.length === 1 && blocks[0] === ALL) {
    return {
      deployments: [{ name: ALL, block: 0 }],
      deploymentOf: new Int32Array(names.length + 1),
    };
  }
  if (names.length === 0) {
    const message = `${label} names no endpoints: say what they are, workload.replay.endpoint: path, or leave endpoints out`;
    throw new UserError([{ at: null, path: 'endpoints', message }]);
  }
  const other = blocks.indexOf(OTHER);
  const tests = blocks.map((block) => globTest(block));
  const blockOf = names.map((name) => {
    const exact = blocks.indexOf(name);
    if (exact >= 0) return exact;
    const fitting = blocks.findIndex((block, i) => block.includes('*') && tests[i]!(name));
    return fitting >= 0 ? fitting : other;
  });
  refuse(blocks, names, blockOf, requestsOf);
  const deployments: { name: string; block: number }[] = [];
  const places = new Map<string, number>();
  const placeOf = (name: string, block: number): number => {
    const known = places.get(name);
    if (known !== undefined) return known;
    places.set(name, deployments.length);
    return deployments.push({ name, block }) - 1;
  };
  const byEndpoint = names.map((name, i) =>
    blockOf[i] === other ? placeOf(OTHER, other) : placeOf(name, blockOf[i]!),
  );
  // One that no request names is there all the same, and keeps its floor.
  for (const [i, block] of blocks.entries()) if (!block.includes('*')) placeOf(block, i);
  const rest = other >= 0 ? placeOf(OTHER, other) : 0;
  return { deployments, deploymentOf: Int32Array.from([...byEndpoint, rest]) };
}

function refuse(
  blocks: readonly string[],
  names: readonly string[],
  blockOf: readonly number[],
  requestsOf: readonly number[] | null,
): void {
  const mistakes: { at: null; path: string; message: string }[] = [];
  const without = names.map((_, i) => i).filter((i) => blockOf[i]! < 0);
  if (without.length > 0) {
    const largest = without.toSorted((a, b) => (requestsOf?.[b] ?? 0) - (requestsOf?.[a] ?? 0));
    const named = largest.map((i) =>
      requestsOf === null ? names[i]! : `${names[i]!} (${counted(requestsOf[i]!, 'request')})`,
    );
    const who = listed(named, MOST_NAMED);
    const message = `has no deployment for ${who}: name ${without.length === 1 ? 'it' : 'them'}, write a pattern such as 'embed-*', or give other: {} for the rest`;
    mistakes.push({ at: null, path: 'endpoints', message });
  }
  // Misspelled, a block would go unused without a word; where every endpoint is named, another trace may have it.
  const mayBeMisspelled =
    without.length > 0 || blocks.some((block) => block === OTHER || block.includes('*'));
  for (const [i, block] of blocks.entries()) {
    if (!mayBeMisspelled || block === OTHER || blockOf.includes(i)) continue;
    const meant = nearestOf(block, names);
    const mend = meant === null ? '' : `. Did you mean ${meant}?`;
    mistakes.push({
      at: null,
      path: `endpoints.${block}`,
      message: block.includes('*')
        ? `fits no endpoint of the trace${mend}`
        : `is named by no request${mend}`,
    });
  }
  if (mistakes.length > 0) throw new UserError(mistakes);
}
