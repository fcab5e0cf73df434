/** The bounds of a study's configuration, where they are worth the time. */
import { count } from '../../base/numbers.ts';
import type { Trace } from '../../workload/trace.ts';
import type { Result } from '../document.ts';
import { boundOf } from '../run-bound.ts';
import type { GridPoint, LoadedStudy } from '../study.ts';
import { boundsOf, noBounds } from './bounds.ts';
import type { Bounds } from './bounds-document.ts';

/** Bounds take about as long as five runs: beyond so many requests, over all replications, they are left out unasked. */
export const MOST_REQUESTS = 2_000_000;

/**
 * @param result of that configuration: how much there is to run
 * @param isAsked however much that is
 */
export function studyBounds(
  loaded: LoadedStudy,
  point: GridPoint,
  traces: readonly Trace[],
  { requests: { arrived }, replications }: Pick<Result, 'requests' | 'replications'>,
  isAsked = false,
): Bounds {
  const requests = arrived * replications;
  if (!isAsked && requests > MOST_REQUESTS) {
    return noBounds(`${count(requests)} requests take a while: ask for it with --bounds`);
  }
  if (point.compiled.measure?.warmUpUs === 'auto') {
    return noBounds(
      'measure.warmUp: auto is known when the run is over: give the time that it finds',
    );
  }
  return boundsOf(boundOf(loaded, point, traces));
}
