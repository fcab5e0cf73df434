/**
 * The common case in one piece: requests that find a free slot while nothing rare comes in between. The rules are those of
 * request-rules.ts and replica-rules.ts, for one slot a replica, the most recent first, nobody waiting; everything else is
 * left to the loop, from the first arrival on that this path cannot vouch for. Same events, same counts, same fingerprint:
 * a property test runs random scenarios both ways.
 *
 * Why: about half of a run's time would go into asking, for each event, what it is and what follows. Here counts are local
 * variables and written back when the path ends.
 */
import { RING } from './calendar-queue.ts';
import {
  ARRIVAL,
  COMPLETION,
  CONTROL_TICK,
  DEADLINE,
  IDLE_EXPIRY,
  POOL_CHANGE,
  READING,
  READY,
  RETRY,
} from './event-order.ts';
import { fingerprintOf } from './fingerprint.ts';
import { bucketOf } from './histogram.ts';
import type { PoolState } from './pool-state.ts';
import { NONE, type RecencyList } from './recency-list.ts';
import { BUSY, IDLE } from './replicas.ts';
import type { TraceChunk } from './scenario.ts';

/** Sums of one run of the path stay exact: of latencies below 2^51, of up to 2^17 replicas' times over 2^36 us, 19 hours. */
const CARRY_AT = 2 ** 51;
const LONGEST_US = 2 ** 36;

/** Whether a controller looks at requests that find a free slot, too: at one that comes to zero none does. */
function looksAtRequests({ control, scenario }: PoolState): boolean {
  if (control === null) return false;
  return scenario.control!.onArrival === 'always' || control.looksAtCompletions;
}

export class ShortPath {
  /** Whether a pool's scenario has the common case at all. */
  static fits(pool: PoolState): boolean {
    return (
      pool.oneSlot &&
      pool.idle.only !== null &&
      pool.scenario.routing === 'most-recent' &&
      pool.scenario.measure === null &&
      !pool.mayTimeOut &&
      !pool.recordsLate &&
      !pool.countsTokens &&
      pool.kept === null &&
      pool.gatekeeper === null &&
      !looksAtRequests(pool) &&
      pool.serviceLaw === null &&
      !pool.followsStates &&
      !pool.metersRequests
    );
  }

  private readonly pool: PoolState;
  private readonly idle: RecencyList;

  constructor(pool: PoolState) {
    this.pool = pool;
    this.idle = pool.idle.only!;
  }

  /** Runs arrivals from `fromRow` on. @returns the first row that is left to the loop, or the count of the chunk */
  run(chunk: TraceChunk, fromRow: number): number {
    const { pool, idle } = this;
    if (pool.queue.size > 0 || pool.draining > 0) return fromRow;
    const { arrivalUs, serviceUs, count } = chunk;
    if (fromRow < count) pool.recorder.turnTo(arrivalUs[fromRow]!);
    const { front, completions, ledger, recorder, overheadUs, slotOverheadUs, patienceUs } = pool;
    const { state } = pool.replicas;
    const { before, after, sinceUs } = idle;
    const { atUs: completionUs, current, currentAtUs, nextInBucket, heads, filled } = completions;
    let { buckets } = recorder.latency;
    const { withinLatency, latencyThresholdsUs } = recorder;
    const thresholds = latencyThresholdsUs.length;
    const windowUs = pool.scenario.idleWindowUs;
    const mayLeave = pool.ready > pool.hold;
    const kept = Math.min(pool.ready, pool.floor);
    const rareUs = Math.min(
      front[READY]!,
      front[POOL_CHANGE]!,
      front[RETRY]!,
      front[DEADLINE]!,
      // A reading counts what happened before its instant.
      front[READING]! - 1,
      front[CONTROL_TICK]!,
      pool.nowUs + LONGEST_US,
    );

    let expiryUs = front[IDLE_EXPIRY]!;
    const { nowUs: fromUs } = pool;
    let { nowUs, busy, fingerprint } = pool;
    let { first, last } = idle;
    let { head, tail, currentEndUs, yearEndUs, perUs, listed, untilLook } = completions;
    const room = current.length;
    /** Sum of the times of beginnings less those of ends, since `fromUs`: gives the integral of busy without products. */
    let begunUs = 0;
    let keptArea = 0;
    let completed = 0;
    let late = 0;
    let latencySumUs = 0;
    let shortestUs = Number.POSITIVE_INFINITY;
    let longestUs = 0;

    let row = fromRow;
    for (; row < count && latencySumUs < CARRY_AT; row++) {
      const arrivedUs = arrivalUs[row]!;
      // Completions come first in their instant: those up to what is rare are no matter for the loop.
      const untilUs = rareUs < arrivedUs ? rareUs : arrivedUs;

      while (head < tail) {
        const endedUs = currentAtUs[head]!;
        if (endedUs > untilUs || endedUs > expiryUs) break;
        const replica = current[head++]!;
        if (head === tail) {
          completions.head = head;
          completions.tail = tail;
          completions.listed = listed;
          completions.advance();
          ({ head, tail, currentEndUs, yearEndUs, listed } = completions);
        }
        begunUs -= endedUs - fromUs;
        if (busy < kept) keptArea += (kept - busy) * (endedUs - nowUs);
        nowUs = endedUs;
        busy--;
        completed++;
        state[replica] = IDLE;
        before[replica] = last;
        after[replica] = NONE;
        sinceUs[replica] = endedUs;
        if (last === NONE) {
          first = replica;
          if (mayLeave) expiryUs = endedUs + windowUs;
        } else after[last] = replica;
        last = replica;
        fingerprint = fingerprintOf(fingerprint, endedUs, COMPLETION, busy, 0);
      }
      if (rareUs <= arrivedUs || last === NONE || expiryUs < arrivedUs) break;
      const replica = last;
      const previous = before[replica]!;
      if (previous !== NONE && sinceUs[previous] === sinceUs[replica]) break;

      begunUs += arrivedUs - fromUs;
      if (busy < kept) keptArea += (kept - busy) * (arrivedUs - nowUs);
      nowUs = arrivedUs;
      busy++;
      state[replica] = BUSY;
      last = previous;
      if (previous === NONE) {
        first = NONE;
        expiryUs = Number.POSITIVE_INFINITY;
      } else after[previous] = NONE;
      const demandUs = serviceUs[row]! + slotOverheadUs;
      const endUs = arrivedUs + demandUs;
      completionUs[replica] = endUs;
      if (head === tail || tail === room || untilLook === 1 || endUs >= yearEndUs) {
        completions.head = head;
        completions.tail = tail;
        completions.untilLook = untilLook;
        completions.listed = listed;
        completions.insert(replica);
        ({ head, tail, currentEndUs, yearEndUs, perUs, listed, untilLook } = completions);
      } else if (endUs < currentEndUs) {
        untilLook--;
        let place = tail++;
        while (place > head && currentAtUs[place - 1]! > endUs) {
          current[place] = current[place - 1]!;
          currentAtUs[place] = currentAtUs[place - 1]!;
          place--;
        }
        current[place] = replica;
        currentAtUs[place] = endUs;
      } else {
        untilLook--;
        listed++;
        const ring = (endUs * perUs) & RING;
        nextInBucket[replica] = heads[ring]!;
        heads[ring] = replica;
        filled[ring >> 5]! |= 1 << (ring & 31);
      }

      const latencyUs = demandUs + overheadUs;
      const bucket = bucketOf(latencyUs);
      if (bucket >= buckets.length) {
        recorder.latency.widen(bucket);
        ({ buckets } = recorder.latency);
      }
      buckets[bucket]!++;
      latencySumUs += latencyUs;
      if (latencyUs < shortestUs) shortestUs = latencyUs;
      if (latencyUs > longestUs) longestUs = latencyUs;
      if (latencyUs > patienceUs) late++;
      else {
        for (let i = 0; i < thresholds; i++) {
          if (latencyUs <= latencyThresholdsUs[i]!) withinLatency[i]!++;
        }
      }
      fingerprint = fingerprintOf(fingerprint, arrivedUs, ARRIVAL, busy, 0);
    }

    const requests = row - fromRow;
    if (requests === 0 && completed === 0) return row;
    completions.head = head;
    completions.tail = tail;
    completions.untilLook = untilLook;
    completions.listed = listed;
    front[COMPLETION] = head === tail ? Number.POSITIVE_INFINITY : currentAtUs[head]!;
    idle.first = first;
    idle.last = last;
    front[IDLE_EXPIRY] = expiryUs;
    pool.busy = busy;
    pool.fingerprint = fingerprint;
    pool.arrived += requests;
    pool.events += requests + completed;
    pool.longestServiceUs = Math.max(pool.longestServiceUs, longestUs - overheadUs);
    pool.longestLatencyUs = Math.max(pool.longestLatencyUs, longestUs);
    ledger.attempts += requests;
    ledger.completed += completed;
    ledger.busy.advance(fromUs, busy * (nowUs - fromUs) - begunUs, busy, nowUs);
    ledger.kept.advance(fromUs, keptArea, Math.max(0, kept - busy), nowUs);
    ledger.servedUs.add(latencySumUs - requests * overheadUs);
    pool.nowUs = nowUs;
    pool.changedUs = nowUs;
    recorder.completeAtOnce(requests, late);
    if (requests > 0) recorder.latency.absorb(requests, latencySumUs, shortestUs, longestUs);
    return row;
  }
}
