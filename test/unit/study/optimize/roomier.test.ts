import { describe, expect, it } from 'vitest';
import { isRoomier } from '../../../../src/study/optimize/roomier.ts';
import type { Headroom } from '../../../../src/study/optimize-document.ts';

const LEVERS = ['traffic', 'load', 'service'] as const;
const room = (...factors: (number | null)[]): Headroom => ({
  vary: {},
  axes: factors.map((factor, i) => ({
    lever: LEVERS[i]!,
    factor,
    breaksAt: null,
    breaks: [],
    meanS: null,
    why: null,
  })),
});

describe('a runner-up is roomier', () => {
  it('with no less of anything and a tenth more of one', () => {
    expect(isRoomier(room(1.2, 1.1, 1), room(1.2, 1, 1))).toBe(true);
    expect(isRoomier(room(1.2, 1.09, 1.09), room(1.2, 1, 1))).toBe(false);
    expect(isRoomier(room(1.1, 1.4, 1), room(1.2, 1, 1))).toBe(false);
  });

  it('where what is less is still half as much again: the answer at an edge in load and service', () => {
    expect(isRoomier(room(1.79, 1.28, 1.03), room(2.35, 1, 1))).toBe(true);
    expect(isRoomier(room(10, 1, 1), room(2, 1, 1))).toBe(false);
  });

  it('never for what cannot be scaled', () => {
    expect(isRoomier(room(1.2, null, 1), room(1.2, null, 1))).toBe(false);
  });
});
