/** What a bill is compiled from: the platform's and the study's words, and what of the deployment prices depend on. */
import type { Billing } from './billing-terms.ts';
import type { Platform } from './catalogue.ts';

export interface BillingInput {
  readonly platform: Pick<Platform, 'name' | 'billing'> | null;
  /** The study's own: the whole bill without a platform, or what to change of the platform's. */
  readonly billing: Billing | null;
  readonly gpu: string | null;
  /** GPUs a replica. */
  readonly gpus: number;
  /** CPU cores a replica, as the platform counts them; null where the study does not say. */
  readonly cores: number | null;
  readonly memoryGiB: number | null;
  readonly region: string | null;
  readonly model: string | null;
  /** What the deployment keeps on disk, and what a request brings and takes away. */
  readonly storageBytes: number | null;
  readonly requestBytes: number | null;
  readonly responseBytes: number | null;
  /** Whether `replicas.min` is ever above 0: only then are prices of always-on replicas needed. */
  readonly hasFloor: boolean;
  /** Which tokens of its requests the workload knows; null where that is not known yet. */
  readonly tokens: { readonly input: boolean; readonly output: boolean } | null;
  /** Of the cold start, in order. */
  readonly phaseNames: readonly string[];
  /** Of them those that take no time. */
  readonly instantPhases?: readonly string[];
  /** Time 0 by the wall clock, within its minute. */
  readonly minuteOffsetUs: number;
}
