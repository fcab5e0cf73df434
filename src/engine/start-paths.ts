/**
 * Which way a start takes: a replica that left a moment ago is revived, a snapshot is restored, a node has the weights
 * cached, or everything comes from afar. The ways are a ladder: the first whose chance comes up is taken, else the start
 * phases as they stand. How many starts took each, and how long they took, is part of the result.
 */
import { assert } from '../base/errors.ts';
import type { Uniforms } from '../base/random.ts';
import type { Distribution } from './distribution.ts';
import { ExactSum } from './exact-sum.ts';
import { grown } from './indexed-heap.ts';

export interface StartPath {
  readonly name: string;
  /** That a start which took none of the paths before takes this one, from 0 to 1. */
  readonly chance: number;
  /** One for each start phase of the scenario; a phase that this path lacks is fixed at 0. */
  readonly phases: readonly Distribution[];
}

export interface PathCounts {
  readonly name: string;
  /** Starts that took the path. */
  readonly starts: number;
  /** Those of them that became ready, and the time they took in all. */
  readonly ready: number;
  readonly tookUs: bigint;
}

export class StartPaths {
  /** Whether the path is a matter of luck: then each start has one uniform for it, used or not. */
  readonly drawsPath: boolean;
  private readonly paths: readonly StartPath[];
  /** By phase: the uniforms of the greediest path. */
  private readonly uniforms: readonly number[];
  private readonly departed: Departures | null;
  private readonly starts: Float64Array;
  private readonly ready: Float64Array;
  private readonly took: readonly ExactSum[];

  /**
   * @param shortcuts tried in order before the start phases as they stand
   * @param reviveWithinUs if above 0, the first shortcut needs a replica that left at most so long ago; each is revived
   * once, the last that left first
   */
  constructor(
    shortcuts: readonly StartPath[],
    reviveWithinUs: number,
    startPhases: readonly { readonly time: Distribution }[],
  ) {
    assert(reviveWithinUs === 0 || shortcuts.length > 0, 'what is revived takes a path of its own');
    const phases = startPhases.map(({ time }) => time);
    const paths = [...shortcuts, { name: 'cold', chance: 1, phases }];
    assert(
      paths.every((path) => path.phases.length === phases.length),
      'every path goes through all phases',
    );
    this.paths = paths;
    this.drawsPath = shortcuts.some(({ chance }) => chance > 0 && chance < 1);
    this.uniforms = phases.map((_, phase) =>
      Math.max(...paths.map((path) => path.phases[phase]!.uniformsPerDraw)),
    );
    this.departed = reviveWithinUs > 0 ? new Departures(reviveWithinUs) : null;
    this.starts = new Float64Array(paths.length);
    this.ready = new Float64Array(paths.length);
    this.took = paths.map(() => new ExactSum());
  }

  /** Whether the phases take any luck. */
  get drawsPhases(): boolean {
    return this.uniforms.some((count) => count > 0);
  }

  /** A replica that was ready has left: it may be revived. */
  departs(nowUs: number): void {
    this.departed?.add(nowUs);
  }

  /**
   * The way that a start takes.
   * @param u its uniform; any number where `drawsPath` is false
   */
  choose(nowUs: number, u: number): number {
    const { paths, departed } = this;
    let path = 0;
    let left = u;
    for (; path < paths.length - 1; path++) {
      if (path === 0 && departed !== null && !departed.has(nowUs)) continue;
      const { chance } = paths[path]!;
      if (chance === 1 || left < chance) break;
      // Not taken: what is left of the uniform is one again.
      left = (left - chance) / (1 - chance);
    }
    if (path === 0 && departed !== null) departed.takeLast();
    this.starts[path]!++;
    return path;
  }

  /**
   * Draws how long the phases of a path take, in whole microseconds. Each phase takes the uniforms of the path that takes
   * most: so a start has the same luck in a phase whatever its path, in every configuration.
   * @param phaseUs filled from `from` on
   */
  draw(path: number, luck: Uniforms, phaseUs: Float64Array, from: number): void {
    const { phases } = this.paths[path]!;
    for (let phase = 0; phase < phases.length; phase++) {
      const time = phases[phase]!;
      phaseUs[from + phase] = Math.round(time.sample(luck));
      for (let left = this.uniforms[phase]! - time.uniformsPerDraw; left > 0; left--) luck.next();
    }
  }

  /** @param tookUs from the start to now, whatever made it longer */
  becomesReady(path: number, tookUs: number): void {
    this.ready[path]!++;
    this.took[path]!.add(tookUs);
  }

  /** In the order in which paths are tried; the start phases as they stand are `cold`. */
  counts(): readonly PathCounts[] {
    return this.paths.map(({ name }, path) => ({
      name,
      starts: this.starts[path]!,
      ready: this.ready[path]!,
      tookUs: this.took[path]!.value(),
    }));
  }
}

/** The times at which replicas left that may still be revived: a stack, what is too old falling out at its bottom. */
class Departures {
  private readonly withinUs: number;
  private atUs = new Float64Array(16);
  private bottom = 0;
  private top = 0;

  constructor(withinUs: number) {
    this.withinUs = withinUs;
  }

  add(nowUs: number): void {
    while (this.bottom < this.top && nowUs - this.atUs[this.bottom]! > this.withinUs) this.bottom++;
    if (this.top === this.atUs.length) {
      // Moved down while half is free, so that a long run needs no more room than its longest stack.
      if (2 * this.bottom < this.top) this.atUs = grown(this.atUs, this.top + 1);
      this.atUs.copyWithin(0, this.bottom, this.top);
      this.top -= this.bottom;
      this.bottom = 0;
    }
    this.atUs[this.top++] = nowUs;
  }

  /** Whether the last that left is not too long ago: else all others are too. */
  has(nowUs: number): boolean {
    return this.bottom < this.top && nowUs - this.atUs[this.top - 1]! <= this.withinUs;
  }

  takeLast(): void {
    this.top--;
  }
}
