/** A study from its file to its result, over threads. */
import { UserError } from '../base/errors.ts';
import { formatDurationUs, US_PER_S } from '../base/units.ts';
import { MOST_INTERVALS } from '../engine/totals.ts';
import { type Hardware, type Library, NO_HARDWARE } from '../platform/library.ts';
import { count, seconds } from '../report/numbers.ts';
import type { Result, SweepDocument } from '../study/document.ts';
import { mayRunApart } from '../study/fleet-section.ts';
import { Laboratory, type LaboratoryWork } from '../study/laboratory.ts';
import type { Swept } from '../study/row-figures.ts';
import type { RunnerOptions } from '../study/runner.ts';
import { simulatePrecisely } from '../study/simulation.ts';
import type { Overrides } from '../study/study.ts';
import { runSweep, type SweepOptions, type SweepProgress, sweepGrid } from '../study/sweep.ts';
import type { OutcomeStore } from '../study/task.ts';
import { makeWorkload } from '../workload/workload.ts';
import { packageVersion } from './package-files.ts';
import { startThreads } from './pool.ts';
import { type OpenStudy, openStudy } from './studies.ts';

/** Without a library no model and no storage is known, and a GPU by its price alone. */
export type StudyToRun = Pick<OpenStudy, 'loaded' | 'catalogue' | 'traces'> &
  Partial<Pick<OpenStudy, 'library' | 'traceOf'>>;

export interface RunOptions {
  /** Threads; 1 runs in this one. Results never depend on it. */
  readonly workers?: number;
  /** Where each outcome is kept as soon as it is finished, and what an earlier run left is found. Left out: in memory. */
  readonly outcomes?: OutcomeStore;
  /** Length of a time line's intervals; none if left out. */
  readonly timelineUs?: number;
  /** Whether results keep what they came to by the hour of the clock. */
  readonly hourly?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SweepProgress) => void;
}

/**
 * @param path a study, or a trace that the overrides make a study of
 * @throws UserError with every mistake of the study
 */
export async function sweepFile(
  path: string,
  overrides: Overrides = {},
  options: RunOptions = {},
): Promise<SweepDocument> {
  return sweepStudy(await openStudy({ files: [path], overrides }), options);
}

/** A study of one configuration. @throws UserError with every mistake of the study */
export async function simulateFile(
  path: string,
  overrides: Overrides = {},
  options: RunOptions = {},
): Promise<Result> {
  return simulateStudy(await openStudy({ files: [path], overrides }), options);
}

export function sweepStudy(study: StudyToRun, options: RunOptions = {}): Promise<SweepDocument> {
  return withThreads(study, options, (sweepOptions) => runSweep(study.loaded, sweepOptions));
}

/** A sweep of any size: give it a journal for `outcomes`, and ask for results one by one while that is open. */
export function sweepLargeStudy(study: StudyToRun, options: RunOptions = {}): Promise<Swept> {
  return withThreads(study, options, (sweepOptions) => sweepGrid(study.loaded, sweepOptions));
}

export function simulateStudy(
  study: StudyToRun,
  options: RunOptions & { readonly precision?: number | null } = {},
): Promise<Result> {
  const { precision = null, ...rest } = options;
  return withThreads(
    study,
    rest,
    (sweepOptions) => simulatePrecisely(study.loaded, { ...sweepOptions, precision }),
    precision !== null,
  );
}

/** Lets `use` run whatever it thinks up on the study's traffic, over threads that end when it does. */
export function withLaboratory<T>(
  study: StudyToRun,
  options: LaboratoryRunOptions,
  use: (laboratory: Laboratory) => Promise<T>,
): Promise<T> {
  const { onProgress, workers = 1, signal } = options;
  const { traceOf } = study;
  return onThreads(study, { workers, ...(signal && { signal }) }, (runnerOptions) =>
    use(
      new Laboratory(study.loaded, {
        ...runnerOptions,
        version: packageVersion(),
        ...(traceOf && { traceOf }),
        ...(onProgress && { onProgress }),
      }),
    ),
  );
}

export interface LaboratoryRunOptions extends Pick<RunOptions, 'workers' | 'signal'> {
  readonly onProgress?: (work: LaboratoryWork) => void;
}

/** When the last of the observed periods ends, in microseconds from time 0. */
export function observedEndUs({ loaded, traces }: StudyToRun): number {
  const replayed = traces.map(({ arrivalUs, count, period }) =>
    Math.max(period.toUs, arrivalUs[count - 1] ?? 0),
  );
  const made = loaded.kinds.flatMap(({ compiled: { workload } }) =>
    workload.kind === 'synthesize' ? makeWorkload(workload, null, null).period.toUs : [],
  );
  return [...replayed, ...made].reduce((end, us) => Math.max(end, us), 0);
}

function refuseTooFine(study: StudyToRun, timelineUs: number): void {
  const endUs = observedEndUs(study);
  if (!(endUs / timelineUs > MOST_INTERVALS)) return;
  const length = seconds(endUs / US_PER_S);
  const least = formatDurationUs(leastInterval(endUs));
  const message = `cuts a run of ${length} into more than ${count(MOST_INTERVALS)} intervals: ${least} will do`;
  throw new UserError([{ at: '--timeline', path: null, message }]);
}

/** The shortest round one: 1, 2 or 5 times a power of ten microseconds. */
function leastInterval(lengthUs: number): number {
  const least = lengthUs / MOST_INTERVALS;
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((n) => n * power).find((us) => us >= least) ?? least;
}

/** Without the files it came from: threads are handed plain data. */
function plainHardware({ gpus, models, storage, scaleBitsPerWeight }: Library): Hardware {
  return { gpus, models, storage, scaleBitsPerWeight };
}

function withThreads<T>(
  study: StudyToRun,
  options: RunOptions,
  run: (options: SweepOptions) => Promise<T>,
  replicatesMore = false,
): Promise<T> {
  const { loaded } = study;
  const { outcomes, timelineUs = 0, hourly = false, signal, onProgress } = options;
  if (timelineUs > 0) refuseTooFine(study, timelineUs);
  // Endpoints that nothing ties run apart, and how many there are the trace says.
  const isSpread = replicatesMore || loaded.kinds.some(({ compiled }) => mayRunApart(compiled));
  const tasks = isSpread ? Number.POSITIVE_INFINITY : loaded.points.length * loaded.replications;
  const workers = Math.min(options.workers ?? 1, tasks);
  return onThreads(study, { workers, ...(signal && { signal }) }, (runnerOptions) =>
    run({
      ...runnerOptions,
      timelineUs,
      hourly,
      version: packageVersion(),
      ...(outcomes && { outcomes }),
      ...(onProgress && { onProgress }),
    }),
  );
}

async function onThreads<T>(
  { catalogue, library, traces }: StudyToRun,
  { workers, signal }: { readonly workers: number; readonly signal?: AbortSignal },
  run: (options: RunnerOptions) => Promise<T>,
): Promise<T> {
  const hardware = library === undefined ? NO_HARDWARE : plainHardware(library);
  const threads = workers > 1 ? startThreads({ workers, catalogue, hardware, traces }) : null;
  try {
    return await run({
      catalogue,
      hardware,
      traces,
      workers,
      now: () => performance.now() / 1_000,
      ...(threads && { runBatches: threads.runBatches }),
      ...(signal && { signal }),
    });
  } finally {
    await threads?.close();
  }
}
