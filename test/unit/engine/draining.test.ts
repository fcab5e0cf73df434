/** Replicas that finish what they serve and take nothing more: how long, and who pays. Times are microseconds. */
import { describe, expect, it } from 'vitest';
import { lifecycle, load, meter, min, run, window } from '../../kit/small-pool.ts';

const S = 1e6;

describe('a replica that drains', () => {
  // The floor goes as the replica ages at 10: nothing takes its place.
  const aging = {
    floor: { atUs: [0, 10], count: [1, 0] },
    ...load(5),
    ...window(1000),
  };

  it('is cut short at its drain timeout', () => {
    const { whole, mishaps, requests } = run(
      { ...aging, ...lifecycle({ maxAgeUs: 10, drainTimeoutUs: 3, interrupted: 'fail' }) },
      [8, 20],
    );
    // Idle 0-8, busy 8-10, draining 10-13 with 15 to go.
    expect(whole).toMatchObject({ idleUs: 8n, busyUs: 2n, drainingUs: 3n, inServiceUs: 5n });
    expect(mishaps.interrupted).toBe(1);
    expect(requests.timedOut).toBe(1);
  });

  it('is paid for it or not, rounded over its life', () => {
    const { whole } = run(
      {
        ...aging,
        ...lifecycle({ maxAgeUs: 10, drainTimeoutUs: 3, interrupted: 'fail' }),
        meters: [
          meter({ quantumUs: 5 }),
          meter({ quantumUs: 5, draining: false }),
          meter({ quantumUs: 5, idle: false }),
          meter({ quantumUs: 5, idle: false, busy: false }),
          meter({ quantumUs: 2, scope: 'request' }),
        ],
      },
      [8, 20],
    );
    expect(whole.meters).toEqual([
      { usedUs: 13n, paidUs: 15n },
      { usedUs: 10n, paidUs: 10n },
      { usedUs: 5n, paidUs: 5n },
      { usedUs: 3n, paidUs: 5n },
      // What was served, finished or not: 8-13
      { usedUs: 5n, paidUs: 6n },
    ]);
  });

  it('is paid by calendar minute', () => {
    const { whole } = run(
      {
        floor: { atUs: [0, 50 * S], count: [1, 0] },
        ...load(5),
        ...window(1000 * S),
        ...lifecycle({ maxAgeUs: 50 * S }),
        meters: [
          meter({ quantumUs: 10 * S, scope: 'minute' }),
          meter({ quantumUs: 10 * S, scope: 'minute', draining: false }),
          meter({ quantumUs: 10 * S, scope: 'minute', idle: false }),
          meter({ quantumUs: 10 * S, scope: 'minute', idle: false, busy: false }),
        ],
      },
      [45 * S, 40 * S],
    );
    // Idle to 45, busy to 50, draining to 85: of the first minute 10 s, of the second 25 s.
    const s = (seconds: number) => BigInt(seconds * S);
    expect(whole.meters).toEqual([
      { usedUs: s(85), paidUs: s(60 + 30) },
      { usedUs: s(50), paidUs: s(50) },
      { usedUs: s(40), paidUs: s(20 + 30) },
      { usedUs: s(35), paidUs: s(10 + 30) },
    ]);
  });

  it('takes nobody who waits, and its place may be taken at once', () => {
    const { wait, whole } = run(
      { ...min(1), max: 1, ...load(5), ...lifecycle({ maxAgeUs: 10 }), ...window(1000) },
      [8, 20],
      [9, 1],
    );
    // It drains 10-28; another starts at 10 and takes the second at 15. In turn that ages at 25.
    expect(wait.maxUs).toBe(6);
    expect(whole.drainingUs).toBe(18n);
  });

  it('keeps its line in the time line', () => {
    const { timeline } = run(
      { ...aging, ...lifecycle({ maxAgeUs: 10 }), timelineUs: 5, period: { fromUs: 0, toUs: 20 } },
      [8, 4],
    );
    // busy 8-10, draining 10-12
    expect([...timeline!.busy]).toEqual([0, 0.4, 0, 0]);
    expect([...timeline!.draining]).toEqual([0, 0, 0.4, 0]);
  });
});
