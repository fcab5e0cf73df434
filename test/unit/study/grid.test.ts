import { describe, expect, it } from 'vitest';
import { getAt, parseKeyPath, setAt } from '../../../src/study/key-path.ts';
import { expandList, splitList } from '../../../src/study/values.ts';
import { load, mistakesOf } from './studies.ts';

const STUDY = `version: 1
workload:
  synthesize: { duration: 1h, arrivals: { process: poisson, rate: 0.9/s } }
  service: 3s
deployment: { coldStart: 5s }
`;

const rows = (text: string, overrides = {}) =>
  load(text, overrides).points.map(({ overrides: row }) => row);

describe('values of --vary', () => {
  const values = (text: string) => expandList(text).values;

  it('splits at commas outside brackets and quotes', () => {
    expect(splitList("a, {b: 1, c: [2, 3]},'x,y'")).toEqual(['a', '{b: 1, c: [2, 3]}', "'x,y'"]);
    expect(values('{queue: none},60s,2')).toEqual([{ queue: 'none' }, '60s', 2]);
  });

  it('ranges stop at or below their end', () => {
    expect(values('0..3')).toEqual([0, 1, 2, 3]);
    expect(values('0..100+40')).toEqual([0, 40, 80]);
    expect(values('1s..10m*4')).toEqual(['1s', '4s', '16s', '64s', '256s']);
    expect(values('10s..1m+25s')).toEqual(['10s', '35s', '1m']);
    expect(values('0.1..0.3+0.1')).toEqual([0.1, 0.2, 0.3]);
    expect(values('1/s..4/s*2')).toEqual(['1/s', '2/s', '4/s']);
  });

  it('says what is wrong with a range', () => {
    expect(expandList('5..1,1s..10s,0s..8s*2,1..9+0,3,').wrong).toEqual([
      '5..1 ends below its beginning',
      '1s..10s needs a step: write 1s..10s+10s or 1s..10s*2',
      'a range that multiplies begins above 0 and has a factor above 1, is 0s..8s*2',
      'the step of 1..9+0 must be above 0 and in the unit of its ends',
      'nothing is no value',
    ]);
  });

  it('searches a range without a step at all that one would write: two digits', () => {
    const searched = (text: string) => expandList(text, true).values;
    expect(searched('8.7s..12s')).toEqual([
      '8700ms',
      '8800ms',
      '8900ms',
      '9s',
      '9100ms',
      '9200ms',
      '9300ms',
      '9400ms',
      '9500ms',
      '9600ms',
      '9700ms',
      '9800ms',
      '9900ms',
      '10s',
      '11s',
      '12s',
    ]);
    expect(searched('95s..125s')).toEqual([
      '95s',
      '96s',
      '97s',
      '98s',
      '99s',
      '100s',
      '110s',
      '2m',
      '125s',
    ]);
    expect(searched('1/s..1.3/s')).toEqual(['1/s', '1.1/s', '1.2/s', '1.3/s']);
    expect(searched('1..3')).toEqual([1, 2, 3]);
    expect(expandList('0s..1s,9s..1s', true).wrong).toHaveLength(2);
  });
});

describe('paths', () => {
  it('reach into lists by index, make maps on the way, and take out with null', () => {
    const study = { pools: [{ gpu: 'l4' }, { gpu: 't4' }] };
    expect(setAt(study, parseKeyPath('pools.1.gpu'), 'h100')).toEqual({
      pools: [{ gpu: 'l4' }, { gpu: 'h100' }],
    });
    expect(setAt(study, parseKeyPath('a.b'), 1)).toEqual({ ...study, a: { b: 1 } });
    expect(setAt(study, parseKeyPath('pools.0.gpu'), null)).toEqual({ pools: [{}, { gpu: 't4' }] });
    expect(setAt(study, parseKeyPath('pools.7.gpu'), 1)).toBeUndefined();
    expect(getAt(study, parseKeyPath('pools.0.gpu'))).toBe('l4');
  });
});

describe('the grid', () => {
  it('has a fixed order, the last key fastest', () => {
    const text = `${STUDY}vary:
  deployment.replicas.min: [0, 1]
  deployment.idleWindow: [5s, 60s]
`;
    expect(rows(text)).toEqual([
      { 'deployment.replicas.min': 0, 'deployment.idleWindow': '5s' },
      { 'deployment.replicas.min': 0, 'deployment.idleWindow': '60s' },
      { 'deployment.replicas.min': 1, 'deployment.idleWindow': '5s' },
      { 'deployment.replicas.min': 1, 'deployment.idleWindow': '60s' },
    ]);
    expect(load(text).varied).toEqual(['deployment.replicas.min', 'deployment.idleWindow']);
  });

  it('varies several keys together where it is a list of maps', () => {
    const text = `${STUDY}vary:
  - { deployment.idleWindow: 5s, deployment.coldStart: 1s }
  - { deployment.idleWindow: 60s, deployment.coldStart: 8s }
`;
    expect(rows(text, { vary: ['deployment.replicas.min=0,1'] })).toHaveLength(4);
    expect(rows(text)).toEqual([
      { 'deployment.idleWindow': '5s', 'deployment.coldStart': '1s' },
      { 'deployment.idleWindow': '60s', 'deployment.coldStart': '8s' },
    ]);
  });

  it('lets --vary replace an axis in its place, and --set take it out', () => {
    const text = `${STUDY}vary: { deployment.replicas.min: 0..8, deployment.idleWindow: [5s, 60s] }`;
    expect(rows(text, { vary: ['deployment.replicas.min=3'] })).toEqual([
      { 'deployment.replicas.min': 3, 'deployment.idleWindow': '5s' },
      { 'deployment.replicas.min': 3, 'deployment.idleWindow': '60s' },
    ]);
    expect(rows(text, { set: ['deployment.replicas.min=3'] })).toEqual([
      { 'deployment.idleWindow': '5s' },
      { 'deployment.idleWindow': '60s' },
    ]);
  });

  it('has what runs today as one more row', () => {
    const text = `${STUDY}vary: { deployment.replicas.min: [0, 1] }\ncurrent: { deployment.replicas.min: 4 }`;
    const loaded = load(text);
    expect(loaded.points).toHaveLength(3);
    expect(loaded.current).toBe(2);
    expect(load(text, { asItStands: true }).points).toHaveLength(1);
  });

  it('leaves out points that contradict themselves, and says why', () => {
    const loaded = load(STUDY, {
      vary: ['deployment.replicas.min=0,4', 'deployment.replicas.max=2,8'],
    });
    expect(loaded.points.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(loaded.leftOut).toEqual([
      {
        vary: { 'deployment.replicas.min': 4, 'deployment.replicas.max': 2 },
        reason: 'deployment.replicas.max must be at least replicas.min (4), is 2',
      },
    ]);
  });

  it('a platform that lacks a GPU of the grid is left out too', () => {
    const loaded = load(STUDY, { vary: ['deployment.platform=modal', 'deployment.gpu=l4,none'] });
    expect(loaded.points).toHaveLength(1);
    expect(loaded.leftOut[0]?.reason).toContain('none has no price');
  });

  it('is a mistake if nothing is left', () => {
    const overrides = { set: ['deployment.replicas.max=2'], vary: ['deployment.replicas.min=3,4'] };
    expect(mistakesOf(STUDY, overrides)).toHaveLength(2);
  });

  it('has each path and each value once', () => {
    const vary = [
      'deployment.idleWindow=1,1',
      'deployment.overhead=60s,1m',
      'deployment.overhead=3s',
    ];
    expect(mistakesOf(STUDY, { vary })).toEqual([
      '--vary deployment.idleWindow=1,1  deployment.idleWindow  has 1 twice: write it once',
      '--vary deployment.overhead=60s,1m  deployment.overhead  has 1m twice: write it once',
      '--vary deployment.overhead=3s  deployment.overhead  is varied twice: write the values in one list',
      '--vary deployment.idleWindow=1,1  deployment.idleWindow  1 has no unit: write 1s, 1m or 1h',
    ]);
    const together = 'vary: [{ deployment.overhead: 5s }, { deployment.overhead: 5000ms }]';
    expect(mistakesOf(STUDY + together)).toEqual([
      'chat.yml:6:60  deployment.overhead  has 5000ms twice: write it once',
    ]);
  });
});

describe('the points of a large grid', () => {
  const LARGE = ['deployment.replicas.min=0..9', 'deployment.idleWindow=1s..60s+1s'];

  it('are what each row compiles to, in any order and again', () => {
    const { points } = load(STUDY, { vary: LARGE });
    expect(points).toHaveLength(600);
    for (const index of [599, 0, 61, 599]) {
      const { overrides, compiled } = points[index]!;
      expect(overrides).toEqual({
        'deployment.replicas.min': Math.floor(index / 60),
        'deployment.idleWindow': `${(index % 60) + 1}s`.replace('60s', '1m'),
      });
      expect(compiled.floor).toBe(Math.floor(index / 60));
      expect(compiled.pool.idleWindowUs).toBe(((index % 60) + 1) * 1e6);
    }
  });

  it('are of few kinds: those that differ in more than the numbers of a pool', () => {
    const plain = load(STUDY, { vary: LARGE });
    expect(plain.kinds.map(({ index }) => index)).toEqual([0]);
    const gpus = load(`${STUDY.replace('{ coldStart', '{ platform: modal, coldStart')}`, {
      vary: [...LARGE, 'deployment.gpu=l4,a10g'],
    });
    expect(gpus.kinds.map(({ index }) => index)).toEqual([0, 1]);
    const traffic = load(STUDY, { vary: ['workload.synthesize.arrivals.rate=1/s,2/s,3/s'] });
    expect(traffic.kinds).toHaveLength(3);
  });

  it('say what is wrong with a value once, in however many rows it is', () => {
    const vary = [...LARGE, 'deployment.overhead=1s,5'];
    expect(mistakesOf(STUDY, { vary })).toEqual([
      '--vary deployment.overhead=1s,5  deployment.overhead  5 has no unit: write 5s, 1m or 1h',
    ]);
  });
});
