/** GPUs of an account: how many all its pools' replicas may take, starting and draining ones too. */

export class Quota {
  readonly gpus: number;
  readonly gpusPerReplica: readonly number[];
  used = 0;
  /** Of what a pool holds, by its place; what it has given back within an event is counted when the event is over. */
  private readonly held: Float64Array;
  private upTo: number;

  /** @param gpusPerReplica by the pools' places */
  constructor(gpus: number, gpusPerReplica: readonly number[]) {
    this.gpus = gpus;
    this.gpusPerReplica = gpusPerReplica;
    this.held = new Float64Array(gpusPerReplica.length);
    this.upTo = gpus;
  }

  /** Whether so many more replicas of a pool are allowed now. */
  has(place: number, replicas = 1): boolean {
    return this.used + replicas * this.gpusPerReplica[place]! <= this.upTo;
  }

  take(place: number): void {
    const gpus = this.gpusPerReplica[place]!;
    this.used += gpus;
    this.held[place]! += gpus;
  }

  /** @returns whether the pool has given any back */
  settle(place: number, replicas: number): boolean {
    const gpus = replicas * this.gpusPerReplica[place]!;
    const givenBack = this.held[place]! - gpus;
    if (givenBack === 0) return false;
    this.used -= givenBack;
    this.held[place] = gpus;
    return true;
  }

  /** While `action` runs, one more replica of the pool is allowed and no other. */
  whileOne(place: number, action: () => void): void {
    this.upTo = this.used + this.gpusPerReplica[place]!;
    action();
    this.upTo = this.gpus;
  }
}
