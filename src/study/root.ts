/**
 * Where something that can only be tried point by point changes along an axis: every change that a grid shows, narrowed by
 * halving. What is tried has steps, plateaus and noise, so nothing is assumed of it: halving needs no slope, and finds a
 * step as well as a root. A change within one interval of the grid that is undone within it is not seen.
 */
import { assert } from '../base/errors.ts';

/** Two points between which the state changes, next to each other as far as anyone has looked. */
export interface Change<State> {
  readonly low: number;
  readonly high: number;
  readonly below: State;
  readonly above: State;
}

export interface ChangeOptions<State> {
  /** Of high over low, less one: no change is narrowed further. */
  readonly resolution: number;
  readonly isSame: (a: State, b: State) => boolean;
}

/**
 * @param grid above 0, ascending
 * @param statesAt of many points at once, so that they may run side by side; called with the grid first
 * @returns in ascending order
 */
export async function changesOf<State>(
  grid: readonly number[],
  statesAt: (points: readonly number[]) => Promise<readonly State[]>,
  { resolution, isSame }: ChangeOptions<State>,
): Promise<readonly Change<State>[]> {
  const first = await statesAt(grid);
  let changes = changesAmong(grid, first, isSame);
  for (;;) {
    const wide = changes.filter(({ low, high }) => high > low * (1 + resolution));
    if (wide.length === 0) return changes;
    const middles = wide.map(({ low, high }) => middleOf(low, high));
    const found = await statesAt(middles);
    assert(found.length === middles.length, 'each point has a state');
    const at = new Map(wide.map((change, i) => [change, i]));
    changes = changes.flatMap((change) => {
      const i = at.get(change);
      if (i === undefined) return change;
      const points = [change.low, middles[i]!, change.high];
      return changesAmong(points, [change.below, found[i]!, change.above], isSame);
    });
  }
}

/** Neighbors that differ. */
function changesAmong<State>(
  points: readonly number[],
  states: readonly State[],
  isSame: (a: State, b: State) => boolean,
): readonly Change<State>[] {
  return points.slice(1).flatMap((high, i) => {
    const [below, above] = [states[i]!, states[i + 1]!];
    return isSame(below, above) ? [] : { low: points[i]!, high, below, above };
  });
}

function middleOf(low: number, high: number): number {
  return Math.sqrt(low * high);
}

/** Evenly on the logarithm, both ends in it. @param count at least 2 */
export function logGrid(from: number, to: number, count: number): readonly number[] {
  assert(from > 0 && to > from && count >= 2, `no grid of ${count} from ${from} to ${to}`);
  const step = Math.log(to / from) / (count - 1);
  return Array.from({ length: count }, (_, i) =>
    i === count - 1 ? to : Number((from * Math.exp(i * step)).toPrecision(12)),
  );
}

/** Where a straight line over the logarithm of the axis is 0. @param low, high of opposite signs, or one of them 0 */
export function zeroBetween(
  low: { readonly at: number; readonly value: number },
  high: { readonly at: number; readonly value: number },
): number {
  const share = low.value === 0 ? 0 : low.value / (low.value - high.value);
  assert(share >= 0 && share <= 1, 'a zero lies between values of opposite signs');
  return low.at * (high.at / low.at) ** share;
}
