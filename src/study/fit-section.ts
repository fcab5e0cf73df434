/** What was fitted, as a study writes it: what `distribution-section.ts` reads, the other way around. */
import { US_PER_MIN, US_PER_MS, US_PER_S } from '../base/units.ts';
import type { DistributionSpec } from '../engine/distribution.ts';
import type { GivenService, OneService } from '../workload/service.ts';
import type { DistributionSection, OneServiceSection, ServiceSection } from './schema.ts';

const DIGITS = 4;

/** `2.613s`, `213.4ms`: four digits, which no fit has. */
function durationText(us: number): string {
  if (us === 0) return '0s';
  const [unit, unitUs] =
    us >= 10 * US_PER_MIN
      ? (['m', US_PER_MIN] as const)
      : us >= US_PER_S
        ? (['s', US_PER_S] as const)
        : us >= US_PER_MS
          ? (['ms', US_PER_MS] as const)
          : (['us', 1] as const);
  return `${rounded(us / unitUs)}${unit}`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

export function serviceSection(spec: GivenService): ServiceSection {
  if (spec.kind !== 'byEndpoint') return oneServiceSection(spec);
  const { byEndpoint, other } = spec;
  return {
    byEndpoint: Object.fromEntries(
      Object.entries(byEndpoint).map(([name, one]) => [name, oneServiceSection(one)]),
    ),
    ...(other !== null && { other: oneServiceSection(other) }),
  };
}

function oneServiceSection(spec: OneService): OneServiceSection {
  if (spec.kind === 'drawn') return distributionSection(spec.distribution);
  return {
    base: durationText(spec.baseUs),
    ...(spec.perInputTokenUs > 0 && { perInputToken: durationText(spec.perInputTokenUs) }),
    ...(spec.perOutputTokenUs > 0 && { perOutputToken: durationText(spec.perOutputTokenUs) }),
  };
}

/** A bare duration for a fixed one. */
export function distributionSection(spec: DistributionSpec): string | DistributionSection {
  if (spec.distribution === 'fixed') return durationText(spec.valueUs ?? 0);
  const section: Record<string, unknown> = { distribution: spec.distribution };
  for (const [key, value] of Object.entries(spec)) {
    if (key === 'distribution' || value === undefined) continue;
    const name = key.replace(/Us$/, '');
    if (key === 'valuesUs') section['values'] = (value as readonly number[]).map(durationText);
    else if (key === 'weights') section['weights'] = (value as readonly number[]).map(rounded);
    else if (typeof value === 'number') {
      section[name] = name === key ? rounded(value) : durationText(value);
    }
  }
  return section as DistributionSection;
}
