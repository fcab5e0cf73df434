/** Replicas over time, recorded and simulated, on one grid of equal intervals that begin at time 0: means over each. */
import type { Span } from '../../engine/scenario.ts';
import type { TimelineS } from '../document.ts';
import type { ReplicaSeries } from './recorded.ts';

/** A finer grid than this tells no more. */
const MOST_INTERVALS = 50_000;

export interface ReplicaGrid {
  readonly intervalUs: number;
  /** Intervals that lie wholly within a span and within what was recorded. */
  cellsIn(span: Span): readonly number[];
}

/** Enough for every part to have some. */
const LEAST_INTERVALS = 40;

/** As fine as the record: its median step. Beyond its last sample nothing is known. */
export function gridOf({ atUs }: ReplicaSeries, { fromUs, toUs }: Span): ReplicaGrid | null {
  if (atUs.length < 2 || toUs <= fromUs) return null;
  const steps = Float64Array.from(atUs.subarray(1), (us, i) => us - atUs[i]!).sort();
  const median = steps[Math.floor(steps.length / 2)]!;
  const coarsestUs = Math.floor((toUs - fromUs) / LEAST_INTERVALS);
  const intervalUs = Math.max(1, Math.min(median, coarsestUs), Math.ceil(toUs / MOST_INTERVALS));
  const known = { fromUs: atUs[0]!, toUs: atUs.at(-1)! };
  return {
    intervalUs,
    cellsIn: (span) => {
      const first = Math.ceil(Math.max(span.fromUs, known.fromUs, 0) / intervalUs);
      const last = Math.floor(Math.min(span.toUs, known.toUs) / intervalUs);
      return Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i);
    },
  };
}

/** @param cells ascending, all within what was recorded */
export function seriesMeans(
  { atUs, replicas }: ReplicaSeries,
  { intervalUs }: ReplicaGrid,
  cells: readonly number[],
): number[] {
  let sample = 0;
  return cells.map((cell) => {
    const toUs = (cell + 1) * intervalUs;
    let nowUs = cell * intervalUs;
    let sum = 0;
    while (atUs[sample + 1] !== undefined && atUs[sample + 1]! <= nowUs) sample++;
    while (nowUs < toUs) {
      const untilUs = Math.min(toUs, atUs[sample + 1] ?? toUs);
      sum += replicas[sample]! * (untilUs - nowUs);
      nowUs = untilUs;
      if (untilUs < toUs) sample++;
    }
    return sum / intervalUs;
  });
}

export function timelineMeans(
  { starting, idle, busy, draining }: TimelineS,
  cells: readonly number[],
  counts: 'all' | 'ready',
): number[] {
  const ready = (cell: number) => (idle[cell] ?? 0) + (busy[cell] ?? 0) + (draining[cell] ?? 0);
  return cells.map((cell) => ready(cell) + (counts === 'all' ? (starting[cell] ?? 0) : 0));
}
