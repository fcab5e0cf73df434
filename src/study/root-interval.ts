/**
 * The interval of a root: all places at which the interval of the value holds 0. It is a test turned round (Fieller, Some
 * problems in interval estimation, J. Royal Statistical Society B 16, 1954), so it covers the root at the rate at which the
 * intervals cover the value, and needs no slope.
 */
import { assert } from '../base/errors.ts';
import type { OpenInterval } from './curves-document.ts';
import type { Interval } from './document.ts';
import { changesOf, zeroBetween } from './root.ts';

/** A value that goes from below 0 to above it, as it was found at a place. */
export interface Sample {
  readonly at: number;
  readonly value: number;
  readonly interval: Interval;
}

export interface Around {
  readonly root: number;
  /** Where it has been sampled, ascending. */
  readonly known: readonly number[];
  readonly samplesAt: (places: readonly number[]) => Promise<readonly Sample[]>;
  readonly resolution: number;
}

/** From where the upper end of the interval reaches 0 to where the lower one does. */
export async function rootInterval(around: Around): Promise<OpenInterval> {
  const { root, known } = around;
  const below = known.filter((at) => at <= root).reverse();
  const above = known.filter((at) => at >= root);
  return [await endOf(around, below, 1), await endOf(around, above, 0)];
}

/**
 * @param away from the root, the nearest first
 * @param end of the intervals: 1 the upper, which is below 0 where the value surely is; 0 the lower
 * @returns null where no sample is sure
 */
async function endOf(
  { root, samplesAt, resolution }: Around,
  away: readonly number[],
  end: 0 | 1,
): Promise<number | null> {
  const isSure = ({ interval }: Sample) => (end === 1 ? interval[1] < 0 : interval[0] > 0);
  const samples = await samplesAt(away);
  const i = samples.findIndex(isSure);
  const sure = samples[i];
  if (sure === undefined) return null;
  const unsure = samples[i - 1];
  // All samples are sure: the interval at the root is taken to be as wide as the one next to it.
  if (unsure === undefined) {
    const { at, value, interval } = sure;
    return lineZero({ at, value: interval[end] }, { at: root, value: interval[end] - value });
  }
  const [low, high] = [sure.at, unsure.at].sort((a, b) => a - b);
  const [change] = await changesOf([low!, high!], samplesAt, {
    resolution,
    isSame: (a, b) => isSure(a) === isSure(b),
  });
  assert(change !== undefined, 'one end is sure and the other is not');
  const ends = [change.below, change.above].map(({ at, interval }) => ({
    at,
    value: interval[end],
  }));
  return lineZero(ends[0]!, ends[1]!);
}

function lineZero(a: { at: number; value: number }, b: { at: number; value: number }): number {
  if (a.at === b.at) return a.at;
  return a.at < b.at ? zeroBetween(a, b) : zeroBetween(b, a);
}
