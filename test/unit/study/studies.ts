/** Studies for tests: loaded with the platforms that ship, run in this thread with a clock that ticks. */
import { UserError } from '../../../src/base/errors.ts';
import type { Result, SweepDocument } from '../../../src/study/document.ts';
import { Laboratory, type LaboratoryOptions } from '../../../src/study/laboratory.ts';
import { loadStudy } from '../../../src/study/load.ts';
import type { RunnerOptions } from '../../../src/study/runner.ts';
import type { LoadedStudy, Overrides } from '../../../src/study/study.ts';
import { runSweep, type SweepOptions, simulate } from '../../../src/study/sweep.ts';
import type { Outcome, OutcomeStore } from '../../../src/study/task.ts';
import type { Trace } from '../../../src/workload/trace.ts';
import { CATALOGUE } from '../../kit/shipped-platforms.ts';

export { CATALOGUE };

export function load(text: string, overrides: Overrides = {}): LoadedStudy {
  return loadStudy({ name: 'chat.yml', text }, overrides, CATALOGUE);
}

/** What a study's mistakes are printed as, a line each. */
export function mistakesOf(text: string, overrides: Overrides = {}): readonly string[] {
  try {
    load(text, overrides);
  } catch (error) {
    if (error instanceof UserError) return error.message.split('\n');
    throw error;
  }
  return [];
}

export function options(
  traces: readonly Trace[] = [],
): RunnerOptions & { readonly version: string } {
  let seconds = 0;
  return { catalogue: CATALOGUE, traces, version: 'test', now: () => (seconds += 0.001) };
}

export function sweep(
  text: string,
  overrides: Overrides = {},
  more: Partial<SweepOptions> = {},
): Promise<SweepDocument> {
  return runSweep(load(text, overrides), { ...options(), ...more });
}

export function run(
  text: string,
  overrides: Overrides = {},
  more: Partial<SweepOptions> = {},
): Promise<Result> {
  return simulate(load(text, { ...overrides, asItStands: true }), { ...options(), ...more });
}

/** Keeps outcomes, and tells of each that was not there before. */
export function watched(
  take: (outcome: Outcome, key: string) => void,
  earlier: Iterable<readonly [string, Outcome]> = [],
): OutcomeStore {
  const kept = new Map(earlier);
  return {
    has: (key) => kept.has(key),
    get: (key) => kept.get(key),
    set: (key, outcome) => {
      kept.set(key, outcome);
      take(outcome, key);
    },
  };
}

/** Where a search runs what it thinks up. @param traceOf what another traffic than the study's is */
export function laboratory(
  text: string,
  overrides: Overrides = {},
  more: Partial<LaboratoryOptions> = {},
): Laboratory {
  return new Laboratory(load(text, overrides), { ...options(), ...more });
}

/** The bytes of a sweep that must not depend on how it was run. */
export function withoutEngine(document: SweepDocument): string {
  return JSON.stringify(document, (key, value: unknown) => (key === 'engine' ? undefined : value));
}

/** A relative trace by hand. */
export function traceOf(rows: readonly (readonly [atS: number, serviceS: number])[]): Trace {
  return {
    count: rows.length,
    arrivalUs: Float64Array.from(rows, ([atS]) => atS * 1e6),
    serviceUs: Float64Array.from(rows, ([, serviceS]) => serviceS * 1e6),
    inputTokens: null,
    cachedTokens: null,
    outputTokens: null,
    endpoint: null,
    endpointNames: [],
    status: null,
    firstAtUs: null,
    zoneOffsetMin: null,
    period: { fromUs: (rows[0]?.[0] ?? 0) * 1e6, toUs: (rows.at(-1)?.[0] ?? 0) * 1e6 },
    report: {
      name: 'by hand',
      format: 'csv',
      why: 'by hand',
      lines: rows.length,
      requests: rows.length,
      skipped: { lines: 0, examples: [] },
      reordered: 0,
      others: 0,
      leftOut: 0,
      missing: 0,
      resolutionUs: 1,
      shaping: [],
      stampedAt: 'start',
      durations: 'by hand',
      warnings: [],
    },
  };
}
