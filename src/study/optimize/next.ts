/** Which configuration tells most: the one that, whatever it comes to, settles many of those that are open. */

import type { Known } from './known.ts';
import { keepsNoLess, type Place } from './order.ts';

/** More than so many are looked at by every k-th. */
const MOST_COMPARED = 400;

/**
 * @param open not empty
 * @param leastOf what each costs at least
 */
export function nextOf(
  open: readonly Known[],
  known: readonly Known[],
  best: Known | null,
  leastOf: (one: Known) => number,
): Known {
  // The slice where least is to be paid, for the answer is likely there, and makes the others dear.
  const least = open.reduce((a, b) => (leastOf(b) < leastOf(a) ? b : a));
  const { slice } = least.candidate.place;
  const inSlice = open.filter(({ candidate }) => candidate.place.slice === slice);
  const isNew = !known.some((one) => one.candidate.place.slice === slice && one.evidence !== null);
  if (isNew && best !== null) return nearest(inSlice, best.candidate.place);
  const step = Math.ceil(inSlice.length / MOST_COMPARED);
  const compared = inSlice.filter((_, i) => i % step === 0);
  let next = inSlice[0]!;
  let most = -1;
  for (const one of compared) {
    const { place } = one.candidate;
    const below = compared.filter((other) => keepsNoLess(place, other.candidate.place)).length;
    const above = compared.filter((other) => keepsNoLess(other.candidate.place, place)).length;
    const told = Math.min(below, above) + 0.001 * (below + above);
    if (told > most) {
      most = told;
      next = one;
    }
  }
  return next;
}

function nearest(open: readonly Known[], to: Place): Known {
  const distance = ({ candidate: { place } }: Known) =>
    (['min', 'idleWindowUs', 'unusedWindowUs', 'max', 'slots'] as const).reduce(
      (sum, key) => sum + apart(place[key], to[key]),
      0,
    );
  return open.reduce((a, b) => (distance(b) < distance(a) ? b : a));
}

/** On a scale of factors, nothing and no limit being far off. */
function apart(a: number, b: number): number {
  const [x, y] = [a, b].map((value) => Math.min(30, Math.log2(1 + value)));
  return Math.abs(x! - y!);
}
