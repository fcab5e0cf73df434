/** What travels to a thread and back: plain data only. A thread compiles by itself, with the shared trace columns. */
import type { FleetTotals } from '../engine/fleet.ts';
import type { RunTotals } from '../engine/totals.ts';
import type { Trace } from '../workload/trace.ts';
import type { Result, Varied } from './document.ts';
import type { Json } from './json.ts';

/** One configuration of a batch: the study with these overrides. */
export interface TaskConfiguration {
  /** In the grid; outcomes carry it back. */
  readonly index: number;
  readonly overrides: Varied;
  /** Which of the shared traces it replays, the task's own counted after them; null for made traffic. */
  readonly trace: number | null;
}

/** Configurations that are run together, over all replications: one making of a trace feeds them all. */
export interface BatchTask {
  readonly id: number;
  readonly name: string;
  /** The study's map, after `--set`. */
  readonly study: Json;
  readonly configurations: readonly TaskConfiguration[];
  /** Traces that were not there when the threads began; their columns lie in shared memory. */
  readonly moreTraces: readonly Trace[];
  /** Added to the study's seed: empty, or `/confirm/1`. */
  readonly seedSuffix: string;
  /** In place of the study's replications, where given. */
  readonly replications: number | null;
  /** Length of a time line's intervals; 0 for none. */
  readonly timelineUs: number;
  /** Only what arrives before then, as if the workload ended there; null for all. */
  readonly untilUs: number | null;
  /** See BindOptions. */
  readonly hourly: boolean;
  readonly countsHours: boolean;
  /** A share of the work, whose totals come back as they are; null for all, as outcomes. */
  readonly part: Share | null;
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Replications [from, to), and of a fleet that nothing ties these deployments; null for all of them. */
export interface Share extends Range {
  readonly deployments: Range | null;
}

/** The extremes over all replications that prove a limit was never reached. */
export interface Reached {
  readonly replicas: number;
  readonly waiting: number;
  readonly queueUs: number;
  readonly serviceUs: number;
  readonly latencyUs: number;
}

/** What one configuration came to. JSON-safe: a stream of these on disk is what `--resume` reads back. */
export interface Outcome {
  readonly index: number;
  readonly result: Result;
  readonly reached: Reached;
  /** Over all that arrived, failed ones infinitely late; null where it is infinite, or nothing arrived. */
  readonly p99AllArrivedS: number | null;
  /** By objective, then by replication: the share or figure that the objective compares. */
  readonly perReplication: readonly (readonly (number | null)[])[];
  /** By the path of the figure, then by replication: what comparisons pair. */
  readonly each: Readonly<Record<string, readonly (number | null)[]>>;
}

/** What some replications of one configuration counted. */
export interface Part {
  readonly index: number;
  readonly totals: readonly RunTotals[];
  /** The same of fleets, with their pools; empty where there is one pool. */
  readonly fleets: readonly FleetTotals[];
  /** Where the configuration's meters begin among those of the run. */
  readonly firstMeter: number;
  readonly seconds: number;
  readonly requests: number;
}

export interface BatchResult {
  readonly id: number;
  readonly outcomes: readonly Outcome[];
  /** In place of outcomes where the task was a part. */
  readonly parts: readonly Part[];
}

/**
 * Outcomes by the hash of the compiled configuration, the trace and the version: a Map, or a journal on disk, which has
 * those of an earlier run too.
 */
export interface OutcomeStore {
  has(key: string): boolean;
  get(key: string): Outcome | undefined;
  set(key: string, outcome: Outcome): unknown;
}

export interface BatchHooks {
  /** Called as soon as a batch is finished, in any order. */
  readonly onBatch: (batch: BatchResult) => void;
  /** Request-runs done since the last call: rows of the trace x configurations. */
  readonly onProgress: (requestRuns: number) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Runs all tasks, somewhere, in any order; rejects if one fails. Tasks are made as they are asked for: ask when one can
 * begin. The node layer gives one over threads.
 */
export type RunBatches = (tasks: Iterable<BatchTask>, hooks: BatchHooks) => Promise<void>;
