/**
 * The event loop over several pools: those of one deployment, or all those of an account.
 *
 *   turn ── the earliest event of all, by the order of event-order.ts; its pool takes a step
 *   conclude ── what follows at the same instant for others: who moves on to another pool, who comes in from the account's
 *               line, who gets GPUs that were given back; then each pool that was touched stands in the heap by its next
 *
 * Pools alone in their deployment follow the rules that a lone pool does, event by event; test/property/fleet.test.ts
 * holds them to the same totals.
 */
import { assert } from '../base/errors.ts';
import { ZERO_US } from '../base/units.ts';
import type { Account } from './account.ts';
import { BUCKETS, LEAST_BUCKETS } from './calendar-queue.ts';
import { beginControl, lookAfterEvent } from './control-rules.ts';
import { comeInSomewhere, moveOn, type Rounds } from './deployment.ts';
import { isOver, loseHope, strand } from './ending.ts';
import { step } from './event-loop.ts';
import {
  ARRIVAL,
  COMPLETION,
  CONTROL_TICK,
  DEADLINE,
  earliestIn,
  NOTHING,
  READING,
  READY,
} from './event-order.ts';
import { fingerprintOf } from './fingerprint.ts';
import { IndexedHeap } from './indexed-heap.ts';
import { beginPings } from './pings.ts';
import { type Door, NEVER, PoolState } from './pool-state.ts';
import { NONE } from './recency-list.ts';
import {
  comeIn,
  countAttempt,
  countTimeout,
  endsUnserved,
  fail,
  reject,
  timeOut,
} from './request-rules.ts';
import { totalsOf } from './run-totals.ts';
import type { Scenario, TraceChunk } from './scenario.ts';
import { beginFloor, startWanted, tellWhyTheyWait } from './start-rules.ts';
import type { RunTotals } from './totals.ts';

/** Pools of one deployment in order of preference. */
export interface PooledDeployment {
  readonly pools: readonly Scenario[];
  /** How long a request waits in a pool before it moves on; Infinity: it stays. */
  readonly overflowAfterUs: number;
}

/** The same scenario with luck of its own; the weather is the same for all. */
export function withLuckOf(scenario: Scenario, owner: string): Scenario {
  const { seed, lifecycle } = scenario;
  const weather = lifecycle?.weather ?? null;
  const own = { ...scenario, seed: `${seed}${owner}` };
  if (lifecycle === null || weather === null || !('meanGapUs' in weather)) return own;
  return { ...own, lifecycle: { ...lifecycle, weather: { seed, ...weather } } };
}

/** Calendars of all pools together hold so many buckets, about. */
const BUCKETS_IN_ALL = 4 * BUCKETS;

export class PoolGroup implements Door, Rounds {
  private readonly pools: PoolState[] = [];
  /** The pools of each deployment, and of each pool's deployment. */
  private readonly deployments: PoolState[][];
  private readonly deploymentOf: PoolState[][] = [];
  private readonly account: Account | null;
  private readonly endUs: number;

  /** Places of pools by what comes next; the place after the last pool is the account's line. */
  private readonly next = new IndexedHeap();
  /** The first so many stand here; an array that is cut would be laid out anew each time. */
  private readonly touched: PoolState[] = [];
  private touchedCount = 0;
  private readonly isTouched: Uint8Array;
  /** Whether pools go on by themselves while nothing binds: see `runAhead`. */
  private readonly runsAhead: boolean;
  private nowUs = ZERO_US;
  private readied = 0;

  private isFinishing = false;
  /** Deployments that go on, once no more requests arrive. */
  private readonly goesOn: Uint8Array;
  private going = 0;

  /** @param runsAhead false takes every event in its turn: the same run, slower; tests compare the two */
  constructor(deployments: readonly PooledDeployment[], account: Account | null, runsAhead = true) {
    const count = deployments.reduce((sum, { pools }) => sum + pools.length, 0);
    const share = 2 ** Math.floor(Math.log2(BUCKETS_IN_ALL / count));
    const calendarBuckets = Math.max(LEAST_BUCKETS, Math.min(BUCKETS, share));
    this.account = account;
    this.isTouched = new Uint8Array(count);
    this.goesOn = new Uint8Array(count);
    this.deployments = deployments.map(({ pools, overflowAfterUs }) => {
      const own: PoolState[] = [];
      for (const [nth, scenario] of pools.entries()) {
        const ties = {
          place: this.pools.length,
          home: own[0] ?? null,
          door: this,
          overflowUs: nth < pools.length - 1 ? overflowAfterUs : NEVER,
          quota: account?.quota ?? null,
          calendarBuckets,
        };
        const pool = new PoolState(withLuckOf(scenario, nth === 0 ? '' : `/pool ${nth}`), ties);
        own.push(pool);
        this.pools.push(pool);
        this.deploymentOf.push(own);
      }
      return own;
    });
    const { period, measure } = this.pools[0]!.scenario;
    this.endUs = Math.max(period.toUs, measure?.toUs ?? 0);
    this.runsAhead =
      runsAhead &&
      account !== null &&
      deployments.every(({ pools }) => pools.length === 1 && mayRunAhead(pools[0]!, account));
    for (const pool of this.pools) {
      beginFloor(pool);
      beginControl(pool);
      beginPings(pool);
      this.next.insert(pool.ties!.place, NEVER, pool.ties!.place);
      this.touch(pool);
    }
    this.next.insert(count, NEVER, count);
    this.conclude();
  }

  /**
   * Runs up to the last arrival of the chunk; chunks come in order of time.
   * @param deployment of each row; null: all go to the first
   */
  advance(chunk: TraceChunk, deployment: Int32Array | null): void {
    const { arrivalUs, serviceUs, count } = chunk;
    const { inputTokens = null, cachedTokens = null, outputTokens = null } = chunk;
    assert(count === 0 || arrivalUs[0]! >= this.nowUs, 'chunks come in order of time');
    for (let row = 0; row < count; row++) {
      const pool = this.deployments[deployment === null ? 0 : deployment[row]!]![0]!;
      const atUs = arrivalUs[row]!;
      pool.front[ARRIVAL] = atUs;
      pool.arrivalDemandUs = serviceUs[row]!;
      if (inputTokens !== null) pool.arrivalInputTokens = inputTokens[row]!;
      if (cachedTokens !== null) pool.arrivalCachedTokens = cachedTokens[row]!;
      if (outputTokens !== null) pool.arrivalOutputTokens = outputTokens[row]!;
      if (this.runsAhead && this.account!.surelyTakes(pool)) this.runAhead(pool);
      else {
        if (this.touchedCount > 0) this.conclude();
        this.place(pool);
        while (pool.front[ARRIVAL] === atUs) this.turn();
      }
    }
  }

  /**
   * A pool runs up to its arrival while others may stay behind: between arrivals nothing comes in and nothing takes a GPU,
   * so what the account has counted is at least what is there, and where that binds nobody, nobody would have met another.
   * What comes next to the pool is asked for when the account may bind. Against taking each event in its turn: half the
   * visits to state that has left the cache, no heap.
   */
  private runAhead(pool: PoolState): void {
    pool.readied = this.readied;
    let what = COMPLETION;
    while (what !== ARRIVAL) what = step(pool, NEVER);
    pool.front[ARRIVAL] = NEVER;
    this.readied = pool.readied;
    this.account!.follow(pool);
    this.touch(pool);
  }

  /** Runs to the end of all. @returns the totals of each deployment's pools */
  finish(): RunTotals[][] {
    this.isFinishing = true;
    this.going = this.deployments.length;
    for (const pools of this.deployments) this.goesOn[pools[0]!.ties!.place] = 1;
    for (const pool of this.pools) this.touch(pool);
    this.conclude();
    while (this.next.topKey < NEVER && (this.going > 0 || this.next.topKey <= this.endUs)) {
      this.turn();
    }
    this.strandAll();
    return this.deployments.map((pools) => {
      const horizonUs = Math.max(this.endUs, ...pools.map(({ nowUs }) => nowUs));
      return pools.map((pool) => totalsOf(pool, horizonUs));
    });
  }

  /** The earliest event of all. */
  private turn(): void {
    this.nowUs = this.next.topKey;
    const place = this.next.top();
    if (place === this.pools.length) this.giveUpInLine();
    else {
      const pool = this.pools[place]!;
      pool.readied = this.readied;
      const what = step(pool, NEVER);
      assert(what !== NOTHING, 'a pool that stands in the heap has an event');
      if (what === ARRIVAL) pool.front[ARRIVAL] = NEVER;
      this.readied = pool.readied;
      this.touch(pool);
    }
    this.conclude();
  }

  /** `Rounds`: see deployment.ts. */
  bring(pool: PoolState): void {
    const { nowUs } = this;
    if (nowUs >= pool.front[READING]!) pool.ledger.readUpTo(nowUs);
    pool.nowUs = nowUs;
    pool.readied = this.readied;
  }

  touch(pool: PoolState): void {
    const { place } = pool.ties!;
    if (this.isTouched[place] === 1) return;
    this.isTouched[place] = 1;
    this.touched[this.touchedCount++] = pool;
  }

  /** `Door`: an attempt arrives at the first pool of its deployment, a ping at its own. */
  arrives(pool: PoolState): void {
    const { account } = this;
    if (account === null || !account.isFull) this.comeIn(pool, pool.readied);
    else if (account.rule.whenFull === 'wait') account.join(pool);
    else {
      countAttempt(pool);
      reject(pool, 'account');
    }
  }

  private comeIn(pool: PoolState, seen: number): void {
    if (pool.ping === 1) comeIn(pool, seen);
    else comeInSomewhere(this.deploymentOf[pool.ties!.place]!, seen, this);
  }

  private conclude(): void {
    do {
      for (let i = 0; i < this.touchedCount; i++) this.follow(this.touched[i]!);
      this.touchedCount = 0;
    } while (this.account !== null && this.openDoor(this.account));
    const lineUs = this.account?.nextDeadlineUs ?? NEVER;
    this.setNext(this.pools.length, lineUs, DEADLINE);
  }

  /** Something has happened to a pool. */
  private follow(pool: PoolState): void {
    const { place } = pool.ties!;
    const pools = this.deploymentOf[place]!;
    this.isTouched[place] = 0;
    if (pool.toLook !== 0) lookAfterEvent(pool);
    if (pools.length > 1) moveOn(pools, this);
    if (this.isFinishing) loseHope(pool);
    this.account?.follow(pool);
    if (pool.queue.size > 0 || pool.shortage !== null) tellWhyTheyWait(pool);
    if (this.isFinishing) this.judge(pools);
    this.place(pool);
    // Whose client tries again does so there.
    if (pool.home !== pool) this.place(pool.home);
  }

  /** GPUs that were given back start a replica, or the longest in line comes in. @returns whether anything has happened */
  private openDoor(account: Account): boolean {
    if (account.grant((place) => this.startOne(this.pools[place]!))) return true;
    const row = account.nextToComeIn;
    if (row === NONE) return false;
    const pool = this.pools[account.placeOf(row)]!;
    this.act(pool, ARRIVAL, () => this.comeIn(pool, account.leave(row, pool)));
    return true;
  }

  private startOne(pool: PoolState): void {
    if (this.nowUs > this.endUs && this.isParked(pool)) return;
    this.act(pool, READY, () => startWanted(pool));
  }

  private giveUpInLine(): void {
    const account = this.account!;
    const row = account.nextToGiveUp;
    const pool = this.pools[account.placeOf(row)]!;
    this.act(pool, DEADLINE, () => {
      const isTimeout = account.isTimeout(row, pool);
      account.leave(row, pool);
      countAttempt(pool);
      endsUnserved(pool);
      countTimeout(pool, isTimeout ? 'for-limit' : 'client-gone');
      timeOut(pool, !isTimeout);
    });
  }

  /** A pool acts, though no event of its own has come. */
  private act(pool: PoolState, kind: number, action: () => void): void {
    this.bring(pool);
    pool.changedUs = this.nowUs;
    action();
    pool.fingerprint = fingerprintOf(
      pool.fingerprint,
      this.nowUs,
      kind,
      pool.busy,
      pool.queue.size,
    );
    this.touch(pool);
  }

  /** Puts a pool where its next event is. */
  private place(pool: PoolState): void {
    const { front } = pool;
    const what = earliestIn(front);
    let atUs = front[what]!;
    if (this.isFinishing && atUs > this.endUs && this.isParked(pool)) atUs = NEVER;
    this.setNext(pool.ties!.place, atUs, what);
  }

  private setNext(place: number, atUs: number, what: number): void {
    const tie = what * (this.pools.length + 1) + place;
    if (!this.next.stands(place, atUs, tie)) this.next.move(place, atUs, tie);
  }

  /** Whether nothing is followed beyond the observed period: the deployment is over, and nobody waits for the account. */
  private isParked(pool: PoolState): boolean {
    const pools = this.deploymentOf[pool.ties!.place]!;
    return this.isFinishing && this.goesOn[pools[0]!.ties!.place] === 0 && !this.isHeld(pools);
  }

  private isHeld(pools: readonly PoolState[]): boolean {
    const { account } = this;
    if (account === null) return false;
    return pools.some(
      (pool) => pool.ledger.atDoor.count > 0 || (pool.queue.size > 0 && account.wants(pool)),
    );
  }

  /** Whether a deployment goes on by itself. */
  private judge(pools: readonly PoolState[]): void {
    const { place } = pools[0]!.ties!;
    const waits = pools.some(({ queue }) => queue.size > 0);
    const isDone = pools.every(
      (pool) => (isOver(pool) && (!waits || pool.floorMovesAtUs === NEVER)) || hasNoEvent(pool),
    );
    const goesOn = isDone ? 0 : 1;
    if (goesOn === this.goesOn[place]) return;
    this.goesOn[place] = goesOn;
    this.going += goesOn === 1 ? 1 : -1;
    for (const pool of pools) this.place(pool);
  }

  /** Nothing that is to come will ever serve those who still wait. */
  private strandAll(): void {
    const atUs = Math.max(this.nowUs, this.endUs);
    for (const pool of this.pools) strand(pool, Math.max(pool.nowUs, this.endUs));
    const { account } = this;
    if (account === null || account.first === NONE) return;
    this.nowUs = atUs;
    while (account.first !== NONE) {
      const pool = this.pools[account.placeOf(account.first)]!;
      this.bring(pool);
      account.leave(account.first, pool);
      countAttempt(pool);
      fail(pool);
    }
  }
}

/** Whether nothing comes into a pool, and nothing starts in it, but when a request of the trace arrives. */
function mayRunAhead(scenario: Scenario, { quota }: Account): boolean {
  const { client, pings, startRate, control, lifecycle, floor } = scenario;
  const startsOnArrival =
    startRate === null && control === null && lifecycle === null && floor.count.length === 1;
  return client.retries === null && pings === null && (quota === null || startsOnArrival);
}

function hasNoEvent({ front }: PoolState): boolean {
  for (let what = COMPLETION; what <= CONTROL_TICK; what++) {
    if (front[what]! < NEVER) return false;
  }
  return true;
}
