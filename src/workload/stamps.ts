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
const PLUS = 43;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const SLASH = 47;
const COLON = 58;
const SPACE = 32;
const LETTER_T = 84;

/**
 * A decimal such as `1700000000.1234565` or `1.7e9` in `text[from, to)`, times ten to `scale` (6 reads seconds, 0
 * microseconds, -3 nanoseconds), rounded half up to an integer.
 * @returns whether all of it is such a number and its value is exact in a double
 */
export function readDecimal(
  text: string,
  scale: number,
  stamp: Stamp,
  from = 0,
  to = text.length,
): boolean {
  const first = text.charCodeAt(from);
  const at = from < to && (first === MINUS || first === PLUS) ? from + 1 : from;
  let exponentAt = to;
  let digits = 0;
  let point = -1;
  let value = 0;
  for (let i = at; i < to; i++) {
    const c = text.charCodeAt(i);
    if (c >= ZERO && c <= NINE) {
      value = value * 10 + (c - ZERO);
      digits++;
    } else if (c === POINT && point < 0) point = i;
    else if (c === 101 || c === 69) {
      exponentAt = i;
      break;
    } else return false;
  }
  if (digits === 0) return false;
  let shift = scale;
  if (exponentAt < to) {
    const exponent = text.slice(exponentAt + 1, to);
    if (!/^[+-]?\d{1,3}$/.test(exponent)) return false;
    shift += Number(exponent);
  }
  const fraction = point < 0 ? 0 : exponentAt - point - 1;
  stamp.rounded = false;
  stamp.zoneMin = Number.NaN;
  if (fraction <= shift && digits + shift - fraction <= 15) value *= TENS[shift - fraction]!;
  else value = roundedDecimal(text, at, exponentAt, point, shift, stamp);
  stamp.us = first === MINUS && value > 0 ? -value : value;
  return value <= Number.MAX_SAFE_INTEGER;
}

const TENS = Array.from({ length: 16 }, (_, power) => 10 ** power);

/** Digit by digit, for what has more digits than fit a microsecond or a double. */
function roundedDecimal(
  text: string,
  at: number,
  end: number,
  point: number,
  shift: number,
  stamp: Stamp,
): number {
  const wholeDigits = (point < 0 ? end : point) - at + shift;
  let value = 0;
  let seen = 0;
  let up = 0;
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
  return value + up;
}

/** Power of ten to microseconds of a unit, and a factor besides. */
const SPAN_UNITS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['ns', [-3, 1]],
  ['us', [0, 1]],
  // The micro sign and the Greek letter, each as text and as its bytes in UTF-8.
  ['\u00B5s', [0, 1]],
  ['\u00C2\u00B5s', [0, 1]],
  ['\u03BCs', [0, 1]],
  ['\u00CE\u00BCs', [0, 1]],
  ['ms', [3, 1]],
  ['s', [6, 1]],
  ['m', [6, 60]],
  ['h', [6, 3600]],
]);

/**
 * A duration with its units in `text[from, to)`, as Go prints it: `18ms`, `1.2s`, `1m30.5s`.
 * @returns whether all of it is one
 */
export function readSpan(text: string, stamp: Stamp, from = 0, to = text.length): boolean {
  let us = 0;
  let rounded = false;
  let at = from;
  while (at < to) {
    let unitAt = at;
    while (unitAt < to && isOfNumber(text.charCodeAt(unitAt))) unitAt++;
    let end = unitAt;
    while (end < to && end - unitAt < 4 && !isOfNumber(text.charCodeAt(end))) end++;
    const unit = SPAN_UNITS.get(text.slice(unitAt, end));
    if (unit === undefined || !readDecimal(text, unit[0], stamp, at, unitAt)) return false;
    us += stamp.us * unit[1];
    rounded ||= stamp.rounded;
    at = end;
  }
  stamp.us = us;
  stamp.rounded = rounded;
  return to > from && us <= Number.MAX_SAFE_INTEGER;
}

function isOfNumber(code: number): boolean {
  return (code >= ZERO && code <= NINE) || code === POINT;
}

/**
 * ISO 8601 in `text[from, to)`: `2026-01-01T05:30:00,250+0530`, a space or a colon in place of the `T`, slashes in place of
 * hyphens, without any (`20260101T053000Z`), or by the day of the year (`2026-001T05:30:00Z`); up to 9 digits of fraction; a zone as `Z`,
 * `UTC`, `+hh`, `+hh:mm`, `+hhmm` or none (taken as UTC). Second 60, a leap second, is the next second.
 */
export function readIso(text: string, stamp: Stamp, from = 0, to = text.length): boolean {
  const year = digitsAt(text, from, 4);
  const mark = text.charCodeAt(from + 4);
  let dayUs: number;
  let at: number;
  if ((mark === MINUS || mark === SLASH) && text.charCodeAt(from + 7) === mark) {
    dayUs = epochDayUs(year, digitsAt(text, from + 5, 2), digitsAt(text, from + 8, 2));
    at = from + 10;
  } else if (mark === MINUS) {
    dayUs = ordinalDayUs(year, digitsAt(text, from + 5, 3));
    at = from + 8;
  } else {
    dayUs = epochDayUs(year, digitsAt(text, from + 4, 2), digitsAt(text, from + 6, 2));
    at = from + 8;
    if (text.charCodeAt(at) !== LETTER_T) return false;
  }
  const separator = text.charCodeAt(at);
  if (separator !== LETTER_T && separator !== 116 && separator !== SPACE && separator !== COLON) {
    return false;
  }
  const extended = text.charCodeAt(at + 3) === COLON;
  const clockUs = extended ? readClock(text, at + 1) : readBasicClock(text, at + 1);
  at += extended ? 9 : 7;
  if (!(Math.abs(dayUs + clockUs) < Number.MAX_SAFE_INTEGER && at <= to)) return false;
  let fractionUs = 0;
  stamp.rounded = false;
  if (at < to && (text.charCodeAt(at) === POINT || text.charCodeAt(at) === COMMA)) {
    const first = ++at;
    let unitUs = US_PER_S;
    for (; at < to && at - first < 9; at++) {
      const digit = text.charCodeAt(at) - ZERO;
      if (!(digit >= 0 && digit <= 9)) break;
      unitUs /= 10;
      if (unitUs >= 1) fractionUs += digit * unitUs;
      else {
        if (at - first === 6 && digit >= 5) fractionUs += 1;
        if (digit !== 0) stamp.rounded = true;
      }
    }
    if (at === first) return false;
  }
  const zoneMin = readZone(text, at, to);
  if (zoneMin === null) return false;
  stamp.us = dayUs + clockUs + Math.round(fractionUs) - (zoneMin || 0) * US_PER_MIN;
  stamp.zoneMin = zoneMin;
  return true;
}

/** The 26 characters `10/Oct/2000:13:55:36 -0700` of the common log format, from `at` on. */
export function readLogStamp(text: string, at: number, stamp: Stamp): boolean {
  if (!readLogDate(text, at, stamp) || text.charCodeAt(at + 20) !== SPACE) return false;
  const sign = text.charCodeAt(at + 21);
  const zoneMin = digitsAt(text, at + 22, 2) * 60 + digitsAt(text, at + 24, 2);
  if (sign !== PLUS && sign !== MINUS) return false;
  stamp.zoneMin = sign === MINUS ? -zoneMin : zoneMin;
  stamp.us -= stamp.zoneMin * US_PER_MIN;
  return Math.abs(stamp.us) <= Number.MAX_SAFE_INTEGER;
}

/** Its first 20 characters, `10/Oct/2000:13:55:36`: local time, without a zone. */
export function readLogDate(text: string, at: number, stamp: Stamp): boolean {
  if (text.charCodeAt(at + 2) !== SLASH || text.charCodeAt(at + 6) !== SLASH) return false;
  if (text.charCodeAt(at + 11) !== COLON) return false;
  const month = monthOf(text, at + 3);
  const dayUs = epochDayUs(digitsAt(text, at + 7, 4), month, digitsAt(text, at, 2));
  stamp.us = dayUs + readClock(text, at + 12);
  stamp.zoneMin = Number.NaN;
  stamp.rounded = false;
  return Math.abs(stamp.us) <= Number.MAX_SAFE_INTEGER;
}

/** 1 to 12 of three letters such as `Oct`; NaN if they name no month. */
export function monthOf(text: string, at: number): number {
  const letters =
    (text.charCodeAt(at) << 16) | (text.charCodeAt(at + 1) << 8) | text.charCodeAt(at + 2);
  for (let month = 0; month < 12; month++) if (MONTH_LETTERS[month] === letters) return month + 1;
  return Number.NaN;
}

/** As logs write them. */
export const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const MONTH_LETTERS = MONTHS.map(
  (name) => (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2),
);
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Midnight UTC of a date; NaN if there is no such date. */
export function epochDayUs(year: number, month: number, day: number): number {
  if (!(day >= 1 && day <= (MONTH_DAYS[month - 1] ?? 0) && year >= 1)) return Number.NaN;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 2 && day === 29 && !leap) return Number.NaN;
  // Days since 0000-03-01 and from there to 1970-01-01: a year that begins in March ends with its leap day.
  const y = month > 2 ? year : year - 1;
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  const days = y * 365 + leapDays + Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return (days - 719_468) * US_PER_DAY;
}

/** Midnight UTC of a day of a year, from 1; NaN if there is no such day. */
function ordinalDayUs(year: number, day: number): number {
  const last = (epochDayUs(year, 12, 31) - epochDayUs(year, 1, 1)) / US_PER_DAY + 1;
  return day >= 1 && day <= last ? epochDayUs(year, 1, 1) + (day - 1) * US_PER_DAY : Number.NaN;
}

/** `hh:mm:ss`; NaN if there is no such time. */
export function readClock(text: string, at: number): number {
  if (text.charCodeAt(at + 2) !== COLON || text.charCodeAt(at + 5) !== COLON) return Number.NaN;
  return clockUs(digitsAt(text, at, 2), digitsAt(text, at + 3, 2), digitsAt(text, at + 6, 2));
}

/** `hhmmss`. */
function readBasicClock(text: string, at: number): number {
  return clockUs(digitsAt(text, at, 2), digitsAt(text, at + 2, 2), digitsAt(text, at + 4, 2));
}

function clockUs(hour: number, minute: number, second: number): number {
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return Number.NaN;
  return hour * US_PER_H + minute * US_PER_MIN + second * US_PER_S;
}

/** The rest of a stamp as minutes east of UTC: NaN for no zone, null for no such zone. */
function readZone(text: string, at: number, to: number): number | null {
  if (at === to) return Number.NaN;
  if (at + 1 === to && (text.charCodeAt(at) === 90 || text.charCodeAt(at) === 122)) return 0;
  const zone = text.slice(at, to).trimStart();
  if (/^(?:Z|UTC|GMT)$/i.test(zone)) return 0;
  const match = /^([+-])(\d\d)(?::?(\d\d))?$/.exec(zone);
  if (match === null) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return match[1] === '-' ? -minutes : minutes;
}

/** NaN unless all are digits. */
export function digitsAt(text: string, at: number, count: number): number {
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
