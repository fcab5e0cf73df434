/** What happens to replicas beyond their start phases and idle windows. Times are microseconds. */
import { describe, expect, it } from 'vitest';
import { fixed } from '../../../src/engine/distribution.ts';
import {
  lifecycle,
  load,
  meanFor,
  min,
  run,
  uniformOf,
  until,
  window,
} from '../../kit/small-pool.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** A replication whose first start fails at a chance of 1/2 and whose second, for the same request, does not. */
const FAILS_ONCE = Array.from({ length: 100 }, (_, replication) => replication).find(
  (replication) =>
    uniformOf('start/failure', 0, 0, replication) < 0.5 &&
    uniformOf('start/failure', 0, 2 ** 20, replication) >= 0.5,
)!;

describe('a start that comes to nothing', () => {
  it('fails at its end, and is started anew at that instant with luck of its own', () => {
    const { whole, wait, latency, mishaps, requests, unusedStarts, startPaths } = run(
      { ...load(10), ...lifecycle({ startFailure: 0.5 }), replication: FAILS_ONCE },
      [0, 5],
    );
    // 0-10 in vain, 10-20, service 20-25
    expect([wait.maxUs, latency.maxUs]).toEqual([20, 25]);
    expect(whole).toMatchObject({ starts: 2, startingUs: 20n, phaseUs: [20n], busyUs: 5n });
    // It held a promise all the time: at 10 another took its place.
    expect(whole).toMatchObject({ waitForStartUs: 20n, waitForLimitUs: 0n });
    expect(mishaps.failedStarts).toBe(1);
    expect([requests.cold, unusedStarts]).toEqual([1, 1]);
    expect(startPaths).toEqual([{ name: 'cold', starts: 2, ready: 1, tookUs: 10n }]);
  });

  it('takes a token of the start rate again', () => {
    const { wait } = run(
      {
        ...load(10),
        ...lifecycle({ startFailure: 0.5 }),
        replication: FAILS_ONCE,
        startRate: { count: 1, periodUs: 50 },
      },
      [0, 5],
    );
    // The next token is there at 50: 50-60
    expect(wait.maxUs).toBe(60);
  });

  it('takes too long: called off at the timeout, what it took is paid', () => {
    const { whole, mishaps, requests, horizonUs } = run(
      { ...load(10), ...lifecycle({ startTimeoutUs: 8 }), queueTimeoutUs: 20 },
      [0, 5],
    );
    // 0-8, 8-16, 16-24; who waited has gone at 20
    expect(mishaps.failedStarts).toBe(3);
    expect(whole).toMatchObject({ starts: 3, startingUs: 24n, phaseUs: [24n] });
    expect([requests.timedOut, horizonUs]).toEqual([1, 24]);
  });

  it('is no reason to try for ever: who waits for starts that never succeed is timed out in the end', () => {
    const { requests, stranded, mishaps } = run(
      { ...load(10), ...lifecycle({ startTimeoutUs: 8 }) },
      [0, 5],
    );
    expect([requests.timedOut, stranded]).toEqual([1, 1]);
    expect(mishaps.failedStarts).toBeGreaterThan(1000);
  });

  it('with binding: own loses the promises of its own only, and they come back first', () => {
    const { wait, whole } = run(
      { ...load(10), ...lifecycle({ startFailure: 0.5 }), replication: FAILS_OWN, binding: 'own' },
      [0, 5],
      [1, 5],
    );
    // The first waits for 0-10, in vain, then 10-20; the second keeps its 1-11: waits of 20 and 10.
    expect([wait.minUs, wait.maxUs]).toEqual([10, 20]);
    expect(whole).toMatchObject({ starts: 3, waitForStartUs: 30n });
  });

  it('with binding: own sends who waited for it to a slot that has become free', () => {
    const { wait, whole } = run(
      {
        ...min(1),
        ...load(10),
        ...lifecycle({ startFailure: 0.999 }),
        binding: 'own',
        ...until(30),
      },
      [0, 5],
      [0, 5],
    );
    // The kept replica is free at 5, but the second is bound to the start 0-10, which fails: 10-15 on the kept one.
    expect(wait.maxUs).toBe(10);
    expect(whole).toMatchObject({ starts: 1, busyUs: 10n });
  });
});

/** The first request's first start fails, its second and that of the second request do not. */
const FAILS_OWN = Array.from({ length: 100 }, (_, replication) => replication).find(
  (replication) =>
    uniformOf('start/failure', 0, 0, replication) < 0.5 &&
    uniformOf('start/failure', 0, 2 ** 20, replication) >= 0.5 &&
    uniformOf('start/failure', 1, 0, replication) >= 0.5,
)!;

describe('a spell of shortage', () => {
  const spell = {
    ...min(2),
    ...load(5),
    ...until(100),
    ...window(1000),
  };
  const reclaimed = (interrupted: 'requeue' | 'fail') =>
    lifecycle({
      weather: [{ fromUs: 30, toUs: 50 }],
      preemption: { meanUs: NEVER, noticeUs: 10, inSpells: true },
      interrupted,
    });

  it('delays starts within it to its end, and those alone', () => {
    const { wait, whole } = run(
      {
        ...load(5),
        ...lifecycle({ weather: [{ fromUs: 30, toUs: 50 }] }),
        ...window(0),
        binding: 'own',
      },
      [29, 1],
      [30, 1],
      [50, 1],
    );
    // 29 + 5; 50 + 5 of the start at 30 (its capacity phase is 25 long); 50 + 5
    expect([wait.minUs, wait.maxUs, wait.sumUs]).toEqual([5, 25, 35n]);
    expect(whole.phaseUs).toEqual([35n]);
  });

  it('reclaims all: an idle one leaves at once, a busy one drains and is interrupted when its notice is over', () => {
    const { whole, mishaps, wait, latency, requests } = run(
      { ...spell, ...reclaimed('requeue') },
      [20, 25],
    );
    // One serves from 20 on, drains 30-40 and has 5 to go. Two starts of the floor at 30 are ready at 50 + 5.
    // Served anew 55-80.
    expect(mishaps).toEqual({ failedStarts: 0, preemptions: 2, crashes: 0, interrupted: 1 });
    expect(whole).toMatchObject({
      scheduledStarts: 2,
      starts: 0,
      startingUs: 50n,
      drainingUs: 10n,
      busyUs: 10n + 25n,
      // 20 + 30 before, 45 + 20 after
      idleUs: 115n,
      inServiceUs: 45n,
      waitForStartUs: 15n,
    });
    expect([wait.maxUs, latency.maxUs, requests.cold]).toEqual([35, 60, 1]);
  });

  it('or fails what is not finished', () => {
    const { requests, whole } = run({ ...spell, ...reclaimed('fail') }, [20, 25]);
    expect(requests).toMatchObject({ completed: 0, timedOut: 1 });
    expect(whole.inServiceUs).toBe(20n);
  });

  it('that returns for ever does not keep a run from ending', () => {
    const { stranded } = run(
      {
        max: 0,
        ...lifecycle({
          weather: { meanGapUs: 10, meanSpellUs: 10 },
          preemption: { meanUs: NEVER, noticeUs: 0, inSpells: true },
        }),
      },
      [0, 1],
    );
    expect(stranded).toBe(1);
  });
});

describe('a spot replica', () => {
  it('gets its notice so long after its start, while it starts too', () => {
    const meanUs = meanFor(6, uniformOf('start/notice', 0, 0));
    const { mishaps, whole } = run(
      {
        ...load(10),
        ...lifecycle({ preemption: { meanUs, noticeUs: 3, inSpells: false } }),
        queueTimeoutUs: 6,
      },
      [0, 5],
    );
    // At 6 both: the pool changes before the deadline, so that another start takes its place at 6.
    expect(mishaps.preemptions).toBeGreaterThanOrEqual(1);
    expect(mishaps.failedStarts).toBe(0);
    expect(whole.starts).toBe(2);
  });
});

describe('a crash', () => {
  const crashing = (us: number, interrupted: 'requeue' | 'fail') =>
    lifecycle({ crashMeanUs: meanFor(us, uniformOf('start/crash', 0, 0)), interrupted });

  it('interrupts what is served so long after readiness', () => {
    const { mishaps, whole, requests } = run({ ...load(10), ...crashing(30, 'fail') }, [0, 100]);
    expect(mishaps).toMatchObject({ crashes: 1, interrupted: 1, preemptions: 0 });
    expect(requests.timedOut).toBe(1);
    expect(whole).toMatchObject({ busyUs: 30n, inServiceUs: 30n, startingUs: 10n });
  });

  it('is the same luck for the same cause, whatever else a configuration does', () => {
    const served = [load(10), load(50), { ...load(10), ...window(5), concurrency: 3 }].map(
      (change) => run({ ...change, ...crashing(30, 'fail') }, [0, 100]).whole.inServiceUs,
    );
    expect(served).toEqual([30n, 30n, 30n]);
  });

  it('on a replica with several slots sends each of its requests on once, first begun first', () => {
    const { latency, mishaps, requests, whole } = run(
      {
        ...min(1),
        ...load(10),
        ...lifecycle({
          crashMeanUs: meanFor(30, uniformOf('scheduled-start/crash', -1, 0)),
        }),
        concurrency: 2,
        max: 2,
        ...until(60),
        ...window(1000),
      },
      [25, 10],
      [28, 4],
    );
    // Both are on the kept replica when it crashes at 30. The floor's start at 30 takes both at 40: 40-50 and 40-44.
    expect(mishaps).toMatchObject({ interrupted: 2, crashes: 1 });
    expect([latency.minUs, latency.maxUs, latency.sumUs]).toEqual([16, 25, 41n]);
    expect(requests.completed).toBe(2);
    expect(whole.inServiceUs).toBe(5n + 2n + 10n + 4n);
  });
});

describe('old age and rollouts', () => {
  it('a replica of maxAge finishes what it serves; the floor starts another at once', () => {
    const { whole } = run(
      { ...min(1), ...load(5), ...lifecycle({ maxAgeUs: 30 }), ...until(60) },
      [25, 10],
    );
    // Drains 30-35; the next starts at 30, is ready at 35 and would age at 65.
    expect(whole).toMatchObject({
      drainingUs: 5n,
      busyUs: 5n,
      idleUs: 25n + 25n,
      startingUs: 5n,
      scheduledStarts: 1,
    });
  });

  it('a rollout replaces all there are, starting ones too', () => {
    const { whole, wait, mishaps } = run(
      { ...min(1), ...load(10), ...lifecycle({ rolloutsUs: [20] }), ...until(60), max: 2 },
      [10, 20],
      [15, 5],
    );
    // The kept one serves 10-30, draining from 20. The start at 15 is called off at 20; that of the floor at 20 is a
    // promise too: 30-35.
    expect([wait.minUs, wait.maxUs]).toEqual([0, 15]);
    expect(whole).toMatchObject({
      starts: 1,
      scheduledStarts: 1,
      startingUs: 5n + 10n,
      drainingUs: 10n,
      waitForStartUs: 15n,
    });
    expect(mishaps).toEqual({ failedStarts: 0, preemptions: 0, crashes: 0, interrupted: 0 });
  });

  it('what two replicas do not finish at one instant is interrupted once each', () => {
    const { mishaps, latency } = run(
      {
        ...min(2),
        ...load(10),
        ...lifecycle({ rolloutsUs: [20], drainTimeoutUs: 0 }),
        concurrency: 2,
        routing: 'least-loaded',
        ...until(60),
      },
      [15, 10],
      [15, 10],
    );
    // Neither goes to the other, which ends too: 30-40 on the new ones.
    expect(mishaps.interrupted).toBe(2);
    expect([latency.minUs, latency.maxUs]).toEqual([25, 25]);
  });
});

describe('the ladder of starts', () => {
  const ways = lifecycle({
    shortcuts: [{ name: 'revived', chance: 1, phases: [fixed(2)] }],
    reviveWithinUs: 5,
  });

  it('revives a replica that left a moment ago, once; the result counts each way', () => {
    const { startPaths, wait } = run(
      { ...load(10), ...ways, ...window(5) },
      [0, 1],
      [18, 1],
      [18, 1],
      [100, 1],
    );
    // 0-10, serves to 11, leaves at 16. At 18 one is revived, 18-20; the other starts, 18-28. They leave at 26, 34.
    expect(startPaths).toEqual([
      { name: 'revived', starts: 1, ready: 1, tookUs: 2n },
      { name: 'cold', starts: 3, ready: 3, tookUs: 30n },
    ]);
    // With a shared queue the one that is ready at 20 serves the first at 20 and the second at 21: the other is unused.
    expect(wait.sumUs).toBe(10n + 2n + 3n + 10n);
  });

  it('does not revive what crashed', () => {
    const { startPaths } = run(
      {
        ...load(10),
        ...lifecycle({
          shortcuts: [{ name: 'revived', chance: 1, phases: [fixed(2)] }],
          reviveWithinUs: 5,
          crashMeanUs: meanFor(20, uniformOf('start/crash', 0, 0)),
        }),
        ...window(1000),
      },
      [0, 1],
      [32, 1],
    );
    expect(startPaths[0]).toMatchObject({ name: 'revived', starts: 0 });
  });

  it('snapshot, else cached, else cold: by chance, counted', () => {
    const chance = (replication: number) => uniformOf('start/path', 0, 0, replication);
    const shortcuts = [
      { name: 'snapshot', chance: 0.25, phases: [fixed(1)] },
      { name: 'cached', chance: 0.5, phases: [fixed(4)] },
    ];
    for (const replication of Array.from({ length: 20 }, (_, r) => r)) {
      const { startPaths } = run({ ...load(10), ...lifecycle({ shortcuts }), replication }, [0, 1]);
      // Below 1/4 the snapshot; of the rest half is cached: up to 5/8.
      const u = chance(replication);
      const taken = u < 0.25 ? 0 : u < 0.625 ? 1 : 2;
      expect(startPaths.map(({ starts }) => starts)).toEqual([0, 1, 2].map((i) => +(i === taken)));
      expect(startPaths[taken]!.tookUs).toBe([1n, 4n, 10n][taken]);
    }
  });

  it('two starts that load over one link slow each other down', () => {
    const { wait, whole } = run(
      {
        startPhases: [
          { name: 'provision', time: fixed(5) },
          { name: 'weights', time: fixed(999) },
        ],
        ...lifecycle({
          link: { phase: 1, bytes: [100], ownBytesPerUs: 10, allBytesPerUs: 10 },
        }),
        ...window(0),
      },
      [0, 100],
      [5, 1],
    );
    // The first loads from 5 on, alone until 10: 50 left. Together 5 a microsecond each: done at 20. The second then has
    // 50 left: done at 25.
    expect([wait.minUs, wait.maxUs]).toEqual([20, 20]);
    expect(whole.phaseUs).toEqual([10n, 15n + 15n]);
  });

  it('a start that is called off leaves the link to the other', () => {
    const { whole, wait } = run(
      {
        startPhases: [{ name: 'weights', time: fixed(999) }],
        ...lifecycle({
          link: { phase: 0, bytes: [100], ownBytesPerUs: 10, allBytesPerUs: 10 },
          startTimeoutUs: 16,
        }),
        queueTimeoutUs: 17,
        ...window(0),
      },
      [0, 100],
      [6, 1],
    );
    // Alone 0-6: 40 left; 5 a microsecond: done at 14. The other has got 40 by then, 60 left: done at 20.
    expect([wait.minUs, wait.maxUs]).toEqual([14, 14]);
    expect(whole.startingUs).toBe(28n);
  });
});

describe('a start that can never be over', () => {
  it('ends: who waits is stranded after 10,000 starts in vain, however many wait', () => {
    const rows = Array.from({ length: 500 }, (_, i): [number, number] => [i, 1]);
    const totals = run({ ...load(10), max: 2, ...lifecycle({ startTimeoutUs: 5 }) }, ...rows);
    expect(totals.requests).toMatchObject({ arrived: 500, completed: 0, timedOut: 500 });
    expect(totals.stranded).toBe(500);
    expect(totals.mishaps.failedStarts).toBeLessThanOrEqual(10_003);
  });
});
