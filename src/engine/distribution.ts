/** Distributions of durations, by inversion: every draw takes a fixed number of uniforms, whatever it returns. */
import type { Uniforms } from '../base/random.ts';

export interface Distribution {
  /** One draw in microseconds, at least 0, not rounded. */
  sample(uniforms: Uniforms): number;
  readonly meanUs: number;
  /** In square microseconds; Infinity where there is none. */
  readonly varianceUs2: number;
  /** How many uniforms a draw takes; 0 where nothing is drawn. */
  readonly uniformsPerDraw: number;
  /** For messages and results: `lognormal, mean 3s, cv 0.6`. */
  readonly label: string;
}

export function fixed(us: number): Distribution {
  return { sample: () => us, meanUs: us, varianceUs2: 0, uniformsPerDraw: 0, label: 'fixed' };
}
