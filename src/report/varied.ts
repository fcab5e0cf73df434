/** How a row of a grid is named: short words for paths, values with their units apart. */
import { formatDurationUs, parseDurationUs, US_PER_S } from '../base/units.ts';
import type { FleetPlan } from '../study/compile.ts';
import type { Varied } from '../study/document.ts';
import { ALL, EACH } from '../study/endpoint-names.ts';
import type { Json } from '../study/json.ts';
import { getAt, parseKeyPath } from '../study/key-path.ts';
import type { GridPoint } from '../study/study.ts';
import { chosenSeconds } from './numbers.ts';
import { harmless } from './text.ts';

const WORDS: Readonly<Record<string, string>> = {
  'deployment.replicas.min': 'min',
  'deployment.replicas.max': 'max',
  'deployment.idleWindow': 'idle window',
  'deployment.coldStart': 'cold start',
  'deployment.replicas.startRate': 'start rate',
  'deployment.admission.queue': 'queue',
  'deployment.admission.timeout': 'deadline',
};

/** The shortest ends of the paths that tell them apart. */
export function wordsOf(paths: readonly string[]): string[] {
  const ends = (path: string, length: number): string => path.split('.').slice(-length).join('.');
  return paths.map((path) => {
    const word = WORDS[path];
    if (word !== undefined) return word;
    let length = 1;
    while (paths.some((other) => other !== path && ends(other, length) === ends(path, length))) {
      length++;
    }
    return harmless(ends(path, length), 30);
  });
}

export function valueText(value: Json | undefined): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') {
    return typeof value === 'object' ? harmless(JSON.stringify(value), 40) : String(value);
  }
  const us = parseDurationUs(value);
  return us === null ? harmless(value, 40) : chosenSeconds(us / US_PER_S);
}

/** `min 1, idle window 60 s`; a row without overrides is the study as it stands. */
export function rowName(vary: Varied): string {
  const paths = Object.keys(vary);
  const words = wordsOf(paths);
  return paths.length === 0
    ? 'the study as it is'
    : paths.map((path, i) => `${words[i]} ${valueText(vary[path])}`).join(', ');
}

/** What a configuration is, defaults and platform included, by the path that sets it. */
export function settingsOf({ compiled }: Pick<GridPoint, 'compiled'>, study: Json): Varied {
  const { pool, floor, fleet } = compiled;
  if (fleet !== null) return fleetSettings(fleet);
  const startUs = pool.startPhases.reduce((sum, { time }) => sum + time.meanUs, 0);
  const drawn = pool.startPhases.some(({ time }) => time.uniformsPerDraw > 0);
  const start = chosenSeconds(startUs / US_PER_S);
  const named = NAMED.map((path) => [path, getAt(study, parseKeyPath(path))] as const);
  return {
    ...Object.fromEntries(named.flatMap(([path, value]) => (value ? [[path, value]] : []))),
    'deployment.replicas.min': typeof floor === 'number' ? floor : 'by schedule',
    'deployment.replicas.max': Number.isFinite(pool.max) ? pool.max : 'unlimited',
    ...(pool.control?.retires !== 'target' && {
      'deployment.idleWindow': formatDurationUs(pool.idleWindowUs),
    }),
    'deployment.coldStart': drawn ? `mean ${start}` : start,
  };
}

/** Which pools and endpoints; what each is like, the study says. */
function fleetSettings({ deployments, account }: FleetPlan): Varied {
  const [first, ...others] = deployments;
  const isWhole = first!.endpoints === ALL && others.length === 0;
  const limit = (count: number) => (Number.isFinite(count) ? count : 'unlimited');
  return {
    ...(!isWhole && {
      endpoints: deployments
        .map(({ endpoints: name }) => (name === EACH ? 'each' : name))
        .join(', '),
    }),
    ...(first!.pools.length > 1 && {
      'deployment.pools': first!.pools.map(({ name }) => name).join(', '),
    }),
    ...(account !== null && {
      'account.concurrency': limit(account.concurrency),
      'account.gpus': limit(account.gpus),
    }),
  };
}

const NAMED = ['deployment.platform', 'deployment.gpu', 'deployment.concurrency'];

/** What a row has at a path that it does not override: the study's value, or what takes its place. */
export function settingAt(point: Pick<GridPoint, 'compiled'>, study: Json, path: string): Json {
  return settingsOf(point, study)[path] ?? getAt(study, parseKeyPath(path)) ?? 'default';
}
