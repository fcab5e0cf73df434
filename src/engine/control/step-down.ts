/** Down in steps: after the wish has been lower for all the delay, by at most a share; then the delay begins anew. */
import type { StepDownRule } from './control-rule.ts';
import { wholeDown } from './whole.ts';

const NEVER = Number.POSITIVE_INFINITY;

export class StepDown {
  private readonly rule: StepDownRule;
  private lowerSinceUs = NEVER;

  constructor(rule: StepDownRule) {
    this.rule = rule;
  }

  apply(nowUs: number, wish: number, current: number): number {
    if (wish >= current) {
      this.lowerSinceUs = NEVER;
      return wish;
    }
    if (this.lowerSinceUs === NEVER) this.lowerSinceUs = nowUs;
    if (nowUs - this.lowerSinceUs < this.rule.delayUs) return current;
    this.lowerSinceUs = nowUs;
    return Math.max(wish, current - Math.max(1, wholeDown(current * this.rule.share)));
  }
}
