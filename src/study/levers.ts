/**
 * What a planner turns to ask "and if": this study with its traffic, its start times or its service times so many times what
 * they are, as overrides of it. The same luck throughout: a factor moves nothing but what it scales.
 */
import { assert } from '../base/errors.ts';
import { US_PER_S } from '../base/units.ts';
import type { Compiled } from './compile.ts';
import type { Varied } from './document.ts';
import { poolsOf } from './fleet-section.ts';
import { isMap, type Json } from './json.ts';
import { getAt, type KeyPath, setAt } from './key-path.ts';
import type { Laboratory } from './laboratory.ts';
import { withOverrides } from './load.ts';
import { OTHER_PHASES } from './start-section.ts';

export const LEVERS = ['traffic', 'load', 'service'] as const;
export type Lever = (typeof LEVERS)[number];

/** A configuration: the study's map, what of it is overridden, and what that compiles to. */
export interface Lifted {
  readonly study: Json;
  readonly overrides: Varied;
  readonly compiled: Compiled;
}

/** @returns configurations of a study, or in words why one of them cannot be */
export function liftedRows(
  laboratory: Pick<Laboratory, 'loaded' | 'compile'>,
  rows: readonly Varied[],
): readonly Lifted[] | string {
  const { study } = laboratory.loaded;
  const lifted: Lifted[] = [];
  for (const overrides of rows) {
    const compiled = laboratory.compile(overrides);
    if (typeof compiled === 'string') return compiled;
    lifted.push({ study, overrides, compiled });
  }
  return lifted;
}

/**
 * @param factor above 0; 1 changes nothing
 * @returns the configuration's overrides and the lever's, or in words why there is nothing to turn
 */
export function turned(lifted: Lifted, lever: Lever, factor: number): Varied | string {
  assert(factor > 0, `a lever turned by ${factor}`);
  const why = whyNothing(lifted.compiled, lever);
  if (why !== null) return why;
  if (factor === 1) return lifted.overrides;
  const map = withOverrides(lifted.study, lifted.overrides);
  assert(isMap(map), 'overrides of a checked study lead nowhere');
  switch (lever) {
    case 'traffic':
      return withPaths(lifted, map, trafficPaths(map), 1, factor);
    case 'load':
      return withPaths(lifted, map, poolPaths(map, 'startScale'), 1, factor);
    case 'service':
      return withPaths(lifted, map, poolPaths(map, 'speed'), speedOf(lifted.compiled), 1 / factor);
  }
}

/**
 * One phase of a start, in every pool.
 * @param factor above 0; 1 changes nothing
 * @returns as `turned`
 */
export function phaseTurned(lifted: Lifted, phase: string, factor: number): Varied | string {
  assert(factor > 0, `a phase turned by ${factor}`);
  const pools = poolsOf(lifted.compiled);
  const names = pools.flatMap(({ pool }) => pool.startPhases.map(({ name }) => name));
  if (!names.includes(phase)) {
    const known = [...new Set(names)].join(', ');
    return `no start has a phase ${phase}: there are ${known}`;
  }
  if (meanLoadS(lifted.compiled, phase) === 0) return `${phase} takes no time`;
  if (factor === 1) return lifted.overrides;
  const map = withOverrides(lifted.study, lifted.overrides);
  assert(isMap(map), 'overrides of a checked study lead nowhere');
  return withValues(lifted, map, poolPaths(map, 'startScale'), (given = 1) => {
    const scales = isMap(given) ? given : { [OTHER_PHASES]: given };
    const own = scales[phase] ?? scales[OTHER_PHASES] ?? 1;
    return { ...scales, [phase]: rounded(Number(own) * factor) };
  });
}

/** Seconds of a mean cold start, or of a phase of it; of the first pool where there are several. */
export function meanLoadS(compiled: Compiled, phase: string | null = null): number {
  const [first] = poolsOf(compiled);
  const phases = first!.pool.startPhases.filter(({ name }) => phase === null || name === phase);
  return phases.reduce((sum, { time }) => sum + time.meanUs, 0) / US_PER_S;
}

function whyNothing(compiled: Compiled, lever: Lever): string | null {
  const pools = poolsOf(compiled);
  const takesTime = pools.some(
    ({ pool: { startPhases, lifecycle } }) =>
      startPhases.some(({ time }) => time.meanUs > 0) || lifecycle?.link != null,
  );
  return lever === 'load' && !takesTime ? 'starts take no time' : null;
}

/** Its own; without one as fast as the workload's service times say. */
function speedOf({ pool, fleet }: Compiled): number {
  return fleet === null ? (pool.serviceLaw?.speed ?? 1) : 1;
}

/** A replay may be of several logs. */
function trafficPaths(map: Json): readonly KeyPath[] {
  const replay = getAt(map, ['workload', 'replay']);
  if (replay === undefined) return [['workload', 'synthesize', 'rateScale']];
  const parts: KeyPath[] = Array.isArray(replay)
    ? replay.map((_, i) => ['workload', 'replay', i])
    : [['workload', 'replay']];
  return parts.map((part) => {
    const path = [...part, 'rateScale'];
    return isMap(getAt(map, path) ?? null) ? [...path, 'factor'] : path;
  });
}

/** The deployment's own key, which holds for all pools, and that of each layer below which has its own. */
function poolPaths(map: Json, key: 'speed' | 'startScale'): readonly KeyPath[] {
  const layers = [...sections(map, ['deployment'])];
  const endpoints = getAt(map, ['endpoints']);
  if (endpoints !== undefined && isMap(endpoints)) {
    for (const name of Object.keys(endpoints)) layers.push(...sections(map, ['endpoints', name]));
  }
  const own = layers.map((layer) => [...layer, key]);
  return own.filter((path, i) => i === 0 || getAt(map, path) !== undefined);
}

function sections(map: Json, at: KeyPath): readonly KeyPath[] {
  const pools = getAt(map, [...at, 'pools']);
  return [at, ...(Array.isArray(pools) ? pools.map((_, i): KeyPath => [...at, 'pools', i]) : [])];
}

function withPaths(
  lifted: Lifted,
  map: Json,
  paths: readonly KeyPath[],
  base: number,
  factor: number,
): Varied {
  return withValues(lifted, map, paths, (given) => scaledBy(given ?? base, factor));
}

/** A number, or all numbers of a map of phases. */
function scaledBy(given: Json, factor: number): Json {
  if (!isMap(given)) return rounded(Number(given) * factor);
  const whole = { [OTHER_PHASES]: 1, ...given };
  const entries = Object.entries(whole).map(([name, value]) => [name, scaledBy(value, factor)]);
  return Object.fromEntries(entries) as Json;
}

/** A path with a name that has dots in it could not be read back: its block is set as a whole. */
function withValues(
  { overrides }: Lifted,
  map: Json,
  paths: readonly KeyPath[],
  scaled: (given: Json | undefined) => Json,
): Varied {
  const turnedPaths: Record<string, Json> = {};
  let whole: Json = map;
  for (const path of paths) {
    const value = scaled(getAt(whole, path));
    if (path[0] !== 'endpoints') turnedPaths[path.join('.')] = value;
    whole = setAt(whole, path, value)!;
  }
  const isInEndpoints = paths.some(([first]) => first === 'endpoints');
  return {
    ...overrides,
    ...turnedPaths,
    ...(isInEndpoints && { endpoints: getAt(whole, ['endpoints'])! }),
  };
}

/** More digits than any factor is known to; fewer than a double's noise. */
function rounded(value: number): number {
  return Number(value.toPrecision(9));
}
