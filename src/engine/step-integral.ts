/** The exact integral of a count over time, brought up to date only when the count changes. */
import { ZERO_US } from '../base/units.ts';
import { ExactSum } from './exact-sum.ts';

export class StepIntegral {
  count = 0;
  private sinceUs = ZERO_US;
  private readonly sum = new ExactSum();

  /** The count becomes another at `nowUs`. */
  set(count: number, nowUs: number): void {
    this.sum.addProduct(this.count, nowUs - this.sinceUs);
    this.sinceUs = nowUs;
    this.count = count;
  }

  /** The count stayed until `fromUs`, then went a way that integrates to `area`, and is another from `nowUs` on. */
  advance(fromUs: number, area: number, count: number, nowUs: number): void {
    this.set(count, fromUs);
    this.sum.add(area);
    this.sinceUs = nowUs;
  }

  /** As `at`, as a double: exact up to 2^53. For who looks often. */
  about(nowUs: number): number {
    return this.sum.about() + this.count * (nowUs - this.sinceUs);
  }

  /** The integral from time 0 to `nowUs`, in count x microseconds. */
  at(nowUs: number): bigint {
    this.set(this.count, nowUs);
    return this.sum.value();
  }
}
