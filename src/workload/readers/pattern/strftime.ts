/**
 * A `strftime` format as fields of fixed width: `%Y-%m-%dT%H:%M:%S.%3f%z`. What is read is what C names without a locale,
 * and the fractions (`%f`, `%3f`, `%6f`, `%9f`) that Envoy adds.
 */
import { UserError } from '../../../base/errors.ts';
import { digitsAt, monthOf } from '../../stamps.ts';
import { type Clock, field, type Mark, type Part } from './pattern-fields.ts';
import { clockField, epochField, fractionField } from './pattern-times.ts';

type Kind =
  | {
      readonly width: number;
      readonly take: ((clock: Clock, text: string, from: number, to: number) => boolean) | null;
    }
  | { readonly means: string };

const digits = (
  width: number,
  set: (clock: Clock, value: number) => void,
): Extract<Kind, { width: number }> => ({
  width,
  take: (clock, text, from) => {
    // `%e`, `%k` and `%l` have a blank for a leading zero.
    const padded = width === 2 && text.charCodeAt(from) === 32 ? 1 : 0;
    const value = digitsAt(text, from + padded, width - padded);
    set(clock, value);
    return !Number.isNaN(value);
  },
});

const hour = digits(2, (clock, value) => {
  clock.hour = value;
});
const dayOfMonth = digits(2, (clock, value) => {
  clock.day = value;
});
const halfDayHour = digits(2, (clock, value) => {
  clock.hour = value % 12;
});
const monthName: Kind = {
  width: 3,
  take: (clock, text, from) => {
    clock.month = monthOf(text, from);
    return !Number.isNaN(clock.month);
  },
};

const KINDS: Readonly<Record<string, Kind>> = {
  Y: digits(4, (clock, value) => {
    clock.year = value;
  }),
  // As POSIX has it: 69 to 99 are of the last century.
  y: digits(2, (clock, value) => {
    clock.year = value + (value >= 69 ? 1900 : 2000);
  }),
  m: digits(2, (clock, value) => {
    // No month 0: it stands for a day of the year.
    clock.month = value === 0 ? Number.NaN : value;
  }),
  b: monthName,
  h: monthName,
  d: dayOfMonth,
  e: dayOfMonth,
  j: digits(3, (clock, value) => {
    clock.month = 0;
    clock.day = value;
  }),
  H: hour,
  k: hour,
  I: halfDayHour,
  l: halfDayHour,
  M: digits(2, (clock, value) => {
    clock.minute = value;
  }),
  S: digits(2, (clock, value) => {
    clock.second = value;
  }),
  p: {
    width: 2,
    take: (clock, text, from) => {
      const letter = text.charCodeAt(from) | 32;
      clock.halfDayHours = letter === 112 ? 12 : 0;
      return letter === 112 || letter === 97;
    },
  },
  z: {
    width: 5,
    take: (clock, text, from) => {
      const sign = text.charCodeAt(from) === 45 ? -1 : 1;
      clock.zoneMin = sign * (digitsAt(text, from + 1, 2) * 60 + digitsAt(text, from + 3, 2));
      return !Number.isNaN(clock.zoneMin);
    },
  },
  Z: {
    width: 0,
    take: (clock, text, from, to) => {
      const name = text.slice(from, to);
      // Other names of zones are of several places: the stamp has none then.
      if (name === 'UTC' || name === 'GMT' || name === 'Z') clock.zoneMin = 0;
      return true;
    },
  },
  a: { width: 3, take: null },
  A: { width: 0, take: null },
  u: { width: 1, take: null },
  w: { width: 1, take: null },
  F: { means: '%Y-%m-%d' },
  T: { means: '%H:%M:%S' },
  R: { means: '%H:%M' },
  D: { means: '%m/%d/%y' },
  r: { means: '%I:%M:%S %p' },
  n: { means: '\n' },
  t: { means: '\t' },
};

/** @throws UserError for what is written differently from place to place */
export function strftimeParts(name: string, format: string, mark: Mark): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < format.length; at++) {
    if (format[at] !== '%') {
      parts.push(format[at]!);
      continue;
    }
    const fraction = /^([1-9])?f/.exec(format.slice(at + 1));
    if (fraction !== null) {
      parts.push(fractionField(name, mark, Number(fraction[1] ?? 9)));
      at += fraction[0].length;
      continue;
    }
    const letter = format[++at] ?? '';
    if (letter === '%') parts.push('%');
    else if (letter === 's') parts.push(epochField(name, mark, 6, 10));
    else {
      const kind = KINDS[letter];
      if (kind === undefined) {
        throw new UserError(
          `\`${name}\` has \`%${letter}\`, of which no time can be read: write %Y-%m-%dT%H:%M:%S%z, say`,
        );
      }
      if ('means' in kind) parts.push(...strftimeParts(name, kind.means, mark));
      else if (kind.take === null) parts.push(field(name, { width: kind.width }));
      else parts.push(clockField(name, mark, letter, kind.width, kind.take));
    }
  }
  return parts;
}
