/** The study's `workload` block as the workload layer's plain numbers. */
import { type OneService, type ServiceSpec, serviceMistakes } from '../workload/service.ts';
import type { WorkloadSpec } from '../workload/workload.ts';
import { distributionFaults, distributionOf, usOf } from './distribution-section.ts';
import { contradiction, type Finding, finding } from './findings.ts';
import type { KeyPath } from './key-path.ts';
import { replayFindings } from './replay-section.ts';
import type { OneServiceSection, ServiceSection, Study } from './schema.ts';
import { synthesisSpecOf } from './synthesis-section.ts';

type WorkloadSection = Study['workload'];

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
  if (replay !== undefined) {
    findings.push(...replayFindings(section));
    return { kind: 'replay', service: serviceSpec };
  }
  if (synthesize === undefined) {
    findings.push(finding(['workload'], 'must have replay: (a log) or synthesize: (made traffic)'));
    return null;
  }
  return synthesisSpecOf(synthesize, section.startAt, serviceSpec, findings);
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
  const wrong = serviceFaults(spec);
  if (synthesize !== undefined && spec.kind === 'trace') {
    const message =
      'is missing: made requests have no durations of their own: write 3s, a distribution, or seconds a token';
    findings.push(finding(['workload', 'service'], message));
    return STAND_IN;
  }
  findings.push(...wrong);
  return wrong.length > 0 ? STAND_IN : spec;
}

function serviceFaults(spec: ServiceSpec, path: KeyPath = ['workload', 'service']): Finding[] {
  if (spec.kind === 'drawn') {
    return distributionFaults(spec.distribution).map((message) => finding(path, message));
  }
  if (spec.kind !== 'byEndpoint') return serviceMistakes(spec).map((text) => finding(path, text));
  const { byEndpoint, other } = spec;
  const own = Object.entries(byEndpoint);
  if (own.length === 0) return [finding([...path, 'byEndpoint'], 'names no endpoint')];
  return [
    ...own.flatMap(([name, one]) => serviceFaults(one, [...path, 'byEndpoint', name])),
    ...(other === null ? [] : serviceFaults(other, [...path, 'other'])),
  ];
}

function serviceSpecOf(service: WorkloadSection['service']): ServiceSpec {
  if (service === undefined) return { kind: 'trace' };
  if (typeof service === 'string' || !isByEndpoint(service)) return oneServiceOf(service);
  const { byEndpoint, other } = service;
  return {
    kind: 'byEndpoint',
    byEndpoint: Object.fromEntries(
      Object.entries(byEndpoint).map(([name, one]) => [name, oneServiceOf(one)]),
    ),
    other: other === undefined ? null : oneServiceOf(other),
  };
}

type ByEndpoint = Extract<ServiceSection, { readonly byEndpoint: object }>;

function isByEndpoint(service: Exclude<ServiceSection, string>): service is ByEndpoint {
  return 'byEndpoint' in service && service.byEndpoint !== undefined;
}

function oneServiceOf(service: OneServiceSection): OneService {
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
