/** The `deployment.scaling` of each file is the rule whose time line is worked by hand in control-timelines.test.ts. */
import { describe, expect, it } from 'vitest';
import { ruleOf, ruleOfFile } from '../../kit/scaling-rules.ts';
import { shippedPlatform } from '../../kit/shipped-platforms.ts';
import { mistakesOf } from '../study/studies.ts';

const RULES: readonly (readonly [platform: string, workedAs: string])[] = [
  ['modal', 'modal'],
  ['runpod-flex', 'runpod-request-count'],
  ['runpod-active', 'runpod-request-count'],
  ['runpod-queue-delay', 'runpod-queue-delay'],
  ['replicate', 'replicate'],
  ['replicate-public', 'replicate'],
  ['baseten', 'baseten'],
  ['beam', 'beam'],
  ['beam-task-queue', 'beam'],
  ['fal', 'fal'],
];

describe('platform files and the rules worked by hand', () => {
  it.each(RULES)('%s follows %s', (platform, workedAs) => {
    for (const context of [{}, { concurrency: 8, max: 5 }, { floor: 1 }]) {
      expect(ruleOfFile(platform, context)).toEqual(ruleOf(workedAs, context));
    }
  });

  it.each(['modal', 'fal'])('%s keeps the buffer that a study asks for', (id) => {
    const change = { buffer: { replicas: 2 } };
    expect(ruleOfFile(id, {}, change).buffer).not.toBeNull();
    expect(ruleOfFile(id, {}, change)).toEqual(ruleOf(id, {}, change));
  });

  it('modal-server is the rule of modal with a loop that reads its scaleup_window', () => {
    const functions = ruleOf('modal', { concurrency: 4 });
    const servers = { ...functions, tickUs: 1_000_000 };
    expect(ruleOfFile('modal-server', { concurrency: 4 })).toEqual(servers);
    const sustained = ruleOfFile('modal-server', {}, { stabilization: { up: '5s' } });
    expect(sustained.stabilization.upUs).toBe(5_000_000);
  });

  it.each(['modal', 'replicate', 'fal', 'runpod-load-balancer', 'vast'])(
    '%s starts by the request unless a study says controlled',
    (id) => {
      expect(shippedPlatform(id).deployment.scaling?.rule).toBe('per-request');
    },
  );

  it('a buffer beside a rule that has none is a mistake, not left out', () => {
    const study = (scaling: string) => `version: 1
workload: { synthesize: { duration: 1h, arrivals: { process: poisson, rate: 1/s } }, service: 1s }
deployment: { platform: modal, gpu: l4, scaling: { ${scaling} } }
`;
    expect(mistakesOf(study('buffer: { replicas: 1 }'))).toEqual([
      expect.stringMatching(
        /deployment\.scaling\.buffer {2}means nothing with rule: per-request: write rule: controlled beside it$/,
      ),
    ]);
    expect(mistakesOf(study('rule: controlled, buffer: { replicas: 1 }'))).toEqual([]);
  });
});
