/** The study's `workload` block as the workload layer's plain numbers. */
import { assert } from '../base/errors.ts';
import { parseRate, US_PER_S } from '../base/units.ts';
import type { ArrivalSpec } from '../workload/arrivals.ts';
import type { RateCurve } from '../workload/rate-curve.ts';
import type { ServiceSpec } from '../workload/service.ts';
import { type WorkloadSpec, workloadMistakes } from '../workload/workload.ts';
import { distributionOf, usOf } from './distribution-section.ts';
import { contradiction, type Finding, finding } from './findings.ts';
import type { ArrivalsSection, Study } from './schema.ts';

type WorkloadSection = Study['workload'];

/** Log files that a study replays: paths or globs as the study has them. */
export interface ReplaySource {
  readonly files: readonly string[];
  readonly format: string;
}

/** @returns null, and findings more, if the block is no workload */
export function workloadSpecOf(section: WorkloadSection, findings: Finding[]): WorkloadSpec | null {
  const { replay, synthesize, service } = section;
  if (replay !== undefined && synthesize !== undefined) {
    findings.push(
      contradiction(['workload', 'synthesize'], 'stands beside replay: keep one of them'),
    );
    return null;
  }
  const serviceSpec = serviceSpecOf(service);
  if (replay !== undefined) return checked({ kind: 'replay', service: serviceSpec }, findings);
  if (synthesize === undefined) {
    findings.push(finding(['workload'], 'must have replay: (a log) or synthesize: (made traffic)'));
    return null;
  }
  const arrivals = arrivalSpecOf(synthesize.arrivals, findings);
  if (arrivals === null) return null;
  const { duration, requests } = synthesize;
  return checked(
    {
      kind: 'synthesize',
      arrivals,
      durationUs: duration === undefined ? null : Math.round(usOf(duration)),
      requests: requests ?? null,
      service: serviceSpec,
    },
    findings,
  );
}

export function replaySourceOf({ replay }: WorkloadSection): ReplaySource | null {
  if (replay === undefined) return null;
  return { files: [replay.file].flat(), format: replay.format ?? 'auto' };
}

function checked(spec: WorkloadSpec, findings: Finding[]): WorkloadSpec | null {
  const mistakes = workloadMistakes(spec);
  findings.push(...mistakes.map((message) => finding(['workload'], message)));
  return mistakes.length > 0 ? null : spec;
}

function serviceSpecOf(service: WorkloadSection['service']): ServiceSpec {
  if (service === undefined) return { kind: 'trace' };
  if (typeof service === 'string' || 'distribution' in service) {
    return { kind: 'drawn', distribution: distributionOf(service) };
  }
  return {
    kind: 'tokens',
    baseUs: usOf(service.base ?? '0s'),
    perInputTokenUs: usOf(service.perInputToken ?? '0s'),
    perOutputTokenUs: usOf(service.perOutputToken ?? '0s'),
  };
}

function arrivalSpecOf(section: ArrivalsSection, findings: Finding[]): ArrivalSpec | null {
  const { process, rate, cv } = section;
  const rest = cv === undefined ? {} : { cv };
  const changing = process === 'piecewise' || process === 'diurnal';
  const renewal = changing ? 'poisson' : process;
  if (typeof rate === 'string') {
    if (!changing) return { process: renewal, rate: perSecond(rate), ...rest };
    const message = `${process} needs a rate that changes: write rate: { period: 24h, points: [{ at: 0h, rate: 1/s }, { at: 8h, rate: 5/s }] }`;
    findings.push(finding(['workload', 'synthesize', 'arrivals', 'rate'], message));
    return null;
  }
  const curve: RateCurve = {
    periodUs: Math.round(usOf(rate.period)),
    points: rate.points.map((point) => ({
      atUs: Math.round(usOf(point.at)),
      perS: perSecond(point.rate),
    })),
    interpolate: rate.interpolate ?? (process === 'diurnal' ? 'linear' : 'step'),
  };
  return { process: renewal, rate: curve, ...rest };
}

function perSecond(text: string): number {
  const rate = parseRate(text);
  assert(rate !== null, `${text} is no rate`);
  return (rate.count / rate.periodUs) * US_PER_S;
}
