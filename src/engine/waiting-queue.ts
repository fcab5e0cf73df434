/**
 * The requests that wait, in order of arrival, as a linked list through columns.
 *
 *   first ── ... ── last promised │ firstUnpromised ── ... ── last
 *
 * Promises go to the longest-waiting first, so those that hold one are always the front part: their number and the first
 * request behind them say all. With `binding: own` each holder is also in the list of the replica that it waits for, and
 * where that replica's start came to nothing, holders of other promises may stand behind requests without one.
 */
import { Attempts } from './attempts.ts';
import { ExactSum } from './exact-sum.ts';
import { grown } from './indexed-heap.ts';
import { NONE } from './recency-list.ts';
import { StepIntegral } from './step-integral.ts';
import { LIMITS } from './totals.ts';

export class WaitingQueue {
  size = 0;
  promised = 0;
  first = NONE;
  firstUnpromised = NONE;
  last = NONE;
  peak = 0;

  readonly attempts = new Attempts();
  /** Arrival of the attempt. */
  arrivedUs = new Float64Array(16);
  /** How many replicas had become ready when it arrived. */
  readiesSeen = new Float64Array(16);
  /** The starting replica whose slot it waits for; NONE with a shared queue or without a promise. */
  boundTo = new Int32Array(16);
  private holdsPromise = new Uint8Array(16);
  private before = new Int32Array(16);
  private after = new Int32Array(16);

  /** Waiting with a promise, and without one, integrated over time. */
  readonly forStart = new StepIntegral();
  readonly forLimit = new StepIntegral();
  /** The latter by what keeps them from a promise, in the order of LIMITS. */
  private readonly byLimit = LIMITS.map(() => new StepIntegral());
  private limit = 0;
  /** From then on it is another, though nothing happens: known beforehand. */
  private limitTurnsUs = Number.POSITIVE_INFINITY;
  private limitThen = 0;

  /** Sum of all waits that have ended, for Little's law. */
  readonly waitedUs = new ExactSum();

  private spare: number[] = [];
  private rows = 0;

  /** A row at the end of the queue, its columns for the caller to fill. */
  append(nowUs: number): number {
    const row = this.spare.pop() ?? this.rows++;
    if (row >= this.arrivedUs.length) this.grow(row + 1);
    this.boundTo[row] = NONE;
    this.holdsPromise[row] = 0;
    this.before[row] = this.last;
    this.after[row] = NONE;
    if (this.last === NONE) this.first = row;
    else this.after[this.last] = row;
    this.last = row;
    if (this.firstUnpromised === NONE) this.firstUnpromised = row;
    this.size++;
    if (this.size > this.peak) this.peak = this.size;
    this.accrue(nowUs);
    return row;
  }

  remove(row: number, nowUs: number): void {
    const before = this.before[row]!;
    const after = this.after[row]!;
    if (before === NONE) this.first = after;
    else this.after[before] = after;
    if (after === NONE) this.last = before;
    else this.before[after] = before;
    this.waitedUs.add(nowUs - this.arrivedUs[row]!);
    if (this.firstUnpromised === row) this.firstUnpromised = this.unpromisedFrom(after);
    if (this.holdsPromise[row] === 1) this.promised--;
    this.size--;
    this.spare.push(row);
    this.accrue(nowUs);
  }

  next(row: number): number {
    return this.after[row]!;
  }

  /** Whether a waiting request has a promise of a starting replica's slot. */
  isPromised(row: number): boolean {
    return this.holdsPromise[row] === 1;
  }

  /** Gives promises to the longest-waiting, or takes the latest back, until `count` hold one or all do. */
  promiseTo(count: number, nowUs: number): void {
    const wanted = Math.min(count, this.size);
    if (wanted === this.promised) return;
    while (this.promised < wanted) {
      const row = this.firstUnpromised;
      this.holdsPromise[row] = 1;
      this.firstUnpromised = this.after[row]!;
      this.promised++;
    }
    while (this.promised > wanted) {
      const row = this.firstUnpromised === NONE ? this.last : this.before[this.firstUnpromised]!;
      this.holdsPromise[row] = 0;
      this.firstUnpromised = row;
      this.promised--;
    }
    this.accrue(nowUs);
  }

  /** `binding: own`: the longest-waiting without a promise gets one. */
  promiseFirst(nowUs: number): void {
    const row = this.firstUnpromised;
    this.holdsPromise[row] = 1;
    this.promised++;
    this.firstUnpromised = this.unpromisedFrom(this.after[row]!);
    this.accrue(nowUs);
  }

  /** `binding: own`: some lose theirs, so that promises may have gaps for a while. */
  breakPromises(rows: readonly number[], nowUs: number): void {
    for (const row of rows) this.holdsPromise[row] = 0;
    this.promised -= rows.length;
    this.firstUnpromised = this.unpromisedFrom(this.first);
    this.accrue(nowUs);
  }

  /** What keeps those without a promise from one, from now on; and if nothing happens before, from `turnsUs` on. */
  isKeptBy(limit: number, nowUs: number, then = limit, turnsUs = Number.POSITIVE_INFINITY): void {
    this.turnIfDue(nowUs);
    this.turn(limit, nowUs);
    this.limitThen = then;
    this.limitTurnsUs = turnsUs;
  }

  /** By limit, in count x microseconds. */
  limitsAt(nowUs: number): bigint[] {
    this.turnIfDue(nowUs);
    return this.byLimit.map((integral) => integral.at(nowUs));
  }

  private turnIfDue(nowUs: number): void {
    if (nowUs < this.limitTurnsUs) return;
    this.turn(this.limitThen, this.limitTurnsUs);
    this.limitTurnsUs = Number.POSITIVE_INFINITY;
  }

  private turn(limit: number, atUs: number): void {
    if (limit === this.limit) return;
    const before = this.byLimit[this.limit]!;
    const { count } = before;
    before.set(0, atUs);
    this.limit = limit;
    this.byLimit[limit]!.set(count, atUs);
  }

  private unpromisedFrom(row: number): number {
    let at = row;
    while (at !== NONE && this.holdsPromise[at] === 1) at = this.after[at]!;
    return at;
  }

  private accrue(nowUs: number): void {
    this.forStart.set(this.promised, nowUs);
    this.forLimit.set(this.size - this.promised, nowUs);
    this.turnIfDue(nowUs);
    this.byLimit[this.limit]!.set(this.size - this.promised, nowUs);
  }

  private grow(length: number): void {
    this.arrivedUs = grown(this.arrivedUs, length);
    const longer = this.arrivedUs.length;
    this.attempts.reserve(longer - 1);
    this.readiesSeen = grown(this.readiesSeen, longer);
    this.boundTo = grown(this.boundTo, longer);
    this.holdsPromise = grown(this.holdsPromise, longer);
    this.before = grown(this.before, longer);
    this.after = grown(this.after, longer);
  }
}
