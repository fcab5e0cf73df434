/** What a file is by its first bytes, whatever it is called, and what to do with one that is not read. */

/** Enough for every kind: the mark of a tar archive lies in its first 512 bytes. */
export const HEAD_BYTES = 512;

export type Packing = 'gzip' | 'zstd';

export interface Stranger {
  readonly title: string;
  /** Writes it to stdout as text, given the name of the file or `-`; null where nothing does. */
  readonly command: ((name: string) => string) | null;
}

/** A character is a byte. */
const GZIP = '\x1f\x8b';
const ZSTD = '\x28\xb5\x2f\xfd';
/** A frame without data (RFC 8878, 3.1.2) begins with one of 16 bytes and these. */
const ZSTD_SKIPPABLE = '\x2a\x4d\x18';
const PARQUET = 'PAR1';

const through = (command: string) => (name: string) => `${command} ${name}`;
const utf16 = { title: 'UTF-16 text', command: through('iconv -f UTF-16 -t UTF-8') };

/** By the mark and where it lies; none of them can begin a line of a log. */
const STRANGERS: readonly (readonly [mark: string, at: number, Stranger])[] = [
  ['\xfd7zXZ\0', 0, { title: 'packed with xz', command: through('xz -dc') }],
  ['1AY&SY', 4, { title: 'packed with bzip2', command: through('bzip2 -dc') }],
  ['\x04\x22\x4d\x18', 0, { title: 'packed with lz4', command: through('lz4 -dc') }],
  ['\x1f\x9d', 0, { title: 'packed with compress', command: through('gzip -dc') }],
  ['PK\x03\x04', 0, { title: 'a zip archive', command: through('unzip -p') }],
  ['7z\xbc\xaf\x27\x1c', 0, { title: 'a 7z archive', command: through('7z x -so') }],
  ['ustar', 257, { title: 'a tar archive', command: through('tar -xOf') }],
  ['\xff\xfe', 0, utf16],
  ['\xfe\xff', 0, utf16],
  ['Obj\x01', 0, { title: 'an Avro file: write it as CSV or Parquet first', command: null }],
  ['SQLite format 3\0', 0, { title: 'an SQLite database: export a CSV first', command: null }],
];

const PARQUET_FOR_TEXT = { title: 'a Parquet file, where text is expected', command: null };

export function packingOf(head: Buffer): Packing | null {
  const text = head.toString('latin1', 0, HEAD_BYTES);
  if (text.startsWith(GZIP)) return 'gzip';
  const skippable = text.startsWith(ZSTD_SKIPPABLE, 1) && head[0]! >> 4 === 5;
  return skippable || text.startsWith(ZSTD) ? 'zstd' : null;
}

/** A header in Thrift follows, which is no text, where it is not a line of text that begins so. */
export function beginsParquet(head: Buffer): boolean {
  if (head.toString('latin1', 0, PARQUET.length) !== PARQUET) return false;
  const next = head.subarray(PARQUET.length, 2 * PARQUET.length);
  return next.some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20));
}

/** What is surely no text that can be read; null for all else. */
export function strangerOf(head: Buffer): Stranger | null {
  if (beginsParquet(head)) return PARQUET_FOR_TEXT;
  const text = head.toString('latin1', 0, HEAD_BYTES);
  return STRANGERS.find(([mark, at]) => text.startsWith(mark, at))?.[2] ?? null;
}
