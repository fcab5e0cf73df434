/** The study's `deployment` and `client` blocks, over the platform's, as the numbers of a scenario. */
import { LONGEST_US, parseRate } from '../base/units.ts';
import { compileDistribution, type Distribution } from '../engine/distribution.ts';
import { BARE, type Client, type Scenario, type StartPhase } from '../engine/scenario.ts';
import { type Catalogue, overPlatform, type Platform } from '../platform/catalogue.ts';
import { distributionFaults, distributionOf, usOf } from './distribution-section.ts';
import { contradiction, type Finding, finding } from './findings.ts';
import type { KeyPath } from './key-path.ts';
import { largestCount, type Schedule, scheduleOf } from './schedule.ts';
import type { DeploymentSection, DistributionSection, Study } from './schema.ts';
import { type Objective, thresholdsUs } from './slo.ts';

const UNLIMITED = Number.POSITIVE_INFINITY;

/** A scenario without what the trace decides. */
export type PoolPart = Omit<
  Scenario,
  'floor' | 'period' | 'measure' | 'meters' | 'timelineUs' | 'seed' | 'replication'
>;

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

export function largestFloorOf(floor: number | Schedule): number {
  return typeof floor === 'number' ? floor : largestCount(floor);
}

export function platformOf(
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

/** A deployment with no key left open: defaults, over them the platform, over it the study. */
export type Merged = DeploymentSection & {
  readonly [Key in keyof typeof DEFAULTS]: NonNullable<DeploymentSection[Key]>;
};

export function mergedOver(platform: Platform | null, own: DeploymentSection): Merged {
  const below = platform === null ? DEFAULTS : overPlatform(DEFAULTS, platform.deployment);
  return overPlatform(below, own) as Merged;
}

export function floorOf({ replicas }: Merged, findings: Finding[]): number | Schedule {
  const { min = 0 } = replicas;
  return typeof min === 'number'
    ? min
    : scheduleOf(min, ['deployment', 'replicas', 'min'], findings);
}

export function maxOf(
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

export function phasesOf({ coldStart }: Merged, findings: Finding[]): readonly StartPhase[] {
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
  const wrong = distributionFaults(spec);
  findings.push(...wrong.map((message) => finding(path, message)));
  return wrong.length > 0 ? NOTHING : compileDistribution(spec);
}

export function poolOf(
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
    ...BARE,
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

/** Backoffs grow by their factor: the last may be no longer than any time. */
export function checkRetries({ client }: Study, findings: Finding[]): void {
  const { retries } = clientOf({ client });
  if (retries === null) return;
  if (retries.backoffUs * retries.factor ** (retries.max - 1) <= LONGEST_US) return;
  const message = `the backoff grows beyond 87600h (10 years) within ${retries.max} retries: lower max or factor`;
  findings.push(finding(['client', 'retries'], message));
}

function clientOf({ client }: Pick<Study, 'client'>): Client {
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

function unlimitedOr<T>(value: T | 'unlimited' | undefined, read: (value: T) => number): number {
  return value === undefined || value === 'unlimited' ? UNLIMITED : read(value);
}

function limitUs(text: string | undefined): number {
  return unlimitedOr(text, wholeUs);
}

/** Rounded once, as all times of a scenario are. */
export function wholeUs(text: string): number {
  return Math.round(usOf(text));
}
