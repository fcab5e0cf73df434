import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { UserError } from '../../../src/base/errors.ts';
import type { Platform } from '../../../src/platform/catalogue.ts';
import { figureForm } from '../../../src/platform/figure-form.ts';
import { compileScaling } from '../../../src/platform/scaling.ts';
import { type ScalingSection, scalingSchema } from '../../../src/platform/scaling-schema.ts';
import { figure, figuresIn, plain } from '../../../src/platform/schema.ts';
import { BLOCKS, CONTEXT, ruleOf } from '../../kit/scaling-rules.ts';

const S = 1_000_000;

function mistakesOf(yaml: string, context: Partial<typeof CONTEXT> = {}): string[] {
  const section = scalingSchema.parse(parse(yaml));
  try {
    compileScaling(section, { ...CONTEXT, ...context });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.mistakes.map(({ path, message }) => `${path} ${message}`);
  }
  return [];
}

describe('deployment.scaling as plain values', () => {
  it('every block compiles', () => {
    for (const id of Object.keys(BLOCKS)) expect(() => ruleOf(id, { floor: 1 })).not.toThrow();
  });

  it("reads Knative's block as its documentation means it", () => {
    expect(ruleOf('knative-kpa', { concurrency: 10 })).toEqual({
      tickUs: 2 * S,
      onArrival: 'never',
      onCompletion: false,
      laws: [
        {
          name: 'concurrency',
          kind: 'absolute',
          signal: 'in-flight',
          windowUs: 60 * S,
          target: 7,
          metricType: 'average-value',
          toleranceUp: 0,
          toleranceDown: 0,
          quantile: 0.95,
          covers: 1,
          step: 1,
          activation: 0,
          alarm: null,
        },
      ],
      buffer: null,
      reach: { up: 1000, down: 2 },
      panic: { windowUs: 6 * S, threshold: 2, calmUs: 60 * S },
      stabilization: { upUs: 0, downUs: 0, pursuesLargest: false, includesEdge: false },
      rateUp: null,
      rateDown: null,
      stepDown: null,
      cooldown: { upUs: 0, downUs: 0 },
      zero: {
        wake: 'arrival',
        afterUs: 60 * S,
        graceUs: 0,
        pollUs: Number.POSITIVE_INFINITY,
        least: 1,
      },
      retires: 'target',
      stopsStarting: true,
    });
  });

  it('a law is overridden by its name, and another added or left out', () => {
    const changed = ruleOf(
      'knative-kpa',
      { concurrency: 10 },
      {
        laws: {
          concurrency: { target: 8, utilization: '50%' },
          rate: { signal: 'request-rate', window: '60s', target: '200/s', utilization: '70%' },
        },
      },
    );
    expect(changed.laws.map(({ name, target }) => [name, target])).toEqual([
      ['concurrency', 4],
      ['rate', 140],
    ]);
    const less = ruleOf('cloud-run', {}, { laws: { cpu: { enabled: false } } });
    expect(less.laws.map(({ name }) => name)).toEqual(['concurrency', 'pending']);
  });

  it('reads targets in the unit of their signal', () => {
    const targetOf = (law: Record<string, unknown>, context = {}) =>
      ruleOf('fal', context, { tick: '10s', laws: { requests: { enabled: false }, law } }).laws[0]!
        .target;
    expect(targetOf({ law: 'backlog', signal: 'oldest-wait', target: '4s' })).toBe(4 * S);
    expect(targetOf({ signal: 'request-rate', window: '10s', target: '300/min' })).toBe(5);
    expect(targetOf({ signal: 'utilization', target: '60%' })).toBe(0.6);
    expect(targetOf({ target: 'concurrency' }, { concurrency: 16 })).toBe(16);
    const within = { target: 20, targetWithinConcurrency: true };
    expect(targetOf(within, { concurrency: 16 })).toBe(16);
    expect(targetOf({ target: 20 }, { concurrency: 16 })).toBe(20);
    const unlimited = { concurrency: Number.POSITIVE_INFINITY };
    expect(targetOf({ target: 'concurrency', targetIfUnlimited: 100 }, unlimited)).toBe(100);
  });

  it('tells all contradictions at once, each at its path', () => {
    const yaml = `
      tick: 2s
      laws:
        a: { window: 5s, target: 1, step: 2 }
        b: { signal: request-rate, target: 10/s }
        c: { signal: oldest-wait, target: 4s }
        d: { law: step, target: 1 }
        e: { signal: utilization, target: 3 }
        f: { target: 1, window: 0.5us }
        g: {}
      panic: { window: 61s }
      rates: { up: { policies: { both: { percent: 10, replicas: 1, period: 10s } } }, down: {} }
      stepDown: { share: 150% }
      scaleToZero: { wake: poll }
      retirement: idle-window`;
    const at = 'deployment.scaling';
    expect(mistakesOf(yaml)).toEqual([
      `${at}.laws.a.step means nothing with law: absolute, only with step`,
      `${at}.laws.a.window must be a whole number of ticks of 2s, is 5s`,
      `${at}.laws.b.window is missing: request-rate is read over a window`,
      `${at}.laws.c.signal must be one that adds up over replicas, oldest-wait does not`,
      `${at}.laws.d.alarm is missing: a step follows an alarm`,
      `${at}.laws.d.window is missing: refusals is read over a window`,
      `${at}.laws.e.target must be a share (70%) for utilization, is 3`,
      `${at}.laws.f.window must be a whole number of microseconds, is 0.5us`,
      `${at}.laws.g.target is missing`,
      `${at}.panic.window must be a whole number of ticks of 2s, is 61s`,
      `${at}.panic.window must be above 0s and at most the stable window of 5s`,
      `${at}.rates.up.policies.both must have one of percent, replicas, count`,
      `${at}.rates.down.policies must have at least one policy, or select must be disabled`,
      `${at}.stepDown.share must be above 0% and at most 100%, is 150%`,
      `${at}.scaleToZero.poll is missing: how often does wake: poll look?`,
      `${at}.scaleToZero.wake must be law with retirement: idle-window, where replicas leave by themselves, is poll`,
    ]);
  });

  it('zero falls on a tick, or on a poll', () => {
    const zero = (text: string) => mistakesOf(`tick: 2s\nlaws: { a: { target: 1 } }\n${text}`);
    const at = 'deployment.scaling.scaleToZero';
    expect(zero('scaleToZero: { after: 7s }')).toEqual([
      `${at}.after must be a whole number of times 2s`,
    ]);
    expect(zero('scaleToZero: { wake: poll, poll: 7s, after: 10s }')).toEqual([
      `${at}.after must be a whole number of times 7s`,
    ]);
    expect(zero('scaleToZero: { wake: poll, poll: 7s, after: 14s }')).toEqual([]);
  });

  it('refuse-and-wake of admission is wake: refusal, and nothing else', () => {
    const wakeOf = (text: string, wakesAtRefusal: boolean) => {
      const section = scalingSchema.parse(parse(`tick: 2s\nlaws: { a: { target: 1 } }\n${text}`));
      return compileScaling(section, { ...CONTEXT, wakesAtRefusal }).zero!.wake;
    };
    expect(wakeOf('', false)).toBe('law');
    expect(wakeOf('', true)).toBe('refusal');
    expect(wakeOf('scaleToZero: { after: 10s }', true)).toBe('refusal');
    expect(wakeOf('scaleToZero: { wake: refusal }', true)).toBe('refusal');
    const laws = 'tick: 2s\nlaws: { a: { target: 1 } }\n';
    expect(mistakesOf(`${laws}scaleToZero: { wake: law }`, { wakesAtRefusal: true })).toEqual([
      'deployment.scaling.scaleToZero.wake must be refusal with admission.atZero: refuse-and-wake, or nothing wakes the pool, is law: leave it out, or write atZero: refuse',
    ]);
    // A floor that zero is not allowed below has nobody to wake.
    const kept = { floor: 1, wakesAtRefusal: true };
    expect(mistakesOf(`${laws}scaleToZero: { allowed: false, wake: law }`, kept)).toEqual([]);
  });

  it.each([
    ['backlog', '{ law: backlog }'],
    ['step', '{ law: step, target: 1, alarm: { period: 10s, up: { datapoints: 1 } } }'],
    ['ratio', '{ law: ratio, metricType: per-replica, target: 1 }'],
    ['ratio', '{ law: ratio, target: 1, alarm: { period: 10s, up: { datapoints: 1 } } }'],
  ])('a buffer beside a law that counts from what is there is a mistake: %s %s', (kind, law) => {
    const laws = `tick: 2s\nlaws: { load: { target: 1 }, more: ${law} }\n`;
    expect(mistakesOf(laws)).toEqual([]);
    expect(mistakesOf(`${laws}buffer: { replicas: 0, share: 0% }`)).toEqual([]);
    expect(mistakesOf(`${laws}buffer: { replicas: 2, whileIdle: true }`)).toEqual([
      `deployment.scaling.buffer cannot stand beside laws.more, whose law: ${kind} counts from the replicas that are there, the buffer among them; it would be added anew at every look: use law: absolute, or leave the buffer out`,
    ]);
  });

  it('needs something that decides, and a law', () => {
    const at = 'deployment.scaling';
    expect(mistakesOf('laws: { a: { target: 1, window: 10s } }')).toEqual([
      `${at}.laws.a.window needs a loop: give tick, or leave the window out`,
      `${at}.tick is none and onArrival never: nothing would ever be decided`,
    ]);
    expect(mistakesOf('tick: 1s')).toEqual([
      `${at}.laws must have at least one law: rule: controlled follows the largest wish`,
    ]);
  });

  it('a rule that never goes to zero needs a floor', () => {
    const yaml = 'tick: 1s\nlaws: { a: { target: 1 } }\nscaleToZero: { allowed: false }';
    expect(mistakesOf(yaml)).toEqual([
      'deployment.scaling.scaleToZero.allowed is false, and replicas.min is 0: give replicas.min at least 1, or allow zero',
    ]);
    expect(mistakesOf(yaml, { floor: 1 })).toEqual([]);
  });
});

describe('deployment.scaling as figures of a platform file', () => {
  const form = figureForm(scalingSchema, figure as (leaf: z.ZodType) => z.ZodType);
  const said = { source: 'docs', date: '2026-11-21', grade: 'documented' };
  const file = {
    tick: { value: '2s', ...said },
    laws: { concurrency: { signal: { value: 'in-flight', ...said } } },
    panic: { threshold: { value: '200%', ...said, note: 'a percentage there' } },
  };

  it('has the keys of the plain form, with a figure at every leaf', () => {
    const parsed = form.parse(file) as object;
    expect(plain(parsed)).toEqual({
      tick: '2s',
      laws: { concurrency: { signal: 'in-flight' } },
      panic: { threshold: '200%' },
    });
    expect(figuresIn(parsed).map(({ path }) => path.join('.'))).toEqual([
      'tick',
      'laws.concurrency.signal',
      'panic.threshold',
    ]);
  });

  it('a platform says what a study says', () => {
    const sectionOf = (platform: Pick<Platform, 'deployment'>): ScalingSection | undefined =>
      platform.deployment.scaling;
    expect(sectionOf({ deployment: { scaling: { tick: '2s' } } })).toEqual({ tick: '2s' });
  });

  it('refuses a figure without a source, an unknown key and a value that the plain form refuses', () => {
    const faultsOf = (data: unknown) =>
      form.safeParse(data).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    expect(faultsOf({ tick: '2s' })).toHaveLength(1);
    expect(faultsOf({ laws: { value: {} } })).toHaveLength(1);
    expect(faultsOf({ tick: { value: '2s', date: '2026', grade: 'inferred' } })?.[0]).toMatch(
      /^tick\.source /,
    );
    expect(faultsOf({ tock: { value: '2s', ...said } })?.[0]).toMatch(/is no key here/);
    expect(faultsOf({ tick: { value: '2', ...said } })?.[0]).toMatch(/^tick\.value must be a dur/);
  });

  it('walks maps and leaves lists and unions whole', () => {
    const shape = z.strictObject({
      list: z.array(z.string()),
      deep: z.record(z.string(), z.int()),
    });
    const other = figureForm(shape, figure as (leaf: z.ZodType) => z.ZodType);
    const data = { list: { value: ['a'], ...said }, deep: { x: { value: 1, ...said } } };
    expect(other.parse(data)).toEqual(data);
  });
});
