/**
 * Requests in flight, level by level. Level k is in use while at least k requests are in flight, in [arrival, arrival +
 * service); its gap is the time from when it was last left to when it is entered again. One walk over arrivals and sorted
 * ends finds how long each level is held and what gaps outlast each idle window; `gaps.ts` says what they mean.
 *
 * A request of no length, or without a known one (NaN), enters and leaves its level in one instant: it holds nothing.
 */

/** How many gaps there are between one idle window and the next, and how long they are together. */
export class GapTally {
  /** Index w: gaps of at most `windowsUs[w]` and above the window before; the last one: above all. */
  readonly count: Float64Array;
  readonly sumUs: Float64Array;
  private readonly windowsUs: readonly number[];

  constructor(windowsUs: readonly number[]) {
    this.windowsUs = windowsUs;
    this.count = new Float64Array(windowsUs.length + 1);
    this.sumUs = new Float64Array(windowsUs.length + 1);
  }

  add(gapUs: number): void {
    const windows = this.windowsUs;
    let w = 0;
    while (w < windows.length && gapUs > windows[w]!) w++;
    this.count[w]! += 1;
    this.sumUs[w]! += gapUs;
  }

  /** Gaps longer than the window: a replica idle for exactly as long is still there. */
  longerThan(window: number): { readonly count: number; readonly sumUs: number } {
    let count = 0;
    let sumUs = 0;
    for (let w = window + 1; w < this.count.length; w++) {
      count += this.count[w]!;
      sumUs += this.sumUs[w]!;
    }
    return { count, sumUs };
  }

  /** All gaps, each as far as the window goes. */
  withinUs(window: number): number {
    let sumUs = this.longerThan(window).count * this.windowsUs[window]!;
    for (let w = 0; w <= window; w++) sumUs += this.sumUs[w]!;
    return sumUs;
  }
}

export interface Levels {
  /** Most requests in flight at once. */
  readonly peak: number;
  /** Levels that were ever entered, by requests of no length too. */
  readonly count: number;
  /** Index n: how long exactly n are in flight, from the first arrival to the last end. */
  readonly heldUs: readonly number[];
  /** Index k - 1: how often level k was entered again, and how often of these at once. */
  readonly returns: readonly number[];
  readonly promptReturns: readonly number[];
  /** Index k - 1: when level k was first entered and last left. */
  readonly enteredUs: readonly number[];
  readonly leftUs: readonly number[];
  /** Gaps of the lowest levels, one by one; of the first: when nothing is in flight. */
  readonly lowest: readonly GapTally[];
  /** Gaps of all levels. */
  readonly all: GapTally;
}

/** Levels whose gaps are told one by one. */
const MOST_LOWEST = 8;

export interface LevelOptions {
  /** Ascending. */
  readonly windowsUs: readonly number[];
  /** A level is entered again at once if its gap is no longer than this. */
  readonly promptUs: number;
}

export function levelsOf(
  arrivalUs: Float64Array,
  serviceUs: Float64Array | null,
  count: number,
  { windowsUs, promptUs }: LevelOptions,
): Levels {
  const endUs = sortedEnds(arrivalUs, serviceUs, count);
  const lowest: GapTally[] = [];
  const all = new GapTally(windowsUs);
  const enteredUs: number[] = [];
  const leftUs: number[] = [];
  const heldUs: number[] = [0];
  const returns: number[] = [];
  const promptReturns: number[] = [];
  let inFlight = 0;
  let ended = 0;
  let lastUs = arrivalUs[0]!;
  const end = () => {
    const nowUs = endUs[ended++]!;
    heldUs[inFlight]! += nowUs - lastUs;
    lastUs = nowUs;
    leftUs[--inFlight] = nowUs;
  };
  for (let i = 0; i < count; i++) {
    const nowUs = arrivalUs[i]!;
    // A request that ends as another arrives is gone by then.
    while (ended < endUs.length && endUs[ended]! <= nowUs) end();
    if (inFlight === leftUs.length) {
      if (inFlight < MOST_LOWEST) lowest.push(new GapTally(windowsUs));
      returns.push(0);
      promptReturns.push(0);
      enteredUs.push(nowUs);
      leftUs.push(nowUs);
    } else {
      const gapUs = nowUs - leftUs[inFlight]!;
      all.add(gapUs);
      if (inFlight < MOST_LOWEST) lowest[inFlight]!.add(gapUs);
      // One that holds nothing neither comes back to a level nor keeps anyone waiting.
      if (serviceUs !== null && serviceUs[i]! > 0) {
        returns[inFlight]! += 1;
        if (gapUs <= promptUs) promptReturns[inFlight]! += 1;
      }
    }
    if (serviceUs !== null && serviceUs[i]! > 0) {
      heldUs[inFlight]! += nowUs - lastUs;
      lastUs = nowUs;
      if (++inFlight === heldUs.length) heldUs.push(0);
    } else {
      leftUs[inFlight] = nowUs;
    }
  }
  while (ended < endUs.length) end();
  return {
    peak: heldUs.length - 1,
    count: leftUs.length,
    heldUs,
    returns,
    promptReturns,
    enteredUs,
    leftUs,
    lowest,
    all,
  };
}

/** Of the requests that have a length. */
function sortedEnds(
  arrivalUs: Float64Array,
  serviceUs: Float64Array | null,
  count: number,
): Float64Array {
  if (serviceUs === null) return new Float64Array(0);
  const ends = new Float64Array(count);
  let kept = 0;
  let inOrder = true;
  for (let i = 0; i < count; i++) {
    if (!(serviceUs[i]! > 0)) continue;
    ends[kept] = arrivalUs[i]! + serviceUs[i]!;
    if (kept > 0 && ends[kept]! < ends[kept - 1]!) inOrder = false;
    kept++;
  }
  const used = ends.subarray(0, kept);
  return inOrder ? used : used.sort();
}
