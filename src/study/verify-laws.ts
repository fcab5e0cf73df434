/** The laws that verification draws services and starts from. */
import { US_PER_S } from '../base/units.ts';
import type { DistributionSpec } from '../engine/distribution.ts';

/** Service laws of mean 1 s. Hyperexponential by balanced means at cv 2 (Morse): each branch has half of the work. */
export const LAWS = {
  exponential: { spec: { distribution: 'exponential', meanUs: US_PER_S }, cv: 1 },
  fixed: { spec: { distribution: 'fixed', valueUs: US_PER_S }, cv: 0 },
  uniform: { spec: { distribution: 'uniform', meanUs: US_PER_S, cv: 0.4 }, cv: 0.4 },
  lognormal: { spec: { distribution: 'lognormal', meanUs: US_PER_S, cv: 0.8 }, cv: 0.8 },
  hyperexponential: { spec: hyperexponential(2), cv: 2 },
} as const satisfies Record<string, { spec: DistributionSpec; cv: number }>;

export type Law = keyof typeof LAWS;

export function scaled(law: 'fixed' | 'exponential', meanS: number): DistributionSpec {
  const meanUs = meanS * US_PER_S;
  return law === 'fixed'
    ? { distribution: 'fixed', valueUs: meanUs }
    : { distribution: 'exponential', meanUs };
}

function hyperexponential(cv: number): DistributionSpec {
  const tilt = Math.sqrt((cv ** 2 - 1) / (cv ** 2 + 1));
  return {
    distribution: 'mixture',
    components: [1 + tilt, 1 - tilt].map((twice) => ({
      weight: twice / 2,
      distribution: { distribution: 'exponential', meanUs: US_PER_S / twice },
    })),
  };
}
