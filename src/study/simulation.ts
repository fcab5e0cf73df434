/** One configuration with care: as many replications as a precision asks for, and what its beginning is worth. */
import { assert } from '../base/errors.ts';
import { US_PER_H, US_PER_S } from '../base/units.ts';
import type { BindOptions } from './bind.ts';
import type { Compiled } from './compile.ts';
import type { Result, TimelineS, Varied } from './document.ts';
import { Laboratory } from './laboratory.ts';
import { refusePrecision, runToPrecision } from './precision.ts';
import type { LoadedStudy } from './study.ts';
import { MOST_HOURS, type SweepOptions, simulate } from './sweep.ts';
import type { Outcome } from './task.ts';
import { coarser, unsteadiness, warmUpOf } from './warm-up.ts';

export interface SimulationOptions extends SweepOptions {
  /** Relative half width that every objective's interval and that of the cost shall have: 0.02; null: as the study says. */
  readonly precision?: number | null;
}

/** Intervals of a series that is looked at for its warm-up. */
const SERIES = 1_000;
const LEAST_SERIES = 100;

/** @throws UserError as `simulate`, and where a precision is asked for and nothing is drawn */
export async function simulatePrecisely(
  loaded: LoadedStudy,
  options: SimulationOptions,
): Promise<Result> {
  const { precision = null, timelineUs = 0 } = options;
  const [point] = loaded.points;
  const isSteady = point !== undefined && unsteadiness(point.compiled) === null;
  if (loaded.points.length !== 1 || point === undefined || (precision === null && !isSteady)) {
    return simulate(loaded, options);
  }
  const { onProgress, ...rest } = options;
  const lab = new Laboratory(loaded, rest);
  const { compiled, overrides } = point;
  const plain = { ...overrides, ...(isAuto(compiled) && { 'measure.warmUp': 'none' }) };
  const { bound } = await lab.job({ overrides: plain });
  if (precision !== null && bound.drawn.length === 0)
    throw refusePrecision(compiled.replay !== null);
  const { fromUs, toUs } = bound.workload.period;
  const series = isSteady ? seriesOf(timelineUs, toUs - fromUs) : { us: timelineUs, times: 1 };
  const how = {
    timelineUs: series.us,
    hourly: options.hourly ?? false,
    countsHours: (toUs - fromUs) / US_PER_H <= MOST_HOURS,
  };
  const look = async (overrides: Varied): Promise<Looked> =>
    lookedAt(await run(lab, overrides, how, loaded.replications, precision));
  const pilot = await look(plain);
  const cutS = cutOf(compiled);
  const warmUp =
    isSteady && pilot.timeline !== undefined && series.isFine
      ? warmUpOf(pilot.timeline, (toUs - fromUs) / US_PER_S, cutS)
      : null;
  const foundS = isAuto(compiled) ? (warmUp?.foundS ?? 0) : 0;
  const looked =
    foundS > 0
      ? await look({ ...overrides, 'measure.warmUp': `${Math.round(foundS * US_PER_S)}us` })
      : pilot;
  const { result } = looked.outcome;
  return {
    ...shown(result, timelineUs, series.times),
    vary: overrides,
    ...(warmUp && { warmUp: { ...warmUp, cutS: isAuto(compiled) ? foundS : cutS } }),
    ...(looked.precision && { precision: looked.precision }),
  };
}

interface Looked {
  readonly outcome: Outcome;
  readonly precision: Result['precision'];
  readonly timeline: TimelineS | undefined;
}

function lookedAt({ outcome, precision }: Pick<Looked, 'outcome' | 'precision'>): Looked {
  return { outcome, precision, timeline: outcome.result.timeline };
}

async function run(
  lab: Laboratory,
  overrides: Varied,
  how: Partial<BindOptions>,
  replications: number,
  precision: number | null,
): Promise<Pick<Looked, 'outcome' | 'precision'>> {
  const once = async (more: Partial<BindOptions>): Promise<Outcome> => {
    const [outcome] = await lab.run([{ overrides, how: { ...how, ...more } }]);
    assert(outcome !== undefined, 'a run without an outcome');
    return outcome;
  };
  if (precision === null) return { outcome: await once({}), precision: undefined };
  return runToPrecision(precision, replications, (count) => once({ replications: count }));
}

function isAuto({ measure }: Compiled): boolean {
  return measure?.warmUpUs === 'auto';
}

function cutOf({ measure }: Compiled): number {
  const { fromUs = 0, warmUpUs = 0 } = measure ?? {};
  return (warmUpUs === 'auto' ? 0 : fromUs + warmUpUs) / US_PER_S;
}

/** A series fine enough to look at, of which the time line that was asked for is made. */
function seriesOf(
  timelineUs: number,
  lengthUs: number,
): { readonly us: number; readonly times: number; readonly isFine?: boolean } {
  if (timelineUs === 0)
    return { us: Math.max(1, Math.ceil(lengthUs / SERIES)), times: 1, isFine: true };
  const wanted = Math.ceil(timelineUs / (lengthUs / SERIES));
  for (let times = wanted; times > 1; times--) {
    if (timelineUs % times === 0) {
      const us = timelineUs / times;
      return { us, times, isFine: lengthUs / us >= LEAST_SERIES };
    }
  }
  return { us: timelineUs, times: 1, isFine: lengthUs / timelineUs >= LEAST_SERIES };
}

/** As the time line was asked for, or without one. */
function shown(result: Result, timelineUs: number, times: number): Result {
  const { timeline, curves, ...rest } = result;
  if (timelineUs === 0 || timeline === undefined) return rest;
  return { ...result, timeline: times === 1 ? timeline : coarser(timeline, times) };
}
