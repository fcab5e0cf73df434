/** Columns that grow block by block while a trace is read, so that no row is an object and no row is copied to make room. */

const BLOCK_BITS = 16;
const BLOCK_ROWS = 1 << BLOCK_BITS;
const ROW_MASK = BLOCK_ROWS - 1;

export type Column = Float64Array | Int32Array;

/** Rows are appended; once taken as one array its blocks are gone. */
export class GrowingColumn<Of extends Column> {
  readonly #make: (rows: number) => Of;
  #blocks: Of[] = [];
  #block: Of;
  #at = 0;

  constructor(make: (rows: number) => Of) {
    this.#make = make;
    this.#block = make(BLOCK_ROWS);
    this.#blocks.push(this.#block);
  }

  push(value: number): void {
    if (this.#at === BLOCK_ROWS) {
      this.#block = this.#make(BLOCK_ROWS);
      this.#blocks.push(this.#block);
      this.#at = 0;
    }
    this.#block[this.#at++] = value;
  }

  /** The first rows of `to.length`, in the given order of rows or as they came. */
  moveTo(to: Of, order: Uint32Array | null): Of {
    const blocks = this.#blocks;
    if (order === null) {
      for (let from = 0, i = 0; from < to.length; from += BLOCK_ROWS, i++) {
        const rest = to.length - from;
        to.set(rest < BLOCK_ROWS ? blocks[i]!.subarray(0, rest) : blocks[i]!, from);
      }
    } else {
      for (let i = 0; i < to.length; i++) {
        const row = order[i]!;
        to[i] = blocks[row >>> BLOCK_BITS]![row & ROW_MASK]!;
      }
    }
    this.#blocks = [];
    this.#block = this.#make(0);
    this.#at = BLOCK_ROWS;
    return to;
  }
}

export const reals = (rows: number): Float64Array => new Float64Array(rows);
export const integers = (rows: number): Int32Array => new Int32Array(rows);

/** `shared`: memory that threads see without a copy. */
export function realColumn(count: number, shared: boolean): Float64Array {
  return shared
    ? new Float64Array(new SharedArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT))
    : new Float64Array(count);
}

export function integerColumn(count: number, shared: boolean): Int32Array {
  return shared
    ? new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT))
    : new Int32Array(count);
}

/** Runs of this length are put in order by insertion, longer ones by merging. */
const RUN_ROWS = 32;

/**
 * The rows in ascending order of a column, equal ones as they stand; null if they are so already. A merge sort that passes
 * over what is in order: a log of ends, whose rows are a few places from where they belong, takes little more than one
 * reading.
 */
export function sortedOrder(values: Float64Array, count: number): Uint32Array | null {
  let row = 1;
  while (row < count && values[row]! >= values[row - 1]!) row++;
  if (row >= count) return null;
  const order = new Uint32Array(count);
  for (let from = 0; from < count; from += RUN_ROWS) {
    insertRun(values, order, from, Math.min(count, from + RUN_ROWS));
  }
  let left = new Uint32Array(0);
  for (let length = RUN_ROWS; length < count; length *= 2) {
    for (let from = 0; from + length < count; from += 2 * length) {
      const middle = from + length;
      const to = Math.min(count, middle + length);
      const first = values[order[middle]!]!;
      let start = middle;
      while (start > from && values[order[start - 1]!]! > first) start--;
      if (start === middle) continue;
      if (left.length < middle - start) left = new Uint32Array(2 * (middle - start));
      mergeRuns(values, order, left, start, middle, to);
    }
  }
  return order;
}

function insertRun(values: Float64Array, order: Uint32Array, from: number, to: number): void {
  for (let row = from; row < to; row++) {
    const value = values[row]!;
    let at = row;
    while (at > from && values[order[at - 1]!]! > value) {
      order[at] = order[at - 1]!;
      at--;
    }
    order[at] = row;
  }
}

/** `order[start, middle)` and `order[middle, to)`, each in order, become one run; `left` has room for the first. */
function mergeRuns(
  values: Float64Array,
  order: Uint32Array,
  left: Uint32Array,
  start: number,
  middle: number,
  to: number,
): void {
  const length = middle - start;
  for (let i = 0; i < length; i++) left[i] = order[start + i]!;
  let right = middle;
  let at = start;
  for (let i = 0; i < length; ) {
    if (right < to && values[order[right]!]! < values[left[i]!]!) order[at++] = order[right++]!;
    else order[at++] = left[i++]!;
  }
}
