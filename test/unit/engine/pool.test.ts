/** The rules of a pool, one by one, on scenarios small enough to work out on paper. Times are microseconds. */
import { describe, expect, it } from 'vitest';
import { fixed } from '../../../src/engine/distribution.ts';
import { Pool } from '../../../src/engine/pool.ts';
import type { MeterRule, Retries, Scenario } from '../../../src/engine/scenario.ts';
import type { RunTotals } from '../../../src/engine/totals.ts';
import { PLAIN } from '../../kit/random-scenario.ts';
import { runPool } from '../../kit/run-pool.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** @param requests [arrival, service] */
function run(change: Partial<Scenario>, ...requests: [number, number][]): RunTotals {
  return runPool(
    { ...PLAIN, ...change },
    requests.map(([arrivalUs, serviceUs]) => ({ arrivalUs, serviceUs })),
  );
}

/** A cold start of one phase, windows, a floor: what most scenarios are about. */
function load(us: number): Pick<Scenario, 'startPhases'> {
  return { startPhases: [{ name: 'load', time: fixed(us) }] };
}

function window(us: number): Pick<Scenario, 'idleWindowUs' | 'unusedWindowUs'> {
  return { idleWindowUs: us, unusedWindowUs: us };
}

function min(count: number): Pick<Scenario, 'floor'> {
  return { floor: { atUs: [0], count: [count] } };
}

function until(toUs: number): Pick<Scenario, 'period'> {
  return { period: { fromUs: 0, toUs } };
}

const METER: MeterRule = {
  idle: true,
  busy: true,
  draining: false,
  phases: [true],
  quantumUs: 1,
  minimumUs: 0,
  scope: 'replica',
  minuteOffsetUs: 0,
};

function retries(change: Partial<Retries>): Pick<Scenario, 'client'> {
  const rule: Retries = {
    max: 3,
    backoffUs: 2,
    factor: 2,
    jitter: 'none',
    onRejected: true,
    onTimedOut: true,
    ...change,
  };
  return { client: { retries: rule, patienceUs: NEVER, cancels: false } };
}

describe('rule 1: the minimum at time 0', () => {
  it('is ready, counts in no start, and is kept and paid to the end of the period', () => {
    const { whole, peakReplicas, horizonUs } = run({ ...min(2), ...until(100) });
    expect(whole).toMatchObject({ starts: 0, idleUs: 200n, idleKeptUs: 200n, startingUs: 0n });
    expect([peakReplicas, horizonUs]).toEqual([2, 100]);
  });
});

describe('rule 2: routing', () => {
  // Three replicas A, B, C from time 0; the floor falls to 0 at 1, so each leaves 10 after its last service, or at 10.
  const three = { floor: { atUs: [0, 1], count: [3, 0] }, ...window(10) };
  const readyUs = ({ whole }: RunTotals): bigint => whole.idleUs + whole.busyUs;

  it.each([
    // C 2-5, B 3-8, then B (8 is later than 5) until 10: A 10 + B 20 + C 15
    ['most-recent', 45n],
    // C 2-5, B 3-8, then C: A 10 + B 18 + C 20
    ['newest', 48n],
    // A 2-5, B 3-8, then A: A 20 + B 18 + C 10
    ['oldest', 48n],
    // A 2-5, B 3-8, then C, idle since 0: A 15 + B 18 + C 20
    ['least-recent', 53n],
    // A, B, C in turn
    ['round-robin', 53n],
    // all idle at 9, so the oldest, A
    ['least-loaded', 48n],
  ] as const)('%s', (routing, expected) => {
    expect(readyUs(run({ ...three, routing }, [2, 3], [3, 5], [9, 1]))).toBe(expected);
  });

  it.each([
    // A 0-5, B 1-2, C 3-4, then A again until 7: A 17 + B 12 + C 14
    ['round-robin', 43n],
    // ... then B, idle since 2, until 7: A 15 + B 17 + C 14
    ['least-recent', 46n],
  ] as const)('%s goes by turns or by idleness', (routing, expected) => {
    expect(readyUs(run({ ...three, routing }, [0, 5], [1, 1], [3, 1], [6, 1]))).toBe(expected);
  });

  it.each([
    // A serves 2-6; B starts at 3, is ready at 5, serves 5-6. At 8 both have been idle since 6. One of them serves 8-9
    // and leaves at 19, the other at 16. If B: lives of 16 and 19 - 3 = 16, each a quantum of 18.
    ['most-recent', 36n],
    ['newest', 36n],
    // If A: 19 is two quanta, 16 - 3 = 13 is one.
    ['least-recent', 54n],
    ['oldest', 54n],
    ['least-loaded', 54n],
    ['round-robin', 54n],
  ] as const)('%s, of two with their last event at one time', (routing, paidUs) => {
    const { whole } = run(
      {
        floor: { atUs: [0, 1], count: [1, 0] },
        ...load(2),
        ...window(10),
        routing,
        meters: [{ ...METER, quantumUs: 18 }],
      },
      [2, 4],
      [3, 1],
      [8, 1],
    );
    expect(whole.meters[0]!.paidUs).toBe(paidUs);
  });

  it.each([
    // A 0-10 and B 1-11
    ['least-loaded', 20n],
    // both on A: busy 0-11, the union
    ['oldest', 11n],
  ] as const)('%s with two slots a replica', (routing, busyUs) => {
    const { whole } = run({ ...min(2), concurrency: 2, routing }, [0, 10], [1, 10]);
    expect(whole).toMatchObject({ busyUs, inServiceUs: 20n });
  });
});

describe('rule 3: promises', () => {
  it('with one slot each waiting request beyond the starting replicas starts one', () => {
    const { whole, wait } = run({ ...load(10) }, [0, 5], [1, 5], [2, 5]);
    expect(whole.starts).toBe(3);
    expect(wait.sumUs).toBe(30n);
  });

  it('with three slots one boot serves three, and the fourth starts another', () => {
    // X: 0-10 serves the first three (waits 10, 9, 8); Y: 3-13 serves the fourth (wait 10).
    const { whole, wait } = run({ ...load(10), concurrency: 3 }, [0, 5], [1, 5], [2, 5], [3, 5]);
    expect(whole).toMatchObject({ starts: 2, waitForStartUs: 37n, waitForLimitUs: 0n });
    expect(wait.sumUs).toBe(37n);
  });

  // A is ready and serves 0-4; the request of 1 starts B, which is ready at 11.
  const busyA = { ...min(1), ...load(10), ...window(5) };

  it('shared: the first free slot takes it, whoever was started for it', () => {
    // A is free at 4: a wait of 3, on a replica that was ready. B serves nobody: idle 11-16.
    const { wait, requests, unusedStarts, whole } = run(busyA, [0, 4], [1, 1]);
    expect(wait.sumUs).toBe(3n);
    expect(requests.cold).toBe(0);
    expect(unusedStarts).toBe(1);
    expect(whole.starts).toBe(1);
  });

  it('own: it waits for the slot promised to it, while others pass on free slots', () => {
    // The request of 1 begins on B at 11, cold; that of 5 takes A at once.
    const { wait, requests, unusedStarts } = run(
      { ...busyA, binding: 'own' },
      [0, 4],
      [1, 1],
      [5, 1],
    );
    expect(wait.sumUs).toBe(10n);
    expect(requests.cold).toBe(1);
    expect(unusedStarts).toBe(0);
  });
});

describe('rule 4: a start that becomes allowed', () => {
  it('goes to the longest-waiting at the instant of the token', () => {
    // The first starts at 0 and is served at 2. The next token comes at 10: the second has a promise from then to 12.
    const { whole } = run(
      { ...load(2), startRate: { count: 1, periodUs: 10 } },
      [0, 100],
      [1, 100],
    );
    expect(whole).toMatchObject({ starts: 2, waitForStartUs: 4n, waitForLimitUs: 9n });
  });

  it('a rate below one a period gives a start whenever one has come together', () => {
    // The second start at 20, the third at 40; each is ready at once.
    const { wait } = run(
      { ...load(0), startRate: { count: 0.5, periodUs: 10 } },
      [0, 100],
      [0, 100],
      [0, 100],
    );
    expect(wait.sumUs).toBe(60n);
  });

  it.each(['shared', 'own'] as const)('a deadline frees a promise for the next (%s)', (binding) => {
    // X starts at 0 for the first, which gives up at 5; the second has the promise from 5 until it gives up at 6.
    const { whole, requests, unusedStarts } = run(
      { ...load(10), max: 1, queueTimeoutUs: 5, binding },
      [0, 1],
      [1, 1],
    );
    expect(whole).toMatchObject({ starts: 1, waitForStartUs: 6n, waitForLimitUs: 4n });
    expect(requests.timedOut).toBe(2);
    expect(unusedStarts).toBe(1);
  });

  it.each(['shared', 'own'] as const)(
    "a schedule's start promises its slots too (%s)",
    (binding) => {
      // The first takes the only token, waits 0-5. The schedule takes that of 10: the second waits 10 for it, then 5 more.
      const { whole } = run(
        {
          floor: { atUs: [0, 10], count: [0, 2] },
          ...load(5),
          startRate: { count: 1, periodUs: 10 },
          binding,
        },
        [0, 20],
        [0, 20],
      );
      expect(whole).toMatchObject({ starts: 1, scheduledStarts: 1 });
      expect(whole).toMatchObject({ waitForStartUs: 10n, waitForLimitUs: 10n });
    },
  );
});

describe('rule 5: admission', () => {
  it('a limit refuses who finds so many waiting, bound or not; a refused request starts nothing', () => {
    const { requests, whole } = run({ ...load(10), queueLimit: 1 }, [0, 1], [1, 1]);
    expect(requests).toMatchObject({ completed: 1, rejected: 1 });
    expect(whole.starts).toBe(1);
  });

  it('none lets wait who has a promise', () => {
    const none = { ...load(10), queueLimit: 0 };
    expect(run(none, [0, 1], [1, 1]).requests.completed).toBe(2);
    expect(run({ ...none, max: 1 }, [0, 1], [1, 1]).requests.rejected).toBe(1);
    expect(run({ ...none, max: 1, concurrency: 2 }, [0, 1], [1, 1]).requests.completed).toBe(2);
  });
});

describe('rule 6: a freed slot', () => {
  it('takes the head of the queue at once, and the arrival of that instant waits behind it', () => {
    // 0-4 the first, 4-8 the second (wait 3), 8-12 the third, which came at 4 (wait 4).
    const { wait, horizonUs } = run({ ...min(1), max: 1 }, [0, 4], [1, 4], [4, 4]);
    expect(wait.sumUs).toBe(7n);
    expect(horizonUs).toBe(12);
  });

  it('is free for an arrival of the instant at which a service ends', () => {
    const { requests } = run({ ...min(1), max: 1, queueLimit: 0 }, [0, 4], [4, 4]);
    expect(requests.completed).toBe(2);
  });
});

describe('rule 7: a deadline', () => {
  it('at the instant at which the replica is ready the request is served', () => {
    const { requests, wait } = run({ ...load(10), queueTimeoutUs: 10 }, [0, 1]);
    expect(requests.completed).toBe(1);
    expect(wait.sumUs).toBe(10n);
  });

  it('before it the request is gone; the start that it caused goes on', () => {
    // Starts 0-10, idle 10-15.
    const { requests, whole, unusedStarts, horizonUs } = run(
      { ...load(10), ...window(5), queueTimeoutUs: 9 },
      [0, 1],
    );
    expect(requests.timedOut).toBe(1);
    expect(whole).toMatchObject({ startingUs: 10n, idleUs: 5n });
    expect([unusedStarts, horizonUs]).toEqual([1, 15]);
  });

  it('passes the bound slot on', () => {
    // The first is bound 0-8; the second waits 3-8 without a promise, 8-10 with it.
    const { requests, whole, wait } = run(
      { ...load(10), max: 1, queueTimeoutUs: 8, binding: 'own' },
      [0, 1],
      [3, 1],
    );
    expect(requests).toMatchObject({ completed: 1, timedOut: 1 });
    expect(whole).toMatchObject({ waitForStartUs: 10n, waitForLimitUs: 5n });
    expect(wait.sumUs).toBe(7n);
  });
});

describe('rule 8: idle windows and the floor', () => {
  it.each([
    [16, 1],
    [17, 2],
  ])('the window ends at 16: an arrival at %i makes %i starts', (arrivalUs, starts) => {
    // Starts 0-5, serves 5-6, idle from 6 for 10.
    const { whole } = run({ ...load(5), ...window(10) }, [0, 1], [arrivalUs, 1]);
    expect(whole.starts).toBe(starts);
  });

  // A serves 20-21 and 21-22, and is idle from 22; its window ends at 32, but the floor of 1 holds it, since B, started
  // at 20, is not ready before 50.
  const held = { ...min(1), ...load(30), ...window(10), ...until(100) };

  it('a starting replica does not hold the floor; who was held leaves when ready rises above it', () => {
    // A idle 0-20 and 22-50; B idle 50-100, held by the floor.
    const { whole, horizonUs } = run(held, [20, 1], [20, 1]);
    expect(whole).toMatchObject({ idleUs: 98n, idleKeptUs: 98n, starts: 1 });
    expect(horizonUs).toBe(100);
  });

  it('even if the new one takes work at once', () => {
    // Own: B is bound to the second request and serves it 50-60; A, idle from 21, leaves at 50.
    const { whole } = run({ ...held, binding: 'own' }, [20, 1], [20, 10]);
    expect(whole).toMatchObject({ idleUs: 89n, busyUs: 11n });
  });

  it('an arrival of that instant may still use it', () => {
    // A serves 50-55 and is idle from then, B since 50: B's window ends first, at 60; A stays. Idle: 20 + 28 + 45 + 10.
    const { whole } = run({ ...held, routing: 'least-recent' }, [20, 1], [20, 1], [50, 5]);
    expect(whole).toMatchObject({ idleUs: 103n, busyUs: 7n, starts: 1 });
  });

  it('of two idle since one instant the first to have become idle leaves first', () => {
    // B is ready at 5 and idle; then A serves a request of no length, and is idle from 5 too. The floor falls to 1 at 20:
    // B leaves, so the request of 30 is A's and B never served.
    const { unusedStarts } = run(
      {
        floor: { atUs: [0, 1, 20], count: [1, 2, 1] },
        ...load(4),
        idleWindowUs: 3,
        unusedWindowUs: 4,
        routing: 'oldest',
      },
      [5, 0],
      [30, 1],
    );
    expect(unusedStarts).toBe(1);
  });

  it('a replica that never served has a window of its own', () => {
    // As in rule 7: ready at 10 with nobody left to serve.
    const { whole } = run(
      { ...load(10), idleWindowUs: 50, unusedWindowUs: 5, queueTimeoutUs: 9 },
      [0, 1],
    );
    expect(whole.idleUs).toBe(5n);
  });

  it('without end it keeps what has started, and the run ends with its last request', () => {
    const { horizonUs, whole } = run({ ...load(3), ...window(NEVER) }, [0, 5], [20, 5]);
    expect(horizonUs).toBe(25);
    expect(whole).toMatchObject({ starts: 1, idleUs: 12n });
  });
});

describe('rule 9: cold requests', () => {
  it('with no load time a request is cold, waits 0, and its replica counts as started', () => {
    const { requests, whole, wait, latency } = run({ ...load(0) }, [0, 5]);
    expect(requests.cold).toBe(1);
    expect(whole.starts).toBe(1);
    expect([wait.maxUs, latency.maxUs]).toEqual([0, 5]);
  });

  it('at one instant readiness comes before an arrival, so that one is warm', () => {
    const twoSlots = { concurrency: 2 };
    expect(run({ ...load(5), ...twoSlots }, [0, 1], [5, 1]).requests.cold).toBe(1);
    // No load time: the first arrival's replica is ready before the second arrives.
    expect(run({ ...load(0), ...twoSlots }, [0, 1], [0, 1]).requests.cold).toBe(1);
  });
});

describe('rule 10: time', () => {
  it('busy is the union, request time the sum', () => {
    const { whole } = run({ ...min(1), concurrency: 2 }, [0, 4], [2, 4]);
    expect(whole).toMatchObject({ busyUs: 6n, inServiceUs: 8n });
  });

  it('overhead adds to the latency alone, slotOverhead to the service', () => {
    const { latency, wait, horizonUs, whole } = run(
      { ...min(1), overheadUs: 3, slotOverheadUs: 2 },
      [0, 4],
    );
    expect([latency.maxUs, wait.maxUs, horizonUs]).toEqual([9, 0, 6]);
    expect(whole.busyUs).toBe(6n);
  });

  it('peak counts starting and ready', () => {
    expect(run({ ...min(1), ...load(9) }, [0, 5], [0, 5], [0, 5]).peakReplicas).toBe(3);
  });
});

describe('a schedule of the floor', () => {
  it('starts at its beginning, which counts as scheduled, and lets go at its end', () => {
    // Starts 10-15, idle from 15; its window ends at 20, the floor holds it until 30.
    const { whole, unusedStarts, horizonUs } = run({
      floor: { atUs: [0, 10, 30], count: [0, 1, 0] },
      ...load(5),
      ...window(5),
      ...until(40),
    });
    expect(whole).toMatchObject({ starts: 0, scheduledStarts: 1, startingUs: 5n, idleUs: 15n });
    expect(whole.idleKeptUs).toBe(15n);
    expect([unusedStarts, horizonUs]).toEqual([1, 40]);
  });

  it('starts no more than what is missing, starting ones included', () => {
    // One is starting for the request when the floor rises to 2.
    const { whole } = run(
      { floor: { atUs: [0, 3], count: [0, 2] }, ...load(5), ...until(20) },
      [0, 1],
    );
    expect(whole).toMatchObject({ starts: 1, scheduledStarts: 1 });
  });
});

describe('clients and limits on service', () => {
  it('executionTimeout ends what is longer, at its cost; what is just as long completes', () => {
    const limited = { ...min(1), executionTimeoutUs: 5 };
    const { requests, whole } = run(limited, [0, 8]);
    expect(requests.timedOut).toBe(1);
    expect(whole.busyUs).toBe(5n);
    expect(run(limited, [0, 5]).requests.completed).toBe(1);
  });

  it('a timed-out attempt is tried again after the backoff', () => {
    // 0-5, and after a backoff of 2 7-12.
    const { requests, whole, horizonUs } = run(
      { ...min(1), executionTimeoutUs: 5, ...retries({ max: 1 }) },
      [0, 8],
    );
    expect(requests).toMatchObject({ arrived: 1, timedOut: 1, retries: 1 });
    expect(whole).toMatchObject({ busyUs: 10n, attempts: 2 });
    expect(horizonUs).toBe(12);
  });

  const oneReplica = { ...min(1), max: 1, queueLimit: 0 };

  it('latency and wait run from the first attempt, and backoff is no waiting in the system', () => {
    // The second is refused at 1 and at 1 + 2 = 3, served at 3 + 4 = 7.
    const { requests, wait, latency, whole } = run(
      { ...oneReplica, ...retries({}) },
      [0, 4],
      [1, 1],
    );
    expect(requests).toMatchObject({ completed: 2, rejected: 0, retries: 2 });
    expect([wait.maxUs, latency.maxUs]).toEqual([6, 7]);
    expect(whole.waitForStartUs + whole.waitForLimitUs).toBe(0n);
  });

  it("the trace's arrivals come before retries of the same instant", () => {
    // At 7 the third arrives first; the second is refused a third time, and its last attempt, at 7 + 8 = 15, is served.
    const { requests, wait } = run({ ...oneReplica, ...retries({}) }, [0, 4], [1, 1], [7, 1]);
    expect(requests).toMatchObject({ completed: 3, retries: 3 });
    expect(wait.maxUs).toBe(14);
  });

  const impatient = (cancels: boolean): Partial<Scenario> => ({
    ...min(1),
    client: { retries: null, patienceUs: 5, cancels },
  });

  it('a client that has gone makes a request late; its service goes on and is paid', () => {
    const { requests, whole } = run(impatient(false), [0, 8]);
    expect(requests).toMatchObject({ completed: 1, late: 1, timedOut: 0 });
    expect(whole.busyUs).toBe(8n);
    expect(run(impatient(false), [0, 5]).requests.late).toBe(0);
  });

  it('a platform that cancels ends it as timed out, and the slot is free', () => {
    // The second waits from 1, begins at 5 when the first is ended, and is ended itself at 1 + 5 = 6.
    const { requests, whole } = run({ ...impatient(true), max: 1 }, [0, 8], [1, 8]);
    expect(requests).toMatchObject({ completed: 0, timedOut: 2 });
    expect(whole.busyUs).toBe(6n);
  });
});

describe('meters', () => {
  const paid = (totals: RunTotals): (number | bigint)[] => [
    totals.whole.meters[0]!.usedUs,
    totals.whole.meters[0]!.paidUs,
  ];

  it('round up each life, and charge the minimum for one of no length', () => {
    // Starts 0-3, serves 3-5, idle 5-7: 7, in quanta of 5.
    const meters = [{ ...METER, quantumUs: 5 }];
    expect(paid(run({ ...load(3), ...window(2), meters }, [0, 2]))).toEqual([7n, 10n]);
    const minimum = [{ ...METER, minimumUs: 60 }];
    expect(paid(run({ ...load(0), ...window(0), meters: minimum }, [0, 0]))).toEqual([0n, 60n]);
  });

  it('by the minute round up each calendar minute that a life touches', () => {
    // 50 s to 70 s by the clock of time 0; with time 0 at 45 s past the minute, 95 s to 115 s: one minute.
    const life = { ...load(0), ...window(10e6) };
    const by = (minuteOffsetUs: number): MeterRule[] => [
      { ...METER, scope: 'minute', quantumUs: 60e6, minuteOffsetUs },
    ];
    expect(paid(run({ ...life, meters: by(0) }, [50e6, 10e6]))).toEqual([
      20_000_000n,
      120_000_000n,
    ]);
    expect(paid(run({ ...life, meters: by(45e6) }, [50e6, 10e6]))).toEqual([
      20_000_000n,
      60_000_000n,
    ]);
  });

  it('count the minimum of the replicas of time 0 within the period', () => {
    const meters = [{ ...METER, minimumUs: 60 }];
    const { observed } = run({ ...min(2), ...until(20), meters });
    expect(observed.meters[0]).toEqual({ usedUs: 40n, paidUs: 120n });
  });

  it('by the request count a service when it ends', () => {
    // 0-5 within the period of 8, 6-10 after it.
    const meters = [{ ...METER, scope: 'request' as const, quantumUs: 3 }];
    const { observed, whole } = run({ ...min(2), ...until(8), meters }, [0, 5], [6, 4]);
    expect(observed.meters[0]).toEqual({ usedUs: 5n, paidUs: 6n });
    expect(whole.meters[0]).toEqual({ usedUs: 9n, paidUs: 12n });
  });

  it('may use, in a part of a run, what rounding has paid before', () => {
    // A life of 0-10 in one quantum of 100, of which `measure` sees the second half.
    const { whole } = run({
      ...min(1),
      ...until(10),
      measure: { fromUs: 5, toUs: 10 },
      meters: [{ ...METER, quantumUs: 100 }],
    });
    expect(whole.meters[0]).toEqual({ usedUs: 5n, paidUs: 0n });
  });
});

describe('what a run reports besides', () => {
  it('counts requests at or below a threshold, late ones apart', () => {
    const { withinLatency, withinWait } = run(
      {
        ...min(1),
        max: 1,
        client: { retries: null, patienceUs: 9, cancels: false },
        latencyThresholdsUs: [4, 8, 100],
        waitThresholdsUs: [0, 3, 100],
      },
      [0, 4], // latency 4
      [1, 4], // wait 3, latency 7
      [2, 4], // wait 6, latency 10: late
    );
    expect(withinLatency).toEqual([1, 2, 2]);
    expect(withinWait).toEqual([1, 2, 2]);
  });

  it('a time line of means, its last interval cut by the horizon', () => {
    // Starts 0-3, serves 3-7, idle 7-10; the second request waits 5-7 and serves 7-8, so idle 8-11.
    const { timeline } = run({ ...load(3), ...window(3), max: 1, timelineUs: 4 }, [0, 4], [5, 1]);
    expect(timeline).toEqual({
      intervalUs: 4,
      starting: Float64Array.of(3 / 4, 0, 0),
      busy: Float64Array.of(1 / 4, 1, 0),
      draining: Float64Array.of(0, 0, 0),
      controlled: null,
      idle: Float64Array.of(0, 0, 1),
      waiting: Float64Array.of(3 / 4, 2 / 4, 0),
    });
  });

  it('measure counts requests by their arrival and cuts integrals, and leaves the run as it is', () => {
    // A serves 0-4, 6-9, 12-14; of [5, 13): arrivals at 6 and 12, busy 6-9 and 12-13.
    const { requests, whole, observedUs, horizonUs } = run(
      { ...min(1), measure: { fromUs: 5, toUs: 13 } },
      [0, 4],
      [6, 3],
      [12, 2],
    );
    expect(requests).toMatchObject({ arrived: 2, completed: 2 });
    expect(whole).toMatchObject({ busyUs: 4n, idleUs: 4n, completed: 1 });
    expect([observedUs, horizonUs]).toEqual([8, 14]);
  });

  it('refuses a chunk from the past: a fault, not a guess', () => {
    const pool = new Pool(PLAIN);
    const chunk = (us: number) => ({
      count: 1,
      arrivalUs: Float64Array.of(us),
      serviceUs: Float64Array.of(1),
    });
    pool.advance(chunk(10));
    expect(() => pool.advance(chunk(9))).toThrow('chunks come in order of time');
  });
});
