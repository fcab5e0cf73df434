/**
 * The idle replicas and when the next of them may leave. Those that served and those that never did wait in lists of
 * their own where their windows differ; each list is in the order in which its windows began, so its first leaves first.
 */
import { grown } from './indexed-heap.ts';
import { NONE, RecencyList } from './recency-list.ts';
import { type Replicas, UNUSED } from './replicas.ts';

export class IdleReplicas {
  /** All idle replicas in the order of becoming idle, where there is but one window. */
  readonly only: RecencyList | null;
  private readonly replicas: Replicas;
  private readonly served = new RecencyList();
  private readonly unused: RecencyList;
  private readonly windowUs: number;
  private readonly unusedWindowUs: number;
  private readonly unusedFrom: 'ready' | 'start';
  /** Of two lists: how many had become idle before each. */
  private order = new Float64Array(16);
  private joined = 0;

  constructor(
    replicas: Replicas,
    windowUs: number,
    unusedWindowUs: number,
    unusedFrom: 'ready' | 'start',
  ) {
    this.unusedFrom = unusedFrom;
    this.replicas = replicas;
    this.windowUs = windowUs;
    this.unusedWindowUs = unusedWindowUs;
    const alike = windowUs === unusedWindowUs && unusedFrom === 'ready';
    this.unused = alike ? this.served : new RecencyList();
    this.only = this.unused === this.served ? this.served : null;
  }

  /** Makes room for a replica. */
  reserve(replica: number): void {
    this.served.reserve(replica);
    this.unused.reserve(replica);
    if (replica >= this.order.length) this.order = grown(this.order, replica + 1);
  }

  add(replica: number, nowUs: number): void {
    const { replicas, unusedFrom } = this;
    if (unusedFrom === 'start' && replicas.state[replica] === UNUSED) {
      this.unused.insert(replica, replicas.startUs[replica]!);
    } else this.listOf(replica).append(replica, nowUs);
    if (this.only === null) this.order[replica] = this.joined++;
  }

  remove(replica: number): void {
    this.listOf(replica).remove(replica);
  }

  /** The longest idle, whatever its window; NONE if none is idle. */
  longest(): number {
    const first = this.served.first;
    if (this.only !== null) return first;
    const other = this.unused.first;
    if (first === NONE || other === NONE) return first === NONE ? other : first;
    return this.order[other]! < this.order[first]! ? other : first;
  }

  /** When the next idle window ends, be it in the past (the floor held it); Infinity if none is idle. */
  nextEndUs(): number {
    const first = this.served.first;
    const endUs =
      first === NONE ? Number.POSITIVE_INFINITY : this.served.sinceUs[first]! + this.windowUs;
    return this.only === null ? Math.min(endUs, this.unusedEndUs()) : endUs;
  }

  /**
   * Which leaves now: of those whose window ended before, the first to have become idle; else of those whose window ends
   * now. `nextEndUs` must have come.
   */
  nextToLeave(nowUs: number): number {
    const first = this.served.first;
    if (this.only !== null) return first;
    const other = this.unused.first;
    if (other === NONE || this.unusedEndUs() > nowUs) return first;
    if (first === NONE || this.served.sinceUs[first]! + this.windowUs > nowUs) return other;
    const firstIsOverdue = this.served.sinceUs[first]! + this.windowUs < nowUs;
    const otherIsOverdue = this.unusedEndUs() < nowUs;
    if (firstIsOverdue !== otherIsOverdue) return firstIsOverdue ? first : other;
    return this.order[other]! < this.order[first]! ? other : first;
  }

  private unusedEndUs(): number {
    const first = this.unused.first;
    return first === NONE
      ? Number.POSITIVE_INFINITY
      : this.unused.sinceUs[first]! + this.unusedWindowUs;
  }

  private listOf(replica: number): RecencyList {
    return this.replicas.state[replica] === UNUSED ? this.unused : this.served;
  }
}
