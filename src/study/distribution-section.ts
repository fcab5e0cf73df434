/** A distribution as a study writes it, with units, as the engine's plain numbers. */

import { assert } from '../base/errors.ts';
import { LONGEST_US, parseDurationUs, US_PER_H } from '../base/units.ts';
import {
  compileDistribution,
  type DistributionSpec,
  distributionMistakes,
  type Quantile,
} from '../engine/distribution.ts';
import type { DistributionSection } from './schema.ts';

const DURATIONS = ['value', 'mean', 'min', 'max', 'location', 'sd', 'median', 'scale'] as const;

/** @param us of a text that the schema has checked */
export function usOf(text: string): number {
  const us = parseDurationUs(text);
  assert(us !== null, `${text} is no duration`);
  return us;
}

/** Rounded once, as all times of a scenario are. */
export function wholeUs(text: string): number {
  return Math.round(usOf(text));
}

export function limitUs(text: string | undefined): number {
  return unlimitedOr(text, wholeUs);
}

/** A limit that may be none. */
export function unlimitedOr<T>(
  value: T | 'unlimited' | undefined,
  read: (value: T) => number,
): number {
  return value === undefined || value === 'unlimited' ? Number.POSITIVE_INFINITY : read(value);
}

/** A duration or a distribution. */
export function distributionOf(section: string | DistributionSection): DistributionSpec {
  if (typeof section === 'string') return { distribution: 'fixed', valueUs: usOf(section) };
  const { distribution, components, quantiles, values, ...rest } = section;
  const plain: Record<string, unknown> = { distribution };
  for (const [key, value] of Object.entries(rest)) {
    if (value === undefined) continue;
    const isDuration = DURATIONS.some((name) => name === key);
    plain[isDuration ? `${key}Us` : key] = isDuration ? usOf(String(value)) : value;
  }
  if (values !== undefined) plain['valuesUs'] = values.map(usOf);
  if (quantiles !== undefined) {
    plain['quantiles'] = Object.entries(quantiles).map(
      ([name, text]): Quantile => [
        Number(name.slice(1)) / 10 ** (name.length - 1),
        usOf(String(text)),
      ],
    );
  }
  if (components !== undefined) {
    plain['components'] = components.map(({ weight, ...component }) => ({
      weight,
      distribution: distributionOf(component),
    }));
  }
  return plain as unknown as DistributionSpec;
}

/** The greatest that a stream gives: its steps are 2^-32, and it begins half a step above 0. */
const ALMOST_1 = { next: () => 1 - 2 ** -33 };

/** What is wrong with a distribution, its longest draw too: no time may be beyond all bounds. */
export function distributionFaults(spec: DistributionSpec): readonly string[] {
  const wrong = distributionMistakes(spec);
  if (wrong.length > 0) return wrong;
  const parts = spec.components?.map(({ distribution }) => distribution) ?? [spec];
  const longestUs = Math.max(...parts.map((part) => compileDistribution(part).sample(ALMOST_1)));
  if (longestUs <= LONGEST_US) return [];
  const hours = Number((longestUs / US_PER_H).toPrecision(3));
  return [`may draw times of up to ${hours}h: they may be at most 87600h (10 years)`];
}
