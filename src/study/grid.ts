/** The grid of a study: axes of overrides, from the file's `vary` and from `--vary`, last axis fastest. */
import type { Mistake } from '../base/errors.ts';
import type { Varied } from './document.ts';
import { isMap, type Json } from './json.ts';
import type { KeyPath } from './key-path.ts';
import { expandList } from './values.ts';

/** One value of an axis: what it sets, and where a message finds it. */
export interface AxisValue {
  readonly overrides: Varied;
  readonly at: (path: string) => string | null;
}

export interface Axis {
  readonly paths: readonly string[];
  readonly values: readonly AxisValue[];
}

export interface GridRow {
  readonly overrides: Varied;
  /** Where the value of an override stands; by the path of the override. */
  readonly at: (path: string) => string | null;
}

type Locate = (path: KeyPath, part?: 'value' | 'key') => string | null;

/** What belongs to the whole study and not to a configuration. */
const NEVER_VARIED = ['version', 'name', 'replications', 'vary', 'current', 'slo'];
const MOST_ROWS = 100_000;

/** Axes of the file's `vary`; its shape has been checked. */
export function fileAxes(vary: Json | undefined, locate: Locate, mistakes: Mistake[]): Axis[] {
  if (Array.isArray(vary)) {
    const rows = vary as readonly Varied[];
    const paths = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const values = rows.map((overrides, i) => ({
      overrides,
      at: (path: string) => locate(['vary', i, path]),
    }));
    return [{ paths, values }];
  }
  if (!isMap(vary)) return [];
  return Object.entries(vary).map(([path, given]) => {
    if (typeof given !== 'string') {
      const values = (given as readonly Json[]).map((value, i) => ({
        overrides: { [path]: value },
        at: () => locate(['vary', path, i]),
      }));
      return { paths: [path], values };
    }
    return axisOf(path, given, locate(['vary', path]), mistakes);
  });
}

/** The axis of a `--vary PATH=A,B,C`. */
export function flagAxis(text: string, mistakes: Mistake[]): Axis | null {
  const split = splitFlag('--vary', text, mistakes);
  if (split === null) return null;
  return axisOf(split.path, split.value, '--vary', mistakes);
}

/** @returns path and value of `PATH=VALUE`; null, and a mistake more, if it is not that */
export function splitFlag(
  flag: string,
  text: string,
  mistakes: Mistake[],
): { readonly path: string; readonly value: string } | null {
  const equals = text.indexOf('=');
  const path = text.slice(0, equals).trim();
  if (equals > 0 && path !== '') return { path, value: text.slice(equals + 1).trim() };
  const message = `${text} has no value: write ${flag} deployment.replicas.min=2`;
  mistakes.push({ at: flag, path: null, message });
  return null;
}

function axisOf(path: string, list: string, at: string | null, mistakes: Mistake[]): Axis {
  const { values, wrong } = expandList(list);
  mistakes.push(...wrong.map((message) => ({ at, path, message })));
  return {
    paths: [path],
    values: values.map((value) => ({ overrides: { [path]: value }, at: () => at })),
  };
}

/** The axes that may vary, and a mistake more for each other one. */
function variable(axes: readonly Axis[], mistakes: Mistake[]): readonly Axis[] {
  return axes.filter(({ paths, values }) => {
    const never = paths.filter((path) => NEVER_VARIED.includes(path.split('.')[0] ?? ''));
    for (const path of never) {
      const at = values.find(({ overrides }) => path in overrides)?.at(path) ?? null;
      mistakes.push({ at, path, message: 'belongs to the whole study: it cannot vary' });
    }
    return never.length === 0;
  });
}

/** All rows in grid order. */
export function gridRows(axes: readonly Axis[], mistakes: Mistake[]): readonly GridRow[] {
  const varied = variable(axes, mistakes);
  const size = varied.reduce((product, { values }) => product * Math.max(1, values.length), 1);
  if (size > MOST_ROWS) {
    const message = `the grid has ${size} configurations: it may have ${MOST_ROWS}`;
    mistakes.push({ at: null, path: 'vary', message });
    return [];
  }
  let rows: readonly GridRow[] = [{ overrides: {}, at: () => null }];
  // An axis without values has been reported; the others are looked at all the same.
  for (const { values } of varied.filter((axis) => axis.values.length > 0)) {
    rows = rows.flatMap((row) =>
      values.map((value) => ({
        overrides: { ...row.overrides, ...value.overrides },
        at: (path: string) => (path in value.overrides ? value.at(path) : row.at(path)),
      })),
    );
  }
  return rows;
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
