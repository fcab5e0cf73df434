/** The catalogue: what ships with coldfront, a user's own folder of models over it, and platform files by their path. */
import { readdir } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { UserError } from '../base/errors.ts';
import {
  type Catalogue,
  catalogueOf,
  type Platform,
  parsePlatform,
} from '../platform/catalogue.ts';
import { platformData } from '../platform/extension.ts';
import { type HardwareTexts, hardwareOf, type Library, replaced } from '../platform/library.ts';
import { isMap } from '../platform/schema.ts';
import { errorCode, fileError } from './file-errors.ts';
import { PACKAGE_ROOT } from './package-files.ts';
import { readWhole } from './trace-files.ts';

const SHIPPED = join(PACKAGE_ROOT, 'models');
const HARDWARE_FILES = {
  gpus: 'gpus.yaml',
  models: 'models.yaml',
  storage: 'storage.yaml',
} as const;
const PLATFORMS = 'platforms';

export interface LibraryOptions {
  /** Paths of platform files as the study writes them; each is found under that path. */
  readonly platformFiles?: readonly string[];
  /** What relative paths of platform files start from. */
  readonly folder?: string;
  /** A folder laid out as the one that ships; undefined: that of COLDFRONT_MODELS, if any. */
  readonly models?: string | undefined;
}

/** How a platform of the user's own is told from the id of one that ships. */
export function isPlatformFile(id: string): boolean {
  return /\.(ya?ml|json)$/.test(id);
}

/**
 * Platforms, GPUs, models and storage. Of one id the user's own takes the place of the one that ships, whole; a platform
 * may say `extends:` to change a part. Replacements are in `notes`.
 * @throws UserError with every mistake of a file, and for a folder that is none
 */
export async function loadLibrary(options: LibraryOptions = {}): Promise<Library> {
  const { platformFiles = [], folder = '.' } = options;
  const own = options.models ?? process.env['COLDFRONT_MODELS'];
  const ownFolder = own === undefined || own === '' ? null : await foundFolder(own);
  const shipped = await platformTexts(SHIPPED, '');
  const users = ownFolder === null ? [] : await platformTexts(ownFolder, `${ownFolder}/`);
  const named = await Promise.all(
    platformFiles.map(async (path) => {
      const text = await readWhole(isAbsolute(path) ? path : join(folder, path));
      return { name: path, text };
    }),
  );
  const bases = basesOf([...shipped, ...users], [...shipped, ...users, ...named]);
  const parsed = (files: readonly NamedText[]): Platform[] =>
    files.map(({ name, text }) => parsePlatform(text, name, bases));
  const ownPlatforms = parsed(users);
  const platforms = new Map(parsed(shipped).map((platform) => [platform.id, platform]));
  const notes: string[] = [];
  // Two of the user's own with one id are a mistake; one that ships gives way.
  catalogueOf(ownPlatforms);
  for (const [i, platform] of ownPlatforms.entries()) {
    const { id } = platform;
    if (platforms.has(id)) notes.push(replaced('platforms', id, users[i]!.name));
    platforms.set(id, platform);
  }
  const byPath = parsed(named).map((platform, i) => ({ ...platform, id: named[i]!.name }));
  const { hardware, notes: hardwareNotes } = hardwareOf(
    await hardwareTexts(SHIPPED, ''),
    ownFolder === null ? null : await hardwareTexts(ownFolder, `${ownFolder}/`),
  );
  return {
    ...hardware,
    platforms: catalogueOf([...platforms.values(), ...byPath]),
    notes: [...notes, ...hardwareNotes],
  };
}

/** The platforms of `loadLibrary` alone. @throws UserError as it does */
export async function loadCatalogue(
  own: readonly string[] = [],
  folder = '.',
  models?: string | undefined,
): Promise<Catalogue> {
  return (await loadLibrary({ platformFiles: own, folder, models })).platforms;
}

/** Nothing is read if nobody asks. */
function basesOf(
  files: readonly NamedText[],
  extenders: readonly NamedText[],
): ReadonlyMap<string, unknown> {
  const extending = /^\s*["']?extends["']?\s*:/m;
  if (!extenders.some(({ text }) => extending.test(text) || text.trimStart().startsWith('{'))) {
    return new Map();
  }
  return new Map(
    files
      .map(({ name, text }) => platformData(text, name))
      .flatMap((data) => (isMap(data) ? [[String(data['id']), data] as const] : [])),
  );
}

interface NamedText {
  readonly name: string;
  readonly text: string;
}

async function platformTexts(folder: string, prefix: string): Promise<NamedText[]> {
  const at = join(folder, PLATFORMS);
  const names = (await namesIn(at)).filter(isPlatformFile).sort();
  return Promise.all(
    names.map(async (name) => ({
      name: prefix === '' ? name : `${prefix}${PLATFORMS}/${name}`,
      text: await readWhole(join(at, name)),
    })),
  );
}

async function hardwareTexts(folder: string, prefix: string): Promise<HardwareTexts> {
  const names = await namesIn(folder);
  const read = async (name: string): Promise<NamedText | null> =>
    names.includes(name)
      ? { name: `${prefix}${name}`, text: await readWhole(join(folder, name)) }
      : null;
  return {
    gpus: await read(HARDWARE_FILES.gpus),
    models: await read(HARDWARE_FILES.models),
    storage: await read(HARDWARE_FILES.storage),
  };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw fileError(error, folder);
  }
}

const LAYOUT = `a folder of models has ${PLATFORMS}/*.yaml, ${Object.values(HARDWARE_FILES).join(', ')}`;

/** @throws UserError where it is not there, or holds nothing that is read */
async function foundFolder(folder: string): Promise<string> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    throw fileError(error, folder);
  }
  const known: readonly string[] = [PLATFORMS, ...Object.values(HARDWARE_FILES)];
  const stray = names.filter((name) => isPlatformFile(name) && !known.includes(name));
  if (stray.length > 0 || !names.some((name) => known.includes(name))) {
    const message =
      stray.length > 0
        ? `${stray.map((name) => basename(name)).join(', ')} would not be read: ${LAYOUT}`
        : `holds no models: ${LAYOUT}`;
    throw new UserError([{ at: folder, path: null, message }]);
  }
  return folder.replace(/\/+$/, '');
}
