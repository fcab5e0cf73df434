/** The catalogue: the platforms that ship with coldfront, and a user's own files by their path. */
import { readdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import {
  type Catalogue,
  catalogueOf,
  type Platform,
  parsePlatform,
} from '../platform/catalogue.ts';
import { PACKAGE_ROOT } from './package-files.ts';
import { readWhole } from './trace-files.ts';

const PLATFORMS = join(PACKAGE_ROOT, 'models', 'platforms');

/** How a platform of the user's own is told from the id of one that ships. */
export function isPlatformFile(id: string): boolean {
  return /\.(ya?ml|json)$/.test(id);
}

/**
 * @param own paths of platform files as the study writes them; each is found under that path
 * @param folder what relative paths start from
 * @throws UserError with every mistake of a file
 */
export async function loadCatalogue(own: readonly string[] = [], folder = '.'): Promise<Catalogue> {
  const shipped = (await readdir(PLATFORMS)).filter((name) => name.endsWith('.yaml')).sort();
  const platforms = await Promise.all([
    ...shipped.map(async (name): Promise<Platform> => readPlatform(join(PLATFORMS, name), name)),
    ...own.map(async (path): Promise<Platform> => {
      const platform = await readPlatform(isAbsolute(path) ? path : join(folder, path), path);
      return { ...platform, id: path };
    }),
  ]);
  return catalogueOf(platforms);
}

async function readPlatform(path: string, name: string): Promise<Platform> {
  return parsePlatform(await readWhole(path), name);
}
