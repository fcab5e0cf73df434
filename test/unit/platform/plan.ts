import { UserError } from '../../../src/base/errors.ts';
import {
  type BillingInput,
  type BillingPlan,
  compileBilling,
} from '../../../src/platform/billing.ts';

/** A study that says nothing. */
export const INPUT: BillingInput = {
  platform: null,
  billing: null,
  gpu: null,
  gpus: 1,
  cores: null,
  memoryGiB: null,
  region: null,
  model: null,
  storageBytes: null,
  requestBytes: null,
  responseBytes: null,
  hasFloor: false,
  tokens: { input: false, output: false },
  phaseNames: [],
  minuteOffsetUs: 0,
};

export function planOf(input: Partial<BillingInput>): BillingPlan {
  const compiled = compileBilling({ ...INPUT, ...input });
  if (compiled === null) throw new Error('no plan');
  return compiled;
}

export function mistakesOf(input: Partial<BillingInput>): string[] {
  return mistakesIn(() => planOf(input));
}

/** What is wrong, a line each; none where it works. */
export function mistakesIn(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error.message.split('\n');
    throw error;
  }
  return [];
}

export { shippedPlatform as platformFile } from '../../kit/shipped-platforms.ts';
