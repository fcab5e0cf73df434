/** How far replicas may change within a period: policies over the count that there was at its start. */
import { grown } from '../indexed-heap.ts';
import type { RatePolicy, RateRule } from './control-rule.ts';
import { wholeDown, wholeUp } from './whole.ts';

export class RateLimit {
  private readonly up: RateRule | null;
  private readonly down: RateRule | null;
  private readonly longestUs: number;
  /** Changes of the target, oldest first, none older than the longest period. */
  private atUs = new Float64Array(16);
  private changes = new Float64Array(16);
  private count = 0;

  constructor(up: RateRule | null, down: RateRule | null) {
    this.up = up;
    this.down = down;
    const policies = [...(up?.policies ?? []), ...(down?.policies ?? [])];
    this.longestUs = Math.max(0, ...policies.map(({ periodUs }) => periodUs));
  }

  apply(nowUs: number, wish: number, current: number): number {
    if (wish > current && this.up !== null) {
      return Math.min(wish, Math.max(current, this.limit(this.up, 1, nowUs, current)));
    }
    if (wish < current && this.down !== null) {
      return Math.max(wish, Math.min(current, this.limit(this.down, -1, nowUs, current)));
    }
    return wish;
  }

  record(nowUs: number, change: number): void {
    if (change === 0 || this.longestUs === 0) return;
    if (this.count === this.atUs.length) this.forget(nowUs);
    this.atUs[this.count] = nowUs;
    this.changes[this.count++] = change;
  }

  private limit(rule: RateRule, sign: 1 | -1, nowUs: number, current: number): number {
    if (rule.select === 'disabled') return current;
    let limit = Number.NaN;
    for (const policy of rule.policies) {
      const start = current - this.changeWithin(nowUs, policy.periodUs);
      const proposed = proposedBy(policy, sign, start);
      // On the way down the policy that allows most proposes the least.
      const isMore = sign * proposed > sign * limit;
      if (Number.isNaN(limit) || isMore === (rule.select === 'max')) limit = proposed;
    }
    return limit;
  }

  /** A change exactly a period old is outside. */
  private changeWithin(nowUs: number, periodUs: number): number {
    let sum = 0;
    for (let i = this.count - 1; i >= 0 && this.atUs[i]! > nowUs - periodUs; i--) {
      sum += this.changes[i]!;
    }
    return sum;
  }

  private forget(nowUs: number): void {
    let first = 0;
    while (first < this.count && this.atUs[first]! <= nowUs - this.longestUs) first++;
    this.atUs.copyWithin(0, first, this.count);
    this.changes.copyWithin(0, first, this.count);
    this.count -= first;
    this.atUs = grown(this.atUs, this.count * 2 + 1);
    this.changes = grown(this.changes, this.count * 2 + 1);
  }
}

/** A share of replicas is rounded in favor of the change, so that one is always possible. */
function proposedBy({ kind, value }: RatePolicy, sign: 1 | -1, start: number): number {
  if (kind === 'count') return value;
  if (kind === 'replicas') return start + sign * value;
  return sign > 0 ? wholeUp(start * (1 + value / 100)) : wholeDown(start * (1 - value / 100));
}
