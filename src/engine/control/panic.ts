/** Panic: over the threshold in the short window nothing shrinks, until it has been calm for longer than the stable one. */
import type { PanicRule } from './control-rule.ts';

const NEVER = Number.NEGATIVE_INFINITY;

export class Panic {
  private readonly rule: PanicRule;
  private lastOverUs = NEVER;
  private largest = 0;

  constructor(rule: PanicRule) {
    this.rule = rule;
  }

  get isOn(): boolean {
    return this.lastOverUs !== NEVER;
  }

  /** A loop that finds several replicas has no memory of them: it begins in panic, so as not to shrink before it has. */
  begin(nowUs: number, ready: number): void {
    if (ready <= 1) return;
    this.lastOverUs = nowUs;
    this.largest = ready;
  }

  /**
   * @param ready at least 1
   * @param shortWish the wish of the short window before its reach is cut
   */
  apply(nowUs: number, ready: number, shortWish: number, stable: number, short: number): number {
    if (shortWish / ready >= this.rule.threshold) this.lastOverUs = nowUs;
    else if (this.isOn && this.lastOverUs + this.rule.calmUs < nowUs) this.lastOverUs = NEVER;
    if (!this.isOn) {
      this.largest = 0;
      return stable;
    }
    this.largest = Math.max(this.largest, stable, short);
    return this.largest;
  }
}
