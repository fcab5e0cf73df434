/** The largest wish within a sliding window: only wishes that a later one has not outdone are kept, largest first. */
import { grown } from '../indexed-heap.ts';

export class WishWindow {
  private readonly windowUs: number;
  private atUs = new Float64Array(16);
  private wishes = new Float64Array(16);
  private first = 0;
  private end = 0;

  /** @param windowUs a wish exactly so old is outside */
  constructor(windowUs: number) {
    this.windowUs = windowUs;
  }

  get isEmpty(): boolean {
    return this.first === this.end;
  }

  clear(): void {
    this.first = 0;
    this.end = 0;
  }

  /** @returns the largest within the window, the new one among them */
  record(nowUs: number, wish: number): number {
    while (this.end > this.first && this.wishes[this.end - 1]! <= wish) this.end--;
    while (this.first < this.end && this.atUs[this.first]! <= nowUs - this.windowUs) this.first++;
    if (this.end === this.atUs.length) this.makeRoom();
    this.atUs[this.end] = nowUs;
    this.wishes[this.end++] = wish;
    return this.wishes[this.first]!;
  }

  private makeRoom(): void {
    if (this.first < this.end / 2) {
      this.atUs = grown(this.atUs, this.end + 1);
      this.wishes = grown(this.wishes, this.end + 1);
      return;
    }
    this.atUs.copyWithin(0, this.first, this.end);
    this.wishes.copyWithin(0, this.first, this.end);
    this.end -= this.first;
    this.first = 0;
  }
}
