/**
 * Of those who wait for a start: how many wait for one that a shortage holds back. Slots of starts under way come first; all
 * that a spell holds back goes on at its end, where nothing happens by itself, so the end is caught up with when asked.
 */
import { ZERO_US } from '../base/units.ts';
import { StepIntegral } from './step-integral.ts';

export class Shortage {
  private readonly waiting = new StepIntegral();
  private readonly held = new Set<number>();
  private endUs = ZERO_US;

  /** A start waits for the end of the spell of shortage at hand. */
  holds(replica: number, endUs: number, nowUs: number): void {
    this.settle(nowUs);
    this.held.add(replica);
    this.endUs = endUs;
  }

  /** A start comes to nothing. */
  lets(replica: number): void {
    this.held.delete(replica);
  }

  /** @param promised of those who wait @param starting replicas, of so many slots each */
  follow(promised: number, starting: number, slots: number, nowUs: number): void {
    this.settle(nowUs);
    const free = starting - this.held.size;
    const waiting = free > 0 ? Math.max(0, promised - free * slots) : promised;
    this.waiting.set(this.held.size === 0 ? 0 : waiting, nowUs);
  }

  at(nowUs: number): bigint {
    this.settle(nowUs);
    return this.waiting.at(nowUs);
  }

  private settle(nowUs: number): void {
    if (this.held.size === 0 || nowUs < this.endUs) return;
    this.held.clear();
    this.waiting.set(0, this.endUs);
  }
}
