/** The blocks of a pool in a platform file: the keys of a study, each value a figure. */
import { describe, expect, it } from 'vitest';
import { parsePlatform } from '../../../src/platform/catalogue.ts';
import { mistakesIn } from './plan.ts';

const FACT = 'source: page, date: 2026-09-18, grade: documented';
const f = (value: string) => `{ value: ${value}, ${FACT} }`;

const BLOCKS = `
  scaling: { rule: ${f('controlled')}, tick: ${f('2s')}, laws: { load: { target: ${f('4')} } } }
  replicas: { max: ${f('0')} }
  admission:
    rate: ${f('600/min')}
    tokenRate: ${f('900000/min')}
    inFlight: ${f('25000')}
    atZero: ${f('refuse-and-wake')}
    timeoutPerStart: { times: ${f('3.5')}, least: ${f('10s')} }
    code: ${f('429')}
  slotSpeed: ${f('{ 1: 1, 4: 0.8 }')}
  startPaths:
    revived: { within: ${f('5m')}, coldStart: ${f('2s')} }
    snapshot: { chance: ${f('90%')}, coldStart: ${f('[{ phase: restore, time: 3s }]')} }
  weights: { from: ${f('registry')}, cached: ${f('60%')}, snapshot: { chance: ${f('0.2')} } }
  failures: { start: ${f('2%')}, startTimeout: ${f('10m')}, crashEvery: ${f('unlimited')} }
  preemption: { every: ${f('4h')}, notice: ${f('30s')}, inSpells: ${f('true')} }
  maxAge: ${f('24h')}
  drain: { timeout: ${f('30s')}, interrupted: ${f('fail')} }`;

function file(deployment: string): string {
  return `id: small
name: Small
description: A platform for tests.
sources: { page: example.com/prices }
deployment:${deployment}
billing:
  gpus:
    l4: { usdPerGpuSecond: ${f('0.0002')} }
  states: ${f('[idle, busy]')}
  startPhases: ${f('all')}
  quantum: ${f('1s')}
  scope: ${f('replica')}
  minimum: ${f('0s')}
  usdPerRequest: ${f('0')}
`;
}

const mistakesOf = (text: string) => mistakesIn(() => parsePlatform(text, 'small.yaml'));

describe('a platform file', () => {
  it('has every block that a study has, as figures', () => {
    const { deployment, scaling, figures } = parsePlatform(file(BLOCKS), 'small.yaml');
    expect(scaling).toBe('controlled');
    expect(deployment).toEqual({
      scaling: { rule: 'controlled', tick: '2s', laws: { load: { target: 4 } } },
      replicas: { max: 0 },
      admission: {
        rate: '600/min',
        tokenRate: '900000/min',
        inFlight: 25_000,
        atZero: 'refuse-and-wake',
        timeoutPerStart: { times: 3.5, least: '10s' },
        code: 429,
      },
      slotSpeed: { 1: 1, 4: 0.8 },
      startPaths: {
        revived: { within: '5m', coldStart: '2s' },
        snapshot: { chance: '90%', coldStart: [{ phase: 'restore', time: '3s' }] },
      },
      weights: { from: 'registry', cached: '60%', snapshot: { chance: 0.2 } },
      failures: { start: '2%', startTimeout: '10m', crashEvery: 'unlimited' },
      preemption: { every: '4h', notice: '30s', inSpells: true },
      maxAge: '24h',
      drain: { timeout: '30s', interrupted: 'fail' },
    });
    const paths = figures.map(({ path }) => path);
    expect(paths).toContain('deployment.startPaths.snapshot.coldStart');
    expect(paths).toContain('deployment.admission.timeoutPerStart.times');
    expect(paths[0]).toBe('deployment.scaling.rule');
  });

  it('says who decides how many replicas there are', () => {
    const said = [
      'small.yaml:5:1  deployment.scaling.rule  is missing: per-request, fixed, controlled',
    ];
    const text = file(`\n  maxAge: ${f('24h')}`);
    expect(mistakesOf(text)).toEqual([said[0]!.replace('5:1', '6:3')]);
    expect(mistakesOf(text.replace('maxAge', 'maxage'))).toContainEqual(
      expect.stringContaining('deployment.maxage  is no key here'),
    );
  });

  it('refuses a value by the words of a study', () => {
    const wrong = BLOCKS.replace('value: 90%', 'value: 190%').replace('value: 30s', 'value: 30');
    expect(mistakesOf(file(wrong))).toEqual([
      expect.stringContaining('snapshot.chance.value  must be a share from 0 to 1'),
      expect.stringContaining('preemption.notice.value  must be a duration with a unit'),
    ]);
  });
});
