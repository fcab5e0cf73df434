/** A compiled point and a trace together: the scenarios and the bill of one configuration. */
import { type Mistake, UserError } from '../base/errors.ts';
import { formatDurationUs, US_PER_DAY, US_PER_MIN } from '../base/units.ts';
import type { FloorSchedule, Scenario, Span } from '../engine/scenario.ts';
import { type BillingInput, type BillingPlan, compileBilling } from '../platform/billing.ts';
import { columnsOf, sourcesOf } from '../workload/synthesis/synthesis-spec.ts';
import type { Trace } from '../workload/trace.ts';
import { makeWorkload, type Workload } from '../workload/workload.ts';
import type { Compiled } from './compile.ts';
import { drawnBy } from './drawn.ts';
import { compileFloor } from './schedule.ts';

/** How far beyond the trace a schedule's steps are laid out: a run that lasts longer keeps the last floor. */
const SCHEDULE_AFTER_US = 365 * US_PER_DAY;

export interface Bound {
  readonly compiled: Compiled;
  /** Of one replication, without its number. */
  readonly scenario: Omit<Scenario, 'replication'>;
  readonly plan: BillingPlan | null;
  readonly workload: Workload;
  /** What is drawn at all; empty where every replication would be the same. */
  readonly drawn: readonly string[];
  readonly replications: number;
}

export interface BindOptions {
  readonly seedSuffix: string;
  readonly replications: number | null;
  readonly timelineUs: number;
}

/**
 * @param workloads made ones by their spec, so that configurations of one workload share it
 * @throws UserError where the trace does not fit the study
 */
export function bind(
  compiled: Compiled,
  trace: Trace | null,
  workloads: Map<string, Workload>,
  options: BindOptions,
): Bound {
  const workload = workloadOf(compiled, trace, workloads);
  const plan =
    compiled.billing === null
      ? null
      : compileBilling({
          ...compiled.billing,
          tokens: tokensOf(compiled, trace),
          minuteOffsetUs: (workload.startAtEpochUs ?? 0) % US_PER_MIN,
        });
  const drawn = drawnBy(compiled.pool, workload.drawn);
  return {
    compiled,
    scenario: {
      ...compiled.pool,
      floor: floorOf(compiled, workload),
      period: workload.period,
      measure: measureOf(compiled, workload),
      meters: plan?.meters ?? [],
      timelineUs: options.timelineUs,
      seed: compiled.seed + options.seedSuffix,
    },
    plan,
    workload,
    drawn,
    replications: drawn.length === 0 ? 1 : (options.replications ?? compiled.replications),
  };
}

/**
 * Equal for configurations that a single run can serve: they differ in prices and meters only. Plain JSON does: no key
 * here may be both null and unlimited.
 */
export function runKey({ scenario, compiled }: Bound): string {
  const { meters, ...rest } = scenario;
  return JSON.stringify([rest, compiled.coldStart, compiled.workload, compiled.replay]);
}

/** Equal only for configurations that are the same in all that matters to a result. */
export function configurationKey(bound: Bound): string {
  return runKey(bound) + JSON.stringify([bound.compiled.billing, bound.replications]);
}

function workloadOf(
  { workload: spec, replay, startAtEpochUs }: Compiled,
  trace: Trace | null,
  workloads: Map<string, Workload>,
): Workload {
  const key = JSON.stringify([spec, replay, startAtEpochUs]);
  const made = workloads.get(key);
  if (made !== undefined) return made;
  if (startAtEpochUs !== null && trace !== null && trace.firstAtUs !== null) {
    throw mistake(
      'workload.startAt',
      `must be left out: ${trace.report.name} has dates of its own`,
    );
  }
  const workload = makeWorkload(spec, trace, startAtEpochUs);
  workloads.set(key, workload);
  return workload;
}

function tokensOf({ workload }: Compiled, trace: Trace | null): BillingInput['tokens'] {
  if (workload.kind === 'synthesize') {
    const { inputTokens: input, outputTokens: output } = columnsOf(sourcesOf(workload));
    return { input, output };
  }
  const { inputTokens = null, outputTokens = null } = trace ?? {};
  return { input: inputTokens !== null, output: outputTokens !== null };
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

function measureOf({ measure }: Compiled, { period }: Workload): Span | null {
  if (measure === null) return null;
  const { fromUs = 0, toUs = period.toUs } = measure;
  if (fromUs >= toUs || (fromUs > 0 && fromUs >= period.toUs)) {
    const end = formatDurationUs(period.toUs);
    throw mistake(
      'measure.from',
      `lies at or after the end of the workload (${end}): nothing is measured`,
    );
  }
  return { fromUs, toUs };
}

function mistake(path: string, message: string): UserError {
  const one: Mistake = { at: null, path, message };
  return new UserError([one]);
}
