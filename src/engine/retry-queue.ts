/** The attempts that clients will make later: by time, of several the first decided. */
import { type Attempt, Attempts } from './attempts.ts';
import { IndexedHeap } from './indexed-heap.ts';

export class RetryQueue {
  readonly byTime = new IndexedHeap();
  private readonly attempts = new Attempts();
  private spare: number[] = [];
  private rows = 0;
  private decided = 0;

  /** The attempt after `at`, due at `atUs`. */
  append(atUs: number, at: Attempt): void {
    const row = this.spare.pop() ?? this.rows++;
    this.attempts.reserve(row);
    this.attempts.keep(row, at);
    this.attempts.attempt[row]!++;
    this.byTime.insert(row, atUs, this.decided++);
  }

  /** Takes the next out. */
  pop(to: Attempt): void {
    const row = this.byTime.pop();
    this.spare.push(row);
    this.attempts.recall(row, to);
  }
}
