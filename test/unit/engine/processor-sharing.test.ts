import { describe, expect, it } from 'vitest';
import { US_PER_S } from '../../../src/base/units.ts';
import type { ProcessorSharing } from '../../../src/engine/processor-sharing.ts';
import { NONE } from '../../../src/engine/recency-list.ts';
import { SharedLink } from '../../../src/engine/shared-link.ts';
import { SlotSharing, slotSpeedMistakes, speedOfEach } from '../../../src/engine/slot-sharing.ts';

/** Ends everything that ends: who and when. */
function ends(sharing: ProcessorSharing | SharedLink): [member: number, atUs: number][] {
  const ended: [number, number][] = [];
  while (sharing.nextUs < Number.POSITIVE_INFINITY) {
    const atUs = sharing.nextUs;
    ended.push([sharing.pop(), atUs]);
  }
  return ended;
}

const POINTS = [
  { requests: 1, speed: 1 },
  { requests: 4, speed: 0.8 },
  { requests: 8, speed: 0.5 },
];

describe('slotSpeed: { 1: 1, 4: 0.8, 8: 0.5 }', () => {
  it('is interpolated between its points; beyond the last the replica does no more than there', () => {
    const speeds = [1, 2, 4, 6, 8, 16, 400].map((n) => speedOfEach(POINTS, n));
    // 8 at 0.5 is 4 in all: 16 share it at 0.25, 400 at 0.01.
    [1, 1 - 0.2 / 3, 0.8, 0.65, 0.5, 0.25, 0.01].forEach((speed, i) => {
      expect(speeds[i]).toBeCloseTo(speed, 14);
    });
  });

  it('says what is wrong with the points, all at once', () => {
    expect(slotSpeedMistakes(POINTS)).toEqual([]);
    expect(slotSpeedMistakes([])).toEqual([
      'the speed of one request by itself is missing, such as 1: 1',
    ]);
    expect(
      slotSpeedMistakes([
        { requests: 2, speed: 1 },
        { requests: 1.5, speed: 0 },
      ]),
    ).toEqual([
      'the speed of one request by itself is missing, such as 1: 1',
      '1.5 is no number of requests: a whole number, 1 or more',
      '1.5 requests must come after fewer',
      'the speed of 1.5 must be above 0 and at most 1000, is 0',
    ]);
  });
});

describe('requests that share a replica', () => {
  it('a request alone ends exactly at its begin and demand, at any time of ten years', () => {
    const sharing = new SlotSharing(POINTS);
    let nowUs = 0;
    for (const demandUs of [1, 999_999, 25_200_001, 3600e6 + 7, 1e14 + 3]) {
      sharing.join(0, 0, demandUs, nowUs);
      expect(sharing.nextUs).toBe(nowUs + demandUs);
      sharing.pop();
      expect(sharing.beyondUnits).toBe(0);
      nowUs += demandUs + 12_345;
    }
  });

  it('two at speed 0.8 take 1.25 times as long, the second after the first has gone the rest at 1', () => {
    const sharing = new SlotSharing([
      { requests: 1, speed: 1 },
      { requests: 2, speed: 0.8 },
    ]);
    // Until 2 s the first is alone. Of its 10 s it has 8 left: 10 s at 0.8, until 12 s; the second has got 8 of its 9 s.
    sharing.join(3, 0, 10 * US_PER_S, 0);
    sharing.join(3, 1, 9 * US_PER_S, 2 * US_PER_S);
    expect(ends(sharing)).toEqual([
      [0, 12 * US_PER_S],
      [1, 13 * US_PER_S],
    ]);
  });

  it('with a constant number nothing drifts: the millionth of four at 0.8 ends where it should', () => {
    const sharing = new SlotSharing(POINTS);
    for (let row = 0; row < 4; row++) sharing.join(0, row, 4 * (row + 1), 0);
    for (let n = 1; n <= 1_000_000; n++) {
      // 4 us of demand at 0.8 are 5 us.
      if (sharing.nextUs !== 5 * n) expect(sharing.nextUs).toBe(5 * n);
      const nowUs = sharing.nextUs;
      sharing.join(0, sharing.pop(), 16, nowUs);
    }
    expect(sharing.nextUs).toBe(5_000_005);
  });

  it('a time between two microseconds is the later one', () => {
    const sharing = new SlotSharing([{ requests: 1, speed: 1 }]);
    for (let row = 0; row < 3; row++) sharing.join(0, row, 1, row === 2 ? 1 : 0);
    // By 1 us the first two have got a half each; at a third each they need 1.5 us more, so they end at 3 us. By then the
    // third has got 2/3, and is alone: 1/3 us more.
    expect(ends(sharing)).toEqual([
      [0, 3],
      [1, 3],
      [2, 4],
    ]);
  });

  it('who leaves before the end makes room for the others, and has got what it has got', () => {
    const sharing = new SlotSharing([{ requests: 1, speed: 1 }]);
    sharing.join(0, 0, 10, 0);
    sharing.join(0, 1, 10, 0);
    sharing.leave(0, 10);
    expect(sharing.count(0)).toBe(1);
    expect(ends(sharing)).toEqual([[1, 15]]);
    const { given, received } = sharing.balance();
    expect(given).toBe(15n * BigInt(sharing.unit));
    expect(received).toBe(given);
  });

  it('of several at one time the first that began ends first, across replicas too', () => {
    const sharing = new SlotSharing([
      { requests: 1, speed: 1 },
      { requests: 9, speed: 1 },
    ]);
    sharing.join(2, 5, 10, 0);
    sharing.join(1, 6, 8, 2);
    sharing.join(2, 4, 8, 2);
    sharing.join(0, 3, 0, 10);
    expect(ends(sharing).map(([row]) => row)).toEqual([5, 6, 4, 3]);
  });

  it('knows who has its demand before its turn to end has come, and who joined first', () => {
    const sharing = new SlotSharing(POINTS);
    sharing.join(0, 0, 10, 0);
    sharing.join(1, 1, 10, 0);
    sharing.join(1, 2, 11, 0);
    expect(sharing.turnOf(0)).toBeLessThan(sharing.turnOf(1));
    expect([sharing.isDone(0, 9), sharing.isDone(1, 9)]).toEqual([false, false]);
    expect([sharing.isDone(0, 10), sharing.isDone(1, 10)]).toEqual([true, false]);
    // Two at 1 - 0.2 / 3: 10 us of demand take 10.7.
    expect(sharing.pop()).toBe(0);
    expect([sharing.isDone(1, 11), sharing.isDone(2, 11)]).toEqual([true, false]);
    expect(ends(sharing)).toEqual([
      [1, 11],
      [2, 12],
    ]);
  });

  it('an empty replica has nothing pending', () => {
    const sharing = new SlotSharing(POINTS);
    expect([sharing.nextUs, sharing.nextResource]).toEqual([Number.POSITIVE_INFINITY, NONE]);
    expect([sharing.count(1000), sharing.first(1000)]).toEqual([0, NONE]);
  });
});

describe('weights over a shared link', () => {
  const GB = 1e9;
  /** 1 GB/s. */
  const FAST = 1000;

  it('10 GB at 1 GB/s, the second half way: the first ends after 5 + 10 s, the second has 5 GB left then', () => {
    const link = new SharedLink(FAST, FAST);
    link.join(0, 10 * GB, 0);
    expect(link.nextUs).toBe(10 * US_PER_S);
    link.join(1, 10 * GB, 5 * US_PER_S);
    expect(ends(link)).toEqual([
      [0, 15 * US_PER_S],
      [1, 20 * US_PER_S],
    ]);
  });

  it('each has at most its own: two at 1 GB/s on a link of 1.5', () => {
    const link = new SharedLink(FAST, 1.5 * FAST);
    link.join(0, 10 * GB, 0);
    link.join(1, 10 * GB, 5 * US_PER_S);
    // 5 GB at 0.75 GB/s are 6.666.. s; then the second has 5 GB left, at 1 GB/s; less the part of a microsecond.
    expect(ends(link)).toEqual([
      [0, 11_666_667],
      [1, 16_666_667],
    ]);
  });

  it('on a link that is wide enough each loads as if alone', () => {
    const link = new SharedLink(FAST, Number.POSITIVE_INFINITY);
    link.join(0, 10 * GB, 0);
    link.join(1, 10 * GB, 5 * US_PER_S);
    expect(ends(link)).toEqual([
      [0, 10 * US_PER_S],
      [1, 15 * US_PER_S],
    ]);
  });

  it('a start that is called off gives its part back', () => {
    const link = new SharedLink(FAST, FAST);
    link.join(0, 10 * GB, 0);
    link.join(1, 10 * GB, 0);
    link.leave(1, 10 * US_PER_S);
    expect(link.loading).toBe(1);
    expect(ends(link)).toEqual([[0, 15 * US_PER_S]]);
  });
});
