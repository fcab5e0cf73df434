/**
 * A study that was read, checked and laid out as a grid: what simulate and sweep run. `loadStudy` (load.ts) makes one.
 */
import type { Compiled } from './compile.ts';
import type { LeftOut, Varied } from './document.ts';
import type { Axis } from './grid.ts';
import type { Json } from './json.ts';
import type { ReplaySource } from './replay-section.ts';
import type { Objective } from './slo.ts';

/** A flag of its own for one key: `--min 2` is { flag: '--min', path: 'deployment.replicas.min', value: '2' }. */
export interface KeyFlag {
  readonly flag: string;
  readonly path: string;
  readonly value: string;
}

/** `--set`, `--vary` and `--slo` as they were given, each `PATH=VALUE`, `PATH=A,B,C` or an objective. */
export interface Overrides {
  /** Before `set`, which wins. */
  readonly flags?: readonly KeyFlag[];
  readonly set?: readonly string[];
  readonly vary?: readonly string[];
  readonly slo?: readonly string[];
  /** One configuration: the file without its `vary` and `current`. */
  readonly asItStands?: boolean;
  /** A row that its platform cannot be (no price for its GPU, no such model) is left out, not a mistake. */
  readonly leavesMisfitsOut?: boolean;
  /** A range of something with a unit needs no step: it is searched, between its ends. */
  readonly isSearched?: boolean;
  /** Paths whose flags ask for rows beside what runs today, and leave it as the file has it. */
  readonly asksOthers?: readonly string[];
}

/** One row of a sweep. */
export interface GridPoint {
  readonly index: number;
  readonly overrides: Varied;
  /** Made when it is asked for: ask once. */
  readonly compiled: Compiled;
}

export interface LoadedStudy {
  readonly name: string;
  /** The study's map after `--set`: plain data. */
  readonly study: Json;
  /** The paths that vary, in grid order: the columns of a table. */
  readonly varied: readonly string[];
  /** What the grid is the product of. */
  readonly axes: readonly Axis[];
  readonly points: readonly GridPoint[];
  /** The first point of each kind: what is said of a study in general is said of these, not of 100,000 points. */
  readonly kinds: readonly GridPoint[];
  readonly leftOut: readonly LeftOut[];
  /** Index of what runs today among the points. */
  readonly current: number | null;
  /** What must be read before anything can run, each once; `SweepOptions.traces` follows this order. */
  readonly replays: readonly ReplaySource[];
  readonly objectives: readonly Objective[];
  readonly replications: number;
}
