/** The study of a folder of results, as it was run, so that it can be run again where it lies; and how it was run. */
import { isAbsolute, join, relative } from 'node:path';
import type { Varied } from '../study/document.ts';
import { type Axis, Grid } from '../study/grid.ts';
import type { Json } from '../study/json.ts';
import { getAt, type KeyPath, setAt } from '../study/key-path.ts';
import type { OpenStudy } from './studies.ts';
import { STDIN } from './trace-files.ts';

/**
 * The study with its grid and what runs today, after all flags; its traces are named as they are seen from there.
 * @param out the folder that the copy will lie in
 */
export function studyCopy({ loaded, folder }: OpenStudy, out: string): Json {
  const { study, points, axes, current } = loaded;
  const today = current === null ? undefined : points[current]!.overrides;
  return {
    ...(withTracesFrom(study, (file) => relative(out, join(folder, file))) as Varied),
    ...(axes.length > 0 && { vary: varyOf(axes) }),
    ...(today && { current: today }),
  };
}

/** Axes of one key each as lists of values; where keys vary together, the maps of overrides. */
function varyOf(axes: readonly Axis[]): Json {
  if (axes.every(({ paths }) => paths.length === 1)) {
    return Object.fromEntries(
      axes.map(({ paths, values }) => [
        paths[0]!,
        values.map(({ overrides }) => overrides[paths[0]!]!),
      ]),
    );
  }
  const grid = new Grid(axes);
  return Array.from({ length: grid.size }, (_, row) => grid.row(row).overrides);
}

function withTracesFrom(study: Json, moved: (file: string) => string): Json {
  const replay = getAt(study, ['workload', 'replay']);
  if (replay === undefined) return study;
  const places: KeyPath[] = Array.isArray(replay)
    ? replay.map((_, i) => ['workload', 'replay', i, 'file'])
    : [['workload', 'replay', 'file']];
  return places.reduce<Json>((map, path) => {
    const list = [getAt(study, path) ?? []].flat() as readonly string[];
    const all = list.map((file) => (file === STDIN || isAbsolute(file) ? file : moved(file)));
    return setAt(map, path, all.length === 1 ? all[0]! : all) ?? map;
  }, study);
}
