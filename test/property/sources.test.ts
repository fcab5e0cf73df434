/** Files as bytes: whatever is cut off, changed or put behind, it is read as it was or refused with words for a user. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.ts';
import { writePieces } from '../../src/node/output.ts';
import { readParquet } from '../../src/node/parquet-file.ts';
import { readPieces } from '../../src/node/trace-files.ts';

const TEXT = Array.from({ length: 3000 }, (_, i) => `${i / 8},${(i * 7919) % 1009}\n`).join('');

let folder = '';
let zstd = Buffer.alloc(0);
const gzip = gzipSync(TEXT);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'coldfront-sources-'));
  const path = join(folder, 'whole.zst');
  await writePieces([TEXT], path, false);
  zstd = readFileSync(path);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is done to the bytes of a file: each place is a share of its length. */
interface Harm {
  readonly cut: number;
  readonly changes: readonly { readonly at: number; readonly byte: number }[];
  readonly behind: Uint8Array;
}

const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const harm: fc.Arbitrary<Harm> = fc.record({
  cut: fc.oneof(fc.constant(1), share),
  changes: fc.array(fc.record({ at: share, byte: fc.nat(255) }), { maxLength: 4 }),
  behind: fc.oneof(fc.constant(new Uint8Array()), fc.uint8Array({ maxLength: 40 })),
});

function harmed(bytes: Buffer, { cut, changes, behind }: Harm): Buffer {
  const kept = Buffer.from(bytes.subarray(0, Math.ceil(cut * bytes.length)));
  for (const { at, byte } of changes) kept[Math.floor(at * kept.length)] = byte;
  return Buffer.concat([kept, behind]);
}

/** What was read, or the UserError; anything else that is thrown fails the test. */
async function outcome(read: () => Promise<string>): Promise<string | UserError> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

async function textOf(bytes: Buffer): Promise<string> {
  const path = join(folder, 'harmed');
  writeFileSync(path, bytes);
  let text = '';
  for await (const piece of readPieces(path)) text += piece;
  return text;
}

async function tableOf(bytes: Buffer): Promise<string> {
  const path = join(folder, 'harmed.parquet');
  writeFileSync(path, bytes);
  let rows = 0;
  for await (const group of readParquet(path)) {
    for (const column of group.columns) expect(column).toHaveLength(group.rows);
    rows += group.rows;
  }
  return String(rows);
}

describe('harmed bytes', () => {
  it.each(['gzip', 'zstd'])(
    'of %s are refused with words, and never read as less',
    async (kind) => {
      const whole = kind === 'gzip' ? gzip : zstd;
      await fc.assert(
        fc.asyncProperty(harm, async (how) => {
          const bytes = harmed(whole, how);
          const read = await outcome(() => textOf(bytes));
          if (read instanceof UserError) {
            expect(read.message).toMatch(/^\S+harmed {2}\w/);
          } else if (kind === 'gzip') {
            // Without its mark it is text, and the checksum finds every other change.
            expect([TEXT, bytes.toString('latin1')]).toContain(read);
          }
        }),
        { numRuns: kind === 'gzip' ? 300 : 60 },
      );
    },
  );

  it('of several gzip members that are cut off end with a member or are refused', async () => {
    const [one, two] = [gzipSync('one\n'), gzipSync('two\n')];
    const both = Buffer.concat([one, two]);
    for (let length = 0; length <= both.length; length++) {
      const read = await outcome(() => textOf(both.subarray(0, length)));
      const whole = { 0: '', 1: '\x1f', [one.length]: 'one\n', [both.length]: 'one\ntwo\n' }[
        length
      ];
      if (whole === undefined) expect(read).toBeInstanceOf(UserError);
      else expect(read).toBe(whole);
    }
  });

  it('of any kind are no fault of ours', async () => {
    const magic = fc.constantFrom(
      '\x1f\x8b\x08',
      '\x28\xb5\x2f\xfd',
      '\x50\x2a\x4d\x18',
      'PAR1\x15',
      '\xff\xfe',
      'BZh91AY&SY',
      '',
    );
    await fc.assert(
      fc.asyncProperty(magic, fc.uint8Array({ maxLength: 200 }), async (begin, rest) => {
        const bytes = Buffer.concat([Buffer.from(begin, 'latin1'), rest]);
        await outcome(() => textOf(bytes));
        await outcome(() => tableOf(Buffer.concat([bytes, Buffer.from('PAR1')])));
      }),
      { numRuns: 100 },
    );
  });

  it('of Parquet give whole columns or words', async () => {
    const numbers = Array.from({ length: 300 }, (_, i) => i);
    const columnData: ColumnSource[] = [
      { name: 'id', data: numbers, type: 'INT32', encoding: 'DELTA_BINARY_PACKED' },
      { name: 'time', data: numbers.map((i) => new Date(i * 1000)), type: 'TIMESTAMP' },
      { name: 'model', data: numbers.map((i) => `model-${i % 3}`), type: 'STRING' },
      { name: 'cost', data: numbers.map((i) => (i % 2 ? i / 8 : null)), type: 'DOUBLE' },
    ];
    const whole = Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 100 }));
    await fc.assert(
      fc.asyncProperty(harm, async (how) => {
        const read = await outcome(() => tableOf(harmed(whole, how)));
        if (read instanceof UserError)
          expect(read.message).toMatch(/^\S+parquet {2}cannot be read/);
      }),
      { numRuns: 400 },
    );
  });
});
