/**
 * What a configuration costs if everything that one platform charges is so many times as dear: rates, plans, credits and
 * commitments alike. A bill is then so many times what it is, so nothing has to be run or priced again. What is free by the
 * hour or the token stays free.
 */
import type { Figure, Result } from './document.ts';
import { compare, type Objective } from './slo.ts';

/** @param platform its id; null for prices of the study's own */
export function usdPerHourAt(
  { cost, pools }: Result,
  own: string | null,
  platform: string | null,
  factor: number,
): Figure {
  const whole = cost?.usdPerHour ?? null;
  if (whole === null) return null;
  const parts = pools ?? [{ platform: own, cost }];
  const theirs = parts.filter((part) => part.platform === platform);
  const usd = theirs.reduce((sum, part) => sum + (part.cost?.usdPerHour ?? 0), 0);
  return whole + (factor - 1) * usd;
}

/** Whether the objectives hold when all cost is so many times what it is; null without objectives. */
export function metAt(
  { slo }: Result,
  objectives: readonly Objective[],
  times: number,
): boolean | null {
  if (slo === null) return null;
  return objectives.every((objective, i) => {
    const { met, value } = slo.objectives[i]!;
    const isCost = objective.kind === 'figure' && objective.figure.startsWith('cost.');
    if (!isCost || value === null) return met;
    return compare(value * times, objective.comparison, objective.value);
  });
}
