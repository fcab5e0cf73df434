/** A time line of fewer intervals, for a picture. */
import type { Figure, TimelineS } from '../study/document.ts';

/** Means over as many intervals each as leave at most so many. */
export function coarser(timeline: TimelineS, most: number): TimelineS {
  const together = Math.max(1, Math.ceil(timeline.busy.length / most));
  if (together === 1) return timeline;
  const groups = (values: readonly Figure[]): Figure[][] =>
    Array.from({ length: Math.ceil(values.length / together) }, (_, i) =>
      values.slice(i * together, (i + 1) * together),
    );
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const means = (values: readonly number[]) => groups(values).map((few) => mean(few as number[]));
  const { starting, idle, busy, waiting, draining, desired, signal } = timeline;
  return {
    ...timeline,
    intervalS: timeline.intervalS * together,
    starting: means(starting),
    idle: means(idle),
    busy: means(busy),
    waiting: means(waiting),
    draining: means(draining),
    ...(desired && { desired: means(desired) }),
    ...(signal && { signal: groups(signal).map((few) => few.at(-1) ?? null) }),
  };
}
