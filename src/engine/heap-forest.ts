/**
 * Many heaps over one set of small integer ids, each id in one of them at most: pairing heaps linked through columns
 * (Fredman, Sedgewick, Sleator and Tarjan, The pairing heap, Algorithmica 1, 1986).
 *
 * Against an `IndexedHeap` for each group: no memory a group but its root, so ten thousand replicas with a few requests
 * each cost what their requests cost. Joining is a comparison; the first, or any other, leaves in O(log n) amortized.
 */
import { grown } from './indexed-heap.ts';
import { NONE } from './recency-list.ts';

export class HeapForest {
  /** The order within a heap: by key, then part, then turn. They stand before an id is inserted, and stay while it is in. */
  key = new Float64Array(16);
  part = new Float64Array(16);
  turn = new Float64Array(16);
  private child = new Int32Array(16);
  private next = new Int32Array(16);
  /** The sibling before, or of a first child its parent. */
  private previous = new Int32Array(16);

  /** Makes room for an id. */
  reserve(id: number): void {
    if (id < this.key.length) return;
    this.key = grown(this.key, id + 1);
    this.part = grown(this.part, id + 1);
    this.turn = grown(this.turn, id + 1);
    this.child = grown(this.child, id + 1);
    this.next = grown(this.next, id + 1);
    this.previous = grown(this.previous, id + 1);
  }

  /**
   * @param root of the heap that the id joins; NONE of an empty one
   * @returns its new root, the first of its ids
   */
  insert(root: number, id: number): number {
    this.child[id] = NONE;
    return this.meld(root, id);
  }

  /** @returns the new root of the heap that the id was in */
  remove(root: number, id: number): number {
    const below = this.gather(this.child[id]!);
    if (id === root) return below;
    const { child, next, previous } = this;
    const before = previous[id]!;
    const after = next[id]!;
    if (child[before] === id) child[before] = after;
    else next[before] = after;
    if (after !== NONE) previous[after] = before;
    return this.meld(root, below);
  }

  private precedes(a: number, b: number): boolean {
    const { key, part, turn } = this;
    if (key[a] !== key[b]) return key[a]! < key[b]!;
    if (part[a] !== part[b]) return part[a]! < part[b]!;
    return turn[a]! < turn[b]!;
  }

  private meld(a: number, b: number): number {
    if (a === NONE) return b;
    if (b === NONE) return a;
    const root = this.precedes(a, b) ? a : b;
    const below = root === a ? b : a;
    const first = this.child[root]!;
    this.next[below] = first;
    if (first !== NONE) this.previous[first] = below;
    this.previous[below] = root;
    this.child[root] = below;
    return root;
  }

  /** One heap of a list of siblings: melded in pairs, then the pairs from the last to the first. */
  private gather(first: number): number {
    const { next } = this;
    let pairs = NONE;
    let left = first;
    while (left !== NONE) {
      const right = next[left]!;
      const after = right === NONE ? NONE : next[right]!;
      const pair = this.meld(left, right);
      next[pair] = pairs;
      pairs = pair;
      left = after;
    }
    let root = NONE;
    while (pairs !== NONE) {
      const after = next[pairs]!;
      root = this.meld(root, pairs);
      pairs = after;
    }
    return root;
  }
}
