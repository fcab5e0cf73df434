/**
 * Keep-warm schedules: rules of wall-clock times, compiled to the floor's steps in microseconds of the run. A rule belongs
 * to the days on which it begins; of rules that overlap the largest count holds. Where the clock skips an hour a rule
 * begins (or ends) at the skip; where it shows an hour twice a rule holds through both.
 */
import { assert } from '../base/errors.ts';
import { US_PER_DAY, US_PER_MIN, US_PER_MS } from '../base/units.ts';
import { isTimeZone, ZoneClock } from '../base/zone-clock.ts';
import type { FloorSchedule } from '../engine/scenario.ts';
import { usOf } from './distribution-section.ts';
import { type Finding, finding } from './findings.ts';
import type { KeyPath } from './key-path.ts';
import type { ScheduleSection } from './schema.ts';

const DAY_NAMES = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;
const MS_PER_DAY = US_PER_DAY / US_PER_MS;

export interface ScheduleRule {
  /** By day of the week from Sunday, on which the rule begins. */
  readonly days: readonly boolean[];
  /** Minutes after midnight by the wall; an end at or before the beginning is on the next day. */
  readonly fromMin: number;
  readonly toMin: number;
  readonly count: number;
  /** Starting begins so much earlier. */
  readonly leadUs: number;
}

export interface Schedule {
  readonly defaultCount: number;
  readonly timeZone: string;
  readonly rules: readonly ScheduleRule[];
}

/** @param path where the schedule stands, for the findings that are added */
export function scheduleOf(section: ScheduleSection, path: KeyPath, findings: Finding[]): Schedule {
  const { timeZone } = section;
  if (!isTimeZone(timeZone)) {
    const message = `${timeZone} is no time zone: write one such as Europe/Berlin, America/New_York or UTC`;
    findings.push(finding([...path, 'timeZone'], message));
  }
  const rules = section.rules.map((rule, i): ScheduleRule => {
    const rulePath = [...path, 'rules', i];
    const fromMin = minutesOf(rule.from);
    const toMin = minutesOf(rule.to);
    if (fromMin === toMin) {
      const message = `is the same as from (${rule.from}): write 00:00 and 24:00 for a whole day`;
      findings.push(finding([...rulePath, 'to'], message));
    }
    const days = daysOf(rule.days ?? 'mon-sun');
    if (typeof days === 'string') findings.push(finding([...rulePath, 'days'], days));
    return {
      days: typeof days === 'string' ? [] : days,
      fromMin,
      toMin,
      count: rule.count,
      leadUs: Math.round(usOf(rule.lead ?? '0s')),
    };
  });
  return { defaultCount: section.default ?? 0, timeZone, rules };
}

export function largestCount({ defaultCount, rules }: Schedule): number {
  return Math.max(defaultCount, ...rules.map(({ count }) => count));
}

/** At most what the floor ever is: rules that leave no hour open may keep it higher. */
export function leastCount({ defaultCount, rules }: Schedule): number {
  return Math.min(defaultCount, ...rules.map(({ count }) => count));
}

/**
 * @param startAtEpochUs time 0
 * @param untilUs how far the steps are needed; the floor stays as it is after them
 */
export function compileFloor(
  schedule: Schedule,
  startAtEpochUs: number,
  untilUs: number,
): FloorSchedule {
  const longestLeadUs = Math.max(0, ...schedule.rules.map(({ leadUs }) => leadUs));
  const clock = new ZoneClock(
    schedule.timeZone,
    startAtEpochUs - 2 * US_PER_DAY,
    startAtEpochUs + untilUs + longestLeadUs + 2 * US_PER_DAY,
  );
  const spans = spansOf(schedule, clock, startAtEpochUs, untilUs + longestLeadUs);
  const times = spans.flatMap(({ fromUs, toUs }) => [fromUs, toUs]);
  const edges = [0, ...times.filter((us) => us > 0 && us <= untilUs)];
  const atUs: number[] = [];
  const count: number[] = [];
  const ordered = [...new Set(edges)].sort((a, b) => a - b);
  // Spans in order of their beginning; those that are over are dropped from the open ones as time goes on.
  const byBeginning = spans.toSorted((a, b) => a.fromUs - b.fromUs);
  let open: readonly Span[] = [];
  let next = 0;
  for (const us of ordered) {
    while (next < byBeginning.length && byBeginning[next]!.fromUs <= us) {
      open = [...open, byBeginning[next++]!];
    }
    open = open.filter(({ toUs }) => toUs > us);
    const floor = open.length === 0 ? schedule.defaultCount : Math.max(...open.map((s) => s.count));
    if (floor === count.at(-1)) continue;
    atUs.push(us);
    count.push(floor);
  }
  return { atUs, count };
}

interface Span {
  readonly fromUs: number;
  readonly toUs: number;
  readonly count: number;
}

/** When each rule holds, in microseconds of the run; those that end before time 0 are left out. */
function spansOf(
  { rules }: Schedule,
  clock: ZoneClock,
  startAtEpochUs: number,
  untilUs: number,
): readonly Span[] {
  const runUs = (wallMs: number, which: 'first' | 'last') =>
    clock.epochMs(wallMs, which) * US_PER_MS - startAtEpochUs;
  const firstDay = Math.floor(clock.wallMs(startAtEpochUs / US_PER_MS) / MS_PER_DAY) - 1;
  const days = Math.ceil(untilUs / US_PER_DAY) + 3;
  const spans: Span[] = [];
  for (let day = firstDay; day < firstDay + days; day++) {
    // Day 0, 1 January 1970, was a Thursday.
    const weekday = (((day + 4) % 7) + 7) % 7;
    for (const { days: on, fromMin, toMin, count, leadUs } of rules) {
      if (on[weekday] !== true) continue;
      const endDay = toMin > fromMin ? day : day + 1;
      const fromUs = runUs(wallMsOf(day, fromMin), 'first') - leadUs;
      const toUs = runUs(wallMsOf(endDay, toMin), 'last');
      if (toUs > Math.max(0, fromUs)) spans.push({ fromUs, toUs, count });
    }
  }
  return spans;
}

function wallMsOf(day: number, minute: number): number {
  return day * MS_PER_DAY + (minute * US_PER_MIN) / US_PER_MS;
}

function minutesOf(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number);
  assert(hours !== undefined && minutes !== undefined, `${clock} is no time of day`);
  return hours * 60 + minutes;
}

/** `mon-fri`, `sat,sun`, `fri-mon`, a list of them. @returns the days, or what is wrong */
function daysOf(given: string | readonly string[]): readonly boolean[] | string {
  const days = DAY_NAMES.map(() => false);
  for (const part of [given].flat().flatMap((text) => text.split(','))) {
    const [from, to = from] = part.trim().toLowerCase().split('-').map(dayNumber);
    if (from === undefined || to === undefined || from < 0 || to < 0) {
      return `must be days such as mon-fri or sat,sun, is ${part.trim()}`;
    }
    for (let day = from; ; day = (day + 1) % 7) {
      days[day] = true;
      if (day === to) break;
    }
  }
  return days;
}

function dayNumber(name: string): number {
  const short = name.trim();
  return short.length < 3 ? -1 : DAY_NAMES.findIndex((day) => day.startsWith(short));
}

/** 31 February is none, though it would be read as 3 March. */
function isDay(date: string): boolean {
  const ms = Date.parse(`${date}T00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date);
}

/**
 * A date and time of a study as an instant. Without an offset it is by the wall clock of `timeZone`.
 * @returns null if there is no such date
 */
export function epochUsOf(dateTime: string, timeZone: string): number | null {
  const iso = dateTime.replace(' ', 'T');
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(iso) && iso.includes('T');
  const wallText = iso.includes('T') ? iso : `${iso}T00:00`;
  const ms = Date.parse(zoned ? wallText : `${wallText}Z`);
  if (Number.isNaN(ms) || !isDay(iso.slice(0, 10))) return null;
  if (zoned) return ms * US_PER_MS;
  const clock = new ZoneClock(timeZone, ms * US_PER_MS, ms * US_PER_MS);
  return clock.epochMs(ms, 'first') * US_PER_MS;
}
