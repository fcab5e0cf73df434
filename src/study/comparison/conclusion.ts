/** What to run: the cheapest candidate that meets the objectives, held against what runs today, and why nothing cheaper will do. */
import { dollarsPerHour, percent, seconds, significant } from '../../base/numbers.ts';
import { US_PER_S } from '../../base/units.ts';
import type { Change, Difference, Refusal } from '../compare-document.ts';
import type { Confirmation, ObjectiveResult, Result, Varied } from '../document.ts';
import { canonical, type Json } from '../json.ts';
import { getAt, parseKeyPath } from '../key-path.ts';
import type { Objective } from '../slo.ts';
import { rowCosts } from './row-costs.ts';

/** Key by key where they differ; `null` stands for a key that is not there. */
export function changesOf(study: Json, from: Varied, to: Varied): readonly Change[] {
  const paths = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  const valueIn = (vary: Varied, path: string): Json =>
    (path in vary ? vary[path] : getAt(study, parseKeyPath(path))) ?? null;
  return paths
    .map((path) => ({ path, from: valueIn(from, path), to: valueIn(to, path) }))
    .filter((change) => canonical(change.from) !== canonical(change.to));
}

/** Whether the difference in cost is surely below 0, where an interval says how sure it is. */
export function isSurelyCheaper({ value, ci95, ci95Traffic }: Difference): boolean {
  const ends = [ci95, ci95Traffic].flatMap((interval) => (interval === null ? [] : [interval[1]]));
  return value !== null && value < 0 && ends.every((end) => end < 0);
}

/** @param indexes candidates @returns those that cost less than the recommended; all, where there is none; the cheapest first */
export function cheaperThan(
  results: readonly Result[],
  indexes: readonly number[],
  recommended: number | null,
): readonly number[] {
  const costs = rowCosts(results);
  const limit = recommended === null ? Number.POSITIVE_INFINITY : costs[recommended]!;
  return indexes
    .filter((index) => index !== recommended && costs[index]! < limit)
    .toSorted((a, b) => costs[a]! - costs[b]! || a - b);
}

/** @returns null for one that meets all there is to meet, so far as is known */
export function refusalOf(
  index: number,
  { slo }: Result,
  objectives: readonly Objective[],
  confirmations: readonly Confirmation[] | null,
): Refusal | null {
  const broken = (slo?.objectives ?? []).flatMap((result, i) =>
    result.met ? [] : [brokenText(result, objectives[i]!)],
  );
  if (broken.length > 0) return { index, why: broken };
  const failed = confirmations?.find((one) => one.index === index && !one.holds);
  if (failed === undefined) return null;
  const which = failed.objectives.filter(({ holds }) => !holds);
  const names = which.map(({ objective }) => objective).join(', ');
  return { index, why: [`not sure to keep ${names} on ${failed.replications} fresh seeds`] };
}

/** `latencyS.p99 <= 12: 14.8 s, 2.80 s too slow` */
function brokenText(result: ObjectiveResult, objective: Objective): string {
  return `${result.objective}: ${howFar(result, objective)}`;
}

function howFar({ value, share, why }: ObjectiveResult, objective: Objective): string {
  if (objective.kind === 'share') {
    const needed = Number(objective.needed.numerator) / Number(objective.needed.denominator);
    if (objective.quantile === null) return `${percent(share)}, ${points(needed, share)} short`;
    if (value === null)
      return `infinite: only ${percent(share)} served in time, ${percent(needed)} needed`;
    const over = value - objective.thresholdUs / US_PER_S;
    return over > 0
      ? `${seconds(value)}, ${seconds(over)} too slow`
      : `${percent(share)} in time, ${percent(needed)} needed`;
  }
  if (value === null) return why ?? 'infinite: some requests failed';
  if (objective.kind === 'extreme') {
    return `${seconds(value)}, ${seconds(Math.abs(value - objective.value))} too slow`;
  }
  const by = Math.abs(value - objective.value);
  const side = objective.comparison.startsWith('<') ? 'too many' : 'too few';
  if (/raction$|tilization$/.test(objective.figure)) {
    return `${percent(value)}, ${points(value, objective.value)} ${side}`;
  }
  if (objective.figure.startsWith('cost.'))
    return `$${significant(value)}, $${significant(by)} too dear`;
  return `${significant(value)}, ${significant(by)} ${side}`;
}

function points(a: number, b: number | null): string {
  return `${significant(Math.abs(a - (b ?? 0)) * 100, 2)} points`;
}

/** Why today's stays although another costs less. */
export function unsureText({ value, ci95, ci95Traffic }: Difference): string {
  const interval = ci95 !== null && ci95[1] >= 0 ? ci95 : ci95Traffic;
  const over = interval === ci95 ? 'luck' : 'other traffic';
  const range =
    interval === null
      ? ''
      : ` (95 %: ${dollarsPerHour(interval[0])} .. ${dollarsPerHour(interval[1])})`;
  return `saves ${dollarsPerHour(Math.abs(value ?? 0))} here, which ${over} may undo${range}`;
}
