/** How good an error is, by stated bars, and what it says. */
import { percent } from '../../base/numbers.ts';
import type { Calibrated, CalibratedFigure, Quality } from './calibration-document.ts';

export interface Thresholds {
  readonly default: number;
  readonly of: Readonly<Partial<Record<Calibrated, number>>>;
}

/**
 * Up to here an error is good, up to twice that fair: what the best published simulators reach. Cost: 4 % (SAAF; Eismann et
 * al., ICPE 2020). Latency: BLIS, medians over held-out runs, 6.7 % end to end, 7.5 % of the p90 and 9.2 % of the p99. Of
 * replicas nobody has published one: 10 % is coldfront's own.
 */
export const GOOD_TO: Readonly<Record<Calibrated, number>> = {
  cost: 0.04,
  replicas: 0.1,
  replicasOverTime: 0.1,
  'latencyS.mean': 0.07,
  'latencyS.p50': 0.07,
  'latencyS.p95': 0.08,
  'latencyS.p99': 0.09,
};

/** Subject, too large, too small. */
const WORDS: Readonly<Record<Calibrated, readonly [string, string, string]>> = {
  cost: ['simulated cost is', 'too high', 'too low'],
  replicas: ['simulated replicas are', 'too many', 'too few'],
  replicasOverTime: ['simulated replicas over time are', 'off', 'off'],
  'latencyS.mean': ['simulated mean latency is', 'too long', 'too short'],
  'latencyS.p50': ['simulated p50 latency is', 'too long', 'too short'],
  'latencyS.p95': ['simulated p95 latency is', 'too long', 'too short'],
  'latencyS.p99': ['simulated p99 latency is', 'too long', 'too short'],
};

/** Before it is judged. */
export type Found = Omit<CalibratedFigure, 'says' | 'quality' | 'goodTo' | 'threshold' | 'within'>;

export function compared(found: Found, thresholds: Thresholds): CalibratedFigure {
  const { figure, error } = found;
  const threshold = thresholds.of[figure] ?? thresholds.default;
  return {
    ...found,
    says: saysOf(found),
    quality: qualityOf(error, GOOD_TO[figure]),
    goodTo: GOOD_TO[figure],
    threshold,
    within: error !== null && error <= threshold,
  };
}

function qualityOf(error: number | null, goodTo: number): Quality {
  if (error === null || error > 2 * goodTo) return 'poor';
  return error <= goodTo ? 'good' : 'fair';
}

/** Below this a difference is none. */
const NONE = 0.0005;

function saysOf({ figure, error, bias }: Found): string {
  const [subject, above, below] = WORDS[figure];
  if (error === null) return `${subject} more than the none that was recorded`;
  if (error < NONE) return `${subject} as recorded`;
  return `${subject} ${percent(error)} ${(bias ?? 0) >= 0 ? above : below}`;
}
