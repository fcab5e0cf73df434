/** The study's `deployment` and `client` blocks, over the platform's, as the numbers of a scenario. */
import { LONGEST_US, parseRate } from '../base/units.ts';
import type { ControlRule } from '../engine/control/control-rule.ts';
import type { Lifecycle } from '../engine/lifecycle.ts';
import type { Client, Pings, Scenario, ServiceLaw, StartPhase } from '../engine/scenario.ts';
import { type SlotSpeed, slotSpeedMistakes } from '../engine/slot-sharing.ts';
import type { Platform, ScalingRule } from '../platform/catalogue.ts';
import { type Admission, type TokenNeed, tokensOfGate } from './admission-section.ts';
import { limitUs, unlimitedOr, wholeUs } from './distribution-section.ts';
import { contradiction, type Finding, finding } from './findings.ts';
import type { Merged } from './merged.ts';
import { largestCount, leastCount, type Schedule, scheduleOf } from './schedule.ts';
import type { DeploymentSection, Study } from './schema.ts';
import { type Objective, thresholdsUs } from './slo.ts';

/** A scenario without what the trace decides. */
export type PoolPart = Omit<
  Scenario,
  | 'floor'
  | 'period'
  | 'measure'
  | 'meters'
  | 'timelineUs'
  | 'clockOffsetUs'
  | 'seed'
  | 'replication'
>;

export function largestFloorOf(floor: number | Schedule): number {
  return typeof floor === 'number' ? floor : largestCount(floor);
}

export function leastFloorOf(floor: number | Schedule): number {
  return typeof floor === 'number' ? floor : leastCount(floor);
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
  rule: ScalingRule,
  platform: Platform | null,
  floor: number | Schedule,
  findings: Finding[],
): number {
  const path = ['deployment', 'replicas', 'max'];
  const least = largestFloorOf(floor);
  const stated = unlimitedOr(own.replicas?.max ?? replicas.max, Number);
  if (rule === 'fixed') {
    const fleet = platform === null ? 'the fleet' : `the fleet of ${platform.name}`;
    if (own.replicas?.max !== undefined && stated !== least) {
      const message = `must be left out: ${fleet} is fixed at replicas.min (${least})`;
      findings.push(contradiction(path, message));
    }
    if (least === 0) {
      const message = `must be at least 1: ${fleet} is fixed, nothing would ever serve`;
      findings.push(contradiction(['deployment', 'replicas', 'min'], message));
    }
    return least;
  }
  if (stated < least) {
    findings.push(contradiction(path, `must be at least replicas.min (${least}), is ${stated}`));
  }
  return stated;
}

/** null: each request runs as fast as alone. */
export function slotSpeedOf(
  { slotSpeed, concurrency }: Merged,
  findings: Finding[],
): SlotSpeed | null {
  if (slotSpeed === undefined) return null;
  const points = Object.entries(slotSpeed)
    .map(([requests, speed]) => ({ requests: Number(requests), speed }))
    .sort((a, b) => a.requests - b.requests);
  const wrong = slotSpeedMistakes(points);
  const path = ['deployment', 'slotSpeed'];
  findings.push(...wrong.map((message) => finding(path, `is none: ${message}`)));
  const isAlone = concurrency === 1 && points[0]?.speed === 1;
  return wrong.length > 0 || isAlone ? null : points;
}

/** null: as fast as the workload's service times say. */
function speedLaw(speed: number): ServiceLaw | null {
  return speed === 1 ? null : { tokens: null, speed };
}

export function pingsOf({ workload: { pings } }: Study): Pings | null {
  if (pings === undefined) return null;
  return { everyUs: wholeUs(pings.every), serviceUs: wholeUs(pings.service) };
}

export function poolOf(
  study: Study,
  deployment: Merged,
  rest: {
    readonly max: number;
    readonly startPhases: readonly StartPhase[];
    readonly admission: Admission;
    readonly control: ControlRule | null;
    readonly slotSpeed: SlotSpeed | null;
    readonly lifecycle: Lifecycle | null;
    readonly objectives: readonly Objective[];
  },
): PoolPart {
  const { replicas, binding, routing } = deployment;
  const { startRate = 'unlimited' } = replicas;
  const { control, admission } = rest;
  return {
    max: rest.max,
    startRate: startRate === 'unlimited' ? null : parseRate(startRate),
    idleWindowUs: limitUs(deployment.idleWindow),
    unusedWindowUs: limitUs(deployment.unusedWindow ?? deployment.idleWindow),
    unusedFrom: deployment.unusedWindowFrom ?? 'ready',
    concurrency: unlimitedOr(deployment.concurrency, Number),
    binding,
    routing,
    queueLimit: admission.queueLimit,
    queueTimeoutUs: admission.queueTimeoutUs,
    gate: admission.gate,
    control,
    serviceLaw: speedLaw(deployment.speed ?? 1),
    slotSpeed: rest.slotSpeed,
    lifecycle: rest.lifecycle,
    startPhases: rest.startPhases,
    overheadUs: wholeUs(deployment.overhead),
    slotOverheadUs: wholeUs(deployment.slotOverhead),
    executionTimeoutUs: limitUs(deployment.executionTimeout),
    client: clientOf(study),
    latencyThresholdsUs: thresholdsUs(rest.objectives, 'latencyS'),
    waitThresholdsUs: thresholdsUs(rest.objectives, 'waitS'),
    // A bill may ask for them too.
    countsTokens: tokenNeeds(admission, control).length > 0,
    pings: pingsOf(study),
    keepsServices: false,
  };
}

/** What counts tokens beside a bill. */
export function tokenNeeds(
  { gate }: Pick<Admission, 'gate'>,
  control: ControlRule | null,
): readonly TokenNeed[] {
  const laws = (control?.laws ?? []).filter(({ signal }) => TOKEN_SIGNALS.includes(signal));
  const ofLaws = laws.map(
    ({ name }): TokenNeed => ({
      path: `deployment.scaling.laws.${name}`,
      kinds: ['input', 'output'],
    }),
  );
  return [...tokensOfGate(gate), ...ofLaws];
}

const TOKEN_SIGNALS: readonly string[] = ['tokens-in-flight', 'token-rate'];

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
