/** What the parts of `deployment.scaling` are read with. */
import { parseDurationUs, parseRate, US_PER_S } from '../base/units.ts';
import { shareOf } from './values.ts';

export interface ScalingContext {
  /** Slots a replica; Infinity where unlimited. */
  readonly concurrency: number;
  /** The fewest replicas that `replicas.min` asks for at any time, and `replicas.max`. */
  readonly floor: number;
  readonly max: number;
  /** Whether `admission.atZero` has a refused request wake the pool. */
  readonly wakesAtRefusal: boolean;
}

/** What compiling needs to read numbers and to complain. */
export interface ScalingReader {
  readonly context: ScalingContext;
  readonly tickUs: number;
  report(path: string, message: string): void;
  /** Whole microseconds; `otherwise` where it is left out. */
  us(path: string, text: string | undefined, otherwise: number): number;
  /** As `us`, of a window that must be a whole number of ticks. */
  window(path: string, text: string | undefined, otherwise: number): number;
}

/** A target as the study writes it, in the unit of its signal. */
export function targetNumber(text: string): number {
  if (text.endsWith('%')) return shareOf(text);
  const rate = parseRate(text);
  if (rate !== null) return (rate.count / rate.periodUs) * US_PER_S;
  return parseDurationUs(text) ?? Number.NaN;
}
