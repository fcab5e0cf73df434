import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type RecordedInput,
  readRecorded,
  type Traffic,
} from '../../../src/node/recorded-files.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coldfront-recorded-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** 2026-11-02T00:00Z */
const MIDNIGHT_US = Date.UTC(2026, 10, 2) * 1e3;
const DATED: Traffic = { startAtEpochUs: MIDNIGHT_US, fromUs: 0, toUs: 86_400e6 };
const RELATIVE: Traffic = { ...DATED, startAtEpochUs: null };

function read(
  texts: readonly string[],
  change: Partial<RecordedInput> = {},
  traffic: Traffic = DATED,
) {
  const files = texts.map((text, i) => {
    const file = join(folder, `${i}.csv`);
    writeFileSync(file, text);
    return file;
  });
  const input = { files, columns: {}, invoice: null, timeZone: 'UTC', ...change };
  return readRecorded(input, traffic);
}

describe('counts of replicas', () => {
  it.each([
    ['ISO dates', '2026-11-02T00:00:00Z', '2026-11-02T00:01:30.5Z'],
    ['ISO dates east of UTC', '2026-11-02T01:00:00+01:00', '2026-11-02T01:01:30.5+01:00'],
    ['seconds since 1970', '1793577600', '1793577690.5'],
    ['milliseconds since 1970', '1793577600000', '1793577690500'],
    ['seconds from time 0', '0', '90.5'],
    ['durations from time 0', '0s', '1m30.5s'],
  ])('at %s', async (_, first, second) => {
    const { replicas } = await read([`time,replicas\n${first},2\n${second},3.5\n`]);
    expect([...replicas!.atUs]).toEqual([0, 90.5e6]);
    expect([...replicas!.replicas]).toEqual([2, 3.5]);
  });

  it('below lines that are comments', async () => {
    const { replicas } = await read(['# from the cluster\ntime,replicas\n# a gap\n0,2\n60,3\n']);
    expect([...replicas!.replicas]).toEqual([2, 3]);
  });

  it('in columns of other names, among others, and packed', async () => {
    const file = join(folder, 'pods.csv.gz');
    writeFileSync(file, gzipSync('zone,at_ts,"pods"\nus,0,1\nus,60,2\n'));
    const input = {
      files: [file],
      columns: { time: 'at_ts', replicas: 'pods' },
      invoice: null,
      timeZone: 'UTC',
    };
    const { replicas } = await readRecorded(input, RELATIVE);
    expect([...replicas!.atUs]).toEqual([0, 60e6]);
    expect([...replicas!.replicas]).toEqual([1, 2]);
  });

  it('by the clock of a zone where dates name none', async () => {
    const text = 'time,replicas\n2026-11-02T01:00,1\n2026-11-02 02:00,2\n';
    const { replicas } = await read([text], { timeZone: 'Europe/Berlin' });
    expect([...replicas!.atUs]).toEqual([0, 3600e6]);
  });

  it('says of every row what is wrong with it', async () => {
    const text = 'time,replicas\n0,1\nsoon,1\n60,-1\n60,2\n30,2\n';
    await expect(read([text])).rejects.toThrow(
      [
        '0.csv:3  soon is no time: an ISO date or seconds',
        '0.csv:4  -1 is no number of replicas',
        '0.csv:6  lies at or before the row above it: times must ascend',
      ]
        .map((line) => join(folder, line))
        .join('\n'),
    );
  });

  it('says that dates need the date of time 0, and that one file is enough', async () => {
    const dated = 'time,replicas\n2026-11-02T00:00Z,1\n2026-11-02T01:00Z,1\n';
    await expect(read([dated], {}, RELATIVE)).rejects.toThrow('workload.startAt');
    await expect(read([dated, dated])).rejects.toThrow('both hold counts of replicas');
  });
});

describe('latencies', () => {
  it('are the durations of any log, on the time of the traffic', async () => {
    const { latencies } = await read([
      'time,latency\n2026-11-02T00:00:10Z,2.5\n2026-11-02T00:00:20Z,1\n',
    ]);
    expect([...latencies!.atUs]).toEqual([10e6, 20e6]);
    expect([...latencies!.latencyUs]).toEqual([2.5e6, 1e6]);
  });

  it('are in the column and unit that is named', async () => {
    const columns = { time: 'ts', latency: 'took:ms' };
    const text = 'ts,took,duration\n5,250,9\n6,500,9\n';
    const { latencies } = await read([text], { columns }, RELATIVE);
    expect([...latencies!.atUs]).toEqual([5e6, 6e6]);
    expect([...latencies!.latencyUs]).toEqual([250e3, 500e3]);
  });
});

describe('invoices', () => {
  it('are a total of all of the traffic, or of the time that is named', async () => {
    const whole = await read([], { invoice: { usd: 12.5, from: null, to: null } });
    expect(whole.invoices).toEqual([{ name: '--invoice', fromUs: 0, toUs: 86_400e6, usd: 12.5 }]);
    const named = { usd: 12.5, from: '2026-11-02T06:00Z', to: '12h' };
    const { invoices } = await read([], { invoice: named });
    expect(invoices).toMatchObject([{ fromUs: 21_600e6, toUs: 43_200e6 }]);
  });

  it('are rows of a file', async () => {
    const text = 'from,to,usd\n2026-11-02,2026-11-03,$10.50\n0h,12h,4\n';
    const { invoices } = await read([text]);
    expect(invoices.map(({ fromUs, toUs, usd }) => [fromUs, toUs, usd])).toEqual([
      [0, 86_400e6, 10.5],
      [0, 43_200e6, 4],
    ]);
  });

  it('say what is no amount and no time', async () => {
    await expect(read(['from,to,usd\n0,1h,free\n'])).rejects.toThrow(
      'free is no amount in dollars',
    );
    await expect(read([], { invoice: { usd: 1, from: 'spring', to: null } })).rejects.toThrow(
      '--invoice-from  must be a date such as 2026-11-02T08:00 or a duration, is spring',
    );
  });
});
