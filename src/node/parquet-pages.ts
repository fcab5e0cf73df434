/**
 * The pages of a column chunk, checked before the library reads them: with damaged lengths it would read the same page for
 * ever, or a run of values that no memory holds. https://parquet.apache.org/docs/file-format/data-pages/
 */
import { BOMB_BYTES, BOMB_RATIO } from './unpack-flow.ts';

/** Of a struct of Thrift, by number. */
type Fields = Readonly<Record<string, unknown>>;

/** parquet.thrift, Encoding. */
const PLAIN_DICTIONARY = 2;
const RLE = 3;
const RLE_DICTIONARY = 8;
/** A run of packed values may be filled up; nobody writes more than this behind the last. */
const MOST_FILLING = 504;

/** What a page that is yet to be unpacked is checked by. */
type Check = (page: Uint8Array) => void;

export interface PageColumn {
  /** The library's own, of a struct in Thrift's compact protocol. */
  readonly readStruct: (reader: { view: DataView; offset: number }) => Fields;
  /** As many values as the pages are to have. */
  readonly rows: number;
  /** How many of the column and its structs may be null. */
  readonly levels: number;
  readonly packed: boolean;
  readonly booleans: boolean;
}

/**
 * @param bytes pages one behind the other, of a column that is no list
 * @returns checks of the pages that are packed, in the order in which they are unpacked
 * @throws Error for a page that cannot be, as the checks do
 */
export function checkPages(
  bytes: ArrayBuffer,
  { readStruct, rows, levels, packed, booleans }: PageColumn,
): Check[] {
  const reader = { view: new DataView(bytes), offset: 0 };
  const later: Check[] = [];
  // The library leaves the last byte alone, too.
  for (let values = 0; values < rows; ) {
    if (reader.offset >= bytes.byteLength - 1) throw new Error(`${values} of ${rows} rows`);
    const header: Fields = readStruct(reader);
    const unpackedBytes = lengthOf(header['field_2']);
    const packedBytes = lengthOf(header['field_3']);
    if (reader.offset + packedBytes > bytes.byteLength) throw new Error('a page is cut off');
    if (unpackedBytes > BOMB_BYTES && unpackedBytes > BOMB_RATIO * packedBytes) {
      throw new Error(`a page of ${unpackedBytes} bytes in ${packedBytes}`);
    }
    let page = new Uint8Array(bytes, reader.offset, packedBytes);
    let check: Check = () => {};
    let pagePacked = packed;
    const dictionary = header['field_7'] as Fields | undefined;
    const first = header['field_5'] as Fields | undefined;
    const second = header['field_8'] as Fields | undefined;
    if (dictionary !== undefined && lengthOf(dictionary['field_1']) > 8 * unpackedBytes) {
      throw new Error('a dictionary of more values than it has bits');
    }
    if (first !== undefined) {
      const count = lengthOf(first['field_1']);
      values += count;
      check = (unpacked) => {
        const runs = new Runs(unpacked);
        if (levels > 0) runs.checkLevels(count, widthOf(levels), runs.length());
        runs.checkValues(count, first['field_2'], booleans);
      };
    } else if (second !== undefined) {
      const count = lengthOf(second['field_1']);
      values += count;
      if (lengthOf(second['field_2']) > count) throw new Error('more nulls than values');
      if (lengthOf(second['field_6']) > 0) throw new Error('levels of a list');
      const levelBytes = lengthOf(second['field_5']);
      if (levels > 0) new Runs(page).checkLevels(count, widthOf(levels), levelBytes);
      page = page.subarray(levelBytes);
      pagePacked &&= second['field_7'] !== false;
      check = (unpacked) => new Runs(unpacked).checkValues(count, second['field_4'], booleans);
    }
    if (values > rows) throw new Error(`${values} values in ${rows} rows`);
    if (pagePacked) later.push(check);
    else check(page);
    reader.offset += packedBytes;
  }
  return later;
}

function lengthOf(value: unknown): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw new Error('a page has no length');
}

function widthOf(largest: number): number {
  return 32 - Math.clz32(largest);
}

/** Runs of equal values and of packed ones, as levels, indices and booleans are written. */
class Runs {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The four bytes that say how long the runs are. */
  length(): number {
    const { buffer, byteOffset, byteLength } = this.#bytes;
    this.#at += 4;
    return new DataView(buffer, byteOffset, byteLength).getUint32(this.#at - 4, true);
  }

  /** Runs of so many bytes, which must have all the levels: the library reads on where they do not. */
  checkLevels(count: number, width: number, bytes: number): void {
    const end = this.#at + bytes;
    if (end > this.#bytes.length) throw new Error('levels are cut off');
    if (this.#check(count, width, end) < count) throw new Error('levels are missing');
    this.#at = end;
  }

  /** Of these there are fewer than `count` where some are null. */
  checkValues(count: number, encoding: unknown, booleans: boolean): void {
    const end = this.#bytes.length;
    const indices = encoding === PLAIN_DICTIONARY || encoding === RLE_DICTIONARY;
    if (booleans ? indices : encoding === RLE) throw new Error('an encoding of another type');
    if (encoding === RLE) {
      this.#at += 4;
      this.#check(count, 1, end);
    } else if (indices) {
      const width = this.#bytes[this.#at++] ?? 0;
      if (width > 32) throw new Error(`indices of ${width} bits`);
      this.#check(count, width, end);
    }
  }

  /** @returns how many values there are before `end` */
  #check(count: number, width: number, end: number): number {
    let values = 0;
    while (values < count && this.#at < end) {
      const header = this.#varint();
      const run = header & 1 ? (header >>> 1) * 8 : header >>> 1;
      values += run;
      if (values > count + MOST_FILLING) throw new Error(`a run of ${run} values among ${count}`);
      this.#at += header & 1 ? (run / 8) * width : Math.ceil(width / 8);
    }
    return values;
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined || shift > 28) throw new Error('a run without a length');
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }
}
