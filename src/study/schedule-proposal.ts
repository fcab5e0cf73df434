/**
 * Keep-warm hours, read from the traffic: for each hour of the week (of the day, where the log is short) as many replicas as
 * are enough for a share of its time if nobody waits. Several shares are tried as schedules, simulated, and the cheapest that
 * meets the objectives is held against the cheapest constant minimum that does.
 */
import { percent } from '../base/numbers.ts';
import { formatDurationUs, US_PER_DAY, US_PER_H, US_PER_MIN, US_PER_MS } from '../base/units.ts';
import { ZoneClock } from '../base/zone-clock.ts';
import type { Bound } from './bind.ts';
import { servedAtOnce } from './bounds/at-once.ts';
import { neededFor } from './bounds/offline.ts';
import type { ScheduleProposal, ScheduleRow } from './compare-document.ts';
import { type BoundRow, boundRow, type RunRow, runRows } from './comparison/trial-bench.ts';
import { cheapestFirst, costsOf } from './front.ts';
import { canonical, isMap, type Json } from './json.ts';
import type { Laboratory } from './laboratory.ts';
import { differenceOf } from './paired.ts';
import { meanStartUs } from './reference-rows.ts';

type Grain = ScheduleProposal['grain'];

/** Which days share their hours. */
const KINDS: Readonly<Record<Grain, readonly string[]>> = {
  day: ['mon-sun'],
  workday: ['mon-fri', 'sat,sun'],
  weekday: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
};
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const HOURS = 24;
const LEAST_DAYS: Readonly<Record<Grain, number>> = { day: 1, workday: 7, weekday: 28 };
const SHARES = [0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1];
/** Constant minimums that are tried, from 0 on. */
const MOST_CONSTANT = 24;
const MS_PER_H = US_PER_H / US_PER_MS;
const MIN_PATH = 'deployment.replicas.min';

/** @param subject the row whose minimum is to be scheduled @returns why there is none, where there is none */
export async function proposeSchedule(
  lab: Laboratory,
  subject: RunRow,
): Promise<ScheduleProposal | { readonly why: string }> {
  const { bound, vary } = subject;
  const why = whyNot(lab, subject);
  if (why !== null) return { why };
  const days = observedDays(bound);
  const grain = grainOf(days);
  const need = needByHour(bound, grain);
  const leadUs = leadOf(bound);
  const timeZone = zoneName(bound.timeZone);
  const { max } = bound.scenario;
  const schedules = SHARES.flatMap((share) => {
    const counts = need.map((hours) => hours.map((held) => Math.min(max, enoughFor(held, share))));
    const how = { grain, timeZone, leadUs };
    return [
      { share, isCalm: true, min: scheduleOf(counts.map(calm), how) },
      { share, isCalm: false, min: scheduleOf(counts, how) },
    ];
  });
  const tried = [...new Map(schedules.map((one) => [canonical(one.min), one])).values()];
  const peak = Math.min(max, Math.max(0, ...need.flat().map((held) => enoughFor(held, 1))));
  const constants = Array.from({ length: Math.min(peak, MOST_CONSTANT) + 1 }, (_, min) => min);
  const rows = await boundRows(lab, subject, [...tried.map(({ min }) => min), ...constants]);
  if (typeof rows === 'string') return { why: rows };
  const ran = await runRows(lab, rows);
  const hourly = cheapest(ran.slice(0, tried.length));
  const simple = cheapest(ran.slice(0, tried.length).filter((_, i) => tried[i]!.isCalm));
  const proposed = simple !== null && isNearly(simple, hourly!) ? simple : hourly;
  const constant = cheapest(ran.slice(tried.length));
  if (proposed === null) {
    return {
      why: 'no hours that are kept warm by need meet the objectives: what waits there is not short of replicas',
    };
  }
  const { share, min } = tried[ran.indexOf(proposed)]!;
  const label =
    typeof min === 'number' ? 'the same at all hours' : `hours at ${percent(share)} of need`;
  return {
    grain,
    days,
    timeZone,
    percentile: share,
    proposed: rowOf(label, proposed),
    constant:
      constant === null
        ? null
        : rowOf(`constant minimum ${String(constant.vary[MIN_PATH])}`, constant),
    difference:
      constant === null
        ? null
        : differenceOf(constant.outcome, proposed.outcome, 'cost.usdPerHour'),
    yaml: yamlOf(min),
    notes: notesOf(grain, days, Object.keys(vary).length > 0),
  };
}

const CALM_HOURS = 3;
const WORTH_RULES = 1.02;

/** Few rules rather than many: stretches of three hours, each as its busiest hour needs. */
function calm(hours: readonly number[]): readonly number[] {
  return hours.map((_, hour) => {
    const from = hour - (hour % CALM_HOURS);
    return Math.max(...hours.slice(from, from + CALM_HOURS));
  });
}

function isNearly(simple: RunRow, hourly: RunRow): boolean {
  const [few, many] = costsOf([simple, hourly].map(({ outcome }) => outcome.result));
  return few! <= many! * WORTH_RULES;
}

function whyNot(lab: Laboratory, { bound }: RunRow): string | null {
  const { fleet, workload, compiled, scenario } = bound;
  if (lab.loaded.objectives.length === 0) return 'needs an objective to hold: --slo';
  if (fleet !== null) return 'is for one pool, and this study has several';
  if (compiled.platform?.scaling === 'fixed') return 'is for what scales: this fleet is fixed';
  if (workload.startAtEpochUs === null) {
    return 'needs dates: this traffic has none, so write workload.startAt';
  }
  if (scenario.max === 0) return 'nothing is ever started';
  return observedDays(bound) < 0.9 ? 'needs a whole day of traffic at least' : null;
}

function observedDays({ workload: { period } }: Bound): number {
  return Math.round(((period.toUs - period.fromUs) / US_PER_DAY) * 100) / 100;
}

function grainOf(days: number): Grain {
  if (days >= LEAST_DAYS.weekday) return 'weekday';
  return days >= LEAST_DAYS.workday ? 'workday' : 'day';
}

/** By kind of day, hour, and number of replicas: how long so many were needed, over all replications. */
type Need = readonly (readonly ReadonlyMap<number, number>[])[];

export function needByHour(bound: Bound, grain: Grain): Need {
  const { workload, scenario, replications, timeZone } = bound;
  const need = KINDS[grain].map(() =>
    Array.from({ length: HOURS }, () => new Map<number, number>()),
  );
  const { fromUs, toUs } = workload.period;
  const epochUs = workload.startAtEpochUs!;
  const clock = new ZoneClock(timeZone, epochUs + fromUs, epochUs + toUs);
  for (let nth = 0; nth < replications; nth++) {
    const { beginUs, endUs } = servedAtOnce(workload, scenario, nth);
    endUs.sort();
    const hold = (inFlight: number, from: number, to: number) => {
      const replicas = neededFor(inFlight, scenario.concurrency);
      for (const piece of byHour(clock, epochUs, Math.max(from, fromUs), Math.min(to, toUs))) {
        const held = need[kindOf(piece.weekday, grain)]![piece.hour]!;
        held.set(replicas, (held.get(replicas) ?? 0) + piece.lengthUs);
      }
    };
    let nowUs = fromUs;
    let inFlight = 0;
    for (let begun = 0, ended = 0; ended < endUs.length; ) {
      const beginsUs = beginUs[begun] ?? Number.POSITIVE_INFINITY;
      const isEnd = endUs[ended]! <= beginsUs;
      const nextUs = isEnd ? endUs[ended]! : beginsUs;
      hold(inFlight, nowUs, nextUs);
      nowUs = nextUs;
      inFlight += isEnd ? -1 : 1;
      if (isEnd) ended++;
      else begun++;
    }
    hold(0, nowUs, toUs);
  }
  return need;
}

interface Piece {
  /** From Monday. */
  readonly weekday: number;
  readonly hour: number;
  readonly lengthUs: number;
}

/** Cut where the hour of the wall clock changes. */
function* byHour(clock: ZoneClock, epochUs: number, fromUs: number, toUs: number): Iterable<Piece> {
  for (let atUs = fromUs; atUs < toUs; ) {
    const wallMs = clock.wallMs((epochUs + atUs) / US_PER_MS);
    const hours = Math.floor(wallMs / MS_PER_H);
    const nextUs = Math.min(toUs, atUs + (hours + 1) * US_PER_H - wallMs * US_PER_MS);
    const day = Math.floor(hours / HOURS);
    // Day 0, 1 January 1970, was a Thursday.
    yield {
      weekday: (((day + 3) % 7) + 7) % 7,
      hour: hours - day * HOURS,
      lengthUs: nextUs - atUs,
    };
    atUs = nextUs;
  }
}

function kindOf(weekday: number, grain: Grain): number {
  if (grain === 'day') return 0;
  return grain === 'weekday' ? weekday : Number(weekday >= 5);
}

/** The least number that is enough for this share of the time. */
function enoughFor(held: ReadonlyMap<number, number>, share: number): number {
  const ordered = [...held].sort(([a], [b]) => a - b);
  const all = ordered.reduce((sum, [, us]) => sum + us, 0);
  let within = 0;
  for (const [replicas, us] of ordered) {
    within += us;
    if (within >= share * all * (1 - 1e-12)) return replicas;
  }
  return 0;
}

/** Starts that are to be over when the hour begins. */
function leadOf(bound: Bound): number {
  const meanUs = meanStartUs(bound);
  return Math.ceil(meanUs / US_PER_MIN) * US_PER_MIN;
}

/** The most common count is the default; stretches of hours above or below it are rules. A number where all are alike. */
function scheduleOf(
  counts: readonly (readonly number[])[],
  {
    grain,
    timeZone,
    leadUs,
  }: { readonly grain: Grain; readonly timeZone: string; readonly leadUs: number },
): Json {
  const least = Math.min(...counts.flat());
  if (counts.flat().every((count) => count === least)) return least;
  const rules: readonly Rule[] = joined(counts, grain).flatMap(({ days, hours }) =>
    stretches(hours)
      .filter(({ count }) => count > least)
      .map(({ from, to, count }) => ({
        days,
        from: clockText(from),
        to: clockText(to),
        count,
        ...(leadUs > 0 && { lead: formatDurationUs(leadUs) }),
      })),
  );
  return { default: least, timeZone, rules };
}

/** A rule a line. */
function yamlOf(min: Json): string {
  const head = ['deployment:', '  replicas:'];
  if (!isMap(min)) return [...head, `    min: ${String(min)}`, ''].join('\n');
  const { rules, ...rest } = min;
  const textOf = (value: Json) =>
    String(value).includes(',') ? `'${String(value)}'` : String(value);
  const pairs = (map: { readonly [key: string]: Json }) =>
    Object.entries(map).map(([key, value]) => `${key}: ${textOf(value)}`);
  return [
    ...head,
    '    min:',
    ...pairs(rest).map((pair) => `      ${pair}`),
    '      rules:',
    ...(rules as readonly Rule[]).map((rule) => `        - { ${pairs(rule).join(', ')} }`),
    '',
  ].join('\n');
}

type Rule = { readonly [key: string]: Json };

/** Kinds of days whose hours are the same are one. */
function joined(counts: readonly (readonly number[])[], grain: Grain) {
  const kinds = new Map<string, { days: string[]; hours: readonly number[] }>();
  for (const [i, hours] of counts.entries()) {
    const key = hours.join();
    const known = kinds.get(key) ?? { days: [], hours };
    known.days.push(KINDS[grain][i]!);
    kinds.set(key, known);
  }
  return [...kinds.values()].map(({ days, hours }) => ({ days: daysText(days), hours }));
}

/** `mon-fri` for days in a row. */
function daysText(days: readonly string[]): string {
  if (days.length === 7 || (days.includes('mon-fri') && days.length === 2)) return 'mon-sun';
  const places = days.map((day) => DAYS.indexOf(day));
  const isRow = places.every((place, i) => place >= 0 && place === places[0]! + i);
  return isRow && days.length > 2 ? `${days[0]}-${days.at(-1)}` : days.join(',');
}

function stretches(hours: readonly number[]) {
  const all: { from: number; to: number; count: number }[] = [];
  for (const [hour, count] of hours.entries()) {
    const last = all.at(-1);
    if (last?.count === count) last.to = hour + 1;
    else all.push({ from: hour, to: hour + 1, count });
  }
  return all;
}

function clockText(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

/** As a schedule names it: an offset of whole hours is a zone too, its sign turned. */
function zoneName(timeZone: string): string {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(timeZone) ?? [];
  if (sign === undefined || minutes !== '00') return timeZone;
  return Number(hours) === 0 ? 'UTC' : `Etc/GMT${sign === '+' ? '-' : '+'}${Number(hours)}`;
}

async function boundRows(
  lab: Laboratory,
  { vary }: RunRow,
  minimums: readonly Json[],
): Promise<readonly BoundRow[] | string> {
  const rows: BoundRow[] = [];
  for (const min of minimums) {
    const spec = { label: null, references: [], candidate: false };
    const row = await boundRow(lab, { ...spec, vary: { ...vary, [MIN_PATH]: min } });
    if (typeof row === 'string') return row;
    rows.push(row);
  }
  return rows;
}

function cheapest(rows: readonly RunRow[]): RunRow | null {
  const [first] = cheapestFirst(rows.map(({ outcome }) => outcome.result));
  return first === undefined ? null : rows[first]!;
}

function rowOf(label: string, { vary, outcome }: RunRow): ScheduleRow {
  const { hours: _, ...result } = outcome.result;
  return { label, min: vary[MIN_PATH]!, result };
}

function notesOf(grain: Grain, days: number, isVaried: boolean): readonly string[] {
  const length = `${days} ${days === 1 ? 'day' : 'days'}`;
  const honest = {
    day: `read from ${length}: every day is taken to be like them, weekends too`,
    workday: `read from ${length}: workdays alike, and weekends; four weeks would tell the weekdays apart`,
    weekday: `read from ${length}, each weekday by itself`,
  }[grain];
  return [
    honest,
    'found and judged on the same traffic: try it on days that it was not read from (workload.replay.window)',
    ...(isVaried ? ['the other keys are those of the recommended row'] : []),
  ];
}
