/** What the rules of advice look at: one configuration's run, its settings, and what its bill would be counted otherwise. */
import { parseDurationUs, US_PER_S } from '../../base/units.ts';
import { mergeHistograms } from '../../engine/histogram.ts';
import type { HistogramCounts, Reading, RunTotals } from '../../engine/totals.ts';
import type { BillingPlan } from '../../platform/billing-plan.ts';
import type { Platform } from '../../platform/catalogue.ts';
import { meanCost } from '../../platform/cost.ts';
import type { Bound } from '../bind.ts';
import type { Advice, Result } from '../document.ts';
import { meanOf } from '../estimate.ts';
import type { Json } from '../json.ts';
import { getAt, parseKeyPath } from '../key-path.ts';

export interface Facts {
  readonly scenario: Bound['scenario'];
  readonly runs: readonly RunTotals[];
  /** Means over the replications. */
  readonly result: Omit<Result, 'advice'>;
  /** Replicas started, on demand and by schedule; the mean of how long that took, null where there were none. */
  readonly started: number;
  readonly meanStartUs: number | null;
  readonly priced: Priced | null;
  /** From each departure that nothing caused but the rules to the start on demand that took its place. */
  readonly gaps: HistogramCounts | null;
  /** ` (RunPod's default)` where a setting of `deployment` is what its platform has, else nothing. */
  readonly whose: (path: string, setting: number) => string;
}

export interface Priced {
  readonly plan: BillingPlan;
  readonly usdPerMonth: number;
  /** The month's bill if each observed reading were another. */
  readonly usdPerMonthOf: (change: (reading: Reading, run: RunTotals) => Reading) => number;
}

/** Something to say, and how much it is about: a share of the bill, or of the requests. */
export interface Remark extends Advice {
  readonly weight: number;
}

export type Rule = (facts: Facts) => Remark | null;

/** Fewer events than these in a mean replication say nothing of their kind. */
export const FEW = 5;
/** Fewer requests say nothing of what a pool needs. */
export const FEW_REQUESTS = 100;

export function factsOf(
  { scenario, plan, compiled }: Bound,
  runs: readonly RunTotals[],
  firstMeter: number,
  result: Omit<Result, 'advice'>,
): Facts {
  const { starts, scheduledStarts } = result.replicas;
  const started = starts + scheduledStarts;
  return {
    scenario,
    runs,
    result,
    started,
    meanStartUs: started === 0 ? null : (result.replicaTimeS.starting * US_PER_S) / started,
    gaps: gapsOf(runs),
    priced: pricedOf(plan, runs, firstMeter, result),
    whose: (path, setting) => {
      const { platform } = compiled;
      const isDefault = platform !== null && defaultOf(platform, path) === setting;
      return isDefault ? ` (${platform.name}'s default)` : '';
    },
  };
}

function gapsOf(runs: readonly RunTotals[]): HistogramCounts | null {
  const parts = runs.flatMap(({ returns }) => returns.gaps ?? []);
  return parts.length > 1 ? mergeHistograms(parts) : (parts[0] ?? null);
}

/** In the engine's units; null where the platform says nothing of it. */
function defaultOf({ deployment }: Platform, path: string): number | null {
  const value = getAt(deployment as Json, parseKeyPath(path));
  if (value === 'unlimited') return Number.POSITIVE_INFINITY;
  if (value === 'none') return 0;
  return typeof value === 'string'
    ? parseDurationUs(value)
    : typeof value === 'number'
      ? value
      : null;
}

function pricedOf(
  plan: BillingPlan | null,
  runs: readonly RunTotals[],
  firstMeter: number,
  { cost }: Omit<Result, 'advice'>,
): Priced | null {
  const usdPerMonth = cost?.usdPerMonth ?? null;
  if (plan === null || usdPerMonth === null || usdPerMonth <= 0) return null;
  return {
    plan,
    usdPerMonth,
    usdPerMonthOf: (change) => {
      const changed = runs.map((run) => {
        const own = run.observed.meters.slice(firstMeter, firstMeter + plan.meters.length);
        const observed = change({ ...run.observed, meters: own }, run);
        return { whole: observed, observed, observedUs: run.observedUs };
      });
      return meanCost(plan, changed)?.usdPerMonth ?? 0;
    },
  };
}

/** Of a mean replication. */
export function meanIn({ runs }: Facts, figure: (run: RunTotals) => number): number {
  return meanOf(runs.map(figure));
}

/** Replica time that a meter counts, in microseconds. */
export interface Counted {
  readonly idleUs: number;
  /** By start phase. */
  readonly phaseUs: readonly number[];
}

/**
 * A reading with more or less of some replica time on every meter that counts it. What a life is rounded by stays as it is;
 * `isRounded` false takes it away as well, so that what is saved is a bound.
 */
export function withMore(
  plan: BillingPlan,
  reading: Reading,
  { idleUs, phaseUs }: Counted,
  isRounded: boolean,
): Reading {
  return {
    ...reading,
    meters: reading.meters.map(({ usedUs, paidUs }, i) => {
      const { scope, idle, phases } = plan.meters[i]!;
      if (scope === 'request') return { usedUs, paidUs };
      const startUs = phaseUs.reduce((sum, us, phase) => sum + (phases[phase] ? us : 0), 0);
      const moreUs = BigInt(Math.round((idle ? idleUs : 0) + startUs));
      if (moreUs === 0n) return { usedUs, paidUs };
      const used = atLeast0(usedUs + moreUs);
      return { usedUs: used, paidUs: isRounded ? atLeast0(paidUs + moreUs) : used };
    }),
  };
}

export function atLeast0(us: bigint): bigint {
  return us > 0n ? us : 0n;
}

/** Whether the floor's replicas are paid at a rate of their own. */
export function isFloorPaidApart({ timed, counts }: BillingPlan): boolean {
  return timed.some(({ covered }) => covered !== 'nothing') || counts.some(isOfFloor);
}

function isOfFloor({ counted }: BillingPlan['counts'][number]): boolean {
  return counted === 'floor' || counted === 'floorBusy' || counted === 'keptIdle';
}
