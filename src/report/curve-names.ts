/** What configurations are called beside curves: short enough for a sentence. */
import type { Varied } from '../study/document.ts';
import { harmless } from './text.ts';
import { rowName } from './varied.ts';

const LONGEST = 44;
const NAMED = ['deployment.platform', 'deployment.gpu'];

/** @param name in place of what varies; null for none */
export function configurationName(vary: Varied, name: string | null = null): string {
  if (name !== null) return harmless(name, LONGEST);
  const bare = NAMED.flatMap((path) => (typeof vary[path] === 'string' ? [vary[path]] : []));
  const rest = Object.entries(vary).filter(
    ([path, value]) => !NAMED.includes(path) && value !== null,
  );
  const settings = rest.length === 0 ? [] : [rowName(Object.fromEntries(rest))];
  const parts = [...(bare.length === 0 ? [] : [bare.join(' ')]), ...settings];
  return harmless(parts.length === 0 ? 'the study as it is' : parts.join(', '), LONGEST);
}

/** a, b, c: the marks of curves, in the order of their configurations. */
export function markOf(index: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + (index % 26));
}
