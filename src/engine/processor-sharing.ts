/**
 * Equal shares: the members of a resource (the requests on a replica, the starts that load over a link) all advance at one
 * speed, which depends on how many they are. A virtual clock a resource: it advances at that speed, and a member with
 * demand d that joins when it shows V leaves when it shows V + d. So a join or a leave moves one entry, not all, and a
 * resource has one pending end.
 *
 * Everything is an integer. The clock shows wholes and a fraction in units of 1 / `unit`; speeds are whole units a
 * microsecond, so it is exact whatever joins and leaves. A member ends at the first microsecond at which it has what it
 * demanded: it gets d + o, where o is less than what one microsecond gives, and the run is the exact sharing of the demands
 * d + o. Nothing adds up over members or time. Alone at speed 1 a member ends exactly at its begin + d.
 */
import { assert } from '../base/errors.ts';
import { ZERO_US } from '../base/units.ts';
import { ExactSum } from './exact-sum.ts';
import { HeapForest } from './heap-forest.ts';
import { grown, IndexedHeap } from './indexed-heap.ts';
import { NONE } from './recency-list.ts';

/** Fractions by up to 10 have this for a denominator; a power of ten times it, decimals too. */
const DIVISIBLE = 2520;

/** The demand served in a microsecond to each of `members`, above 0. */
export type SpeedRule = (members: number) => number;

export class ProcessorSharing {
  /** When the next member ends, and where; Infinity and NONE where there is none. */
  nextUs = Number.POSITIVE_INFINITY;
  nextResource = NONE;
  /** What the last that ended got beyond its demand, in units. */
  beyondUnits = 0;

  /** Units of the clock in one of demand; a speed is rounded to one of them. */
  readonly unit: number;
  private readonly speedOf: SpeedRule;
  private readonly fastestUnits: number;
  /** By the number of members: units a microsecond. */
  private speedUnits = new Float64Array(1);

  private size = new Int32Array(16);
  private root = new Int32Array(16).fill(NONE);
  /** When the clock of a resource was read last, and what it showed. */
  private readUs = new Float64Array(16);
  private whole = new Float64Array(16);
  private fraction = new Float64Array(16);

  private demand = new Float64Array(16);
  private resourceOf = new Int32Array(16);
  private readonly members = new HeapForest();
  private readonly ends = new IndexedHeap();
  private joined = ZERO_US;
  private readonly given = new ExactSum();
  private readonly received = new ExactSum();

  /**
   * @param speedOf rounded to the nearest of `unit`, once for each number of members
   * @param fastest the largest that `speedOf` returns
   */
  constructor(speedOf: SpeedRule, fastest: number) {
    // The finest with which a product of speed and time still fits: a part of 25 million at speed 1, of 2.5 million at 1000.
    let unit = DIVISIBLE;
    while (fastest * (10 * unit) ** 2 <= 2 ** 52) unit *= 10;
    assert(fastest * unit ** 2 <= 2 ** 52, 'speeds that are shared are at most 700 million');
    this.speedOf = speedOf;
    this.unit = unit;
    this.fastestUnits = Math.round(fastest * unit);
  }

  /** How many share a resource. */
  count(resource: number): number {
    return resource < this.size.length ? this.size[resource]! : 0;
  }

  /** The member of a resource that ends first as things are, or NONE. */
  first(resource: number): number {
    return resource < this.root.length ? this.root[resource]! : NONE;
  }

  /** The place of a member in the order of joining: first in, first out, at one time. */
  turnOf(member: number): number {
    return this.members.turn[member]!;
  }

  /** Whether a member has what it demanded, now: at one time it may be over and its end not come to its turn. */
  isDone(member: number, nowUs: number): boolean {
    const resource = this.resourceOf[member]!;
    this.read(resource, nowUs);
    return this.unitsBeyond(resource, member) >= 0;
  }

  /**
   * @param member an id that shares nothing now
   * @param demand a whole number, 0 or more
   */
  join(resource: number, member: number, demand: number, nowUs: number): void {
    this.reserve(resource, member);
    this.read(resource, nowUs);
    this.demand[member] = demand;
    this.resourceOf[member] = resource;
    const { members } = this;
    members.key[member] = this.whole[resource]! + demand;
    members.part[member] = this.fraction[resource]!;
    members.turn[member] = this.joined++;
    this.root[resource] = members.insert(this.root[resource]!, member);
    this.size[resource]!++;
    this.schedule(resource);
  }

  /** A member goes before its end. */
  leave(member: number, nowUs: number): void {
    const resource = this.resourceOf[member]!;
    this.read(resource, nowUs);
    this.takeOut(resource, member);
  }

  /** Ends the next member, at `nextUs`. Of several at one time, on several resources, the first that joined. */
  pop(): number {
    const resource = this.nextResource;
    this.read(resource, this.nextUs);
    const member = this.root[resource]!;
    this.beyondUnits = this.unitsBeyond(resource, member);
    this.takeOut(resource, member);
    assert(
      this.beyondUnits >= 0 && this.beyondUnits < this.fastestUnits,
      'what ends has its demand, and less than a microsecond more',
    );
    return member;
  }

  /** What resources gave, and members that went got, in units, for an identity: equal while nothing is shared. */
  balance(): { readonly given: bigint; readonly received: bigint } {
    return { given: this.given.value(), received: this.received.value() };
  }

  private takeOut(resource: number, member: number): void {
    const { key, part } = this.members;
    this.received.addProduct(
      this.whole[resource]! - key[member]! + this.demand[member]!,
      this.unit,
    );
    this.received.add(this.fraction[resource]! - part[member]!);
    this.root[resource] = this.members.remove(this.root[resource]!, member);
    if (--this.size[resource]! === 0) {
      this.whole[resource] = 0;
      this.fraction[resource] = 0;
    }
    this.schedule(resource);
  }

  /** Brings the clock of a resource up to now. */
  private read(resource: number, nowUs: number): void {
    const passedUs = nowUs - this.readUs[resource]!;
    this.readUs[resource] = nowUs;
    const size = this.size[resource]!;
    if (passedUs === 0 || size === 0) return;
    const speed = this.speed(size);
    this.given.addProduct(passedUs, size * speed);
    const { unit } = this;
    const rounds = Math.floor(passedUs / unit);
    const units = this.fraction[resource]! + (passedUs - rounds * unit) * speed;
    const wholes = Math.floor(units / unit);
    this.whole[resource]! += rounds * speed + wholes;
    this.fraction[resource] = units - wholes * unit;
  }

  /** Finds the end of the first of a resource anew: the others follow it. */
  private schedule(resource: number): void {
    const { ends } = this;
    if (ends.has(resource)) ends.remove(resource);
    const first = this.root[resource]!;
    if (first !== NONE) {
      ends.insert(
        resource,
        this.readUs[resource]! + this.untilEndUs(resource),
        this.members.turn[first]!,
      );
    }
    this.nextUs = ends.topKey;
    this.nextResource = ends.top();
  }

  /** The least whole number of microseconds that gives the first of a resource what it misses. */
  private untilEndUs(resource: number): number {
    const first = this.root[resource]!;
    const { unit } = this;
    const speed = this.speed(this.size[resource]!);
    const wholes = this.members.key[first]! - this.whole[resource]!;
    const rounds = Math.floor(wholes / speed);
    const units =
      (wholes - rounds * speed) * unit + this.members.part[first]! - this.fraction[resource]!;
    return Math.max(0, rounds * unit + Math.ceil(units / speed));
  }

  /** What a member of a resource has got beyond its demand; below 0 as long as something is missing. */
  private unitsBeyond(resource: number, member: number): number {
    const wholes = this.whole[resource]! - this.members.key[member]!;
    return wholes * this.unit + (this.fraction[resource]! - this.members.part[member]!);
  }

  private speed(members: number): number {
    const { speedUnits } = this;
    if (members < speedUnits.length) return speedUnits[members]!;
    this.speedUnits = grown(speedUnits, members + 1);
    for (let n = speedUnits.length; n < this.speedUnits.length; n++) {
      const units = Math.round(this.speedOf(n) * this.unit);
      assert(units <= this.fastestUnits, 'no speed is above the fastest');
      // A share that no unit is small enough for: the smallest.
      this.speedUnits[n] = Math.max(1, units);
    }
    return this.speedUnits[members]!;
  }

  private reserve(resource: number, member: number): void {
    if (resource >= this.size.length) {
      const before = this.size.length;
      this.size = grown(this.size, resource + 1);
      const length = this.size.length;
      this.root = grown(this.root, length).fill(NONE, before);
      this.readUs = grown(this.readUs, length);
      this.whole = grown(this.whole, length);
      this.fraction = grown(this.fraction, length);
    }
    if (member >= this.demand.length) {
      this.demand = grown(this.demand, member + 1);
      this.resourceOf = grown(this.resourceOf, this.demand.length);
      this.members.reserve(this.demand.length - 1);
    }
  }
}
