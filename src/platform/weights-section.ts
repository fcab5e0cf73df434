/** A study's `deployment.weights`, with the model, the GPU and the storage that it names, as bytes and bandwidths. */
import { grouped } from '../base/counts.ts';
import { meantOf, nearestOf } from '../base/nearest.ts';
import { parseBytesPerSecond, parseSizeBytes } from '../base/units.ts';
import type { Figure } from './catalogue.ts';
import type { Gpu } from './gpus.ts';
import type { Hardware } from './library.ts';
import type { ServedModel } from './served-models.ts';
import { ON_THE_NODE, type Storage, type StorageKind } from './storage.ts';
import { shareOf } from './values.ts';
import { fitOf, type Place, WEIGHT_PHASES, type WeightPlan, weightBytesOf } from './weights.ts';
import type { WeightsSection } from './weights-schema.ts';

export type { WeightsSection } from './weights-schema.ts';

export interface WeightsInput {
  readonly weights: WeightsSection | undefined;
  readonly model: string | undefined;
  /** `deployment.bits`; undefined: as the model is published. */
  readonly bits: number | undefined;
  readonly gpu: string | undefined;
  readonly gpus: number;
  /** Names of the phases of `deployment.coldStart`. */
  readonly phaseNames: readonly string[];
}

export interface WeightsMistake {
  /** From the study's root. */
  readonly path: readonly string[];
  readonly message: string;
}

export interface CompiledWeights {
  /** null where the study's start is not to be worked out from weights. */
  readonly plan: WeightPlan | null;
  /** Sentences for a result: what does not fit, what is not counted. */
  readonly notes: readonly string[];
  /** What the plan and the notes rest on. */
  readonly figures: readonly Figure[];
  readonly mistakes: readonly WeightsMistake[];
}

const SNAPSHOT = 'snapshot';
/** At which a cache and the weights are as published. */
const FULL_BITS = 16;

/**
 * Without `weights` only the fit of a known model on a known GPU is looked at, and nothing is a mistake: names of one's
 * own are allowed then, as labels.
 */
export function compileWeights(input: WeightsInput, hardware: Hardware): CompiledWeights {
  const { weights } = input;
  const mistakes: WeightsMistake[] = [];
  const figures: Figure[] = [];
  const wrong = (path: readonly string[], message: string): null => {
    mistakes.push({ path: ['deployment', ...path], message });
    return null;
  };
  const model = input.model === undefined ? undefined : hardware.models.get(input.model);
  const gpu = input.gpu === undefined ? undefined : hardware.gpus.get(input.gpu);
  const bytes = bytesOf(input, model, figures, () =>
    wrong(...unknownSize(input, [...hardware.models.keys()])),
  );
  const notes = bytes === null ? [] : notesOf(input, bytes, model, gpu, hardware, figures);
  if (weights === undefined) return { plan: null, notes, figures, mistakes: [] };

  const taken = input.phaseNames.filter((name) =>
    (WEIGHT_PHASES as readonly string[]).includes(name),
  );
  if (taken.length > 0) {
    const message = `has ${taken.join(', ')}, which weights gives: leave one of them out`;
    wrong(['coldStart'], message);
  }
  const placed = (
    key: string,
    id: string,
    kinds: readonly StorageKind[],
    own: string | undefined,
    ownKey = 'bandwidth',
  ): Place | null => {
    const found = hardware.storage.get(id);
    if (found === undefined || !kinds.includes(found.kind)) {
      return wrong(['weights', key], unknownPlace(id, kinds, hardware));
    }
    const place = placeOf(found, own, gpu, input.gpus, figures);
    return place ?? wrong(['weights', ownKey], needsHostLink(found, input.gpu));
  };
  const from =
    weights.from === undefined
      ? wrong(['weights', 'from'], `is missing: there are ${placesOf(hardware, FROM).join(', ')}`)
      : placed('from', weights.from, FROM, weights.bandwidth);
  const needsNode = from !== null && (from.kind === 'copied' || weights.cached !== undefined);
  const node = needsNode
    ? placed(
        'cachedFrom',
        weights.cachedFrom ?? ON_THE_NODE,
        ['local'],
        weights.cachedBandwidth,
        'cachedBandwidth',
      )
    : from;
  if (from?.kind === 'local') {
    for (const key of ['cached', 'cachedFrom', 'cachedBandwidth', 'link'] as const) {
      if (weights[key] !== undefined) {
        wrong(['weights', key], `means nothing: in ${weights.from} they are on the node already`);
      }
    }
  }
  const { snapshot } = weights;
  const restored = snapshot && snapshotOf(snapshot, bytes ?? 0, hardware, figures);
  if (restored === null)
    wrong(['weights', 'snapshot', 'bandwidth'], 'is missing: write 3GB/s, say');
  const { hostLinkGBPerSecond = null } = gpu ?? {};
  if (mistakes.length > 0 || bytes === null || from === null || node === null) {
    return { plan: null, notes, figures, mistakes };
  }
  if (hostLinkGBPerSecond !== null) figures.push(...figuresAt(gpu!, 'hostLinkGBPerSecond'));
  const plan: WeightPlan = {
    bytes,
    from,
    node,
    cachedChance: weights.cached === undefined ? 0 : shareOf(weights.cached),
    snapshot: restored ?? null,
    linkBytesPerSecond: weights.link === undefined ? null : parseBytesPerSecond(weights.link),
    hostLinkBytesPerSecond:
      hostLinkGBPerSecond === null ? null : hostLinkGBPerSecond * 1e9 * input.gpus,
  };
  return { plan, notes, figures: [...new Set(figures)], mistakes };
}

const FROM: readonly StorageKind[] = ['copied', 'streamed', 'local'];

function bytesOf(
  { weights, bits }: WeightsInput,
  model: ServedModel | undefined,
  figures: Figure[],
  unknown: () => null,
): number | null {
  const given = weights?.size === undefined ? null : parseSizeBytes(weights.size);
  if (given !== null) return Math.ceil(given);
  if (model === undefined) return unknown();
  figures.push(...figuresAt(model, 'billionParameters'));
  if (bits === undefined) figures.push(...figuresAt(model, 'bits'));
  return weightBytesOf(model.parameters, bits ?? model.bits);
}

function unknownSize(
  { model }: WeightsInput,
  known: readonly string[],
): [readonly string[], string] {
  if (model === undefined) return [['weights', 'size'], 'is missing: give it, or deployment.model'];
  const near = nearestOf(model, known);
  const meant =
    near === null ? '`coldfront models` lists those there are' : `did you mean ${near}?`;
  return [
    ['model'],
    `${model} is no model of the catalogue (${meant}): name one, or give weights.size`,
  ];
}

function unknownPlace(id: string, kinds: readonly StorageKind[], hardware: Hardware): string {
  return `${id} is none of storage here: ${meantOf(id, placesOf(hardware, kinds))}`;
}

function placesOf({ storage }: Hardware, kinds: readonly StorageKind[]): readonly string[] {
  return [...storage.values()].filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
}

function placeOf(
  { kind, bytesPerSecond, figures: own }: Storage,
  given: string | undefined,
  gpu: Gpu | undefined,
  gpus: number,
  figures: Figure[],
): Place | null {
  if (given !== undefined) return { kind, bytesPerSecond: parseBytesPerSecond(given)! };
  if (bytesPerSecond !== null) {
    figures.push(...own);
    return { kind, bytesPerSecond };
  }
  const { hostLinkGBPerSecond = null } = gpu ?? {};
  return hostLinkGBPerSecond === null
    ? null
    : { kind, bytesPerSecond: hostLinkGBPerSecond * 1e9 * gpus };
}

function needsHostLink({ id }: Storage, gpu: string | undefined): string {
  const why = gpu === undefined ? 'no GPU is named' : `the host link of ${gpu} is not known`;
  return `is missing: ${id} is read at the speed of the GPU's host link, and ${why}`;
}

function snapshotOf(
  { chance, size: given, bandwidth: own }: NonNullable<WeightsSection['snapshot']>,
  bytes: number,
  { storage }: Hardware,
  figures: Figure[],
): WeightPlan['snapshot'] {
  const place = storage.get(SNAPSHOT);
  const bytesPerSecond =
    own === undefined ? (place?.bytesPerSecond ?? null) : parseBytesPerSecond(own);
  if (bytesPerSecond === null) return null;
  if (own === undefined) figures.push(...place!.figures);
  return {
    chance: shareOf(chance),
    bytes: given === undefined ? bytes : Math.ceil(parseSizeBytes(given)!),
    bytesPerSecond,
  };
}

function notesOf(
  { model: asked, bits, gpus, weights }: WeightsInput,
  bytes: number,
  model: ServedModel | undefined,
  gpu: Gpu | undefined,
  { scaleBitsPerWeight }: Hardware,
  figures: Figure[],
): string[] {
  const notes: string[] = [];
  const used = bits ?? model?.bits;
  const name = model?.id ?? asked ?? 'the model';
  const what = weights?.size === undefined ? `${name} at ${used} bits` : name;
  if (gpu !== undefined) {
    figures.push(...figuresAt(gpu, 'memoryGB'));
    const fit = fitOf(bytes, gpu.memoryGB, gpus, model?.kvBytesPerToken ?? null);
    if (fit.freeBytes < 0) {
      notes.push(
        `${what} needs ${inGB(bytes)}, ${gpus} x ${gpu.id} has ${inGB(fit.memoryBytes)}: it does not fit`,
      );
    } else if (fit.kvTokens !== null) {
      notes.push(
        `beside ${inGB(bytes)} of weights ${gpus} x ${gpu.id} has room for the cache of ${grouped(fit.kvTokens)} tokens at most`,
      );
    }
  }
  const quantized = weights?.size === undefined && model !== undefined && used! < model.bits;
  if (quantized && used! < FULL_BITS && scaleBitsPerWeight !== null) {
    figures.push(scaleBitsPerWeight);
    const more = weightBytesOf(model.parameters, used! + Number(scaleBitsPerWeight.value));
    notes.push(
      `${what} is ${inGB(bytes)} without what quantization adds: with scales some ${inGB(more)}, more where embeddings stay at 16 bits; weights.size gives the size of your files`,
    );
  }
  return notes;
}

function figuresAt({ figures }: { readonly figures: readonly Figure[] }, key: string): Figure[] {
  return figures.filter(({ path }) => path.endsWith(`.${key}`));
}

/** `140 GB`, `3.5 GB` */
function inGB(bytes: number): string {
  return `${Number((bytes / 1e9).toPrecision(3))} GB`;
}
