import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatIso,
  readDecimal,
  readIso,
  readLogStamp,
  Stamp,
} from '../../../src/workload/stamps.ts';

const stamp = new Stamp();
const iso = (text: string) => (readIso(text, stamp) ? stamp.us : null);
const decimal = (text: string, scale: number) =>
  readDecimal(text, scale, stamp) ? stamp.us : null;

describe('an ISO stamp', () => {
  it('agrees with Date to the millisecond on any date', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1700-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
        (date) => {
          expect(iso(date.toISOString())).toBe(date.getTime() * 1000);
          expect(formatIso(date.getTime() * 1000)).toBe(date.toISOString().replace(/\.?0*Z$/, 'Z'));
        },
      ),
    );
  });

  it('keeps the digits that Date drops and rounds what is finer than a microsecond once', () => {
    expect(iso('2023-11-16 18:17:03.9799600')).toBe(1_700_158_623_979_960);
    expect(stamp.rounded).toBe(false);
    expect(iso('2026-01-01T00:00:00.1234565Z')! % 1e6).toBe(123_457);
    expect(stamp.rounded).toBe(true);
    expect(iso('2026-01-01T00:00:00.999999999Z')).toBe(iso('2026-01-01T00:00:01Z'));
  });

  it('takes zones with and without colon, and none as UTC', () => {
    const utc = iso('2026-01-01T00:00:00Z');
    expect(iso('2026-01-01T05:30:00+05:30')).toBe(utc);
    expect(iso('2026-01-01 05:30:00,0+0530')).toBe(utc);
    expect(iso('2025-12-31T16:00:00-08')).toBe(utc);
    expect(iso('2026-01-01T00:00:00')).toBe(utc);
    expect(stamp.zoneMin).toBeNaN();
  });

  it('reads a leap second as the next second', () => {
    expect(iso('2025-12-31T23:59:60Z')).toBe(iso('2026-01-01T00:00:00Z'));
  });

  it.each([
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00 CET',
    '1e3',
    '',
  ])('%s is none', (text) => expect(iso(text)).toBeNull());
});

describe('a stamp of an access log', () => {
  it('agrees with the same time in ISO', () => {
    expect(readLogStamp('[22/Jan/2019:03:56:14 +0330]', 1, stamp)).toBe(true);
    expect(stamp.zoneMin).toBe(210);
    const { us } = stamp;
    expect(us).toBe(iso('2019-01-22T03:56:14+03:30'));
  });

  it.each(['[30/Feb/2019:03:56:14 +0330]', '[22/anF/2019:03:56:14 +0330]', '[22/Jan/2019'])(
    '%s is none',
    (text) => expect(readLogStamp(text, 1, stamp)).toBe(false),
  );
});

describe('a decimal', () => {
  it('is exact to the microsecond whatever a double of it would be', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (us) => {
        const digits = String(us).padStart(7, '0');
        expect(decimal(`${digits.slice(0, -6)}.${digits.slice(-6)}`, 6)).toBe(us);
        expect(decimal(String(us), 0)).toBe(us);
      }),
    );
  });

  it('reads exponents, signs and nanoseconds', () => {
    expect(decimal('1.7000000015e9', 6)).toBe(1_700_000_001_500_000);
    expect(decimal('1700000000123456789', -3)).toBe(1_700_000_000_123_457);
    expect(stamp.rounded).toBe(true);
    expect(decimal('-0.5', 6)).toBe(-500_000);
    expect(decimal('5e-7', 6)).toBe(1);
    expect(decimal('4e-7', 6)).toBe(0);
    expect(decimal('.5', 6)).toBe(500_000);
  });

  it.each(['', '.', '1.2.3', '1e', 'NaN', 'Infinity', '0x10', '1 000', '99999999999999999999'])(
    '%s is none',
    (text) => expect(decimal(text, 0)).toBeNull(),
  );
});
