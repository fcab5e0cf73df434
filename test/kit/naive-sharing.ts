/**
 * Processor sharing, simulated a second time: what every member still has to get, brought down one by one whenever
 * anything happens. Slow, and easy to check by reading.
 */

interface Member {
  readonly id: number;
  readonly resource: number;
  /** In units, as are speeds. */
  left: bigint;
}

/** In whole units and microseconds: what the engine must agree with to the microsecond. */
export class NaiveSharing {
  /** In the order in which they joined. */
  readonly members: Member[] = [];
  private nowUs = 0;

  readonly unit: number;
  readonly speedUnits: (members: number) => number;

  constructor(unit: number, speedUnits: (members: number) => number) {
    this.unit = unit;
    this.speedUnits = speedUnits;
  }

  join(resource: number, id: number, demand: number, nowUs: number): void {
    this.passTo(nowUs);
    this.members.push({ id, resource, left: BigInt(demand) * BigInt(this.unit) });
  }

  leave(id: number, nowUs: number): void {
    this.passTo(nowUs);
    const place = this.members.findIndex((member) => member.id === id);
    this.members.splice(place, 1);
  }

  /** Of each resource what lacks least, of several what joined first; of those the earliest, then what joined first. */
  next(): { id: number; atUs: number; resource: number } | null {
    let best: { id: number; atUs: number; resource: number } | null = null;
    for (const member of this.members) {
      const { resource, left } = member;
      const others = this.members.filter((other) => other.resource === resource);
      const first = others.reduce((a, b) => (b.left < a.left ? b : a));
      if (first !== member) continue;
      const speed = BigInt(this.speedUnits(others.length));
      const missing = left > 0n ? (left + speed - 1n) / speed : 0n;
      const atUs = this.nowUs + Number(missing);
      if (best === null || atUs < best.atUs) best = { id: member.id, atUs, resource };
    }
    return best;
  }

  private passTo(nowUs: number): void {
    const counts = new Map<number, number>();
    for (const { resource } of this.members) {
      counts.set(resource, (counts.get(resource) ?? 0) + 1);
    }
    for (const member of this.members) {
      const speed = this.speedUnits(counts.get(member.resource)!);
      member.left -= BigInt(nowUs - this.nowUs) * BigInt(speed);
    }
    this.nowUs = nowUs;
  }
}

export interface Job {
  readonly atUs: number;
  readonly demandUs: number;
}

/** The ideal in continuous time on one resource: when each job ends. Jobs in order of time. */
export function idealEnds(jobs: readonly Job[], speedOf: (members: number) => number): number[] {
  const ends: number[] = jobs.map(() => Number.NaN);
  const left = new Map<number, number>();
  let nowUs = 0;
  let next = 0;
  while (next < jobs.length || left.size > 0) {
    const speed = left.size > 0 ? speedOf(left.size) : 1;
    const least = Math.min(...left.values());
    const endUs = nowUs + least / speed;
    const arrivalUs = jobs[next]?.atUs ?? Number.POSITIVE_INFINITY;
    const toUs = Math.min(endUs, arrivalUs);
    for (const [job, missing] of left) left.set(job, missing - (toUs - nowUs) * speed);
    nowUs = toUs;
    if (endUs <= arrivalUs) {
      for (const [job, missing] of left) {
        // What is left of the least is what rounding left.
        if (missing > 1e-9 * least) continue;
        ends[job] = nowUs;
        left.delete(job);
      }
    } else {
      left.set(next, jobs[next]!.demandUs);
      next++;
    }
  }
  return ends;
}
