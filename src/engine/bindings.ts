/**
 * `binding: own`: which waiting request is bound to which starting replica. Replicas with an unbound slot stand in the
 * order of start, the requests bound to one in the order of binding.
 */
import { grown, IndexedHeap } from './indexed-heap.ts';
import { NONE } from './recency-list.ts';
import type { Replicas } from './replicas.ts';
import type { WaitingQueue } from './waiting-queue.ts';

export class Bindings {
  /** Starting replicas with an unbound slot, first started first. */
  private readonly open = new IndexedHeap();
  private readonly replicas: Replicas;
  private readonly queue: WaitingQueue;
  private readonly concurrency: number;
  /** The first and last request bound to a replica, and the next behind each. */
  private first = new Int32Array(16);
  private last = new Int32Array(16);
  private after = new Int32Array(16);

  constructor(replicas: Replicas, queue: WaitingQueue, concurrency: number) {
    this.replicas = replicas;
    this.queue = queue;
    this.concurrency = concurrency;
  }

  hasOpenSlot(): boolean {
    return this.open.size > 0;
  }

  /** A replica starts: all its slots are open. */
  started(replica: number): void {
    if (replica >= this.first.length) {
      this.first = grown(this.first, replica + 1);
      this.last = grown(this.last, this.first.length);
    }
    this.first[replica] = NONE;
    this.open.insert(replica, this.replicas.order[replica]!, 0);
  }

  /** Binds waiting requests without a promise, longest-waiting first, to open slots, first started first. */
  bind(nowUs: number): void {
    const { queue, open } = this;
    while (queue.firstUnpromised !== NONE && open.size > 0) {
      const row = queue.firstUnpromised;
      const replica = open.top();
      queue.promiseFirst(nowUs);
      queue.boundTo[row] = replica;
      if (row >= this.after.length) this.after = grown(this.after, row + 1);
      this.after[row] = NONE;
      if (this.first[replica] === NONE) this.first[replica] = row;
      else this.after[this.last[replica]!] = row;
      this.last[replica] = row;
      if (++this.replicas.bound[replica]! >= this.concurrency) open.pop();
    }
  }

  /** A bound request leaves the queue unserved: its slot is open again. */
  release(row: number): void {
    const replica = this.queue.boundTo[row]!;
    let before = NONE;
    for (let at = this.first[replica]!; at !== row; at = this.after[at]!) before = at;
    if (before === NONE) this.first[replica] = this.after[row]!;
    else this.after[before] = this.after[row]!;
    if (this.last[replica] === row) this.last[replica] = before;
    this.replicas.bound[replica]!--;
    if (!this.open.has(replica)) this.open.insert(replica, this.replicas.order[replica]!, 0);
  }

  /** A replica became ready: nobody can be bound to it any more. */
  ready(replica: number): void {
    if (this.open.has(replica)) this.open.remove(replica);
  }

  /** A start came to nothing: who was bound to it is without a promise. */
  lose(replica: number, nowUs: number): void {
    this.ready(replica);
    const { queue } = this;
    const lost: number[] = [];
    for (let row = this.take(replica); row !== NONE; row = this.take(replica)) lost.push(row);
    this.replicas.bound[replica] = 0;
    for (const row of lost) queue.boundTo[row] = NONE;
    queue.breakPromises(lost, nowUs);
  }

  /** The first request bound to a replica, taken off its list; NONE if there is none left. */
  take(replica: number): number {
    const row = this.first[replica]!;
    if (row !== NONE) this.first[replica] = this.after[row]!;
    return row;
  }
}
