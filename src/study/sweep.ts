/**
 * A sweep: which configurations run, in which order and where; what is proved or resumed instead; what stands out. Outcomes
 * go to their store as they finish; of each row a few figures stay.
 */
import { assert, UserError } from '../base/errors.ts';
import { US_PER_H } from '../base/units.ts';
import { expectedTimeUs } from '../workload/synthesis/arrivals.ts';
import { AS_STUDIED, type BindOptions, type Bound, runKey } from './bind.ts';
import { firstToHold, freshLuck } from './confirm.ts';
import { digestText } from './digest.ts';
import type { Confirmation, Result, SweepDocument } from './document.ts';
import { cheapestFirst, frontOf } from './front.ts';
import { Numbering } from './group.ts';
import { type Bench, benchOf, type Job, jobOf } from './job.ts';
import { ProofPlanner, proofOf } from './proof.ts';
import { type RowFigures, RowTable, Shared, type Swept } from './row-figures.ts';
import { type Entry, type Layout, Runner, type RunnerHooks, type RunnerOptions } from './runner.ts';
import { stepsOf } from './steps.ts';
import type { LoadedStudy } from './study.ts';
import type { Outcome, OutcomeStore, Reached } from './task.ts';
import { isNamedAlike } from './today.ts';
import { othersTurn } from './turn.ts';

export interface SweepOptions extends RunnerOptions {
  /** coldfront's own version: part of the key by which finished outcomes are found again. */
  readonly version: string;
  /** Takes each outcome as soon as it is there, and has those of an earlier, unfinished sweep. Left out: a Map. */
  readonly outcomes?: OutcomeStore;
  readonly onProgress?: (progress: SweepProgress) => void;
  /** Length of a time line's intervals in the results; 0 or left out for none. */
  readonly timelineUs?: number;
  /** Whether results keep what they came to by the hour of the clock. */
  readonly hourly?: boolean;
}

export interface SweepProgress {
  readonly configurations: number;
  /** Finished: run, resumed or proved equal. */
  readonly done: number;
  readonly provedEqual: number;
  readonly resumed: number;
  /** Rows of traces fed to configurations so far, and seconds of the event loop that finished ones took. */
  readonly requestRuns: number;
  readonly engineSeconds: number;
  readonly phase: 'plan' | 'grid' | 'confirm';
}

/** A study of one configuration. @throws UserError if it has several, or where the trace does not fit */
export async function simulate(loaded: LoadedStudy, options: SweepOptions): Promise<Result> {
  const { points } = loaded;
  if (points.length !== 1) {
    throw new UserError(
      `${loaded.name} has ${points.length} configurations: \`coldfront sweep\` runs them`,
    );
  }
  const sweep = new Sweep(loaded, options);
  await sweep.run();
  return sweep.resultAt(0);
}

/**
 * A sweep of any size: results stay in the store and are read from there.
 * @throws UserError where the traces do not fit the study, the signal's reason if it is aborted
 */
export async function sweepGrid(loaded: LoadedStudy, options: SweepOptions): Promise<Swept> {
  const sweep = new Sweep(loaded, options);
  await sweep.run();
  const { rows, current } = sweep;
  const { confirmations, cheapest } = await sweep.confirm(cheapestFirst(rows));
  const front = frontOf(rows, sweep.p99AllArrivedS);
  return {
    schema: 'coldfront.sweep.v1',
    name: loaded.name,
    results: rows,
    leftOut: loaded.leftOut,
    front,
    steps: stepsOf(front, (index) => sweep.resultAt(index)),
    cheapestWithinSlo: cheapest,
    current,
    confirmations,
    resultAt: (index) => sweep.resultAt(index),
  };
}

/** A sweep with all its results. @throws as `sweepGrid` */
export async function runSweep(loaded: LoadedStudy, options: SweepOptions): Promise<SweepDocument> {
  const { resultAt, ...swept } = await sweepGrid(loaded, options);
  return { ...swept, results: swept.results.map((_, index) => resultAt(index)) };
}

const NO_TRACE = -1;

/** How long a thread may go on without a turn for others. */
const TURN_EVERY_S = 0.1;

class Sweep {
  /** By row: of all that arrived, infinite among failed requests. */
  readonly p99AllArrivedS: Float64Array;
  readonly #loaded: LoadedStudy;
  readonly #options: SweepOptions;
  readonly #how: BindOptions;
  readonly #bench: Bench;
  readonly #runner: Runner;
  readonly #outcomes: OutcomeStore;
  readonly #table: RowTable;
  #rows: readonly RowFigures[];
  readonly #proofs = new ProofPlanner();
  /** What runs today among the rows: a row after the grid, or one of the grid that comes to the same. */
  #current: number | null;
  /** By row: its key; which rows one run serves; which the same chunks feed; its trace; what its result rests on. */
  readonly #keys: string[] = [];
  readonly #runs: Int32Array;
  readonly #feeds: Int32Array;
  readonly #traces: Int32Array;
  readonly #warnings: Int32Array;
  readonly #warningsOf = new Shared<readonly string[]>();
  /** Rows that may prove others, and how far those that have run went. */
  readonly #provers = new Set<number>();
  readonly #reached = new Map<number, Reached>();
  #isDrawn = false;
  readonly #progress = { done: 0, provedEqual: 0, resumed: 0, requestRuns: 0, engineSeconds: 0 };
  #phase: SweepProgress['phase'] = 'plan';

  constructor(loaded: LoadedStudy, options: SweepOptions) {
    const count = loaded.points.length;
    this.#loaded = loaded;
    this.#options = options;
    this.#current = loaded.current;
    this.#how = {
      ...AS_STUDIED,
      timelineUs: options.timelineUs ?? 0,
      hourly: options.hourly ?? false,
      countsHours: countsHours(loaded, options),
    };
    this.#bench = benchOf(loaded, options.traces, options.version);
    this.#runner = new Runner(loaded, options);
    this.#outcomes = options.outcomes ?? new Map<string, Outcome>();
    this.#table = new RowTable(count, (index) => loaded.points[index]!.overrides);
    this.#rows = this.#table.rows;
    this.p99AllArrivedS = new Float64Array(count);
    this.#runs = new Int32Array(count);
    this.#feeds = new Int32Array(count);
    this.#traces = new Int32Array(count);
    this.#warnings = new Int32Array(count);
  }

  /** In grid order, once all have run. */
  get rows(): readonly RowFigures[] {
    return this.#rows;
  }

  get current(): number | null {
    return this.#current;
  }

  resultAt(index: number): Result {
    const { provedEqualTo } = this.rows[index]!;
    const outcome = this.#outcomes.get(this.#keys[provedEqualTo ?? index]!);
    assert(outcome !== undefined, `configuration ${index} has no outcome`);
    return this.#named(index, outcome.result, provedEqualTo);
  }

  async run(): Promise<void> {
    await this.#plan();
    this.#phase = 'grid';
    const plan = this.#proofs.plan();
    for (const provers of plan.provers.values()) {
      for (const { index } of provers) this.#provers.add(index);
    }
    const layout: Layout<number> = {
      runOf: (index) => this.#runs[index],
      feedOf: (index) => this.#feeds[index],
      entryOf: (index) => this.#entry(index),
      boundOf: (index) => this.#job(index).bound,
    };
    for (const wave of plan.waves) {
      const toRun: number[] = [];
      const awaited = new Map<string, number[]>();
      for (const index of wave) {
        const prover = proofOf(index, plan, (other) => this.#reached.get(other));
        const key = this.#keys[index]!;
        if (prover !== null) this.#prove(index, prover);
        else if (this.#outcomes.has(key)) {
          this.#count('resumed');
          this.#take(index, this.#outcomes.get(key)!);
        } else if (awaited.has(key)) awaited.get(key)!.push(index);
        else {
          awaited.set(key, [index]);
          toRun.push(index);
        }
        await this.#turn();
      }
      this.#report();
      const hooks = this.#hooks((outcome) => {
        const key = this.#keys[outcome.index]!;
        this.#outcomes.set(key, outcome);
        // Rows that are the same in all that matters share their outcome.
        for (const index of awaited.get(key)!) {
          this.#count('done');
          this.#take(index, outcome);
        }
      });
      await this.#runner.runAll(toRun, layout, hooks);
    }
    assert(this.#progress.done === this.rows.length, 'a configuration has no outcome');
  }

  /** @param candidates those that met the SLO, cheapest first */
  async confirm(candidates: readonly number[]): Promise<{
    readonly confirmations: readonly Confirmation[] | null;
    readonly cheapest: number | null;
  }> {
    const { objectives, replications } = this.#loaded;
    if (!this.#isDrawn || objectives.length === 0) {
      return { confirmations: null, cheapest: candidates[0] ?? null };
    }
    this.#phase = 'confirm';
    const { held, confirmations } = await firstToHold(candidates, objectives, async (index, j) => {
      const job = this.#job(index, { ...AS_STUDIED, ...freshLuck(j, replications) });
      if (job.bound.drawn.length === 0) return null;
      return this.#outcomes.get(job.key) ?? (await this.#runOne(job));
    });
    return { confirmations, cheapest: held };
  }

  /** Every row bound once: what is wrong is said before anything runs, and what each needs is noted. */
  async #plan(): Promise<void> {
    const runs = new Numbering<string>();
    const feeds = new Numbering<Bound['workload']>();
    for (const index of this.#loaded.points.keys()) {
      const { key, bound, configuration } = this.#job(index);
      if (index === this.#loaded.current && this.#isInGrid(key)) break;
      this.#keys.push(key);
      this.#proofs.add(bound);
      this.#runs[index] = runs.of(digestText(runKey(bound)));
      this.#feeds[index] = feeds.of(bound.workload);
      this.#traces[index] = configuration.trace ?? NO_TRACE;
      this.#warnings[index] = this.#warningsOf.numberOf(bound.warnings);
      this.#isDrawn ||= bound.drawn.length > 0;
      await this.#turn();
    }
  }

  /** Whether a row of the grid is what runs today, be it by other words: then it is that row, and none comes after the grid. */
  #isInGrid(key: string): boolean {
    const { study, points, current } = this.#loaded;
    const today = points[current!]!.overrides;
    const same = this.#keys.findIndex(
      (other, index) => other === key && isNamedAlike(study, points[index]!.overrides, today),
    );
    if (same < 0) return false;
    this.#current = same;
    this.#rows = this.#rows.slice(0, -1);
    return true;
  }

  /** What a thread needs to know of a row. */
  #entry(index: number): Entry {
    const { overrides } = this.#loaded.points[index]!;
    const trace = this.#traces[index]!;
    const configuration = { index, overrides, trace: trace === NO_TRACE ? null : trace };
    return { configuration, ownTrace: null, how: this.#how };
  }

  #job(index: number, how = this.#how): Job {
    return jobOf(this.#bench, this.#loaded.points[index]!, how);
  }

  #hooks(take: (outcome: Outcome) => void): RunnerHooks {
    return {
      onOutcome: (outcome) => {
        this.#progress.engineSeconds += outcome.result.engine.seconds;
        take(outcome);
        this.#report();
      },
      onProgress: (requestRuns) => {
        this.#progress.requestRuns += requestRuns;
        this.#report();
      },
    };
  }

  async #runOne(job: Job): Promise<Outcome> {
    let found: Outcome | null = null;
    await this.#runner.run(
      [job],
      this.#hooks((outcome) => {
        this.#outcomes.set(job.key, outcome);
        found = outcome;
      }),
    );
    assert(found !== null, 'a candidate without an outcome');
    return found;
  }

  #take(index: number, { result, reached, p99AllArrivedS }: Outcome): void {
    this.#table.take(index, this.#named(index, result, null));
    this.p99AllArrivedS[index] = p99AllArrivedS ?? Number.POSITIVE_INFINITY;
    if (this.#provers.has(index)) this.#reached.set(index, reached);
  }

  #prove(index: number, prover: number): void {
    this.#count('provedEqual');
    const run = this.rows[prover]!.provedEqualTo ?? prover;
    this.#table.copy(run, index, { provedEqualTo: run, warnings: this.#warningsAt(index) });
    this.p99AllArrivedS[index] = this.p99AllArrivedS[run]!;
    if (this.#provers.has(index)) this.#reached.set(index, this.#reached.get(prover)!);
  }

  /** What a row of this grid has of its own, whichever configuration was run, here or earlier. */
  #named(index: number, result: Result, provedEqualTo: number | null): Result {
    const { name, points } = this.#loaded;
    const vary = points[index]!.overrides;
    return { ...result, name, vary, provedEqualTo, warnings: this.#warningsAt(index) };
  }

  #warningsAt(index: number): readonly string[] {
    return this.#warningsOf.at(this.#warnings[index]!);
  }

  #count(what: 'done' | 'resumed' | 'provedEqual'): void {
    this.#progress.done++;
    if (what !== 'done') this.#progress[what]++;
  }

  #turnS = Number.NEGATIVE_INFINITY;

  async #turn(): Promise<void> {
    const { now, signal } = this.#options;
    if (now() - this.#turnS < TURN_EVERY_S) return;
    await othersTurn();
    signal?.throwIfAborted();
    this.#report();
    this.#turnS = now();
  }

  #report(): void {
    this.#options.onProgress?.({
      configurations: this.rows.length,
      ...this.#progress,
      phase: this.#phase,
    });
  }
}

/**
 * Counting by the hour and drawing its blocks again cost a configuration about a millisecond, and some 2 kB an hour while it
 * runs: worth it for a grid as long as it stays below a minute in all, and for traffic of up to two years.
 */
const MOST_HOURS_IN_ALL = 1_000_000;
export const MOST_HOURS = 20_000;

function countsHours({ points, kinds }: LoadedStudy, { traces }: SweepOptions): boolean {
  const made = kinds.map(({ compiled: { workload } }) => {
    if (workload.kind === 'replay') return 0;
    const { durationUs, arrivals, requests } = workload;
    return durationUs ?? expectedTimeUs(arrivals, requests ?? 0);
  });
  const replayed = traces.map(({ period }) => period.toUs - period.fromUs);
  const hours = Math.max(0, ...made, ...replayed) / US_PER_H;
  return hours <= MOST_HOURS && (points.length === 1 || points.length * hours <= MOST_HOURS_IN_ALL);
}
