/**
 * The future completions: a calendar queue of slot ids by time, first in first out at one time.
 *
 *   passed │ current bucket        │ next buckets, as linked lists      │ beyond the year: a heap
 *          │ sorted, next on top   │ [0][1][2] ... [BUCKETS - 1], ring  │
 *
 * A bucket is a few mean gaps between completions wide. Against a heap: flat in the number of pending completions (a 4-ary
 * heap halves its speed from 6 to 2,000), at the cost of choosing the width as gaps change and of a burst within one
 * bucket, which is sorted by insertion. First in first out needs no numbering: lists are taken over from their end, what
 * is inserted later goes below its equals, and equals are always in the same place: all beyond, or all in one bucket.
 */
import { COMPLETION, type Front } from './event-order.ts';
import { grown, IndexedHeap } from './indexed-heap.ts';

const BUCKETS = 4096;
const RING = BUCKETS - 1;
const NONE = -1;
/** Mean gaps between completions that a bucket spans. */
const GAPS_A_BUCKET = 6;
/** Completions between two looks at the width. */
const LOOK_EVERY = 1024;
const FIRST_LOOK = 32;
/** The width is chosen anew when it is this many times too wide or too narrow. */
const TOLERANCE = 3;

export class CalendarQueue {
  size = 0;
  private readonly front: Front;
  /** When each slot completes. */
  atUs = new Float64Array(64);
  private nextInBucket = new Int32Array(64);

  private readonly heads = new Int32Array(BUCKETS).fill(NONE);
  /** One bit a bucket: whether its list holds anything. */
  private readonly filled = new Int32Array(BUCKETS / 32);
  private listed = 0;
  private readonly beyond = new IndexedHeap();
  private placedBeyond = 0;

  /** The current bucket, latest first, so that the next is on top: slots and their times. */
  private current = new Int32Array(64);
  private currentAtUs = new Float64Array(64);
  private top = -1;
  /** Number of the current bucket since time 0: floor(time x perUs); where it ends, and where the year ends. */
  private bucket = 0;
  private perUs = 1e-6;

  private untilLook = FIRST_LOOK;
  private lookedAtUs = 0;
  private sinceLook = FIRST_LOOK;

  /** @param front where the time of the next completion is kept */
  constructor(front: Front) {
    this.front = front;
  }

  /**
   * Puts in a slot whose time stands in `atUs`: a column, not an argument, since a double would be boxed on the way.
   * @param slot an id that is not in the queue, and that `reserve` made room for
   */
  insert(slot: number): void {
    this.size++;
    this.place(slot);
    if (this.top < 0) this.advance();
    else if (this.atUs[slot]! < this.front[COMPLETION]!) this.front[COMPLETION] = this.atUs[slot]!;
  }

  /** Takes out the next: the least time, of several the first inserted. The queue must not be empty. */
  pop(): number {
    const slot = this.current[this.top]!;
    this.size--;
    if (--this.untilLook === 0) this.look();
    else this.top--;
    if (this.top < 0) this.advance();
    else this.front[COMPLETION] = this.currentAtUs[this.top]!;
    return slot;
  }

  /** Makes room for a slot. */
  reserve(slot: number): void {
    if (slot < this.atUs.length) return;
    const length = slot + 1;
    this.atUs = grown(this.atUs, length);
    const longer = this.atUs.length;
    this.nextInBucket = grown(this.nextInBucket, longer);
    this.current = grown(this.current, longer);
    this.currentAtUs = grown(this.currentAtUs, longer);
  }

  private place(slot: number): void {
    const atUs = this.atUs[slot]!;
    const ahead = Math.floor(atUs * this.perUs) - this.bucket;
    if (ahead <= 0) {
      this.sortIn(slot);
    } else if (ahead < BUCKETS) {
      this.link(slot, (this.bucket + ahead) & RING);
    } else {
      this.beyond.insert(slot, atUs, this.placedBeyond++);
    }
  }

  private link(slot: number, ring: number): void {
    this.nextInBucket[slot] = this.heads[ring]!;
    this.heads[ring] = slot;
    this.filled[ring >> 5]! |= 1 << (ring & 31);
    this.listed++;
  }

  /** Into the current bucket, below its equals: they were there first. */
  private sortIn(slot: number): void {
    const { current, currentAtUs } = this;
    const atUs = this.atUs[slot]!;
    let place = ++this.top;
    while (place > 0 && currentAtUs[place - 1]! <= atUs) {
      current[place] = current[place - 1]!;
      currentAtUs[place] = currentAtUs[place - 1]!;
      place--;
    }
    current[place] = slot;
    currentAtUs[place] = atUs;
  }

  /** Makes the next bucket that holds anything the current one, which is empty. */
  private advance(): void {
    if (this.size === 0) {
      this.front[COMPLETION] = Number.POSITIVE_INFINITY;
      return;
    }
    const { beyond } = this;
    this.bucket = this.listed > 0 ? this.nextListed() : Math.floor(beyond.topKey * this.perUs);
    while (beyond.size > 0) {
      const bucket = Math.floor(beyond.topKey * this.perUs);
      if (bucket >= this.bucket + BUCKETS) break;
      this.link(beyond.pop(), bucket & RING);
    }
    const ring = this.bucket & RING;
    this.filled[ring >> 5]! &= ~(1 << (ring & 31));
    this.takeOver(this.heads[ring]!);
    this.heads[ring] = NONE;
    this.front[COMPLETION] = this.currentAtUs[this.top]!;
  }

  /** Sorts a list into the empty current bucket; its head was the last in, so each goes above its equals. */
  private takeOver(head: number): void {
    const { atUs, current, currentAtUs, nextInBucket } = this;
    let top = -1;
    for (let slot = head; slot !== NONE; slot = nextInBucket[slot]!) {
      const slotAtUs = atUs[slot]!;
      let place = ++top;
      while (place > 0 && currentAtUs[place - 1]! < slotAtUs) {
        current[place] = current[place - 1]!;
        currentAtUs[place] = currentAtUs[place - 1]!;
        place--;
      }
      current[place] = slot;
      currentAtUs[place] = slotAtUs;
    }
    this.listed -= top + 1;
    this.top = top;
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

  /** The top is taken; chooses the width anew if the gaps between completions have changed. */
  private look(): void {
    const nowUs = this.currentAtUs[this.top--]!;
    const gapUs = (nowUs - this.lookedAtUs) / this.sinceLook;
    this.untilLook = LOOK_EVERY;
    this.sinceLook = LOOK_EVERY;
    this.lookedAtUs = nowUs;
    const wantedPerUs = 1 / Math.max(1, GAPS_A_BUCKET * gapUs);
    const ratio = wantedPerUs / this.perUs;
    if (ratio < TOLERANCE && ratio > 1 / TOLERANCE) return;
    const pending = this.drain();
    this.perUs = wantedPerUs;
    this.bucket = Math.floor(nowUs * wantedPerUs);
    for (const slot of pending) this.place(slot);
  }

  /** Empties everything into a list in which equals stand in the order of their insertion. */
  private drain(): number[] {
    const pending: number[] = [];
    while (this.top >= 0) pending.push(this.current[this.top--]!);
    for (let ring = 0; ring < BUCKETS; ring++) {
      const from = pending.length;
      for (let slot = this.heads[ring]!; slot !== NONE; slot = this.nextInBucket[slot]!) {
        pending.push(slot);
      }
      reverseFrom(pending, from);
      this.heads[ring] = NONE;
    }
    this.filled.fill(0);
    this.listed = 0;
    while (this.beyond.size > 0) pending.push(this.beyond.pop());
    return pending;
  }
}

function reverseFrom(list: number[], from: number): void {
  for (let low = from, high = list.length - 1; low < high; low++, high--) {
    const other = list[low]!;
    list[low] = list[high]!;
    list[high] = other;
  }
}
