/** Paths into a study: `deployment.replicas.min`, `pools.0.gpu`. */
import type { KeyPath } from '../base/yaml-source.ts';
import { isMap, type Json } from './json.ts';

export type { KeyPath } from '../base/yaml-source.ts';

/** Paths are few, and parsed for each configuration. */
const known = new Map<string, KeyPath>();
const MOST_KNOWN = 10_000;

/** Digits between dots are an index of a list. */
export function parseKeyPath(text: string): KeyPath {
  const path = known.get(text) ?? pathOf(text);
  if (known.size < MOST_KNOWN) known.set(text, path);
  return path;
}

function pathOf(text: string): KeyPath {
  return text.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
}

export function formatKeyPath(path: KeyPath): string {
  return path.join('.');
}

export function startsWith(path: KeyPath, prefix: KeyPath): boolean {
  return prefix.every((key, i) => String(path[i]) === String(key));
}

export function getAt(root: Json, path: KeyPath): Json | undefined {
  let value: Json | undefined = root;
  for (const key of path) {
    if (Array.isArray(value)) value = (value as readonly Json[])[Number(key)];
    else if (isMap(value)) value = value[key];
    else return undefined;
  }
  return value;
}

/**
 * A copy with the value there; maps on the way are made, null takes the key out. Lists are reached into, and may grow by
 * one.
 * @returns undefined if the path leads through something that is neither a map nor a list, or past a list's end
 */
export function setAt(root: Json | undefined, path: KeyPath, value: Json): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(root)) {
    const list = root as readonly Json[];
    if (typeof key !== 'number' || key > list.length) return undefined;
    const inner = setAt(list[key], rest, value);
    return inner === undefined ? undefined : list.toSpliced(key, 1, inner);
  }
  if (root !== undefined && root !== null && !isMap(root)) return undefined;
  const map = { ...root };
  if (rest.length === 0 && value === null) {
    delete map[key];
    return map;
  }
  const inner = setAt(map[key], rest, value);
  return inner === undefined ? undefined : { ...map, [key]: inner };
}
