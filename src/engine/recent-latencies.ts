/** The latencies of the last while, for a controller that looks at a quantile of them. */
import { grown } from './indexed-heap.ts';

export class RecentLatencies {
  private endUs = new Float64Array(64);
  private latencyUs = new Float64Array(64);
  private first = 0;
  private end = 0;

  /** Ends come in order of time. */
  add(endUs: number, latencyUs: number): void {
    if (this.end === this.endUs.length) this.makeRoom();
    this.endUs[this.end] = endUs;
    this.latencyUs[this.end++] = latencyUs;
  }

  /** The order statistic ceil(p n) of those that ended after `sinceUs`, which never goes back; 0 if none did. */
  quantileUs(p: number, sinceUs: number): number {
    while (this.first < this.end && this.endUs[this.first]! <= sinceUs) this.first++;
    const count = this.end - this.first;
    if (count === 0) return 0;
    const sorted = this.latencyUs.slice(this.first, this.end).sort();
    return sorted[Math.max(1, Math.ceil(p * count)) - 1]!;
  }

  private makeRoom(): void {
    if (this.first < this.end / 2) {
      this.endUs = grown(this.endUs, this.end + 1);
      this.latencyUs = grown(this.latencyUs, this.end + 1);
    }
    this.endUs.copyWithin(0, this.first, this.end);
    this.latencyUs.copyWithin(0, this.first, this.end);
    this.end -= this.first;
    this.first = 0;
  }
}
