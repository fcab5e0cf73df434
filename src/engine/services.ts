/**
 * The attempts in service. With one slot a replica a row is the replica's id; else rows are recycled, last free first.
 * Where services end as begun, how one ends is known, and recorded, when it begins: then only what a completion may need
 * is kept.
 */
import { Attempts } from './attempts.ts';
import { grown } from './indexed-heap.ts';
import { NONE } from './recency-list.ts';

/** How an attempt's service will end. */
export const COMPLETES = 0;
/** Cut by the execution timeout: its client may retry. */
export const TIMES_OUT = 1;
/** Its client has gone and the platform ends it: no retry. */
export const CANCELED = 2;

export class Services {
  /** NONE where the row is free. */
  replica = new Int32Array(16).fill(NONE);
  beginUs = new Float64Array(16);
  /** Place in the order of beginning, where services may be interrupted. */
  nth = new Float64Array(16);
  end = new Uint8Array(16);
  /** 1 if the replica was not ready when the attempt arrived. */
  cold = new Uint8Array(16);
  readonly attempts = new Attempts();
  /** Rows in use lie below this. */
  rows = 0;
  private readonly oneSlot: boolean;
  private spare = new Int32Array(16);
  private spareCount = 0;

  constructor(oneSlot: boolean) {
    this.oneSlot = oneSlot;
  }

  take(replica: number): number {
    if (this.oneSlot) {
      if (replica >= this.rows) this.rows = replica + 1;
      if (replica >= this.replica.length) this.grow(replica + 1);
      this.replica[replica] = replica;
      return replica;
    }
    if (this.spareCount === 0 && this.rows === this.replica.length) this.grow(this.rows + 1);
    const row = this.spareCount > 0 ? this.spare[--this.spareCount]! : this.rows++;
    this.replica[row] = replica;
    return row;
  }

  /** The replica that serves; known without a look at the columns where it has one slot. */
  replicaOf(row: number): number {
    return this.oneSlot ? row : this.replica[row]!;
  }

  release(row: number): void {
    this.replica[row] = NONE;
    if (!this.oneSlot) this.spare[this.spareCount++] = row;
  }

  /** The rows in service on a replica that serves, in the order of their beginning; rare, so a search will do. */
  rowsOf(replica: number): number[] {
    if (this.oneSlot) return [replica];
    const rows: number[] = [];
    for (let row = 0; row < this.rows; row++) if (this.replica[row] === replica) rows.push(row);
    return rows.sort((a, b) => this.nth[a]! - this.nth[b]!);
  }

  private grow(needed: number): void {
    const before = this.replica.length;
    this.replica = grown(this.replica, needed);
    const length = this.replica.length;
    this.replica.fill(NONE, before);
    this.beginUs = grown(this.beginUs, length);
    this.nth = grown(this.nth, length);
    this.end = grown(this.end, length);
    this.cold = grown(this.cold, length);
    this.attempts.reserve(length - 1);
    this.spare = grown(this.spare, length);
  }
}
