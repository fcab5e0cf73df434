/** After a move nothing goes down for a while. A move up ends the wait that a move down began, and begins its own. */
import type { CooldownRule } from './control-rule.ts';

export class Cooldown {
  private readonly rule: CooldownRule;
  private untilUs = Number.NEGATIVE_INFINITY;

  constructor(rule: CooldownRule) {
    this.rule = rule;
  }

  apply(nowUs: number, wish: number, current: number): number {
    return wish < current && nowUs < this.untilUs ? current : wish;
  }

  record(nowUs: number, change: number): void {
    if (change !== 0) this.untilUs = nowUs + (change > 0 ? this.rule.upUs : this.rule.downUs);
  }
}
