/** The attempts that clients will make later: by time, of several the first decided. */
import { grown, IndexedHeap } from './indexed-heap.ts';

export class RetryQueue {
  readonly byTime = new IndexedHeap();
  firstUs = new Float64Array(16);
  demandUs = new Float64Array(16);
  request = new Float64Array(16);
  attempt = new Int32Array(16);
  private spare: number[] = [];
  private rows = 0;
  private decided = 0;

  /** A row due at `atUs`, its columns for the caller to fill. */
  append(atUs: number): number {
    const row = this.spare.pop() ?? this.rows++;
    if (row >= this.firstUs.length) {
      this.firstUs = grown(this.firstUs, row + 1);
      const longer = this.firstUs.length;
      this.demandUs = grown(this.demandUs, longer);
      this.request = grown(this.request, longer);
      this.attempt = grown(this.attempt, longer);
    }
    this.byTime.insert(row, atUs, this.decided++);
    return row;
  }

  /** Takes the next; its columns hold until the next `append`. */
  pop(): number {
    const row = this.byTime.pop();
    this.spare.push(row);
    return row;
  }
}
