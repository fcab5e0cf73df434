/** Fields that tell times and durations. */
import { digitsAt, readDecimal, readIso, readLogStamp, Stamp } from '../../stamps.ts';
import {
  CLOCK_PARTS,
  type Clock,
  Found,
  field,
  ISO,
  isAbsent,
  isSeparator,
  LOG_STAMP,
  type Mark,
  MICROSECONDS,
  MILLISECONDS,
  type PatternField,
  SECONDS,
  type Take,
} from './pattern-fields.ts';

const LOG_STAMP_LENGTH = 26;
const stamp = new Stamp();

/** `10/Oct/2000:13:55:36 -0700`. */
export function logStampField(name: string, mark: Mark): PatternField {
  const take: Take = (text, from, _to, found) => {
    if (!readLogStamp(text, from, stamp)) return false;
    return setStamp(found[mark]);
  };
  return field(name, {
    figure: mark,
    rank: LOG_STAMP,
    width: LOG_STAMP_LENGTH,
    wholeSeconds: true,
    take,
  });
}

/** @param width of stamps without a fraction; 0 if there may be one */
export function isoField(name: string, mark: Mark, width: number): PatternField {
  const take: Take = (text, from, to, found) =>
    readIso(text, stamp, from, to) && setStamp(found[mark]);
  return field(name, { figure: mark, rank: ISO, width, wholeSeconds: width > 0, take });
}

/** A number since 1970 times ten to `scale` microseconds. */
export function epochField(name: string, mark: Mark, scale: number, width: number): PatternField {
  const rank = width === 10 ? SECONDS : scale === 0 ? MICROSECONDS : MILLISECONDS;
  const take: Take = (text, from, to, found) => {
    if (!readDecimal(text, scale, stamp, from, to)) return false;
    const clock = found[mark];
    clock.us = stamp.us;
    // UTC, unless another field tells where it was written.
    if (Number.isNaN(clock.zoneMin)) clock.zoneMin = 0;
    return true;
  };
  return field(name, { figure: mark, rank, width, wholeSeconds: rank === SECONDS, take });
}

function setStamp(clock: Clock): true {
  clock.us = stamp.us;
  clock.zoneMin = stamp.zoneMin;
  return true;
}

/** Reads nothing of a stamp but how far east of UTC it was written. */
export function zoneOf({ take }: PatternField, mark: Mark): Take {
  const aside = new Found(false);
  return (text, from, to, found) => {
    if (take === null || !take(text, from, to, aside)) return false;
    const { zoneMin } = aside[mark];
    if (!Number.isNaN(zoneMin)) found[mark].zoneMin = zoneMin;
    return true;
  };
}

/** So many digits behind the second. */
export function fractionField(name: string, mark: Mark, digits: number): PatternField {
  const unitUs = 10 ** (6 - digits);
  const take: Take = (text, from, _to, found) => {
    const value = digitsAt(text, from, digits);
    found[mark].fractionUs = Math.round(value * unitUs);
    return !Number.isNaN(value);
  };
  const figure = mark === 'start' ? 'startFraction' : 'endFraction';
  return field(name, { figure, rank: -digits, width: digits, take });
}

/** A part of a date or a clock. */
export function clockField(
  name: string,
  mark: Mark,
  clockPart: string,
  width: number,
  take: (clock: Clock, text: string, from: number, to: number) => boolean,
): PatternField {
  return field(name, {
    figure: mark,
    rank: CLOCK_PARTS,
    width,
    clockPart,
    wholeSeconds: true,
    take: (text, from, to, found) => take(found[mark], text, from, to),
  });
}

interface DurationKind {
  readonly scale: number;
  readonly rank?: number;
  readonly list?: boolean;
  readonly factor?: number;
  readonly wholeSeconds?: boolean;
}

/** A number of units of ten to `scale` microseconds, times `factor`; several of a list add up; `-` and nothing are none. */
export function durationField(
  name: string,
  figure: 'requestTime' | 'upstreamTime',
  { scale, rank = 0, list = false, factor = 1, wholeSeconds = false }: DurationKind,
): PatternField {
  const key = figure === 'requestTime' ? 'requestUs' : 'upstreamUs';
  const take: Take = (text, from, to, found) => {
    let sumUs = Number.NaN;
    for (let at = from; at < to; ) {
      const end = list ? valueEnd(text, at, to) : to;
      if (!isAbsent(text, at, end)) {
        if (!readDecimal(text, scale, stamp, at, end)) return false;
        sumUs = (sumUs || 0) + stamp.us * factor;
      }
      at = end + 1;
    }
    found[key] = sumUs;
    return true;
  };
  return field(name, { figure, rank, list, wholeSeconds, take });
}

function valueEnd(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && !isSeparator(text.charCodeAt(at))) at++;
  return at;
}
