/** Whatever the rule and the load: a target within the bounds, a whole number, and the same from the same looks. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAWS, METRIC_TYPES, SIGNALS, WAKES } from '../../src/engine/control/control-rule.ts';
import { compileScaling } from '../../src/platform/scaling.ts';
import { type ScalingSection, scalingSchema } from '../../src/platform/scaling-schema.ts';
import { BLOCKS, ruleOf } from '../kit/scaling-rules.ts';
import { type Look, ScriptedPool, type ScriptStep } from '../kit/scripted-pool.ts';

const S = 1_000_000;

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const seconds = (max: number) => fc.integer({ min: 0, max }).map((s) => `${s}s`);
const share = (max: number) => fc.integer({ min: 1, max }).map((n) => `${n}%`);

const datapoints = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 3 }))
  .map(([needed, more]) => ({ datapoints: needed, of: needed + more }));

/** Laws over ticks of a second; what contradicts itself is left out by the compiler. */
const law = fc
  .record({
    law: fc.constantFrom(...LAWS),
    signal: fc.constantFrom(...SIGNALS),
    windowS: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60 })),
    number: fc.integer({ min: 1, max: 20 }),
    metricType: fc.constantFrom(...METRIC_TYPES),
    tolerance: maybe(share(30)),
    up: datapoints,
    down: maybe(datapoints),
  })
  .map(({ law: kind, signal, windowS, number, metricType, tolerance, up, down }) => {
    const timed = signal === 'oldest-wait' || signal === 'latency';
    const rated = signal === 'request-rate' || signal === 'token-rate';
    const shared = signal === 'utilization' ? `${number * 5}%` : number;
    const target = timed ? `${number}s` : rated ? `${number}/s` : shared;
    const alarmed = kind === 'step' || (kind === 'ratio' && down !== undefined);
    const windowed = signal !== 'oldest-wait' && signal !== 'tokens-in-flight';
    return {
      law: kind,
      signal: kind === 'backlog' && !timed ? ('waiting' as const) : signal,
      ...(alarmed
        ? { alarm: { period: '5s', up, ...(kind === 'ratio' ? { down } : {}) } }
        : windowed && kind !== 'backlog' && { window: `${windowS}s` }),
      ...(kind !== 'backlog' || timed ? { target: kind === 'fixed' ? number : target } : {}),
      ...(kind === 'ratio' && { metricType: timed ? ('value' as const) : metricType, tolerance }),
    };
  });

const policies = fc.record({
  select: fc.constantFrom('max' as const, 'min' as const, 'disabled' as const),
  policies: fc.record({
    share: fc.record({ percent: fc.integer({ min: 1, max: 200 }), period: seconds(60) }),
    some: fc.record({ replicas: fc.integer({ min: 1, max: 5 }), period: seconds(60) }),
    least: fc.record({ count: fc.integer({ min: 1, max: 5 }) }),
  }),
});

const section = fc.record({
  tick: fc.constant('1s'),
  onArrival: fc.constantFrom('never' as const, 'waiting' as const, 'always' as const),
  onCompletion: fc.boolean(),
  laws: fc.dictionary(fc.constantFrom('a', 'b', 'c'), law, { minKeys: 1 }),
  buffer: maybe(
    fc.record({
      replicas: fc.integer({ min: 0, max: 4 }),
      share: share(80),
      whileIdle: fc.boolean(),
    }),
  ),
  maxScaleUpRate: maybe(fc.double({ min: 1, max: 10, noNaN: true })),
  maxScaleDownRate: maybe(fc.double({ min: 1, max: 10, noNaN: true })),
  stabilization: fc.record({
    up: fc.oneof(fc.constant('0s'), seconds(40)),
    down: seconds(40),
    largest: fc.constantFrom('hold' as const, 'pursue' as const),
    edge: fc.constantFrom('inclusive' as const, 'exclusive' as const),
  }),
  rates: fc.record({ up: maybe(policies), down: maybe(policies) }),
  stepDown: maybe(fc.record({ delay: seconds(40), share: share(100) })),
  cooldown: fc.record({ up: seconds(40), down: seconds(40) }),
  scaleToZero: fc.constantFrom('law' as const, ...WAKES).map((wake) => ({
    wake,
    after: '7s',
    grace: wake === 'poll' ? '0s' : '3s',
    ...(wake === 'poll' && { poll: '7s' }),
    least: 2,
  })),
  idleWindows: fc.boolean(),
  stopsStarting: fc.boolean(),
});

const load = fc
  .array(
    fc.record({
      gapUs: fc.integer({ min: 0, max: 20 * S }),
      inFlight: fc.integer({ min: 0, max: 40 }),
      refused: fc.integer({ min: 0, max: 2 }),
    }),
    { maxLength: 30 },
  )
  .map((steps): ScriptStep[] => {
    let atUs = 0;
    return steps.map(({ gapUs, inFlight, refused }) => {
      atUs += gapUs;
      return { atUs, inFlight, refused };
    });
  });

const bounds = fc
  .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 30 }))
  .map(([floor, more]) => ({ floor, max: floor + more }));

const UNTIL_US = 120 * S;

function check(looks: readonly Look[], { floor, max }: { floor: number; max: number }): void {
  for (const { target, hold, wish, signal } of looks) {
    expect(Number.isInteger(target) && target >= floor && target <= max).toBe(true);
    expect(Number.isInteger(hold) && hold >= 0 && hold <= max).toBe(true);
    expect(Number.isInteger(wish) && wish >= 0).toBe(true);
    expect(Number.isFinite(signal)).toBe(true);
  }
}

function compiled(
  { idleWindows, buffer, ...plain }: ScalingSection & { idleWindows: boolean },
  concurrency: number,
) {
  // Beside a law that counts from what is there a buffer is a mistake.
  const kinds = Object.values(plain.laws ?? {}).map(({ law: kind }) => kind);
  const takesBuffer = kinds.every((kind) => kind === 'absolute' || kind === 'fixed');
  const retirement = idleWindows && plain.scaleToZero?.wake === 'law' ? 'idle-window' : 'target';
  try {
    return compileScaling(
      scalingSchema.parse({ ...plain, retirement, ...(takesBuffer && { buffer }) }),
      {
        concurrency,
        floor: 1,
        max: 100,
        wakesAtRefusal: false,
      },
    );
  } catch {
    return null;
  }
}

describe('controllers under any rule and load', () => {
  it('stay within their bounds, and agree when they see the same', () => {
    let ran = 0;
    fc.assert(
      fc.property(section, load, bounds, fc.integer({ min: 1, max: 8 }), (plain, script, at, c) => {
        const rule = compiled(structuredClone(plain) as never, c);
        if (rule === null) return;
        ran++;
        const options = { ...at, concurrency: c, loadUs: 3 * S, untilUs: UNTIL_US };
        const looks = new ScriptedPool(rule, options).run(script, UNTIL_US);
        check(looks, at);
        expect(new ScriptedPool(rule, options).run(script, UNTIL_US)).toEqual(looks);
      }),
      { numRuns: 400 },
    );
    expect(ran).toBeGreaterThan(100);
  });

  it('every block of the platforms, too; what comes later changes nothing before it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(BLOCKS)),
        load,
        bounds.filter(({ floor }) => floor > 0),
        (id, script, at) => {
          const rule = ruleOf(id, { ...at, concurrency: 4 });
          const options = { ...at, concurrency: 4, loadUs: 3 * S, untilUs: UNTIL_US };
          const looks = new ScriptedPool(rule, options).run(script, UNTIL_US);
          check(looks, at);
          const cut = script.filter(({ atUs }) => atUs <= UNTIL_US / 2);
          const early = new ScriptedPool(rule, options).run(cut, UNTIL_US / 2);
          expect(looks.slice(0, early.length)).toEqual(early);
        },
      ),
      { numRuns: 200 },
    );
  });
});
