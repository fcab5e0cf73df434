import { InvalidArgumentError } from 'commander';
import { parseDurationUs } from '../base/units.ts';

/** A duration flag in microseconds. */
export function durationUs(text: string): number {
  const us = parseDurationUs(text);
  if (us === null || us < 1) {
    throw new InvalidArgumentError('A duration with a unit is expected, 1m say.');
  }
  return Math.round(us);
}
