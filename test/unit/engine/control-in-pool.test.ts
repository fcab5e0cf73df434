/** Controllers in the pool that they scale. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixed } from '../../../src/engine/distribution.ts';
import type { Scenario } from '../../../src/engine/scenario.ts';
import { PLAIN, traceArbitrary } from '../../kit/random-scenario.ts';
import { runPool } from '../../kit/run-pool.ts';
import { BLOCKS, ruleOf } from '../../kit/scaling-rules.ts';

const S = 1_000_000;

function scenarioOf(id: string, change: Partial<Scenario>): Scenario {
  const { concurrency = 1, floor, max = 100 } = change;
  const least = floor?.count[0] ?? 0;
  const control = ruleOf(id, { concurrency, floor: least, max });
  return { ...PLAIN, idleWindowUs: 60 * S, unusedWindowUs: 60 * S, ...change, max, control };
}

describe('a controlled pool', () => {
  it("follows the hand-worked time line of Knative's burst", () => {
    const scenario = scenarioOf('knative-kpa', {
      concurrency: 10,
      startPhases: [{ name: 'load', time: fixed(5 * S) }],
      timelineUs: S,
      period: { fromUs: 0, toUs: 80 * S },
    });
    // 35 come at 0.5. The replica of 0.5 takes 10 of them at 5.5, those of second 2 the others at 7; all end at 10.
    const trace = Array.from({ length: 35 }, (_, i) => ({
      arrivalUs: 0.5 * S,
      serviceUs: i < 10 ? 4.5 * S : 3 * S,
    }));
    const { timeline, whole } = runPool(scenario, trace);
    const { desired, signal } = timeline!.controlled!;
    const moves = [...desired].flatMap((count, i) =>
      count === (desired[i - 1] ?? 0) ? [] : [[i, Number(signal[i]!.toFixed(4)), count]],
    );
    expect(moves).toEqual([
      [0, 1, 1],
      [2, 35, 5],
      [68, 1.1667, 2],
      [70, 0, 1],
      [72, 0, 0],
    ]);
    expect(whole.starts).toBe(5);
    // 10 s after the burst nothing is left of it: 5 to 68, 2 to 70, 1 to 72.
    expect(whole.startingUs).toBe(BigInt(25 * S));
    expect(whole.idleUs + whole.busyUs).toBe(
      BigInt((68 - 7) * 5 * S + 1.5 * S + 2 * 2 * S + 2 * S),
    );
  });

  it.each(['kubernetes-hpa', 'together', 'sagemaker', 'baseten'])(
    '%s: what is desired begins at the floor, before the first look',
    (id) => {
      const floor = { atUs: [0], count: [3] };
      const period = { fromUs: 0, toUs: 10 * S };
      const { timeline } = runPool(scenarioOf(id, { floor, period, timelineUs: S }), []);
      expect([...timeline!.controlled!.desired].slice(0, 10)).toEqual(Array(10).fill(3));
    },
  );

  describe('of events alone', () => {
    const load = [{ name: 'load', time: fixed(20 * S) }];
    const period = { fromUs: 0, toUs: 60 * S };
    const desired = (change: Partial<Scenario>, trace: Parameters<typeof runPool>[1]) => {
      const scenario = scenarioOf('modal', { period, timelineUs: S, startPhases: load, ...change });
      const control = { ...scenario.control!, retires: 'target' as const, stopsStarting: true };
      const { timeline, whole } = runPool({ ...scenario, control }, trace);
      return { desired: [...timeline!.controlled!.desired], whole };
    };

    it('looks when the floor falls: nobody is kept', () => {
      const floor = { atUs: [0, 30 * S], count: [3, 1] };
      const found = desired({ floor }, []);
      // 3 until 30, 1 from then on.
      expect([0, 29, 30, 59].map((second) => found.desired[second])).toEqual([3, 3, 1, 1]);
      expect(found.whole.idleUs).toBe(BigInt((3 * 30 + 30) * S));
    });

    it('looks when a waiting request gives up: nothing is started for it any more', () => {
      // Comes at 5, gives up at 15; the replica would be ready at 25.
      const trace = [{ arrivalUs: 5 * S, serviceUs: S }];
      const found = desired({ queueTimeoutUs: 10 * S }, trace);
      expect([4, 5, 14, 15, 30].map((second) => found.desired[second])).toEqual([0, 1, 1, 0, 0]);
      expect(found.whole.startingUs).toBe(BigInt(10 * S));
      expect(found.whole.idleUs).toBe(0n);
    });
  });

  it('ends, with every request accounted for, whatever the rule', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(BLOCKS)),
        traceArbitrary(S),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom(0, Number.POSITIVE_INFINITY),
        (id, trace, least, queueLimit) => {
          const floor = { atUs: [0, 30 * S], count: [least, 0] };
          const load = [{ name: 'load', time: fixed(7 * S) }];
          const scenario = scenarioOf(id, { floor, queueLimit, startPhases: load, concurrency: 2 });
          const { requests, peakReplicas } = runPool(scenario, trace);
          const { arrived, completed, rejected, timedOut } = requests;
          expect(arrived).toBe(trace.length);
          expect(completed + rejected + timedOut).toBe(arrived);
          expect(peakReplicas).toBeLessThanOrEqual(100);
        },
      ),
      { numRuns: 150 },
    );
  });
});
