/** A rate as a study writes it: constant, by points, or by mean and peak. */
import { assert } from '../base/errors.ts';
import { parseRate, US_PER_DAY, US_PER_MIN, US_PER_S } from '../base/units.ts';
import { dailyCurve, dailyMistakes } from '../workload/synthesis/daily-rate.ts';
import { type RateSpec, rateMistakes } from '../workload/synthesis/rate-curve.ts';
import { usOf } from './distribution-section.ts';
import { inside, type Place, say } from './place.ts';
import type { DailyRateSection, RateSection } from './synthesis-schema.ts';

/** Days and weekdays are those of the study's `startAt`, where it has one. */
export interface DatedPlace extends Place {
  readonly startAt: string | undefined;
}

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/**
 * @param interpolate of points where they do not say
 * @returns null, and findings more, if it is no rate
 */
export function rateOf(
  section: RateSection,
  place: DatedPlace,
  interpolate: 'step' | 'linear',
): RateSpec | null {
  if (typeof section === 'string') return checked(perSecond(section), place);
  if (isDaily(section)) return dailyOf(section, place);
  const periodUs = Math.round(usOf(section.period));
  const points = section.points.map((point) => ({
    atUs: Math.round(usOf(point.at)),
    perS: perSecond(point.rate),
  }));
  const late = points.flatMap(({ atUs }, i) => (atUs < periodUs ? [] : [i]));
  for (const i of late) {
    const message = `must lie before the end of the period (${section.period}), is ${section.points[i]?.at}`;
    say(inside(place, 'points', i, 'at'), [message]);
  }
  if (late.length > 0) return null;
  return checked({ periodUs, points, interpolate: section.interpolate ?? interpolate }, place);
}

export function perSecond(text: string): number {
  const rate = parseRate(text);
  assert(rate !== null, `${text} is no rate`);
  return (rate.count / rate.periodUs) * US_PER_S;
}

function isDaily(section: Exclude<RateSection, string>): section is DailyRateSection {
  return 'mean' in section && section.mean !== undefined;
}

function checked(rate: RateSpec, place: Place): RateSpec | null {
  return say(place, rateMistakes(rate)) ? rate : null;
}

function dailyOf(section: DailyRateSection, place: DatedPlace): RateSpec | null {
  const { mean, peakToMean = 1, peakAt = '0s', period = '24h', weekdays } = section;
  const periodUs = Math.round(usOf(period));
  const isDay = periodUs === US_PER_DAY;
  const clock = /^(\d+):(\d\d)$/.exec(peakAt);
  if (clock !== null && !isDay) {
    const message = `is a time of day, and the period is ${period}: write how far into it, such as 30m`;
    say(inside(place, 'peakAt'), [message]);
    return null;
  }
  const minutes = clock === null ? null : Number(clock[1]) * 60 + Number(clock[2]);
  const daily = {
    meanPerS: perSecond(mean),
    peakToMean,
    peakAtUs: minutes === null ? Math.round(usOf(peakAt)) : minutes * US_PER_MIN,
    periodUs,
    weekdays: weekdays === undefined ? null : WEEKDAYS.map((day) => weekdays[day] ?? 1),
    phaseUs: isDay ? phaseOf(place.startAt) : 0,
  };
  return say(place, dailyMistakes(daily)) ? checked(dailyCurve(daily), place) : null;
}

/** How far into the week the clock of `startAt` is, as it is written; without one, day 0 is a Monday from midnight on. */
function phaseOf(startAt: string | undefined): number {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?/.exec(startAt ?? '');
  if (parts === null) return 0;
  const [, date, hours = 0, minutes = 0, seconds = 0] = parts;
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  const inDayS = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return Number.isNaN(weekday) ? 0 : weekday * US_PER_DAY + inDayS * US_PER_S;
}
