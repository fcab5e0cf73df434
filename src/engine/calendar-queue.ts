/**
 * The future completions: a calendar queue of slot ids by time, first in first out at one time.
 *
 *   passed │ current bucket        │ next buckets, as linked lists      │ beyond the year: a heap
 *          │ [head, tail), sorted  │ a ring, heads[]                  │
 *
 * A bucket is a few mean gaps between completions wide. Against a heap: flat in the number of pending completions (a 4-ary
 * heap halves its speed from 6 to 2,000), at the cost of choosing the width as gaps change and of a burst within one
 * bucket, which is sorted by insertion. A few pending completions are best off in one sorted array: then a bucket is made
 * wide enough for all. First in first out needs no numbering: what is inserted later goes behind its equals, and equals
 * are always in the same place: all beyond, or all in one bucket.
 */
import { assert } from '../base/errors.ts';
import { ZERO_US } from '../base/units.ts';
import { COMPLETION, type Front } from './event-order.ts';
import { grown, IndexedHeap } from './indexed-heap.ts';

export const BUCKETS = 4096;
export const RING = BUCKETS - 1;
/** One word of `filled`. */
export const LEAST_BUCKETS = 32;
const NONE = -1;
/** Mean gaps between completions that a bucket spans, about: with many pending completions, and with few. */
const GAPS_A_BUCKET = 8;
const GAPS_FOR_FEW = 256;
const FEW = 24;
/** Until the first look: everything is in the current bucket. */
const FIRST_WIDTH_US = 2 ** 32;
/** Insertions between two looks at the width. */
const LOOK_EVERY = 1024;
const FIRST_LOOK = 32;

export class CalendarQueue {
  /** When each slot completes. */
  atUs = new Float64Array(64);
  private readonly front: Front;
  nextInBucket = new Int32Array(64);

  readonly heads: Int32Array;
  /** One bit a bucket: whether its list holds anything. */
  readonly filled: Int32Array;
  private readonly buckets: number;
  private readonly ring: number;
  listed = 0;
  private readonly beyond = new IndexedHeap();
  private placedBeyond = 0;

  /** The current bucket by time, from `head` to before `tail`: slots and their times. It is empty only if all is. */
  current = new Int32Array(128);
  currentAtUs = new Float64Array(128);
  head = 0;
  tail = 0;
  /** A power of two, so that times in buckets are exact; and one by it. */
  private widthUs = FIRST_WIDTH_US;
  perUs = 1 / FIRST_WIDTH_US;
  /** Where the current bucket and the year end. */
  currentEndUs = FIRST_WIDTH_US;
  yearEndUs: number;

  untilLook = FIRST_LOOK;
  private lookEvery = FIRST_LOOK;
  private lookedAtUs = ZERO_US;

  /**
   * @param front where the time of the next completion is kept
   * @param buckets a power of two from LEAST_BUCKETS on: fewer where many pools share the memory
   */
  constructor(front: Front, buckets = BUCKETS) {
    this.front = front;
    this.buckets = buckets;
    this.ring = buckets - 1;
    this.heads = new Int32Array(buckets).fill(NONE);
    this.filled = new Int32Array(buckets / 32);
    this.yearEndUs = FIRST_WIDTH_US * buckets;
  }

  /**
   * Puts in a slot whose time stands in `atUs`: a column, not an argument, since a double would be boxed on the way.
   * @param slot an id that is not in the queue, and that `reserve` made room for
   */
  insert(slot: number): void {
    this.place(slot);
    if (this.head === this.tail) this.advance();
    else this.front[COMPLETION] = this.currentAtUs[this.head]!;
    if (--this.untilLook <= 0) this.look();
  }

  /** Takes out the next: the least time, of several the first inserted. The queue must not be empty. */
  pop(): number {
    const slot = this.current[this.head++]!;
    if (this.head === this.tail) this.advance();
    else this.front[COMPLETION] = this.currentAtUs[this.head]!;
    return slot;
  }

  /** Takes out a slot that is in the queue, wherever it stands: rare, and as long as the bucket it is in. */
  remove(slot: number): void {
    const atUs = this.atUs[slot]!;
    if (atUs >= this.yearEndUs) this.beyond.remove(slot);
    else if (atUs >= this.currentEndUs) this.unlink(slot);
    else {
      const place = this.current.indexOf(slot, this.head);
      assert(place >= 0 && place < this.tail, 'only what stands in the queue leaves it');
      this.current.copyWithin(place, place + 1, this.tail);
      this.currentAtUs.copyWithin(place, place + 1, this.tail);
      this.tail--;
      if (this.head === this.tail) this.advance();
      else this.front[COMPLETION] = this.currentAtUs[this.head]!;
    }
  }

  /** Room behind the tail: moves the current bucket to the beginning of its columns. */
  private makeRoom(): void {
    const { head, tail } = this;
    this.current.copyWithin(0, head, tail);
    this.currentAtUs.copyWithin(0, head, tail);
    this.head = 0;
    this.tail = tail - head;
  }

  /** Makes room for a slot. */
  reserve(slot: number): void {
    if (slot < this.atUs.length) return;
    this.atUs = grown(this.atUs, slot + 1);
    const length = this.atUs.length;
    this.nextInBucket = grown(this.nextInBucket, length);
    this.current = grown(this.current, 2 * length);
    this.currentAtUs = grown(this.currentAtUs, 2 * length);
  }

  private place(slot: number): void {
    if (this.atUs[slot]! < this.currentEndUs) this.sortIn(slot);
    else this.placeAhead(slot);
  }

  private placeAhead(slot: number): void {
    if (this.atUs[slot]! < this.yearEndUs) this.link(slot);
    else this.beyond.insert(slot, this.atUs[slot]!, this.placedBeyond++);
  }

  /** Into the list of its bucket: its number since time 0, of which the ring needs the last bits. */
  private link(slot: number): void {
    const ring = (this.atUs[slot]! * this.perUs) & this.ring;
    this.nextInBucket[slot] = this.heads[ring]!;
    this.heads[ring] = slot;
    this.filled[ring >> 5]! |= 1 << (ring & 31);
    this.listed++;
  }

  private unlink(slot: number): void {
    const ring = (this.atUs[slot]! * this.perUs) & this.ring;
    let before = NONE;
    for (let at = this.heads[ring]!; at !== slot; at = this.nextInBucket[at]!) {
      assert(at !== NONE, 'only what stands in the queue leaves it');
      before = at;
    }
    if (before !== NONE) this.nextInBucket[before] = this.nextInBucket[slot]!;
    else {
      this.heads[ring] = this.nextInBucket[slot]!;
      if (this.heads[ring] === NONE) this.filled[ring >> 5]! &= ~(1 << (ring & 31));
    }
    this.listed--;
  }

  /** Into the current bucket, behind its equals: they were there first. */
  private sortIn(slot: number): void {
    if (this.tail === this.current.length) this.makeRoom();
    this.current[this.tail++] = slot;
    this.sortLast(slot);
  }

  /** Brings the last of the current bucket, `slot`, to its place. */
  private sortLast(slot: number): void {
    const { current, currentAtUs, head } = this;
    const atUs = this.atUs[slot]!;
    let place = this.tail - 1;
    while (place > head && currentAtUs[place - 1]! > atUs) {
      current[place] = current[place - 1]!;
      currentAtUs[place] = currentAtUs[place - 1]!;
      place--;
    }
    current[place] = slot;
    currentAtUs[place] = atUs;
  }

  /** Makes the next bucket that holds anything the current one, which is empty. */
  advance(): void {
    const { beyond, front } = this;
    if (this.listed > 0) {
      this.moveTo(this.currentEndUs + this.widthUs * (1 + this.emptyBuckets()));
    } else if (beyond.size > 0) {
      this.moveTo((Math.floor(beyond.topKey * this.perUs) + 1) * this.widthUs);
    } else {
      front[COMPLETION] = Number.POSITIVE_INFINITY;
      return;
    }
    while (beyond.topKey < this.yearEndUs) this.link(beyond.pop());
    const ring = ((this.currentEndUs - this.widthUs) * this.perUs) & this.ring;
    this.filled[ring >> 5]! &= ~(1 << (ring & 31));
    this.takeOver(this.heads[ring]!);
    this.heads[ring] = NONE;
    front[COMPLETION] = this.currentAtUs[this.head]!;
  }

  private moveTo(currentEndUs: number): void {
    this.currentEndUs = currentEndUs;
    this.yearEndUs = currentEndUs + this.widthUs * this.ring;
  }

  /** Sorts a list into the empty current bucket. Its head was the last in, so it is laid out from its end. */
  private takeOver(head: number): void {
    const { current, nextInBucket } = this;
    let length = 0;
    for (let slot = head; slot !== NONE; slot = nextInBucket[slot]!) length++;
    let place = length;
    for (let slot = head; slot !== NONE; slot = nextInBucket[slot]!) current[--place] = slot;
    this.head = 0;
    this.tail = 0;
    while (this.tail < length) this.sortLast(current[this.tail++]!);
    this.listed -= length;
  }

  /** How many buckets after the current one are empty before the first that is not; there is one. */
  private emptyBuckets(): number {
    const from = (this.currentEndUs * this.perUs) & this.ring;
    let word = from >> 5;
    let bits = this.filled[word]! & (-1 << (from & 31));
    while (bits === 0) {
      word = (word + 1) & (this.ring >> 5);
      bits = this.filled[word]!;
    }
    const ring = (word << 5) + (31 - Math.clz32(bits & -bits));
    return (ring - from) & this.ring;
  }

  /** Chooses the width anew if the gaps between completions have changed. */
  private look(): void {
    const nowUs = this.front[COMPLETION]!;
    const gapUs = (nowUs - this.lookedAtUs) / this.lookEvery;
    this.lookEvery = LOOK_EVERY;
    this.untilLook = LOOK_EVERY;
    this.lookedAtUs = nowUs;
    const pending = this.tail - this.head + this.listed + this.beyond.size;
    const gaps = pending < FEW ? GAPS_FOR_FEW : GAPS_A_BUCKET;
    const wantedUs = 2 ** Math.round(Math.log2(Math.max(1, gaps * gapUs)));
    if (wantedUs <= 2 * this.widthUs && wantedUs >= this.widthUs / 2) return;
    const drained = this.drain();
    this.widthUs = wantedUs;
    this.perUs = 1 / wantedUs;
    this.moveTo((Math.floor(nowUs * this.perUs) + 1) * wantedUs);
    for (const slot of drained) this.place(slot);
  }

  /** Empties everything into a list in which equals stand in the order of their insertion. */
  private drain(): number[] {
    const pending: number[] = [];
    while (this.head < this.tail) pending.push(this.current[this.head++]!);
    for (let ring = 0; ring < this.buckets; ring++) {
      const list: number[] = [];
      for (let slot = this.heads[ring]!; slot !== NONE; slot = this.nextInBucket[slot]!) {
        list.push(slot);
      }
      for (const slot of list.reverse()) pending.push(slot);
      this.heads[ring] = NONE;
    }
    this.filled.fill(0);
    this.listed = 0;
    while (this.beyond.size > 0) pending.push(this.beyond.pop());
    return pending;
  }
}
