/**
 * Which ready replica with a free slot takes the next request.
 *
 * Three families, each a structure that answers in a few steps: by last slot event (a linked list), by the order of start
 * or by load (a ranked set). With one slot a replica the list of free replicas is the list of idle ones: the pool hands
 * it in, and the common case keeps one list, not two.
 */
import type { Uniforms } from '../base/random.ts';
import { RankedSet } from './ranked-set.ts';
import { NONE, RecencyList } from './recency-list.ts';
import type { Replicas } from './replicas.ts';
import type { Routing } from './scenario.ts';

/** More starts than one run ever sees: room for a load above a start order in one double. */
const LOAD_RANK = 2 ** 32;

export class Router {
  readonly byRecency: boolean;
  private readonly routing: Routing;
  private readonly replicas: Replicas;
  private readonly keepsOwnList: boolean;
  private readonly recency: RecencyList;
  private readonly ranked = new RankedSet();
  /** round-robin: the start order of the replica that last began a service. */
  private lastOrder = -1;

  constructor(routing: Routing, replicas: Replicas, idle: RecencyList | null) {
    this.routing = routing;
    this.replicas = replicas;
    this.byRecency = routing === 'most-recent' || routing === 'least-recent';
    this.keepsOwnList = idle === null || !this.byRecency;
    this.recency = idle ?? new RecencyList();
  }

  /** The replica has a free slot: it became ready, or a service ended and nothing took the slot. */
  offer(replica: number, nowUs: number): void {
    if (!this.keepsOwnList) return;
    this.withdraw(replica);
    this.replicas.isOffered[replica] = 1;
    if (this.byRecency) this.recency.append(replica, nowUs);
    else {
      this.replicas.rank[replica] = this.rank(replica);
      this.ranked.insert(replica, this.replicas.rank[replica]!);
    }
  }

  /** A service began on the replica; `full` if that was its last free slot. */
  began(replica: number, full: boolean, nowUs: number): void {
    if (!this.keepsOwnList) return;
    this.lastOrder = this.replicas.order[replica]!;
    if (full) this.withdraw(replica);
    else if (this.routing === 'least-loaded') this.offer(replica, nowUs);
  }

  /** The replica leaves, or is full. */
  withdraw(replica: number): void {
    if (!this.keepsOwnList || this.replicas.isOffered[replica] === 0) return;
    this.replicas.isOffered[replica] = 0;
    if (this.byRecency) this.recency.remove(replica);
    else this.ranked.remove(this.replicas.rank[replica]!);
  }

  /** By last slot event; only where `byRecency`. NONE if no replica has a free slot. */
  pickRecent(): number {
    const { recency } = this;
    const replica = this.routing === 'most-recent' ? recency.last : recency.first;
    if (replica === NONE) return NONE;
    const other =
      this.routing === 'most-recent' ? recency.previous(replica) : recency.next(replica);
    if (other === NONE || recency.sinceUs[other] !== recency.sinceUs[replica]) return replica;
    return this.routing === 'most-recent' ? this.latestStarted() : this.earliestStarted();
  }

  /** By the order of start, load or luck; `luck` is asked for only where routing is random. */
  pickRanked(luck: () => Uniforms): number {
    const { ranked } = this;
    if (ranked.size === 0) return NONE;
    switch (this.routing) {
      case 'newest':
        return ranked.at(ranked.size - 1);
      case 'random':
        return ranked.at(Math.floor(luck().next() * ranked.size));
      case 'round-robin': {
        const next = ranked.placeAfter(this.lastOrder);
        return ranked.at(next < ranked.size ? next : 0);
      }
      default:
        return ranked.at(0);
    }
  }

  /** Of those whose last slot event is the latest, the latest started. */
  private latestStarted(): number {
    const { sinceUs, last } = this.recency;
    const order = this.replicas.order;
    let best = last;
    for (let other = last; other !== NONE; other = this.recency.previous(other)) {
      if (sinceUs[other] !== sinceUs[last]) break;
      if (order[other]! > order[best]!) best = other;
    }
    return best;
  }

  /** Of those whose last slot event is the earliest, the earliest started. */
  private earliestStarted(): number {
    const { sinceUs, first } = this.recency;
    const order = this.replicas.order;
    let best = first;
    for (let other = first; other !== NONE; other = this.recency.next(other)) {
      if (sinceUs[other] !== sinceUs[first]) break;
      if (order[other]! < order[best]!) best = other;
    }
    return best;
  }

  private rank(replica: number): number {
    const order = this.replicas.order[replica]!;
    return this.routing === 'least-loaded'
      ? this.replicas.inService[replica]! * LOAD_RANK + order
      : order;
  }
}
