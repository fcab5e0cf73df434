import { describe, expect, it } from 'vitest';
import { studyFromFlags } from '../../../src/study/load.ts';
import { studyJsonSchema } from '../../../src/study/schema.ts';
import { CATALOGUE, load, mistakesOf } from './studies.ts';

const WORKLOAD = `version: 1
workload:
  synthesize: { duration: 1h, arrivals: { process: poisson, rate: 0.9/s } }
  service: 3s
`;

describe('every mistake of a study is reported at once', () => {
  it('each at its line and column, with the path and what would be right', () => {
    const text = `${WORKLOAD}deployment:
  replicas:
    min: 2
    max: 1
  idleWindow: 60
  warmPool: 3
  coldStart: [{ phase: load, time: { distribution: lognormal, mean: 3s } }]
  admission: { queue: 0, timeout: -5s }
slo: [latencyS.p99 <= 5s, share(waitS <= 1) >= 150%, waitS.p95 >= 4]
`;
    expect(mistakesOf(text)).toEqual([
      'chat.yml:8:10  deployment.replicas.max  must be at least replicas.min (2), is 1',
      'chat.yml:9:15  deployment.idleWindow  60 has no unit: write 60s, 1m or 1h',
      'chat.yml:10:3  deployment.warmPool  is no key of a deployment. Did you mean replicas.min?',
      expect.stringMatching(
        /^chat.yml:11:36 {2}deployment.coldStart.0.time {2}lognormal takes mean and cv,/,
      ),
      'chat.yml:12:23  deployment.admission.queue  must be a whole number of at least 1, none or unlimited, is 0',
      'chat.yml:12:35  deployment.admission.timeout  must not be negative, is -5s',
      'chat.yml:13:7  slo.0  the figure is in seconds already: write the number alone',
      'chat.yml:13:27  slo.1  a share cannot be over 100%, is 150%',
      'chat.yml:13:54  slo.2  an objective on waitS is an upper bound: write <= in place of >=',
    ]);
  });

  it('a negative rate', () => {
    expect(mistakesOf(WORKLOAD.replace('0.9/s', '-1/s'))).toEqual([
      'chat.yml:3:67  workload.synthesize.arrivals.rate  must not be negative, is -1/s',
    ]);
  });

  it('both a replay and a synthesis, or neither', () => {
    expect(mistakesOf(WORKLOAD.replace('workload:', 'workload:\n  replay: { file: a }'))).toEqual([
      'chat.yml:4:15  workload.synthesize  stands beside replay: keep one of them',
    ]);
    expect(mistakesOf('version: 1\nworkload: { service: 3s }')).toEqual([
      'chat.yml:2:11  workload  must have replay: (a log) or synthesize: (made traffic)',
    ]);
  });

  it('replications where nothing is drawn', () => {
    const drawn = `${WORKLOAD}replications: 20\n`;
    expect(mistakesOf(drawn)).toEqual([]);
    expect(mistakesOf(drawn.replace('poisson', 'fixed'))).toEqual([
      'chat.yml:5:15  replications  must be 1 where nothing is drawn, is 20: the trace, its service times and the starts are all given',
    ]);
  });

  it('a platform or GPU that the catalogue does not have, and those it has', () => {
    expect(mistakesOf(`${WORKLOAD}deployment: { platform: modl }`)).toEqual([
      `chat.yml:5:25  deployment.platform  modl is no platform of the catalogue: there are ${[...CATALOGUE.keys()].join(', ')}`,
    ]);
    expect(mistakesOf(`${WORKLOAD}deployment: { platform: modal, gpu: a10 }`)).toEqual([
      expect.stringContaining('deployment.gpu  a10 has no price: Modal has t4, l4, a10g'),
    ]);
  });

  it('a text that is no YAML, no map, or no version', () => {
    expect(mistakesOf('a: [1')[0]).toMatch(/^chat.yml:1:6/);
    expect(mistakesOf('- a')).toEqual([
      'chat.yml  is no study: a study is a map that begins with version: 1',
    ]);
    expect(mistakesOf(WORKLOAD.replace('version: 1', 'version: 2'))).toEqual([
      'chat.yml:1:10  version  must be 1, is 2',
    ]);
  });

  it('those of flags, named by their flag', () => {
    const overrides = {
      set: ['deployment.idleWindow=60', 'deployment.replicas.minn=3', 'foo'],
      vary: ['deployment.overhead=1s..10', 'slo=3'],
      slo: ['nonsense'],
    };
    expect(mistakesOf(WORKLOAD, overrides)).toEqual([
      '--set  foo has no value: write --set deployment.replicas.min=2',
      '--vary  deployment.overhead  1s..10 is no range: write 0..8, 0..100+10 or 1s..10m*2',
      '--vary  slo  belongs to the whole study: it cannot vary',
      '--set  deployment.replicas.minn  is no key of deployment.replicas. Did you mean min?',
      '--set  deployment.idleWindow  60 has no unit: write 60s, 1m or 1h',
      expect.stringMatching(/^--slo {2}slo.0 {2}is no objective/),
    ]);
  });

  it('a mistake of one value of an axis stops the whole sweep, where that value stands', () => {
    expect(mistakesOf(`${WORKLOAD}vary: { deployment.idleWindow: [5s, 60] }`)).toEqual([
      'chat.yml:5:37  deployment.idleWindow  60 has no unit: write 60s, 1m or 1h',
    ]);
  });
});

describe('a study is YAML or JSON, or a trace with flags', () => {
  it('reads JSON as it reads YAML', () => {
    const json = JSON.stringify({ version: 1, workload: { replay: { file: ['a', 'b'] } } });
    expect(load(json).replays).toEqual([{ files: ['a', 'b'], format: 'auto' }]);
  });

  it('makes a study of files and flags', () => {
    const loaded = studyFromFlags(
      { name: 'access.log', files: ['access.log'], set: ['deployment.replicas.min=2'] },
      CATALOGUE,
    );
    expect(loaded).toMatchObject({
      name: 'access.log',
      replays: [{ files: ['access.log'], format: 'auto' }],
      varied: [],
    });
    expect(loaded.points[0]?.compiled.floor).toBe(2);
  });

  it('prints a JSON Schema with every block of a study', () => {
    const { properties } = studyJsonSchema() as { properties: object };
    expect(Object.keys(properties)).toEqual([
      'version',
      'name',
      'seed',
      'replications',
      'workload',
      'client',
      'deployment',
      'billing',
      'measure',
      'vary',
      'current',
      'slo',
    ]);
  });
});
