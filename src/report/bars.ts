/** Small charts made of one line of text. */

const LEVELS = '▁▂▃▄▅▆▇█';
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/**
 * One character a bucket, its height the mean of its values over the largest. Values are equally spaced; more values than
 * `width` are averaged.
 */
export function sparkline(values: ArrayLike<number>, width = 48): string {
  const buckets = bucketed(values, width);
  const top = Math.max(...buckets);
  return buckets
    .map((value) => LEVELS[top > 0 ? Math.min(7, Math.floor((value / top) * 8)) : 0])
    .join('');
}

function bucketed(values: ArrayLike<number>, width: number): number[] {
  const count = Math.min(width, values.length);
  return Array.from({ length: count }, (_, bucket) => {
    const from = Math.floor((bucket * values.length) / count);
    const to = Math.floor(((bucket + 1) * values.length) / count);
    let sum = 0;
    for (let i = from; i < to; i++) sum += values[i]!;
    return sum / (to - from);
  });
}

/** A bar of a share of the width, to an eighth of a character. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  return '█'.repeat(eighths >> 3) + EIGHTHS[eighths & 7];
}

/** Upright bars, one column a value, as lines from the top: a value is eight steps a row, and what is there is seen. */
export function columnsOfBars(values: readonly number[], top: number, rows: number): string[] {
  const steps = values.map((value) =>
    value > 0 ? Math.max(1, Math.round((value / top) * rows * LEVELS.length)) : 0,
  );
  return Array.from({ length: rows }, (_, row) => {
    const below = (rows - 1 - row) * LEVELS.length;
    return steps
      .map((step) => (step <= below ? ' ' : LEVELS[Math.min(LEVELS.length, step - below) - 1]))
      .join('');
  });
}
