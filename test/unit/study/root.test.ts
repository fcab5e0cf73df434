import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesOf, logGrid, zeroBetween } from '../../../src/study/root.ts';

const options = { resolution: 0.001, isSame: (a: number, b: number) => a === b };
const stepsAt =
  (edges: readonly number[], asked: number[] = []) =>
  async (points: readonly number[]) => {
    asked.push(...points);
    return points.map((x) => edges.filter((edge) => x >= edge).length);
  };

describe('changes along an axis', () => {
  it('are all found that a grid shows, each within the resolution', async () => {
    const edges = [0.2, 0.9, 1.7, 6];
    const found = await changesOf(logGrid(0.1, 10, 21), stepsAt(edges), options);
    expect(found.map(({ below, above }) => [below, above])).toEqual([
      ...[
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 4],
      ],
    ]);
    for (const [i, { low, high }] of found.entries()) {
      expect(low).toBeLessThan(edges[i]!);
      expect(high).toBeGreaterThanOrEqual(edges[i]!);
      expect(high / low - 1).toBeLessThanOrEqual(0.001);
    }
  });

  it('are told apart where several lie between two points of the grid', async () => {
    const found = await changesOf([1, 100], stepsAt([3, 4, 50]), options);
    expect(found.map(({ below, above }) => [below, above])).toEqual([
      ...[
        [0, 1],
        [1, 2],
        [2, 3],
      ],
    ]);
  });

  it('are none on a plateau, and nothing but the grid is tried', async () => {
    const asked: number[] = [];
    expect(await changesOf([1, 2, 4], stepsAt([8], asked), options)).toEqual([]);
    expect(asked).toEqual([1, 2, 4]);
  });

  it('are narrowed whatever the steps', async () => {
    const edge = fc.double({ min: 0.11, max: 9.9, noNaN: true });
    await fc.assert(
      fc.asyncProperty(edge, async (at) => {
        const [change] = await changesOf(logGrid(0.1, 10, 5), stepsAt([at]), options);
        expect(change!.low).toBeLessThan(at);
        expect(change!.high).toBeGreaterThanOrEqual(at);
      }),
    );
  });
});

describe('a grid', () => {
  it('is even on the logarithm and has 1 in its middle', () => {
    const grid = logGrid(0.1, 10, 21);
    expect(grid).toHaveLength(21);
    expect([grid[0], grid[10], grid[20]]).toEqual([0.1, 1, 10]);
    expect(grid[1]! / grid[0]!).toBeCloseTo(10 ** 0.1, 9);
  });
});

describe('a zero between two points', () => {
  it('is where a line over the logarithm is 0', () => {
    expect(zeroBetween({ at: 1, value: -1 }, { at: 100, value: 1 })).toBeCloseTo(10, 9);
    expect(zeroBetween({ at: 1, value: 0 }, { at: 2, value: 5 })).toBe(1);
    expect(() => zeroBetween({ at: 1, value: 1 }, { at: 2, value: 2 })).toThrow();
  });
});
