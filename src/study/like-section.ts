/** Traffic like a trace as a study writes it: what `synthesis-section.ts` reads, the other way around. */
import { assert } from '../base/errors.ts';
import { formatDurationUs, US_PER_S } from '../base/units.ts';
import type { DistributionSpec } from '../engine/distribution.ts';
import type { Likeness } from '../workload/fit/like.ts';
import { formatIso } from '../workload/stamps.ts';
import type { ProcessSpec } from '../workload/synthesis/arrivals.ts';
import type { RateSpec } from '../workload/synthesis/rate-curve.ts';
import type { TokenSpec } from '../workload/synthesis/tokens.ts';
import { serviceSection } from './fit-section.ts';
import type { Study } from './schema.ts';
import type { ArrivalsSection, NumberSection, RateSection } from './synthesis-schema.ts';

/** More than a fit has. */
const DIGITS = 6;

/** @param startAtUs time 0 since 1970 in microseconds; null for a relative trace */
export function likeStudy(
  { spec, timed }: Likeness,
  name: string,
  startAtUs: number | null,
): Study {
  const { arrivals, durationUs, endpoints, tokens, service } = spec;
  assert(arrivals.process !== 'clients', 'clients are no fit');
  assert(durationUs !== null && service.kind !== 'trace', 'a likeness has an end and a service');
  return {
    version: 1,
    name,
    workload: {
      synthesize: {
        duration: formatDurationUs(durationUs),
        arrivals: arrivalsSection(arrivals),
        ...(endpoints && {
          endpoints: endpoints.names.map((each, i) => ({
            name: each,
            share: rounded(endpoints.shares[i]!),
          })),
        }),
        ...(tokens && {
          tokens: {
            ...(tokens.input && { input: tokenSection(tokens.input) }),
            ...(tokens.output && { output: tokenSection(tokens.output) }),
          },
        }),
      },
      ...(startAtUs !== null && { startAt: formatIso(startAtUs - (startAtUs % US_PER_S)) }),
      service: timed ? serviceSection(service) : '0s',
    },
  };
}

function arrivalsSection(spec: ProcessSpec): ArrivalsSection {
  assert(spec.process !== 'counts', 'counts are no fit');
  const rate = spec.rate === null ? {} : { rate: rateSection(spec.rate) };
  switch (spec.process) {
    case 'hawkes':
      return {
        process: 'hawkes',
        ...rate,
        branching: rounded(spec.branching),
        decay: formatDurationUs(spec.decayUs),
      };
    case 'mmpp':
      return {
        process: 'mmpp',
        ...rate,
        states: spec.states.map(({ perS, meanUs }) => ({
          rate: rateText(perS),
          mean: formatDurationUs(Math.round(meanUs)),
        })),
      };
    default:
      return {
        process: spec.process,
        ...rate,
        ...(spec.cv !== undefined && { cv: rounded(spec.cv) }),
      };
  }
}

function rateSection(rate: RateSpec): RateSection {
  if (typeof rate === 'number') return rateText(rate);
  return {
    period: formatDurationUs(rate.periodUs),
    interpolate: rate.interpolate,
    points: rate.points.map(({ atUs, perS }) => ({
      at: formatDurationUs(atUs),
      rate: rateText(perS),
    })),
  };
}

/** A rate is written without an exponent: a thousandth of one in a second is 3.6/h. */
function rateText(perS: number): string {
  return perS === 0 || perS >= 0.01 ? `${rounded(perS)}/s` : `${rounded(perS * 3600)}/h`;
}

function tokenSection({ distribution, most }: TokenSpec): NumberSection {
  return { ...numberSection(distribution), ...(most !== null && { max: most }) } as NumberSection;
}

function numberSection(spec: DistributionSpec): Record<string, unknown> {
  const section: Record<string, unknown> = { distribution: spec.distribution };
  if (spec.valuesUs !== undefined) section['values'] = spec.valuesUs.map(rounded);
  if (spec.weights !== undefined) section['weights'] = spec.weights.map(rounded);
  return section;
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
