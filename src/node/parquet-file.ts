/** The columns of a Parquet file, a row group at a time. */
import { once } from 'node:events';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type {
  AsyncBuffer,
  ColumnChunk,
  Compressors,
  RowGroup,
  SchemaElement,
  SchemaTree,
} from 'hyparquet';
import { UserError } from '../base/errors.ts';
import { fileError } from './file-errors.ts';
import { beginsParquet } from './file-kinds.ts';
import { checkPages } from './parquet-pages.ts';
import { type Convert, conversionOf, storedElement, textOf } from './parquet-values.ts';
import { STDIN } from './trace-files.ts';
import { BOMB_BYTES, BOMB_RATIO } from './unpack-flow.ts';

const MARK_BYTES = 8;
const MOST_STDIN_BYTES = 2 ** 30;
const VALUE_BYTES = 8;
const LONGEST_REASON = 100;

/** The rows of a row group. */
export interface ParquetRows {
  /** Of the columns: `request.tokens` for a field of a struct. Lists and maps are left out. */
  readonly names: readonly string[];
  readonly rows: number;
  /**
   * In the order of `names`, each of `rows` values: numbers, booleans, text with a character a byte as in `readPieces`, null.
   * Integers beyond 2^53 and decimals are decimal text, stamps ISO text with all their digits, and Z if they are UTC.
   */
  readonly columns: readonly (readonly unknown[])[];
}

/** Told by the bytes; those of stdin stay there to be read. @throws UserError for a file that cannot be read */
export async function isParquet(path: string): Promise<boolean> {
  if (path === STDIN) return beginsParquet(await firstOfStdin());
  try {
    // Of a pipe no byte may be lost, and what a folder is its reader says.
    if (!(await stat(path)).isFile()) return false;
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MARK_BYTES), 0, MARK_BYTES, 0);
      return beginsParquet(buffer.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(error, path);
  }
}

/**
 * Row group by row group, of which one at a time is held. All of stdin is held, up to 1 GiB.
 * @param wanted of the columns that are there, those to be unpacked; null: all
 * @throws UserError for a file that cannot be read, is damaged, cut off, or no Parquet that is known
 */
export async function* readParquet(
  path: string,
  wanted: ((names: readonly string[]) => readonly string[]) | null = null,
): AsyncGenerator<ParquetRows, void> {
  const name = path === STDIN ? 'stdin' : path;
  let handle: FileHandle | null = null;
  try {
    handle = path === STDIN ? null : await open(path);
    const file = handle === null ? await wholeStdin() : await bytesOf(handle);
    yield* rowGroups(file, wanted);
  } catch (error) {
    throw parquetError(error, name);
  } finally {
    await handle?.close();
  }
}

/** A leaf of the schema that is no list and in none. */
interface Column {
  /** From the top-level column down. */
  readonly path: readonly string[];
  /** Of the root, the structs and the leaf, as if there were no other. */
  readonly schema: readonly SchemaElement[];
  readonly convert: Convert;
}

async function* rowGroups(
  file: AsyncBuffer,
  wanted: ((names: readonly string[]) => readonly string[]) | null,
): AsyncGenerator<ParquetRows, void> {
  // Loaded only where there is a Parquet file: 70 ms.
  const { parquetMetadataAsync, parquetRead, parquetSchema } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const { deserializeTCompactProtocol: readStruct } = await import('hyparquet/src/thrift.js');
  const metadata = await parquetMetadataAsync(file, { geoparquet: false });
  const all = columnsOf(parquetSchema(metadata), []).map((column) => ({
    ...column,
    name: column.path.join('.'),
  }));
  const names = wanted?.(all.map(({ name }) => name));
  const columns = all.filter(({ name }) => names?.includes(name) ?? true);
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const values: (readonly unknown[])[] = [];
    for (const { path, schema, convert } of columns) {
      // One column is a file of its own to the library: of several, it leaves some unwatched when one fails.
      const chunk = chunkOf(group, path);
      refuseBomb(rows, chunk, file.byteLength);
      const column = new Array<unknown>(rows);
      let filled = 0;
      const pages = {
        readStruct,
        rows,
        levels: schema.slice(1).filter(({ repetition_type: type }) => type !== 'REQUIRED').length,
        packed: chunk.meta_data?.codec !== 'UNCOMPRESSED',
        booleans: schema.at(-1)!.type === 'BOOLEAN',
      };
      let checks: ReturnType<typeof checkPages> = [];
      const checked = slicesOf(file.byteLength, async (start, length) => {
        const bytes = await file.slice(start, start + length);
        checks = checkPages(bytes, pages);
        return bytes;
      });
      await parquetRead({
        file: checked,
        metadata: {
          ...metadata,
          schema: [...schema],
          num_rows: group.num_rows,
          row_groups: [{ ...group, columns: [chunk] }],
        },
        compressors: checking(compressors, () => checks.shift()),
        utf8: false,
        parsers: { stringFromBytes: textOf, timestampFromNanoseconds: (value) => value as never },
        onChunk: ({ columnData, rowStart }) => {
          const count = Math.min(columnData.length, rows - rowStart);
          for (let i = 0; i < count; i++) {
            column[rowStart + i] = convert(fieldOf(columnData[i], path));
          }
          filled += count;
        },
      });
      if (filled !== rows) throw new Error(`${filled} of ${rows} rows`);
      values.push(column);
    }
    yield { names: columns.map(({ name }) => name), rows, columns: values };
  }
}

/** @param above the elements from the root down to the tree's parent */
function columnsOf(tree: SchemaTree, above: readonly SchemaElement[]): Column[] {
  const from = [...above, { ...tree.element, num_children: 1 }];
  return tree.children.flatMap((child) => {
    const { element, children, path } = child;
    if (element.repetition_type === 'REPEATED') return [];
    if (children.length === 0) {
      return [{ path, schema: [...from, storedElement(element)], convert: conversionOf(element) }];
    }
    const struct = element.converted_type === undefined && element.logical_type === undefined;
    return struct ? columnsOf(child, from) : [];
  });
}

/** The same, each page that is unpacked given to its check. */
function checking(
  compressors: Compressors,
  nextCheck: () => ((page: Uint8Array) => void) | undefined,
): Compressors {
  return Object.fromEntries(
    Object.entries(compressors).map(([codec, unpack]) => [
      codec,
      (bytes: Uint8Array, length: number) => {
        const page = unpack(bytes, length);
        nextCheck()?.(page);
        return page;
      },
    ]),
  );
}

function chunkOf({ columns }: RowGroup, path: readonly string[]): ColumnChunk {
  const chunk = columns.find(({ meta_data }) => {
    const leaf = meta_data?.path_in_schema;
    return leaf?.length === path.length && path.every((name, i) => name === leaf[i]);
  });
  if (chunk === undefined) throw new Error(`no ${path.join('.')}`);
  return chunk;
}

/** What lies in the structs of a value; the value itself if the path is that of a column. */
function fieldOf(value: unknown, [, ...fields]: readonly string[]): unknown {
  let field = value;
  for (const name of fields) field = (field as Record<string, unknown> | null | undefined)?.[name];
  return field;
}

/** @throws Error for a column that says to be out of all proportion to its bytes */
function refuseBomb(rows: number, { meta_data }: ColumnChunk, fileBytes: number): void {
  const packed = Math.min(Number(meta_data?.total_compressed_size), fileBytes);
  const unpacked = VALUE_BYTES * rows;
  if (unpacked > BOMB_BYTES && unpacked > BOMB_RATIO * packed) {
    throw new Error(`${rows} rows in ${packed} bytes`);
  }
}

async function bytesOf(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  return slicesOf(size, async (start, length) => {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await handle.read(bytes, 0, length, start);
    if (bytesRead < length) throw new Error('the file became shorter');
    return bytes.buffer;
  });
}

async function wholeStdin(): Promise<AsyncBuffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of process.stdin) {
    pieces.push(piece);
    size += piece.length;
    if (size <= MOST_STDIN_BYTES) continue;
    const message = 'holds more than 1 GiB of Parquet: write it to a file, and name that';
    throw new UserError([{ at: 'stdin', path: null, message }]);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return slicesOf(size, async (start, length) => bytes.buffer.slice(start, start + length));
}

function slicesOf(
  size: number,
  read: (start: number, length: number) => Promise<ArrayBuffer>,
): AsyncBuffer {
  const slice = async (start: number, end: number): Promise<ArrayBuffer> => {
    // Damaged files name any bytes.
    if (start >= 0 && start <= end && end <= size) return read(start, end - start);
    throw new Error(`bytes ${start} to ${end} of ${size}`);
  };
  return {
    byteLength: size,
    slice(start, end = size) {
      const bytes = slice(start, end);
      // The library asks for several at once, and looks no further after the first that fails.
      bytes.catch(() => {});
      return bytes;
    },
  };
}

/** The first piece of stdin, which stays there; pieces of a few bytes are not waited for. */
async function firstOfStdin(): Promise<Buffer> {
  const { stdin } = process;
  for (;;) {
    const piece: Buffer | null = stdin.read();
    if (piece !== null) {
      stdin.unshift(piece);
      return piece;
    }
    if (stdin.readableEnded || stdin.errored !== null) return Buffer.alloc(0);
    await Promise.race(['readable', 'end', 'error'].map((event) => once(stdin, event)));
  }
}

/** The library throws errors of many kinds for damaged bytes; none of them is a fault of ours. */
function parquetError(error: unknown, name: string): unknown {
  const known = fileError(error, name);
  if (known instanceof UserError) return known;
  const words = String((error as { message?: unknown } | null)?.message ?? error);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a damaged file says is kept from the terminal
  const reason = words.replace(/[\0-\x1f\x7f-\x9f]/g, '?').slice(0, LONGEST_REASON);
  const message = `cannot be read as Parquet (${reason}): it is damaged, cut off or of a kind that is not known`;
  return new UserError([{ at: name, path: null, message }]);
}
