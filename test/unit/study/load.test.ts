import { describe, expect, it } from 'vitest';
import { studyFromFlags } from '../../../src/study/load.ts';
import { studyJsonSchema } from '../../../src/study/schema.ts';
import { CATALOGUE, load, mistakesOf, run } from './studies.ts';

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
      `chat.yml:5:25  deployment.platform  modl is no platform of the catalogue: did you mean modal?`,
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
      '--set foo  has no value: write PATH=VALUE, or PATH=null to remove it',
      '--vary deployment.overhead=1s..10  deployment.overhead  1s..10 is no range: write 0..8, 0..100+10 or 1s..10m*2',
      '--vary slo=3  slo  belongs to the whole study: it cannot vary',
      '--set deployment.replicas.minn=3  deployment.replicas.minn  is no key of deployment.replicas. Did you mean min?',
      '--set deployment.idleWindow=60  deployment.idleWindow  60 has no unit: write 60s, 1m or 1h',
      expect.stringMatching(/^--slo nonsense {2}slo.0 {2}is no objective/),
    ]);
  });

  it('words of the screens and last parts of paths, each with the whole path', () => {
    const overrides = {
      set: ['min=2', 'current={ max: 3 }'],
      vary: ['idleWindow=5s,60s', 'cold start=8s', 'gpu=a10g', 'start rate=1'],
    };
    const meant = (key: string, path: string) =>
      expect.stringContaining(`  ${key}  is no key of a study. Did you mean ${path}?`);
    expect(mistakesOf(WORKLOAD, overrides)).toEqual([
      meant('min', 'deployment.replicas.min'),
      meant('idleWindow', 'deployment.idleWindow'),
      meant('cold start', 'deployment.coldStart'),
      meant('gpu', 'deployment.gpu'),
      meant('start rate', 'deployment.replicas.startRate'),
      meant('max', 'deployment.replicas.max'),
    ]);
  });

  it('each place is the flag that was typed, also where it leads nowhere', () => {
    const overrides = {
      flags: [
        { flag: '--min', path: 'deployment.replicas.min', value: '-1' },
        { flag: '--seed', path: 'seed', value: '' },
      ],
      set: ['deployment.replcas.min=2', 'deployment.replicas.max='],
      vary: ['deployment.gpuu.x=1,2'],
    };
    expect(mistakesOf(WORKLOAD, overrides)).toEqual([
      '--seed  seed  has no value: write --seed VALUE',
      '--set deployment.replicas.max=  has no value: write PATH=VALUE, or PATH=null to remove it',
      '--min  deployment.replicas.min  must be a whole number of at least 0, is -1',
      '--set deployment.replcas.min=2  deployment.replcas  is no key of a deployment. Did you mean replicas?',
      '--vary deployment.gpuu.x=1,2  deployment.gpuu  is no key of a deployment. Did you mean gpu?',
    ]);
  });

  it('keys of a replay that are set on a study without one say so', () => {
    const set = ['workload.replay.where.status=2xx'];
    expect(mistakesOf(WORKLOAD, { set })).toEqual([
      '--set workload.replay.where.status=2xx  workload.replay  needs a log, and this study makes its traffic: write file: in place of synthesize:',
    ]);
  });

  it('a flag of its own sets its key, and --set wins over it', () => {
    const flags = [{ flag: '--min', path: 'deployment.replicas.min', value: '1' }];
    expect(load(WORKLOAD, { flags }).points[0]?.compiled.floor).toBe(1);
    const set = ['deployment.replicas.min=2'];
    expect(load(WORKLOAD, { flags, set }).points[0]?.compiled.floor).toBe(2);
  });

  it('what depends on no broken part is checked beside it: objectives, platforms, min over max, vary', () => {
    const text = `version: "1"
workload:
  synthesize: { duration: 0s, arrivals: { process: poisson, rate: 0/s } }
  service: 3
deployment:
  platform: modl
  replicas: { min: 5, max: 2, mn: 3 }
billing: { usdPerReplicaHour: -1 }
vary:
  deployment.replicas.mn: [1, 2]
  deployment.idleWindow: [5s, 60]
  deployment.concurrency: []
slo: [latencyS.p99 <= 5s, 3, coldStarts.fraction <= 150%]
`;
    expect(mistakesOf(text)).toEqual([
      'chat.yml:1:10  version  must be 1, is the text "1"',
      'chat.yml:3:27  workload.synthesize.duration  must be above 0, is 0s',
      'chat.yml:3:67  workload.synthesize.arrivals.rate  a rate must be above 0, is 0/s',
      'chat.yml:4:12  workload.service  3 has no unit: write 3s, 1m or 1h',
      expect.stringContaining('chat.yml:6:13  deployment.platform  modl is no platform'),
      'chat.yml:7:28  deployment.replicas.max  must be at least replicas.min (5), is 2',
      'chat.yml:7:31  deployment.replicas.mn  is no key of deployment.replicas. Did you mean min?',
      'chat.yml:8:31  billing.usdPerReplicaHour  must be dollars: a number of at least 0, is -1',
      'chat.yml:10:3  deployment.replicas.mn  is no key of deployment.replicas. Did you mean min?',
      'chat.yml:11:31  deployment.idleWindow  60 has no unit: write 60s, 1m or 1h',
      'chat.yml:12:27  vary.deployment.concurrency  must have at least one value',
      'chat.yml:13:7  slo.0  the figure is in seconds already: write the number alone',
      'chat.yml:13:27  slo.1  must be a text, is 3',
      'chat.yml:13:30  slo.2  a share cannot be over 100%, is 150%',
    ]);
    expect(mistakesOf('version: 1\nslo: [x]')).toEqual([
      'chat.yml:1:1  workload  is missing: it must be a map',
      expect.stringContaining('chat.yml:2:7  slo.0  is no objective'),
    ]);
  });

  it('a duplicate key by its name', () => {
    expect(mistakesOf(`${WORKLOAD}deployment: { replicas: { min: 1, min: 2 } }`)).toEqual([
      'chat.yml:5:35  min stands twice in one map: keep one of them',
    ]);
  });

  it('the points of a rate, each at its key', () => {
    const points = '{ period: 1h, points: [{ at: 0s, rate: 1/s }, { at: 2h, rate: 2/s }] }';
    const text = WORKLOAD.replace('poisson', 'piecewise').replace('0.9/s', points);
    expect(mistakesOf(text)).toEqual([
      'chat.yml:3:121  workload.synthesize.arrivals.rate.points.1.at  must lie before the end of the period (1h), is 2h',
    ]);
  });

  it('a mistake of one value of an axis stops the whole sweep, where that value stands', () => {
    expect(mistakesOf(`${WORKLOAD}vary: { deployment.idleWindow: [5s, 60] }`)).toEqual([
      'chat.yml:5:37  deployment.idleWindow  60 has no unit: write 60s, 1m or 1h',
    ]);
  });
});

describe('every quantity has a bound', () => {
  const wrong = (set: string) =>
    mistakesOf(WORKLOAD, { set: [set] })[0]
      ?.split('  ')
      .at(-1);

  it.each([
    ['deployment.idleWindow=1e12h', 'must be at most 87600h (10 years), is 1e12h'],
    ['deployment.coldStart=1e15s', 'must be at most 87600h (10 years), is 1e15s'],
    ['workload.service=1e400s', 'must be at most 87600h (10 years), is 1e400s'],
    ['measure.to=1e15h', 'must be at most 87600h (10 years), is 1e15h'],
    ['billing.quantum=1e12h', 'must be at most 87600h (10 years), is 1e12h'],
    ['deployment.replicas.startRate=1e9/s', 'must be at most 100000/s, is 1e9/s'],
    ['workload.synthesize.arrivals.rate=1e-9/d', 'must be at least 1/87600h, is 1e-9/d'],
    ['deployment.replicas.min=1e7', 'must be at most 1000000, is 10000000'],
    ['deployment.replicas.max=1e400', 'must be at most 1000000, is Infinity'],
    ['deployment.concurrency=1e9', 'must be at most 1000000, is 1000000000'],
    ['deployment.admission.queue=1e12', 'must be at most 1000000000, is 1000000000000'],
    ['replications=.nan', 'must be a whole number of at least 1, is NaN'],
  ])('%s', (set, message) => {
    expect(wrong(set)).toBe(message);
  });

  it('the longest draw of a distribution, and the last backoff, too', () => {
    expect(wrong('workload.service={ distribution: lognormal, mean: 8760h, cv: 2 }')).toMatch(
      /^may draw times of up to \d+h: they may be at most 87600h/,
    );
    expect(wrong('client.retries={ max: 1000 }')).toMatch(/^the backoff grows beyond 87600h/);
  });

  it('so that the longest times run through, their sums exact', async () => {
    const text = WORKLOAD.replace('3s', '87600h');
    const { requests } = await run(`${text}deployment: { coldStart: 87600h }`);
    expect(requests.completed).toBe(requests.arrived);
  });
});

describe('a wrong value gets words of ours', () => {
  const wrong = (set: string) =>
    mistakesOf(WORKLOAD, { set: [set] })[0]
      ?.split('  ')
      .at(-1);

  it.each([
    ['workload.service=3', '3 has no unit: write 3s, 1m or 1h'],
    ['deployment.coldStart=5', '5 has no unit: write 5s, 1m or 1h'],
    ['deployment.coldStart=[{ phase: load, time: 5 }]', '5 has no unit: write 5s, 1m or 1h'],
    ['deployment.coldStart=[]', 'must have at least one value'],
    [
      'workload.service={ distribution: empirical, values: 3 }',
      'must be a list of durations, is 3',
    ],
    ['client.retries={ max: 1, on: 3 }', 'must be a list, is 3'],
    ['vary=[]', 'must have at least one value'],
  ])('%s', (set, message) => {
    expect(wrong(set)).toBe(message);
  });
});

describe('a study is YAML or JSON, or a trace with flags', () => {
  it('reads JSON as it reads YAML', () => {
    const json = JSON.stringify({ version: 1, workload: { replay: { file: ['a', 'b'] } } });
    expect(load(json).replays).toMatchObject([{ parts: [{ files: ['a', 'b'] }] }]);
  });

  it('makes a study of files and flags', () => {
    const loaded = studyFromFlags(
      { name: 'access.log', files: ['access.log'], set: ['deployment.replicas.min=2'] },
      CATALOGUE,
    );
    expect(loaded).toMatchObject({
      name: 'access.log',
      replays: [{ parts: [{ files: ['access.log'], read: { format: 'auto' } }] }],
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
      'endpoints',
      'account',
      'billing',
      'weather',
      'measure',
      'vary',
      'current',
      'slo',
    ]);
  });
});
