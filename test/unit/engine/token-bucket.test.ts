import { describe, expect, it } from 'vitest';
import { TokenBucket } from '../../../src/engine/token-bucket.ts';

/** When tokens are there, if each is taken at once. */
function times(count: number, periodUs: number, starts: number): number[] {
  const tokens = new TokenBucket({ count, periodUs });
  const taken: number[] = [];
  for (let nowUs = 0; taken.length < starts; nowUs = tokens.nextAtUs()) {
    while (taken.length < starts && tokens.take(nowUs)) taken.push(nowUs);
  }
  return taken;
}

describe('the start rate', () => {
  it('gives a full bucket at once, then one every period / count', () => {
    expect(times(2, 1_000_000, 5)).toEqual([0, 0, 500_000, 1_000_000, 1_500_000]);
  });
  it('gives thirds of a second to the microsecond, without drift', () => {
    expect(times(3, 1_000_000, 7)).toEqual([0, 0, 0, 333_334, 666_667, 1_000_000, 1_333_334]);
  });
  it('below one start a period has one to give: 0.3/s is one in 10/3 s', () => {
    expect(times(0.3, 1_000_000, 4)).toEqual([0, 3_333_334, 6_666_667, 10_000_000]);
  });
});
