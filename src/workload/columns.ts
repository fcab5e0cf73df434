/** Columns that grow by doubling while a trace is read, so that no row is an object. */

const FIRST_CAPACITY = 1024;

export class GrowingColumn {
  values = new Float64Array(0);
  /** Rows [0, length) were set or passed over; those passed over are 0. */
  length = 0;

  set(row: number, value: number): void {
    if (row >= this.values.length) {
      const longer = new Float64Array(Math.max(FIRST_CAPACITY, 2 * this.values.length, row + 1));
      longer.set(this.values);
      this.values = longer;
    }
    this.values[row] = value;
    this.length = row + 1;
  }
}

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

/** The rows in ascending order of a column, equal ones as they stand; null if they are so already. */
export function sortedOrder(values: Float64Array, count: number): Uint32Array | null {
  let row = 1;
  while (row < count && values[row]! >= values[row - 1]!) row++;
  if (row >= count) return null;
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  return order.sort((a, b) => values[a]! - values[b]! || a - b);
}
