/**
 * One point of a grid compiled to plain numbers: the defaults, over them the platform, over it the study. Pure and
 * inspectable; what only the trace decides (the floor's steps, the period) is added by bind.ts.
 */
import { UserError } from '../base/errors.ts';
import { parseRate, parseSizeBytes } from '../base/units.ts';
import {
  compileDistribution,
  type Distribution,
  distributionMistakes,
} from '../engine/distribution.ts';
import type { Client, Scenario, Span, StartPhase } from '../engine/scenario.ts';
import { type BillingInput, compileBilling } from '../platform/billing.ts';
import { type Catalogue, overPlatform, type Platform } from '../platform/catalogue.ts';
import type { WorkloadSpec } from '../workload/workload.ts';
import { distributionOf, usOf } from './distribution-section.ts';
import { contradiction, type Finding, finding } from './findings.ts';
import type { KeyPath } from './key-path.ts';
import { epochUsOf, largestCount, type Schedule, scheduleOf } from './schedule.ts';
import type { DeploymentSection, DistributionSection, Study } from './schema.ts';
import { type Objective, parseObjective, thresholdsUs } from './slo.ts';
import { unpricedWarning, warningsOf } from './warnings.ts';
import { type ReplaySource, replaySourceOf, workloadSpecOf } from './workload-section.ts';

const GIB = 2 ** 30;
const UNLIMITED = Number.POSITIVE_INFINITY;

/** A scenario without what the trace decides. */
export type PoolPart = Omit<
  Scenario,
  'floor' | 'period' | 'measure' | 'meters' | 'timelineUs' | 'seed' | 'replication'
>;

export interface Compiled {
  readonly name: string | null;
  readonly pool: PoolPart;
  readonly floor: number | Schedule;
  /** What the start phases were compiled from: tells distributions apart where their moments do not. */
  readonly coldStart: DeploymentSection['coldStart'];
  /** null without a price. */
  readonly billing: Omit<BillingInput, 'minuteOffsetUs'> | null;
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

const DEFAULTS = {
  replicas: { min: 0, max: 'unlimited', startRate: 'unlimited' },
  idleWindow: '60s',
  concurrency: 1,
  binding: 'shared',
  routing: 'most-recent',
  admission: { queue: 'unlimited', timeout: 'unlimited' },
  coldStart: '0s',
  overhead: '0s',
  slotOverhead: '0s',
  executionTimeout: 'unlimited',
  gpus: 1,
} as const;

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
  const billing = billingOf(study, deployment, platform, startPhases, findings);
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
    replay: replaySourceOf(study.workload),
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

export function largestFloorOf(floor: number | Schedule): number {
  return typeof floor === 'number' ? floor : largestCount(floor);
}

function platformOf(
  own: DeploymentSection,
  catalogue: Catalogue,
  findings: Finding[],
): Platform | null {
  if (own.platform === undefined) {
    if (own.region !== undefined) {
      const message = 'means nothing without a platform: leave it out, or name the platform';
      findings.push(finding(['deployment', 'region'], message));
    }
    return null;
  }
  const platform = catalogue.get(own.platform);
  if (platform !== undefined) return platform;
  const message = `${own.platform} is no platform of the catalogue: there are ${[...catalogue.keys()].join(', ')}`;
  findings.push(finding(['deployment', 'platform'], message));
  return null;
}

type Merged = DeploymentSection & {
  readonly [Key in keyof typeof DEFAULTS]: NonNullable<DeploymentSection[Key]>;
};

function mergedOver(platform: Platform | null, own: DeploymentSection): Merged {
  const below = platform === null ? DEFAULTS : overPlatform(DEFAULTS, platform.deployment);
  return overPlatform(below, own) as Merged;
}

function floorOf({ replicas }: Merged, findings: Finding[]): number | Schedule {
  const { min = 0 } = replicas;
  return typeof min === 'number'
    ? min
    : scheduleOf(min, ['deployment', 'replicas', 'min'], findings);
}

function maxOf(
  { replicas }: Merged,
  own: DeploymentSection,
  platform: Platform | null,
  floor: number | Schedule,
  findings: Finding[],
): number {
  const path = ['deployment', 'replicas', 'max'];
  const least = largestFloorOf(floor);
  const stated = unlimitedOr(own.replicas?.max ?? replicas.max, Number);
  if (platform?.scaling === 'fixed') {
    if (own.replicas?.max !== undefined && stated !== least) {
      const message = `must be left out: the fleet of ${platform.name} is fixed at replicas.min (${least})`;
      findings.push(contradiction(path, message));
    }
    if (least === 0) {
      const message = `must be at least 1: the fleet of ${platform.name} is fixed, nothing would ever serve`;
      findings.push(contradiction(['deployment', 'replicas', 'min'], message));
    }
    return least;
  }
  if (stated < least) {
    findings.push(contradiction(path, `must be at least replicas.min (${least}), is ${stated}`));
  }
  return stated;
}

function phasesOf({ coldStart }: Merged, findings: Finding[]): readonly StartPhase[] {
  const path = ['deployment', 'coldStart'];
  if (!Array.isArray(coldStart)) {
    return [{ name: 'start', time: distribution(coldStart as string, path, findings) }];
  }
  return coldStart.map(({ phase, time }, i) => ({
    name: phase,
    time: distribution(time, [...path, i, 'time'], findings),
  }));
}

const NOTHING = compileDistribution({ distribution: 'fixed', valueUs: 0 });

function distribution(
  section: string | DistributionSection,
  path: KeyPath,
  findings: Finding[],
): Distribution {
  const spec = distributionOf(section);
  const wrong = distributionMistakes(spec);
  findings.push(...wrong.map((message) => finding(path, message)));
  return wrong.length > 0 ? NOTHING : compileDistribution(spec);
}

function objectivesOf({ slo = [] }: Study, findings: Finding[]): readonly Objective[] {
  return slo.flatMap((text, i) => {
    const objective = parseObjective(text);
    if (typeof objective !== 'string') return [objective];
    findings.push(finding(['slo', i], objective));
    return [];
  });
}

function poolOf(
  study: Study,
  deployment: Merged,
  rest: {
    readonly max: number;
    readonly startPhases: readonly StartPhase[];
    readonly objectives: readonly Objective[];
  },
): PoolPart {
  const { replicas, admission, binding, routing } = deployment;
  const { startRate = 'unlimited' } = replicas;
  const { queue = 'unlimited', timeout = 'unlimited' } = admission;
  return {
    max: rest.max,
    startRate: startRate === 'unlimited' ? null : parseRate(startRate),
    idleWindowUs: limitUs(deployment.idleWindow),
    unusedWindowUs: limitUs(deployment.unusedWindow ?? deployment.idleWindow),
    concurrency: unlimitedOr(deployment.concurrency, Number),
    binding,
    routing,
    queueLimit: queue === 'none' ? 0 : unlimitedOr(queue, Number),
    queueTimeoutUs: limitUs(timeout),
    startPhases: rest.startPhases,
    overheadUs: wholeUs(deployment.overhead),
    slotOverheadUs: wholeUs(deployment.slotOverhead),
    executionTimeoutUs: limitUs(deployment.executionTimeout),
    client: clientOf(study),
    latencyThresholdsUs: thresholdsUs(rest.objectives, 'latencyS'),
    waitThresholdsUs: thresholdsUs(rest.objectives, 'waitS'),
  };
}

function clientOf({ client }: Study): Client {
  const { retries, patience = 'unlimited', cancels = false } = client ?? {};
  const on = retries?.on ?? ['rejected', 'timedOut'];
  return {
    retries:
      retries === undefined || retries.max === 0
        ? null
        : {
            max: retries.max,
            backoffUs: wholeUs(retries.backoff ?? '1s'),
            factor: retries.factor ?? 2,
            jitter: retries.jitter ?? 'full',
            onRejected: on.includes('rejected'),
            onTimedOut: on.includes('timedOut'),
          },
    patienceUs: limitUs(patience),
    cancels,
  };
}

/** Tried here with time 0 at a full minute, for its mistakes; bind.ts compiles it where the minute is known. */
function billingOf(
  study: Study,
  deployment: Merged,
  platform: Platform | null,
  startPhases: readonly StartPhase[],
  findings: Finding[],
): Compiled['billing'] {
  if (study.deployment?.platform !== undefined && platform === null) return null;
  const { gpu, gpus, cores, memory, region } = deployment;
  const bytes = memory === undefined ? null : parseSizeBytes(memory);
  const input = {
    platform,
    billing: study.billing ?? null,
    gpu: gpu ?? null,
    gpus,
    cores: cores ?? null,
    memoryGiB: bytes === null ? null : bytes / GIB,
    region: region ?? null,
    phaseNames: startPhases.map(({ name }) => name),
  };
  try {
    return compileBilling({ ...input, minuteOffsetUs: 0 }) === null ? null : input;
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

function unlimitedOr<T>(value: T | 'unlimited' | undefined, read: (value: T) => number): number {
  return value === undefined || value === 'unlimited' ? UNLIMITED : read(value);
}

function limitUs(text: string | undefined): number {
  return unlimitedOr(text, wholeUs);
}

function wholeUs(text: string): number {
  return Math.round(usOf(text));
}
