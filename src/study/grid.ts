/** The grid of a study: axes of overrides, from the file's `vary` and from `--vary`, last axis fastest. */
import type { Mistake } from '../base/errors.ts';
import { parseDurationUs } from '../base/units.ts';
import { shown } from '../base/yaml-source.ts';
import type { Varied } from './document.ts';
import { canonical, isMap, type Json } from './json.ts';
import type { KeyPath } from './key-path.ts';
import { expandList } from './values.ts';

/** Where an override stands, by its path. */
type Place = (path: string, part?: 'value' | 'key') => string | null;

/** One value of an axis: what it sets, and where a message finds it. */
export interface AxisValue {
  readonly overrides: Varied;
  readonly at: Place;
}

export interface Axis {
  readonly paths: readonly string[];
  readonly values: readonly AxisValue[];
}

export interface GridRow {
  readonly overrides: Varied;
  readonly at: Place;
}

type Locate = (path: KeyPath, part?: 'value' | 'key') => string | null;

/** What belongs to the whole study and not to a configuration. */
const NEVER_VARIED = ['version', 'name', 'replications', 'vary', 'current', 'slo'];
const MOST_ROWS = 100_000;

/** Axes of the file's `vary`; what has not the shape of one is left out. */
export function fileAxes(
  vary: Json | undefined,
  locate: Locate,
  isSearched: boolean,
  mistakes: Mistake[],
): Axis[] {
  if (Array.isArray(vary)) {
    const rows = (vary as readonly Json[]).filter(isMap);
    const paths = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const values = rows.map((overrides, i) => ({
      overrides,
      at: (path: string, part?: 'value' | 'key') => locate(['vary', i, path], part),
    }));
    return [{ paths, values }];
  }
  if (!isMap(vary)) return [];
  return Object.entries(vary).flatMap(([path, given]) => {
    if (Array.isArray(given)) {
      const values = (given as readonly Json[]).map((value, i) => ({
        overrides: { [path]: value },
        at: (_: string, part?: 'value' | 'key') =>
          locate(part === 'key' ? ['vary', path] : ['vary', path, i], part),
      }));
      return { paths: [path], values };
    }
    if (typeof given !== 'string' || given === '') return [];
    return axisOf(path, given, locate(['vary', path]), isSearched, mistakes);
  });
}

/** The axis of a `--vary PATH=A,B,C`. */
export function flagAxis(text: string, isSearched: boolean, mistakes: Mistake[]): Axis | null {
  const split = splitFlag('--vary', text, mistakes);
  if (split === null) return null;
  return axisOf(split.path, split.value, `--vary ${text}`, isSearched, mistakes);
}

/** @returns path and value of `PATH=VALUE`; null, and a mistake more, if it is not that */
export function splitFlag(
  flag: string,
  text: string,
  mistakes: Mistake[],
): { readonly path: string; readonly value: string } | null {
  const equals = text.indexOf('=');
  const path = text.slice(0, equals).trim();
  const value = text.slice(equals + 1).trim();
  if (equals > 0 && path !== '' && value !== '') return { path, value };
  const example = flag === '--set' ? 'PATH=VALUE, or PATH=null to remove it' : 'PATH=A,B,C';
  mistakes.push({ at: `${flag} ${text}`, path: null, message: `has no value: write ${example}` });
  return null;
}

function axisOf(
  path: string,
  list: string,
  at: string | null,
  isSearched: boolean,
  mistakes: Mistake[],
): Axis {
  const { values, wrong } = expandList(list, isSearched);
  mistakes.push(...wrong.map((message) => ({ at, path, message })));
  return {
    paths: [path],
    values: values.map((value) => ({ overrides: { [path]: value }, at: () => at })),
  };
}

/** The axes that may vary, and a mistake more for each other one and each value that is there twice. */
function variable(axes: readonly Axis[], mistakes: Mistake[]): readonly Axis[] {
  const before = new Set<string>();
  return axes.filter(({ paths, values }) => {
    const wrong = (path: string, message: string) => {
      const at = values.find(({ overrides }) => path in overrides)?.at(path, 'key') ?? null;
      mistakes.push({ at, path, message });
    };
    const never = paths.filter((path) => NEVER_VARIED.includes(path.split('.')[0] ?? ''));
    for (const path of never) wrong(path, 'belongs to the whole study: it cannot vary');
    const again = paths.filter((path) => before.has(path));
    for (const path of again) wrong(path, 'is varied twice: write the values in one list');
    for (const path of paths) before.add(path);
    reportDoubles(values, mistakes);
    return never.length + again.length === 0;
  });
}

function reportDoubles(values: readonly AxisValue[], mistakes: Mistake[]): void {
  const before = new Set<string>();
  for (const { overrides, at } of values) {
    const entries = Object.entries(overrides);
    const key = canonical(
      Object.fromEntries(entries.map(([path, value]) => [path, comparable(value)])),
    );
    if (before.has(key)) {
      const [path = ''] = Object.keys(overrides);
      const spoken = entries.map(([, value]) => shown(value)).join(' with ');
      mistakes.push({ at: at(path), path, message: `has ${spoken} twice: write it once` });
    }
    before.add(key);
  }
}

/** `60s` and `1m` are one value. */
export function comparable(value: Json): Json {
  const us = typeof value === 'string' ? parseDurationUs(value) : null;
  return us === null ? value : { us };
}

/** The product of axes: its rows are made when they are asked for. */
export class Grid {
  /** Those that have values. */
  readonly axes: readonly Axis[];
  readonly size: number;

  constructor(axes: readonly Axis[]) {
    this.axes = axes.filter(({ values }) => values.length > 0);
    this.size = this.axes.reduce((product, { values }) => product * values.length, 1);
  }

  /** @param index in grid order, the last axis fastest */
  row(index: number): GridRow {
    const chosen: AxisValue[] = [];
    let rest = index;
    for (const { values } of this.axes.toReversed()) {
      chosen.unshift(values[rest % values.length]!);
      rest = Math.floor(rest / values.length);
    }
    return {
      overrides: Object.assign({}, ...chosen.map(({ overrides }) => overrides)) as Varied,
      at: (path, part) =>
        chosen.findLast(({ overrides }) => path in overrides)?.at(path, part) ?? null,
    };
  }
}

/** @returns null, and a mistake more, if there are more rows than a grid may have */
export function gridOf(axes: readonly Axis[], mistakes: Mistake[]): Grid | null {
  // An axis without values has been reported; the others are looked at all the same.
  const grid = new Grid(variable(axes, mistakes));
  if (grid.size <= MOST_ROWS) return grid;
  const message = `the grid has ${grid.size} configurations: it may have ${MOST_ROWS}`;
  mistakes.push({ at: null, path: 'vary', message });
  return null;
}

/** `--vary` of a path takes the place of the file's axis of the same path, `--set` takes it out. */
export function joinAxes(
  file: readonly Axis[],
  flags: readonly Axis[],
  pinned: readonly string[],
): readonly Axis[] {
  const replaced = file.map(
    (axis) =>
      flags.find((flag) => axis.paths.length === 1 && flag.paths[0] === axis.paths[0]) ?? axis,
  );
  const added = flags.filter((flag) => !replaced.includes(flag));
  return [...replaced, ...added].filter(
    (axis) =>
      !(axis.paths.length === 1 && pinned.includes(axis.paths[0] ?? '') && !flags.includes(axis)),
  );
}
