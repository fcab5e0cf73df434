/** What `calibrate` prints as JSON: keys may be added, none renamed. */
import type { Figure, Interval } from '../document.ts';

/** What a simulation is held against, in the order of the tables. */
export const CALIBRATED = [
  'cost',
  'replicas',
  'replicasOverTime',
  'latencyS.mean',
  'latencyS.p50',
  'latencyS.p95',
  'latencyS.p99',
] as const;
export type Calibrated = (typeof CALIBRATED)[number];

export type Quality = 'good' | 'fair' | 'poor';

export interface CalibratedFigure {
  readonly figure: Calibrated;
  /** `USD`, `replicas`, `s`. */
  readonly unit: string;
  readonly recorded: number;
  readonly simulated: number;
  /** Of what was drawn in the simulation; null where nothing was. */
  readonly simulatedCi95: Interval | null;
  /** Simulated less recorded, of recorded; null against nothing. */
  readonly bias: Figure;
  /** The size of the bias; over time the mean distance, of the mean that was recorded. null against nothing. */
  readonly error: Figure;
  /** In words: `simulated replicas are 12 % too many`. */
  readonly says: string;
  readonly quality: Quality;
  /** Errors up to `goodTo` are good, up to twice that fair. */
  readonly goodTo: number;
  readonly threshold: number;
  readonly within: boolean;
}

export interface CalibratedPart {
  readonly fromS: number;
  readonly toS: number;
  readonly figures: readonly CalibratedFigure[];
}

export interface Calibration {
  readonly schema: 'coldfront.calibration.v1';
  readonly name: string;
  /** Whether every figure that is judged is within its threshold. */
  readonly within: boolean;
  /** The last part of the traffic: what is judged. */
  readonly heldOut: CalibratedPart;
  /** What comes before it, which settings may have been fitted to; null where all is held out. */
  readonly before: CalibratedPart | null;
  /** Figures that nothing but both parts together have: an invoice for all of the time. Judged, too. */
  readonly across: CalibratedPart | null;
  /** Keys of the study that the user says were fitted to what comes before; coldfront has fitted none here. */
  readonly fitted: readonly string[];
  readonly notes: readonly string[];
}
