/** The rate of a day as a few numbers: its mean, how high its peak is and when, and what weekdays make of it. */

import { US_PER_DAY, US_PER_S } from '../../base/units.ts';
import type { RateCurve, RatePoint } from './rate-curve.ts';

export interface DailyRate {
  /** Of a day whose factor is 1. */
  readonly meanPerS: number;
  /** At least 1. */
  readonly peakToMean: number;
  /** Into the period. */
  readonly peakAtUs: number;
  /** A day, but where no weekdays are given. */
  readonly periodUs: number;
  /** By which each day's rate is multiplied, from Monday on; null for no difference. */
  readonly weekdays: readonly number[] | null;
  /** How far into the period, or the week, time 0 is. */
  readonly phaseUs: number;
}

/** A day has so many straight pieces, of five minutes each. */
const PIECES = 288;
const DAYS = 7;
/** A step at midnight takes no time; here it takes a microsecond. */
const STEP_US = 1;

const MOST_PEAK_TO_MEAN = 50;

export function dailyMistakes(daily: DailyRate): string[] {
  const { meanPerS, peakToMean, periodUs, weekdays } = daily;
  const mistakes = [];
  if (!(meanPerS > 0)) mistakes.push(`mean must be above 0, is ${meanPerS}/s`);
  if (!(peakToMean >= 1 && peakToMean <= MOST_PEAK_TO_MEAN)) {
    mistakes.push(`peakToMean must be from 1 to ${MOST_PEAK_TO_MEAN}, is ${peakToMean}`);
  }
  if (weekdays !== null && periodUs !== US_PER_DAY) {
    mistakes.push('weekdays go with a period of 24h');
  }
  if (periodUs < PIECES * US_PER_S) mistakes.push(`period must be at least ${PIECES}s`);
  return mistakes;
}

/**
 * Up to twice the mean a raised cosine, mean x (1 + (peakToMean - 1) cos); above it a cosine raised to the power that gives
 * such a peak, ((1 + cos) / 2)^k, nearly 0 at night. Laid out straight between 288 points: mean and peak are exact.
 */
export function dailyCurve(daily: DailyRate): RateCurve {
  const { periodUs, weekdays, phaseUs } = daily;
  const day = dayPoints(daily);
  if (weekdays === null) return from({ periodUs, points: day }, phaseUs);
  const points = weekdays.flatMap((factor, weekday) => [
    ...day.map(({ atUs, perS }) => ({ atUs: weekday * periodUs + atUs, perS: factor * perS })),
    { atUs: (weekday + 1) * periodUs - STEP_US, perS: factor * day[0]!.perS },
  ]);
  return from({ periodUs: DAYS * periodUs, points }, phaseUs);
}

/** From 0 on, ascending. */
function dayPoints({ meanPerS, peakToMean, peakAtUs, periodUs }: DailyRate): RatePoint[] {
  if (peakToMean === 1) return [{ atUs: 0, perS: meanPerS }];
  const shape = peakToMean > 2 ? peaked(powerOf(peakToMean)) : cosine(peakToMean - 1);
  // Of straight pieces the mean over the period is that of the points.
  const scale = (meanPerS * PIECES) / sum(shape);
  const points = shape.map((height, i) => ({
    atUs: Math.round((i * periodUs) / PIECES),
    perS: scale * height,
  }));
  return [...from({ periodUs, points }, -peakAtUs).points];
}

const ANGLES = Array.from({ length: PIECES }, (_, i) => (2 * Math.PI * i) / PIECES);

function cosine(height: number): number[] {
  return ANGLES.map((angle) => 1 + height * Math.cos(angle));
}

function peaked(power: number): number[] {
  return ANGLES.map((angle) => ((1 + Math.cos(angle)) / 2) ** power);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The power with which the peak, which is 1, is so many times the mean; by bisection. */
function powerOf(peakToMean: number): number {
  let [low, high] = [1, 2 * MOST_PEAK_TO_MEAN ** 2];
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2;
    if (PIECES / sum(peaked(middle)) < peakToMean) low = middle;
    else high = middle;
  }
  return low;
}

/** A straight curve seen from another beginning: `phaseUs` of the old one is 0 of the new one. */
function from(
  { periodUs, points }: Pick<RateCurve, 'periodUs' | 'points'>,
  phaseUs: number,
): RateCurve {
  const phase = ((phaseUs % periodUs) + periodUs) % periodUs;
  const behind = points.filter(({ atUs }) => atUs >= phase);
  const ahead = points.filter(({ atUs }) => atUs < phase);
  const turned = [
    ...behind.map(({ atUs, perS }) => ({ atUs: atUs - phase, perS })),
    ...ahead.map(({ atUs, perS }) => ({ atUs: atUs - phase + periodUs, perS })),
  ];
  const first = turned[0]!;
  const last = turned.at(-1)!;
  if (first.atUs > 0) {
    // The piece that the new beginning cuts goes from the last point, a period before, to the first.
    const part = (periodUs - last.atUs) / (first.atUs + periodUs - last.atUs);
    turned.unshift({ atUs: 0, perS: last.perS + part * (first.perS - last.perS) });
  }
  return { periodUs, points: turned, interpolate: 'linear' };
}
