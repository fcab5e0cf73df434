/** A study with its platform's own settings in place of those that it gives. */
import type { Platform } from '../../platform/catalogue.ts';
import type { Varied } from '../document.ts';
import { isMap, type Json } from '../json.ts';
import { formatKeyPath, getAt, type KeyPath } from '../key-path.ts';

/** Keys that a planner turns; the others say what is served, and how fast. */
const SETTINGS = [
  'replicas',
  'scaling',
  'idleWindow',
  'unusedWindow',
  'unusedWindowFrom',
  'concurrency',
  'binding',
  'routing',
  'admission',
  'executionTimeout',
  'maxAge',
  'drain',
];

/** Takes away from a study's map what it sets and the platform has a default for. */
export function defaultsOf(platform: Pick<Platform, 'deployment'>, study: Json): Varied {
  const own = getAt(study, ['deployment']);
  const taken = isMap(own) ? settingsGiven(platform, own) : [];
  return Object.fromEntries(taken.map((path) => [`deployment.${formatKeyPath(path)}`, null]));
}

/** Paths below `deployment` that the study sets and the platform has a default for. */
function settingsGiven(
  { deployment }: Pick<Platform, 'deployment'>,
  own: { readonly [key: string]: Json },
): readonly KeyPath[] {
  const below = (value: Json, path: KeyPath): readonly KeyPath[] => {
    if (isMap(value))
      return Object.entries(value).flatMap(([key, part]) => below(part, [...path, key]));
    return getAt(deployment as unknown as Json, path) === undefined ? [] : [path];
  };
  return SETTINGS.flatMap((key) => {
    const value = own[key];
    if (value === undefined) return [];
    // A schedule stands in the place of a number.
    const { min, ...rest } = isMap(value) ? value : {};
    const isSchedule = key === 'replicas' && isMap(min);
    return isSchedule ? [['replicas', 'min'], ...below(rest, [key])] : below(value, [key]);
  });
}
