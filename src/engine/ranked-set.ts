/**
 * Ids in the order of a rank, no two ranks alike: first, last, the next after a rank, the k-th.
 * Two sorted columns with block moves: against a balanced tree O(n) a change, but a few hundred nanoseconds at thousands
 * of ids, and it answers every question that a routing rule asks.
 */
import { grown } from './indexed-heap.ts';

export class RankedSet {
  size = 0;
  private ranks = new Float64Array(16);
  private ids = new Int32Array(16);

  insert(id: number, rank: number): void {
    if (this.size === this.ids.length) {
      this.ids = grown(this.ids, this.size + 1);
      this.ranks = grown(this.ranks, this.size + 1);
    }
    const place = this.placeAfter(rank);
    this.ids.copyWithin(place + 1, place, this.size);
    this.ranks.copyWithin(place + 1, place, this.size);
    this.ids[place] = id;
    this.ranks[place] = rank;
    this.size++;
  }

  /** @param rank as it was inserted with */
  remove(rank: number): void {
    const place = this.placeAfter(rank) - 1;
    this.ids.copyWithin(place, place + 1, this.size);
    this.ranks.copyWithin(place, place + 1, this.size);
    this.size--;
  }

  /** The k-th least, from 0. */
  at(k: number): number {
    return this.ids[k]!;
  }

  /** How many have this rank or a lesser one: the place of the next after it. */
  placeAfter(rank: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ranks[middle]! <= rank) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
