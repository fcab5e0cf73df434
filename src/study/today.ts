/** Which row of a grid is what runs today. */
import type { Varied } from './document.ts';
import { comparable } from './grid.ts';
import { canonical, type Json } from './json.ts';
import { getAt, parseKeyPath } from './key-path.ts';

/**
 * Whether two rows that come to the same result are named alike too: wherever both say something, by themselves or by the
 * study, it is the same. Without a price or a speed of their own two GPUs come to the same result and are two rows.
 */
export function isNamedAlike(study: Json, a: Varied, b: Varied): boolean {
  const said = (vary: Varied, path: string): Json =>
    (path in vary ? vary[path] : getAt(study, parseKeyPath(path))) ?? null;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((path) => {
    const [one, other] = [said(a, path), said(b, path)];
    const isLeftOut = one === null || other === null;
    return isLeftOut || canonical(comparable(one)) === canonical(comparable(other));
  });
}
