import { describe, expect, it } from 'vitest';
import { streamOf } from '../../../src/base/random.ts';
import {
  bestSplitChance,
  kruskalWallis,
  normalScores,
} from '../../../src/workload/fit/fit-ranks.ts';

describe('ranks', () => {
  it('of equal values are their mean rank', () => {
    // Ranks 2.5, 1, 2.5 and 4 of 4: shares of a half, a fifth, a half and four fifths.
    const [tied, low, same, high] = normalScores(Float64Array.of(5, 1, 5, 9));
    expect([tied, same]).toEqual([0, 0]);
    expect(low).toBeCloseTo(-0.8416212335729142, 12);
    expect(high).toBeCloseTo(0.8416212335729142, 12);
  });

  it('as normal values are symmetric', () => {
    const [low, middle, high] = normalScores(Float64Array.of(1, 100, 1e9));
    expect(middle).toBeCloseTo(0, 12);
    expect(high).toBeCloseTo(-low!, 12);
    expect(high).toBeCloseTo(0.6744897501960817, 12);
  });
});

describe('Kruskal and Wallis', () => {
  it('on groups by hand: H of 1..5 and 6..10 is 6.818, which chance gives in 0.9 % of cases', () => {
    const groups = [Float64Array.of(1, 2, 3, 4, 5), Float64Array.of(6, 7, 8, 9, 10)];
    expect(kruskalWallis(groups)).toBeCloseTo(0.00902, 4);
    // Ranks 1, 2.5, 2.5, 4 by hand: H = 12 / 20 x (3.5^2 + 6.5^2) / 2 - 15 = 1.35, over 1 - 6 / 60 for the tie: 1.5.
    const tied = kruskalWallis([Float64Array.of(1, 5), Float64Array.of(5, 9)]);
    expect(tied).toBeCloseTo(0.2206713619, 9);
    expect(kruskalWallis([Float64Array.of(1, 4), Float64Array.of(1, 4)])).toBeGreaterThan(0.99);
    expect(kruskalWallis([Float64Array.of(3, 3), Float64Array.of(3, 3)])).toBe(1);
  });
});

describe('the best of all splits', () => {
  it('is as rare by chance as the approximation says, or rarer', () => {
    const uniforms = streamOf('splits', 0, 'test');
    const [rows, least, rounds] = [200, 20, 1000];
    const limit = 2.9;
    let beyond = 0;
    for (let round = 0; round < rounds; round++) {
      const scores = normalScores(Float64Array.from({ length: rows }, () => uniforms.next()));
      const variance = scores.reduce((sum, score) => sum + score ** 2, 0) / (rows - 1);
      let [sum, best] = [0, 0];
      for (let at = 0; at < rows - least; at++) {
        sum += scores[at]!;
        const inside = at + 1;
        if (inside < least) continue;
        const z = sum / Math.sqrt((variance * inside * (rows - inside)) / rows);
        best = Math.max(best, Math.abs(z));
      }
      if (best >= limit) beyond++;
    }
    const said = bestSplitChance(limit, least / rows, 1 - least / rows);
    expect(said).toBeGreaterThan(0.02);
    expect(said).toBeLessThan(0.12);
    expect(beyond / rounds).toBeLessThan(said + 3 * Math.sqrt(said / rounds));
  });
});
