/** Where weights lie and how fast they are read, from models/storage.yaml and a user's own. Text in, no files here. */
import { z } from 'zod';
import { checkYaml, readYaml } from '../base/yaml-source.ts';
import { type Figure, figureOf } from './catalogue.ts';
import { figure, figuresIn, unknownSources } from './schema.ts';
import { oneOf, strict } from './values.ts';

/**
 * copied: over the network to the node, then read from there. streamed: over the network to the GPU. local: on the node
 * already. restored: with the loaded process around them.
 */
export type StorageKind = 'copied' | 'streamed' | 'local' | 'restored';

/** Where a node keeps weights, and where copies go, unless a study says otherwise. */
export const ON_THE_NODE = 'local-nvme';

export interface Storage {
  readonly id: string;
  readonly name: string;
  readonly kind: StorageKind;
  /** Read by one replica alone; null: as fast as the GPU's host link. */
  readonly bytesPerSecond: number | null;
  readonly figures: readonly Figure[];
}

export interface StorageFile {
  readonly storage: readonly Storage[];
  /** What a quantized weight takes beside its bits; null where the file does not tell. */
  readonly scaleBitsPerWeight: Figure | null;
}

const amount = z.number('must be a number above 0').positive('must be above 0');

const schema = strict({
  sources: z.record(z.string(), z.string().min(1)),
  storage: z.record(
    z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower case words joined by -'),
    strict({
      name: z.string().min(1),
      kind: oneOf(['copied', 'streamed', 'local', 'restored']),
      gigabytesPerSecond: figure(amount).optional(),
    }),
  ),
  quantization: strict({ scaleBitsPerWeight: figure(amount) }).optional(),
});

const UNITS = { gigabytesPerSecond: 'GB/s', scaleBitsPerWeight: 'bits/parameter' };

/** @throws UserError with every mistake of the file, each at its line and column */
export function parseStorage(text: string, fileName: string): StorageFile {
  const { sources, storage, quantization } = checkYaml(
    readYaml(text, fileName),
    schema,
    unknownSources,
  );
  const scale = quantization?.scaleBitsPerWeight;
  return {
    storage: Object.entries(storage).map(([id, place]) => ({
      id,
      name: place.name,
      kind: place.kind,
      bytesPerSecond: place.gigabytesPerSecond ? place.gigabytesPerSecond.value * 1e9 : null,
      figures: figuresIn({ storage: { [id]: place } }).map(({ path, figure: one }) =>
        figureOf(path, one, sources, UNITS),
      ),
    })),
    scaleBitsPerWeight:
      scale === undefined
        ? null
        : figureOf(['quantization', 'scaleBitsPerWeight'], scale, sources, UNITS),
  };
}
