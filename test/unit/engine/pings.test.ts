/** Pings that only keep replicas warm. Times are microseconds. */
import { describe, expect, it } from 'vitest';
import { load, meter, run, until, window } from '../../kit/small-pool.ts';

describe('pings', () => {
  const pinged = { ...load(5), ...window(30), ...until(50), pings: { everyUs: 20, serviceUs: 1 } };

  it('come at whole multiples from 0 to the end of the period, hold slots, and are paid, but are no requests', () => {
    const { requests, pings, whole, wait, horizonUs } = run(
      { ...pinged, meters: [meter({ scope: 'request', quantumUs: 2 })] },
      [30, 3],
    );
    // The first waits for the start 0-5 and holds 5-6, then 20-21 and 40-41; the request finds a warm one. Gone at 71.
    expect(requests).toMatchObject({ arrived: 1, completed: 1, cold: 0, retries: 0 });
    expect(wait.maxUs).toBe(0);
    expect(pings).toMatchObject({ arrived: 3, completed: 3, cold: 1 });
    expect(whole).toMatchObject({ starts: 1, busyUs: 6n, idleUs: 60n, attempts: 4, arrived: 1 });
    // 2 + 2 + 2 of pings, 4 of the request
    expect(whole.meters).toEqual([{ usedUs: 6n, paidUs: 10n }]);
    expect(horizonUs).toBe(71);
  });

  it('that nothing ever serves are none of the stranded requests', () => {
    const { stranded, pings, requests } = run({ ...pinged, max: 0 }, [30, 3]);
    expect(stranded).toBe(1);
    expect(requests.timedOut).toBe(1);
    expect(pings).toMatchObject({ arrived: 3, timedOut: 3 });
  });
});
