/** Requests that slow each other down on a replica. Times are microseconds. */
import { describe, expect, it } from 'vitest';
import { lifecycle, load, min, run, until } from '../../kit/small-pool.ts';

const HALVES = [
  { requests: 1, speed: 1 },
  { requests: 2, speed: 0.5 },
];

describe('slotSpeed', () => {
  it('two at half speed each take as long as one after the other', () => {
    const { latency, whole } = run(
      { ...min(1), concurrency: 2, slotSpeed: HALVES },
      [0, 10],
      [5, 10],
    );
    // At 5 the first has 5 left, at half speed until 15; the second has 5 left then, alone until 20.
    expect([latency.minUs, latency.maxUs]).toEqual([15, 15]);
    expect(whole).toMatchObject({ busyUs: 20n, inServiceUs: 30n });
  });

  it('a limit counts the time that it took, not the work', () => {
    const { requests, whole } = run(
      { ...min(1), concurrency: 2, slotSpeed: HALVES, executionTimeoutUs: 12 },
      [0, 10],
      [5, 5],
    );
    // The first is cut at 12, where the second has got 3.5 and goes on alone: 13.5, which is the microsecond 14.
    expect(requests).toMatchObject({ completed: 1, timedOut: 1 });
    expect(whole.inServiceUs).toBe(12n + 9n);
  });

  it('who is interrupted leaves the speed to others, and starts over', () => {
    const { latency, mishaps } = run(
      {
        ...min(1),
        ...load(5),
        concurrency: 2,
        slotSpeed: HALVES,
        ...until(60),
        ...lifecycle({ rolloutsUs: [8], drainTimeoutUs: 2 }),
      },
      [0, 10],
      [4, 3],
    );
    // At 4 the first has 6 left; together until 10: the second has its 3 then, the first is interrupted with 3 left. The
    // new one is ready at 13: 13-23.
    expect([latency.minUs, latency.maxUs]).toEqual([6, 23]);
    expect(mishaps.interrupted).toBe(1);
  });
});
