/**
 * An independent simulator (SimFaaS), four of its published and repeated runs: Poisson arrivals; lost when `cap` replicas
 * run; else the newest idle replica serves; else one is started for that request alone. Averages from an empty start over
 * the same horizon, 8 replications of theirs, 20 of ours.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { US_PER_S } from '../../src/base/units.ts';
import { compileDistribution, type DistributionSpec } from '../../src/engine/distribution.ts';
import type { RunTotals } from '../../src/engine/totals.ts';
import { meanOf } from '../../src/study/estimate.ts';
import { BASE, halfWidthOf, runPoisson } from '../../src/study/verify.ts';
import { cold, idle, lost, running } from '../../src/study/verify-measures.ts';

/** A mean and the half width of its 95 % interval; null where they print none. */
type Published = readonly [mean: number, halfWidth: number | null];

interface Row {
  readonly id: string;
  readonly ratePerS: number;
  readonly warmS: number;
  readonly coldS: number;
  readonly idleWindowS: number;
  readonly cap: number;
  readonly horizonS: number;
  /** A number of requests where it is the same in each run. */
  readonly cold: Published | number;
  readonly lost: Published | 0;
  readonly replicas: Published;
  readonly running: Published;
  readonly idle: Published;
}

const A = { ratePerS: 0.9, warmS: 1.991, coldS: 2.244 };

const ROWS: readonly Row[] = [
  {
    ...{ id: 'A', ...A, idleWindowS: 600, cap: 1000, horizonS: 1e6 },
    cold: [0.001354, 1.9e-5],
    lost: 0,
    replicas: [7.701, 0.011],
    running: [1.7933, 0.0014],
    idle: [5.908, 0.011],
  },
  {
    ...{ id: 'C', ...A, idleWindowS: 10, cap: 1000, horizonS: 1e5 },
    cold: [0.09941, 0.00055],
    lost: 0,
    replicas: [4.279, 0.009],
    running: [1.817, 0.006],
    idle: [2.463, 0.004],
  },
  {
    ...{ id: 'F', ...A, idleWindowS: 600, cap: 3, horizonS: 1e5 },
    cold: 3,
    lost: [0.179, 0.0017],
    replicas: [2.9999, null],
    running: [1.469, 0.006],
    idle: [1.531, 0.006],
  },
  {
    ...{ id: 'I', ratePerS: 2, warmS: 2, coldS: 2, idleWindowS: 600, cap: 5, horizonS: 4e4 },
    cold: 5,
    lost: [0.1991, 0.0016],
    replicas: [4.9997, null],
    running: [3.207, 0.008],
    idle: [1.792, 0.008],
  },
];

const REPLICATIONS = 20;

function simulate(row: Row): RunTotals[] {
  const { ratePerS, warmS, idleWindowS, cap } = row;
  const horizonUs = row.horizonS * US_PER_S;
  const idleWindowUs = idleWindowS * US_PER_S;
  return Array.from({ length: REPLICATIONS }, (_, replication) =>
    runPoisson(
      {
        ...BASE,
        floor: { atUs: [0], count: [0] },
        max: cap,
        idleWindowUs,
        unusedWindowUs: idleWindowUs,
        binding: 'own',
        routing: 'newest',
        queueLimit: 0,
        startPhases: [{ name: 'load', time: compileDistribution(loadTime(row)) }],
        period: { fromUs: 0, toUs: horizonUs },
        measure: { fromUs: 0, toUs: horizonUs },
        seed: `simfaas/${row.id}`,
        replication,
      },
      ratePerS,
      { distribution: 'exponential', meanUs: warmS * US_PER_S },
    ),
  );
}

/** Their cold law E(c) is the warm law E(w) and a load time: 0 with chance w / c, else E(c). */
function loadTime({ warmS, coldS }: Row): DistributionSpec {
  if (warmS === coldS) return { distribution: 'fixed', valueUs: 0 };
  return {
    distribution: 'mixture',
    components: [
      { weight: warmS / coldS, distribution: { distribution: 'fixed', valueUs: 0 } },
      {
        weight: 1 - warmS / coldS,
        distribution: { distribution: 'exponential', meanUs: coldS * US_PER_S },
      },
    ],
  };
}

describe.each(ROWS)('SimFaaS row $id', (row) => {
  let runs: readonly RunTotals[] = [];
  beforeAll(() => {
    runs = simulate(row);
  });

  /** Their half width (else that of 8 runs of ours) and that of our 99.9 % interval, as independent errors combine. */
  function expectWithin(each: readonly number[], [mean, theirs]: Published): void {
    const other = theirs ?? halfWidthOf(each.slice(0, 8), 0.95);
    const ours = halfWidthOf(each, 0.999);
    expect(Math.abs(meanOf(each) - mean)).toBeLessThanOrEqual(Math.hypot(ours, other));
  }

  it('P(cold)', () => {
    if (typeof row.cold === 'number') {
      expect(runs.map(({ requests }) => requests.cold)).toEqual(runs.map(() => row.cold));
    } else expectWithin(runs.map(cold), row.cold);
  });

  it('P(lost)', () => {
    if (row.lost === 0) expect(runs.every(({ requests }) => requests.rejected === 0)).toBe(true);
    else expectWithin(runs.map(lost), row.lost);
  });

  it('replicas', () => {
    const each = runs.map((run) => running(run) + idle(run));
    expectWithin(each, row.replicas);
  });

  it('running', () => expectWithin(runs.map(running), row.running));

  it('idle', () => expectWithin(runs.map(idle), row.idle));
});
