/** Results made up for screens: figures of a plausible day, changed where a test needs it. */
import type { Result, SweepDocument, Varied } from '../../../src/study/document.ts';

export function aResult(vary: Varied = {}, changes: Partial<Result> = {}): Result {
  return {
    schema: 'coldfront.result.v1',
    name: 'support-chatbot',
    vary,
    seed: '42',
    replications: 20,
    provedEqualTo: null,
    requests: {
      arrived: 51_204,
      completed: 51_204,
      rejected: 0,
      timedOut: 0,
      late: 0,
      retries: 0,
      failedFraction: 0,
    },
    coldStarts: { starts: 188, requests: 205, fraction: 205 / 51_204 },
    latencyS: { mean: 3.1, p50: 2.6, p90: 5.3, p95: 5.9, p99: 9.6, p999: 14.2, max: 31 },
    waitS: {
      mean: 0.02,
      p50: 0,
      p90: 0,
      p95: 0,
      p99: 3,
      p999: 8.1,
      max: 8.5,
      sum: 1556.2,
      forStart: 1490,
      forLimit: 66.2,
      why: {
        start: 1490,
        shortage: 0,
        max: 66.2,
        startRate: 0,
        target: 0,
        accountGpus: 0,
        accountConcurrency: 0,
      },
    },
    replicas: { mean: 1.7, peak: 14, starts: 188, scheduledStarts: 0, unusedStarts: 11 },
    replicaTimeS: {
      starting: 4_400,
      idle: 76_380,
      idleKept: 45_500,
      busy: 66_100,
      draining: 0,
      total: 146_880,
    },
    utilization: 0.45,
    horizonS: 86_460,
    observedS: 86_400,
    cost: {
      usd: 82.1,
      tailUsd: 0.08,
      usdPerHour: 3.42,
      usdPerMonth: 2_496.6,
      usdPerThousandRequests: 1.61,
      lines: [
        {
          meter: 'replica time',
          quantity: 146_880,
          unit: 'GPU s',
          usdPerUnit: 0.000306,
          usd: 82.09,
        },
        { meter: 'rounding', quantity: 33, unit: 'GPU s', usdPerUnit: 0.000306, usd: 0.01 },
      ],
    },
    monthFrom: null,
    ci95: { 'latencyS.p99': [9.3, 9.9], 'cost.usdPerHour': [3.37, 3.47] },
    ci95Why: null,
    ci95Traffic: null,
    ci95TrafficWhy: null,
    lowConfidence: [],
    slo: {
      met: true,
      failed: [],
      objectives: [{ objective: 'latencyS.p99 <= 10', met: true, value: 9.6, share: 0.9912 }],
    },
    warnings: ['modal: 2 inferred figures (scaling rule, start of the meter)'],
    engine: { events: 233_000, seconds: 0.021, requestsPerSecond: 3_700_000 },
    advice: [],
    ...changes,
  };
}

/** A row at a price and a latency, within the SLO or not. */
export function aRow(vary: Varied, usdPerHour: number, p99: number, limit = 10): Result {
  const base = aResult(vary);
  const met = p99 <= limit;
  const objective = `latencyS.p99 <= ${limit}`;
  return {
    ...base,
    latencyS: { ...base.latencyS, p99 },
    cost: base.cost && { ...base.cost, usdPerHour, usdPerMonth: usdPerHour * 730 },
    slo: {
      met,
      failed: met ? [] : [objective],
      objectives: [{ objective, met, value: p99, share: met ? 0.995 : 0.96 }],
    },
  };
}

export function aSweep(
  results: readonly Result[],
  changes: Partial<SweepDocument> = {},
): SweepDocument {
  return {
    schema: 'coldfront.sweep.v1',
    name: 'support-chatbot',
    results,
    leftOut: [],
    front: [],
    steps: [],
    cheapestWithinSlo: null,
    current: null,
    confirmations: null,
    ...changes,
  };
}
