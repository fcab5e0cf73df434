/**
 * The future completions: a calendar queue of slot ids by time, first in first out at one time.
 *
 *   passed │ current bucket        │ next buckets, as linked lists      │ beyond the year: a heap
 *          │ sorted, least on top  │ [0][1][2] ... [BUCKETS - 1], ring  │
 *
 * A bucket is about two mean gaps between completions wide, so it holds about two. Against a heap: flat in the number of
 * pending completions (a 4-ary heap halves its speed from 6 to 2,000), at the cost of choosing the width as gaps change
 * and of a burst in one bucket, which is sorted by insertion (a block move a completion).
 */
import { grown, IndexedHeap } from './indexed-heap.ts';

const BUCKETS = 4096;
const RING = BUCKETS - 1;
const NONE = -1;
/** Completions between two looks at the width. */
const LOOK_EVERY = 512;
const FIRST_LOOK = 32;
/** The width is chosen anew when it is this many times too wide or too narrow. */
const TOLERANCE = 3;

export class CalendarQueue {
  /** The time of the next completion, or Infinity. */
  nextAtUs = Number.POSITIVE_INFINITY;
  size = 0;

  private atUs = new Float64Array(64);
  private order = new Float64Array(64);
  private nextInBucket = new Int32Array(64);
  private inserted = 0;

  private readonly heads = new Int32Array(BUCKETS).fill(NONE);
  /** One bit a bucket: whether its list holds anything. */
  private readonly filled = new Int32Array(BUCKETS / 32);
  private listed = 0;
  private readonly beyond = new IndexedHeap();

  /** The current bucket, latest first, so that the next is at the end. */
  private current = new Int32Array(64);
  private currentSize = 0;
  /** Number of the current bucket since time 0: floor(time x perUs). */
  private bucket = 0;
  private perUs = 1e-6;

  private untilLook = FIRST_LOOK;
  private lookedAtUs = 0;
  private sinceLook = 0;

  /** @param slot an id that is not in the queue */
  insert(slot: number, atUs: number): void {
    if (slot >= this.atUs.length) this.grow(slot + 1);
    this.atUs[slot] = atUs;
    this.order[slot] = this.inserted++;
    this.size++;
    this.place(slot, atUs);
    if (atUs < this.nextAtUs) {
      if (this.currentSize === 0) this.advance();
      this.nextAtUs = atUs;
    }
  }

  /** Takes out the next: the least time, of several the first inserted. The queue must not be empty. */
  pop(): number {
    const slot = this.current[--this.currentSize]!;
    this.size--;
    this.sinceLook++;
    if (--this.untilLook === 0) this.look(this.atUs[slot]!);
    if (this.currentSize === 0) this.advance();
    else this.nextAtUs = this.atUs[this.current[this.currentSize - 1]!]!;
    return slot;
  }

  private grow(length: number): void {
    this.atUs = grown(this.atUs, length);
    this.order = grown(this.order, this.atUs.length);
    this.nextInBucket = grown(this.nextInBucket, this.atUs.length);
    this.current = grown(this.current, this.atUs.length);
  }

  private place(slot: number, atUs: number): void {
    const bucket = Math.floor(atUs * this.perUs);
    if (bucket <= this.bucket) {
      this.sortIn(slot, atUs);
    } else if (bucket < this.bucket + BUCKETS) {
      const ring = bucket & RING;
      this.nextInBucket[slot] = this.heads[ring]!;
      this.heads[ring] = slot;
      this.filled[ring >> 5]! |= 1 << (ring & 31);
      this.listed++;
    } else {
      this.beyond.insert(slot, atUs, this.order[slot]!);
    }
  }

  /** Into the current bucket: behind all that come later, before all that come sooner. */
  private sortIn(slot: number, atUs: number): void {
    const current = this.current;
    const order = this.order[slot]!;
    let place = this.currentSize++;
    while (place > 0) {
      const other = current[place - 1]!;
      const otherAtUs = this.atUs[other]!;
      if (otherAtUs > atUs || (otherAtUs === atUs && this.order[other]! > order)) break;
      current[place--] = other;
    }
    current[place] = slot;
  }

  /** Makes the next bucket that holds anything the current one. */
  private advance(): void {
    if (this.size === 0) {
      this.nextAtUs = Number.POSITIVE_INFINITY;
      return;
    }
    let bucket = this.listed > 0 ? this.nextListed() : Number.POSITIVE_INFINITY;
    const beyond = this.beyond;
    if (beyond.size > 0) bucket = Math.min(bucket, Math.floor(beyond.topKey * this.perUs));
    this.bucket = bucket;
    const ring = bucket & RING;
    if (this.listed > 0) {
      let slot = this.heads[ring]!;
      this.heads[ring] = NONE;
      this.filled[ring >> 5]! &= ~(1 << (ring & 31));
      while (slot !== NONE) {
        this.listed--;
        this.sortIn(slot, this.atUs[slot]!);
        slot = this.nextInBucket[slot]!;
      }
    }
    while (beyond.size > 0 && Math.floor(beyond.topKey * this.perUs) === bucket) {
      const slot = beyond.pop();
      this.sortIn(slot, this.atUs[slot]!);
    }
    this.nextAtUs = this.atUs[this.current[this.currentSize - 1]!]!;
  }

  /** The number of the first bucket after the current one whose list holds anything. */
  private nextListed(): number {
    const from = (this.bucket + 1) & RING;
    let word = from >> 5;
    let bits = this.filled[word]! & (-1 << (from & 31));
    while (bits === 0) {
      word = (word + 1) & (BUCKETS / 32 - 1);
      bits = this.filled[word]!;
    }
    const ring = (word << 5) + (31 - Math.clz32(bits & -bits));
    return this.bucket + 1 + ((ring - from) & RING);
  }

  /** Chooses the width anew if the gaps between completions have changed. */
  private look(nowUs: number): void {
    const gapUs = (nowUs - this.lookedAtUs) / this.sinceLook;
    this.untilLook = LOOK_EVERY;
    this.lookedAtUs = nowUs;
    this.sinceLook = 0;
    const wantedPerUs = 1 / Math.max(1, 2 * gapUs);
    const ratio = wantedPerUs / this.perUs;
    if (ratio < TOLERANCE && ratio > 1 / TOLERANCE) return;
    const pending = this.drain();
    this.perUs = wantedPerUs;
    this.bucket = Math.floor(nowUs * wantedPerUs);
    for (const slot of pending) this.place(slot, this.atUs[slot]!);
  }

  /** Empties lists, heap and current bucket into a list. */
  private drain(): number[] {
    const pending: number[] = [];
    while (this.beyond.size > 0) pending.push(this.beyond.pop());
    for (let ring = 0; ring < BUCKETS && this.listed > 0; ring++) {
      for (let slot = this.heads[ring]!; slot !== NONE; slot = this.nextInBucket[slot]!) {
        pending.push(slot);
        this.listed--;
      }
      this.heads[ring] = NONE;
    }
    this.filled.fill(0);
    while (this.currentSize > 0) pending.push(this.current[--this.currentSize]!);
    return pending;
  }
}
