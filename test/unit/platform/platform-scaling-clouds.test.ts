/** As platform-scaling.test.ts: the clouds, and Kubernetes on nodes of one's own. */
import { describe, expect, it } from 'vitest';
import { ruleOf, ruleOfFile } from '../../kit/scaling-rules.ts';
import { shippedPlatform } from '../../kit/shipped-platforms.ts';

const RULES: readonly (readonly [platform: string, workedAs: string])[] = [
  ['knative', 'knative-kpa'],
  ['kubernetes-hpa', 'kubernetes-hpa'],
  ['kubernetes-hpa-behavior', 'kubernetes-hpa-behavior'],
  ['kubernetes-keda', 'keda'],
  ['cloud-run-gpu', 'cloud-run'],
  ['sagemaker-endpoint', 'sagemaker'],
  ['sagemaker-endpoint-concurrency', 'sagemaker-concurrency'],
  ['sagemaker-components', 'sagemaker-zero'],
  ['together-dedicated', 'together'],
  ['fireworks-deployment', 'fireworks'],
];

describe('platform files and the rules worked by hand', () => {
  it.each(RULES)('%s follows %s', (platform, workedAs) => {
    for (const context of [{ floor: 1 }, { floor: 2, concurrency: 8, max: 5 }]) {
      expect(ruleOfFile(platform, context)).toEqual(ruleOf(workedAs, context));
    }
  });

  it.each([
    ['lambda', 'per-request'],
    ['sagemaker-serverless', 'per-request'],
    ['ec2-on-demand', 'fixed'],
    ['ec2-spot', 'fixed'],
    ['ec2-reserved', 'fixed'],
    ['gpu-cloud', 'fixed'],
    ['dedicated', 'fixed'],
    ['fireworks-tokens', 'fixed'],
    ['together-tokens', 'fixed'],
  ])('%s is %s', (id, rule) => {
    expect(shippedPlatform(id).deployment.scaling?.rule).toBe(rule);
  });

  it.each(RULES)('every alternative in the rule of %s makes another rule', (id) => {
    const context = { floor: 1, concurrency: 4 };
    const rule = ruleOfFile(id, context);
    const { figures } = shippedPlatform(id);
    for (const { path, alternatives = [] } of figures) {
      const keys = path.split('.');
      if (keys[0] !== 'deployment' || keys[1] !== 'scaling') continue;
      for (const value of alternatives) {
        const change = keys
          .slice(2)
          .reduceRight<unknown>((below, key) => ({ [key]: below }), value);
        const other = ruleOfFile(id, context, change as Record<string, unknown>);
        expect(other, `${path}: ${value}`).not.toEqual(rule);
      }
    }
  });
});

describe('where documentation is known, its words', () => {
  const WORDS: Readonly<Record<string, readonly string[]>> = {
    knative: [
      'containerConcurrency',
      'container-concurrency-target-percentage',
      'stable-window',
      'panic-window-percentage',
      'panic-threshold-percentage',
      'max-scale-up-rate',
      'scale-down-delay',
      'scale-to-zero-grace-period',
      'timeoutSeconds',
    ],
    'kubernetes-hpa': [
      'minReplicas',
      'maxReplicas',
      '--horizontal-pod-autoscaler-sync-period',
      '--horizontal-pod-autoscaler-tolerance',
      'scaleDown.stabilizationWindowSeconds',
      'selectPolicy',
    ],
    'kubernetes-keda': ['pollingInterval', 'cooldownPeriod', 'minReplicaCount', 'maxReplicaCount'],
    'sagemaker-endpoint': [
      'ScaleInCooldown',
      'ScaleOutCooldown',
      'SageMakerVariantInvocationsPerInstance',
      'TargetValue',
    ],
    'sagemaker-components': ['NoCapacityInvocationFailures', 'MinInstanceCount', 'StepScaling'],
    'fireworks-deployment': ['scale-up-window', 'scale-to-zero-window', 'DEPLOYMENT_SCALING_UP'],
    lambda: ['provisioned concurrency', 'reserved concurrency', 'INIT'],
  };

  it.each(Object.entries(WORDS))('%s names its knobs', (id, words) => {
    const notes = shippedPlatform(id)
      .figures.map(({ note }) => note ?? '')
      .join('\n');
    for (const word of words) expect(notes).toContain(word);
  });
});
