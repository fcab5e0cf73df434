/** The platforms that ship, read as the command reads them: a file may extend another. */
import { readdirSync, readFileSync } from 'node:fs';
import {
  type Catalogue,
  catalogueOf,
  type Platform,
  parsePlatform,
  platformOf,
} from '../../src/platform/catalogue.ts';
import { platformData } from '../../src/platform/extension.ts';
import { isMap } from '../../src/platform/schema.ts';

const FOLDER = new URL('../../models/platforms/', import.meta.url);

export const PLATFORM_FILES: readonly string[] = readdirSync(FOLDER).sort();

const texts = PLATFORM_FILES.map((name) => ({
  name,
  text: readFileSync(new URL(name, FOLDER), 'utf8'),
}));

const bases = new Map(
  texts
    .map(({ name, text }) => platformData(text, name))
    .flatMap((data) => (isMap(data) ? [[String(data['id']), data] as const] : [])),
);

export const CATALOGUE: Catalogue = catalogueOf(
  texts.map(({ name, text }) => parsePlatform(text, name, bases)),
);

export function shippedPlatform(id: string): Platform {
  return platformOf(CATALOGUE, id);
}
