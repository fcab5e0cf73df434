/** A distribution of bare numbers as a study writes it, as the engine's plain numbers. */
import { type DistributionSpec, distributionMistakes } from '../engine/distribution.ts';
import { type TokenSpec, type TokensSpec, tokenMistakes } from '../workload/synthesis/tokens.ts';
import { inside, type Place, say } from './place.ts';
import type { NumberSection, TokensSection } from './synthesis-schema.ts';

/** @returns null, and findings more, if there is no such distribution */
export function numbersOf(section: NumberSection, place: Place): DistributionSpec | null {
  const spec = plainNumbers(section);
  return say(place, distributionMistakes(spec)) ? spec : null;
}

export function tokensOf({ input, output }: TokensSection, place: Place): TokensSpec {
  const one = (section: NumberSection | undefined, key: string): TokenSpec | null => {
    if (section === undefined) return null;
    const spec = tokenSpecOf(section);
    return say(inside(place, key), tokenMistakes(spec)) ? spec : null;
  };
  return { input: one(input, 'input'), output: one(output, 'output') };
}

/** A uniform's max is its own; of any other it is a limit on what is drawn. */
function tokenSpecOf(section: NumberSection): TokenSpec {
  if (typeof section === 'number' || section.distribution === 'uniform') {
    return { distribution: plainNumbers(section), most: null };
  }
  const { max = null, ...rest } = section;
  return { distribution: plainNumbers(rest), most: max };
}

const PLAIN = ['distribution', 'cv', 'mu', 'sigma', 'shape', 'alpha', 'weights'];

/** In the fields that the engine's distributions have for microseconds. */
function plainNumbers(section: NumberSection): DistributionSpec {
  if (typeof section === 'number') return { distribution: 'fixed', valueUs: section };
  const plain: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(section)) {
    if (value === undefined) continue;
    if (key !== 'quantiles') plain[PLAIN.includes(key) ? key : `${key}Us`] = value;
    else plain[key] = quantilesOf(value as Readonly<Record<string, number>>);
  }
  return plain as unknown as DistributionSpec;
}

function quantilesOf(section: Readonly<Record<string, number>>): [number, number][] {
  return Object.entries(section).map(([name, value]) => [
    Number(name.slice(1)) / 10 ** (name.length - 1),
    value,
  ]);
}
