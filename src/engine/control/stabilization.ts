/** Up only to the smallest wish of the up window, down only to the largest of the down window. */
import type { StabilizationRule } from './control-rule.ts';
import { WishWindow } from './wish-window.ts';

export class Stabilization {
  private readonly rule: StabilizationRule;
  /** Of negated wishes: the largest of them is the smallest wish. */
  private readonly up: WishWindow;
  private readonly down: WishWindow;

  constructor(rule: StabilizationRule) {
    this.rule = rule;
    // Times are whole microseconds: what is exactly as old as the window is within one that is a microsecond longer.
    const edgeUs = (us: number) => (rule.includesEdge && us > 0 ? us + 1 : us);
    this.up = new WishWindow(edgeUs(rule.upUs));
    this.down = new WishWindow(edgeUs(rule.downUs));
  }

  /** All that is remembered is that there were `replicas`. */
  restart(nowUs: number, replicas: number): void {
    this.up.clear();
    this.down.clear();
    this.up.record(nowUs, -replicas);
    this.down.record(nowUs, replicas);
  }

  apply(nowUs: number, wish: number, current: number): number {
    const { upUs, downUs, pursuesLargest } = this.rule;
    if (upUs === 0 && downUs === 0) return wish;
    if (this.down.isEmpty) this.restart(nowUs, current);
    const smallest = -this.up.record(nowUs, -wish);
    const largest = this.down.record(nowUs, wish);
    const kept = pursuesLargest ? largest : current;
    return Math.min(largest, Math.max(smallest, kept));
  }
}
