/** A second study as overrides of the first: the same traffic, another deployment. */
import { type Mistake, UserError } from '../../base/errors.ts';
import type { Varied } from '../document.ts';
import { canonical, isMap, type Json } from '../json.ts';
import type { LoadedStudy } from '../study.ts';

/** What a row takes from the first study, whatever the second says. */
const SHARED = ['version', 'name', 'seed', 'replications', 'vary', 'current', 'slo', 'measure'];

export interface NamedStudy extends Pick<LoadedStudy, 'points' | 'study' | 'current'> {
  /** As messages show it. */
  readonly file: string;
}

export interface OtherRows {
  readonly rows: readonly Varied[];
  readonly notes: readonly string[];
}

/**
 * @param first, second their maps with traces named from one folder
 * @returns the rows of the second, what runs today left out, as overrides of the first's map
 * @throws UserError unless both name the same traffic
 */
export function rowsOfOther(first: NamedStudy, second: NamedStudy): OtherRows {
  const mistakes: Mistake[] = [];
  const [a, b] = [mapOf(first), mapOf(second)];
  if (canonical(a['workload'] ?? null) !== canonical(b['workload'] ?? null)) {
    const message = `names another traffic than ${first.file}: two studies are compared on one, so write the same workload in both`;
    mistakes.push({ at: second.file, path: 'workload', message });
  }
  if (mistakes.length > 0) throw new UserError(mistakes);
  const notes = SHARED.slice(2)
    .filter((key) => key !== 'vary' && key !== 'current')
    .filter((key) => b[key] !== undefined && canonical(a[key] ?? null) !== canonical(b[key]))
    .map((key) => `${key} of ${second.file} is not used: ${first.file} has it for both`);
  const difference = differencesBetween(a, b);
  const points = second.points.filter(({ index }) => index !== second.current);
  return { rows: points.map(({ overrides }) => ({ ...difference, ...overrides })), notes };
}

function mapOf({ study }: NamedStudy): { readonly [key: string]: Json } {
  return isMap(study) ? study : {};
}

function differencesBetween(
  from: { readonly [key: string]: Json },
  to: { readonly [key: string]: Json },
): Varied {
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  const own = keys.filter((key) => !SHARED.includes(key) && key !== 'workload');
  return Object.fromEntries(own.flatMap((key) => changed(key, from[key], to[key])));
}

/** Down to the keys that differ; lists, and maps whose keys are no part of a path, go as a whole. */
function changed(path: string, from: Json | undefined, to: Json | undefined): [string, Json][] {
  if (canonical(from ?? null) === canonical(to ?? null)) return [];
  if (!isMap(from) || !isMap(to) || !isPlain(from) || !isPlain(to)) return [[path, to ?? null]];
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((key) =>
    changed(`${path}.${key}`, from[key], to[key]),
  );
}

function isPlain(map: { readonly [key: string]: Json }): boolean {
  return Object.keys(map).every((key) => /^[a-z][\w-]*$/i.test(key)) && !('distribution' in map);
}
