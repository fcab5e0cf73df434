/**
 * The cheapest way to serve given intervals with everything known in advance. n(t) requests in service need at least N(t) =
 * ceil(n(t) / slots) replicas; level k is in use while N >= k. Between two uses of a level a replica idles through, or
 * leaves and one is started again: whichever is cheaper. With one slot a replica that is exact (each level is a replica),
 * with more it is a bound, because requests do not move from replica to replica: MODEL.md, section 17.
 */
import type { Span } from '../../engine/scenario.ts';

export interface OfflineRule {
  /** Slots a replica. */
  readonly slots: number;
  /** What is counted lies within it. A replica may be there from its beginning on. */
  readonly span: Span;
  /** A gap that is longer is cheaper to start through than to idle through. */
  readonly worthStartingUs: number;
  /** Starts that end within so long of the span's beginning may have been paid before it: they are free. */
  readonly freeStartsUs: number;
}

export interface OfflinePlan {
  /** The integral of N. */
  readonly servingUs: number;
  readonly idleUs: number;
  readonly starts: number;
  /** Most replicas at once, in the span. */
  readonly peak: number;
  /** The integral of n, and the whole length of the intervals that end within the span. */
  readonly inServiceUs: number;
  readonly endedUs: number;
}

/** @param ends of the same intervals, in any order: both columns are sorted here; those of no length hold nothing */
export function offlinePlan(
  { beginUs, endUs }: { readonly beginUs: Float64Array; readonly endUs: Float64Array },
  { slots, span, worthStartingUs, freeStartsUs }: OfflineRule,
): OfflinePlan {
  const { fromUs, toUs } = span;
  const { begins, ends } = sortedLengthy(beginUs, endUs);
  /** Level k, from 0: when it was last left, if ever within the span. */
  const leftUs: number[] = [];
  let servingUs = 0;
  let inServiceUs = 0;
  let idleUs = 0;
  let starts = 0;
  let peak = 0;
  let inService = 0;
  let replicas = 0;
  let lastUs = Number.NEGATIVE_INFINITY;
  const advance = (nowUs: number) => {
    const lastedUs = Math.min(nowUs, toUs) - Math.max(lastUs, fromUs);
    if (lastedUs > 0) {
      servingUs += replicas * lastedUs;
      inServiceUs += inService * lastedUs;
      peak = Math.max(peak, replicas);
    }
    lastUs = nowUs;
  };
  let ended = 0;
  const end = () => {
    const nowUs = ends[ended++]!;
    advance(nowUs);
    inService--;
    const needed = neededFor(inService, slots);
    if (needed < replicas) leftUs[needed] = nowUs;
    replicas = needed;
  };
  for (const nowUs of begins) {
    while (ended < ends.length && ends[ended]! <= nowUs) end();
    advance(nowUs);
    inService++;
    const needed = neededFor(inService, slots);
    if (needed > replicas && nowUs > fromUs && nowUs < toUs) {
      const gapUs = nowUs - Math.max(leftUs[replicas] ?? fromUs, fromUs);
      const isFree = nowUs < fromUs + freeStartsUs;
      if (isFree || gapUs > worthStartingUs) starts += isFree ? 0 : 1;
      else idleUs += gapUs;
    }
    replicas = needed;
  }
  while (ended < ends.length) end();
  return { servingUs, idleUs, starts, peak, inServiceUs, endedUs: endedIn(beginUs, endUs, span) };
}

/** The fewest replicas that hold so many requests at once. */
export function neededFor(inService: number, slots: number): number {
  return slots === Number.POSITIVE_INFINITY ? Math.min(1, inService) : Math.ceil(inService / slots);
}

/** A reading at an instant counts what happened before it. */
function endedIn(beginUs: Float64Array, endUs: Float64Array, { fromUs, toUs }: Span): number {
  let us = 0;
  for (let i = 0; i < endUs.length; i++) {
    if (endUs[i]! >= fromUs && endUs[i]! < toUs) us += endUs[i]! - beginUs[i]!;
  }
  return us;
}

function sortedLengthy(beginUs: Float64Array, endUs: Float64Array) {
  const begins = beginUs.filter((us, i) => endUs[i]! > us);
  const ends = endUs.filter((us, i) => us > beginUs[i]!);
  return { begins: begins.sort(), ends: ends.sort() };
}
