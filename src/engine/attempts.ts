/**
 * Attempts as columns: what waits, is in service or will be tried again keeps here what the pool needs to go on with it.
 * The attempt at hand is fields of the pool, not arguments: doubles would be boxed on the way.
 */
import { grown } from './indexed-heap.ts';

/** The attempt at hand. */
export interface Attempt {
  /** When the first attempt of the request arrived. */
  firstUs: number;
  demandUs: number;
  /** The row of the trace, and which attempt of it, from 0. */
  request: number;
  attempt: number;
  /** How many replicas were started for this attempt. */
  startsCaused: number;
  inputTokens: number;
  /** Of input tokens, those that the platform had seen before. */
  cachedTokens: number;
  outputTokens: number;
  /** 1 for a ping that only keeps replicas warm: nobody's request. */
  ping: number;
}

/** The attempt at hand is another pool's from now on. */
export function hand(from: Attempt, to: Attempt): void {
  to.firstUs = from.firstUs;
  to.demandUs = from.demandUs;
  to.request = from.request;
  to.attempt = from.attempt;
  to.startsCaused = from.startsCaused;
  to.inputTokens = from.inputTokens;
  to.cachedTokens = from.cachedTokens;
  to.outputTokens = from.outputTokens;
  to.ping = from.ping;
}

export class Attempts {
  firstUs = new Float64Array(16);
  demandUs = new Float64Array(16);
  request = new Float64Array(16);
  attempt = new Int32Array(16);
  startsCaused = new Int32Array(16);
  private inputTokens = new Float64Array(16);
  private cachedTokens = new Float64Array(16);
  private outputTokens = new Float64Array(16);
  private ping = new Uint8Array(16);

  keep(row: number, at: Attempt): void {
    this.firstUs[row] = at.firstUs;
    this.demandUs[row] = at.demandUs;
    this.request[row] = at.request;
    this.attempt[row] = at.attempt;
    this.startsCaused[row] = at.startsCaused;
    this.inputTokens[row] = at.inputTokens;
    this.cachedTokens[row] = at.cachedTokens;
    this.outputTokens[row] = at.outputTokens;
    this.ping[row] = at.ping;
  }

  recall(row: number, to: Attempt): void {
    to.firstUs = this.firstUs[row]!;
    to.demandUs = this.demandUs[row]!;
    to.request = this.request[row]!;
    to.attempt = this.attempt[row]!;
    to.startsCaused = this.startsCaused[row]!;
    to.inputTokens = this.inputTokens[row]!;
    to.cachedTokens = this.cachedTokens[row]!;
    to.outputTokens = this.outputTokens[row]!;
    to.ping = this.ping[row]!;
  }

  isPing(row: number): boolean {
    return this.ping[row] === 1;
  }

  /** Input and output. */
  tokens(row: number): number {
    return this.inputTokens[row]! + this.outputTokens[row]!;
  }

  /** Makes room for a row. */
  reserve(row: number): void {
    if (row < this.firstUs.length) return;
    this.firstUs = grown(this.firstUs, row + 1);
    const length = this.firstUs.length;
    this.demandUs = grown(this.demandUs, length);
    this.request = grown(this.request, length);
    this.attempt = grown(this.attempt, length);
    this.startsCaused = grown(this.startsCaused, length);
    this.inputTokens = grown(this.inputTokens, length);
    this.cachedTokens = grown(this.cachedTokens, length);
    this.outputTokens = grown(this.outputTokens, length);
    this.ping = grown(this.ping, length);
  }
}
