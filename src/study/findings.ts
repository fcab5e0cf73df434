/** What is wrong with a study's map, with the path of each fault: zod's issues in coldfront's words. */
import type { z } from 'zod';
import { plainWords, shown } from '../base/yaml-source.ts';
import { canonical, isMap, type Json } from './json.ts';
import { formatKeyPath, getAt, type KeyPath, setAt } from './key-path.ts';
import { type Study, studySchema } from './schema.ts';
import { pathSuggestionFor, suggestionFor } from './suggestion.ts';

export interface Finding {
  readonly path: KeyPath;
  readonly message: string;
  /** Whether the place is the key itself, which should not be there. */
  readonly atKey: boolean;
  /** Two values that are right by themselves contradict each other: a point of a grid is left out for it. */
  readonly contradiction: boolean;
}

export function finding(path: KeyPath, message: string): Finding {
  return { path, message, atKey: false, contradiction: false };
}

export function contradiction(path: KeyPath, message: string): Finding {
  return { path, message, atKey: false, contradiction: true };
}

/** @returns the study, or every fault of its shape */
export function parseStudy(map: Json): Study | readonly Finding[] {
  const parsed = studySchema.safeParse(map, { error: plainWords, reportInput: true });
  if (parsed.success) return parsed.data;
  const findings = parsed.error.issues.flatMap((issue) => findingsOf(issue, []));
  return isMade(map) ? findings.map(withoutLog) : findings;
}

/** Keys of a replay that were set on a study without one: no file is missing there. */
function isMade(map: Json): boolean {
  const replay = getAt(map, REPLAY);
  return (
    getAt(map, ['workload', 'synthesize']) !== undefined && isMap(replay) && !('file' in replay)
  );
}

const REPLAY: KeyPath = ['workload', 'replay'];

function withoutLog(fault: Finding): Finding {
  if (formatKeyPath(fault.path) !== 'workload.replay.file') return fault;
  const message =
    'needs a log, and this study makes its traffic: write file: in place of synthesize:';
  return finding(REPLAY, message);
}

/**
 * The study without what is at fault, so that the rest can be checked too; what every study has stands in for itself.
 * @returns null if nothing is left that is a study
 */
export function withoutFaults(map: Json, findings: readonly Finding[]): Study | null {
  let rest: Json = isMap(map) ? { ...map, version: 1 } : map;
  let faults = findings;
  // Each round takes something out: a fault, or what lacks it.
  while (faults.length > 0) {
    for (const { path } of faults) rest = withoutFault(rest, path);
    const parsed = parseStudy(rest);
    if (!isFindings(parsed)) return parsed;
    if (canonical(parsed) === canonical(faults)) return null;
    faults = parsed;
  }
  return null;
}

function withoutFault(map: Json, path: KeyPath): Json {
  const [block] = path;
  if (block === 'version') return map;
  // Another objective in its place keeps the others at theirs.
  if (block === 'slo' && path.length === 2) return setAt(map, path, 'horizonS >= 0') ?? map;
  const missing = path.length > 1 && getAt(map, path) === undefined;
  const out = outerKey(missing ? path.slice(0, -1) : path);
  return setAt(map, out, out.length === 1 && block === 'workload' ? {} : null) ?? map;
}

/** A list goes as a whole: without one of its values it would be another list. */
function outerKey(path: KeyPath): KeyPath {
  const last = path.findIndex((key) => typeof key === 'number');
  return last < 0 ? path : path.slice(0, last);
}

export function isFindings(value: Study | readonly Finding[]): value is readonly Finding[] {
  return Array.isArray(value);
}

type RawIssue = z.core.$ZodIssue;

function findingsOf(issue: RawIssue, prefix: KeyPath): readonly Finding[] {
  const path = [...prefix, ...(issue.path as KeyPath)];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: unknownKey(key, path),
      atKey: true,
      contradiction: false,
    }));
  }
  if (issue.code === 'invalid_union') {
    // The branch that was meant has the right type, its faults lying deeper or being keys too many, and the fewest.
    const [meant] = issue.errors
      .filter((branch) =>
        branch.every(({ path: at, code }) => at.length > 0 || code === 'unrecognized_keys'),
      )
      .sort((a, b) => Math.sign(faultsIn(a, path) - faultsIn(b, path)) || 0);
    if (meant !== undefined) return meant.flatMap((inner) => findingsOf(inner, path));
  }
  const { message, input } = issue;
  // The words that platform files share name no value.
  const saysValue = !message.startsWith('must be') || message.includes(', is ');
  return [finding(path, saysValue ? message : `${message}, is ${shown(input)}`)];
}

function faultsIn(branch: readonly RawIssue[], path: KeyPath): number {
  return branch.reduce((sum, issue) => {
    // A key that only another branch has says that the other was meant.
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys([...path, ...(issue.path as KeyPath)]);
      const isAnothers = issue.keys.some((key) => known.includes(key));
      return sum + (isAnothers ? Number.POSITIVE_INFINITY : issue.keys.length);
    }
    const isOthers = issue.code === 'invalid_type' && issue.expected === 'never';
    return sum + (isOthers ? Number.POSITIVE_INFINITY : 1);
  }, 0);
}

function unknownKey(key: string, path: KeyPath): string {
  const whole = path.length === 0 ? pathSuggestionFor(key, pathsInside()) : null;
  const meant = whole ?? suggestionFor(key, knownKeys(path));
  const where =
    path.length === 0
      ? 'a study'
      : path.length === 1 && path[0] === 'deployment'
        ? 'a deployment'
        : formatKeyPath(path);
  return meant === null
    ? `is no key of ${where}: it takes ${knownKeys(path).join(', ')}`
    : `is no key of ${where}. Did you mean ${meant}?`;
}

/** Deeper than this no key is one that is varied by itself. */
const MOST_DEEP = 4;

let inside: readonly string[] | null = null;

/** What lies in the blocks of a study, the shallowest first. A key that varies is at fault in every row: they are found once. */
function pathsInside(): readonly string[] {
  inside ??= findPathsInside();
  return inside;
}

function findPathsInside(): readonly string[] {
  const found: KeyPath[] = [];
  let level: readonly KeyPath[] = knownKeys([]).map((key) => [key]);
  for (let depth = 2; depth <= MOST_DEEP; depth++) {
    level = level.flatMap((path) => knownKeys(path).map((key) => [...path, key]));
    found.push(...level);
  }
  return found.map(formatKeyPath);
}

/** The keys that the schema knows at a path; of a choice, those of all its maps. */
function knownKeys(path: KeyPath): readonly string[] {
  let schemas: readonly z.core.$ZodType[] = unwrapped(studySchema);
  for (const key of path) {
    schemas = schemas.flatMap((schema) => {
      const {
        _zod: { def },
      } = schema as z.core.$ZodTypes;
      if (def.type === 'object') return unwrapped(def.shape[String(key)]);
      if (def.type === 'array') return typeof key === 'number' ? unwrapped(def.element) : [];
      if (def.type === 'record') return unwrapped(def.valueType as z.core.$ZodType);
      return [];
    });
  }
  const keys = schemas.flatMap((schema) => {
    const {
      _zod: { def },
    } = schema as z.core.$ZodTypes;
    return def.type === 'object' ? Object.keys(def.shape) : [];
  });
  return [...new Set(keys)];
}

function unwrapped(schema: z.core.$ZodType | undefined): readonly z.core.$ZodType[] {
  if (schema === undefined) return [];
  const {
    _zod: { def },
  } = schema as z.core.$ZodTypes;
  if (def.type === 'optional' || def.type === 'default') return unwrapped(def.innerType);
  if (def.type === 'union') return def.options.flatMap(unwrapped);
  return [schema];
}
