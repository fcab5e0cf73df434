/** From each configuration of a front to the next dearer one: what a second of waiting saved costs, and a late request avoided. */
import type { Figure, FrontStep, Result } from './document.ts';

const S_PER_H = 3_600;
/** A longer front is read in steps that nobody compares. */
const MOST_STEPS = 40;

/** None where results have no price, or carry different traffic: waiting saved would be waiting that never came. */
export function stepsOf(
  front: readonly number[],
  resultAt: (index: number) => Result,
): readonly FrontStep[] {
  if (front.length < 2 || front.length > MOST_STEPS + 1) return [];
  const rows = front.map((index) => ({ index, result: resultAt(index) }));
  if (rows.some(({ result }) => result.cost?.usdPerHour == null)) return [];
  if (new Set(rows.map(({ result }) => trafficOf(result))).size > 1) return [];
  const byCost = rows.sort((a, b) => usdOf(a.result) - usdOf(b.result) || a.index - b.index);
  return byCost.slice(1).map(({ index, result }, i) => {
    const { index: from, result: below } = byCost[i]!;
    const usdPerHour = usdOf(result) - usdOf(below);
    return {
      from,
      to: index,
      usdPerHour,
      usdPerUserSecond: per(usdPerHour, waitingPerHour(below) - waitingPerHour(result)),
      usdPerLateRequest: per(usdPerHour, latePerHour(below) - latePerHour(result)),
    };
  });
}

function trafficOf({ vary }: Result): string {
  return JSON.stringify(Object.entries(vary).filter(([path]) => path.startsWith('workload.')));
}

function usdOf({ cost }: Result): number {
  return cost?.usdPerHour ?? 0;
}

/** User-seconds of waiting in an hour. */
function waitingPerHour({ waitS, observedS }: Result): number {
  return observedS > 0 ? (waitS.sum / observedS) * S_PER_H : 0;
}

/** Requests beyond the first objective that is a share of requests; without one, those that failed. */
function latePerHour({ slo, requests, observedS }: Result): number {
  const share = slo?.objectives.find((objective) => objective.share !== null)?.share;
  const late = share == null ? (requests.failedFraction ?? 0) : 1 - share;
  return observedS > 0 ? ((late * requests.arrived) / observedS) * S_PER_H : 0;
}

function per(usd: number, saved: number): Figure {
  return saved > 0 ? usd / saved : null;
}
