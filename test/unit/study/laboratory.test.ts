import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import type { Trial } from '../../../src/study/laboratory.ts';
import type { Outcome } from '../../../src/study/task.ts';
import { laboratory, run, sweep, traceOf } from './studies.ts';

const STUDY = `
version: 1
replications: 3
workload:
  synthesize: { duration: 2h, arrivals: { process: poisson, rate: 0.2/s } }
  service: { distribution: exponential, mean: 4s }
deployment: { idleWindow: 60s, coldStart: 10s }
billing: { usdPerReplicaHour: 2 }
slo: [latencyS.p99 <= 20]
`;

const at = (min: number, idleWindow: string): Trial => ({
  overrides: { 'deployment.replicas.min': min, 'deployment.idleWindow': idleWindow },
});

/** A small grid's rows say which hours met the objectives. */
const COUNTING = { countsHours: true };

function bare({ result, ...rest }: Outcome): unknown {
  const { engine: _, ...figures } = result;
  return { ...rest, result: figures };
}

describe('a laboratory', () => {
  it('gives what a sweep gives for the same configurations, in the order asked for', async () => {
    const vary = ['deployment.replicas.min=0,1', 'deployment.idleWindow=30s,60s'];
    const { results } = await sweep(STUDY, { vary });
    const trials = [at(1, '60s'), at(0, '30s')].map((trial) => ({ ...trial, how: COUNTING }));
    const outcomes = await laboratory(STUDY).run(trials);
    expect(outcomes.map((outcome) => bare(outcome))).toEqual(
      [results[3]!, results[0]!].map((result, index) => {
        const { engine: _, ...figures } = result;
        return expect.objectContaining({ index, result: figures });
      }),
    );
  });

  it('runs nothing twice, and says what it ran', async () => {
    const lab = laboratory(STUDY);
    const first = await lab.run([at(0, '30s'), at(0, '30s'), at(0, '0.5m')]);
    expect(lab.work.trials).toBe(1);
    const { requestRuns } = lab.work;
    expect(await lab.run([at(0, '30s')])).toEqual([first[0]]);
    expect(lab.work).toEqual({ trials: 1, requestRuns });
  });

  it('pairs figures replication by replication: their mean is the result', async () => {
    const [outcome] = await laboratory(STUDY).run([at(1, '60s')]);
    const each = outcome!.each['cost.usdPerHour']!;
    expect(each).toHaveLength(3);
    const mean = each.reduce<number>((sum, usd) => sum + usd!, 0) / 3;
    expect(mean).toBeCloseTo(outcome!.result.cost!.usdPerHour!, 9);
  });

  it('runs the beginning of a workload as the whole began', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => [i * 30, 5 + (i % 7)] as const);
    const study = STUDY.replace(/replications: 3/, '').replace(
      /workload:[\s\S]*?deployment/,
      'workload: { replay: { file: log.csv } }\ndeployment',
    );
    const lab = laboratory(study, {}, { traces: [traceOf(rows)] });
    const [begun] = await lab.run([{ overrides: {}, how: { untilUs: 601e6 } }]);
    const cut = rows.filter(([atS]) => atS < 601);
    const alone = await run(study, {}, { traces: [traceOf(cut)] });
    expect(begun!.result.requests.arrived).toBe(cut.length);
    expect(begun!.result.latencyS).toEqual(alone.latencyS);
    expect(begun!.result.observedS).toBe(601);
    const [whole] = await lab.run([{ overrides: {}, how: { untilUs: 1e12 } }]);
    expect(whole!.result.requests.arrived).toBe(40);
  });

  it('asks for another traffic when overrides shape it, and keeps none of it', async () => {
    const asked: number[] = [];
    const rows = (count: number) => Array.from({ length: count }, (_, i) => [i, 0.5] as const);
    const study = 'version: 1\nworkload: { replay: { file: log.csv } }';
    const lab = laboratory(
      study,
      {},
      {
        traces: [traceOf(rows(10))],
        traceOf: async ({ parts }) => {
          asked.push(parts[0]!.shaping.rateScale!.factor);
          return traceOf(rows(20));
        },
      },
    );
    const twice = { overrides: { 'workload.replay.rateScale': 2 } };
    const [once, doubled] = await lab.run([{ overrides: {} }, twice]);
    expect(once!.result.requests.arrived).toBe(10);
    expect(doubled!.result.requests.arrived).toBe(20);
    expect(asked).toEqual([2]);
  });

  it('says what stands in the way of overrides', async () => {
    const lab = laboratory(STUDY);
    const wrong = { 'deployment.replicas.min': 2, 'deployment.replicas.max': 1 };
    expect(lab.compile(wrong)).toMatch(/max must be at least/);
    await expect(lab.run([{ overrides: wrong }])).rejects.toThrow(UserError);
  });
});
