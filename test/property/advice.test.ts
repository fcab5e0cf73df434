/** Advice on studies at random: it never throws, names only keys that a study may have, and says each thing once. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adviceLines } from '../../src/report/advice-lines.ts';
import { RULES } from '../../src/study/advice.ts';
import type { Result } from '../../src/study/document.ts';
import { studyJsonSchema } from '../../src/study/schema.ts';
import { run } from '../unit/study/studies.ts';

const MOST_SECONDS = Number(process.env['COLDFRONT_FUZZ_SECONDS'] ?? 60);
const RUNS = Number(process.env['COLDFRONT_FUZZ_RUNS'] ?? 8000) / 20;
const settings = { numRuns: RUNS, interruptAfterTimeLimit: MOST_SECONDS * 1000 };

const either = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const LAW = '{ law: absolute, signal: in-flight, target: 1 }';

const studyArbitrary = fc
  .record({
    arrivals: either(
      '{ process: poisson, rate: 5/min }',
      '{ process: gamma, rate: 20/min, cv: 4 }',
      '{ process: fixed, rate: 1/min }',
    ),
    duration: either('10m', '5h'),
    service: either('1s', '40s', '{ distribution: lognormal, mean: 10s, cv: 2 }'),
    pings: either('', ', pings: { every: 3m, service: 1s }'),
    min: either(
      '0',
      '1',
      '4',
      '{ timeZone: UTC, rules: [{ from: "01:00", to: "02:00", count: 2 }] }',
    ),
    max: either('4', 'unlimited', '20'),
    startRate: either('unlimited', '1/min', '1/s'),
    idleWindow: either('0s', '5s', '60s', '15m', 'unlimited'),
    binding: either('shared', 'own'),
    routing: either('most-recent', 'random', 'oldest'),
    concurrency: either('1', '4', 'unlimited'),
    admission: either(
      '{}',
      '{ queue: 1 }',
      '{ queue: none }',
      '{ timeout: 10s }',
      '{ rate: 10/min, inFlight: 3, atZero: refuse-and-wake }',
    ),
    coldStart: either(
      '0s',
      '30s',
      '[{ phase: pull, time: 10s }, { phase: load, time: { distribution: exponential, mean: 20s } }]',
    ),
    scaling: either(
      '',
      '',
      `, scaling: { rule: controlled, tick: 10s, laws: { load: ${LAW} } }`,
      `, scaling: { rule: controlled, tick: 2s, retirement: idle-window, laws: { load: ${LAW} } }`,
    ),
    trouble: either('', '', ', failures: { start: 30%, crashEvery: 20m }', ', maxAge: 10m'),
    executionTimeout: either('unlimited', '15s'),
    client: either(
      '{}',
      '{ patience: 20s }',
      '{ patience: 20s, cancels: true }',
      '{ retries: { max: 2, backoff: 2s } }',
    ),
    billing: either(
      '',
      'billing: { usdPerReplicaHour: 2 }\n',
      'billing: { usdPerReplicaHour: 2, quantum: 60s, minimum: 2m, states: [idle, busy] }\n',
      'billing: { usdPerReplicaHour: 2, quantum: 10s, scope: minute, commitmentUsdPerMonth: 500 }\n',
      'billing: { usdPerReplicaHour: 2, quantum: 1s, scope: request }\n',
    ),
    measure: either('', 'measure: { from: 2m, to: 8m }\n'),
    replications: either(1, 3),
  })
  .map(
    (of) => `version: 1
replications: ${of.replications}
workload:
  synthesize: { duration: ${of.duration}, arrivals: ${of.arrivals} }
  service: ${of.service}
  startAt: 2026-11-02T00:00${of.pings.replace(', ', '\n  ')}
deployment: { replicas: { min: ${of.min}, max: ${of.max}, startRate: ${of.startRate} }, idleWindow: ${of.idleWindow}, binding: ${of.binding}, routing: ${of.routing}, concurrency: ${of.concurrency}, admission: ${of.admission}, coldStart: ${of.coldStart}, executionTimeout: ${of.executionTimeout}${of.scaling}${of.trouble} }
client: ${of.client}
${of.billing}${of.measure}`,
  );

/** Every path that the schema of a study knows, maps of free keys left out. */
function pathsOf(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {}, anyOf = [] } = schema as {
    properties?: Record<string, unknown>;
    anyOf?: unknown[];
  };
  return [
    ...anyOf.flatMap((one) => pathsOf(one, path)),
    ...Object.entries(properties).flatMap(([key, inner]) => {
      const at = path === '' ? key : `${path}.${key}`;
      return [at, ...pathsOf(inner, at)];
    }),
  ];
}

/** Combinations that contradict themselves are not what this is about. */
async function resultOf(text: string): Promise<Result | null> {
  try {
    return await run(text);
  } catch (error) {
    if (error instanceof Error && error.name === 'UserError') return null;
    throw error;
  }
}

describe('advice', () => {
  it('of any study: whole figures, known keys, each rule once, five lines on a screen', async () => {
    const known = pathsOf(studyJsonSchema());
    const heard = new Set<string>();
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(studyArbitrary, async (text) => {
        const result = await resultOf(text);
        if (result === null) return;
        runs++;
        const { advice } = result;
        const rules = advice.map(({ rule }) => rule);
        expect(new Set(rules).size).toBe(rules.length);
        expect(advice.length).toBeLessThanOrEqual(RULES.length);
        expect(adviceLines(result).join('\n').match(/^\* /gm)?.length ?? 0).toBe(
          Math.min(5, advice.length),
        );
        for (const { rule, line, keys, saves } of advice) {
          heard.add(rule);
          expect(line).not.toMatch(/NaN|undefined|Infinity|null|\n/);
          expect(known).toEqual(expect.arrayContaining([...keys]));
          expect(keys).not.toContain('deployment.concurrency');
          if (saves) {
            expect(saves.usdPerMonth).toBeGreaterThan(0);
            expect(saves.usdPerMonth).toBeLessThanOrEqual(result.cost!.usdPerMonth! * (1 + 1e-9));
          }
        }
      }),
      settings,
    );
    expect(runs).toBeGreaterThan(0);
    expect(heard.size).toBeGreaterThan(0);
  }, 120_000);
});
