import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compareRows } from '../../../src/study/compare.ts';
import type { ScheduleProposal } from '../../../src/study/compare-document.ts';
import { needByHour } from '../../../src/study/schedule-proposal.ts';
import type { Trace } from '../../../src/workload/trace.ts';
import { laboratory, load, traceOf } from './studies.ts';

const LOG = `
version: 1
workload: { replay: { file: log.csv } }
deployment: { idleWindow: 5s, coldStart: 10s }
billing: { usdPerReplicaHour: 1 }
slo: [latencyS.p99 <= 2]
`;

const HOUR = 3_600;
const DAY = 24 * HOUR;
/** A Monday. */
const MONDAY_US = Date.parse('2026-11-02T00:00Z') * 1_000;

/** A request of a second every half minute in office hours, and one at midnight that begins each day. */
function office(days: number, isOpen: (day: number) => boolean = () => true): Trace {
  const rows: [number, number][] = [];
  for (let day = 0; day < days; day++) {
    for (let s = 8 * HOUR; isOpen(day) && s < 20 * HOUR; s += 30) rows.push([day * DAY + s, 1]);
  }
  const trace = traceOf(rows);
  return { ...trace, firstAtUs: MONDAY_US, period: { fromUs: 0, toUs: days * DAY * 1e6 } };
}

async function proposed(trace: Trace, text = LOG) {
  const lab = laboratory(text, {}, { traces: [trace] });
  const { schedule } = await compareRows(lab, { schedule: true, disputes: false });
  return schedule!;
}

describe('keep-warm hours', () => {
  it('by hand: one replica from 8 to 20, and what that saves against one around the clock', async () => {
    const found = (await proposed(office(1))) as ScheduleProposal;
    expect(found.grain).toBe('day');
    // Stretches of three hours would keep it from 6 to 21, which is more than 2 % dearer.
    expect(found.proposed.min).toEqual({
      default: 0,
      timeZone: 'UTC',
      rules: [{ days: 'mon-sun', from: '08:00', to: '20:00', count: 1, lead: '1m' }],
    });
    expect(found.constant!.min).toBe(1);
    // 12 h and a minute of lead against 24, and the last window.
    expect(found.proposed.result.cost!.usdPerHour! * 24).toBeCloseTo(12 + 1 / 60, 1);
    expect(found.difference!.value).toBeCloseTo((12 + 1 / 60) / 24 - 1, 2);
  });

  it('tells workdays from weekends from a week on, and weekdays from four weeks on', async () => {
    const isWorkday = (day: number) => day % 7 < 5;
    const week = (await proposed(office(7, isWorkday))) as ScheduleProposal;
    expect(week.grain).toBe('workday');
    const [rule] = (week.proposed.min as { rules: { days: string }[] }).rules;
    expect(rule!.days).toBe('mon-fri');
    const wednesdays = (day: number) => day % 7 === 2;
    const month = (await proposed(office(28, wednesdays))) as ScheduleProposal;
    expect(month.grain).toBe('weekday');
    expect((month.proposed.min as { rules: { days: string }[] }).rules[0]!.days).toBe('wed');
  });

  it('are by the clock of the log', async () => {
    const berlin = LOG.replace('file: log.csv', 'file: log.csv, timeZone: Europe/Berlin');
    const found = (await proposed(office(1), berlin)) as ScheduleProposal;
    expect(found.proposed.min).toMatchObject({
      timeZone: 'Europe/Berlin',
      rules: [{ from: '09:00', to: '21:00' }],
    });
  });

  it('are a block that a study takes as it is', async () => {
    const { yaml, proposed: row } = (await proposed(office(1))) as ScheduleProposal;
    const { deployment } = parse(yaml) as { deployment: { replicas: { min: unknown } } };
    expect(deployment.replicas.min).toEqual(row.min);
    const set = [`deployment.replicas.min=${JSON.stringify(deployment.replicas.min)}`];
    expect(load(LOG, { set }).points).toHaveLength(1);
  });

  it('need dates, an objective, and a day', async () => {
    const undated = { ...office(1), firstAtUs: null };
    expect(await proposed(undated)).toEqual({ why: expect.stringMatching(/workload.startAt/) });
    const hour = { ...office(1), period: { fromUs: 0, toUs: HOUR * 1e6 } };
    expect(await proposed(hour)).toEqual({ why: expect.stringMatching(/whole day/) });
    const bare = LOG.replace(/slo: .*/, '');
    expect(await proposed(office(1), bare)).toEqual({ why: expect.stringMatching(/--slo/) });
  });

  it('hold every moment of the period by its need, as counted moment by moment', async () => {
    const rows = Array.from(
      { length: 300 },
      (_, i) => [(i * 6_151) % DAY, 40 + (i % 50) * 60] as const,
    );
    const sorted = rows.toSorted(([a], [b]) => a - b);
    const trace = {
      ...traceOf(sorted),
      firstAtUs: MONDAY_US,
      period: { fromUs: 0, toUs: DAY * 1e6 },
    };
    const lab = laboratory(LOG, {}, { traces: [trace] });
    const { bound } = await lab.job({ overrides: {} });
    const [hours] = needByHour(bound, 'day');
    // The same by looking at each second's middle.
    for (const hour of [0, 7, 13, 23]) {
      const seen = new Map<number, number>();
      for (let s = hour * HOUR; s < (hour + 1) * HOUR; s++) {
        const inFlight = sorted.filter(([at, took]) => at <= s && s + 0.5 < at + took).length;
        seen.set(inFlight, (seen.get(inFlight) ?? 0) + 1e6);
      }
      expect(new Map([...hours![hour]!].sort())).toEqual(new Map([...seen].sort()));
    }
  });

  it('need one replica while anybody is there, where one takes any number of requests at once', async () => {
    const text = LOG.replace('idleWindow', 'concurrency: unlimited, idleWindow');
    const lab = laboratory(text, {}, { traces: [office(1)] });
    const { bound } = await lab.job({ overrides: {} });
    const [hours] = needByHour(bound, 'day');
    expect(Object.fromEntries(hours![9]!)).toEqual({ 0: (HOUR - 120) * 1e6, 1: 120e6 });
  });
});
