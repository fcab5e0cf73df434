import { describe, expect, it } from 'vitest';
import type { Compiled } from '../../../src/study/compile.ts';
import { load, mistakesOf } from './studies.ts';

const WORKLOAD = 'version: 1\nworkload: { replay: { file: x } }\n';

function compiled(text: string): Compiled {
  return load(`${WORKLOAD}${text}`).points[0]!.compiled;
}

describe('a compiled configuration', () => {
  it('has the defaults of a study without a platform', () => {
    const { pool, floor, billing, seed, replications } = compiled('');
    expect(pool).toMatchObject({
      max: Number.POSITIVE_INFINITY,
      startRate: null,
      idleWindowUs: 60e6,
      unusedWindowUs: 60e6,
      concurrency: 1,
      binding: 'shared',
      routing: 'most-recent',
      queueLimit: Number.POSITIVE_INFINITY,
      queueTimeoutUs: Number.POSITIVE_INFINITY,
      startPhases: [{ name: 'start', time: { meanUs: 0 } }],
      overheadUs: 0,
      slotOverheadUs: 0,
      executionTimeoutUs: Number.POSITIVE_INFINITY,
      client: { retries: null, patienceUs: Number.POSITIVE_INFINITY, cancels: false },
    });
    expect({ floor, billing, seed, replications }).toEqual({
      floor: 0,
      billing: null,
      seed: '1',
      replications: 1,
    });
  });

  it('takes the platform over the defaults, and the study over both, key by key', () => {
    const text = `deployment:
  platform: modal
  gpu: l4
  replicas: { max: 7 }
  admission: { timeout: 9s }
`;
    const { pool } = compiled(text);
    expect(pool).toMatchObject({
      max: 7,
      queueLimit: 2000,
      queueTimeoutUs: 9e6,
      executionTimeoutUs: 300e6,
    });
  });

  it('turns every unit into whole microseconds', () => {
    const text = `deployment:
  replicas: { startRate: 30/min }
  idleWindow: 1h30m
  unusedWindow: unlimited
  overhead: 0.3ms
  coldStart: [{ phase: pull, time: 20s }, { phase: load, time: { distribution: uniform, min: 1s, max: 3s } }]
client: { retries: { max: 2, on: [rejected] }, patience: 30s, cancels: true }
`;
    const { pool } = compiled(text);
    expect(pool).toMatchObject({
      startRate: { count: 30, periodUs: 60e6 },
      idleWindowUs: 5_400e6,
      unusedWindowUs: Number.POSITIVE_INFINITY,
      overheadUs: 300,
      startPhases: [
        { name: 'pull', time: { meanUs: 20e6 } },
        { name: 'load', time: { meanUs: 2e6 } },
      ],
      client: {
        retries: { max: 2, backoffUs: 1e6, factor: 2, jitter: 'full', onTimedOut: false },
        patienceUs: 30e6,
        cancels: true,
      },
    });
  });

  it('a fixed fleet has as many replicas as its floor', () => {
    const fixed = 'deployment: { platform: dedicated, replicas: { min: 3 } }';
    expect(compiled(`${fixed}\nbilling: { usdPerReplicaHour: 1 }`).pool.max).toBe(3);
    const text = `${WORKLOAD}deployment: { platform: dedicated, replicas: { min: 0 } }\nbilling: { usdPerReplicaHour: 1 }`;
    expect(mistakesOf(text)).toEqual([
      expect.stringMatching(
        /deployment.replicas.min {2}must be at least 1: the fleet of .* is fixed/,
      ),
    ]);
  });

  it('changing traffic is a Poisson process under a curve', () => {
    const text = `version: 1
workload:
  synthesize:
    requests: 100
    arrivals:
      process: diurnal
      rate: { period: 24h, points: [{ at: 0h, rate: 60/min }, { at: 12h, rate: 5/s }] }
  service: 1s
`;
    expect(load(text).points[0]!.compiled.workload).toMatchObject({
      arrivals: {
        process: 'poisson',
        rate: {
          periodUs: 86_400e6,
          interpolate: 'linear',
          points: [
            { atUs: 0, perS: 1 },
            { atUs: 43_200e6, perS: 5 },
          ],
        },
      },
      requests: 100,
      durationUs: null,
    });
  });

  it('distributions of every spelling', () => {
    const service = (text: string) =>
      load(`version: 1\nworkload: { replay: { file: x }, service: ${text} }`).points[0]!.compiled
        .workload.service;
    expect(service('{ distribution: lognormal, quantiles: { p50: 2s, p999: 9s } }')).toEqual({
      kind: 'drawn',
      distribution: {
        distribution: 'lognormal',
        quantiles: [
          [0.5, 2e6],
          [0.999, 9e6],
        ],
      },
    });
    const mixture =
      '{ distribution: mixture, components: [{ weight: 1, distribution: fixed, value: 1s }, { weight: 3, distribution: exponential, mean: 2s }] }';
    expect(service(mixture)).toMatchObject({
      distribution: { components: [{ weight: 1, distribution: { valueUs: 1e6 } }, { weight: 3 }] },
    });
    expect(service('{ base: 1s, perOutputToken: 0.2ms }')).toEqual({
      kind: 'tokens',
      baseUs: 1e6,
      perInputTokenUs: 0,
      perOutputTokenUs: 200,
    });
  });
});
