import { describe, expect, it } from 'vitest';
import type { Overrides } from '../../../src/study/study.ts';
import { load, mistakesOf } from './studies.ts';

const STUDY = `
version: 1
workload:
  synthesize: { duration: 2h, arrivals: { process: poisson, rate: 0.05/s } }
  service: { distribution: exponential, mean: 4s }
deployment: { platform: modal, gpu: a10g, replicas: { min: 0, max: 9 }, coldStart: 10s }
`;

function todayOf(current: string, overrides: Overrides = {}, text = STUDY) {
  const { points, current: index } = load(`${text}current: ${current}\n`, overrides);
  return points[index!]!.overrides;
}

describe('what runs today', () => {
  const flat = { 'deployment.replicas.min': 1 };

  it('keeps what a nested map does not name, however deep it begins', () => {
    expect(todayOf('{ deployment.replicas.min: 1 }')).toEqual(flat);
    expect(todayOf('{ deployment.replicas: { min: 1 } }')).toEqual(flat);
    expect(todayOf('{ deployment: { replicas: { min: 1 } } }')).toEqual(flat);
    expect(todayOf('{}', { set: ['current.deployment.replicas.min=1'] })).toEqual(flat);
  });

  it('takes a map that is one value as a whole, and a list', () => {
    const law = '{ distribution: lognormal, mean: 3s, cv: 1 }';
    expect(todayOf(`{ workload: { service: ${law} } }`)).toEqual({
      'workload.service': { distribution: 'lognormal', mean: '3s', cv: 1 },
    });
    const phases = '[{ phase: boot, time: 2s }]';
    expect(todayOf(`{ deployment: { coldStart: ${phases} } }`)).toEqual({
      'deployment.coldStart': [{ phase: 'boot', time: '2s' }],
    });
  });

  it('says where a mistake in a nested map stands', () => {
    const text = `${STUDY}current:\n  deployment:\n    replicas: { min: -1 }\n`;
    expect(mistakesOf(text).join('\n')).toMatch(/chat\.yml:\d+:22.*deployment\.replicas\.min/);
  });

  it('is as the file has it where flags ask for rows beside it, and where it says nothing itself', () => {
    const flags = [
      { flag: '--gpu', path: 'deployment.gpu', value: 'l4' },
      { flag: '--min', path: 'deployment.replicas.min', value: '3' },
      { flag: '--idle-window', path: 'deployment.idleWindow', value: '5s' },
    ];
    const asksOthers = flags.map(({ path }) => path);
    const current = '{ deployment: { replicas: { min: 1 } } }';
    expect(todayOf(current, { flags })).toEqual(flat);
    expect(todayOf(current, { flags, asksOthers })).toEqual({
      ...flat,
      'deployment.gpu': 'a10g',
      'deployment.idleWindow': null,
    });
  });

  it('is on the platform of the flags where the file names none', () => {
    const flags = [
      { flag: '--platform', path: 'deployment.platform', value: 'modal' },
      { flag: '--gpu', path: 'deployment.gpu', value: 'l4' },
    ];
    const bare = STUDY.replace('platform: modal, gpu: a10g, ', '');
    const asksOthers = flags.map(({ path }) => path);
    expect(todayOf('{ deployment.replicas.min: 1 }', { flags, asksOthers }, bare)).toEqual(flat);
  });
});
