/**
 * The points of a grid, each without what it compiles to: that is made when it is asked for, and the latest are at hand. So
 * 100,000 points are as many small objects, and not the gigabytes of their scenarios.
 */
import type { Compiled } from './compile.ts';
import type { Varied } from './document.ts';
import { poolsOf } from './fleet-section.ts';
import type { GridPoint } from './study.ts';

/** By the number of a row: what a point is made of. */
export interface PointSource {
  readonly overridesOf: (row: number) => Varied;
  readonly compiledOf: (row: number) => Compiled;
}

/** Compiled points that are kept: more than a screen names. */
const MOST_AT_HAND = 256;

export class Points {
  readonly #source: PointSource;
  /** The latest last. */
  readonly #atHand = new Map<number, Compiled>();

  constructor(source: PointSource) {
    this.#source = source;
  }

  /** @param compiled where it has just been made */
  point(index: number, row: number, compiled: Compiled): GridPoint {
    this.#keep(row, compiled);
    return new Point(index, row, this);
  }

  overridesOf(row: number): Varied {
    return this.#source.overridesOf(row);
  }

  compiledOf(row: number): Compiled {
    const known = this.#atHand.get(row) ?? this.#source.compiledOf(row);
    this.#keep(row, known);
    return known;
  }

  #keep(row: number, compiled: Compiled): void {
    this.#atHand.delete(row);
    this.#atHand.set(row, compiled);
    if (this.#atHand.size <= MOST_AT_HAND) return;
    for (const oldest of this.#atHand.keys()) {
      this.#atHand.delete(oldest);
      return;
    }
  }
}

class Point implements GridPoint {
  readonly index: number;
  readonly #row: number;
  readonly #points: Points;

  constructor(index: number, row: number, points: Points) {
    this.index = index;
    this.#row = row;
    this.#points = points;
  }

  get overrides(): Varied {
    return this.#points.overridesOf(this.#row);
  }

  get compiled(): Compiled {
    return this.#points.compiledOf(this.#row);
  }
}

/** Overrides whose values are named where a study is described. */
const NAMED = [
  'deployment.platform',
  'deployment.gpu',
  'deployment.model',
  'billing.plan',
  'billing.kind',
];

/**
 * Equal for points of which the same is said in general: their traffic, platforms, prices and sources, and which keys they
 * set. What they differ in are numbers of their pools.
 */
export function kindOf(overrides: Varied, compiled: Compiled): string {
  const { workload, replay, startAtEpochUs, measure, seed, fleet } = compiled;
  return JSON.stringify([
    Object.keys(overrides),
    NAMED.map((path) => overrides[path]),
    [workload, replay, startAtEpochUs, measure, seed],
    fleet?.account != null,
    poolsOf(compiled).map(({ platform, billing, pool, figures }) => [
      [platform?.id, billing?.gpu],
      [pool.control?.retires, pool.overheadUs, pool.slotOverheadUs],
      [pool.slotSpeed, pool.serviceLaw],
      figures.map(({ owner, path }) => [owner, path]),
    ]),
  ]);
}
