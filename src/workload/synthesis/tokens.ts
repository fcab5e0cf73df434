/** How many tokens a request brings and asks for. */
import type { Uniforms } from '../../base/random.ts';
import {
  compileDistribution,
  type Distribution,
  type DistributionSpec,
  distributionMistakes,
} from '../../engine/distribution.ts';

export interface TokenSpec {
  /** Its microseconds are tokens: a number is a number. */
  readonly distribution: DistributionSpec;
  /** What is above it is it, as a limit on tokens makes it; null for none. */
  readonly most: number | null;
}

/** Of a request; null where nobody asks. */
export interface TokensSpec {
  readonly input: TokenSpec | null;
  readonly output: TokenSpec | null;
}

/** More than any context holds. */
const MOST_TOKENS = 1e9;

export function tokenMistakes({ distribution, most }: TokenSpec): string[] {
  const mistakes = [...distributionMistakes(distribution)];
  if (most !== null && !(most >= 1 && Number.isSafeInteger(most))) {
    mistakes.push('max must be a whole number of at least 1');
  }
  return mistakes;
}

export function tokensMistakes({ input, output }: TokensSpec): string[] {
  return [
    ...(input === null ? [] : tokenMistakes(input)),
    ...(output === null ? [] : tokenMistakes(output)),
  ];
}

/** Draws rounded to whole tokens, at least 1 and at most `most`. */
export class TokenDraws {
  readonly #law: Distribution;
  readonly #most: number;

  constructor({ distribution, most }: TokenSpec) {
    this.#law = compileDistribution(distribution);
    this.#most = most ?? MOST_TOKENS;
  }

  get drawn(): boolean {
    return this.#law.uniformsPerDraw > 0;
  }

  fill(count: number, uniforms: Uniforms, into: Float64Array): void {
    const law = this.#law;
    const most = this.#most;
    for (let i = 0; i < count; i++) {
      into[i] = Math.min(most, Math.max(1, Math.round(law.sample(uniforms))));
    }
  }
}
