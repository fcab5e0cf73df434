/**
 * Would it go cold? How often replicas are started from nothing, and how long they idle, for each idle window.
 *
 * Shared: one replica serves everything at once. It is gone when nothing has been in flight for longer than the window, so
 * its starts are the gaps of the first level (`concurrency.ts`) that outlast the window, and the first request.
 *
 * Per request: a replica a request, the most recently used first. Whoever leaves level k last is the replica that the next
 * request to enter level k takes (the idle ones lie on a stack, the k-th from below left by level k), so its starts are the
 * gaps of all levels that outlast the window, and each level's first request. The k-th replica that is kept is level k's:
 * it saves that level's starts, and the first one saves exactly the shared starts, in both.
 *
 * What holds of any other pool with this window (any concurrency and routing, min 0, no limit on replicas, no load time):
 * its starts are at least the shared and at most the per-request ones. At least: who arrives after a gap of the first level
 * longer than the window finds all replicas gone. At most: let a request find n in flight and all r replicas full with c
 * each, n = c r. Had level n + 1 been left within the window, more than c r requests, on more than r replicas, were in
 * flight just before; none of these can have been idle for longer than the window since, so more than r are there.
 *
 * With load times of at most L and no limit a request ends by arrival + L + service: the shared starts of window + L are
 * still the least. The most is not: those who arrive while a replica loads start more, and what ends later is there later.
 */
import { US_PER_DAY, US_PER_H, US_PER_S } from '../../base/units.ts';
import type { Trace } from '../trace.ts';
import type { Levels } from './concurrency.ts';
import { counted, number, time } from './wording.ts';

export interface Gap {
  readonly idleWindowS: number;
  /** Ids of the platforms whose default it is. */
  readonly platforms: readonly string[];
  /** Starts of one replica that serves everything: requests that find it gone, the first one too. No pool has fewer. */
  readonly count: number;
  /** How long it is idle within its windows, the last one in full. */
  readonly idleS: number;
  /** Silences longer than the window between requests. */
  readonly outlasting: number;
  /** Of the observed period, how much it is there. */
  readonly warmShare: number | null;
  /** How long it is not there, in the observed period: what one kept replica idles more. */
  readonly coldS: number;
  /** One request a replica, the most recently used first; no pool has more starts. null without durations. */
  readonly perRequest: {
    readonly starts: number;
    readonly idleS: number;
    /** What the first, the second, ... kept replica saves, and how much longer it idles; the first eight at most. */
    readonly kept: readonly { readonly startsSaved: number; readonly coldS: number }[];
  } | null;
  /** The same figures for a day like the observed period; null of less than half a day. */
  readonly perDay: {
    readonly outlasting: number;
    readonly startsAtLeast: number;
    readonly startsAtMost: number | null;
    /**
     * Within the observed period: of the shared replica, of those of the per-request pool, and where the shared one is gone
     * and a kept one idles.
     */
    readonly idleH: number;
    readonly idleHPerRequest: number | null;
    readonly coldH: number;
  } | null;
  /** What one kept replica buys. */
  readonly verdict: string;
}

export interface IdleWindow {
  readonly us: number;
  readonly platforms: readonly string[];
}

/** Less is not told by the day. */
const LEAST_DAYS = 0.5;

const COMMON_US = [5, 10, 30, 60, 300, 600, 900, 1800, 3600].map((s) => s * US_PER_S);

/** The common windows and the platforms' own, ascending. */
export function idleWindows(defaults: ReadonlyMap<string, number>): IdleWindow[] {
  const finite = [...defaults.values()].filter((us) => us > 0 && Number.isFinite(us));
  return [...new Set([...COMMON_US, ...finite])]
    .sort((a, b) => a - b)
    .map((us) => ({
      us,
      platforms: [...defaults].filter(([, own]) => own === us).map(([id]) => id),
    }));
}

/** @param levels of the trace, with the same windows */
export function gapsOf(
  { period }: Trace,
  levels: Levels,
  windows: readonly IdleWindow[],
  hasDurations: boolean,
): Gap[] {
  const periodUs = period.toUs - period.fromUs;
  const days = periodUs / US_PER_DAY;
  const byDay = days >= LEAST_DAYS;
  return windows.map(({ us, platforms }, w) => {
    const kept = levels.lowest.map((tally, level) => {
      const longer = tally.longerThan(w);
      // Before the first entry, in the gaps beyond their windows, and after the last window.
      const coldUs =
        levels.enteredUs[level]! -
        period.fromUs +
        (longer.sumUs - longer.count * us) +
        Math.max(0, period.toUs - (levels.leftUs[level]! + us));
      return { outlasting: longer.count, coldUs };
    });
    const { outlasting, coldUs } = kept[0]!;
    const starts = outlasting + 1;
    const withinUs = levels.lowest[0]!.withinUs(w);
    /** What is left of the last window of a level when the observed period ends. */
    const tailUs = (leftUs: number) => Math.min(us, Math.max(0, period.toUs - leftUs));
    const tailsUs = levels.leftUs.reduce((sum, leftUs) => sum + tailUs(leftUs), 0);
    const perRequest = hasDurations
      ? {
          starts: levels.all.longerThan(w).count + levels.count,
          idleS: (levels.all.withinUs(w) + levels.count * us) / US_PER_S,
          kept: kept.map((level) => ({
            startsSaved: level.outlasting + 1,
            coldS: level.coldUs / US_PER_S,
          })),
        }
      : null;
    return {
      idleWindowS: us / US_PER_S,
      platforms,
      count: starts,
      idleS: (withinUs + us) / US_PER_S,
      outlasting,
      warmShare: periodUs > 0 ? 1 - coldUs / periodUs : null,
      coldS: coldUs / US_PER_S,
      perRequest,
      perDay: byDay
        ? {
            outlasting: outlasting / days,
            startsAtLeast: starts / days,
            startsAtMost: perRequest === null ? null : perRequest.starts / days,
            idleH: (withinUs + tailUs(levels.leftUs[0]!)) / US_PER_H / days,
            idleHPerRequest: hasDurations
              ? (levels.all.withinUs(w) + tailsUs) / US_PER_H / days
              : null,
            coldH: coldUs / US_PER_H / days,
          }
        : null,
      verdict: verdict({ us, outlasting, starts, coldUs, periodUs, hasDurations }),
    };
  });
}

function verdict(of: {
  readonly us: number;
  readonly outlasting: number;
  readonly starts: number;
  readonly coldUs: number;
  readonly periodUs: number;
  readonly hasDurations: boolean;
}): string {
  const at = `at ${time(of.us)}`;
  if (of.outlasting === 0) return `it never goes cold ${at}: min 1 buys nothing`;
  const days = of.periodUs / US_PER_DAY;
  // Without durations the silences are longer than they were.
  const most = of.hasDurations ? '' : 'at most ';
  if (days < LEAST_DAYS) {
    const times = counted(of.starts, 'time');
    return `goes cold ${most}${times} in ${time(of.periodUs)} ${at}: min 1 saves those starts, for ${time(of.coldUs)} more of warm idling`;
  }
  const times = `${number(of.starts / days)} times a day`;
  const hours = number(of.coldUs / US_PER_H / days);
  return `goes cold ${most}${times} ${at}: min 1 saves those starts, for ${hours} more warm hours a day`;
}
