/** The gate of a pool while it runs: asks of each attempt whether it may come in. */
import type { Gate, Refusal } from './gate.ts';
import { StartTokens } from './start-tokens.ts';

/** What the gate looks at: the pool, and the attempt at hand. */
export interface GateView {
  readonly nowUs: number;
  /** Replicas that are idle or busy. */
  readonly ready: number;
  readonly inService: number;
  readonly queue: { readonly size: number };
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export class Gatekeeper {
  private readonly gate: Gate;
  private readonly requests: StartTokens;
  private readonly tokens: StartTokens;

  constructor(gate: Gate) {
    this.gate = gate;
    this.requests = new StartTokens(gate.requestRate);
    this.tokens = new StartTokens(gate.tokenRate);
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
    const tokens = pool.inputTokens + pool.outputTokens;
    const inFlight = pool.inService + pool.queue.size;
    if (inFlight >= this.gate.inFlight) return 'in-flight';
    if (!this.requests.has(nowUs)) return 'request-rate';
    if (!this.tokens.has(nowUs, tokens)) return 'token-rate';
    if (ready === 0 && this.gate.atZero !== 'queue') return 'no-replica';
    return null;
  }

  /** An attempt that may come in does. */
  take({ nowUs, inputTokens, outputTokens }: GateView): void {
    this.requests.take(nowUs);
    this.tokens.take(nowUs, inputTokens + outputTokens);
  }

  /** When a limit on rate that objects now no longer does, if nobody comes in before. */
  nextAtUs({ nowUs, inputTokens, outputTokens }: GateView): number {
    const tokens = inputTokens + outputTokens;
    const requestUs = this.requests.has(nowUs) ? nowUs : this.requests.nextAtUs();
    const tokensUs = this.tokens.has(nowUs, tokens) ? nowUs : this.tokens.nextAtUs(tokens);
    const atUs = Math.max(requestUs, tokensUs);
    return atUs > nowUs ? atUs : Number.POSITIVE_INFINITY;
  }

  get wakes(): boolean {
    return this.gate.atZero === 'refuse-and-wake';
  }
}

export function gatekeeperOf(gate: Gate | null): Gatekeeper | null {
  return gate === null ? null : new Gatekeeper(gate);
}
