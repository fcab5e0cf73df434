import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byNameAndNumber, expandGlob } from '../../../src/node/glob.ts';

const FILES = [
  'access.log',
  'access.log.1',
  'access.log.2',
  'access.log.10',
  'day[1].log',
  'day1.log',
  '.hidden.log',
  'a (old)/x+y!.log',
  'eu/2026/10/a.csv',
  'eu/b.csv',
  'us/c.csv',
  'us/d.jsonl',
];

describe('a pattern of files', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'coldfront (glob) [x]-'));
    for (const file of FILES) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), '');
    }
    symlinkSync(folder, join(folder, 'us/loop'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const found = async (pattern: string) =>
    (await expandGlob(pattern, folder)).map((path) => path.slice(folder.length + 1));

  it('means files in the order of their names, numbers as numbers', async () => {
    const logs = ['access.log', 'access.log.1', 'access.log.2', 'access.log.10'];
    expect(await found('access.log*')).toEqual(logs);
    expect(await found('access.log.?')).toEqual(['access.log.1', 'access.log.2']);
    expect(await found('access.log.[2-9]')).toEqual(['access.log.2']);
    expect(await found('access.log.{10,1}')).toEqual(['access.log.1', 'access.log.10']);
  });

  it('has its signs in any part of the path', async () => {
    expect(await found('{eu,us}/*.csv')).toEqual(['eu/b.csv', 'us/c.csv']);
    expect(await found('e?/**/*.csv')).toEqual(['eu/2026/10/a.csv', 'eu/b.csv']);
    expect(await found('*/20[0-9]6/*/a.csv')).toEqual(['eu/2026/10/a.csv']);
    expect(await found('eu/../us/*.jsonl')).toEqual(['us/d.jsonl']);
    expect(await found('a (old)/x+*!.log')).toEqual(['a (old)/x+y!.log']);
  });

  it('may be absolute', async () => {
    const plain = join(dirname(folder), '*glob*', 'access.log.[12]');
    expect((await expandGlob(plain, 'elsewhere')).map((path) => path.slice(-12))).toEqual(
      expect.arrayContaining(['access.log.1', 'access.log.2']),
    );
  });

  it('gives way to a file of exactly its name', async () => {
    expect(await found('day[1].log')).toEqual(['day[1].log']);
    expect(await found('day[!0].log')).toEqual(['day1.log']);
  });

  it('leaves hidden files and folders alone', async () => {
    expect(await found('*.log')).toEqual(['access.log', 'day1.log', 'day[1].log']);
    expect(await found('.h*.log')).toEqual(['.hidden.log']);
    await expect(found('e*')).rejects.toThrow('e*: no file fits this pattern');
  });

  it('that is none is the path itself, stdin too', async () => {
    expect(await expandGlob('x/none.csv', 'f')).toEqual([join('f', 'x/none.csv')]);
    expect(await expandGlob('-', folder)).toEqual(['-']);
    expect(await expandGlob('/x/y.csv', folder)).toEqual(['/x/y.csv']);
  });

  it('fits nothing: says so', async () => {
    await expect(found('nothing-*.log')).rejects.toThrow(
      'workload.replay.file  nothing-*.log: no file fits this pattern: check the folder and the name',
    );
    await expect(found('[')).rejects.toThrow('no file fits');
    await expect(found('{a')).rejects.toThrow('no file fits');
    await expect(found('none/**/x')).rejects.toThrow('no file fits');
  });
});

describe('names', () => {
  it('are in one order, whatever order they come in', () => {
    const sorted = ['a', 'a1', 'a2', 'a02', 'a10', 'a10b', 'a10b2', 'b', 'B'].sort();
    expect(sorted.toReversed().sort(byNameAndNumber)).toEqual(sorted.sort(byNameAndNumber));
    expect(['x-10', 'x-9', 'x-009', 'x-08'].sort(byNameAndNumber)).toEqual([
      'x-08',
      'x-009',
      'x-9',
      'x-10',
    ]);
  });
});
