import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { writePieces } from '../../../src/node/output.ts';
import { readPieces, readWhole } from '../../../src/node/trace-files.ts';

const EDGE_CASES = new URL('../../edge-cases/', import.meta.url);
const SHARED_ZST = new URL(
  '../../../../shared/traces/edge-cases/clf_mixed.log.zst',
  import.meta.url,
);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'coldfront-files-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** As it stands in the file, a character a byte. */
async function textOf(path: string): Promise<string> {
  let text = '';
  for await (const piece of readPieces(path)) text += piece;
  return text;
}

/** Packed by the project's own writer, which is checked against the `zstd` command where there is one. */
async function zstd(content: string): Promise<Buffer> {
  const path = join(folder, 'packed.zst');
  await writePieces([content], path, true);
  return readFileSync(path);
}

const noZstd =
  spawnSync('zstd', ['--version']).status === 0 ? null : 'there is no `zstd` command here';
const skipped = noZstd === null ? '' : ` (skipped: ${noZstd})`;
const LINES = Array.from({ length: 50_000 }, (_, i) => `${i} ${(i * 7919) % 10_007} é\n`).join('');
const BYTES = Buffer.from(LINES).toString('latin1');

describe('files of traces', () => {
  it('are read as they are, a character a byte', async () => {
    expect(await textOf(file('a.csv', 'arrival_s\n1\n'))).toBe('arrival_s\n1\n');
    expect(await textOf(file('empty.csv', ''))).toBe('');
    expect(await textOf(file('one.csv', 'x'))).toBe('x');
    expect(await textOf(file('bytes.log', Buffer.from([0x61, 0xe9, 0, 0xff])))).toBe('a\xe9\0\xff');
    expect(await textOf(file('long.csv', LINES))).toBe(BYTES);
  });

  it('are unpacked by what they hold, whatever they are called', async () => {
    expect(await textOf(file('a.log', gzipSync('hello')))).toBe('hello');
    expect(await textOf(file('b.gz', await zstd('hello')))).toBe('hello');
    expect(await textOf(file('plain.gz', 'hello'))).toBe('hello');
    expect(await textOf(file('long.gz', gzipSync(LINES)))).toBe(BYTES);
    expect(await textOf(file('long.zst', await zstd(LINES)))).toBe(BYTES);
    expect(await textOf(file('nothing.gz', gzipSync('')))).toBe('');
    expect(await textOf(file('nothing.zst', await zstd('')))).toBe('');
  });

  it('are read to the end if they have several members or frames', async () => {
    const gzip = Buffer.concat([gzipSync('one\n'), gzipSync(''), gzipSync('two\n')]);
    expect(await textOf(file('rotated.gz', gzip))).toBe('one\ntwo\n');
    const skippable = Buffer.from('\x53\x2a\x4d\x18\x03\0\0\0abc', 'latin1');
    const frames = [skippable, await zstd('one\n'), await zstd(LINES), skippable, await zstd('')];
    expect(await textOf(file('rotated.zst', Buffer.concat(frames)))).toBe(`one\n${BYTES}`);
  });

  it('have 11 lines where the first member has 10', async () => {
    const plain = readFileSync(new URL('clf_mixed.log', EDGE_CASES), 'latin1');
    const packed = await textOf(new URL('clf_mixed.log.gz', EDGE_CASES).pathname);
    expect(packed.trimEnd().split('\n')).toHaveLength(11);
    expect(packed.startsWith(plain.trimEnd())).toBe(true);
  });

  it.skipIf(!existsSync(SHARED_ZST))(
    `are the same from the zstd copy of the edge cases${existsSync(SHARED_ZST) ? '' : ' (skipped: no shared traces beside the project)'}`,
    async () => {
      const plain = readFileSync(new URL('clf_mixed.log', EDGE_CASES), 'latin1');
      expect(await textOf(SHARED_ZST.pathname)).toBe(plain);
    },
  );

  it('lose no byte-order mark into the text', async () => {
    expect(await textOf(file('bom.csv', '\ufeffarrival_s'))).toBe('arrival_s');
    expect(await textOf(file('bom.gz', gzipSync('\ufeffarrival_s')))).toBe('arrival_s');
    expect(await readWhole(file('bom.yaml', '\ufeffversion: 1'))).toBe('version: 1');
  });

  it('may have zeros behind gzip data, as tapes and blocks have, but nothing else', async () => {
    const zeros = Buffer.alloc(100_000);
    expect(await textOf(file('zeros.gz', Buffer.concat([gzipSync('a'), zeros])))).toBe('a');
    for (const rest of ['x\n', 'garbage\n', '\0\0x', `${'\0'.repeat(100_000)}x`]) {
      const path = file('rest.gz', Buffer.concat([gzipSync(LINES), Buffer.from(rest)]));
      await expect(textOf(path)).rejects.toThrow(
        /rest\.gz {2}holds something else behind its gzip/,
      );
    }
    const path = file('rest.zst', Buffer.concat([await zstd(LINES), Buffer.from('garbage')]));
    await expect(textOf(path)).rejects.toThrow(/rest\.zst {2}holds something else behind its zstd/);
  });

  it('that are missing, folders, cut off or damaged say so and what to do', async () => {
    const gzip = gzipSync(LINES);
    const checksum = Buffer.from(gzip);
    checksum[checksum.length - 5]! ^= 1;
    const damaged = Buffer.from(gzip).fill(0xff, 2000, 2040);
    const frame = await zstd(LINES);
    const brokenFrame = Buffer.from(frame).fill(0xff, 12, 200);
    for (const [path, message] of [
      [join(folder, 'none.csv'), /none\.csv {2}no such file or folder: check the path/],
      [folder, /is a folder: name a file in it, or several as/],
      [file('cut.gz', gzip.subarray(0, -9)), /gzip data ends too early: the file is cut off/],
      [file('head.gz', gzip.subarray(0, 5)), /gzip data ends too early/],
      [file('damaged.gz', damaged), /gzip data is damaged: copy or download the file again/],
      [file('checksum.gz', checksum), /gzip data is damaged/],
      [file('cut.zst', frame.subarray(0, -1)), /zstd data ends too early/],
      [file('head.zst', frame.subarray(0, 4)), /zstd data ends too early/],
      [file('damaged.zst', brokenFrame), /zstd data is damaged/],
    ] as const) {
      await expect(textOf(path)).rejects.toThrow(message);
      await expect(textOf(path)).rejects.toBeInstanceOf(UserError);
    }
  });

  it('that are something else say what they are and which command helps', async () => {
    const tar = Buffer.alloc(1024);
    tar.write('access.log');
    tar.write('ustar', 257);
    const latin1 = (text: string) => Buffer.from(text, 'latin1');
    for (const [path, message] of [
      [file('a.xz', latin1('\xfd7zXZ\0\0')), /is packed with xz: .* `xz -dc \S+a\.xz \| coldfront/],
      [file('a.bz2', 'BZh91AY&SY...'), /is packed with bzip2: .*`bzip2 -dc/],
      [file('a.lz4', latin1('\x04\x22\x4d\x18')), /is packed with lz4: .*`lz4 -dc/],
      [file('a.Z', latin1('\x1f\x9d\x90')), /is packed with compress: .*`gzip -dc/],
      [file('a.zip', 'PK\x03\x04'), /is a zip archive: .*`unzip -p/],
      [file('a.tar', tar), /is a tar archive: .*`tar -xOf \S+a\.tar \|/],
      [
        file('a.tgz', gzipSync(tar)),
        /is a tar archive in gzip: .*`gzip -dc \S+a\.tgz \| tar -xOf - \|/,
      ],
      [file('a.gz.gz', gzipSync(gzipSync('x'))), /is packed twice: .*`gzip -dc \S+ \| gzip -dc -/],
      [file("it's.xz", latin1('\xfd7zXZ\0')), /`xz -dc '\S+it'\\''s\.xz' \| coldfront/],
      [
        file('a.txt', Buffer.from('\ufeffarrival_s\n', 'utf16le')),
        /is UTF-16 text: .*`iconv -f UTF-16/,
      ],
      [file('be.txt', latin1('\xfe\xff\0a')), /is UTF-16 text/],
      [file('a.parquet', latin1('PAR1\x15\0')), /is a Parquet file, where text is expected$/],
    ] as const) {
      await expect(textOf(path)).rejects.toThrow(message);
    }
    expect(await textOf(file('PAR1.csv', 'PAR1,PAR2\n'))).toBe('PAR1,PAR2\n');
    expect(await textOf(file('BZ.log', 'BZh9 is no host\n'))).toBe('BZh9 is no host\n');
  });

  it('that grow out of all proportion are refused, ones that shrink well are not', async () => {
    const zeros = gzipSync(Buffer.alloc(80 * 2 ** 20));
    await expect(textOf(file('bomb.gz', zeros))).rejects.toThrow(
      /unpacks to more than 500 times its size, as no log does: if it is one, `gzip -dc/,
    );
    const small = gzipSync(Buffer.alloc(8 * 2 ** 20));
    expect((await textOf(file('small.gz', small))).length).toBe(8 * 2 ** 20);
  });

  it('of 10 GB in a few bytes of zstd are refused before they are unpacked', async () => {
    // Magic, no size, a window of 2 MiB; then blocks of 128 KiB of the same byte, four bytes each.
    const block = Buffer.from([
      0x02 | (((2 ** 17) << 3) & 0xff),
      ((2 ** 17) << 3) >> 8,
      0x10,
      0x78,
    ]);
    const frame = Buffer.concat([
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]),
      ...Array.from({ length: 80_000 }, () => block),
      Buffer.from([0x01, 0, 0]),
    ]);
    await expect(textOf(file('bomb.zst', frame))).rejects.toThrow(/more than 500 times its size/);
  });

  it('of zstd that need a dictionary or too long a window say which option helps', async () => {
    const frame = (...header: number[]) => Buffer.from([0x28, 0xb5, 0x2f, 0xfd, ...header, 0, 0]);
    await expect(textOf(file('dict.zst', frame(0x01, 0x58, 0x07, 1, 0, 0)))).rejects.toThrow(
      /needs the dictionary .*`zstd -dc -D DICTIONARY/,
    );
    await expect(textOf(file('long.zst', frame(0x00, 0xa8, 1, 0, 0)))).rejects.toThrow(
      /window that is too long.*`zstd -dc --long=31/,
    );
  });
});

describe.skipIf(noZstd !== null)(`files of the zstd command${skipped}`, () => {
  const packed = (...options: string[]) =>
    execFileSync('zstd', ['-qc', ...options], { input: LINES });

  it.each([['-1'], ['-19'], ['--long=23'], ['--no-check'], ['--fast=5'], ['--rsyncable', '-T2']])(
    'are read with %s',
    async (...options) => {
      expect(await textOf(file('command.zst', packed(...options)))).toBe(BYTES);
    },
  );

  it('that have a damaged checksum are refused', async () => {
    const frame = packed();
    frame[frame.length - 1]! ^= 1;
    await expect(textOf(file('checksum.zst', frame))).rejects.toThrow(/zstd data is damaged/);
  });

  it('come out of the command as they were written', async () => {
    const path = file('ours.zst', await zstd(LINES));
    expect(execFileSync('zstd', ['-dc', path], { maxBuffer: 2 ** 26 }).toString()).toBe(LINES);
  });
});

describe('text that is written', () => {
  const rows = function* () {
    for (let i = 0; i < 3; i++) yield `${i} é\n`;
  };

  it('is packed as its name says', async () => {
    for (const name of ['w.csv', 'w.csv.gz', 'w.csv.zst']) {
      const path = join(folder, name);
      await writePieces(rows(), path, false);
      expect(Buffer.from(await textOf(path), 'latin1').toString()).toBe('0 é\n1 é\n2 é\n');
    }
    expect(readFileSync(join(folder, 'w.csv'), 'utf8')).toBe('0 é\n1 é\n2 é\n');
    expect(readFileSync(join(folder, 'w.csv.gz')).readUInt16LE(0)).toBe(0x8b1f);
    expect(readFileSync(join(folder, 'w.csv.zst')).readUInt32LE(0)).toBe(0xfd2fb528);
  });

  it('takes the place of a file only if told to', async () => {
    const path = file('kept.csv', 'kept');
    await expect(writePieces(rows(), path, false)).rejects.toThrow(/is there already: --overwrite/);
    expect(readFileSync(path, 'utf8')).toBe('kept');
    await writePieces(rows(), path, true);
    expect(readFileSync(path, 'utf8')).toContain('2 é');
  });

  it('is there whole or not at all', async () => {
    const breaks = function* () {
      yield 'x'.repeat(10 ** 6);
      throw new UserError('broken');
    };
    for (const name of ['broken.csv', 'broken.csv.gz', 'broken.csv.zst']) {
      const path = join(folder, name);
      await expect(writePieces(breaks(), path, false)).rejects.toThrow('broken');
      expect(existsSync(path) || existsSync(`${path}.part`)).toBe(false);
    }
    await expect(writePieces(rows(), join(folder, 'none/x.csv'), false)).rejects.toThrow(
      /no such file or folder/,
    );
  });

  it.skipIf(!existsSync('/dev/full'))('says when the disk is full', async () => {
    const path = join(folder, 'full.csv');
    symlinkSync('/dev/full', `${path}.part`);
    await expect(writePieces(['x'.repeat(10 ** 6)], path, false)).rejects.toThrow(
      /full\.csv {2}the disk is full: make room/,
    );
    expect(existsSync(path)).toBe(false);
  });
});
