/**
 * One point of a grid compiled to plain numbers: the defaults, over them the platform, over it the study. Pure and
 * inspectable; what only the trace decides (the floor's steps, the period) is added by bind.ts.
 */
import { UserError } from '../base/errors.ts';
import { parseSizeBytes } from '../base/units.ts';
import type { AccountRule } from '../engine/account.ts';
import type { Span, StartPhase } from '../engine/scenario.ts';
import { type BillingInput, compileBilling } from '../platform/billing.ts';
import type { Catalogue, Platform } from '../platform/catalogue.ts';
import { type Hardware, NO_HARDWARE } from '../platform/library.ts';
import { shareOf } from '../platform/values.ts';
import type { WorkloadSpec } from '../workload/workload.ts';
import { admissionOf, type TokenNeed } from './admission-section.ts';
import {
  checkRetries,
  floorOf,
  largestFloorOf,
  leastFloorOf,
  maxOf,
  type PoolPart,
  poolOf,
  slotSpeedOf,
  tokenNeeds,
} from './deployment-section.ts';
import { unlimitedOr, wholeUs } from './distribution-section.ts';
import { contradiction, type Finding, finding } from './findings.ts';
import { lifecycleOf, type Rollout, rolloutsOf, weatherOf } from './lifecycle-section.ts';
import { type Merged, mergedOver, platformOf } from './merged.ts';
import { type ReplaySource, replaySourceOf } from './replay-section.ts';
import { controlOf, ruleOf } from './scaling-section.ts';
import { epochUsOf, type Schedule } from './schedule.ts';
import type { DeploymentSection, Study } from './schema.ts';
import { type Objective, parseObjective } from './slo.ts';
import { meanStartUs, startsOf } from './start-section.ts';
import { unsteadiness } from './warm-up.ts';
import {
  figuresUsed,
  ownLawNote,
  type UsedFigure,
  unpricedWarning,
  warningsOf,
} from './warnings.ts';
import { workloadSpecOf } from './workload-section.ts';

const GIB = 2 ** 30;

export interface Compiled {
  readonly name: string | null;
  readonly platform: Platform | null;
  /** null: one pool, the one below; else that one is the first of all, and the fleet what runs. */
  readonly fleet: FleetPlan | null;
  readonly pool: PoolPart;
  readonly floor: number | Schedule;
  /** What starts were compiled from: tells distributions apart where their moments do not. */
  readonly starts: Pick<DeploymentSection, 'coldStart' | 'startPaths' | 'startScale'>;
  /** Of the lifecycle: the trace knows when its dates are. */
  readonly rollouts: readonly Rollout[];
  /** What asks for tokens beside a bill. */
  readonly tokensFor: readonly TokenNeed[];
  /** The share of input tokens that the platform has seen before. */
  readonly cachedInput: number;
  /** What a client that is refused gets. */
  readonly refusalCode: number | string | null;
  /** null without a price. */
  readonly billing: Omit<BillingInput, 'minuteOffsetUs' | 'tokens'> | null;
  readonly workload: WorkloadSpec;
  /** Whether the service times are the deployment's own law, not the workload's. */
  readonly hasOwnService: boolean;
  readonly replay: ReplaySource | null;
  /** What a relative or synthetic trace's time 0 is, in microseconds since 1970. */
  readonly startAtEpochUs: number | null;
  readonly measure: Measure | null;
  readonly objectives: readonly Objective[];
  readonly seed: string;
  readonly replications: number;
  readonly warnings: readonly string[];
  /** What it rests on: figures of its platform and of the catalogue, each with its source. */
  readonly figures: readonly UsedFigure[];
}

/** A part of a run, and how it begins. */
export interface Measure extends Partial<Span> {
  readonly edges?: 'cyclic';
  /** What is cut at the beginning: so much, or what the run's own series says. */
  readonly warmUpUs?: number | 'auto';
}

/** Several pools, each compiled as if it were alone: see fleet-section.ts. */
export interface FleetPlan {
  readonly deployments: readonly DeploymentPlan[];
  /** null: nothing ties them. */
  readonly account: Omit<AccountRule, 'gpusPerReplica'> | null;
}

export interface DeploymentPlan {
  /**
   * Which endpoints it serves: a name, or a pattern with `*` that gives each its own; OTHER takes all that no other does,
   * and ALL whatever comes.
   */
  readonly endpoints: string;
  /** In order of preference. */
  readonly pools: readonly PoolPlan[];
  readonly overflowAfterUs: number;
}

export interface PoolPlan {
  readonly name: string;
  readonly compiled: Compiled;
  readonly gpus: number;
}

/** @returns the compiled point of one pool, or every finding that stands in its way */
export function compilePoint(
  study: Study,
  catalogue: Catalogue,
  hardware: Hardware = NO_HARDWARE,
): Compiled | readonly Finding[] {
  const findings: Finding[] = [];
  const own = study.deployment ?? {};
  const platform = platformOf(own, catalogue, findings);
  const deployment = mergedOver(platform, own);
  const floor = floorOf(deployment, findings);
  const rule = ruleOf(deployment, own, findings);
  const max = maxOf(deployment, own, rule, platform, floor, findings);
  const concurrency = unlimitedOr(deployment.concurrency, Number);
  const wakesAtRefusal = deployment.admission.atZero === 'refuse-and-wake';
  const context = { concurrency, floor: leastFloorOf(floor), max, wakesAtRefusal };
  const control = controlOf(deployment, rule, context, findings);
  const weather = weatherOf(study, findings);
  const starts = startsOf(deployment, hardware, weather !== null, findings);
  const admission = admissionOf(deployment, own.admission, meanStartUs(starts), findings);
  const rollouts = rolloutsOf(deployment, zoneOf(floor, findings), findings);
  const given = { starts, weather, control, rollouts };
  const objectives = objectivesOf(study, findings);
  const pool = poolOf(study, deployment, {
    max,
    startPhases: starts.phases,
    admission,
    control,
    slotSpeed: slotSpeedOf(deployment, findings),
    lifecycle: lifecycleOf(deployment, own, given, findings),
    objectives,
  });
  const facts = { platform, floor, startPhases: starts.phases };
  const billing = billingOf(study, deployment, facts, findings);
  checkRetries(study, findings);
  const served = servedBy(study.workload, deployment);
  const workload = workloadSpecOf(served, findings);
  const startAtEpochUs = startAtOf(study, floor, findings);
  const measure = measureOf(study, findings);
  if (measure?.warmUpUs !== undefined && workload !== null) {
    const why = unsteadiness({ workload, floor, rollouts });
    if (why !== null) findings.push(contradiction(['measure', 'warmUp'], why));
  }
  if (findings.length > 0 || workload === null) return findings;
  const rests = { pool, largestFloor: largestFloorOf(floor), rule, platform, starts };
  return {
    name: study.name ?? null,
    platform,
    fleet: null,
    pool,
    floor,
    starts: {
      coldStart: deployment.coldStart,
      startPaths: deployment.startPaths,
      startScale: deployment.startScale,
    },
    rollouts,
    tokensFor: tokenNeeds(admission, control),
    cachedInput: shareOf(study.workload.cachedInput ?? 0),
    refusalCode: admission.code,
    billing,
    workload,
    hasOwnService: deployment.serviceTime !== undefined,
    replay: replaySourceOf({ ...study, workload: served }),
    startAtEpochUs,
    measure,
    objectives,
    seed: String(study.seed ?? 1),
    replications: study.replications ?? 1,
    warnings: [
      ...(billing === null ? [unpricedWarning] : []),
      ...(served !== study.workload && study.workload.service !== undefined ? [ownLawNote] : []),
      ...warningsOf(study, rests),
    ],
    figures: figuresUsed(study, rests),
  };
}

/** A platform that says how long it takes for a request's tokens serves by that. */
function servedBy(workload: Study['workload'], { serviceTime }: Merged): Study['workload'] {
  return serviceTime === undefined ? workload : { ...workload, service: serviceTime };
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
    instantPhases: startPhases.flatMap(({ name, time }) => (time.meanUs === 0 ? [name] : [])),
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
  const epochUs = epochUsOf(workload.startAt, zoneOf(floor, findings));
  if (epochUs === null) {
    findings.push(finding(['workload', 'startAt'], `there is no ${workload.startAt}`));
  }
  return epochUs;
}

/** Of dates without an offset: a schedule's, which may be at fault itself. */
function zoneOf(floor: number | Schedule, findings: readonly Finding[]): string {
  return typeof floor === 'number' || findings.length > 0 ? 'UTC' : floor.timeZone;
}

function measureOf(study: Study, findings: Finding[]): Measure | null {
  const { measure } = study;
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
    ...(measure.edges === 'cyclic' && { edges: 'cyclic' as const }),
    ...warmUpOf(study, findings),
  };
}

/** How a measure may begin; whether there is a steady state to settle in the workload says: `unsteadiness`. */
function warmUpOf({ measure }: Study, findings: Finding[]): Pick<Measure, 'warmUpUs'> {
  const { warmUp = 'none', from, edges } = measure ?? {};
  if (warmUp === 'none') return {};
  if (from !== undefined || edges === 'cyclic') {
    const other = from === undefined ? 'measure.edges: cyclic' : 'measure.from';
    const message = `and ${other} both say where measuring begins: give one of them`;
    findings.push(contradiction(['measure', 'warmUp'], message));
  }
  return { warmUpUs: warmUp === 'auto' ? 'auto' : wholeUs(warmUp) };
}
