/** Exact quantiles of a column without sorting it. */

/** Ranges shorter than this are sorted outright. */
const SHORT = 64;

/**
 * The order statistics ceil(p n) of `values[from, to)`, for ascending p in (0, 1]: exact, in linear time on average. The
 * values are moved around within their range.
 */
export function orderStatistics(
  values: Float64Array,
  ps: readonly number[],
  from = 0,
  to = values.length,
): number[] {
  let left = from;
  return ps.map((p) => {
    const rank = from + Math.max(1, Math.ceil(p * (to - from))) - 1;
    select(values, rank, left, to);
    // What lies before a selected rank is no larger: the next, higher rank is looked for behind it.
    left = rank;
    return values[rank]!;
  });
}

/** Hoare's quickselect; after too many rounds (values made to defeat it) what is left is sorted, which bounds it. */
function select(values: Float64Array, rank: number, from: number, to: number): void {
  let low = from;
  let high = to - 1;
  for (let rounds = 2 * Math.log2(to - from + 1); high - low > SHORT && rounds > 0; rounds--) {
    const pivot = medianOfThree(values[low]!, values[(low + high) >> 1]!, values[high]!);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const swapped = values[i]!;
      values[i++] = values[j]!;
      values[j--] = swapped;
    }
    // [low, j] <= pivot <= [i, high]; what lies between is the pivot itself.
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else return;
  }
  values.subarray(low, high + 1).sort();
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
