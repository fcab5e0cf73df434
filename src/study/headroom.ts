/**
 * How far traffic, start times and service times may grow before an objective breaks: the factor is bracketed by doubling and
 * then halved down to its resolution. Objectives need not break once and for all: beyond the first factor that breaks one, nothing is
 * looked for.
 */

import { UserError } from '../base/errors.ts';
import type { Varied } from './document.ts';
import type { Laboratory } from './laboratory.ts';
import { LEVERS, type Lever, meanLoadS, turned } from './levers.ts';
import type { Headroom, HeadroomAxis } from './optimize-document.ts';

/** Beyond so many times as much nobody asks. */
export const MOST_FACTOR = 10;
/** Of the factor, on the side where objectives hold. */
export const RESOLUTION = 0.01;
/** Factors above 1 that are tried first, up to `MOST_FACTOR`. */
const FIRST = [1.25, 2, 4, MOST_FACTOR];

export interface HeadroomFound {
  readonly headroom: Headroom;
  /** Runs of the whole, where a run under more traffic counts as one. */
  readonly runs: number;
}

/**
 * @param overrides of a configuration that meets its objectives as it is
 * @throws the signal's reason if it is aborted
 */
export async function headroomOf(
  laboratory: Laboratory,
  overrides: Varied,
  onRun: () => void = () => {},
): Promise<HeadroomFound> {
  const axes: HeadroomAxis[] = [];
  let runs = 0;
  for (const lever of LEVERS) {
    axes.push(
      await axisOf(laboratory, overrides, lever, () => {
        runs++;
        onRun();
      }),
    );
  }
  return { headroom: { vary: overrides, axes }, runs };
}

async function axisOf(
  laboratory: Laboratory,
  overrides: Varied,
  lever: Lever,
  onRun: () => void,
): Promise<HeadroomAxis> {
  const compiled = laboratory.compile(overrides);
  if (typeof compiled === 'string') throw new UserError(compiled);
  const lifted = { study: laboratory.loaded.study, overrides, compiled };
  const none: HeadroomAxis = {
    lever,
    factor: null,
    breaksAt: null,
    breaks: [],
    meanS: null,
    why: null,
  };
  const why = turned(lifted, lever, 2);
  if (typeof why === 'string') return { ...none, why };
  let breaks: readonly string[] = [];
  const holds = async (factor: number): Promise<boolean> => {
    const [outcome] = await laboratory.run([
      { overrides: turned(lifted, lever, factor) as Varied },
    ]);
    onRun();
    const failed = outcome!.result.slo?.failed ?? [];
    if (failed.length > 0) breaks = failed;
    return failed.length === 0;
  };
  let low = 1;
  let high: number | null = null;
  try {
    for (const factor of FIRST) {
      if (await holds(factor)) low = factor;
      else {
        high = factor;
        break;
      }
    }
    while (high !== null && high / low > 1 + RESOLUTION) {
      const middle: number = rounded(Math.sqrt(low * high), low, high);
      if (middle <= low || middle >= high) break;
      if (await holds(middle)) low = middle;
      else high = middle;
    }
  } catch (error) {
    // More traffic than its log can be laid over itself, or times beyond all bounds.
    if (!(error instanceof UserError)) throw error;
    if (low === 1) return { ...none, why: error.message };
  }
  return {
    ...none,
    factor: low,
    breaksAt: high,
    breaks,
    meanS: lever === 'load' ? low * meanLoadS(compiled) : null,
  };
}

/** To three digits, which the screen shows; where these do not lie between, as it is. */
function rounded(factor: number, low: number, high: number): number {
  const short = Number(factor.toPrecision(3));
  return short > low && short < high ? short : factor;
}
