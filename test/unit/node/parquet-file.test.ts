import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { SchemaElement } from 'hyparquet';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { isParquet, readParquet } from '../../../src/node/parquet-file.ts';
import { writeParquet } from '../../../src/node/parquet-output.ts';
import { readPieces } from '../../../src/node/trace-files.ts';
import type { WorkloadChunk } from '../../../src/workload/workload.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'coldfront-parquet-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function parquet(
  columnData: ColumnSource[],
  schema?: SchemaElement[],
  rowGroupSize = 1000,
): string {
  const bytes = parquetWriteBuffer({ columnData, rowGroupSize, ...(schema && { schema }) });
  return file('a.parquet', new Uint8Array(bytes));
}

async function rowsOf(path: string, names?: string[]) {
  const groups = [];
  for await (const group of readParquet(path, names ? () => names : null)) groups.push(group);
  return groups;
}

async function columnOf(element: SchemaElement, data: unknown[]): Promise<readonly unknown[]> {
  const schema = [{ name: 'root', num_children: 1 }, element];
  const [group] = await rowsOf(parquet([{ name: element.name, data }], schema));
  return group!.columns[0]!;
}

describe('a Parquet file', () => {
  it('is told by its bytes', async () => {
    expect(await isParquet(parquet([{ name: 'a', data: [1] }]))).toBe(true);
    for (const [name, content] of [
      ['b.parquet', 'arrival_s\n'],
      ['c.csv', 'PAR1,PAR2\n'],
      ['d', ''],
      ['e', 'PA'],
    ] as const) {
      expect(await isParquet(file(name, content))).toBe(false);
    }
    expect(await isParquet(folder)).toBe(false);
    await expect(isParquet(join(folder, 'none'))).rejects.toThrow(/no such file/);
  });

  it('is read a row group at a time, only the columns that are wanted', async () => {
    const numbers = Array.from({ length: 250 }, (_, i) => i);
    const path = parquet(
      [
        { name: 'id', data: numbers, type: 'INT32' },
        { name: 'model', data: numbers.map((i) => `m${i % 3}`), type: 'STRING' },
        { name: 'cost', data: numbers.map((i) => (i % 2 ? i / 8 : null)), type: 'DOUBLE' },
      ],
      undefined,
      100,
    );
    const groups = await rowsOf(path);
    expect(groups.map(({ rows }) => rows)).toEqual([100, 100, 50]);
    expect(groups[0]!.names).toEqual(['id', 'model', 'cost']);
    expect(groups.flatMap(({ columns }) => columns[0])).toEqual(numbers);
    expect(groups[2]!.columns[1]!.slice(0, 3)).toEqual(['m2', 'm0', 'm1']);
    expect(groups[1]!.columns[2]!.slice(0, 2)).toEqual([null, 101 / 8]);
    const some = await rowsOf(path, ['cost', 'none', 'id']);
    expect(some.map(({ names }) => names)).toEqual(Array(3).fill(['id', 'cost']));
    expect(some[2]!.columns[0]![49]).toBe(249);
  });

  it('has integers as numbers, and as text where a number would lose digits', async () => {
    expect(
      await columnOf({ name: 'n', type: 'INT64' }, [0n, -5n, 2n ** 53n - 1n, 2n ** 53n + 1n]),
    ).toEqual([0, -5, 9007199254740991, '9007199254740993']);
  });

  it('has stamps with all their digits, and Z if they are UTC', async () => {
    const stamp = (unit: 'MILLIS' | 'MICROS' | 'NANOS', isAdjustedToUTC: boolean) => ({
      name: 't',
      type: 'INT64' as const,
      logical_type: { type: 'TIMESTAMP' as const, unit, isAdjustedToUTC },
    });
    expect(await columnOf(stamp('NANOS', true), [1_700_000_000_123_456_789n, -1n])).toEqual([
      '2023-11-14T22:13:20.123456789Z',
      '1969-12-31T23:59:59.999999999Z',
    ]);
    expect(await columnOf(stamp('MICROS', false), [1_700_000_000_000_001n, 0n])).toEqual([
      '2023-11-14T22:13:20.000001',
      '1970-01-01T00:00:00.000000',
    ]);
    expect(await columnOf(stamp('MILLIS', true), [1_700_000_000_120n])).toEqual([
      '2023-11-14T22:13:20.120Z',
    ]);
    expect(await columnOf(stamp('MILLIS', true), [2n ** 62n])).toEqual(['4611686018427387904']);
    const old = { name: 't', type: 'INT64', converted_type: 'TIMESTAMP_MICROS' } as const;
    expect(await columnOf(old, [5n])).toEqual(['1970-01-01T00:00:00.000005Z']);
    const date = { name: 'd', type: 'INT32', converted_type: 'DATE' } as const;
    expect(await columnOf(date, [20_000, -1])).toEqual(['2024-10-04', '1969-12-31']);
  });

  it('has decimals as exact text', async () => {
    const decimal = { converted_type: 'DECIMAL', precision: 9, scale: 3 } as const;
    const element = { name: 'd', type: 'INT32', ...decimal } as const;
    expect(await columnOf(element, [1.5, -0.001, 12, 0])).toEqual([
      '1.500',
      '-0.001',
      '12.000',
      '0.000',
    ]);
  });

  it('has text a character a byte, as the pieces of a text file are', async () => {
    const text = { name: 's', type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
    expect(await columnOf(text, ['plain', 'é'])).toEqual(['plain', '\xc3\xa9']);
  });

  it('has fields of structs by dotted names, and leaves lists out', async () => {
    const schema: SchemaElement[] = [
      { name: 'root', num_children: 2 },
      { name: 'request', num_children: 2, repetition_type: 'OPTIONAL' },
      { name: 'tokens', type: 'INT32', repetition_type: 'OPTIONAL' },
      { name: 'model', num_children: 1, repetition_type: 'REQUIRED' },
      { name: 'name', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
      { name: 'tags', num_children: 1, converted_type: 'LIST', repetition_type: 'OPTIONAL' },
      { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
      { name: 'element', type: 'INT32', repetition_type: 'REQUIRED' },
    ];
    const request = [
      { tokens: 5, model: { name: 'a' } },
      null,
      { tokens: null, model: { name: 'b' } },
    ];
    const path = parquet(
      [
        { name: 'request', data: request },
        { name: 'tags', data: [[1, 2], [], [3]] },
      ],
      schema,
    );
    expect(await rowsOf(path)).toEqual([
      {
        names: ['request.tokens', 'request.model.name'],
        rows: 3,
        columns: [
          [5, null, null],
          ['a', null, 'b'],
        ],
      },
    ]);
  });

  it('that is damaged, cut off or no such file says so', async () => {
    const path = parquet([{ name: 'a', data: Array.from({ length: 999 }, (_, i) => i * i) }]);
    const bytes = readFileSync(path);
    const noFooter = file('cut.parquet', bytes.subarray(0, -20));
    const noMiddle = file(
      'hole.parquet',
      Buffer.concat([bytes.subarray(0, 400), bytes.subarray(900)]),
    );
    const pages = file('pages.parquet', Buffer.from(bytes).fill(0xff, 4, 60));
    for (const damaged of [noFooter, noMiddle, pages, file('short.parquet', 'PAR1')]) {
      await expect(rowsOf(damaged)).rejects.toThrow(
        /parquet {2}cannot be read as Parquet \(.+\): it is damaged, cut off or of a kind/,
      );
      await expect(rowsOf(damaged)).rejects.toBeInstanceOf(UserError);
    }
    await expect(rowsOf(join(folder, 'none.parquet'))).rejects.toThrow(/no such file or folder/);
  });
});

describe('requests written as Parquet', () => {
  const chunks: WorkloadChunk[] = Array.from({ length: 9 }, (_, k) => ({
    count: 16_000,
    arrivalUs: Float64Array.from({ length: 16_384 }, (_, i) => 1e15 + k * 16_000 + i),
    serviceUs: Float64Array.from({ length: 16_384 }, (_, i) => (i * 7919) % 100_003),
    inputTokens: Float64Array.from({ length: 16_384 }, (_, i) => i % 4096),
    outputTokens: Float64Array.from({ length: 16_384 }, (_, i) => i % 7),
    endpoint: Int32Array.from({ length: 16_384 }, (_, i) => i % 2),
  }));

  it('read back the same to the microsecond', async () => {
    const path = join(folder, 'requests.parquet');
    await writeParquet(chunks, path, false, ['llama', 'é "x"']);
    const groups = await rowsOf(path);
    expect(groups.length).toBeGreaterThan(1);
    expect(groups[0]!.names).toEqual([
      'arrival_us',
      'service_us',
      'input_tokens',
      'output_tokens',
      'endpoint',
    ]);
    const whole = [0, 1, 2, 3].map((k) => groups.flatMap(({ columns }) => columns[k]));
    const given = (['arrivalUs', 'serviceUs', 'inputTokens', 'outputTokens'] as const).map((key) =>
      chunks.flatMap((chunk) => [...chunk[key]!.subarray(0, chunk.count)]),
    );
    for (const [k, column] of given.entries()) {
      expect(whole[k]).toHaveLength(column.length);
      expect(column.findIndex((value, i) => value !== whole[k]![i])).toBe(-1);
    }
    expect(groups[0]!.columns[4]!.slice(0, 2)).toEqual(['llama', '\xc3\xa9 "x"']);
  });

  it('have only the columns that they have, and a schema without a request', async () => {
    const path = join(folder, 'few.parquet');
    const { count, arrivalUs, serviceUs } = chunks[0]!;
    await writeParquet([{ count, arrivalUs, serviceUs }], path, false);
    expect((await rowsOf(path)).map(({ names, rows }) => [names, rows])).toEqual([
      [['arrival_us', 'service_us'], 16_000],
    ]);
    await expect(writeParquet([], path, false)).rejects.toThrow(/is there already/);
    await writeParquet([], path, true);
    expect(await rowsOf(path)).toEqual([]);
  });
});

describe('stdin', () => {
  afterEach(() => vi.restoreAllMocks());

  const given = (...pieces: Uint8Array[]) => {
    const stream = Readable.from(pieces, { objectMode: false });
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(stream as typeof process.stdin);
  };
  const text = async () => {
    let all = '';
    for await (const piece of readPieces('-')) all += piece;
    return all;
  };

  it('of Parquet is read whole', async () => {
    const bytes = readFileSync(parquet([{ name: 'a', data: [1, 2, 3] }]));
    given(bytes.subarray(0, 50), bytes.subarray(50));
    expect(await isParquet('-')).toBe(true);
    expect(await rowsOf('-')).toEqual([{ names: ['a'], rows: 3, columns: [[1, 2, 3]] }]);
    given(bytes.subarray(0, -1));
    await expect(rowsOf('-')).rejects.toThrow(/^stdin {2}cannot be read as Parquet/);
  });

  it('of text loses no byte to the look at it', async () => {
    for (const pieces of [['arrival_s\n', '1\n'], ['a'], ['PAR', '1,2\n'], []]) {
      given(...pieces.map((piece) => Buffer.from(piece)));
      expect(await isParquet('-')).toBe(false);
      expect(await text()).toBe(pieces.join(''));
    }
  });

  it('that is something else is named as the commands take it', async () => {
    given(Buffer.from('\xfd7zXZ\0', 'latin1'));
    await expect(text()).rejects.toThrow('stdin  is packed with xz');
    given(Buffer.from('\xfd7zXZ\0', 'latin1'));
    await expect(text()).rejects.toThrow('`xz -dc - | coldfront ... -`');
  });
});
