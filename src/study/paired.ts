/**
 * The difference between two configurations that met the same traffic and the same luck. What both shared falls out of it, so
 * its interval is that of the paired differences and not of two figures side by side (Law, Simulation Modeling and Analysis,
 * 10.2.1): for means and ratios Student's, centered at the difference of the whole; for quantiles by sectioning the paired
 * values (estimate.ts). For replays a second interval, over the blocks of the trace (traffic-blocks.ts).
 */
import type { Difference } from './compare-document.ts';
import type { Figure, Interval, Result } from './document.ts';
import { type Estimate, interval95 } from './estimate.ts';
import type { Json } from './json.ts';
import { getAt, parseKeyPath } from './key-path.ts';
import type { Outcome } from './task.ts';
import { pairedTraffic, trafficFigures } from './traffic-blocks.ts';

/** What tables and conclusions compare, besides the shares of objectives. */
export const COMPARED = [
  'cost.usdPerHour',
  'cost.usdPerMonth',
  'cost.usdPerThousandRequests',
  'latencyS.p50',
  'latencyS.p95',
  'latencyS.p99',
  'coldStarts.fraction',
  'requests.failedFraction',
] as const;

/** By the path of the figure: row less base. */
export function differencesOf(base: Outcome, row: Outcome): Readonly<Record<string, Difference>> {
  const shares = (row.result.slo?.objectives ?? []).flatMap(({ share }, i) =>
    share === null ? [] : [`slo.objectives.${i}.share`],
  );
  return Object.fromEntries(
    [...COMPARED, ...shares].map((path) => [path, differenceOf(base, row, path)]),
  );
}

/** `row` less `base`, of one figure of a result. */
export function differenceOf(base: Outcome, row: Outcome, path: string): Difference {
  const from = figureAt(base.result, path);
  const to = figureAt(row.result, path);
  if (from === null || to === null) {
    return { value: null, ci95: null, ci95Traffic: null, lowConfidence: false };
  }
  const pairs = pairedEstimate(
    { all: from, each: eachOf(base, path) },
    { all: to, each: eachOf(row, path) },
  );
  return {
    value: to - from,
    ci95: pairs === null ? null : interval95(pairs),
    ...trafficOf(base.result, row.result, path),
  };
}

/**
 * One value a replication. What draws no luck is the same in each, so it is run once and stands beside every replication of
 * the other.
 * @returns null where there is no second replication, or they cannot be paired
 */
export function pairedEstimate(base: Estimate, row: Estimate): Estimate | null {
  const count = Math.max(base.each.length, row.each.length);
  const at = ({ each }: Estimate, i: number): Figure => each[each.length === 1 ? 0 : i] ?? null;
  const fits = ({ each }: Estimate) => each.length === 1 || each.length === count;
  if (count < 2 || base.all === null || row.all === null || !fits(base) || !fits(row)) return null;
  const each = Array.from({ length: count }, (_, i): Figure => {
    const [from, to] = [at(base, i), at(row, i)];
    return from === null || to === null ? null : to - from;
  });
  return { all: row.all - base.all, each };
}

function figureAt(result: Result, path: string): Figure {
  const value = getAt(result as unknown as Json, parseKeyPath(path));
  return typeof value === 'number' ? value : null;
}

const SHARE = /^slo\.objectives\.(\d+)\.share$/;

function eachOf({ each, perReplication }: Outcome, path: string): readonly Figure[] {
  const objective = SHARE.exec(path)?.[1];
  return (objective === undefined ? each[path] : perReplication[Number(objective)]) ?? [];
}

function trafficOf(
  { hours: from }: Result,
  { hours: to }: Result,
  path: string,
): { readonly ci95Traffic: Interval | null; readonly lowConfidence: boolean } {
  const has = (hours: Result['hours']) =>
    hours !== undefined && trafficFigures(hours).includes(path);
  if (from === undefined || to === undefined || !has(from) || !has(to)) {
    return { ci95Traffic: null, lowConfidence: false };
  }
  const { interval, isLow } = pairedTraffic(from, to, path);
  return { ci95Traffic: interval, lowConfidence: isLow };
}
