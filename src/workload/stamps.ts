/**
 * Points in time as text, read digit by digit into integer microseconds: a `Date` keeps milliseconds only, and a double
 * of seconds since 1970 has a quarter of a microsecond of noise. What is finer than a microsecond is rounded once.
 */
import { US_PER_DAY, US_PER_H, US_PER_MIN, US_PER_S } from '../base/units.ts';

/** What one reading found; reused from row to row. */
export class Stamp {
  /** Since 1970 by UTC, or of the plain number. */
  us = 0;
  /** East of UTC; NaN where the text names no zone. */
  zoneMin = Number.NaN;
  /** Whether digits beyond a microsecond were lost. */
  rounded = false;
}

const ZERO = 48;
const NINE = 57;

/**
 * A decimal such as `1700000000.1234565` or `1.7e9`, times ten to `scale` (6 reads seconds, 0 microseconds, -3 nanoseconds), rounded half up to an integer.
 * @returns whether the whole text is such a number and its value is exact in a double
 */
export function readDecimal(text: string, scale: number, stamp: Stamp): boolean {
  let at = 0;
  const negative = text.charCodeAt(0) === 45;
  if (negative || text.charCodeAt(0) === 43) at++;
  let exponentAt = text.length;
  let digits = 0;
  let point = -1;
  for (let i = at; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c >= ZERO && c <= NINE) digits++;
    else if (c === 46 && point < 0) point = i;
    else if (c === 101 || c === 69) {
      exponentAt = i;
      break;
    } else return false;
  }
  if (digits === 0) return false;
  let shift = scale;
  if (exponentAt < text.length) {
    const exponent = text.slice(exponentAt + 1);
    if (!/^[+-]?\d{1,3}$/.test(exponent)) return false;
    shift += Number(exponent);
  }
  const end = exponentAt;
  const wholeDigits = (point < 0 ? end : point) - at + shift;
  let value = 0;
  let seen = 0;
  let up = 0;
  stamp.rounded = false;
  for (let i = at; i < end; i++) {
    if (i === point) continue;
    const digit = text.charCodeAt(i) - ZERO;
    if (seen < wholeDigits) value = value * 10 + digit;
    else {
      if (seen === wholeDigits && digit >= 5) up = 1;
      if (digit !== 0) stamp.rounded = true;
    }
    seen++;
  }
  if (value > 0) for (; seen < wholeDigits; seen++) value *= 10;
  value += up;
  stamp.us = negative && value > 0 ? -value : value;
  stamp.zoneMin = Number.NaN;
  return value <= Number.MAX_SAFE_INTEGER;
}

/**
 * ISO 8601 with a `T` or a space, `2026-01-01T05:30:00,250+0530`: up to 9 digits of fraction, a zone as `Z`, `+hh`,
 * `+hh:mm`, `+hhmm` or none (taken as UTC). Second 60, a leap second, is the next second.
 */
export function readIso(text: string, stamp: Stamp): boolean {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return false;
  const separator = text.charCodeAt(10);
  if (separator !== 84 && separator !== 116 && separator !== 32) return false;
  const dayUs = epochDayUs(digitsAt(text, 0, 4), digitsAt(text, 5, 2), digitsAt(text, 8, 2));
  const clockUs = readClock(text, 11);
  if (!(Math.abs(dayUs + clockUs) < Number.MAX_SAFE_INTEGER)) return false;
  let at = 19;
  let fractionUs = 0;
  stamp.rounded = false;
  const mark = text.charCodeAt(at);
  if (mark === 46 || mark === 44) {
    const from = ++at;
    let unitUs = US_PER_S;
    for (; at - from < 9; at++) {
      const digit = text.charCodeAt(at) - ZERO;
      if (!(digit >= 0 && digit <= 9)) break;
      unitUs /= 10;
      if (unitUs >= 1) fractionUs += digit * unitUs;
      else {
        if (at - from === 6 && digit >= 5) fractionUs += 1;
        if (digit !== 0) stamp.rounded = true;
      }
    }
    if (at === from) return false;
  }
  const zoneMin = readZone(text, at);
  if (zoneMin === null) return false;
  stamp.us = dayUs + clockUs + Math.round(fractionUs) - (zoneMin || 0) * US_PER_MIN;
  stamp.zoneMin = zoneMin;
  return true;
}

/** The 26 characters `10/Oct/2000:13:55:36 -0700` of the common log format, from `at` on. */
export function readLogStamp(text: string, at: number, stamp: Stamp): boolean {
  if (text.charCodeAt(at + 2) !== 47 || text.charCodeAt(at + 6) !== 47) return false;
  if (text.charCodeAt(at + 11) !== 58 || text.charCodeAt(at + 20) !== 32) return false;
  const month = MONTHS.indexOf(text.slice(at + 3, at + 6)) / 3 + 1;
  const dayUs = epochDayUs(digitsAt(text, at + 7, 4), month, digitsAt(text, at, 2));
  const clockUs = readClock(text, at + 12);
  const sign = text.charCodeAt(at + 21);
  const zoneMin = digitsAt(text, at + 22, 2) * 60 + digitsAt(text, at + 24, 2);
  if (sign !== 43 && sign !== 45) return false;
  stamp.zoneMin = sign === 45 ? -zoneMin : zoneMin;
  stamp.us = dayUs + clockUs - stamp.zoneMin * US_PER_MIN;
  stamp.rounded = false;
  return Math.abs(stamp.us) <= Number.MAX_SAFE_INTEGER;
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Midnight UTC of a date; NaN if there is no such date. */
function epochDayUs(year: number, month: number, day: number): number {
  if (!(day >= 1 && day <= (MONTH_DAYS[month - 1] ?? 0) && year >= 1)) return Number.NaN;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 2 && day === 29 && !leap) return Number.NaN;
  // Days since 0000-03-01 and from there to 1970-01-01: a year that begins in March ends with its leap day.
  const y = month > 2 ? year : year - 1;
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  const days = y * 365 + leapDays + Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return (days - 719_468) * US_PER_DAY;
}

/** `hh:mm:ss`; NaN if there is no such time. */
function readClock(text: string, at: number): number {
  if (text.charCodeAt(at + 2) !== 58 || text.charCodeAt(at + 5) !== 58) return Number.NaN;
  const hour = digitsAt(text, at, 2);
  const minute = digitsAt(text, at + 3, 2);
  const second = digitsAt(text, at + 6, 2);
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return Number.NaN;
  return hour * US_PER_H + minute * US_PER_MIN + second * US_PER_S;
}

/** The rest of a stamp as minutes east of UTC: NaN for no zone, null for no such zone. */
function readZone(text: string, at: number): number | null {
  if (at === text.length) return Number.NaN;
  const zone = text.slice(at);
  if (zone === 'Z' || zone === 'z') return 0;
  const match = /^([+-])(\d\d)(?::?(\d\d))?$/.exec(zone);
  if (match === null) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return match[1] === '-' ? -minutes : minutes;
}

/** NaN unless all are digits. */
function digitsAt(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** `2026-10-12T00:00:00Z`, with as many digits of a second as there are, up to six. */
export function formatIso(epochUs: number): string {
  const seconds = Math.floor(epochUs / US_PER_S);
  const us = epochUs - seconds * US_PER_S;
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return us === 0 ? `${whole}Z` : `${whole}.${String(us).padStart(6, '0').replace(/0+$/, '')}Z`;
}
