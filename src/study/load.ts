/** From text and flags to a checked study laid out as a grid: every mistake at once, each with its place. */
import { assert, type Mistake, UserError } from '../base/errors.ts';
import { readYaml } from '../base/yaml-source.ts';
import type { Catalogue } from '../platform/catalogue.ts';
import { type Hardware, NO_HARDWARE } from '../platform/library.ts';
import { type Compiled, isCompiled } from './compile.ts';
import { currentRow, keptToday } from './current-row.ts';
import type { LeftOut, Varied } from './document.ts';
import { drawnBy, drawnOf } from './drawn.ts';
import { type Finding, finding, isFindings, parseStudy, withoutFaults } from './findings.ts';
import { compileStudy, poolsOf } from './fleet-section.ts';
import {
  type Axis,
  fileAxes,
  flagAxis,
  type GridRow,
  gridOf,
  joinAxes,
  splitFlag,
} from './grid.ts';
import { canonical, isMap, type Json } from './json.ts';
import { formatKeyPath, getAt, type KeyPath, parseKeyPath, setAt, startsWith } from './key-path.ts';
import { kindOf, Points } from './points.ts';
import type { ReplaySource } from './replay-section.ts';
import type { GridPoint, LoadedStudy, Overrides } from './study.ts';
import { parseValue } from './values.ts';

interface Source {
  readonly name: string;
  readonly map: Json;
  /** Where a path stands; null where there is no file. */
  readonly at: (path: KeyPath, part?: 'value' | 'key') => string | null;
}

/** What a study may name. */
export interface Known {
  readonly catalogue: Catalogue;
  readonly hardware: Hardware;
}

/**
 * Reads a study file (YAML or JSON) with what the command line adds to it.
 * @param source.name as messages show it
 * @param hardware GPUs, models and storage, for weights; without, a study names them as it likes
 * @throws UserError with every mistake of the file and of the overrides
 */
export function loadStudy(
  source: { readonly name: string; readonly text: string },
  overrides: Overrides,
  catalogue: Catalogue,
  hardware: Hardware = NO_HARDWARE,
): LoadedStudy {
  const yaml = readYaml(source.text, source.name);
  if (yaml.syntax.length > 0) throw new UserError(yaml.syntax);
  if (!isMap(yaml.data)) {
    const message = 'is no study: a study is a map that begins with version: 1';
    throw new UserError([{ at: source.name, path: null, message }]);
  }
  const at: Source['at'] = (path, part = 'value') =>
    yaml.locate([{ path, part, message: '' }])[0]?.at ?? null;
  return load({ name: source.name, map: yaml.data, at }, overrides, { catalogue, hardware });
}

/** A study without a file: a trace and flags. @throws UserError as loadStudy does */
export function studyFromFlags(
  flags: Overrides & {
    readonly name: string;
    readonly files: readonly string[];
  },
  catalogue: Catalogue,
  hardware: Hardware = NO_HARDWARE,
): LoadedStudy {
  const map = { version: 1, name: flags.name, workload: { replay: { file: flags.files } } };
  return load({ name: flags.name, map, at: () => null }, flags, { catalogue, hardware });
}

function load(source: Source, overrides: Overrides, known: Known): LoadedStudy {
  const mistakes: Mistake[] = [];
  const { study, pinned } = applySets(source, overrides, mistakes);
  const whole = parseStudy(study);
  const { vary, current, ...bare } = study as { readonly [key: string]: Json };
  const asItStands = overrides.asItStands === true;
  const axes = asItStands ? [] : axesOf(vary, source, overrides, pinned, mistakes);
  const grid = gridOf(axes, mistakes);
  const rows = grid?.size ?? 0;
  const today = isMap(current) && !asItStands ? todayRow(current, bare, source, overrides) : null;
  const rowAt = (row: number): GridRow => (row < rows ? grid!.row(row) : today!);
  const placeOf = (row: GridRow) => (at: Finding) => placed(at, row, source, overrides, pinned);
  const here: GridRow = { overrides: {}, at: () => null };
  if (isFindings(whole)) mistakes.push(...whole.map(placeOf(here)));

  const made = new Points({
    overridesOf: (row) => rowAt(row).overrides,
    compiledOf: (row) => {
      const compiled = compileRow(bare, rowAt(row), known);
      assert(isCompiled(compiled), `row ${row} was checked and does not compile`);
      return compiled;
    },
  });
  const points: GridPoint[] = [];
  const kinds = new Map<string, GridPoint>();
  const replays = new Map<string, ReplaySource>();
  const leftOut: LeftOut[] = [];
  // A value of an axis is in many rows: what is wrong with it is kept once.
  const wrong = new Map<string, Mistake>();
  const contradictions = new Map<string, Mistake>();
  let drawn = false;
  for (let i = 0; i < rows + (today === null ? 0 : 1); i++) {
    const row = rowAt(i);
    const compiled = compileRow(bare, row, known);
    if (isCompiled(compiled)) {
      const point = made.point(points.length, i, compiled);
      points.push(point);
      setIfNew(kinds, kindOf(row.overrides, compiled), () => point);
      const { replay } = compiled;
      if (replay !== null) setIfNew(replays, canonical(replay), () => replay);
      drawn ||= drawsMore(compiled);
      continue;
    }
    const isMisfit = misfitsOf(bare, row, overrides);
    const isLeftOut = compiled.some(isMisfit) && row !== today;
    for (const one of compiled) {
      const into = isLeftOut && isMisfit(one) ? contradictions : wrong;
      const mistake = placeOf(row)(one);
      setIfNew(into, canonical(mistake), () => mistake);
    }
    if (isLeftOut) leftOut.push({ vary: row.overrides, reason: reasonOf(compiled) });
  }
  mistakes.push(...wrong.values());
  const first = points[0]?.compiled;
  // What no row is free of is a mistake of the study.
  if (leftOut.length === rows) mistakes.push(...contradictions.values());
  if (first !== undefined && first.replications > 1 && !drawn) {
    const message = `must be 1 where nothing is drawn, is ${first.replications}: the trace, its service times and the starts are all given`;
    mistakes.push(placeOf(here)(finding(['replications'], message)));
  }
  if (mistakes.length > 0 || first === undefined) throw new UserError(inOrder(mistakes));
  return {
    name: first.name ?? source.name,
    study: bare,
    varied: axes.flatMap(({ paths }) => paths),
    axes: grid?.axes ?? [],
    points,
    kinds: [...kinds.values()],
    leftOut,
    // It comes after the grid, and was checked with it.
    current: today === null ? null : points.length - 1,
    replays: [...replays.values()],
    objectives: first.objectives,
    replications: first.replications,
  };
}

function todayRow(
  current: { readonly [key: string]: Json },
  study: Json,
  source: Source,
  { flags = [], asksOthers = [] }: Overrides,
): GridRow {
  const { overrides, placeOf } = currentRow(current, study);
  const asked = flags.filter(({ path }) => asksOthers.includes(path));
  return {
    overrides: { ...overrides, ...keptToday(source.map, overrides, asked) },
    at: (path, part) => source.at(['current', ...placeOf(path)], part),
  };
}

function setIfNew<Key, Value>(map: Map<Key, Value>, key: Key, value: () => Value): void {
  if (!map.has(key)) map.set(key, value());
}

/** What leaves a row of the grid out and is no mistake. */
function misfitsOf(
  study: Json,
  { overrides }: GridRow,
  { leavesMisfitsOut = false }: Overrides,
): (finding: Finding) => boolean {
  const map = leavesMisfitsOut ? withOverrides(study, overrides) : null;
  const isWellFormed = isMap(map) && !isFindings(parseStudy(map));
  // A platform that there is not is a slip of the pen.
  return ({ contradiction, path }) => contradiction || (isWellFormed && path.at(-1) !== 'platform');
}

/** A path that the command line sets, and the flag as it was typed. */
interface Pinned {
  readonly path: string;
  readonly at: string;
}

/** The study's map with what flags set and `--slo` adds, and which paths were set. */
function applySets(
  source: Source,
  { flags = [], set = [], slo = [] }: Overrides,
  mistakes: Mistake[],
): { readonly study: Json; readonly pinned: readonly Pinned[] } {
  let study = source.map;
  const pinned: Pinned[] = [];
  const put = (path: string, text: string, at: string): void => {
    const value = parseValue(text);
    const next = value === undefined ? undefined : setAt(study, parseKeyPath(path), value);
    if (next === undefined) {
      const message = `cannot be set to ${text}: there is no such place, or it is no value`;
      mistakes.push({ at, path, message });
      return;
    }
    pinned.push({ path, at });
    study = next;
  };
  for (const { flag, path, value } of flags) {
    if (value.trim() !== '') put(path, value, flag);
    else mistakes.push({ at: flag, path, message: `has no value: write ${flag} VALUE` });
  }
  for (const text of set) {
    const split = splitFlag('--set', text, mistakes);
    if (split !== null) put(split.path, split.value, `--set ${text}`);
  }
  if (slo.length > 0 && isMap(study)) {
    const before = Array.isArray(study['slo']) ? (study['slo'] as readonly Json[]) : [];
    study = { ...study, slo: [...before, ...slo] };
  }
  return { study, pinned };
}

function axesOf(
  vary: Json | undefined,
  source: Source,
  overrides: Overrides,
  pinned: readonly Pinned[],
  mistakes: Mistake[],
): readonly Axis[] {
  const { vary: given = [], isSearched = false } = overrides;
  const flags = given.flatMap((text) => flagAxis(text, isSearched, mistakes) ?? []);
  const paths = pinned.map(({ path }) => path);
  return joinAxes(fileAxes(vary, source.at, isSearched, mistakes), flags, paths);
}

/**
 * The study with these overrides, as a row of a grid is compiled.
 * @param study the map of a loaded study
 * @returns what stands in its way, if anything does
 */
export function compileOverrides(
  study: Json,
  overrides: Varied,
  known: Known,
): Compiled | readonly Finding[] {
  return compileRow(study, { overrides, at: () => null }, known);
}

/** @returns the findings in words, each after its key */
export function reasonOf(findings: readonly Finding[]): string {
  return findings.map(({ path, message }) => `${formatKeyPath(path)} ${message}`).join('; ');
}

function compileRow(
  study: Json,
  row: GridRow,
  { catalogue, hardware }: Known,
): Compiled | readonly Finding[] {
  const map = withOverrides(study, row.overrides);
  if (!isMap(map)) return map as readonly Finding[];
  const parsed = parseStudy(map);
  if (!isFindings(parsed)) return compileStudy(parsed, catalogue, hardware);
  const rest = withoutFaults(map, parsed);
  const compiled = rest === null ? [] : compileStudy(rest, catalogue, hardware);
  if (isCompiled(compiled)) return parsed;
  // What is missing only because it was at fault is no fault of its own.
  const own = compiled.filter(
    ({ path }) =>
      !parsed.some((fault) => startsWith(path, fault.path) || startsWith(fault.path, path)),
  );
  return [...parsed, ...own];
}

/** @returns the study's map with a row's overrides, or where they cannot be put */
export function withOverrides(study: Json, overrides: Varied): Json | readonly Finding[] {
  let map = study;
  for (const [path, value] of Object.entries(overrides)) {
    const keyPath = parseKeyPath(path);
    const next = setAt(map, keyPath, value);
    if (next === undefined) {
      const message = 'leads nowhere: there is no such place in a study';
      return [finding(keyPath, message)];
    }
    map = next;
  }
  return map;
}

function placed(
  { path, message, atKey }: Finding,
  row: GridRow,
  source: Source,
  { slo = [] }: Overrides,
  pinned: readonly Pinned[],
): Mistake {
  const part = atKey ? 'key' : 'value';
  // An override put a fault where it leads to, or on the way there, where the file has nothing.
  const inFile = getAt(source.map, path) !== undefined;
  const isFrom = (other: string) => {
    const to = parseKeyPath(other);
    return startsWith(path, to) || (!inFile && startsWith(to, path));
  };
  const varied = Object.keys(row.overrides).find(isFrom);
  const fileSlo =
    isMap(source.map) && Array.isArray(source.map['slo']) ? source.map['slo'].length : 0;
  const sloFlag = path[0] === 'slo' ? slo[Number(path[1] ?? fileSlo) - fileSlo] : undefined;
  const at =
    varied !== undefined
      ? row.at(varied, part)
      : sloFlag !== undefined
        ? `--slo ${sloFlag}`
        : (pinned.findLast(({ path: to }) => isFrom(to))?.at ?? source.at(path, part));
  return { at, path: formatKeyPath(path), message };
}

/** Each mistake once, by line and column where there are any. */
function inOrder(mistakes: readonly Mistake[]): readonly Mistake[] {
  const once = [...new Map(mistakes.map((mistake) => [canonical(mistake), mistake])).values()];
  const place = ({ at }: Mistake) =>
    /:(\d+):(\d+)$/
      .exec(at ?? '')
      ?.slice(1)
      .map(Number) ?? [0, 0];
  return once
    .map((mistake) => ({ mistake, place: place(mistake) }))
    .sort((a, b) => a.place[0]! - b.place[0]! || a.place[1]! - b.place[1]!)
    .map(({ mistake }) => mistake);
}

function drawsMore(compiled: Compiled): boolean {
  const drawn = drawnOf(compiled.workload);
  return poolsOf(compiled).some(({ pool }) => drawnBy(pool, drawn).length > 0);
}
