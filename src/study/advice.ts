/**
 * Advice, where the numbers show it: each rule looks at the run's own totals and says one line, or nothing. No rule raises
 * `concurrency`: how fast requests run together is for the study to say.
 */
import type { RunTotals } from '../engine/totals.ts';
import { roundingAdds } from './advice/bill.ts';
import {
  patienceBeforeReady,
  pingsFindNothing,
  pingsNotNeeded,
  retriesAddLoad,
} from './advice/clients.ts';
import { factsOf, type Rule } from './advice/facts.ts';
import { idleWindow, scalesDownTooSoon } from './advice/idle-window.ts';
import {
  deadlineBeforeReady,
  deadlineBehindLimit,
  executionCut,
  inFlightRefuses,
  inputTokenRateRefuses,
  maximumReached,
  neverServed,
  outputTokenRateRefuses,
  queueRefuses,
  refusesAtZero,
  requestRateRefuses,
  scalesUpTooLate,
  startRateBinds,
  tokenRateRefuses,
  uncachedTokenRateRefuses,
} from './advice/limits.ts';
import { minimum } from './advice/minimum.ts';
import { coldStartsAreTail, startsCostMost, startsFail, startsUnused } from './advice/starts.ts';
import type { Bound } from './bind.ts';
import type { Advice, Result } from './document.ts';

export const RULES: readonly Rule[] = [
  neverServed,
  deadlineBeforeReady,
  deadlineBehindLimit,
  queueRefuses,
  refusesAtZero,
  requestRateRefuses,
  tokenRateRefuses,
  inputTokenRateRefuses,
  uncachedTokenRateRefuses,
  outputTokenRateRefuses,
  inFlightRefuses,
  executionCut,
  patienceBeforeReady,
  maximumReached,
  startRateBinds,
  scalesUpTooLate,
  retriesAddLoad,
  idleWindow,
  scalesDownTooSoon,
  coldStartsAreTail,
  startsFail,
  minimum,
  startsCostMost,
  roundingAdds,
  startsUnused,
  pingsFindNothing,
  pingsNotNeeded,
];

/**
 * What the run shows that should change, most important first: by the share of the bill or of the requests that it is about.
 * @param result of these runs; its figures are the means that the lines name
 */
export function adviceOf(
  bound: Bound,
  runs: readonly RunTotals[],
  firstMeter: number,
  result: Omit<Result, 'advice'>,
): readonly Advice[] {
  const facts = factsOf(bound, runs, firstMeter, result);
  return RULES.flatMap((rule) => rule(facts) ?? [])
    .sort((a, b) => b.weight - a.weight)
    .map(({ weight: _, ...advice }) => advice);
}
