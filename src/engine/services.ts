/**
 * The attempts in service. With one slot a replica a row is the replica's id; else rows are recycled, last free first.
 * Only what a completion may need is kept: how the service ends is known, and recorded, when it begins.
 */
import { grown } from './indexed-heap.ts';

/** How an attempt's service will end. */
export const COMPLETES = 0;
/** Cut by the execution timeout: its client may retry. */
export const TIMES_OUT = 1;
/** Its client has gone and the platform ends it: no retry. */
export const CANCELED = 2;

export class Services {
  replica = new Int32Array(16);
  beginUs = new Float64Array(16);
  end = new Uint8Array(16);
  /** Of an attempt that will not complete: what its client needs to try again. */
  firstUs = new Float64Array(16);
  demandUs = new Float64Array(16);
  request = new Float64Array(16);
  attempt = new Int32Array(16);
  private readonly oneSlot: boolean;
  private spare = new Int32Array(16);
  private spareCount = 0;
  private rows = 0;

  constructor(oneSlot: boolean) {
    this.oneSlot = oneSlot;
  }

  take(replica: number): number {
    if (this.oneSlot) {
      if (replica >= this.replica.length) this.grow(replica + 1);
      return replica;
    }
    if (this.spareCount === 0 && this.rows === this.replica.length) this.grow(this.rows + 1);
    const row = this.spareCount > 0 ? this.spare[--this.spareCount]! : this.rows++;
    this.replica[row] = replica;
    return row;
  }

  /** @returns the replica that served */
  release(row: number): number {
    if (this.oneSlot) return row;
    this.spare[this.spareCount++] = row;
    return this.replica[row]!;
  }

  private grow(needed: number): void {
    this.replica = grown(this.replica, needed);
    const length = this.replica.length;
    this.beginUs = grown(this.beginUs, length);
    this.end = grown(this.end, length);
    this.firstUs = grown(this.firstUs, length);
    this.demandUs = grown(this.demandUs, length);
    this.request = grown(this.request, length);
    this.attempt = grown(this.attempt, length);
    this.spare = grown(this.spare, length);
  }
}
