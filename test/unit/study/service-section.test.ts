import { describe, expect, it } from 'vitest';
import type { Trace } from '../../../src/workload/trace.ts';
import { load, mistakesOf, run, traceOf } from './studies.ts';

const study = (service: string) => `version: 1
workload:
  replay: { file: a.log }
  service: ${service}`;

const kinds = (service: string) => load(study(service)).points[0]!.compiled.workload.service;

const TRACE: Trace = {
  ...traceOf([
    [0, 9],
    [100, 9],
    [200, 9],
  ]),
  endpoint: Int32Array.of(0, 1, 0),
  endpointNames: ['chat', 'embed'],
};

describe('service by endpoint in a study', () => {
  it('is a duration, a distribution or seconds a token for each endpoint, and for others', () => {
    const service =
      '{ byEndpoint: { chat: 3s, embed: { distribution: exponential, mean: 20ms }, code: { base: 1s, perOutputToken: 30ms } }, other: 2s }';
    expect(kinds(service)).toEqual({
      kind: 'byEndpoint',
      byEndpoint: {
        chat: { kind: 'drawn', distribution: { distribution: 'fixed', valueUs: 3e6 } },
        embed: { kind: 'drawn', distribution: { distribution: 'exponential', meanUs: 20_000 } },
        code: { kind: 'tokens', baseUs: 1e6, perInputTokenUs: 0, perOutputTokenUs: 30_000 },
      },
      other: { kind: 'drawn', distribution: { distribution: 'fixed', valueUs: 2e6 } },
    });
  });

  it('is what each request of the trace needs', async () => {
    const result = await run(
      study('{ byEndpoint: { chat: 3s, embed: 1s } }'),
      {},
      { traces: [TRACE] },
    );
    expect(result.latencyS).toMatchObject({ p50: 3, max: 3 });
    expect(result.latencyS.mean).toBeCloseTo(7 / 3, 12);
  });

  it('names the endpoints of the trace that have none', async () => {
    const running = run(study('{ byEndpoint: { chat: 3s } }'), {}, { traces: [TRACE] });
    await expect(running).rejects.toThrow('endpoint embed has no service time');
  });

  it('names what it gives to an endpoint that the trace does not have', async () => {
    const service = '{ byEndpoint: { chatt: 3s }, other: 1s }';
    await expect(run(study(service), {}, { traces: [TRACE] })).rejects.toThrow(
      'workload.service  byEndpoint has chatt, which no request names. Did you mean chat?',
    );
  });

  it('has its mistakes where they stand', () => {
    expect(
      mistakesOf(
        study(
          '{ byEndpoint: { chat: 3, embed: { distribution: lognormal, mean: 3s } }, othr: 2s }',
        ),
      ),
    ).toEqual([
      expect.stringMatching(
        /^chat\.yml:4:\d+ {2}workload\.service\.byEndpoint\.chat {2}3 has no unit/,
      ),
      expect.stringContaining('workload.service.byEndpoint.embed  lognormal takes'),
      expect.stringMatching(
        /^chat\.yml:4:\d+ {2}workload\.service\.othr {2}is no key of .*Did you mean other/,
      ),
    ]);
    expect(
      mistakesOf(study('{ byEndpoint: { embed: { distribution: lognormal, mean: 3s } } }')),
    ).toEqual([expect.stringContaining('workload.service.byEndpoint.embed  lognormal takes')]);
    expect(mistakesOf(study('{ byEndpoint: {} }'))).toEqual([
      expect.stringContaining('workload.service.byEndpoint  names no endpoint'),
    ]);
  });
});
