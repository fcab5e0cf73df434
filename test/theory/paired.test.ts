/** Differences of two configurations under the same luck, where the truth has a closed form: the interval covers it as often as it says. */
import { describe, expect, it } from 'vitest';
import type { Varied } from '../../src/study/document.ts';
import { interval95 } from '../../src/study/estimate.ts';
import { differenceOf, pairedEstimate } from '../../src/study/paired.ts';
import type { Outcome } from '../../src/study/task.ts';
import { laboratory } from '../unit/study/studies.ts';

const EXPERIMENTS = 100;
/** Of 100 at 95 %: fewer with a chance of 1 in 10,000. */
const LEAST = 86;

const RATE = 0.3;
const DURATION_S = 3_600;

/** M/M/1 at a load of 0.3: the time to forget how it began, some seconds, is nothing beside an hour. */
const QUEUE = `
version: 1
replications: 5
workload:
  synthesize: { duration: ${DURATION_S}s, arrivals: { process: poisson, rate: ${RATE}/s } }
  service: { distribution: exponential, mean: 1s }
deployment: { replicas: { min: 1, max: 1 }, idleWindow: 0s }
billing: { usdPerReplicaHour: 1 }
`;

async function experiments(base: Varied, row: Varied): Promise<readonly [Outcome, Outcome][]> {
  const lab = laboratory(QUEUE);
  const pairs: [Outcome, Outcome][] = [];
  for (let nth = 0; nth < EXPERIMENTS; nth++) {
    const how = { seedSuffix: `/experiment/${nth}` };
    const [a, b] = await lab.run([
      { overrides: base, how },
      { overrides: row, how },
    ]);
    pairs.push([a!, b!]);
  }
  return pairs;
}

function covered(pairs: readonly [Outcome, Outcome][], path: string, truth: number): number {
  return pairs.filter(([a, b]) => {
    const [from, to] = differenceOf(a, b, path).ci95!;
    return from <= truth && truth <= to;
  }).length;
}

describe('a paired interval covers the true difference at its nominal rate', () => {
  it('of latency between two speeds: M/M/1, its mean and its p99', async () => {
    const pairs = await experiments({}, { 'deployment.speed': 1.25 });
    const gain = 1 / (1.25 - RATE) - 1 / (1 - RATE);
    const ofMean = covered(pairs, 'latencyS.mean', gain);
    expect(ofMean).toBeGreaterThanOrEqual(LEAST);
    // Latency is exponential: its p99 is ln 100 times its mean.
    const ofP99 = covered(pairs, 'latencyS.p99', gain * Math.log(100));
    expect(ofP99).toBeGreaterThanOrEqual(LEAST);

    const [a, b] = pairs[0]!;
    const width = ([from, to]: readonly [number, number]) => to - from;
    const apart = Math.hypot(...[a, b].map(({ result }) => width(result.ci95!['latencyS.mean']!)));
    // What both met falls out: side by side the intervals would be twice as wide.
    expect(width(differenceOf(a!, b!, 'latencyS.mean').ci95!)).toBeLessThan(apart / 2);
  });

  it('of cost between one replica that is always there and as many as there are requests', async () => {
    const perUse = {
      'deployment.replicas.min': 0,
      'deployment.replicas.max': 'unlimited',
      'billing.usdPerReplicaHour': 5,
    };
    const pairs = await experiments({}, perUse);
    // M/G/infinity from empty: a service beyond the end of the period is none of its cost.
    const busy = RATE * (1 - (1 - Math.exp(-DURATION_S)) / DURATION_S);
    const ofCost = covered(pairs, 'cost.usdPerHour', 5 * busy - 1);
    expect(ofCost).toBeGreaterThanOrEqual(LEAST);
  });
});

describe('pairs of replications', () => {
  it('by hand: center and width are those of the differences', () => {
    const base = { all: 10, each: [8, 10, 12] };
    const row = { all: 13, each: [10, 13, 16] };
    const pairs = pairedEstimate(base, row)!;
    expect(pairs).toEqual({ all: 3, each: [2, 3, 4] });
    // Student's t with two degrees of freedom at 97.5 % is 4.303; the standard error is 1 / sqrt 3.
    const [from, to] = interval95(pairs)!;
    expect((to - from) / 2).toBeCloseTo(4.3027 / Math.sqrt(3), 3);
    expect((to + from) / 2).toBe(3);
  });

  it('what draws no luck stands beside every replication of what does', () => {
    const sure = { all: 1, each: [1] };
    expect(pairedEstimate(sure, { all: 3, each: [2, 4] })).toEqual({ all: 2, each: [1, 3] });
    expect(pairedEstimate({ all: 3, each: [2, 4] }, sure)).toEqual({ all: -2, each: [-1, -3] });
  });

  it('none where there is one replication, a figure is missing, or they are of different numbers', () => {
    const of = (...each: (number | null)[]) => ({ all: 1, each });
    expect(pairedEstimate(of(1), of(2))).toBeNull();
    expect(pairedEstimate(of(1, 2), of(1, 2, 3))).toBeNull();
    expect(pairedEstimate({ all: null, each: [1, 2] }, of(1, 2))).toBeNull();
    expect(interval95(pairedEstimate(of(1, null), of(1, 2))!)).toBeNull();
  });
});
