/** Where an answer lies at the end of what was varied: beyond it nothing was tried. */
import { parseDurationUs } from '../base/units.ts';
import type { Varied } from './document.ts';
import type { Json } from './json.ts';

export interface GridEnd {
  readonly path: string;
  /** As it is written. */
  readonly value: Json;
  readonly end: 'smallest' | 'largest';
}

/**
 * Keys with numbers or durations of which several were tried; of traffic nobody chooses. Below 0 there is nothing.
 * @param all the overrides of every row
 */
export function endsOf(answer: Varied, all: readonly Varied[]): GridEnd[] {
  return Object.entries(answer).flatMap(([path, value]): GridEnd[] => {
    const own = sizeOf(value);
    if (own === null || path.startsWith('workload.')) return [];
    const sizes = new Set<number>();
    for (const vary of all) {
      const size = sizeOf(vary[path]);
      if (size !== null) sizes.add(size);
    }
    if (sizes.size < 2) return [];
    const others = [...sizes];
    if (others.every((size) => size <= own)) return [{ path, value, end: 'largest' }];
    const isSmallest = own > 0 && others.every((size) => size >= own);
    return isSmallest ? [{ path, value, end: 'smallest' }] : [];
  });
}

function sizeOf(value: Json | undefined): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? parseDurationUs(value) : null;
}
