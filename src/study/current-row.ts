/** What runs today (`current:`) as overrides of the study: key by key, as `--set` puts them. */
import type { z } from 'zod';
import type { Varied } from './document.ts';
import { isMap, type Json } from './json.ts';
import { formatKeyPath, getAt, type KeyPath, parseKeyPath, startsWith } from './key-path.ts';
import { studySchema } from './schema.ts';
import type { KeyFlag } from './study.ts';

export interface CurrentRow {
  readonly overrides: Varied;
  /** Where in `current` an override stands, by its path. */
  readonly placeOf: (path: string) => KeyPath;
}

/**
 * A block of the study that is written as a map is taken key by key, so that what it does not name stays; what is one value (a
 * distribution, a schedule, a list of pools) replaces the study's.
 */
export function currentRow(current: { readonly [key: string]: Json }, study: Json): CurrentRow {
  const overrides: Record<string, Json> = {};
  const places = new Map<string, KeyPath>();
  const put = (path: KeyPath, value: Json, place: KeyPath): void => {
    if (isMap(value) && isBlock(path) && isMapOrMissing(getAt(study, path))) {
      for (const [key, inner] of Object.entries(value)) {
        put([...path, ...parseKeyPath(key)], inner, [...place, key]);
      }
      return;
    }
    const name = formatKeyPath(path);
    overrides[name] = value;
    places.set(name, place);
  };
  for (const [key, value] of Object.entries(current)) put(parseKeyPath(key), value, [key]);
  return { overrides, placeOf: (path) => places.get(path) ?? [path] };
}

/**
 * Flags that ask for other rows leave what runs today as the file has it.
 * @param file the study before any flag
 * @param asked such flags
 * @returns what today's row says of their keys, where it does not say it itself
 */
export function keptToday(file: Json, today: Varied, asked: readonly KeyFlag[]): Varied {
  const says = (path: string) => path in today || getAt(file, parseKeyPath(path)) !== undefined;
  // Without a platform or a price of its own, today's are those of the flags.
  if (!says('deployment.platform') && !says('billing')) return {};
  const own = Object.keys(today).map(parseKeyPath);
  const unsaid = asked
    .map(({ path }) => path)
    .filter((path) => {
      const key = parseKeyPath(path);
      return !own.some((other) => startsWith(key, other) || startsWith(other, key));
    });
  return Object.fromEntries(unsaid.map((path) => [path, getAt(file, parseKeyPath(path)) ?? null]));
}

function isMapOrMissing(value: Json | undefined): boolean {
  return value === undefined || isMap(value);
}

/** Whether a path leads to a map of keys that each mean something by themselves, and can be nothing else. */
function isBlock(path: KeyPath): boolean {
  let schema: z.core.$ZodType | undefined = studySchema;
  for (const key of path) {
    const { def } = (schema as z.core.$ZodTypes)._zod;
    if (def.type !== 'object') return false;
    schema = bare(def.shape[String(key)]);
    if (schema === undefined) return false;
  }
  return (schema as z.core.$ZodTypes)._zod.def.type === 'object';
}

function bare(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  if (schema === undefined) return undefined;
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === 'optional' || def.type === 'default' ? bare(def.innerType) : schema;
}
