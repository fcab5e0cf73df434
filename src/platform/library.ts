/** All that the catalogue knows besides platforms' rules: GPUs, models and storage, those that ship under a user's own. */
import type { Catalogue, Figure } from './catalogue.ts';
import { type Gpu, type Gpus, parseGpus } from './gpus.ts';
import { parseModels, type ServedModel, type ServedModels } from './served-models.ts';
import { parseStorage, type Storage } from './storage.ts';

export interface Hardware {
  readonly gpus: Gpus;
  readonly models: ServedModels;
  readonly storage: ReadonlyMap<string, Storage>;
  readonly scaleBitsPerWeight: Figure | null;
}

export const NO_HARDWARE: Hardware = {
  gpus: new Map(),
  models: new Map(),
  storage: new Map(),
  scaleBitsPerWeight: null,
};

export interface Library extends Hardware {
  readonly platforms: Catalogue;
  /** What a user's own files replace, a line each. */
  readonly notes: readonly string[];
}

/** The text of the three files; null where a folder has none of that kind. */
export interface HardwareTexts {
  readonly gpus: NamedText | null;
  readonly models: NamedText | null;
  readonly storage: NamedText | null;
}

interface NamedText {
  readonly name: string;
  readonly text: string;
}

/**
 * @param own the user's: an entry of theirs takes the place of one that ships under its id, whole, or is added
 * @throws UserError with every mistake of a file
 */
export function hardwareOf(
  shipped: HardwareTexts,
  own: HardwareTexts | null,
): { readonly hardware: Hardware; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const layered = <T extends { readonly id: string }>(
    kind: keyof HardwareTexts,
    parse: (text: string, name: string) => readonly T[],
  ): ReadonlyMap<string, T> => {
    const entries = new Map<string, T>();
    for (const file of [shipped[kind], own?.[kind] ?? null]) {
      if (file === null) continue;
      for (const entry of parse(file.text, file.name)) {
        if (entries.has(entry.id)) notes.push(replaced(kind, entry.id, file.name));
        entries.set(entry.id, entry);
      }
    }
    return entries;
  };
  const gpus = layered<Gpu>('gpus', parseGpus);
  const models = layered<ServedModel>('models', parseModels);
  let scaleBitsPerWeight: Figure | null = null;
  const storage = layered<Storage>('storage', (text, name) => {
    const file = parseStorage(text, name);
    scaleBitsPerWeight = file.scaleBitsPerWeight ?? scaleBitsPerWeight;
    return file.storage;
  });
  return { hardware: { gpus, models, storage, scaleBitsPerWeight }, notes };
}

/** `platforms: modal of ./own/modal.yaml takes the place of the one that ships` */
export function replaced(kind: string, id: string, file: string): string {
  return `${kind}: ${id} of ${file} takes the place of the one that ships`;
}
