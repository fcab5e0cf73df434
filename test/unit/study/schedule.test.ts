import { describe, expect, it } from 'vitest';
import type { FloorSchedule } from '../../../src/engine/scenario.ts';
import type { Finding } from '../../../src/study/findings.ts';
import { compileFloor, epochUsOf, scheduleOf } from '../../../src/study/schedule.ts';
import type { ScheduleSection } from '../../../src/study/schema.ts';

const HOUR_US = 3_600_000_000;
const DAY_US = 24 * HOUR_US;

function floorOf(section: ScheduleSection, startAt: string, days = 2): FloorSchedule {
  const findings: Finding[] = [];
  const schedule = scheduleOf(section, [], findings);
  expect(findings).toEqual([]);
  const epochUs = epochUsOf(startAt, section.timeZone);
  return compileFloor(schedule, epochUs ?? Number.NaN, days * DAY_US);
}

/** Steps as `hour of the run: count`. */
function steps({ atUs, count }: FloorSchedule): string {
  return atUs.map((us, i) => `${us / HOUR_US}: ${count[i]}`).join(', ');
}

const rule = (from: string, to: string, count = 2, more = {}) => ({ from, to, count, ...more });

describe('a schedule in plain days', () => {
  // 2 November 2026 is a Monday.
  const workdays = { timeZone: 'UTC', rules: [rule('08:00', '20:00', 2, { days: 'mon-fri' })] };

  it('holds from `from` to `to` on its days', () => {
    expect(steps(floorOf(workdays, '2026-11-02T00:00'))).toBe('0: 0, 8: 2, 20: 0, 32: 2, 44: 0');
    expect(steps(floorOf(workdays, '2026-11-07T00:00'))).toBe('0: 0');
  });

  it('counts from time 0, in the middle of a rule too', () => {
    expect(steps(floorOf(workdays, '2026-11-02T10:00', 1))).toBe('0: 2, 10: 0, 22: 2');
  });

  it('begins to start earlier by `lead`, across midnight and before time 0', () => {
    const early = { timeZone: 'UTC', rules: [rule('01:00', '02:00', 3, { lead: '2h' })] };
    expect(steps(floorOf(early, '2026-11-02T00:00', 1))).toBe('0: 3, 2: 0, 23: 3');
  });

  it('a rule over midnight belongs to the day on which it begins', () => {
    const friday = { timeZone: 'UTC', rules: [rule('22:00', '06:00', 1, { days: 'fri' })] };
    expect(steps(floorOf(friday, '2026-11-06T00:00', 3))).toBe('0: 0, 22: 1, 30: 0');
  });

  it('of rules that overlap the largest count holds, over a default', () => {
    const overlapping = {
      default: 1,
      timeZone: 'UTC',
      rules: [rule('06:00', '12:00', 2), rule('08:00', '10:00', 5), rule('09:00', '14:00', 3)],
    };
    expect(steps(floorOf(overlapping, '2026-11-02T00:00', 1))).toBe(
      '0: 1, 6: 2, 8: 5, 10: 3, 14: 1',
    );
  });

  it('reads lists of days, wraps around the week, and takes a whole day', () => {
    const weekend = { timeZone: 'UTC', rules: [rule('00:00', '24:00', 1, { days: 'sat,sun' })] };
    expect(steps(floorOf(weekend, '2026-11-06T00:00', 4))).toBe('0: 0, 24: 1, 72: 0');
    const wrapped = { timeZone: 'UTC', rules: [rule('00:00', '24:00', 1, { days: ['sat-mon'] })] };
    expect(steps(floorOf(wrapped, '2026-11-06T00:00', 5))).toBe('0: 0, 24: 1, 96: 0');
  });

  it('says what is wrong with a zone, a day and an empty rule', () => {
    const findings: Finding[] = [];
    scheduleOf(
      { timeZone: 'Europe/Berln', rules: [rule('08:00', '08:00', 1, { days: 'mon-fry' })] },
      ['min'],
      findings,
    );
    expect(findings.map(({ path, message }) => `${path.join('.')} ${message}`)).toEqual([
      'min.timeZone Europe/Berln is no time zone: write one such as Europe/Berlin, America/New_York or UTC',
      'min.rules.0.to is the same as from (08:00): write 00:00 and 24:00 for a whole day',
      'min.rules.0.days must be days such as mon-fri or sat,sun, is mon-fry',
    ]);
  });
});

/**
 * By hand. Berlin 2026: at 02:00 on 29 March the clock jumps to 03:00 (that day has 23 h); at 03:00 on 25 October it goes
 * back to 02:00 (25 h). New York 2026: at 02:00 on 8 March to 03:00; at 02:00 on 1 November back to 01:00.
 */
describe.each([
  { timeZone: 'Europe/Berlin', spring: '2026-03-29', autumn: '2026-10-25', gapAt: 2, backTo: 2 },
  { timeZone: 'America/New_York', spring: '2026-03-08', autumn: '2026-11-01', gapAt: 2, backTo: 1 },
])('daylight saving in $timeZone', ({ timeZone, spring, autumn, gapAt, backTo }) => {
  const clock = (hour: number, minute = 0) =>
    `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  const floor = (day: string, from: string, to: string, more = {}) =>
    steps(floorOf({ timeZone, rules: [rule(from, to, 2, more)] }, `${day}T00:00`, 1.5));

  it('08:00 comes an hour earlier in spring, an hour later in autumn, and at its place next day', () => {
    expect(floor(spring, '08:00', '09:00')).toBe('0: 0, 7: 2, 8: 0, 31: 2, 32: 0');
    expect(floor(autumn, '08:00', '09:00')).toBe('0: 0, 9: 2, 10: 0, 33: 2, 34: 0');
  });

  it('in the gap a rule begins at its end', () => {
    // 02:30 does not exist: the rule begins as the clock shows 03:00, which is 2 h after midnight.
    expect(floor(spring, clock(gapAt, 30), '05:00')).toBe('0: 0, 2: 2, 4: 0, 25.5: 2, 28: 0');
    expect(floor(spring, clock(gapAt, 15), clock(gapAt, 45))).toBe('0: 0, 25.25: 2, 25.75: 0');
  });

  it('in the overlap it holds through both hours', () => {
    const first = backTo;
    const end = backTo + 2;
    expect(floor(autumn, clock(backTo), clock(backTo + 1))).toBe(
      `0: 0, ${first}: 2, ${end}: 0, ${25 + backTo}: 2, ${26 + backTo}: 0`,
    );
    // Half past comes twice: from the first, to the last.
    expect(floor(autumn, clock(backTo, 30), clock(backTo, 45))).toBe(
      `0: 0, ${first + 0.5}: 2, ${first + 1.75}: 0, ${25 + backTo + 0.5}: 2, ${25 + backTo + 0.75}: 0`,
    );
  });

  it('lead is time that passes, not time on the wall', () => {
    expect(floor(spring, '03:30', '05:00', { lead: '1h' })).toBe(
      '0: 0, 1.5: 2, 4: 0, 25.5: 2, 28: 0',
    );
  });
});

describe('the date of time 0', () => {
  it('is by the wall of the zone, or by its own offset', () => {
    const at = (text: string, zone: string) => epochUsOf(text, zone);
    expect(at('2026-11-02T00:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 10, 1, 23) * 1_000);
    expect(at('2026-11-02T00:00Z', 'Europe/Berlin')).toBe(Date.UTC(2026, 10, 2) * 1_000);
    expect(at('2026-11-02 06:30+02:00', 'UTC')).toBe(Date.UTC(2026, 10, 2, 4, 30) * 1_000);
    expect(at('2026-11-02', 'UTC')).toBe(Date.UTC(2026, 10, 2) * 1_000);
    expect(at('2026-13-02T00:00', 'UTC')).toBeNull();
  });
});
