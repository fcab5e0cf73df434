/** Whether the last replica may go: only after a time without demand, and after zero has been wished for the grace. */
import { ZERO_US } from '../../base/units.ts';
import type { ZeroRule } from './control-rule.ts';
import type { ControlView } from './control-view.ts';

const NEVER = Number.POSITIVE_INFINITY;

export class ZeroPolicy {
  private readonly rule: ZeroRule;
  /** The latest look that found demand, now or since the look before; a pool that woke had some. */
  private demandUs = ZERO_US;
  private zeroSinceUs = NEVER;
  private attempts = 0;
  private wasInFlight = false;

  constructor(rule: ZeroRule) {
    this.rule = rule;
  }

  look(view: ControlView): void {
    const inFlight = view.inService + view.waiting > 0;
    if (inFlight || this.wasInFlight || view.attempts !== this.attempts) this.demandUs = view.nowUs;
    this.wasInFlight = inFlight;
    this.attempts = view.attempts;
  }

  apply(nowUs: number, wish: number): number {
    const { wake, afterUs, graceUs, least } = this.rule;
    if (wish > 0) {
      this.zeroSinceUs = NEVER;
      return Math.max(wish, least);
    }
    if (wake === 'poll') return least;
    this.zeroSinceUs = Math.min(this.zeroSinceUs, nowUs);
    const mayGo = nowUs - this.demandUs >= afterUs && nowUs - this.zeroSinceUs >= graceUs;
    return mayGo ? 0 : least;
  }

  /** What a poll finds: whether to take the pool to zero. */
  poll(nowUs: number, active: boolean): boolean {
    if (active) this.demandUs = nowUs;
    return nowUs - this.demandUs >= this.rule.afterUs;
  }

  woke(nowUs: number): void {
    this.demandUs = nowUs;
    this.zeroSinceUs = NEVER;
  }
}
