import { describe, expect, it } from 'vitest';
import { READ_DEFAULTS } from '../../../src/workload/read-options.ts';
import { SHAPING_DEFAULTS } from '../../../src/workload/shaping/shape.ts';
import { load, mistakesOf } from './studies.ts';

const study = (replay: string, more = '') => `version: 1
workload:
  replay: ${replay}
${more}`;
const sourceOf = (replay: string, more = '') => load(study(replay, more)).replays[0]!;

describe('workload.replay', () => {
  it('with a file alone reads and shapes as everything does by default', () => {
    expect(sourceOf('{ file: a.log }')).toEqual({
      parts: [{ files: ['a.log'], read: READ_DEFAULTS, shaping: SHAPING_DEFAULTS }],
      needs: { durations: false, tokens: false },
    });
  });

  it('says how a log is read', () => {
    const { read } = sourceOf(`
    file: [a.csv, b.csv]
    format: csv
    columns: { start: ts, end: { name: finished, unit: ms }, service: { name: took }, path: request.uri }
    stampedAt: end
    timeZone: Europe/Berlin
    spread: uniform
    where: { path: [/v1/*, '!/v1/health'], method: POST, status: [200, <300] }
    endpoint: { path: '^/v1/models/([^/]+)' }`).parts[0]!;
    expect(read).toEqual({
      format: 'csv',
      columns: {
        start: { name: 'ts', unit: null },
        end: { name: 'finished', unit: 'ms' },
        service: { name: 'took', unit: null },
        inputTokens: null,
        cachedTokens: null,
        outputTokens: null,
        endpoint: null,
        status: null,
        method: null,
        path: { name: 'request.uri', unit: null },
        host: null,
      },
      stampedAt: 'end',
      timeZone: 'Europe/Berlin',
      spreadSeed: '1',
      where: { path: ['/v1/*', '!/v1/health'], method: ['POST'], status: ['200', '<300'] },
      endpoint: { path: '^/v1/models/([^/]+)' },
      skipBadLines: false,
    });
    expect(sourceOf('{ file: a, endpoint: host }').parts[0]!.read.endpoint).toEqual({
      field: 'host',
    });
  });

  it('says what is done to it then, with the study’s seed where something is drawn', () => {
    const shapingOf = (keys: string) =>
      sourceOf(`{ file: a, ${keys} }`, 'seed: 9').parts[0]!.shaping;
    expect(
      shapingOf('window: { from: 2026-11-02T08:00, to: 20h }, timeScale: 0.5, repeat: 7'),
    ).toEqual({
      window: { from: '2026-11-02T08:00', to: '20h' },
      sample: 1,
      timeScale: 0.5,
      rateScale: null,
      repeat: 7,
      seed: '1',
    });
    expect(shapingOf('sample: 10%')).toMatchObject({ sample: 0.1, seed: '9' });
    expect(shapingOf('sample: 0.25')).toMatchObject({ sample: 0.25 });
    expect(shapingOf('rateScale: 2.5')).toMatchObject({
      rateScale: { factor: 2.5, shiftUs: 60e6 },
      seed: '9',
    });
    expect(shapingOf('rateScale: { factor: 3, shift: 5s }').rateScale).toEqual({
      factor: 3,
      shiftUs: 5e6,
    });
    expect(shapingOf('rateScale: 1').rateScale).toBeNull();
  });

  it('may be a list, merged by time: what service times need, all must have', () => {
    const list = '[{ file: a.log, window: { to: 1h } }, { file: b.csv, format: csv }]';
    const source = sourceOf(list);
    expect(source.parts.map(({ files }) => files)).toEqual([['a.log'], ['b.csv']]);
    expect(source.needs).toEqual({ durations: true, tokens: false });
    const more = (service: string) =>
      load(`${study(list)}  service: ${service}\n`).replays[0]!.needs;
    expect(more('3s')).toEqual({ durations: false, tokens: false });
    expect(more('{ perInputToken: 1ms }')).toEqual({ durations: false, tokens: true });
  });

  it('may be varied, each of its keys: a trace for every shape, files and reading in common', () => {
    const { replays, points } = load(study('{ file: a.log }'), {
      vary: ['workload.replay.rateScale=1,2,4', 'deployment.replicas.min=0,1'],
    });
    expect(points).toHaveLength(6);
    expect(replays.map(({ parts }) => parts[0]!.shaping.rateScale?.factor ?? 1)).toEqual([1, 2, 4]);
    expect(new Set(replays.map(({ parts }) => JSON.stringify(parts[0]!.read))).size).toBe(1);
    const seeds = load(study('{ file: a.log }'), { vary: ['seed=1,2'] });
    expect(seeds.replays).toHaveLength(1);
  });

  it('tells all its mistakes, each where it stands', () => {
    const text = study(`
    file: a.log
    columns: { service: took, strat: ts }
    stampedAt: middle
    timeZone: Berlin
    where: { status: ok, path: '!' }
    endpoint: { path: ( }
    window: { from: noon }
    sample: 120%
    timeScale: 0
    rateScale: -1
    repeat: 0`);
    expect(mistakesOf(text)).toEqual([
      'chat.yml:5:31  workload.replay.columns.strat  is no key of workload.replay.columns. Did you mean start?',
      'chat.yml:6:16  workload.replay.stampedAt  must be start or end, is middle',
      'chat.yml:7:15  workload.replay.timeZone  Berlin is no time zone: write one such as Europe/Berlin, America/New_York or UTC',
      'chat.yml:8:22  workload.replay.where.status  must be 200, 2xx, <400 or 200..299, is ok',
      'chat.yml:8:32  workload.replay.where.path  must be a pattern such as /v1/* or !/health, is !',
      'chat.yml:9:23  workload.replay.endpoint.path  must be a regular expression such as ^/v1/models/([^/]+), its first group the endpoint, is (',
      'chat.yml:10:21  workload.replay.window.from  must be a duration such as 8s, or a date and time such as 2026-11-02T08:00, is noon',
      'chat.yml:11:13  workload.replay.sample  must be a share such as 10% or 0.1, is 120%',
      'chat.yml:12:16  workload.replay.timeScale  must be a number above 0, is 0',
      'chat.yml:13:16  workload.replay.rateScale  must be a number above 0, at most 1000, is -1',
      'chat.yml:14:13  workload.replay.repeat  must be a whole number of at least 1, is 0',
    ]);
  });

  it('tells of a key of columns which there are, and which was meant', () => {
    const columns = (key: string) => study(`{ file: a, columns: { ${key}: x } }`);
    expect(mistakesOf(columns('input'))).toEqual([
      'chat.yml:3:33  workload.replay.columns.input  is no key of workload.replay.columns. Did you mean inputTokens?',
    ]);
    expect(mistakesOf(columns('foobar'))).toEqual([
      'chat.yml:3:33  workload.replay.columns.foobar  is no key of workload.replay.columns: it takes start, end, service, inputTokens, cachedTokens, outputTokens, endpoint, status, method, path, host',
    ]);
    expect(mistakesOf(study('[{ file: a, columns: { foobar: x } }]'))).toEqual([
      expect.stringMatching(/columns: it takes start, [^:]*, host$/),
    ]);
  });

  it('tells what two keys say against each other, and which of a list is meant', () => {
    const text = study(`
    file: a.log
    columns: { service: took }
    window: { from: 5h, to: 4h }`);
    expect(mistakesOf(text)).toEqual([
      'chat.yml:6:13  workload.replay.window  must end after it begins (5h), ends 4h',
    ]);
    expect(mistakesOf(study('[{ file: a }, { file: b, repeat: 1.5 }]'))).toEqual([
      'chat.yml:3:44  workload.replay.1.repeat  must be a whole number of at least 1, is 1.5',
    ]);
  });

  it('takes a block for what its keys say, with mistakes in them', () => {
    const text = study('{ file: a }\n  service: { byEndpoint: { /a: 3 }, othr: 1s }');
    expect(mistakesOf(text).map((line) => line.replace(/^\S+ +/, ''))).toEqual([
      'workload.service.byEndpoint./a  3 has no unit: write 3s, 1m or 1h',
      'workload.service.othr  is no key of workload.service. Did you mean other?',
    ]);
  });
});
