/**
 * What ties the deployments of one account: a cap on the requests that are let in at once, with one line for those beyond
 * it, and a quota of GPUs (quota.ts). The line is served in order of arrival, whatever the deployment. Who waits in it
 * belongs to no pool yet: such waiting is without a promise, and ends with the deadline and the patience of the first pool
 * of its deployment. A pool's own deadline runs from when it lets the attempt in.
 */
import { grown, IndexedHeap } from './indexed-heap.ts';
import { NEVER, type PoolState } from './pool-state.ts';
import { Quota } from './quota.ts';
import { NONE } from './recency-list.ts';
import { WaitingQueue } from './waiting-queue.ts';

export interface AccountRule {
  /** Requests in service or waiting in a pool at once, over all endpoints. */
  readonly concurrency: number;
  /** What a request meets beyond that: the account's line, or a refusal. */
  readonly whenFull: 'wait' | 'refuse';
  /** GPUs of all pools' replicas at once, starting and draining ones too. */
  readonly gpus: number;
  /** By deployment and pool. */
  readonly gpusPerReplica: readonly (readonly number[])[];
}

/** Of a pool that wants replicas which the quota does not give: floors come before whoever waits. */
const FLOOR = -1;
const NOBODY_WAITS = Number.MAX_VALUE;

export class Account {
  readonly rule: AccountRule;
  readonly quota: Quota | null;
  private inside = 0;
  /** Requests in each pool, by its place. */
  private readonly present: Float64Array;

  private readonly line = new WaitingQueue();
  /** Of those in line: the pool where they arrived. */
  private arrivedAt = new Int32Array(16);
  /** Those in line by when they give up. */
  private readonly deadlines = new IndexedHeap();
  private joined = 0;

  /** Pools that want a replica, by since when the longest-waiting without a promise waits. */
  private readonly wanting = new IndexedHeap();
  private readonly leastGpus: number;
  private wasGivenBack = false;

  constructor(rule: AccountRule, pools: number) {
    const gpusPerReplica = rule.gpusPerReplica.flat();
    this.rule = rule;
    this.present = new Float64Array(pools);
    this.quota = rule.gpus < NEVER ? new Quota(rule.gpus, gpusPerReplica) : null;
    this.leastGpus = Math.min(...gpusPerReplica);
  }

  get isFull(): boolean {
    return this.line.size > 0 || this.inside >= this.rule.concurrency;
  }

  /** Whether a pool's next arrival surely comes in and gets the replica that it may ask for: nothing binds. */
  surelyTakes({ queue, ties }: PoolState): boolean {
    const { quota } = this;
    if (this.isFull || this.wanting.size > 0) return false;
    return quota === null || quota.has(ties!.place, queue.size + 1);
  }

  get nextDeadlineUs(): number {
    return this.deadlines.topKey;
  }

  /** Something has happened to a pool: what it holds of the account may have changed. */
  follow(pool: PoolState): void {
    const { place } = pool.ties!;
    const present = pool.queue.size + pool.inService;
    this.inside += present - this.present[place]!;
    this.present[place] = present;
    if (this.quota === null) return;
    const replicas = pool.starting + pool.ready + pool.draining;
    if (this.quota.settle(place, replicas)) this.wasGivenBack = true;
    this.setWant(pool, place);
  }

  /** The attempt of the pool's fields waits in line. */
  join(pool: PoolState): void {
    const { nowUs, firstUs, queueTimeoutUs, cancels, patienceUs } = pool;
    const row = this.line.append(nowUs);
    this.line.attempts.keep(row, pool);
    this.line.arrivedUs[row] = nowUs;
    this.line.readiesSeen[row] = pool.readied;
    if (row >= this.arrivedAt.length) this.arrivedAt = grown(this.arrivedAt, row + 1);
    this.arrivedAt[row] = pool.ties!.place;
    const goneUs = cancels ? Math.max(nowUs, firstUs + patienceUs) : NEVER;
    this.deadlines.insert(row, Math.min(nowUs + queueTimeoutUs, goneUs), this.joined++);
    pool.ledger.atDoor.set(pool.ledger.atDoor.count + 1, nowUs);
  }

  /** Whom the account lets in now; NONE if nobody. */
  get nextToComeIn(): number {
    return this.inside < this.rule.concurrency ? this.line.first : NONE;
  }

  /** Whose deadline is the next. */
  get nextToGiveUp(): number {
    return this.deadlines.top();
  }

  /** The longest in line; NONE if nobody is. */
  get first(): number {
    return this.line.first;
  }

  /** The place of the pool where one in line arrived. */
  placeOf(row: number): number {
    return this.arrivedAt[row]!;
  }

  /** Whether one in line has waited as long as its pool allows, now that its time is up; else its client has gone. */
  isTimeout(row: number, pool: PoolState): boolean {
    return this.line.arrivedUs[row]! + pool.queueTimeoutUs <= pool.nowUs;
  }

  /**
   * One in line leaves it, its attempt into the fields of the pool where it arrived.
   * @returns how many replicas had become ready when it arrived
   */
  leave(row: number, pool: PoolState): number {
    const { line } = this;
    const waitedUs = pool.nowUs - line.arrivedUs[row]!;
    line.attempts.recall(row, pool);
    line.remove(row, pool.nowUs);
    this.deadlines.remove(row);
    if (waitedUs > pool.longestQueueUs) pool.longestQueueUs = waitedUs;
    pool.queue.waitedUs.add(waitedUs);
    pool.ledger.atDoor.set(pool.ledger.atDoor.count - 1, pool.nowUs);
    return line.readiesSeen[row]!;
  }

  wants(pool: PoolState): boolean {
    return this.wanting.has(pool.ties!.place);
  }

  /**
   * GPUs that were given back go to floors, then to the pool whose longest-waiting request without a promise has waited
   * longest, of those for whose replica they suffice.
   * @param startOne lets the pool at a place start one replica
   * @returns whether one has started
   */
  grant(startOne: (place: number) => void): boolean {
    const { quota, wanting } = this;
    if (quota === null || !this.wasGivenBack) return false;
    const passedOver: { place: number; sinceUs: number }[] = [];
    let hasStarted = false;
    while (!hasStarted && wanting.size > 0 && quota.used + this.leastGpus <= quota.gpus) {
      const place = wanting.top();
      const usedBefore = quota.used;
      if (quota.has(place)) quota.whileOne(place, () => startOne(place));
      hasStarted = quota.used > usedBefore;
      if (!hasStarted) passedOver.push({ place, sinceUs: wanting.topKey });
      wanting.remove(place);
    }
    for (const { place, sinceUs } of passedOver) wanting.insert(place, sinceUs, place);
    if (!hasStarted) this.wasGivenBack = false;
    return hasStarted;
  }

  private setWant(pool: PoolState, place: number): void {
    const sinceUs = wantedSinceUs(pool);
    const { wanting } = this;
    if (wanting.has(place)) {
      if (sinceUs === NEVER) wanting.remove(place);
      else if (wanting.keyOf(place) !== sinceUs) wanting.move(place, sinceUs, place);
    } else if (sinceUs < NEVER) wanting.insert(place, sinceUs, place);
  }
}

/** Since when a pool wants a replica that nothing of its own forbids; NEVER if it wants none. */
function wantedSinceUs(pool: PoolState): number {
  const { queue, starting, ready, goal, floor, scenario, tokenAtUs } = pool;
  if (starting + ready >= scenario.max || tokenAtUs < NEVER) return NEVER;
  if (starting + ready < floor) return FLOOR;
  const first = queue.firstUnpromised;
  const isAsked = starting + ready < goal || (pool.control === null && first !== NONE);
  if (!isAsked) return NEVER;
  return first === NONE ? NOBODY_WAITS : queue.arrivedUs[first]!;
}
