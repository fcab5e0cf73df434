/** How the runs behind curves are observed, and what their intervals hold. */
import type { BindOptions } from './bind.ts';
import type { IntervalKind } from './curves-document.ts';
import type { Result } from './document.ts';
import type { LoadedStudy } from './study.ts';

/** Replays with counts by the hour: they say how far which traffic came decides. Of made traffic luck says that. */
export function observing({ replays }: Pick<LoadedStudy, 'replays'>): Partial<BindOptions> {
  return { hourly: replays.length > 0 };
}

export function intervalKindOf({ ci95, ci95Traffic }: Result): IntervalKind | null {
  if (ci95Traffic !== null) return 'traffic';
  return ci95 === null ? null : 'luck';
}

/** null where there is an interval. */
export function whyNoInterval(
  { ci95, ci95Why, ci95Traffic, ci95TrafficWhy }: Result,
  { replays }: Pick<LoadedStudy, 'replays'>,
): string | null {
  if (ci95 !== null || ci95Traffic !== null) return null;
  const ofTraffic = replays.length > 0 ? ci95TrafficWhy : null;
  return ofTraffic ?? ci95Why ?? 'nothing is drawn';
}
