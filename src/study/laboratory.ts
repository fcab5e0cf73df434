/**
 * Where searches and comparisons run configurations that no grid has laid out: any overrides of a study, on its own traffic or
 * another, whole or its beginning, under any luck. What was run once is not run again.
 */
import { UserError } from '../base/errors.ts';
import { NO_HARDWARE } from '../platform/library.ts';
import type { Trace } from '../workload/trace.ts';
import { AS_STUDIED, type BindOptions } from './bind.ts';
import { type Compiled, isCompiled } from './compile.ts';
import type { Varied } from './document.ts';
import { type Bench, benchOf, benchWith, type Job, jobOf } from './job.ts';
import { canonical } from './json.ts';
import { compileOverrides, reasonOf } from './load.ts';
import type { ReplaySource } from './replay-section.ts';
import { Runner, type RunnerOptions } from './runner.ts';
import type { LoadedStudy } from './study.ts';
import type { Outcome } from './task.ts';

export interface LaboratoryOptions extends RunnerOptions {
  readonly version: string;
  /** The logs of the study, shaped in a way that it did not name when it was loaded. */
  readonly traceOf?: (replay: ReplaySource) => Promise<Trace>;
  readonly onProgress?: (work: LaboratoryWork) => void;
}

export interface LaboratoryWork {
  /** Trials that were run, not those that were known. */
  readonly trials: number;
  /** Rows of traces fed to configurations. */
  readonly requestRuns: number;
}

export interface Trial {
  /** Of the study's map; none is the study as it stands. */
  readonly overrides: Varied;
  readonly how?: Partial<BindOptions>;
}

export class Laboratory {
  readonly loaded: LoadedStudy;
  readonly #options: LaboratoryOptions;
  readonly #runner: Runner;
  readonly #bench: Bench;
  readonly #known = new Map<string, Outcome>();
  readonly #work = { trials: 0, requestRuns: 0 };

  constructor(loaded: LoadedStudy, options: LaboratoryOptions) {
    this.loaded = loaded;
    this.#options = options;
    this.#runner = new Runner(loaded, options);
    this.#bench = benchOf(loaded, options.traces, options.version);
  }

  get work(): LaboratoryWork {
    return { ...this.#work };
  }

  /** @returns in words, what stands in the way of these overrides, if anything does */
  compile(overrides: Varied): Compiled | string {
    const { catalogue, hardware = NO_HARDWARE } = this.#options;
    const compiled = compileOverrides(this.loaded.study, overrides, { catalogue, hardware });
    return isCompiled(compiled) ? compiled : reasonOf(compiled);
  }

  /**
   * A configuration bound to its traffic and not run.
   * @throws UserError if the overrides do not compile, or the traffic does not fit them
   */
  job(trial: Trial, index = 0): Promise<Job> {
    return this.#jobOn(new Map(), trial, index);
  }

  /** @param benches with other traffic, by the canonical replay: trials of one run share them */
  async #jobOn(
    benches: Map<string, Bench>,
    { overrides, how }: Trial,
    index: number,
  ): Promise<Job> {
    const compiled = this.compile(overrides);
    if (typeof compiled === 'string') throw new UserError(compiled);
    const bench = await this.#benchFor(compiled, benches);
    return jobOf(bench, { index, overrides, compiled }, { ...AS_STUDIED, ...how });
  }

  /**
   * @returns their outcomes, in this order, each with its place as index
   * @throws UserError as `job` does, the signal's reason if it is aborted
   */
  async run(trials: readonly Trial[]): Promise<readonly Outcome[]> {
    const jobs: Job[] = [];
    const benches = new Map<string, Bench>();
    for (const [index, trial] of trials.entries()) {
      jobs.push(await this.#jobOn(benches, trial, index));
    }
    const unknown = new Map(
      jobs.flatMap((job) => (this.#known.has(job.key) ? [] : [[job.key, job]])),
    );
    const keys = new Map([...unknown.values()].map(({ index, key }) => [index, key]));
    await this.#runner.run([...unknown.values()], {
      onOutcome: (outcome) => {
        this.#known.set(keys.get(outcome.index)!, outcome);
        this.#work.trials++;
        this.#report();
      },
      onProgress: (requestRuns) => {
        this.#work.requestRuns += requestRuns;
        this.#report();
      },
    });
    return jobs.map(({ key, bound }, index) => {
      const outcome = this.#known.get(key)!;
      const { overrides: vary } = trials[index]!;
      return {
        ...outcome,
        index,
        result: { ...outcome.result, vary, warnings: bound.warnings },
      };
    });
  }

  /** Another traffic than the study's is made for this once: its columns are large, and a search has many. */
  async #benchFor({ replay }: Compiled, benches: Map<string, Bench>): Promise<Bench> {
    if (replay === null) return this.#bench;
    const key = canonical(replay);
    if (this.#bench.traces.has(key)) return this.#bench;
    const known = benches.get(key);
    if (known !== undefined) return known;
    const { traceOf } = this.#options;
    if (traceOf === undefined) {
      throw new UserError('another traffic than the study names needs its logs to be read again');
    }
    const bench = benchWith(this.#bench, key, await traceOf(replay));
    benches.set(key, bench);
    return bench;
  }

  #report(): void {
    this.#options.onProgress?.(this.work);
  }
}
