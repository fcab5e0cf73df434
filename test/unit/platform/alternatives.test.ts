/** What a platform file says that a figure may be instead: each a value that a study on that platform runs with. */
import { describe, expect, it } from 'vitest';
import { START_PHASES } from '../../../src/platform/values.ts';
import { CATALOGUE } from '../../kit/shipped-platforms.ts';
import { mistakesOf } from '../study/studies.ts';

const alternatives = [...CATALOGUE.values()].flatMap(({ id, gpus, billing, deployment, figures }) =>
  figures
    // Of a scaling rule that a file extends and does not follow only the rule is left.
    .filter(({ path }) => {
      const isLoop = path.startsWith('deployment.scaling.') && !path.endsWith('.rule');
      return !isLoop || deployment.scaling?.rule === 'controlled';
    })
    .flatMap(({ path, value, alternatives: others = [] }) =>
      others.map((other) => ({ id, gpu: gpus[0], billing, path, value, other })),
    ),
);

describe('alternatives of platform files', () => {
  it.each(alternatives)('$id: $path may be $other, which is not $value', (given) => {
    const { id, gpu, billing, path, value, other } = given;
    expect(other).not.toEqual(value);
    const [model] = Object.keys(billing.models ?? {});
    const study = {
      version: 1,
      workload: { replay: { file: 'x' } },
      deployment: {
        platform: id,
        gpu,
        model,
        ...{ memory: '2GiB', cores: 4, requestSize: '1kB', responseSize: '1kB', storage: '1GB' },
        coldStart: START_PHASES.map((phase) => ({ phase, time: '1s' })),
      },
      // Where replicas are a market, a study brings the price.
      ...(billing.gpus && gpu === undefined ? { billing: { usdPerReplicaHour: 1 } } : {}),
    };
    // What adapts needs a rate to do it to.
    const rate = path.includes('.adaptive.') ? ['deployment.admission.tokenRate=1000/min'] : [];
    const set = [...rate, `${path}=${JSON.stringify(other)}`];
    expect(mistakesOf(JSON.stringify(study), { set })).toEqual([]);
  });
});
