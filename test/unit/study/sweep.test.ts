import { describe, expect, it } from 'vitest';
import { runBatch } from '../../../src/study/batch.ts';
import { confirmationOf, errorOf } from '../../../src/study/confirm.ts';
import { parseObjective } from '../../../src/study/slo.ts';
import { runSweep, simulate } from '../../../src/study/sweep.ts';
import type { BatchTask, Outcome, RunBatches } from '../../../src/study/task.ts';
import { load, options, run, sweep, watched, withoutEngine } from './studies.ts';

const STUDY = `version: 1
name: chat
replications: 3
workload:
  synthesize: { duration: 30m, arrivals: { process: gamma, rate: 0.6/s, cv: 2 } }
  service: { distribution: lognormal, mean: 3s, cv: 0.8 }
deployment: { coldStart: 12s }
billing: { usdPerReplicaHour: 2 }
`;

const GRID = {
  vary: [
    'deployment.replicas.min=0,2',
    'deployment.idleWindow=5s,60s',
    'billing.usdPerReplicaHour=1,2',
  ],
  slo: ['latencyS.p99 <= 30'],
};

/** Batches in another order than they were given, as threads would finish them. */
const reversed: RunBatches = async (tasks, { onBatch }) => {
  const { catalogue, traces, now } = options();
  for (const task of [...tasks].toReversed()) {
    const plain = JSON.parse(JSON.stringify(task)) as BatchTask;
    onBatch(await runBatch(plain, { catalogue, traces, now }));
  }
};

describe('replications of one configuration', () => {
  it('give the same bytes from one thread and spread over three', async () => {
    const overrides = { set: ['replications=5'] };
    const alone = await run(STUDY, overrides);
    const spread = await run(STUDY, overrides, { workers: 3, runBatches: reversed });
    expect({ ...spread, engine: null }).toEqual({ ...alone, engine: null });
    expect(spread.engine.events).toBe(alone.engine.events);
  });
});

describe('a sweep', () => {
  it('has results in grid order, each what the configuration gives alone', async () => {
    const document = await sweep(STUDY, GRID);
    expect(document.results).toHaveLength(8);
    for (const result of document.results) {
      const set = Object.entries(result.vary).map(([path, value]) => `${path}=${String(value)}`);
      const alone = await run(STUDY, { set, slo: GRID.slo });
      expect({ ...alone, vary: result.vary, engine: null }).toEqual({ ...result, engine: null });
    }
  });

  it('marks the row of the grid that is what runs today, be it by other words, and adds none', async () => {
    const grid = { vary: ['deployment.replicas.min=0,1', 'deployment.idleWindow=5s,60s'] };
    const study = `${STUDY.replace('{ coldStart: 12s }', '{ coldStart: 12s, idleWindow: 1m }')}current: `;
    const same = await sweep(`${study}{ deployment.replicas.min: 1 }`, grid);
    expect(same.results).toHaveLength(4);
    expect(same.current).toBe(3);
    const other = await sweep(`${study}{ deployment.replicas.min: 2 }`, grid);
    expect(other.results).toHaveLength(5);
    expect(other.current).toBe(4);
  });

  it('does not take one GPU for another that comes to the same', async () => {
    const today = `${STUDY}current: { deployment.gpu: l4 }`;
    const { results, current } = await sweep(today, { vary: ['deployment.gpu=a10g,l4'] });
    expect(results).toHaveLength(2);
    expect(current).toBe(1);
    const none = await sweep(today, { vary: ['deployment.gpu=a10g,t4'] });
    expect(none.current).toBe(2);
  });

  it('gives the same bytes on any number of workers, finishing in any order', async () => {
    const bytes = withoutEngine(await sweep(STUDY, GRID));
    for (const workers of [1, 2, 7]) {
      const more = { workers, runBatches: reversed };
      expect(withoutEngine(await sweep(STUDY, GRID, more))).toBe(bytes);
    }
  });

  it('configurations that differ in their bill alone share one run', async () => {
    const document = await sweep(STUDY, {
      vary: ['billing.usdPerReplicaHour=1,3', 'billing.quantum=1us,1h'],
    });
    const [plain, hours, dear] = document.results;
    expect(dear?.cost?.usd).toBeCloseTo(3 * plain!.cost!.usd, 9);
    expect(hours?.cost?.usd).toBeGreaterThan(plain!.cost!.usd);
    const { seconds } = plain!.engine;
    expect(document.results.map(({ engine }) => engine.seconds)).toEqual([
      seconds,
      seconds,
      seconds,
      seconds,
    ]);
  });

  it('resumes: what is on disk is not run again, and the bytes are the same', async () => {
    const stored = new Map<string, Outcome>();
    const document = await sweep(STUDY, GRID, { outcomes: stored });
    const half = [...stored]
      .slice(0, 5)
      .map(([key, outcome]) => [key, JSON.parse(JSON.stringify(outcome)) as Outcome] as const);
    const again: string[] = [];
    const outcomes = watched((_, key) => again.push(key), half);
    const resumed = await sweep(STUDY, GRID, { outcomes });
    expect(withoutEngine(resumed)).toBe(withoutEngine(document));
    expect(again).toHaveLength(stored.size - half.length);
    const finished = new Map(half);
    const other = await sweep(STUDY, { ...GRID, set: ['seed=2'] }, { outcomes: finished });
    expect(withoutEngine(other)).not.toBe(withoutEngine(document));
  });

  it('ends between chunks when it is aborted, and has handed out what was finished', async () => {
    const controller = new AbortController();
    const stored: Outcome[] = [];
    const outcomes = watched((one) => {
      stored.push(one);
      controller.abort(new Error('enough'));
    });
    const more = { outcomes, signal: controller.signal, workers: 4 };
    await expect(sweep(STUDY, GRID, more)).rejects.toThrow('enough');
    expect(stored.length).toBeGreaterThan(0);
    expect(stored.length).toBeLessThan(8);
  });

  it('reports its progress up to the end', async () => {
    const done: number[] = [];
    await sweep(STUDY, GRID, { onProgress: (progress) => done.push(progress.done) });
    expect(done.at(-1)).toBe(8);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
  });

  it('a study of several configurations is no simulation', async () => {
    await expect(simulate(load(STUDY, GRID), options())).rejects.toThrow('has 8 configurations');
  });
});

describe('a limit that was never reached', () => {
  const LIMITS = {
    vary: [
      'deployment.replicas.max=3,9,60,unlimited',
      'deployment.admission.queue=none,2,40,unlimited',
      'deployment.admission.timeout=5s,10m',
      'deployment.executionTimeout=10s,2h',
      'client.patience=20s,unlimited',
    ],
  };

  it('proves a result, which is the one that a run gives', async () => {
    const document = await sweep(STUDY, { ...LIMITS, set: ['replications=2'] });
    const proved = document.results.filter(({ provedEqualTo }) => provedEqualTo !== null);
    expect(document.results).toHaveLength(128);
    expect(proved.length).toBeGreaterThan(20);
    for (const result of proved) {
      const source = document.results[result.provedEqualTo!]!;
      expect(source.provedEqualTo).toBeNull();
      const set = Object.entries(result.vary).map(([path, value]) => `${path}=${String(value)}`);
      const alone = await run(STUDY, { set: ['replications=2', ...set] });
      const same = { vary: null, provedEqualTo: null, engine: null };
      expect({ ...result, ...same }).toEqual({ ...alone, ...same });
    }
  });

  it('which is run depends on the grid alone', async () => {
    const overrides = { ...LIMITS, set: ['replications=1'] };
    const one = await sweep(STUDY, overrides);
    const other = await sweep(STUDY, overrides, { workers: 3, runBatches: reversed });
    expect(withoutEngine(other)).toBe(withoutEngine(one));
  });

  it('a limit that was reached is run', async () => {
    const { results } = await sweep(STUDY, { vary: ['deployment.replicas.max=2,50,unlimited'] });
    expect(results.map(({ provedEqualTo }) => provedEqualTo)).toEqual([null, 2, null]);
  });
});

describe('what stands out', () => {
  it('the front is what no other beats in both cost and p99, failed requests infinitely late', async () => {
    const document = await sweep(STUDY, {
      vary: ['deployment.replicas.min=0..4', 'deployment.admission.timeout=1s,unlimited'],
    });
    const point = (i: number) => {
      const { cost, requests, latencyS } = document.results[i]!;
      const late = requests.failedFraction! > 0.01;
      return { usd: cost!.usdPerHour!, p99: late ? Number.POSITIVE_INFINITY : latencyS.p99! };
    };
    expect(document.front.length).toBeGreaterThan(1);
    for (const i of document.front) {
      for (const j of document.results.keys()) {
        const [a, b] = [point(i), point(j)];
        expect(b.usd < a.usd && b.p99 < a.p99).toBe(false);
      }
    }
  });

  it('the cheapest within the SLO is confirmed on fresh seeds', async () => {
    const document = await sweep(STUDY, GRID);
    const [first] = document.confirmations!;
    expect(first).toMatchObject({
      seed: '1/confirm/1',
      replications: 20,
      error: 0.025,
      holds: true,
    });
    expect(document.cheapestWithinSlo).toBe(first!.index);
  });

  it('is null where nothing meets the SLO', async () => {
    const document = await sweep(STUDY, { ...GRID, slo: ['latencyS.p50 <= 0.1'] });
    expect(document.cheapestWithinSlo).toBeNull();
    expect(document.confirmations).toEqual([]);
  });

  it('needs no confirmation where nothing is drawn', async () => {
    const text = STUDY.replace('gamma', 'fixed')
      .replace(', cv: 2', '')
      .replace(/ {2}service.*\n/, '  service: 3s\n')
      .replace('replications: 3\n', '');
    const document = await sweep(text, GRID);
    expect(document.confirmations).toBeNull();
    expect(document.cheapestWithinSlo).not.toBeNull();
  });
});

describe('a candidate on fresh seeds', () => {
  const objective = parseObjective('latencyS.p99 <= 5');
  if (typeof objective === 'string') throw new Error(objective);

  function outcome(share: number, each: readonly number[]): Outcome {
    const judged = { objective: objective as never, met: true, value: 4.9, share };
    return {
      result: { seed: 's', replications: each.length, slo: { objectives: [judged] } },
      perReplication: [each],
    } as unknown as Outcome;
  }

  it('fails where the bound does not hold, though the estimate does: it was lucky', () => {
    const lucky = confirmationOf(4, 1, [objective], outcome(0.991, [0.999, 0.983, 0.991]));
    expect(lucky).toMatchObject({ index: 4, holds: false, objectives: [{ estimate: 0.991 }] });
    const sure = confirmationOf(4, 1, [objective], outcome(0.995, [0.9951, 0.9949, 0.995]));
    expect(sure.holds).toBe(true);
  });

  it('errors halve from one candidate to the next: 5 % over all', () => {
    const errors = Array.from({ length: 30 }, (_, i) => errorOf(i + 1));
    expect(errors[0]).toBe(0.025);
    expect(errors.reduce((sum, error) => sum + error)).toBeLessThan(0.05);
  });
});

describe('made traffic and threads', () => {
  it('only plain data travels to a thread', async () => {
    const tasks: BatchTask[] = [];
    const keep: RunBatches = async (given, { onBatch }) => {
      const { catalogue, traces, now } = options();
      for (const task of given) {
        tasks.push(task);
        onBatch(await runBatch(task, { catalogue, traces, now }));
      }
    };
    await runSweep(load(STUDY, GRID), { ...options(), runBatches: keep });
    expect(structuredClone(tasks)).toEqual(JSON.parse(JSON.stringify(tasks)));
  });
});
