/** Service times worked out from tokens: least squares under the condition that no token takes less than no time. */

import type { TokenService } from '../service.ts';
import { mean, type Quantiles, quantilesOf } from '../statistics.ts';

export interface TokenFit {
  readonly count: number;
  readonly service: TokenService;
  /** The share of the durations' variance that tokens explain. */
  readonly r2: number;
  readonly data: Quantiles;
  readonly fit: Quantiles;
}

/**
 * @param tokens columns of the same requests, null where the trace has none
 * @returns null where there is nothing to fit: no tokens, or the same everywhere
 */
export function fitTokens(
  durationUs: Float64Array,
  tokens: { readonly input: Float64Array | null; readonly output: Float64Array | null },
): TokenFit | null {
  const { input, output } = tokens;
  const count = durationUs.length;
  const columns = [new Float64Array(count).fill(1), input, output];
  const varied = columns.map((column, i) => i === 0 || (column !== null && varies(column)));
  if (count < LEAST || !varied.some((is, i) => is && i > 0) || !varies(durationUs)) return null;
  const [baseUs = 0, perInputTokenUs = 0, perOutputTokenUs = 0] = nonNegativeLeastSquares(
    columns.map((column, i) => (varied[i] ? column : null)),
    durationUs,
  );
  const fitted = durationUs.map(
    (_, i) => baseUs + perInputTokenUs * (input?.[i] ?? 0) + perOutputTokenUs * (output?.[i] ?? 0),
  );
  const center = mean(durationUs);
  const rest = mean(durationUs.map((us, i) => (us - fitted[i]!) ** 2));
  const whole = mean(durationUs.map((us) => (us - center) ** 2));
  return {
    count,
    service: { kind: 'tokens', baseUs, perInputTokenUs, perOutputTokenUs },
    r2: 1 - rest / whole,
    data: quantilesOf(durationUs.slice().sort()),
    fit: quantilesOf(fitted.sort()),
  };
}

const LEAST = 30;

function varies(column: Float64Array): boolean {
  return column.some((value) => value !== column[0]);
}

/**
 * Exact for so few columns: of all sets of columns whose own least squares are not negative, the one with the least rest.
 * @returns a coefficient each, 0 for a column that is null or better left out
 */
function nonNegativeLeastSquares(
  columns: readonly (Float64Array | null)[],
  target: Float64Array,
): readonly number[] {
  // By its root mean square, so that a thousand tokens and a base of 1 are of one size.
  const scale = columns.map((column) =>
    column === null ? 1 : Math.sqrt(product(column, column)) || 1,
  );
  const gram = columns.map((a, i) =>
    columns.map((b, j) => (a && b ? product(a, b) / (scale[i]! * scale[j]!) : 0)),
  );
  const right = columns.map((column, i) => (column ? product(column, target) / scale[i]! : 0));
  let best: readonly number[] = columns.map(() => 0);
  let bestGain = 0;
  for (let set = 1; set < 2 ** columns.length; set++) {
    const chosen = columns.flatMap((column, i) => (column !== null && set & (1 << i) ? [i] : []));
    const solved = solve(
      chosen.map((i) => chosen.map((j) => gram[i]![j]!)),
      chosen.map((i) => right[i]!),
    );
    if (solved === null || solved.some((x) => x < 0)) continue;
    // At its own least squares a set explains x'A'b of the target's squares.
    const gain = chosen.reduce((sum, i, k) => sum + solved[k]! * right[i]!, 0);
    if (gain <= bestGain) continue;
    bestGain = gain;
    best = columns.map((_, i) => (chosen.includes(i) ? solved[chosen.indexOf(i)]! / scale[i]! : 0));
  }
  return best;
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Gaussian elimination of a symmetric matrix. @returns null where its columns say the same */
function solve(
  matrix: readonly (readonly number[])[],
  right: readonly number[],
): readonly number[] | null {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  const size = rows.length;
  for (let pivot = 0; pivot < size; pivot++) {
    const top = rows[pivot]!;
    if (!(Math.abs(top[pivot]!) > 1e-9)) return null;
    for (const row of rows.slice(pivot + 1)) {
      const factor = row[pivot]! / top[pivot]!;
      for (let k = pivot; k <= size; k++) row[k]! -= factor * top[k]!;
    }
  }
  const x = new Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    const row = rows[i]!;
    const known = x.reduce((sum, value, k) => (k > i ? sum + row[k]! * value : sum), 0);
    x[i] = (row[size]! - known) / row[i]!;
  }
  return x;
}
