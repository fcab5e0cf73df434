/** The engine beside exact theory: independent replications, a Student interval for each figure. */
import { US_PER_S } from '../base/units.ts';
import { fixed } from '../engine/distribution.ts';
import { Pool } from '../engine/pool.ts';
import { BARE, type Scenario } from '../engine/scenario.ts';
import type { RunTotals } from '../engine/totals.ts';
import { makeWorkload } from '../workload/workload.ts';
import { meanOf, sectioningError, studentQuantile } from './estimate.ts';
import { LOADS, type TheoryCase, verifyCases } from './verify-cases.ts';
import { processorSharing } from './verify-shared.ts';

export interface VerifyRow {
  readonly case: string;
  readonly load: number;
  readonly quantity: string;
  readonly theory: number;
  /** Mean over the replications. */
  readonly simulated: number;
  /** Of the 99.9 % interval. */
  readonly halfWidth: number;
  readonly ok: boolean;
  readonly replications: number;
  /** Counted in all replications together. */
  readonly requests: number;
}

export interface VerifyOptions {
  /** Three loads instead of seven. */
  readonly quick: boolean;
}

export interface Effort {
  readonly replications: number;
  /** Requests of a replication at a light load, about; heavier loads take more. */
  readonly requests: number;
}

const EFFORT: Effort = { replications: 20, requests: 4_000 };
const CONFIDENCE = 0.999;

// Chosen before any row was seen, and the same for everyone: an unlucky seed would be a finding, not a reason to change it.
const SEED = 'verify';

export function runVerify(
  { quick }: VerifyOptions,
  onRow: (row: VerifyRow) => void = () => {},
): VerifyRow[] {
  const loads = quick ? [0.3, 0.7, 0.9] : LOADS;
  const cases = [
    ...verifyCases(loads),
    ...loads.map((load) => processorSharing(1, 'hyperexponential', load)),
    ...loads.map((load) => processorSharing(4, 'exponential', load)),
  ];
  return cases.flatMap((theoryCase) => {
    const rows = compare(theoryCase, EFFORT);
    rows.forEach(onRow);
    return rows;
  });
}

/** A row a figure. */
export function compare(theoryCase: TheoryCase, effort: Effort, seed = SEED): VerifyRow[] {
  const { name, load, figures } = theoryCase;
  const runs = Array.from({ length: effort.replications }, (_, replication) =>
    runOnce(theoryCase, effort.requests, `${seed}/${name}/${load}`, replication),
  );
  const requests = runs.reduce((total, run) => total + run.requests.arrived, 0);
  return figures.map(({ quantity, theory, of }) => {
    const each = runs.map(of);
    const simulated = meanOf(each);
    const halfWidth = halfWidthOf(each, CONFIDENCE);
    const ok = Math.abs(simulated - theory) <= halfWidth;
    const replications = effort.replications;
    return { case: name, load, quantity, theory, simulated, halfWidth, ok, replications, requests };
  });
}

/** Of the two-sided Student interval for the mean. */
export function halfWidthOf(each: readonly number[], confidence: number): number {
  const error = sectioningError({ all: meanOf(each), each }) ?? Number.NaN;
  return studentQuantile((1 + confidence) / 2, each.length - 1) * error;
}

function runOnce(
  { ratePerS, service, pool, settlesInS, length }: TheoryCase,
  requests: number,
  seed: string,
  replication: number,
): RunTotals {
  const endS = settlesInS + Math.ceil((requests * length) / ratePerS);
  return runPoisson(
    {
      ...BASE,
      ...pool,
      period: { fromUs: 0, toUs: endS * US_PER_S },
      measure: { fromUs: settlesInS * US_PER_S, toUs: endS * US_PER_S },
      seed,
      replication,
    },
    ratePerS,
    service,
  );
}

/** Poisson arrivals until the end of the period, through a pool. */
export function runPoisson(
  scenario: Scenario,
  ratePerS: number,
  service: TheoryCase['service'],
): RunTotals {
  const workload = makeWorkload(
    {
      kind: 'synthesize',
      arrivals: { process: 'poisson', rate: ratePerS },
      durationUs: scenario.period.toUs,
      requests: null,
      service: { kind: 'drawn', distribution: service },
    },
    null,
    null,
  );
  const run = new Pool(scenario);
  for (const chunk of workload.chunks(scenario.seed, scenario.replication)) run.advance(chunk);
  return run.finish();
}

/** One replica always there, a queue without end, no load time, no price. */
export const BASE: Omit<Scenario, 'period' | 'measure' | 'seed' | 'replication'> = {
  ...BARE,
  floor: { atUs: [0], count: [1] },
  max: 1,
  startRate: null,
  idleWindowUs: 0,
  unusedWindowUs: 0,
  concurrency: 1,
  binding: 'shared',
  routing: 'most-recent',
  queueLimit: Number.POSITIVE_INFINITY,
  queueTimeoutUs: Number.POSITIVE_INFINITY,
  startPhases: [{ name: 'load', time: fixed(0) }],
  overheadUs: 0,
  slotOverheadUs: 0,
  executionTimeoutUs: Number.POSITIVE_INFINITY,
  client: { retries: null, patienceUs: Number.POSITIVE_INFINITY, cancels: false },
  meters: [],
  latencyThresholdsUs: [],
  waitThresholdsUs: [],
  timelineUs: 0,
};
