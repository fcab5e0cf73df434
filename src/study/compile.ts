/**
 * One point of a grid compiled to plain numbers: the defaults, over them the platform, over it the study. Pure and
 * inspectable; what only the trace decides (the floor's steps, the period) is added by bind.ts.
 */
import { UserError } from '../base/errors.ts';
import { parseSizeBytes } from '../base/units.ts';
import type { Span, StartPhase } from '../engine/scenario.ts';
import { type BillingInput, compileBilling } from '../platform/billing.ts';
import type { Catalogue, Platform } from '../platform/catalogue.ts';
import type { WorkloadSpec } from '../workload/workload.ts';
import {
  checkRetries,
  floorOf,
  largestFloorOf,
  type Merged,
  maxOf,
  mergedOver,
  type PoolPart,
  phasesOf,
  platformOf,
  poolOf,
  wholeUs,
} from './deployment-section.ts';
import { contradiction, type Finding, finding } from './findings.ts';
import { type ReplaySource, replaySourceOf } from './replay-section.ts';
import { epochUsOf, type Schedule } from './schedule.ts';
import type { DeploymentSection, Study } from './schema.ts';
import { type Objective, parseObjective } from './slo.ts';
import { unpricedWarning, warningsOf } from './warnings.ts';
import { workloadSpecOf } from './workload-section.ts';

const GIB = 2 ** 30;

export interface Compiled {
  readonly name: string | null;
  readonly pool: PoolPart;
  readonly floor: number | Schedule;
  /** What the start phases were compiled from: tells distributions apart where their moments do not. */
  readonly coldStart: DeploymentSection['coldStart'];
  /** null without a price. */
  readonly billing: Omit<BillingInput, 'minuteOffsetUs' | 'tokens'> | null;
  readonly workload: WorkloadSpec;
  readonly replay: ReplaySource | null;
  /** What a relative or synthetic trace's time 0 is, in microseconds since 1970. */
  readonly startAtEpochUs: number | null;
  readonly measure: Partial<Span> | null;
  readonly objectives: readonly Objective[];
  readonly seed: string;
  readonly replications: number;
  readonly warnings: readonly string[];
}

/** @returns the compiled point, or every finding that stands in its way */
export function compilePoint(study: Study, catalogue: Catalogue): Compiled | readonly Finding[] {
  const findings: Finding[] = [];
  const own = study.deployment ?? {};
  const platform = platformOf(own, catalogue, findings);
  const deployment = mergedOver(platform, own);
  const floor = floorOf(deployment, findings);
  const startPhases = phasesOf(deployment, findings);
  const objectives = objectivesOf(study, findings);
  const pool = poolOf(study, deployment, {
    max: maxOf(deployment, own, platform, floor, findings),
    startPhases,
    objectives,
  });
  const billing = billingOf(study, deployment, { platform, floor, startPhases }, findings);
  checkRetries(study, findings);
  const workload = workloadSpecOf(study.workload, findings);
  const startAtEpochUs = startAtOf(study, floor, findings);
  const measure = measureOf(study, findings);
  if (findings.length > 0 || workload === null) return findings;
  return {
    name: study.name ?? null,
    pool,
    floor,
    coldStart: deployment.coldStart,
    billing,
    workload,
    replay: replaySourceOf(study),
    startAtEpochUs,
    measure,
    objectives,
    seed: String(study.seed ?? 1),
    replications: study.replications ?? 1,
    warnings: [
      ...(billing === null ? [unpricedWarning] : []),
      ...warningsOf(pool, largestFloorOf(floor), platform, study),
    ],
  };
}

export function isCompiled(result: Compiled | readonly Finding[]): result is Compiled {
  return !Array.isArray(result);
}

function objectivesOf({ slo = [] }: Study, findings: Finding[]): readonly Objective[] {
  return slo.flatMap((text, i) => {
    const objective = parseObjective(text);
    if (typeof objective !== 'string') return [objective];
    findings.push(finding(['slo', i], objective));
    return [];
  });
}

interface PoolFacts {
  readonly platform: Platform | null;
  readonly floor: number | Schedule;
  readonly startPhases: readonly StartPhase[];
}

/** Tried here with time 0 at a full minute, for its mistakes; bind.ts compiles it where the minute and the tokens are known. */
function billingOf(
  study: Study,
  deployment: Merged,
  { platform, floor, startPhases }: PoolFacts,
  findings: Finding[],
): Compiled['billing'] {
  if (study.deployment?.platform !== undefined && platform === null) return null;
  const { gpu, gpus, cores, memory, model, region } = deployment;
  const bytesOf = (size: string | undefined) => (size === undefined ? null : parseSizeBytes(size));
  const memoryBytes = bytesOf(memory);
  const input = {
    platform,
    billing: study.billing ?? null,
    gpu: gpu ?? null,
    gpus,
    cores: cores ?? null,
    memoryGiB: memoryBytes === null ? null : memoryBytes / GIB,
    region: region ?? null,
    model: model ?? null,
    storageBytes: bytesOf(deployment.storage),
    requestBytes: bytesOf(deployment.requestSize),
    responseBytes: bytesOf(deployment.responseSize),
    hasFloor: largestFloorOf(floor) > 0,
    phaseNames: startPhases.map(({ name }) => name),
  };
  try {
    return compileBilling({ ...input, tokens: null, minuteOffsetUs: 0 }) === null ? null : input;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    for (const { path, message } of error.mistakes) {
      const at = (path ?? 'billing').split('.');
      const key = at[1] as keyof DeploymentSection;
      const given = at[0] === 'deployment' && study.deployment?.[key] !== undefined;
      findings.push(given ? contradiction(at, message) : finding(at, message));
    }
    return null;
  }
}

function startAtOf(
  { workload }: Study,
  floor: number | Schedule,
  findings: Finding[],
): number | null {
  if (workload.startAt === undefined) return null;
  const zone = typeof floor === 'number' || findings.length > 0 ? 'UTC' : floor.timeZone;
  const epochUs = epochUsOf(workload.startAt, zone);
  if (epochUs === null) {
    findings.push(finding(['workload', 'startAt'], `there is no ${workload.startAt}`));
  }
  return epochUs;
}

function measureOf({ measure }: Study, findings: Finding[]): Partial<Span> | null {
  if (measure === undefined) return null;
  const fromUs = measure.from === undefined ? undefined : wholeUs(measure.from);
  const toUs = measure.to === undefined ? undefined : wholeUs(measure.to);
  if (toUs !== undefined && toUs <= (fromUs ?? 0)) {
    const message = `must be after measure.from (${measure.from ?? '0s'}), is ${measure.to}`;
    findings.push(contradiction(['measure', 'to'], message));
  }
  return {
    ...(fromUs === undefined ? {} : { fromUs }),
    ...(toUs === undefined ? {} : { toUs }),
  };
}
