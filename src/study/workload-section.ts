/** The study's `workload` block as the workload layer's plain numbers. */
import { assert } from '../base/errors.ts';
import { parseRate, US_PER_S } from '../base/units.ts';
import { type ArrivalSpec, arrivalMistakes } from '../workload/arrivals.ts';
import { type RateCurve, rateMistakes } from '../workload/rate-curve.ts';
import { type ServiceSpec, serviceMistakes } from '../workload/service.ts';
import { type WorkloadSpec, workloadMistakes } from '../workload/workload.ts';
import { distributionFaults, distributionOf, usOf } from './distribution-section.ts';
import { contradiction, type Finding, finding } from './findings.ts';
import type { KeyPath } from './key-path.ts';
import type { ArrivalsSection, Study } from './schema.ts';

type WorkloadSection = Study['workload'];

/** Log files that a study replays: paths or globs as the study has them. */
export interface ReplaySource {
  readonly files: readonly string[];
  readonly format: string;
}

/** @returns null, and findings more, if the block is no workload */
export function workloadSpecOf(section: WorkloadSection, findings: Finding[]): WorkloadSpec | null {
  const { replay, synthesize } = section;
  if (replay !== undefined && synthesize !== undefined) {
    findings.push(
      contradiction(['workload', 'synthesize'], 'stands beside replay: keep one of them'),
    );
    return null;
  }
  const serviceSpec = checkedService(section, findings);
  if (replay !== undefined) return { kind: 'replay', service: serviceSpec };
  if (synthesize === undefined) {
    findings.push(finding(['workload'], 'must have replay: (a log) or synthesize: (made traffic)'));
    return null;
  }
  const arrivals = arrivalSpecOf(synthesize.arrivals, findings);
  if (arrivals === null) return null;
  const { duration, requests } = synthesize;
  const spec = {
    kind: 'synthesize',
    arrivals,
    durationUs: duration === undefined ? null : Math.round(usOf(duration)),
    requests: requests ?? null,
    service: serviceSpec,
  } as const;
  report(
    [
      [[...ARRIVALS, 'rate'], rateMistakes(arrivals.rate)],
      [ARRIVALS, arrivalMistakes(arrivals)],
      [['workload', 'synthesize'], workloadMistakes(spec)],
    ],
    findings,
  );
  return spec;
}

const ARRIVALS = ['workload', 'synthesize', 'arrivals'];

/** Each mistake once, at the innermost place: what holds others repeats theirs. */
function report(
  places: readonly (readonly [KeyPath, readonly string[]])[],
  findings: Finding[],
): void {
  const said = new Set<string>();
  for (const [path, messages] of places) {
    const more = messages.filter((message) => !said.has(message));
    findings.push(...more.map((message) => finding(path, message)));
    for (const message of more) said.add(message);
  }
}

export function replaySourceOf({ replay }: WorkloadSection): ReplaySource | null {
  if (replay === undefined) return null;
  return { files: [replay.file].flat(), format: replay.format ?? 'auto' };
}

const STAND_IN: ServiceSpec = {
  kind: 'drawn',
  distribution: { distribution: 'fixed', valueUs: 0 },
};

/** @returns a stand-in where it is at fault, so that the rest is checked by itself */
function checkedService(
  { service, synthesize }: WorkloadSection,
  findings: Finding[],
): ServiceSpec {
  const spec = serviceSpecOf(service);
  const wrong =
    spec.kind === 'drawn' ? distributionFaults(spec.distribution) : serviceMistakes(spec);
  if (synthesize !== undefined && spec.kind !== 'drawn') {
    const message = `${service === undefined ? 'is missing' : 'must be a duration or a distribution'}: made requests have no durations or tokens of their own`;
    findings.push(finding(['workload', 'service'], message));
    return STAND_IN;
  }
  findings.push(...wrong.map((message) => finding(['workload', 'service'], message)));
  return wrong.length > 0 ? STAND_IN : spec;
}

function serviceSpecOf(service: WorkloadSection['service']): ServiceSpec {
  if (service === undefined) return { kind: 'trace' };
  if (typeof service === 'string' || service.distribution !== undefined) {
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
    findings.push(finding([...ARRIVALS, 'rate'], message));
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
  const late = curve.points.flatMap(({ atUs }, i) => {
    if (atUs < curve.periodUs) return [];
    const message = `must lie before the end of the period (${rate.period}), is ${rate.points[i]?.at}`;
    return [finding([...ARRIVALS, 'rate', 'points', i, 'at'], message)];
  });
  findings.push(...late);
  return late.length > 0 ? null : { process: renewal, rate: curve, ...rest };
}

function perSecond(text: string): number {
  const rate = parseRate(text);
  assert(rate !== null, `${text} is no rate`);
  return (rate.count / rate.periodUs) * US_PER_S;
}
