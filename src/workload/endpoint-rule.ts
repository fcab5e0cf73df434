/** What the endpoint of a logged request is: a field of the line, or what a pattern finds in its path. */
import { type RequestText, withoutQuery } from './request-text.ts';

export type EndpointRule =
  /** `auto`: what the format names, else the path without its query. */
  | { readonly field: 'auto' | 'path' | 'host' | 'method' | 'endpoint' }
  /** A regular expression on the path without its query; the first group, or all that fits, is the endpoint. */
  | { readonly path: string };

/** A longer path is cut before a pattern is tried: its time may grow with the square of the length. */
const LONGEST_PATH = 2_048;

/** What is wrong, a sentence each, without full stops. */
export function endpointRuleMistakes(rule: EndpointRule): string[] {
  if (!('path' in rule)) return [];
  try {
    new RegExp(rule.path);
    return [];
  } catch {
    const example = 'such as ^/v1/models/([^/]+), its first group the endpoint';
    return [`must be a regular expression ${example}, is ${rule.path}`];
  }
}

/**
 * @returns of a line the endpoint, null where the line does not tell it or the pattern does not fit; the line's own
 *   `endpoint` is what the format says. `endpointRuleMistakes` has found none
 */
export function compileEndpointRule(rule: EndpointRule): (row: RequestText) => string | null {
  if ('path' in rule) {
    const pattern = new RegExp(rule.path);
    return ({ path }) => {
      if (path === null) return null;
      const found = pattern.exec(withoutQuery(path).slice(0, LONGEST_PATH));
      return found === null ? null : (found[1] ?? found[0]);
    };
  }
  const { field } = rule;
  if (field === 'path') return ({ path }) => (path === null ? null : withoutQuery(path));
  if (field === 'auto') {
    return ({ endpoint, path }) => endpoint ?? (path === null ? null : withoutQuery(path));
  }
  return (row) => row[field];
}
