/**
 * The bill of an observed period by hours of the clock: each line where what it counts came about, plans and commitments
 * evenly over time. So the hours add up to the bill, though no hour is priced by itself: free tiers, tiers, credits and
 * roundings are the period's.
 */
import { type Exact, toNumber } from '../base/decimal.ts';
import { assert } from '../base/errors.ts';
import type { HourCounts, RunTotals } from '../engine/totals.ts';
import type { BillingPlan, Counted, Covered } from './billing-plan.ts';
import { allAccountLines, type Line, usageOf, usdOf } from './invoice.ts';
import type { Resource } from './price-keys.ts';

/** A pool with the runs of it, whose hours were kept. */
export interface HourlyPool {
  readonly plan: BillingPlan;
  readonly runs: readonly Pick<RunTotals, 'observed' | 'observedUs' | 'hours'>[];
  readonly firstMeter: number;
}

/** By hour. */
type Column = Float64Array;

/**
 * @param pools of one account, in their order
 * @returns dollars by pool, then hour; they add up to the observed bill but for the rounding of doubles
 */
export function usdByHour(pools: readonly HourlyPool[]): readonly Column[] {
  const lines = allAccountLines(
    pools.map(({ plan, runs, firstMeter }) => {
      const usages = runs.map((run) => usageOf(plan, run.observed, firstMeter, run.observedUs));
      return { plan, usages, within: usages };
    }),
  );
  return pools.map((pool, i) => apportioned(lines[i]!, pool));
}

function apportioned(lines: readonly Line[], pool: HourlyPool): Column {
  const runs = pool.runs.map(({ hours }) => {
    assert(hours !== null, 'hours of a run that kept none');
    return hours;
  });
  const evenly = lengthsOf(runs[0]!);
  const usd = new Float64Array(evenly.length);
  const usage = usageColumns(pool, runs);
  const allowed = pool.plan.allowances.flatMap(({ resource, tiers }) => {
    const billed = billedColumn(usage, resource);
    return [billed, ...tiers.map(() => billed)];
  });
  const byUse = [...usage.map(({ column }) => column), ...allowed];
  for (const [i, line] of lines.entries()) {
    // Credits go by what usage costs, which stands above them.
    const column = byUse[i] ?? (line.meter === 'credit' ? usd.slice() : evenly);
    addShares(usd, toNumber(usdOf(line)), column, evenly);
  }
  const whole = lines.reduce((sum, line) => sum + toNumber(usdOf(line)), 0);
  const most = lines.reduce((sum, line) => sum + Math.abs(toNumber(usdOf(line))), 0);
  assert(Math.abs(sumOf(usd) - whole) <= ROUNDED * most, 'the hours of a bill add up to it');
  return usd;
}

/** Of doubles that are summed by the hour. */
const ROUNDED = 1e-9;

/** Adds an amount to the hours in proportion to a column; evenly where that comes to nothing. */
function addShares(usd: Column, amount: number, column: Column, evenly: Column): void {
  if (amount === 0) return;
  const whole = sumOf(column);
  const by = whole === 0 ? evenly : column;
  const all = whole === 0 ? sumOf(evenly) : whole;
  for (let hour = 0; hour < usd.length; hour++) usd[hour]! += amount * (by[hour]! / all);
}

/** A line's column, and what of a resource counts in it. */
interface UsageColumn {
  readonly column: Column;
  /** null: rounding of several resources together. */
  readonly counts: {
    readonly resource: Resource;
    readonly per: number;
    readonly paid: Column;
  } | null;
}

/** In the order of the lines of usage. */
function usageColumns(
  { plan, firstMeter }: HourlyPool,
  runs: readonly HourCounts[],
): UsageColumn[] {
  const timed = plan.timed.flatMap(({ meter, covered, rates, isTiered }): UsageColumn[] => {
    const times = (key: 'usedUs' | 'paidUs') =>
      sumColumns(runs.map(({ meters }) => meters[firstMeter + meter]![key]));
    const covers = coveredColumn(runs, covered);
    const used = minus(times('usedUs'), covers);
    const paid = minus(times('paidUs'), covers);
    const ofRates = rates.map(({ resource, perReplicaUs }): UsageColumn => {
      return { column: used, counts: isTiered ? countsOf(resource, perReplicaUs, paid) : null };
    });
    return [...ofRates, { column: minus(paid, used), counts: null }];
  });
  const counted = plan.counts.map(({ counted, resource, perCounted, isTiered }): UsageColumn => {
    const column = countColumn(runs, counted);
    return { column, counts: isTiered ? countsOf(resource, perCounted, column) : null };
  });
  return [...timed, ...counted];
}

function countsOf(resource: Resource, per: Exact, paid: Column): UsageColumn['counts'] {
  return { resource, per: toNumber(per), paid };
}

/** What of a resource free tier and tiers are for. */
function billedColumn(usage: readonly UsageColumn[], resource: Resource): Column {
  const columns = usage.flatMap(({ counts }) =>
    counts?.resource === resource ? [counts.paid.map((amount) => amount * counts.per)] : [],
  );
  return sumColumns(columns);
}

function coveredColumn(runs: readonly HourCounts[], covered: Covered): Column {
  return covered === 'nothing'
    ? new Float64Array(lengthsOf(runs[0]!).length)
    : countColumn(runs, covered);
}

function countColumn(runs: readonly HourCounts[], counted: Counted): Column {
  return sumColumns(
    runs.map((run) => {
      const { figures } = run;
      switch (counted) {
        case 'floor':
          return figures.floorUs;
        case 'keptIdle':
          return figures.idleKeptUs;
        case 'floorBusy':
          return minus(figures.heldUs, figures.idleKeptUs);
        case 'freshTokens':
          return minus(figures.inputTokens, figures.cachedTokens);
        case 'periodUs':
          return lengthsOf(run);
        default:
          return figures[counted];
      }
    }),
  );
}

function lengthsOf({ edgesUs }: HourCounts): Column {
  return Float64Array.from({ length: edgesUs.length - 1 }, (_, i) => edgesUs[i + 1]! - edgesUs[i]!);
}

function sumColumns(columns: readonly Column[]): Column {
  const sums = new Float64Array(columns[0]?.length ?? 0);
  for (const column of columns) {
    for (let i = 0; i < sums.length; i++) sums[i]! += column[i]!;
  }
  return sums;
}

function minus(a: Column, b: Column): Column {
  return a.map((value, i) => value - b[i]!);
}

function sumOf(column: Column): number {
  let sum = 0;
  for (const value of column) sum += value;
  return sum;
}
