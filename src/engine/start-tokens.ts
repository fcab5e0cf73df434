/**
 * The start rate as a token bucket: `count` starts at once from a full bucket, refilled evenly with `count` a period.
 * Exact in integers: the bucket holds microseconds x count, a start takes one whole period of them.
 */
import type { StartRate } from './scenario.ts';

const UNLIMITED: StartRate = { count: Number.POSITIVE_INFINITY, periodUs: 1 };
/** A millionth of a start a period is the finest rate that is told apart. */
const FINEST = 1e6;

export class StartTokens {
  private readonly count: number;
  private readonly periodUs: number;
  private readonly full: number;
  private level: number;
  private filledAtUs = 0;

  constructor(rate: StartRate | null) {
    const { count, periodUs } = rate ?? UNLIMITED;
    // 0.3 a second is 3 in 10: whole counts keep the bucket's level an integer.
    let scale = 1;
    while (scale < FINEST && !Number.isInteger(count * scale)) scale *= 10;
    this.count = Math.round(count * scale);
    this.periodUs = periodUs * scale;
    // A rate below one start a period still has one to give, and keeps what its last microsecond brings beyond it.
    this.level = Math.max(this.periodUs, this.count * periodUs);
    this.full = Math.max(this.level, this.periodUs + this.count - 1);
  }

  /** Whether so many starts are allowed now. */
  has(nowUs: number, starts = 1): boolean {
    if (this.count === Number.POSITIVE_INFINITY) return true;
    this.level = Math.min(this.full, this.level + (nowUs - this.filledAtUs) * this.count);
    this.filledAtUs = nowUs;
    return this.level >= this.periodUs * starts;
  }

  /** Takes the tokens of so many starts if they are allowed now. */
  take(nowUs: number, starts = 1): boolean {
    if (!this.has(nowUs, starts)) return false;
    if (this.count < Number.POSITIVE_INFINITY) this.level -= this.periodUs * starts;
    return true;
  }

  /** When so many tokens are there, if none is taken before; never if the bucket cannot hold them. */
  nextAtUs(starts = 1): number {
    if (this.periodUs * starts > this.full) return Number.POSITIVE_INFINITY;
    return this.filledAtUs + Math.ceil((this.periodUs * starts - this.level) / this.count);
  }
}
