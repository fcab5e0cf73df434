/** A compiled point and a trace together: the scenarios and the bill of one configuration. */
import { type Mistake, UserError } from '../base/errors.ts';
import { formatDurationUs, US_PER_DAY, US_PER_H, US_PER_MIN, US_PER_MS } from '../base/units.ts';
import { offsetReader } from '../base/zone-clock.ts';
import type { AccountRule } from '../engine/account.ts';
import type { FloorSchedule, Scenario, Span } from '../engine/scenario.ts';
import { type BillingPlan, compileBilling } from '../platform/billing.ts';
import { billsTokens } from '../platform/billing-plan.ts';
import { beginningOf } from '../workload/beginning.ts';
import type { Trace } from '../workload/trace.ts';
import { twice } from '../workload/twice.ts';
import { makeWorkload, type Workload } from '../workload/workload.ts';
import type { Compiled } from './compile.ts';
import { cyclicFloor, cyclicLifecycle, cyclicWarning, passUs } from './cyclic-edges.ts';
import { digestText } from './digest.ts';
import { drawnBy } from './drawn.ts';
import { canonical } from './json.ts';
import { compileFloor } from './schedule.ts';
import { knownTokens, requireTokens, withTokens } from './token-columns.ts';

/** How far beyond the trace a schedule's steps are laid out: a run that lasts longer keeps the last floor. */
const SCHEDULE_AFTER_US = 365 * US_PER_DAY;

export interface Bound {
  readonly compiled: Compiled;
  /** Of one replication, without its number. */
  readonly scenario: Omit<Scenario, 'replication'>;
  readonly plan: BillingPlan | null;
  /** null: the one pool of `scenario` and `plan`; else those are of its first pool. */
  readonly fleet: BoundFleet | null;
  readonly workload: Workload;
  /** What is drawn at all; empty where every replication would be the same. */
  readonly drawn: readonly string[];
  readonly replications: number;
  /** Whose hours and days a dated trace's are. */
  readonly timeZone: string;
  /** When the time 0 of what is measured comes: with cyclic edges, after a pass of the workload. */
  readonly shiftUs: number;
  /** Whether results show what they came to by the hour. */
  readonly keepsHours: boolean;
  /** What the result rests on. */
  readonly warnings: readonly string[];
}

/** Several pools: see fleet-bind.ts. */
export interface BoundFleet {
  readonly deployments: readonly BoundDeployment[];
  /** By endpoint of the workload's chunks. */
  readonly deploymentOf: Int32Array;
  readonly account: AccountRule | null;
}

export interface BoundDeployment {
  /** The endpoint's; '' for one that serves all. */
  readonly name: string;
  readonly pools: readonly { readonly name: string; readonly bound: Bound }[];
  readonly overflowAfterUs: number;
}

export interface BindOptions {
  readonly seedSuffix: string;
  readonly replications: number | null;
  readonly timelineUs: number;
  /** Only what arrives before then, as if the workload ended there; null for all. */
  readonly untilUs: number | null;
  /** Whether results keep what they came to by the hour of the clock. */
  readonly hourly: boolean;
  /** Whether runs count by the hour, for intervals of the traffic that came. */
  readonly countsHours: boolean;
}

/** As the study says. */
export const AS_STUDIED: BindOptions = {
  seedSuffix: '',
  replications: null,
  timelineUs: 0,
  untilUs: null,
  hourly: false,
  countsHours: false,
};

/**
 * @param workloads made ones by their spec, so that configurations of one workload share it
 * @throws UserError where the trace does not fit the study
 */
export function bind(
  compiled: Compiled,
  trace: Trace | null,
  workloads: Map<string, Workload>,
  options: BindOptions,
  timeZone = timeZoneOf(compiled, trace),
): Bound {
  const tokens = knownTokens(compiled.workload, trace);
  requireTokens(tokens, compiled.tokensFor, compiled.cachedInput, trace);
  const once = workloadOf(compiled, trace, workloads, options.untilUs);
  const isCyclic = compiled.measure?.edges === 'cyclic';
  const shiftUs = isCyclic ? passUs(once, compiled.replay !== null) : 0;
  const bare = isCyclic ? twice(once) : once;
  const plan =
    compiled.billing === null
      ? null
      : compileBilling({
          ...compiled.billing,
          tokens,
          minuteOffsetUs: within(bare.startAtEpochUs ?? -shiftUs, US_PER_MIN),
        });
  const countsTokens = compiled.pool.countsTokens || (plan !== null && billsTokens(plan));
  const workload = countsTokens ? countedOf(bare, compiled, workloads) : bare;
  const drawn = drawnBy(compiled.pool, workload.drawn);
  const floor = floorOf(compiled, once);
  const lifecycle = lifecycleOf(compiled, once);
  return {
    compiled,
    scenario: {
      ...compiled.pool,
      floor: isCyclic ? cyclicFloor(floor, once.period) : floor,
      period: workload.period,
      measure: measureOf(compiled, once, shiftUs),
      meters: plan?.meters ?? [],
      countsTokens,
      lifecycle: isCyclic ? cyclicLifecycle(lifecycle, once.period) : lifecycle,
      timelineUs: options.timelineUs,
      clockOffsetUs:
        options.hourly || options.countsHours
          ? clockOffsetOf(workload.startAtEpochUs, timeZone, shiftUs)
          : null,
      seed: compiled.seed + options.seedSuffix,
    },
    plan,
    fleet: null,
    workload,
    drawn,
    replications: replicationsOf(drawn, compiled, options),
    timeZone,
    keepsHours: options.hourly,
    shiftUs,
    warnings: [
      ...compiled.warnings,
      ...(plan?.notes ?? []),
      ...(isCyclic ? [cyclicWarning(shiftUs)] : []),
    ],
  };
}

/** The log's, where the study says it; else a schedule's; else that of the log's stamps, where they say more than UTC. */
export function timeZoneOf({ replay, floor }: Compiled, trace: Trace | null): string {
  const ofLog = replay?.parts.find(({ read }) => read.timeZone !== null)?.read.timeZone;
  if (ofLog != null) return ofLog;
  if (typeof floor !== 'number') return floor.timeZone;
  const offsetMin = trace?.zoneOffsetMin ?? 0;
  return offsetMin === 0 ? 'UTC' : offsetText(offsetMin);
}

/** `+05:30` */
function offsetText(offsetMin: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const min = Math.abs(offsetMin);
  return `${offsetMin < 0 ? '-' : '+'}${two(Math.floor(min / 60))}:${two(min % 60)}`;
}

/** Time 0 within its hour of the wall clock; of a trace without dates, within an hour since the time 0 of what is measured. */
function clockOffsetOf(startAtEpochUs: number | null, timeZone: string, shiftUs: number): number {
  if (startAtEpochUs === null) return within(-shiftUs, US_PER_H);
  const offsetMs = offsetReader(timeZone)(Math.floor(startAtEpochUs / US_PER_MS));
  return within(startAtEpochUs + offsetMs * US_PER_MS, US_PER_H);
}

function within(us: number, unitUs: number): number {
  return ((us % unitUs) + unitUs) % unitUs;
}

export function replicationsOf(
  drawn: readonly string[],
  compiled: Compiled,
  options: BindOptions,
): number {
  return drawn.length === 0 ? 1 : (options.replications ?? compiled.replications);
}

/**
 * Equal for configurations that a single run can serve: they differ in prices and meters only. Plain JSON does: no key
 * here may be both null and unlimited.
 */
export function runKey({ scenario, compiled, fleet }: Bound): string {
  if (fleet !== null) return fleetKey(fleet, (bound) => runKey(bound) + metersKey(bound));
  const { meters, ...rest } = scenario;
  const { starts, workload, replay, cachedInput } = compiled;
  return JSON.stringify([rest, starts, workload, replay, scenario.countsTokens ? cachedInput : 0]);
}

/** Equal only for configurations that are the same in all that matters to a result. */
export function configurationKey(bound: Bound): string {
  const { billing, refusalCode } = bound.compiled;
  if (bound.fleet !== null) return fleetKey(bound.fleet, configurationKey);
  const { replications, keepsHours } = bound;
  const bill = billing && { ...billing, platform: platformKey(billing.platform) };
  return runKey(bound) + JSON.stringify([bill, replications, refusalCode, keepsHours]);
}

const platformKeys = new WeakMap<object, string>();

/** A platform is long, and there are few of them. */
function platformKey(platform: object | null): string | null {
  if (platform === null) return null;
  const key = platformKeys.get(platform) ?? digestText(canonical(platform));
  platformKeys.set(platform, key);
  return key;
}

/** What pools count has to be the same: their meters are not told apart in a shared run. */
function metersKey({ scenario }: Bound): string {
  return JSON.stringify(scenario.meters);
}

/** Deployments of one block of the study have the same pools: their key is made once. */
function fleetKey(
  { deployments, deploymentOf, account }: BoundFleet,
  keyOf: (bound: Bound) => string,
): string {
  const keys = new Map<Bound, number>();
  const texts: string[] = [];
  const keyNumber = (bound: Bound): number => {
    const known = keys.get(bound) ?? texts.push(keyOf(bound)) - 1;
    keys.set(bound, known);
    return known;
  };
  const plan = deployments.map(({ name, pools, overflowAfterUs }) => [
    name,
    overflowAfterUs,
    ...pools.map((pool) => [pool.name, keyNumber(pool.bound)]),
  ]);
  const limits = account && [account.concurrency, account.whenFull, account.gpus];
  return JSON.stringify([plan, [...deploymentOf], limits, account?.gpusPerReplica, texts]);
}

function workloadOf(
  compiled: Compiled,
  trace: Trace | null,
  workloads: Map<string, Workload>,
  untilUs: number | null,
): Workload {
  const whole = wholeWorkloadOf(compiled, trace, workloads);
  if (untilUs === null || untilUs >= whole.period.toUs) return whole;
  const key = JSON.stringify([workloadKey(compiled), { untilUs }]);
  const made = workloads.get(key) ?? beginningOf(whole, untilUs);
  workloads.set(key, made);
  return made;
}

function workloadKey({ workload, replay, startAtEpochUs }: Compiled): string {
  return JSON.stringify([workload, replay, startAtEpochUs]);
}

function wholeWorkloadOf(
  compiled: Compiled,
  trace: Trace | null,
  workloads: Map<string, Workload>,
): Workload {
  const { workload: spec, hasOwnService, startAtEpochUs } = compiled;
  const key = workloadKey(compiled);
  const made = workloads.get(key);
  if (made !== undefined) return made;
  if (startAtEpochUs !== null && trace !== null && trace.firstAtUs !== null) {
    throw mistake(
      'workload.startAt',
      `must be left out: ${trace.report.name} has dates of its own`,
    );
  }
  const workload = hasOwnService
    ? servedByLaw(() => makeWorkload(spec, trace, startAtEpochUs))
    : makeWorkload(spec, trace, startAtEpochUs);
  workloads.set(key, workload);
  return workload;
}

/** What is wrong with the service times is then said of the deployment's law. */
function servedByLaw(make: () => Workload): Workload {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      error.mistakes.map(({ path, ...rest }) => ({
        ...rest,
        path: path === 'workload.service' ? 'deployment.serviceTime' : path,
      })),
    );
  }
}

/** Shared as the workload below it is. */
function countedOf(
  workload: Workload,
  compiled: Compiled,
  workloads: Map<string, Workload>,
): Workload {
  const { cachedInput } = compiled;
  const { toUs } = workload.period;
  const key = JSON.stringify([workloadKey(compiled), { cachedInput, toUs }]);
  const made = workloads.get(key) ?? withTokens(workload, cachedInput);
  workloads.set(key, made);
  return made;
}

/** With the times of rollouts, which may be dates. */
function lifecycleOf(
  { pool, rollouts }: Compiled,
  { startAtEpochUs }: Workload,
): Scenario['lifecycle'] {
  if (pool.lifecycle === null || rollouts.length === 0) return pool.lifecycle;
  const times = rollouts.map(({ us, isDate }, i) => {
    const path = `deployment.rollouts.${i}`;
    if (isDate && startAtEpochUs === null) {
      throw mistake(
        'workload.startAt',
        'is missing: a rollout by date needs the date of time 0, and this trace has none: write 2026-11-02T00:00',
      );
    }
    const atUs = isDate ? us - startAtEpochUs! : us;
    if (atUs < 0) throw mistake(path, 'lies before time 0: there is nothing yet to replace');
    return atUs;
  });
  const rolloutsUs = [...new Set(times)].sort((a, b) => a - b);
  return { ...pool.lifecycle, rolloutsUs };
}

function floorOf({ floor }: Compiled, { startAtEpochUs, period }: Workload): FloorSchedule {
  if (typeof floor === 'number') return { atUs: [0], count: [floor] };
  if (startAtEpochUs === null) {
    throw mistake(
      'workload.startAt',
      'is missing: a schedule needs the date of time 0, and this trace has none: write 2026-11-02T00:00',
    );
  }
  return compileFloor(floor, startAtEpochUs, period.toUs + SCHEDULE_AFTER_US);
}

function measureOf({ measure }: Compiled, { period }: Workload, shiftUs: number): Span | null {
  if (measure === null) return null;
  const { warmUpUs = 0, toUs = period.toUs } = measure;
  if (warmUpUs === 'auto') {
    throw mistake(
      'measure.warmUp',
      'auto is for `coldfront simulate`, which looks at a run before it measures another: give the time that it finds',
    );
  }
  const fromUs = measure.fromUs ?? (warmUpUs > 0 || shiftUs > 0 ? period.fromUs + warmUpUs : 0);
  if (fromUs >= toUs || (fromUs > 0 && fromUs >= period.toUs)) {
    const end = formatDurationUs(period.toUs);
    throw mistake(
      warmUpUs > 0 ? 'measure.warmUp' : 'measure.from',
      `lies at or after the end of the workload (${end}): nothing is measured`,
    );
  }
  return { fromUs: fromUs + shiftUs, toUs: toUs + shiftUs };
}

function mistake(path: string, message: string): UserError {
  const one: Mistake = { at: null, path, message };
  return new UserError([one]);
}
