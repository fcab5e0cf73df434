/**
 * Limits that move with use, as shared services have them: a factor on all of them, 1 at first and never less, is settled
 * at the end of each period. Nothing happens by itself: periods that are over are settled when an attempt asks.
 */
import type { AdaptiveRule, Refusal } from './gate.ts';
import type { TokenBucket } from './token-bucket.ts';

export interface MovingLimit {
  readonly why: Refusal;
  readonly bucket: TokenBucket;
  /** What was taken in the period at hand. */
  taken: number;
}

/** Who uses less of every limit gets no more. */
const ENOUGH_USE = 0.5;

export class Adaptation {
  private readonly rule: AdaptiveRule;
  private readonly limits: readonly MovingLimit[];
  private factor = 1;
  private hasRefused = false;
  private endsUs: number;

  constructor(rule: AdaptiveRule, limits: readonly MovingLimit[]) {
    this.rule = rule;
    this.limits = limits;
    this.endsUs = rule.periodUs;
  }

  /** Periods are [k P, (k + 1) P); those after the first that is over were without any attempt, and change nothing. */
  settle(nowUs: number): void {
    if (nowUs < this.endsUs) return;
    const factor = this.nextFactor();
    for (const limit of this.limits) {
      if (factor !== this.factor) limit.bucket.multiply(this.endsUs, factor);
      limit.taken = 0;
    }
    this.factor = factor;
    this.hasRefused = false;
    const { periodUs } = this.rule;
    this.endsUs = (Math.floor(nowUs / periodUs) + 1) * periodUs;
  }

  refuses(why: Refusal): void {
    if (this.limits.some((limit) => limit.why === why)) this.hasRefused = true;
  }

  /** When limits rise, if nothing happens before. */
  get risesAtUs(): number {
    return this.nextFactor() > this.factor ? this.endsUs : Number.POSITIVE_INFINITY;
  }

  /** After the period at hand, if nothing more happens in it. */
  private nextFactor(): number {
    const { grow, shrink, most, periodUs } = this.rule;
    if (this.hasRefused) return Math.max(1, this.factor * shrink);
    const isUsed = this.limits.some(
      ({ bucket, taken }) => bucket.shareOf(taken, periodUs) >= ENOUGH_USE,
    );
    return isUsed ? Math.min(most, this.factor * grow) : this.factor;
  }
}
