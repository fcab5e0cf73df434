/**
 * A binary heap of small integer ids ordered by (key, tie), from which any id can be taken out.
 *
 * Against a sorted array: O(log n) inserts at any place. Against a calendar queue: no tuning, and removal by id; slower
 * where thousands wait and most leave in order. For what is rare or must be removable: replicas that start, retries,
 * cancelations, far completions, starting replicas with an unbound slot.
 */
import { assert } from '../base/errors.ts';

export class IndexedHeap {
  size = 0;
  private ids = new Int32Array(16);
  private keys = new Float64Array(16);
  private ties = new Float64Array(16);
  /** Where in the heap an id stands, plus one; 0 if it is not in it. */
  private places = new Int32Array(16);
  /** The least key, or Infinity. */
  topKey = Number.POSITIVE_INFINITY;

  has(id: number): boolean {
    return id < this.places.length && this.places[id]! !== 0;
  }

  /** The id with the least (key, tie), or -1. */
  top(): number {
    return this.size > 0 ? this.ids[0]! : -1;
  }

  /** Whether an id that is in the heap stands there with this key and tie. */
  stands(id: number, key: number, tie: number): boolean {
    const place = this.places[id]! - 1;
    return this.keys[place] === key && this.ties[place] === tie;
  }

  /** The key of an id that is in the heap. */
  keyOf(id: number): number {
    return this.keys[this.places[id]! - 1]!;
  }

  insert(id: number, key: number, tie: number): void {
    assert(!this.has(id), 'an id stands once in a heap');
    if (id >= this.places.length) this.places = grown(this.places, id + 1);
    if (this.size === this.ids.length) {
      this.ids = grown(this.ids, this.size + 1);
      this.keys = grown(this.keys, this.size + 1);
      this.ties = grown(this.ties, this.size + 1);
    }
    this.size++;
    this.rise(this.size - 1, id, key, tie);
    this.topKey = this.keys[0]!;
  }

  /** Takes out the id with the least (key, tie). */
  pop(): number {
    const id = this.ids[0]!;
    this.remove(id);
    return id;
  }

  /** Takes out an id that is in the heap. */
  remove(id: number): void {
    assert(this.has(id), 'only what stands in a heap leaves it');
    const place = this.places[id]! - 1;
    this.places[id] = 0;
    const last = --this.size;
    if (place < last) {
      const moved = this.ids[last]!;
      const key = this.keys[last]!;
      const tie = this.ties[last]!;
      if (this.sinksFrom(place, key, tie)) this.sink(place, moved, key, tie);
      else this.rise(place, moved, key, tie);
    }
    this.topKey = this.size > 0 ? this.keys[0]! : Number.POSITIVE_INFINITY;
  }

  /** An id that is in the heap gets another place. */
  move(id: number, key: number, tie: number): void {
    const place = this.places[id]! - 1;
    assert(place >= 0, 'only what stands in a heap moves');
    if (this.sinksFrom(place, key, tie)) this.sink(place, id, key, tie);
    else this.rise(place, id, key, tie);
    this.topKey = this.keys[0]!;
  }

  private before(key: number, tie: number, place: number): boolean {
    const other = this.keys[place]!;
    return key < other || (key === other && tie < this.ties[place]!);
  }

  private sinksFrom(place: number, key: number, tie: number): boolean {
    return place === 0 || !this.before(key, tie, (place - 1) >> 1);
  }

  private put(place: number, id: number, key: number, tie: number): void {
    this.ids[place] = id;
    this.keys[place] = key;
    this.ties[place] = tie;
    this.places[id] = place + 1;
  }

  private shift(from: number, to: number): void {
    this.put(to, this.ids[from]!, this.keys[from]!, this.ties[from]!);
  }

  private rise(from: number, id: number, key: number, tie: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.before(key, tie, parent)) break;
      this.shift(parent, place);
      place = parent;
    }
    this.put(place, id, key, tie);
  }

  private sink(from: number, id: number, key: number, tie: number): void {
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.size) break;
      const right = child + 1;
      if (right < this.size && this.before(this.keys[right]!, this.ties[right]!, child)) {
        child = right;
      }
      if (this.before(key, tie, child)) break;
      this.shift(child, place);
      place = child;
    }
    this.put(place, id, key, tie);
  }
}

/** A copy at least twice as long and long enough for `length`. */
export function grown<T extends Float64Array | Int32Array | Uint8Array>(
  column: T,
  length: number,
): T {
  const longer = new (column.constructor as new (n: number) => T)(
    Math.max(length, column.length * 2),
  );
  longer.set(column);
  return longer;
}
