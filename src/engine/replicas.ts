/** The replicas of a pool as columns; ids are recycled, `order` is not. */
import { grown } from './indexed-heap.ts';

/** The states of a replica. READY_NOW lasts no time: between its start and its first request or idleness. */
export const STARTING = 0;
export const READY_NOW = 1;
/** Idle, and never served. */
export const UNUSED = 2;
/** Idle after serving. */
export const IDLE = 3;
export const BUSY = 4;
/** Takes no more requests and leaves when those it serves have ended. */
export const DRAINING = 5;

export class Replicas {
  /** Place in the order of start, from 0. */
  order = new Float64Array(16);
  startUs = new Float64Array(16);
  readyUs = new Float64Array(16);
  /** How many replicas had become ready when this one had: tells a cold request from a warm one at one instant. */
  readyOrder = new Float64Array(16);
  inService = new Int32Array(16);
  /** Busy time up to the last time it became idle, and since when it is busy or idle: where a meter asks for one alone. */
  busyUs = new Float64Array(16);
  sinceUs = new Float64Array(16);
  state = new Uint8Array(16);
  /** Since when a draining replica drains. */
  drainSinceUs = new Float64Array(16);
  /** When a spot replica gets its notice, and what its entry among the pool's ends stands for: see end-rules.ts. */
  noticeUs = new Float64Array(16);
  crashAfterUs = new Float64Array(16);
  endKind = new Uint8Array(16);
  /** Which way its start took, and whether its weights have still to come over the shared link. */
  path = new Uint8Array(16);
  needsLink = new Uint8Array(16);
  /** Started in the run, on demand or by schedule; the replicas of time 0 are not. */
  isStarted = new Uint8Array(16);
  /** Whether the router offers it, and with which rank. */
  isOffered = new Uint8Array(16);
  rank = new Float64Array(16);
  /** Own binding: how many of its slots waiting requests are bound to while it starts. */
  bound = new Int32Array(16);
  /** Durations of the start phases, `phases` a replica. */
  phaseUs: Float64Array;
  /** Ids in use lie below this. */
  end = 0;

  private readonly phases: number;
  private spare: number[] = [];
  private started = 0;

  constructor(phases: number) {
    this.phases = phases;
    this.phaseUs = new Float64Array(16 * phases);
  }

  /** A new replica, not ready, at `nowUs`. */
  start(nowUs: number): number {
    const id = this.spare.pop() ?? this.end++;
    if (id >= this.order.length) this.grow(id + 1);
    this.order[id] = this.started++;
    this.startUs[id] = nowUs;
    this.inService[id] = 0;
    this.busyUs[id] = 0;
    this.drainSinceUs[id] = 0;
    this.needsLink[id] = 0;
    this.state[id] = STARTING;
    this.isStarted[id] = 0;
    this.isOffered[id] = 0;
    this.bound[id] = 0;
    return id;
  }

  /** A replica of the floor at time 0: through no start phase. */
  becomeReadyAtOnce(id: number): void {
    this.state[id] = READY_NOW;
    this.readyUs[id] = this.startUs[id]!;
    this.readyOrder[id] = 0;
    this.phaseUs.fill(0, id * this.phases, (id + 1) * this.phases);
  }

  /** The shared link has brought a replica's weights: that phase lasted from the end of those before it. */
  endLink(id: number, phase: number, nowUs: number): void {
    const from = id * this.phases;
    let beganUs = this.startUs[id]!;
    for (let place = from; place < from + phase; place++) beganUs += this.phaseUs[place]!;
    this.phaseUs[from + phase] = nowUs - beganUs;
    this.needsLink[id] = 0;
  }

  /** A start ends before its time: its phases are what it has been through. */
  cutPhases(id: number, nowUs: number): void {
    let leftUs = nowUs - this.startUs[id]!;
    for (let place = id * this.phases; place < (id + 1) * this.phases; place++) {
      this.phaseUs[place] = Math.min(leftUs, this.phaseUs[place]!);
      leftUs -= this.phaseUs[place]!;
    }
  }

  leave(id: number): void {
    this.order[id] = -1;
    this.spare.push(id);
  }

  isAlive(id: number): boolean {
    return this.order[id]! >= 0;
  }

  /** Time with at least one request in service, up to now. */
  busyUpTo(id: number, nowUs: number): number {
    const sinceUs = this.state[id] === BUSY ? nowUs - this.sinceUs[id]! : 0;
    return this.busyUs[id]! + sinceUs;
  }

  private grow(length: number): void {
    this.order = grown(this.order, length);
    const longer = this.order.length;
    this.startUs = grown(this.startUs, longer);
    this.readyUs = grown(this.readyUs, longer);
    this.readyOrder = grown(this.readyOrder, longer);
    this.inService = grown(this.inService, longer);
    this.busyUs = grown(this.busyUs, longer);
    this.sinceUs = grown(this.sinceUs, longer);
    this.state = grown(this.state, longer);
    this.drainSinceUs = grown(this.drainSinceUs, longer);
    this.noticeUs = grown(this.noticeUs, longer);
    this.crashAfterUs = grown(this.crashAfterUs, longer);
    this.endKind = grown(this.endKind, longer);
    this.path = grown(this.path, longer);
    this.needsLink = grown(this.needsLink, longer);
    this.isStarted = grown(this.isStarted, longer);
    this.isOffered = grown(this.isOffered, longer);
    this.rank = grown(this.rank, longer);
    this.bound = grown(this.bound, longer);
    if (this.phases > 0) this.phaseUs = grown(this.phaseUs, longer * this.phases);
  }
}
