/** The exact integral of a count over time, brought up to date only when the count changes. */
import { ExactSum } from './exact-sum.ts';

export class StepIntegral {
  count = 0;
  private sinceUs = 0;
  private readonly sum = new ExactSum();

  /** The count becomes another at `nowUs`. */
  set(count: number, nowUs: number): void {
    this.sum.add(this.count * (nowUs - this.sinceUs));
    this.sinceUs = nowUs;
    this.count = count;
  }

  /** The count went its way up to `nowUs` and is now another; `area` is what it integrated to since the last change. */
  advance(area: number, count: number, nowUs: number): void {
    this.sum.add(area);
    this.sinceUs = nowUs;
    this.count = count;
  }

  /** The integral from time 0 to `nowUs`, in count x microseconds. */
  at(nowUs: number): bigint {
    this.set(this.count, nowUs);
    return this.sum.value();
  }
}
