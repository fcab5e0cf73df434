import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulateFile, sweepFile } from '../../../src/node/run.ts';
import { openStudy, readTrace } from '../../../src/node/studies.ts';
import { studyTraffic } from '../../../src/report/traffic.ts';

let folder = '';
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const open = (text: string, vary: readonly string[] = []) =>
  openStudy({ files: [write('study.yaml', text)], overrides: { vary } });

const LINE = (at: string, request: string, status: number) =>
  `127.0.0.1 - - [02/Nov/2026:${at} +0000] "${request} HTTP/1.1" ${status} 10`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'coldfront-replays-'));
  const rows = Array.from({ length: 100 }, (_, i) => `${i},1`).join('\n');
  write('hundred.csv', `arrival_s,service_s\n${rows}\n`);
  write('late.csv', 'arrival_s,service_s\n500,2\n');
  write(
    'access.log',
    `${[
      LINE('10:00:00', 'POST /v1/models/llama/generate', 200),
      LINE('10:00:01', 'GET /v1/health', 200),
      LINE('10:00:02', 'POST /v1/models/qwen/generate', 200),
      LINE('10:00:03', 'POST /v1/models/llama/generate', 503),
      LINE('11:00:00', 'POST /v1/models/llama/generate', 200),
    ].join('\n')}\n`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a replay', () => {
  it('is chosen from: requests, their endpoints, and a window', async () => {
    const trace = await readTrace(join(folder, 'access.log'), {
      where: { path: ['/v1/*', '!/v1/health'], status: ['<500'] },
      endpoint: { path: '^/v1/models/([^/]+)' },
      window: { from: '2026-11-02T10:00', to: '2026-11-02T10:30' },
    });
    expect([...trace.arrivalUs]).toEqual([0, 2e6]);
    expect(trace.endpointNames).toEqual(['llama', 'qwen']);
    expect(trace.report.leftOut).toBe(2);
    expect(trace.period).toEqual({ fromUs: 0, toUs: 1800e6 });
  });

  it('says how many requests it was not to take', async () => {
    const text = 'version: 1\nworkload: { replay: { file: access.log, where: { status: 2xx } } }\n';
    const { loaded, traces } = await open(text, ['workload.replay.repeat=1,2']);
    expect(
      studyTraffic(loaded, traces)
        .join('\n')
        .match(/1 request left out by where/g),
    ).toEqual([expect.any(String), expect.any(String)]);
  });

  it('counts no file twice, whichever names it', async () => {
    const file = join(folder, 'hundred.csv');
    await expect(readTrace([join(folder, 'h*.csv'), file])).rejects.toThrow(
      `workload.replay.file  ${file} is named twice: its requests would count twice`,
    );
    await expect(readTrace(['-', '-'])).rejects.toThrow('stdin is named twice');
    const text = 'version: 1\nworkload: { replay: { file: [late.csv, ./h*.csv, ./late.csv] } }\n';
    await expect(open(text)).rejects.toThrow('late.csv is named twice');
    // Two parts may be two ways to read it.
    const parts = '[{ file: late.csv }, { file: late.csv, timeScale: 2 }]';
    const { traces } = await open(`version: 1\nworkload: { replay: ${parts} }\n`);
    expect(traces[0]!.count).toBe(2);
  });

  it('takes its figures from the columns that are named, the others by their names', async () => {
    const file = write('odd.csv', 'begun,took,model\n1000,2000,llama\n');
    const trace = await readTrace(file, {
      columns: {
        start: { name: 'begun', unit: 'ms' },
        service: { name: 'took', unit: 'ms' },
        host: null,
      },
    });
    expect([trace.serviceUs![0], trace.endpointNames]).toEqual([2e6, ['llama']]);
  });

  it('is read once and shaped for each value that varies', async () => {
    const text = 'version: 1\nworkload: { replay: { file: hundred.csv } }\n';
    const { loaded, traces } = await open(text, ['workload.replay.rateScale=0.5,1,2']);
    expect(traces.map(({ count }) => count)).toEqual([expect.any(Number), 100, 200]);
    expect(traces[0]!.count).toBeLessThan(100);
    expect(loaded.replays).toHaveLength(3);
    for (const { arrivalUs } of traces) expect(arrivalUs.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('of a glob of JSON lines is a trace, no study', async () => {
    write('day1.json', '{"ts": 0, "took": 1}\n{"ts": 60, "took": 1}\n');
    write('day2.json', '{"ts": 30, "took": 1}\n');
    const columns = [
      { flag: '--columns', path: 'workload.replay.columns.start', value: 'ts' },
      { flag: '--columns', path: 'workload.replay.columns.service', value: 'took' },
    ];
    for (const name of ['day?.json', 'day1.json']) {
      const { traces } = await openStudy({
        files: [join(folder, name)],
        overrides: { flags: columns },
      });
      expect(traces[0]!.count).toBe(name === 'day?.json' ? 3 : 2);
    }
  });

  it('of a list is merged by time, each with its own shaping', async () => {
    const { traces } = await open(
      'version: 1\nworkload: { replay: [{ file: hundred.csv, window: { to: 10s } }, { file: late.csv }] }\n',
    );
    expect(traces[0]).toMatchObject({ count: 11, period: { fromUs: 0, toUs: 500e6 } });
    expect(traces[0]!.report.shaping).toHaveLength(2);
  });

  it('gives results that follow the shape', async () => {
    const set = ['deployment.replicas.max=unlimited'];
    const result = await simulateFile(join(folder, 'hundred.csv'), {
      set: [...set, 'workload.replay.repeat=3', 'workload.replay.timeScale=2'],
    });
    expect(result.requests.completed).toBe(300);
    expect(result.observedS).toBe(3 * 200);
    const sweep = await sweepFile(join(folder, 'hundred.csv'), {
      set,
      vary: ['workload.replay.window={ to: 10s },{ to: 20s }'],
    });
    expect(sweep.results.map(({ requests, observedS }) => [requests.arrived, observedS])).toEqual([
      [10, 10],
      [20, 20],
    ]);
  });

  it('of which nothing is left is the user’s mistake', async () => {
    const text = 'version: 1\nworkload: { replay: { file: hundred.csv, window: { from: 1h } } }\n';
    await expect(open(text)).rejects.toThrow(
      /hundred\.csv {2}workload\.replay\.window {2}from 1h to 99s holds no request/,
    );
  });

  it('read by options that are none tells every mistake', async () => {
    const reading = readTrace(join(folder, 'hundred.csv'), {
      where: { status: ['ok'] },
      timeZone: 'Berlin',
      sample: 0,
    });
    await expect(reading).rejects.toThrow(
      'where.status  must be 200, 2xx, <400 or 200..299, is ok\ntimeZone  Berlin is no time zone: write one such as Europe/Berlin, America/New_York or UTC\nsample  must be above 0, at most 1, is 0',
    );
  });

  it('from stdin is read in one way only', async () => {
    const text =
      'version: 1\nworkload: { replay: [{ file: late.csv }, { file: "-" }, { file: "-", format: csv }] }\n';
    const stdin = Object.getOwnPropertyDescriptor(process, 'stdin')!;
    const { Readable } = await import('node:stream');
    Object.defineProperty(process, 'stdin', {
      configurable: true,
      value: Readable.from([Buffer.from('arrival_s,service_s\n0,1\n')]),
    });
    try {
      await expect(open(text)).rejects.toThrow(/stdin is read once/);
    } finally {
      Object.defineProperty(process, 'stdin', stdin);
    }
  });
});
