/** Which of several: endpoints by Zipf's law or by shares, states by weights. */
import type { Uniforms } from '../../base/random.ts';

/** What share of the requests each endpoint gets. */
export interface PopularitySpec {
  readonly names: readonly string[];
  /** In any unit. */
  readonly shares: readonly number[];
}

export const MOST_ENDPOINTS = 100_000;

export function popularityMistakes({ names, shares }: PopularitySpec): string[] {
  const mistakes = [];
  if (names.length === 0) mistakes.push('endpoints are missing');
  if (names.length > MOST_ENDPOINTS) mistakes.push(`at most ${MOST_ENDPOINTS} endpoints`);
  if (!shares.every((share) => share >= 0 && Number.isFinite(share))) {
    mistakes.push('a share must be at least 0');
  } else if (!shares.some((share) => share > 0)) mistakes.push('one share must be above 0');
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) mistakes.push(`${name} is there twice`);
    seen.add(name);
  }
  return mistakes;
}

/** The k-th of `count` gets a share in proportion to 1 / k^exponent: 0 makes all equal. */
export function zipfShares(count: number, exponent: number): number[] {
  const weights = Array.from({ length: count }, (_, i) => (i + 1) ** -exponent);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / whole);
}

/** `endpoint-1`, the most popular, `endpoint-2`, ... */
export function zipfEndpoints(count: number, exponent: number): PopularitySpec {
  const names = Array.from({ length: count }, (_, i) => `endpoint-${i + 1}`);
  return { names, shares: zipfShares(count, exponent) };
}

/**
 * One of several by one uniform, by inversion, so that shares that change a little move few requests. A guide table says
 * where to begin (Chen and Asau, 1974): two steps on average.
 */
export class Alternatives {
  readonly #upTo: Float64Array;
  readonly #guide: Int32Array;

  constructor(weights: readonly number[]) {
    const n = weights.length;
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    let sum = 0;
    this.#upTo = Float64Array.from(weights, (weight) => (sum += weight) / whole);
    // What rounding leaves above the last that has a weight is its own.
    const last = weights.findLastIndex((weight) => weight > 0);
    this.#upTo.fill(1, last);
    this.#guide = new Int32Array(n);
    for (let i = 0, at = 0; i < n; i++) {
      while (this.#upTo[at]! <= i / n) at++;
      this.#guide[i] = at;
    }
  }

  /** @param u in (0, 1) */
  at(u: number): number {
    const upTo = this.#upTo;
    let at = this.#guide[Math.floor(u * upTo.length)]!;
    while (upTo[at]! <= u) at++;
    return at;
  }

  fill(count: number, uniforms: Uniforms, into: Int32Array): void {
    for (let i = 0; i < count; i++) into[i] = this.at(uniforms.next());
  }
}
