/** Load times and room from first principles: bytes over bandwidths, bytes against memory. Pure arithmetic. */
import { US_PER_S } from '../base/units.ts';
import type { StorageKind } from './storage.ts';
import { START_PHASES } from './values.ts';

/** parameters x bits / 8, to the whole byte above. Quantization's scales and embeddings left at 16 bits are not in it. */
export function weightBytesOf(parameters: number, bits: number): number {
  return Math.ceil((parameters * bits) / 8);
}

/** The phases that weights take, by their names in START_PHASES. */
export const WEIGHT_PHASES = ['download', 'load', 'restore'] as const;
export type WeightPhaseName = (typeof WEIGHT_PHASES)[number];

/** Where weights lie, with its speed for one replica alone. */
export interface Place {
  readonly kind: StorageKind;
  readonly bytesPerSecond: number;
}

export interface WeightPlan {
  readonly bytes: number;
  /** Where a node without them has them from. */
  readonly from: Place;
  /** Where they lie on a node that has them, and where a copy is put. */
  readonly node: Place;
  /** That a node has them, from 0 to 1. */
  readonly cachedChance: number;
  readonly snapshot: {
    readonly chance: number;
    readonly bytes: number;
    readonly bytesPerSecond: number;
  } | null;
  /** What all starting replicas together get over the network; null: each as much as alone. */
  readonly linkBytesPerSecond: number | null;
  /** Of all GPUs of a replica: no load into them is faster; null where it is not known. */
  readonly hostLinkBytesPerSecond: number | null;
}

export interface WeightPhase {
  readonly name: WeightPhaseName;
  /** Alone, in whole microseconds. */
  readonly us: number;
  readonly bytes: number;
  /** Of this replica, at most. */
  readonly bytesPerUs: number;
  /** Of all that load at once, where they share a link. */
  readonly linkBytesPerUs: number | null;
}

/** One way to start. */
export interface WeightPath {
  readonly name: 'snapshot' | 'cached' | 'cold';
  /** That a start which took none of the paths before takes this one, from 0 to 1; 1 for the last. */
  readonly chance: number;
  readonly phases: readonly WeightPhase[];
}

/** The ways to start in the order in which they are tried: a snapshot, a node with the weights, from afar. */
export function weightPaths(plan: WeightPlan): readonly WeightPath[] {
  const { bytes, from, node, cachedChance, snapshot } = plan;
  const load = phase('load', bytes, node.bytesPerSecond, plan);
  const onNode = from.kind === 'local';
  const cold = onNode
    ? [phase('load', bytes, from.bytesPerSecond, plan)]
    : from.kind === 'streamed'
      ? [phase('load', bytes, from.bytesPerSecond, plan, plan.linkBytesPerSecond)]
      : [phase('download', bytes, from.bytesPerSecond, plan, plan.linkBytesPerSecond), load];
  const paths: WeightPath[] = [];
  if (snapshot !== null && snapshot.chance > 0) {
    const restore = phase('restore', snapshot.bytes, snapshot.bytesPerSecond, plan);
    paths.push({ name: 'snapshot', chance: snapshot.chance, phases: [restore] });
  }
  if (cachedChance > 0 && !onNode)
    paths.push({ name: 'cached', chance: cachedChance, phases: [load] });
  return [...paths, { name: 'cold', chance: 1, phases: cold }];
}

function phase(
  name: WeightPhaseName,
  bytes: number,
  bytesPerSecond: number,
  { hostLinkBytesPerSecond }: WeightPlan,
  linkBytesPerSecond: number | null = null,
): WeightPhase {
  // A copy on the node's disk does not pass the GPU's link.
  const most = name === 'download' ? null : hostLinkBytesPerSecond;
  const own = Math.min(
    bytesPerSecond,
    most ?? Number.POSITIVE_INFINITY,
    linkBytesPerSecond ?? Number.POSITIVE_INFINITY,
  );
  const bytesPerUs = own / US_PER_S;
  return {
    name,
    us: Math.round(bytes / bytesPerUs),
    bytes,
    bytesPerUs,
    linkBytesPerUs: linkBytesPerSecond === null ? null : linkBytesPerSecond / US_PER_S,
  };
}

/** A phase of a start that is not about weights. */
export interface OtherPhase<Time> {
  readonly name: string;
  readonly time: Time;
}

/** All paths over one list of phases, as an engine wants them. */
export interface AlignedPaths<Time> {
  readonly names: readonly string[];
  /** In the order of `weightPaths`, the last is cold; a time for each name. */
  readonly paths: readonly {
    readonly name: WeightPath['name'];
    readonly chance: number;
    readonly times: readonly Time[];
  }[];
  /** The phase, by its place in `names`, that goes over a shared link, and the bytes of each path; 0 for what is local. */
  readonly link: {
    readonly phase: number;
    readonly bytes: readonly number[];
    readonly ownBytesPerUs: number;
    readonly allBytesPerUs: number;
  } | null;
}

/** What a snapshot has in it already. */
const IN_A_SNAPSHOT: ReadonlySet<string> = new Set(['download', 'load', 'init']);

/**
 * Weights among the other phases of a start, in the order of START_PHASES; phases of other names stay behind those that
 * they follow. A phase that a path lacks takes no time in it; a snapshot restores what `init` makes.
 * @param others none of them a phase of weights
 * @param timeOf what the caller makes of a fixed number of microseconds
 */
export function alignedPaths<Time>(
  others: readonly OtherPhase<Time>[],
  paths: readonly WeightPath[],
  timeOf: (us: number) => Time,
): AlignedPaths<Time> {
  const used = WEIGHT_PHASES.filter((name) =>
    paths.some(({ phases }) => phases.some((one) => one.name === name)),
  );
  let after = -1;
  const ranked = [
    ...others.map(({ name }) => {
      const rank = rankOf(name);
      after = rank >= 0 ? rank : after;
      return { name, rank: after };
    }),
    ...used.map((name) => ({ name, rank: rankOf(name) })),
  ];
  const names = ranked.toSorted((a, b) => a.rank - b.rank).map(({ name }) => name);
  const overLink = ({ phases }: WeightPath): WeightPhase | undefined =>
    phases.find(({ linkBytesPerUs }) => linkBytesPerUs !== null);
  const shared = paths.map(overLink).find((one) => one !== undefined);
  return {
    names,
    paths: paths.map(({ name: path, chance, phases }) => ({
      name: path,
      chance,
      times: names.map((name) => {
        const own = phases.find((one) => one.name === name);
        if (own !== undefined) return timeOf(own.us);
        const other = others.find((one) => one.name === name);
        const skipped = path === 'snapshot' && IN_A_SNAPSHOT.has(name);
        return other === undefined || skipped ? timeOf(0) : other.time;
      }),
    })),
    link:
      shared === undefined
        ? null
        : {
            phase: names.indexOf(shared.name),
            bytes: paths.map((path) => overLink(path)?.bytes ?? 0),
            ownBytesPerUs: shared.bytesPerUs,
            allBytesPerUs: shared.linkBytesPerUs!,
          },
  };
}

function rankOf(name: string): number {
  return (START_PHASES as readonly string[]).indexOf(name);
}

export interface Fit {
  readonly weightBytes: number;
  /** Of all GPUs of a replica. */
  readonly memoryBytes: number;
  /** Negative where the weights do not fit. What a server keeps for itself is not taken off. */
  readonly freeBytes: number;
  /** Tokens whose key-value cache fits beside the weights, at most; null where the model's cache is not known. */
  readonly kvTokens: number | null;
}

export function fitOf(
  weightBytes: number,
  memoryGB: number,
  gpus: number,
  kvBytesPerToken: number | null,
): Fit {
  const memoryBytes = memoryGB * 1e9 * gpus;
  const freeBytes = memoryBytes - weightBytes;
  const kvTokens =
    kvBytesPerToken === null ? null : Math.max(0, Math.floor(freeBytes / kvBytesPerToken));
  return { weightBytes, memoryBytes, freeBytes, kvTokens };
}

/**
 * Tokens a second of one conversation, at most: each token reads all active weights from memory once.
 * @param bytesReadPerToken of the active weights
 */
export function decodeTokensPerSecond(
  memoryGBPerSecond: number,
  gpus: number,
  bytesReadPerToken: number,
): number {
  return (memoryGBPerSecond * 1e9 * gpus) / bytesReadPerToken;
}
