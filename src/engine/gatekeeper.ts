/** The gate of a pool while it runs: asks of each attempt whether it may come in. */
import { Adaptation, type MovingLimit } from './adaptation.ts';
import type { Gate, RateLimit, Refusal } from './gate.ts';
import { TokenBucket } from './token-bucket.ts';

/** What the gate looks at: the pool, and the attempt at hand. */
export interface GateView {
  readonly nowUs: number;
  /** Replicas that are idle or busy. */
  readonly ready: number;
  readonly inService: number;
  readonly queue: { readonly size: number };
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

interface Limit extends MovingLimit {
  /** How much of it the attempt at hand takes. */
  readonly wants: (at: GateView) => number;
}

export class Gatekeeper {
  private readonly gate: Gate;
  /** In the order in which they object. */
  private readonly limits: readonly Limit[];
  private readonly adaptation: Adaptation | null;

  constructor(gate: Gate) {
    this.gate = gate;
    this.limits = limitsOf(gate);
    const moving = this.limits.filter((limit) => moves(gate, limit.why));
    this.adaptation = gate.adaptive === null ? null : new Adaptation(gate.adaptive, moving);
  }

  /** Why an attempt may not come in now; null if it may, and then it has taken from the limits on rate. */
  refusal(pool: GateView): Refusal | null {
    const why = this.objection(pool);
    if (why === null) this.take(pool);
    return why;
  }

  /** Why an attempt may not come in now; null if it may. */
  objection(pool: GateView): Refusal | null {
    const { nowUs, ready } = pool;
    this.adaptation?.settle(nowUs);
    const inFlight = pool.inService + pool.queue.size;
    if (inFlight >= this.gate.inFlight) return 'in-flight';
    for (const { why, bucket, wants } of this.limits) {
      if (!bucket.has(nowUs, wants(pool))) return why;
    }
    if (ready === 0 && this.gate.atZero !== 'queue') return 'no-replica';
    return null;
  }

  /** An attempt that may come in does. */
  take(pool: GateView): void {
    for (const limit of this.limits) {
      const wanted = limit.wants(pool);
      limit.bucket.take(pool.nowUs, wanted);
      limit.taken += wanted;
    }
  }

  /** An attempt was turned away. */
  turnsAway(why: Refusal): void {
    this.adaptation?.refuses(why);
  }

  /** When a limit on rate that objects now may no longer do so, if nobody comes in before. */
  nextAtUs(pool: GateView): number {
    const { nowUs } = pool;
    let atUs = nowUs;
    for (const { bucket, wants } of this.limits) {
      const wanted = wants(pool);
      if (!bucket.has(nowUs, wanted)) atUs = Math.max(atUs, bucket.nextAtUs(wanted));
    }
    if (atUs === nowUs) return Number.POSITIVE_INFINITY;
    return Math.min(atUs, this.adaptation?.risesAtUs ?? atUs);
  }

  get wakes(): boolean {
    return this.gate.atZero === 'refuse-and-wake';
  }
}

function limitsOf(gate: Gate): Limit[] {
  const limits: Limit[] = [];
  const add = (why: Refusal, rate: RateLimit | null, wants: Limit['wants']) => {
    if (rate === null) return;
    limits.push({ why, bucket: new TokenBucket(rate, moves(gate, why)), taken: 0, wants });
  };
  add('request-rate', gate.requestRate, () => 1);
  add('token-rate', gate.tokenRate, (at) => at.inputTokens + at.outputTokens);
  add('input-token-rate', gate.inputTokenRate, (at) => at.inputTokens);
  add('uncached-token-rate', gate.uncachedTokenRate, (at) => at.inputTokens - at.cachedTokens);
  add('output-token-rate', gate.outputTokenRate, (at) => at.outputTokens);
  return limits;
}

function moves({ adaptive }: Gate, why: Refusal): boolean {
  return adaptive !== null && (adaptive.of === 'all' || why !== 'request-rate');
}

export function gatekeeperOf(gate: Gate | null): Gatekeeper | null {
  return gate === null ? null : new Gatekeeper(gate);
}
