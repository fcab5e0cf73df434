/**
 * `extends: <id>` in a platform file: what it does not say it has from that platform, figure by figure. Prices are never
 * mixed: a file with `billing.gpus` states all its prices, and has only the terms of the other's bill.
 */
import { UserError } from '../base/errors.ts';
import { meantOf } from '../base/nearest.ts';
import { type PathMistake, readYaml, type YamlSource } from '../base/yaml-source.ts';
import { TERMS } from './billing-terms.ts';
import { isMap } from './schema.ts';

type Data = Readonly<Record<string, unknown>>;

/** What a file says before it is checked, for others to extend; undefined where it is no YAML. */
export function platformData(text: string, fileName: string): unknown {
  return readYaml(text, fileName).data;
}

/**
 * The source with what it extends under it; as it is where it extends nothing.
 * @throws UserError for a platform that is none, and for a short name of two documents
 */
export function extendedSource(
  source: YamlSource,
  bases: ReadonlyMap<string, unknown>,
): YamlSource {
  const { data } = source;
  if (!isMap(data) || data['extends'] === undefined) return source;
  const mistakes: PathMistake[] = [];
  const whole = resolved(data, bases, [], mistakes);
  if (mistakes.length > 0) throw new UserError(source.locate(mistakes));
  return { ...source, data: whole };
}

/** With what its base extends below that. @param through the bases on the way, to tell a circle */
function resolved(
  data: Data,
  bases: ReadonlyMap<string, unknown>,
  through: readonly unknown[],
  mistakes: PathMistake[],
): Data {
  const { extends: named, ...own } = data;
  if (named === undefined) return own;
  const base = typeof named === 'string' ? bases.get(named) : undefined;
  if (!isMap(base) || through.includes(named)) {
    mistakes.push(isMap(base) ? circle([...through, named]) : unknownBase(named, bases));
    return own;
  }
  const below = resolved(base, bases, [...through, named], mistakes);
  const { id: _id, name: _name, description: _description, ...rules } = below;
  mistakes.push(...twoDocuments(rules['sources'], own['sources'], String(named)));
  return over(rules, own);
}

function circle(through: readonly unknown[]): PathMistake {
  return { path: ['extends'], part: 'value', message: `goes in a circle: ${through.join(', ')}` };
}

function unknownBase(named: unknown, bases: ReadonlyMap<string, unknown>): PathMistake {
  const meant = meantOf(String(named), [...bases.keys()].sort());
  return { path: ['extends'], part: 'value', message: `${named} is no platform: ${meant}` };
}

function twoDocuments(below: unknown, own: unknown, base: string): PathMistake[] {
  if (!isMap(below) || !isMap(own)) return [];
  return Object.entries(own)
    .filter(([name, text]) => below[name] !== undefined && below[name] !== text)
    .map(([name]) => ({
      path: ['sources', name],
      part: 'key',
      message: `is another document in ${base}: give yours a name of its own`,
    }));
}

function over(below: Data, own: Data): Data {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(own)) {
    const under = below[key];
    if (!isMap(under) || !isMap(value) || 'value' in value) merged[key] = value;
    else merged[key] = over('gpus' in value ? termsOf(under) : under, value);
  }
  return merged;
}

function termsOf(billing: Data): Data {
  return Object.fromEntries(
    [...TERMS, 'failedStarts'].flatMap((term) => (term in billing ? [[term, billing[term]]] : [])),
  );
}
