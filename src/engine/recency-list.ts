/**
 * Replicas in the order of their last slot event, as a linked list through columns: first is the longest ago.
 * Taking out and putting at the end are a few writes; no memory is allocated but when ids grow.
 */
import { grown } from './indexed-heap.ts';

export const NONE = -1;

export class RecencyList {
  first = NONE;
  last = NONE;
  before = new Int32Array(16);
  after = new Int32Array(16);
  /** When each member joined. */
  sinceUs = new Float64Array(16);

  append(id: number, nowUs: number): void {
    this.reserve(id);
    const last = this.last;
    this.before[id] = last;
    this.after[id] = NONE;
    if (last === NONE) this.first = id;
    else this.after[last] = id;
    this.last = id;
    this.sinceUs[id] = nowUs;
  }

  /** Joins as if at `sinceUs`: before those that joined later. */
  insert(id: number, sinceUs: number): void {
    this.reserve(id);
    let before = this.last;
    while (before !== NONE && this.sinceUs[before]! > sinceUs) before = this.before[before]!;
    const after = before === NONE ? this.first : this.after[before]!;
    this.before[id] = before;
    this.after[id] = after;
    if (before === NONE) this.first = id;
    else this.after[before] = id;
    if (after === NONE) this.last = id;
    else this.before[after] = id;
    this.sinceUs[id] = sinceUs;
  }

  remove(id: number): void {
    const before = this.before[id]!;
    const after = this.after[id]!;
    if (before === NONE) this.first = after;
    else this.after[before] = after;
    if (after === NONE) this.last = before;
    else this.before[after] = before;
  }

  next(id: number): number {
    return this.after[id]!;
  }

  previous(id: number): number {
    return this.before[id]!;
  }

  /** Makes room for an id. */
  reserve(id: number): void {
    if (id < this.before.length) return;
    this.before = grown(this.before, id + 1);
    this.after = grown(this.after, id + 1);
    this.sinceUs = grown(this.sinceUs, id + 1);
  }
}
