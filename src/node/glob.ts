// The files that a pattern means: `logs/access.log*`, `{eu,us}/*.csv`, `logs/**/day-[0-9]?.log`.

import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { glob } from 'tinyglobby';
import { UserError } from '../base/errors.ts';
import { STDIN } from './trace-files.ts';

/**
 * A file of exactly this name wins over what it means as a pattern. `*`, `?`, `[...]` and `{a,b}` stay within a part of the
 * path, `**` is any number of folders; names that begin with a dot are meant only if the dot is written.
 * @param folder what a relative path starts from
 * @returns paths in the order of their names, numbers as numbers: `access.log.2` before `access.log.10`
 * @throws UserError where nothing fits
 */
export async function expandGlob(pattern: string, folder: string): Promise<string[]> {
  if (pattern === STDIN) return [pattern];
  const path = isAbsolute(pattern) ? pattern : join(folder, pattern);
  if (!/[*?[{]/.test(pattern) || (await exists(path))) return [path];
  const found = await glob(withoutOtherSigns(pattern), {
    cwd: folder === '' ? '.' : folder,
    expandDirectories: false,
    onlyFiles: true,
  });
  if (found.length === 0) {
    const message = `${pattern}: no file fits this pattern: check the folder and the name`;
    throw new UserError([{ at: null, path: 'workload.replay.file', message }]);
  }
  return found
    .map((entry) => (isAbsolute(entry) ? entry : join(folder, entry)))
    .sort(byNameAndNumber);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

/** `(`, `+`, `@`, `|` and `!`, but in `[!...]`, stand for themselves, whatever else they can mean. */
function withoutOtherSigns(pattern: string): string {
  return pattern.replace(/[()+@|]|(?<!\[)!/g, '\\$&');
}

/** As people sort: runs of digits by their value, all else by code units, and what compares equal so by code units alone. */
export function byNameAndNumber(a: string, b: string): number {
  const [left, right] = [a.split(/(\d+)/), b.split(/(\d+)/)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    // Digits are at the odd places.
    const order = i % 2 === 1 ? byValue(left[i]!, right[i]!) : byCodeUnits(left[i]!, right[i]!);
    if (order !== 0) return order;
  }
  return left.length - right.length || byCodeUnits(a, b);
}

function byValue(a: string, b: string): number {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return left.length - right.length || byCodeUnits(left, right);
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
