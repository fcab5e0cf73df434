/** GPUs as data: what models/gpus.yaml and a user's own say, every figure with where it comes from. Text in, no files here. */
import { z } from 'zod';
import { plainOf } from '../base/nearest.ts';
import { checkYaml, readYaml } from '../base/yaml-source.ts';
import { type Figure, figureOf } from './catalogue.ts';
import { figure, figuresIn, unknownSources } from './schema.ts';
import { strict } from './values.ts';

export interface Gpu {
  readonly id: string;
  readonly name: string;
  /** What price lists call it. */
  readonly aliases: readonly string[];
  /** In 10^9 bytes, as published. */
  readonly memoryGB: number;
  readonly memoryGBPerSecond: number | null;
  /** One direction of its connection to the machine's memory: no load is faster. */
  readonly hostLinkGBPerSecond: number | null;
  /** Without sparsity. */
  readonly denseFp16Teraflops: number | null;
  /** Measured against an A100 of 80 GB by whoever wrote the file; null where nobody did. */
  readonly relativeSpeed: number | null;
  readonly figures: readonly Figure[];
}

/** By id, in the order of the file. */
export type Gpus = ReadonlyMap<string, Gpu>;

const amount = z.number('must be a number above 0').positive('must be above 0');

const entry = strict({
  name: z.string().min(1),
  aliases: z.array(z.string()).optional(),
  memoryGB: figure(amount),
  memoryGBPerSecond: figure(amount).optional(),
  hostLinkGBPerSecond: figure(amount).optional(),
  denseFp16Teraflops: figure(amount).optional(),
  relativeSpeed: figure(amount).optional(),
});

const schema = strict({
  sources: z.record(z.string(), z.string().min(1)),
  gpus: z.record(
    z.string().regex(/^[a-z0-9]+([-.][a-z0-9]+)*$/, 'must be lower case words joined by -'),
    entry,
  ),
});

const UNITS = {
  memoryGB: 'GB',
  memoryGBPerSecond: 'GB/s',
  hostLinkGBPerSecond: 'GB/s',
  denseFp16Teraflops: 'TFLOPS',
  relativeSpeed: 'times an A100 of 80 GB',
};

/** @throws UserError with every mistake of the file, each at its line and column */
export function parseGpus(text: string, fileName: string): Gpu[] {
  const { sources, gpus } = checkYaml(readYaml(text, fileName), schema, unknownSources);
  return Object.entries(gpus).map(([id, gpu]) => ({
    id,
    name: gpu.name,
    aliases: gpu.aliases ?? [],
    memoryGB: gpu.memoryGB.value,
    memoryGBPerSecond: gpu.memoryGBPerSecond?.value ?? null,
    hostLinkGBPerSecond: gpu.hostLinkGBPerSecond?.value ?? null,
    denseFp16Teraflops: gpu.denseFp16Teraflops?.value ?? null,
    relativeSpeed: gpu.relativeSpeed?.value ?? null,
    figures: figuresIn({ gpus: { [id]: gpu } }).map(({ path, figure: one }) =>
      figureOf(path, one, sources, UNITS),
    ),
  }));
}

/** What speeds are relative to. */
export const REFERENCE_GPU = 'a100-80gb';

/**
 * How fast a GPU is against another, as far as two figures tell. Tokens come one after another at the speed at which
 * weights are read from memory (decode); a prompt or an image is worked through at the speed of arithmetic (prefill).
 */
export interface RelativeSpeed {
  readonly decode: number | null;
  readonly prefill: number | null;
}

export function relativeSpeedOf(gpu: Gpu, reference: Gpu): RelativeSpeed {
  return {
    decode: ratio(gpu.memoryGBPerSecond, reference.memoryGBPerSecond),
    prefill: ratio(gpu.denseFp16Teraflops, reference.denseFp16Teraflops),
  };
}

function ratio(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a / b;
}

/**
 * The GPU that a name in someone's list means.
 * @param memoryGB of one GPU, to tell two of one name apart; a list may count GiB or leave some to the system, so within
 * a tenth; null where it says nothing
 * @returns null where none has the name, or several have it and the memory does not tell them apart
 */
export function gpuNamed(name: string, memoryGB: number | null, gpus: Gpus): Gpu | null {
  const asked = plainOf(name);
  const named = [...gpus.values()].filter((gpu) =>
    [gpu.id, ...gpu.aliases].some((alias) => plainOf(alias) === asked),
  );
  const fitting =
    memoryGB === null
      ? named
      : named.filter((gpu) => Math.abs(gpu.memoryGB - memoryGB) <= gpu.memoryGB / 10);
  return fitting.length === 1 ? fitting[0]! : null;
}
