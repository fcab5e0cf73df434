/** A distribution as a study writes it, with units, as the engine's plain numbers. */

import { assert } from '../base/errors.ts';
import { parseDurationUs } from '../base/units.ts';
import type { DistributionSpec, Quantile } from '../engine/distribution.ts';
import type { DistributionSection } from './schema.ts';

const DURATIONS = ['value', 'mean', 'min', 'max', 'location', 'sd', 'median', 'scale'] as const;

/** @param us of a text that the schema has checked */
export function usOf(text: string): number {
  const us = parseDurationUs(text);
  assert(us !== null, `${text} is no duration`);
  return us;
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
