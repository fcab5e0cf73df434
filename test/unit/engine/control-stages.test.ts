/** The stages of a controller alone, against what a direct reading of their definitions gives. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Alarm } from '../../../src/engine/control/alarm.ts';
import { Cooldown } from '../../../src/engine/control/cooldown.ts';
import { memoryUsOf } from '../../../src/engine/control/memory.ts';
import { RateLimit } from '../../../src/engine/control/rate-limit.ts';
import { SignalWindow } from '../../../src/engine/control/signal-window.ts';
import { StepDown } from '../../../src/engine/control/step-down.ts';
import { wholeDown, wholeUp } from '../../../src/engine/control/whole.ts';
import { WishWindow } from '../../../src/engine/control/wish-window.ts';
import { BLOCKS, ruleOf } from '../../kit/scaling-rules.ts';
import { ScriptedPool } from '../../kit/scripted-pool.ts';

const S = 1_000_000;

describe('whole replicas', () => {
  it('what differs from a whole number by rounding of doubles alone is that number', () => {
    // 2.1 / (3 x 0.7) is 1.0000000000000002 in doubles.
    expect(wholeUp(2.1 / (3 * 0.7))).toBe(1);
    expect(wholeUp(1.000001)).toBe(2);
    expect(wholeUp(0)).toBe(0);
    // 10 x (1 - 0.9) is 0.9999999999999998.
    expect(wholeDown(10 * (1 - 0.9))).toBe(1);
  });
});

describe('windows of a signal', () => {
  it('growth since the mark at the window start; between ticks since the first mark within the window', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 9 }),
        (steps, ticks, offTick) => {
          const window = new SignalWindow(8 * 10, 10);
          let figure = 0;
          const marks = [[0, 0]];
          steps.forEach((step, i) => {
            figure += step;
            marks.push([(i + 1) * 10, figure]);
            window.record((i + 1) * 10, figure);
          });
          const nowUs = steps.length * 10 + offTick;
          const from = marks.find(([atUs]) => atUs! >= nowUs - ticks * 10)!;
          expect(window.growth(nowUs, ticks * 10, figure + 3)).toBe(figure + 3 - from[1]!);
          expect(window.spanUs).toBe(nowUs - from[0]!);
        },
      ),
    );
  });

  it('a restart forgets what was before', () => {
    const window = new SignalWindow(60, 10);
    for (let i = 1; i <= 20; i++) window.record(i * 10, i * 100);
    window.restart(203, 2000);
    expect(window.growth(203, 60, 2000)).toBe(0);
    expect(window.spanUs).toBe(0);
    window.record(210, 2070);
    expect(window.growth(210, 60, 2070)).toBe(70);
    expect(window.spanUs).toBe(7);
  });
});

describe('windows of wishes', () => {
  it('the largest of those younger than the window', () => {
    const gap = fc.integer({ min: 0, max: 12 });
    const wish = fc.integer({ min: -5, max: 5 });
    fc.assert(
      fc.property(fc.array(fc.tuple(gap, wish), { maxLength: 200 }), (steps) => {
        const window = new WishWindow(30);
        const all: [number, number][] = [];
        let nowUs = 0;
        for (const [gapUs, value] of steps) {
          nowUs += gapUs;
          all.push([nowUs, value]);
          const within = all.filter(([atUs]) => atUs > nowUs - 30).map(([, other]) => other);
          expect(window.record(nowUs, value)).toBe(Math.max(...within));
        }
      }),
    );
  });
});

describe('rates', () => {
  const twoWays = {
    policies: [
      { kind: 'percent', value: 50, periodUs: 60 * S },
      { kind: 'replicas', value: 3, periodUs: 60 * S },
    ],
  } as const;

  it('max takes the policy that allows most, min the least, disabled none; down as up', () => {
    const limitOf = (select: 'max' | 'min' | 'disabled', wish: number) =>
      new RateLimit({ ...twoWays, select }, { ...twoWays, select }).apply(0, wish, 4);
    // Up from 4: +50 % is 6, +3 is 7. Down from 4: -50 % is 2, -3 is 1.
    expect([limitOf('max', 99), limitOf('min', 99), limitOf('disabled', 99)]).toEqual([7, 6, 4]);
    expect([limitOf('max', 0), limitOf('min', 0), limitOf('disabled', 0)]).toEqual([1, 2, 4]);
    expect(limitOf('max', 5)).toBe(5);
  });

  it('counts from the replicas at the start of the period; a change exactly a period old is outside', () => {
    const rates = new RateLimit({ ...twoWays, select: 'max' }, null);
    expect(rates.apply(0, 99, 4)).toBe(7);
    rates.record(0, 3);
    // Still 4 at the start of (-30, 30].
    expect(rates.apply(30 * S, 99, 7)).toBe(7);
    // ceil(7 x 1.5) = 11
    expect(rates.apply(60 * S, 99, 7)).toBe(11);
    for (let i = 0; i < 100; i++) rates.record((61 + i) * S, 1);
    // 60 changes in (100, 160]: from 107 - 60 = 47, ceil(47 x 1.5) = 71, not below what there is.
    expect(rates.apply(160 * S, 999, 107)).toBe(107);
  });
});

describe('steps down, cooldowns, alarms', () => {
  it('a step takes half rounded down, at least one, and not more than is wished', () => {
    const stepped = (current: number, wish: number) => {
      const step = new StepDown({ delayUs: 10, share: 0.5 });
      expect(step.apply(0, wish, current)).toBe(current);
      expect(step.apply(9, wish, current)).toBe(current);
      return step.apply(10, wish, current);
    };
    expect([stepped(5, 0), stepped(1, 0), stepped(8, 6)]).toEqual([3, 0, 6]);
  });

  it('a move up ends the wait of a move down and begins its own', () => {
    const cooldown = new Cooldown({ upUs: 10, downUs: 300 });
    cooldown.record(0, -1);
    expect(cooldown.apply(100, 1, 2)).toBe(2);
    expect(cooldown.apply(100, 3, 2)).toBe(3);
    cooldown.record(100, 1);
    expect(cooldown.apply(109, 1, 3)).toBe(3);
    expect(cooldown.apply(110, 1, 3)).toBe(1);
  });

  it('an alarm is on while two of the last three breach', () => {
    const alarm = new Alarm({ needed: 2, of: 3 });
    const breaches = [true, false, true, false, false, true, true];
    expect(breaches.map((breach) => alarm.record(breach))).toEqual([
      false,
      false,
      true,
      false,
      false,
      false,
      true,
    ]);
  });
});

describe('memory', () => {
  it('where nothing has happened for so long and the target stands, it stands for ever', () => {
    for (const id of Object.keys(BLOCKS)) {
      const rule = ruleOf(id, { floor: 1, concurrency: 4 });
      const memoryUs = memoryUsOf(rule);
      expect(Number.isFinite(memoryUs)).toBe(true);
      for (const [inFlight, after] of [
        [30, 0],
        [30, 3],
        [3, 30],
      ] as const) {
        const pool = new ScriptedPool(rule, { floor: 0, max: 9, concurrency: 4, untilUs: 0 });
        const script = [
          { atUs: 5 * S, inFlight, refused: 1 },
          { atUs: 100 * S, inFlight: after },
        ];
        const looks = pool.run(script, 100 * S + 4 * memoryUs + 60 * S);
        let changedUs = 100 * S;
        looks.forEach(({ atUs, target }, i) => {
          if (atUs <= 100 * S || target === looks[i - 1]?.target) return;
          expect(atUs - changedUs, id).toBeLessThanOrEqual(memoryUs);
          changedUs = atUs;
        });
      }
    }
  });
});
