/** How a row of a grid is named: short words for paths, values with their units apart. */
import { parseDurationUs, US_PER_S } from '../base/units.ts';
import type { Varied } from '../study/document.ts';
import { isMap, type Json } from '../study/json.ts';
import { seconds } from './numbers.ts';
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
  return us === null ? harmless(value, 40) : seconds(us / US_PER_S);
}

/** `min 1, idle window 60 s`; a row without overrides is the study as it stands. */
export function rowName(vary: Varied): string {
  const paths = Object.keys(vary);
  const words = wordsOf(paths);
  return paths.length === 0
    ? 'the study as it is'
    : paths.map((path, i) => `${words[i]} ${valueText(vary[path])}`).join(', ');
}

const NAMED = [
  'deployment.platform',
  'deployment.gpu',
  'deployment.replicas.min',
  'deployment.replicas.max',
  'deployment.idleWindow',
  'deployment.concurrency',
];

/** What a study says of its deployment, for a title: `platform modal, gpu a10g, min 1`. */
export function deploymentName(study: Json): string {
  const said: Record<string, Json> = {};
  for (const path of NAMED) {
    let value: Json | undefined = study;
    for (const key of path.split('.')) value = isMap(value) ? value[key] : undefined;
    if (value !== undefined) said[path] = value;
  }
  return Object.keys(said).length === 0 ? '' : rowName(said);
}
