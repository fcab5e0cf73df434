/** The requests in service as columns: one row a slot that is taken. Rows are recycled, last free first. */
import { grown } from './indexed-heap.ts';

/** How an attempt's service will end. */
export const COMPLETES = 0;
/** Longer than its client waits: it completes, for nobody. */
export const LATE = 1;
/** Cut by the execution timeout: its client may retry. */
export const TIMES_OUT = 2;
/** Its client has gone and the platform ends it: no retry. */
export const CANCELED = 3;

export class Services {
  replica = new Int32Array(16);
  /** Arrival of the first attempt, and of this one. */
  firstUs = new Float64Array(16);
  beginUs = new Float64Array(16);
  /** What the request needs of a slot, as the trace has it. */
  demandUs = new Float64Array(16);
  /** Number of the request in its trace, from 0; and of the attempt, from 0. */
  request = new Float64Array(16);
  attempt = new Int32Array(16);
  isCold = new Uint8Array(16);
  end = new Uint8Array(16);
  private spare = new Int32Array(16);
  private spareCount = 0;
  private rows = 0;

  take(): number {
    if (this.spareCount > 0) return this.spare[--this.spareCount]!;
    if (this.rows === this.replica.length) this.grow();
    return this.rows++;
  }

  release(row: number): void {
    this.spare[this.spareCount++] = row;
  }

  private grow(): void {
    const length = this.rows * 2;
    this.replica = grown(this.replica, length);
    this.firstUs = grown(this.firstUs, length);
    this.beginUs = grown(this.beginUs, length);
    this.demandUs = grown(this.demandUs, length);
    this.request = grown(this.request, length);
    this.attempt = grown(this.attempt, length);
    this.isCold = grown(this.isCold, length);
    this.end = grown(this.end, length);
    this.spare = grown(this.spare, length);
  }
}
