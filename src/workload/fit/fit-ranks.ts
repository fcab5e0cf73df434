/** Tests by ranks: whether durations of several kinds differ, whatever their distribution. */
import jstat from 'jstat';
import { inverseNormal } from '../../engine/normal.ts';

interface Ranks {
  /** From 1; equal values share their mean rank. */
  readonly rank: Float64Array;
  /** What ties leave of the variance of rank sums: 1 without any, 0 where all values are equal. */
  readonly tieFactor: number;
}

function ranksOf(values: Float64Array): Ranks {
  const { length } = values;
  const order = Uint32Array.from({ length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const rank = new Float64Array(length);
  let ties = 0;
  for (let from = 0; from < length; ) {
    let to = from + 1;
    while (to < length && values[order[to]!] === values[order[from]!]) to++;
    const tied = to - from;
    for (let i = from; i < to; i++) rank[order[i]!] = (from + 1 + to) / 2;
    ties += tied ** 3 - tied;
    from = to;
  }
  const tieFactor = length < 2 ? 0 : 1 - ties / (length ** 3 - length);
  return { rank, tieFactor };
}

/**
 * Ranks as what they would be of normal values, van der Waerden's scores: as free of the distribution as Mann's and
 * Whitney's ranks, and a few values far above the others count for more than many a little above.
 */
export function normalScores(values: Float64Array): Float64Array {
  return ranksOf(values).rank.map((rank) => inverseNormal(rank / (values.length + 1)));
}

/** Kruskal and Wallis. @returns the chance that groups of one distribution differ as much */
export function kruskalWallis(groups: readonly Float64Array[]): number {
  const all = groups.reduce((sum, group) => sum + group.length, 0);
  const joined = new Float64Array(all);
  let at = 0;
  for (const group of groups) {
    joined.set(group, at);
    at += group.length;
  }
  const { rank, tieFactor } = ranksOf(joined);
  if (groups.length < 2 || tieFactor === 0) return 1;
  at = 0;
  let spread = 0;
  for (const { length } of groups) {
    let sum = 0;
    for (const end = at + length; at < end; at++) sum += rank[at]!;
    spread += sum ** 2 / length;
  }
  const h = ((12 / (all * (all + 1))) * spread - 3 * (all + 1)) / tieFactor;
  return 1 - jstat.jStat.chisquare.cdf(h, groups.length - 1);
}

/**
 * The chance that the best of all splits of a sequence of one distribution is at least so many standard deviations off,
 * where each side keeps a share of at least `least`, `most` on the other: Miller and Siegmund, "Maximally selected
 * chi-square statistics", Biometrics 38 (1982); for ranks, Lausen and Schumacher, Biometrics 48 (1992).
 */
export function bestSplitChance(z: number, least: number, most: number): number {
  if (!(z > 1)) return 1;
  const density = Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI);
  const width = Math.log((most * (1 - least)) / ((1 - most) * least));
  return Math.min(1, density * ((z - 1 / z) * width + 4 / z));
}
