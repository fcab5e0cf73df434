/** A sweep: which configurations run, in which order and where; what is proved or resumed instead; what stands out. */
import { assert, UserError } from '../base/errors.ts';
import { AS_STUDIED } from './bind.ts';
import { confirmationOf, LEAST_REPLICATIONS, MOST_CANDIDATES } from './confirm.ts';
import type { Confirmation, Result, SweepDocument } from './document.ts';
import { cheapestFirst, frontOf } from './front.ts';
import { type Bench, benchOf, type Job, jobOf } from './job.ts';
import { planProofs, proofOf } from './proof.ts';
import { Runner, type RunnerOptions } from './runner.ts';
import type { LoadedStudy } from './study.ts';
import type { Outcome, StoredOutcome } from './task.ts';

export interface SweepOptions extends RunnerOptions {
  /** coldfront's own version: part of the key by which finished outcomes are found again. */
  readonly version: string;
  /** Outcomes of an earlier, unfinished sweep by key. */
  readonly finished?: ReadonlyMap<string, Outcome>;
  /** Each new outcome as soon as it is there, in any order: to be kept on disk. */
  readonly onOutcome?: (stored: StoredOutcome) => void;
  readonly onProgress?: (progress: SweepProgress) => void;
  /** Length of a time line's intervals in the results; 0 or left out for none. */
  readonly timelineUs?: number;
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
  readonly phase: 'grid' | 'confirm';
}

/** A study of one configuration. @throws UserError if it has several, or where the trace does not fit */
export async function simulate(loaded: LoadedStudy, options: SweepOptions): Promise<Result> {
  const { points } = loaded;
  if (points.length !== 1) {
    throw new UserError(
      `${loaded.name} has ${points.length} configurations: \`coldfront sweep\` runs them`,
    );
  }
  const [outcome] = await new Sweep(loaded, options).runGrid();
  assert(outcome !== undefined, 'a run without an outcome');
  return outcome.result;
}

/** @throws UserError where the traces do not fit the study, the signal's reason if it is aborted */
export async function runSweep(loaded: LoadedStudy, options: SweepOptions): Promise<SweepDocument> {
  const sweep = new Sweep(loaded, options);
  const outcomes = await sweep.runGrid();
  const results = outcomes.map(({ result }) => result);
  const { confirmations, cheapest } = await sweep.confirm(cheapestFirst(results));
  return {
    schema: 'coldfront.sweep.v1',
    name: loaded.name,
    results,
    leftOut: loaded.leftOut,
    front: frontOf(outcomes),
    cheapestWithinSlo: cheapest,
    current: loaded.current,
    confirmations,
  };
}

class Sweep {
  readonly #loaded: LoadedStudy;
  readonly #options: SweepOptions;
  readonly #bench: Bench;
  readonly #jobs: readonly Job[];
  readonly #runner: Runner;
  readonly #progress = { done: 0, provedEqual: 0, resumed: 0, requestRuns: 0, engineSeconds: 0 };
  #phase: SweepProgress['phase'] = 'grid';

  constructor(loaded: LoadedStudy, options: SweepOptions) {
    this.#loaded = loaded;
    this.#options = options;
    this.#bench = benchOf(loaded, options.traces, options.version);
    const how = { ...AS_STUDIED, timelineUs: options.timelineUs ?? 0 };
    this.#runner = new Runner(loaded, options);
    this.#jobs = loaded.points.map((point) => jobOf(this.#bench, point, how));
  }

  /** Outcomes in grid order. */
  async runGrid(): Promise<readonly Outcome[]> {
    const jobs = this.#jobs;
    const plan = planProofs(jobs.map(({ bound }) => bound));
    const outcomes: (Outcome | undefined)[] = jobs.map(() => undefined);
    for (const wave of plan.waves) {
      const toRun: Job[] = [];
      for (const index of wave) {
        const proof = proofOf(index, plan, outcomes);
        if (proof === null) toRun.push(jobs[index]!);
        else outcomes[index] = this.#proved(jobs[index]!, proof);
      }
      await this.#run(toRun, (outcome) => {
        outcomes[outcome.index] = outcome;
      });
    }
    return outcomes.map((outcome, index) => {
      assert(outcome !== undefined, `configuration ${index} has no outcome`);
      return outcome;
    });
  }

  /** @param candidates those that met the SLO, cheapest first */
  async confirm(candidates: readonly number[]): Promise<{
    readonly confirmations: readonly Confirmation[] | null;
    readonly cheapest: number | null;
  }> {
    const { objectives, replications } = this.#loaded;
    const confirmations: Confirmation[] = [];
    const drawn = this.#jobs.some(({ bound }) => bound.drawn.length > 0);
    if (!drawn || objectives.length === 0) {
      return { confirmations: null, cheapest: candidates[0] ?? null };
    }
    this.#phase = 'confirm';
    for (const [i, index] of candidates.slice(0, MOST_CANDIDATES).entries()) {
      const fresh = {
        ...AS_STUDIED,
        seedSuffix: `/confirm/${i + 1}`,
        replications: Math.max(replications, LEAST_REPLICATIONS),
      };
      const job = jobOf(this.#bench, this.#loaded.points[index]!, fresh);
      // A configuration without luck holds or not, once and for all.
      if (job.bound.drawn.length === 0) return { confirmations, cheapest: index };
      let confirmation: Confirmation | null = null;
      await this.#run([job], (outcome) => {
        confirmation = confirmationOf(index, i + 1, objectives, outcome);
      });
      assert(confirmation !== null, 'a candidate without an outcome');
      confirmations.push(confirmation);
      if ((confirmation as Confirmation).holds) return { confirmations, cheapest: index };
    }
    return { confirmations, cheapest: null };
  }

  /** What an earlier sweep finished is taken from there, the rest runs in batches. */
  async #run(jobs: readonly Job[], take: (outcome: Outcome) => void): Promise<void> {
    const { finished, signal, onOutcome } = this.#options;
    signal?.throwIfAborted();
    const toRun: Job[] = [];
    for (const job of jobs) {
      const outcome = finished?.get(job.key);
      if (outcome === undefined) toRun.push(job);
      else {
        this.#count('resumed');
        take(this.#relabeled(job, outcome));
      }
    }
    this.#report();
    if (toRun.length === 0) return;
    const keys = new Map(toRun.map(({ index, key }) => [index, key]));
    await this.#runner.run(toRun, {
      onOutcome: (outcome) => {
        onOutcome?.({ key: keys.get(outcome.index)!, outcome });
        this.#count('done');
        this.#progress.engineSeconds += outcome.result.engine.seconds;
        take(outcome);
        this.#report();
      },
      onProgress: (requestRuns) => {
        this.#progress.requestRuns += requestRuns;
        this.#report();
      },
    });
  }

  #proved(job: Job, { index, result, ...rest }: Outcome): Outcome {
    this.#count('provedEqual');
    const provedEqualTo = result.provedEqualTo ?? index;
    return this.#relabeled(job, { ...rest, index, result: { ...result, provedEqualTo } });
  }

  /** An outcome of the same configuration under another index of the grid. */
  #relabeled({ index, bound, configuration }: Job, outcome: Outcome): Outcome {
    const { name } = this.#loaded;
    const vary = configuration.overrides;
    const { warnings } = bound;
    return { ...outcome, index, result: { ...outcome.result, name, vary, warnings } };
  }

  /** Candidates that are confirmed have been counted before. */
  #count(what: 'done' | 'resumed' | 'provedEqual'): void {
    if (this.#phase === 'confirm') return;
    this.#progress.done++;
    if (what !== 'done') this.#progress[what]++;
  }

  #report(): void {
    this.#options.onProgress?.({
      configurations: this.#loaded.points.length,
      ...this.#progress,
      phase: this.#phase,
    });
  }
}
