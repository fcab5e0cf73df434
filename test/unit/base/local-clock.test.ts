import { describe, expect, it, vi } from 'vitest';
import { type LocalClock, localClock } from '../../../src/base/local-clock.ts';

/** `2026-10-25T02:30` by the wall. */
const wallUs = (text: string) => Date.parse(`${text}Z`) * 1000;
const isoOf = (us: number) => new Date(us / 1000).toISOString().replace('.000Z', 'Z');
const read = (clock: LocalClock, ...texts: string[]) =>
  texts.map((text) => isoOf(clock.toUtcUs(wallUs(text))));

describe('stamps without a zone, by the wall clock of one', () => {
  it('are shifted by the offset of their day, summer and winter', () => {
    expect(read(localClock('Europe/Berlin'), '2026-07-01T12:00', '2026-01-01T00:30')).toEqual([
      '2026-07-01T10:00:00Z',
      '2025-12-31T23:30:00Z',
    ]);
    expect(read(localClock('America/New_York'), '2026-07-01T12:00', '2026-12-01T12:00')).toEqual([
      '2026-07-01T16:00:00Z',
      '2026-12-01T17:00:00Z',
    ]);
    expect(read(localClock('Asia/Kolkata'), '2026-03-01T05:29:59')).toEqual([
      '2026-02-28T23:59:59Z',
    ]);
    expect(localClock('UTC').toUtcUs(1_234_567_890_123_457)).toBe(1_234_567_890_123_457);
  });

  it('in the hour that the clock skips are moved on by that hour, and counted', () => {
    const clock = localClock('Europe/Berlin');
    const found = read(clock, '2026-03-29T01:59:59', '2026-03-29T02:30', '2026-03-29T03:00');
    expect(found).toEqual(['2026-03-29T00:59:59Z', '2026-03-29T01:30:00Z', '2026-03-29T01:00:00Z']);
    expect(clock.skipped).toBe(1);
    expect(clock.notes()).toEqual([
      '1 stamp lies in an hour that the clock of Europe/Berlin skips: moved on by that hour',
    ]);
  });

  it('in the hour shown twice are summer time until they step back, then winter time', () => {
    const clock = localClock('Europe/Berlin');
    const found = read(
      clock,
      '2026-10-25T01:59:59',
      '2026-10-25T02:15',
      '2026-10-25T02:59',
      // Out of order by less than 10 minutes: a log of ends.
      '2026-10-25T02:50',
      '2026-10-25T02:01',
      '2026-10-25T02:40',
      '2026-10-25T03:00',
      // Late, behind what is no more ambiguous.
      '2026-10-25T02:59:58',
    );
    expect(found).toEqual([
      '2026-10-24T23:59:59Z',
      '2026-10-25T00:15:00Z',
      '2026-10-25T00:59:00Z',
      '2026-10-25T00:50:00Z',
      '2026-10-25T01:01:00Z',
      '2026-10-25T01:40:00Z',
      '2026-10-25T02:00:00Z',
      '2026-10-25T01:59:58Z',
    ]);
    expect(clock.ambiguous).toBe(6);
    expect(clock.notes()[0]).toBe(
      '6 stamps fall into an hour that the clock of Europe/Berlin shows twice: the stamps step back where it begins again, which tells them apart',
    );
  });

  it('that never step back cannot be told apart, and the note says so', () => {
    const clock = localClock('America/New_York');
    expect(read(clock, '2026-11-01T00:59', '2026-11-01T01:30', '2026-11-01T02:00')).toEqual([
      '2026-11-01T04:59:00Z',
      '2026-11-01T05:30:00Z',
      '2026-11-01T07:00:00Z',
    ]);
    expect(clock.notes()[0]).toMatch(/^1 stamp falls .*taken as the first pass$/);
  });

  it('of another log that goes through the same hour again begin with its first pass', () => {
    const clock = localClock('Europe/Berlin');
    read(clock, '2026-10-25T02:30', '2026-10-25T02:00', '2026-10-25T04:00');
    expect(read(clock, '2026-10-25T00:30', '2026-10-25T02:30')).toEqual([
      '2026-10-24T22:30:00Z',
      '2026-10-25T00:30:00Z',
    ]);
  });

  it('stepping back to before that hour have not come to its second pass', () => {
    const clock = localClock('Europe/Berlin');
    expect(read(clock, '2026-10-25T02:12', '2026-10-25T01:58', '2026-10-25T02:13')).toEqual([
      '2026-10-25T00:12:00Z',
      '2026-10-24T23:58:00Z',
      '2026-10-25T00:13:00Z',
    ]);
  });

  it('of Lord Howe change by half an hour', () => {
    const clock = localClock('Australia/Lord_Howe');
    expect(
      read(
        clock,
        '2026-04-05T01:29',
        '2026-04-05T01:45',
        '2026-04-05T01:31',
        '2026-04-05T02:00',
        '2026-10-04T02:10',
      ),
    ).toEqual([
      '2026-04-04T14:29:00Z',
      '2026-04-04T14:45:00Z',
      '2026-04-04T15:01:00Z',
      '2026-04-04T15:30:00Z',
      '2026-10-03T15:40:00Z',
    ]);
  });

  it('of a zone that dropped a day, and of one whose clock goes back at midnight', () => {
    expect(read(localClock('Pacific/Apia'), '2011-12-29T23:59', '2011-12-31T00:00')).toEqual([
      '2011-12-30T09:59:00Z',
      '2011-12-30T10:00:00Z',
    ]);
    const azores = localClock('America/Havana');
    expect(read(azores, '2026-11-01T00:30', '2026-11-01T00:05', '2026-11-01T01:00')).toEqual([
      '2026-11-01T04:30:00Z',
      '2026-11-01T05:05:00Z',
      '2026-11-01T06:00:00Z',
    ]);
  });

  it('scattered over centuries need no more memory than ten years of days', () => {
    const parts = vi.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts');
    try {
      const clock = localClock('UTC');
      const looks = (dayIndex: number) => {
        const before = parts.mock.calls.length;
        expect(clock.toUtcUs(dayIndex * 86_400e6)).toBe(dayIndex * 86_400e6);
        return parts.mock.calls.length - before;
      };
      expect([looks(0), looks(1), looks(0)]).toEqual([expect.any(Number), expect.any(Number), 0]);
      for (let day = 2; day <= 4096; day++) looks(day);
      expect(looks(0)).toBeGreaterThan(0);
    } finally {
      parts.mockRestore();
    }
  });

  it.each([
    'Europe/Berlin',
    'America/Sao_Paulo',
    'Asia/Tehran',
    'Australia/Lord_Howe',
    'Africa/Casablanca',
  ])('give back what the wall shows at instants from 1970 to 2100: %s', (timeZone) => {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    const clock = localClock(timeZone);
    for (let i = 0; i < 3000; i++) {
      const epochS = 86_400 + Math.floor((i / 3000) * 4.1e9);
      const wall = format.format(epochS * 1000).replace(' ', 'T');
      const before = clock.ambiguous;
      const us = clock.toUtcUs(wallUs(wall));
      if (clock.ambiguous === before) expect(us).toBe(epochS * 1e6);
      else expect([0, 3600e6, 1800e6]).toContain(Math.abs(us - epochS * 1e6));
    }
    expect(clock.skipped).toBe(0);
  });
});
