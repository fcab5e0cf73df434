/** How a pool follows its controller: who leaves first, who is held, and when a run is over. Times are microseconds. */
import { describe, expect, it } from 'vitest';
import type { ControlRule, Law } from '../../../src/engine/control/control-rule.ts';
import type { Scenario } from '../../../src/engine/scenario.ts';
import { lifecycle, load, min, run, until, window } from '../../kit/small-pool.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** Looks every 10, wants one replica for each `target` of the signal at that instant, down to none. */
function control(
  { signal, target = 1, kind = 'absolute' }: Partial<Law>,
  change: Partial<ControlRule> = {},
): Pick<Scenario, 'control'> {
  const law: Law = {
    name: 'law',
    kind,
    signal: signal ?? 'in-flight',
    windowUs: 0,
    target,
    metricType: 'value',
    toleranceUp: 0,
    toleranceDown: 0,
    quantile: 1,
    covers: 1,
    step: 1,
    activation: 0,
    alarm: null,
  };
  return {
    control: {
      tickUs: 10,
      onArrival: 'never',
      onCompletion: false,
      laws: [law],
      buffer: null,
      reach: null,
      panic: null,
      stabilization: { upUs: 0, downUs: 0, pursuesLargest: false, includesEdge: true },
      rateUp: null,
      rateDown: null,
      stepDown: null,
      cooldown: { upUs: 0, downUs: 0 },
      zero: { wake: 'law', afterUs: 0, graceUs: 0, pollUs: NEVER, least: 1 },
      retires: 'target',
      stopsStarting: true,
      ...change,
    },
  };
}

describe('a controller that wants fewer', () => {
  // One is served by the kept replica for long; two wait from 5 until they give up at 17. At 10 three are in flight: two
  // starts. At 20 one is.
  const spike = { ...min(1), ...load(50), queueTimeoutUs: 12, ...until(100) };
  const requests: [number, number][] = [
    [5, 100],
    [5, 1],
    [5, 1],
  ];

  it('calls starting replicas off first', () => {
    const { whole, unusedStarts } = run({ ...spike, ...control({}) }, ...requests);
    expect(whole).toMatchObject({ starts: 2, startingUs: 20n });
    expect(unusedStarts).toBe(2);
  });

  it('or, where it may not, lets them become ready and takes the idle ones', () => {
    const { whole } = run({ ...spike, ...control({}, { stopsStarting: false }) }, ...requests);
    // Ready at 60, before the look of that instant.
    expect(whole).toMatchObject({ starts: 2, startingUs: 100n, idleUs: 5n });
  });

  it('lets busy ones finish: they drain, and take nothing more', () => {
    const { whole, requests: counts } = run(
      { floor: { atUs: [0, 25], count: [2, 0] }, ...load(5), ...control({ signal: 'waiting' }) },
      [5, 60],
      [5, 60],
    );
    // The floor goes at 25, the look at 30 wants none: both drain 30-65.
    expect(whole).toMatchObject({ idleUs: 10n, busyUs: 50n, drainingUs: 70n });
    expect(counts.completed).toBe(2);
  });

  it('or cuts them short where nothing may drain: they are tried again, and that wakes the pool', () => {
    const { whole, mishaps, latency, stranded } = run(
      {
        floor: { atUs: [0, 25], count: [1, 0] },
        ...load(5),
        ...control({ signal: 'waiting' }),
        ...lifecycle({ drainTimeoutUs: 0 }),
      },
      [15, 20],
    );
    // Served 15-30, waits to the look at 40, a start 40-45, served 45-65, but nobody waits at 50: cut again, and so on,
    // until it is given up.
    expect(mishaps.interrupted).toBeGreaterThan(10);
    expect(stranded).toBe(1);
    expect(latency.total).toBe(0);
    expect(whole.drainingUs).toBe(0n);
  });
});

describe('bounds', () => {
  it('a floor that rises is there at once, not at the next look', () => {
    const { whole } = run({
      floor: { atUs: [0, 12], count: [0, 3] },
      ...load(5),
      ...control({}),
      ...until(40),
    });
    // 12-17; the look at 20 finds them
    expect(whole).toMatchObject({ scheduledStarts: 3, startingUs: 15n, idleUs: 3n * 23n });
  });

  it('more than max is never started', () => {
    const { peakReplicas } = run(
      { ...load(5), ...control({}), max: 2, ...until(40) },
      [0, 5],
      [0, 5],
      [0, 5],
      [0, 5],
    );
    expect(peakReplicas).toBe(2);
  });

  it('idle windows do not take what a controller retires itself', () => {
    const { whole } = run({ ...min(1), ...window(1), ...control({}), ...until(40) });
    expect(whole.idleUs).toBe(40n);
  });
});

describe('idle windows under a controller', () => {
  it('take what is above the hold, and it is not started again until it is wanted', () => {
    const { whole, wait } = run(
      {
        ...load(5),
        ...window(12),
        ...control(
          { signal: 'oldest-wait', kind: 'backlog', target: 0 },
          { retires: 'idle-window' },
        ),
      },
      [5, 5],
      [55, 5],
    );
    // Look at 10: one waits. 10-15, served 15-20, idle to 32. The look at 60 finds the second: 60-65, served to 70, idle
    // to 82.
    expect(wait.sumUs).toBe(10n + 10n);
    expect(whole).toMatchObject({ starts: 2, busyUs: 10n, idleUs: 24n });
  });
});

describe('the end of a run', () => {
  it('comes though a controller holds replicas for ever', () => {
    const { horizonUs, whole } = run(
      { ...load(5), ...control({ kind: 'fixed', target: 2 }), ...until(100) },
      [3, 1],
    );
    // 10-15, then there to the end of the period
    expect(horizonUs).toBe(100);
    expect(whole).toMatchObject({ starts: 2, busyUs: 1n, idleUs: 2n * 85n - 1n });
  });

  it('comes though what it holds is replaced for ever', () => {
    const { horizonUs, whole } = run(
      {
        ...load(5),
        ...control({ kind: 'fixed', target: 1 }),
        ...lifecycle({ maxAgeUs: 7 }),
        ...until(100),
      },
      [3, 1],
    );
    expect(horizonUs).toBe(100);
    // 10-15-22, 22-27-34, ... 94-99-100
    expect(whole).toMatchObject({ starts: 8, startingUs: 40n, busyUs: 1n, idleUs: 49n });
  });

  it('comes though it never wakes: who waits is timed out', () => {
    const never = { wake: 'never' as const, afterUs: 0, graceUs: 0, pollUs: NEVER, least: 1 };
    const { stranded, horizonUs, whole } = run(
      { ...load(5), ...control({}, { zero: never }), ...until(100) },
      [3, 1],
    );
    expect([stranded, horizonUs]).toEqual([1, 100]);
    expect(whole).toMatchObject({ starts: 0, waitForLimitUs: 97n });
  });

  it('shows in the time line what was wanted and why', () => {
    const { timeline } = run(
      { ...load(5), ...control({}), timelineUs: 10, ...until(40) },
      [3, 20],
      [3, 1],
    );
    // A reading at a look's instant comes before it: nothing at 10; at 10 two are in flight; at 20 one; none at 40.
    expect([...timeline!.controlled!.desired].slice(0, 3)).toEqual([0, 2, 1]);
    expect([...timeline!.controlled!.signal].slice(0, 3).map(Math.abs)).toEqual([0, 2, 1]);
  });
});
