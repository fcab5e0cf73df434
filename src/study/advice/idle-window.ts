/** Whether replicas leave too soon, or stay too long: judged by how soon after a departure demand started one again. */
import { count, dollars, percent, seconds } from '../../base/numbers.ts';
import { formatDurationUs, US_PER_H, US_PER_MIN, US_PER_S } from '../../base/units.ts';
import { bucketMiddleUs, bucketOf } from '../../engine/histogram.ts';
import type { HistogramCounts } from '../../engine/totals.ts';
import { type Facts, FEW, meanIn, type Rule, withMore } from './facts.ts';

const KEYS = ['deployment.idleWindow'];
/** Of the starts on demand: fewer returns than these are no pattern. */
const MANY = 0.2;
/** Of the starts: a longer window has to spare so many where the pool does not thrash. */
const MOST = 0.5;
/** Of the bill: what a longer window may cost and be proposed for more than to stop the thrashing. */
const CHEAP = 0.1;

/** Windows that people choose. */
const WINDOWS_US = [
  ...[1, 2, 5, 10, 15, 20, 30, 45, 60, 90].map((s) => s * US_PER_S),
  ...[2, 3, 5, 10, 15, 20, 30, 45, 60].map((min) => min * US_PER_MIN),
  ...[2, 4, 8, 12, 24].map((h) => h * US_PER_H),
];

/** Too short at all, too short for little, too long: one of these, or none. */
export const idleWindow: Rule = (facts) =>
  isKeptByWindow(facts) ? (thrashes(facts) ?? missesReturns(facts) ?? costsMuch(facts)) : null;

/** An idle window shorter than the start: the pool stops what it needs at once again. */
const thrashes: Rule = (facts) => {
  const { result, meanStartUs, gaps } = facts;
  if (gaps === null || meanStartUs === null) return null;
  const { starts } = result.replicas;
  const soon = returnsWithin(gaps, meanStartUs) / facts.runs.length;
  if (soon < FEW || soon < MANY * starts) return null;
  const better = cheapWindow(facts, gaps, soon) ?? longEnough(facts, gaps);
  const advice =
    better === null
      ? ''
      : `; ${formatDurationUs(better.windowUs)} would have spared some ${count(better.caught)}${change(better)}`;
  return {
    rule: 'idle-window-thrashes',
    line: `${count(soon)} of ${count(starts)} starts came less than ${seconds(meanStartUs / US_PER_S)}, a mean start, after a replica had left: idleWindow ${window(facts)} is too short${advice}`,
    keys: KEYS,
    weight: weightOf(facts, better?.caught ?? soon),
  };
};

/** A longer window that would have spared most starts, for little. */
const missesReturns: Rule = (facts) => {
  const { result, gaps, meanStartUs } = facts;
  const { starts } = result.replicas;
  if (gaps === null || meanStartUs === 0) return null;
  const better = cheapWindow(facts, gaps, Math.max(FEW, MOST * starts));
  if (better === null) return null;
  const chosen = formatDurationUs(better.windowUs);
  return {
    rule: 'idle-window-misses-returns',
    line: `idleWindow ${chosen} in place of ${window(facts)} would have spared some ${count(better.caught)} of ${count(starts)} starts${change(better)}`,
    keys: KEYS,
    weight: weightOf(facts, better.caught),
  };
};

const MOST_IDLE = 0.5;

/** Most of the replica time is idle window, and few come back in it. */
const costsMuch: Rule = (facts) => {
  const { result, priced } = facts;
  const { idle, idleKept, total } = result.replicaTimeS;
  const share = total === 0 ? 0 : (idle - idleKept) / total;
  if (share < MOST_IDLE || result.replicas.starts < FEW) return null;
  const usdPerMonth =
    priced === null
      ? 0
      : priced.usdPerMonth -
        priced.usdPerMonthOf((reading) => {
          const idleUs = Number(reading.idleKeptUs - reading.idleUs);
          return withMore(priced.plan, reading, { idleUs, phaseUs: [] }, false);
        });
  const saves = usdPerMonth > 0 ? { usdPerMonth, bound: 'at most' as const } : undefined;
  return {
    rule: 'idle-window-costs',
    line: `${percent(share)} of replica time is spent idle in idleWindow ${window(facts)}${saves ? `: a shorter one saves ${dollars(usdPerMonth)} a month at most, and makes more requests cold` : ''}`,
    keys: KEYS,
    ...(saves && { saves }),
    weight: saves ? usdPerMonth / priced!.usdPerMonth / 2 : share / 4,
  };
};

/** A controller lets replicas go that it wants back before a new one is ready. */
export const scalesDownTooSoon: Rule = (facts) => {
  const { result, meanStartUs, gaps } = facts;
  if (gaps === null || meanStartUs === null || isKeptByWindow(facts)) return null;
  const { starts } = result.replicas;
  const soon = returnsWithin(gaps, meanStartUs) / facts.runs.length;
  if (soon < FEW || soon < MANY * starts) return null;
  return {
    rule: 'scales-down-too-soon',
    line: `${count(soon)} of ${count(starts)} starts came less than ${seconds(meanStartUs / US_PER_S)}, a mean start, after the controller had let a replica go: it should scale down later`,
    keys: ['deployment.scaling.stabilization.down', 'deployment.scaling.cooldown.down'],
    weight: weightOf(facts, soon),
  };
};

/** Whether an idle window ends replicas: a controller may do so itself. */
function isKeptByWindow({ scenario: { control } }: Facts): boolean {
  return control === null || control.retires === 'idle-window';
}

function window({ scenario, whose }: Facts): string {
  return formatDurationUs(scenario.idleWindowUs) + whose('idleWindow', scenario.idleWindowUs);
}

interface Better {
  readonly windowUs: number;
  /** Starts of a mean replication that would not have been needed. */
  readonly caught: number;
  /** What the month's bill would change by; null without a price. */
  readonly usdPerMonth: number | null;
}

function change({ usdPerMonth }: Better): string {
  if (usdPerMonth === null) return '';
  return usdPerMonth > 0
    ? `, for up to about ${dollars(usdPerMonth)} a month more`
    : ', for no more money';
}

/** The longest window that costs little and spares enough starts; null without a price. */
function cheapWindow(facts: Facts, gaps: HistogramCounts, enough: number): Better | null {
  const { scenario, priced } = facts;
  if (priced === null) return null;
  let better: Better | null = null;
  for (const windowUs of WINDOWS_US.filter((us) => us > scenario.idleWindowUs)) {
    const { caught } = caughtBy(facts, gaps, windowUs);
    if (caught < enough || caught === better?.caught) continue;
    const longer = withWindow(facts, gaps, windowUs);
    if (longer.usdPerMonth! > CHEAP * priced.usdPerMonth) break;
    better = longer;
  }
  return better;
}

/** The shortest window that outlasts gaps up to a mean start. */
function longEnough(facts: Facts, gaps: HistogramCounts): Better | null {
  const wantedUs = facts.scenario.idleWindowUs + 2 * (facts.meanStartUs ?? 0);
  const windowUs = WINDOWS_US.find((us) => us >= wantedUs);
  return windowUs === undefined ? null : withWindow(facts, gaps, windowUs);
}

/**
 * By the run's own gaps, all else as it was. A replica that is still there spares the start: what was the gap and the start
 * is idle time then, since it has served its last request earlier by as much as that waited for a start; so it has to stay
 * for both. Every other departure is idle for the whole of the extra time. So starts are spared rather too few, and the cost
 * is rather too high: starts that overlapped others, and served nobody, are spared too.
 */
function withWindow(facts: Facts, gaps: HistogramCounts, windowUs: number): Better {
  const { priced } = facts;
  const startUs = facts.meanStartUs ?? 0;
  const extraUs = windowUs - facts.scenario.idleWindowUs;
  const { caught, gapUs } = caughtBy(facts, gaps, windowUs);
  if (priced === null) return { windowUs, caught, usdPerMonth: null };
  const departures = meanIn(facts, ({ returns }) => returns.departures);
  const idleUs = gapUs + caught * startUs + Math.max(0, departures - caught) * extraUs;
  const usd = priced.usdPerMonthOf((reading) => {
    const spared = Math.min(1, (caught * startUs) / Math.max(1, Number(reading.startingUs)));
    const phaseUs = reading.phaseUs.map((us) => -Number(us) * spared);
    return withMore(priced.plan, reading, { idleUs, phaseUs }, true);
  });
  return { windowUs, caught, usdPerMonth: usd - priced.usdPerMonth };
}

/** Starts of a mean replication that a window would have spared, and their gaps together. */
function caughtBy({ scenario, meanStartUs, runs }: Facts, gaps: HistogramCounts, us: number) {
  const { times, sumUs } = within(gaps, us - scenario.idleWindowUs - (meanStartUs ?? 0));
  return { caught: times / runs.length, gapUs: sumUs / runs.length };
}

function returnsWithin(gaps: HistogramCounts, us: number): number {
  return within(gaps, us).times;
}

function within(gaps: HistogramCounts, us: number): { times: number; sumUs: number } {
  let times = 0;
  let sumUs = 0;
  // Most are empty: their middles are nobody's.
  const end = us < 0 ? 0 : Math.min(gaps.counts.length, bucketOf(us) + 1);
  for (let bucket = 0; bucket < end; bucket++) {
    const count = gaps.counts[bucket]!;
    if (count === 0) continue;
    const middleUs = bucketMiddleUs(bucket);
    if (middleUs > us) break;
    times += count;
    sumUs += count * middleUs;
  }
  return { times, sumUs };
}

/** The share of requests that would not have been cold, if every start makes as many so. */
function weightOf({ result }: Facts, starts: number): number {
  const { coldStarts, replicas } = result;
  return replicas.starts === 0 ? 0 : ((coldStarts.fraction ?? 0) * starts) / replicas.starts;
}
