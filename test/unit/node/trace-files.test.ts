import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWhole } from '../../../src/node/trace-files.ts';

describe('files of traces', () => {
  let folder = '';
  const file = (name: string, content: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'coldfront-files-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are read as they are', async () => {
    expect(await readWhole(file('a.csv', 'arrival_s\n1\n'))).toBe('arrival_s\n1\n');
    expect(await readWhole(file('empty.csv', ''))).toBe('');
    expect(await readWhole(file('one.csv', 'x'))).toBe('x');
  });

  it('are unpacked by what they hold, whatever they are called', async () => {
    expect(await readWhole(file('a.log', gzipSync('hello')))).toBe('hello');
    expect(await readWhole(file('plain.gz', 'hello'))).toBe('hello');
  });

  it('are read to the end if they have several gzip members', async () => {
    const members = Buffer.concat([gzipSync('one\n'), gzipSync('two\n'), gzipSync('three\n')]);
    expect(await readWhole(file('rotated.gz', members))).toBe('one\ntwo\nthree\n');
  });

  it('lose no character that lies across two pieces, nor a byte-order mark into the text', async () => {
    const text = 'é'.repeat(100_001);
    expect(await readWhole(file('odd.csv', `x${text}`))).toBe(`x${text}`);
    expect(await readWhole(file('bom.csv', '\ufeffarrival_s'))).toBe('arrival_s');
    expect(await readWhole(file('latin1.log', Buffer.from([0x61, 0xe9, 0x62])))).toBe('a\ufffdb');
  });

  it('that are missing, folders, cut off, damaged or zstd say so and what to do', async () => {
    const whole = gzipSync('hello '.repeat(10_000));
    const zstd = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]);
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, 20, 40);
    for (const [path, message] of [
      [join(folder, 'none.csv'), /none\.csv {2}no such file or folder: check the path/],
      [folder, /is a folder: name a file in it, or several as/],
      [file('cut.gz', whole.subarray(0, 40)), /gzip data ends too early.*cut off/],
      [file('damaged.gz', damaged), /gzip data is damaged/],
      [file('a.zst', zstd), /is zstd, which is not read yet: unpack it first/],
    ] as const) {
      await expect(readWhole(path)).rejects.toThrow(message);
    }
  });
});
