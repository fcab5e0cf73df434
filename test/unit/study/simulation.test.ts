/** One configuration with care: cyclic edges by hand, precision by its own intervals, warm-up by MSER-5. */
import { describe, expect, it } from 'vitest';
import { keyed } from '../../../src/base/random.ts';
import { inverseNormal } from '../../../src/engine/normal.ts';
import type { Result } from '../../../src/study/document.ts';
import { parsePrecision } from '../../../src/study/precision.ts';
import { type SimulationOptions, simulatePrecisely } from '../../../src/study/simulation.ts';
import { coarser, mser5 } from '../../../src/study/warm-up.ts';
import type { Trace } from '../../../src/workload/trace.ts';
import { load, mistakesOf, options, run, sweep, traceOf } from './studies.ts';

const precisely = (text: string, more: Partial<SimulationOptions> = {}): Promise<Result> =>
  simulatePrecisely(load(text, { asItStands: true }), { ...options(), ...more });

describe('measure.edges: cyclic', () => {
  /**
   * A request of 10 s at 0 s of each 60 s; a start takes 5 s.
   *   cut      cold: starts 0..5, serves 5..15, idle 15..60
   *   cyclic   the same before; then, warm: serves 60..70, idle 70..120
   */
  const trace: Trace = { ...traceOf([[0, 10]]), period: { fromUs: 0, toUs: 60e6 } };
  const study = (measure: string, idleWindow = '60s') => `
version: 1
workload: { replay: { file: log.csv } }
deployment: { idleWindow: ${idleWindow}, coldStart: 5s }
billing: { usdPerReplicaHour: 36, quantum: 1us }
${measure}`;
  const of = (measure: string, window?: string, more = {}) =>
    run(study(measure, window), {}, { traces: [trace], ...more });

  it('begins with the replicas that a pass before it leaves: by hand', async () => {
    const cut = await of('');
    expect(cut.coldStarts).toMatchObject({ requests: 1, starts: 1 });
    const cyclic = await of('measure: { edges: cyclic }');
    expect(cyclic).toMatchObject({
      requests: { arrived: 1, completed: 1 },
      coldStarts: { requests: 0, starts: 0 },
      replicaTimeS: { starting: 0, busy: 10, idle: 50, total: 60 },
      observedS: 60,
      cost: { usd: 0.6, tailUsd: 0 },
    });
    expect(cyclic.cost!.usdPerHour).toBeCloseTo(36, 9);
    expect(cyclic.warnings.join()).toContain(
      'measured from the state that a pass of the same 1m leaves',
    );
  });

  it('is the same as cut where nothing is left of the first pass', async () => {
    // A window of 30 s: the replica is gone at 45 s.
    const [cut, cyclic] = await Promise.all([
      of('', '30s'),
      of('measure: { edges: cyclic }', '30s'),
    ]);
    expect(cyclic.coldStarts).toEqual(cut.coldStarts);
    expect(cyclic.replicaTimeS).toEqual(cut.replicaTimeS);
    expect(cyclic.cost!.usdPerHour).toBe(cut.cost!.usdPerHour);
  });

  it('counts the request at the very end of a log once, as the one at its beginning', async () => {
    const log = traceOf([
      [0, 1],
      [30, 1],
      [60, 1],
    ]);
    const cyclic = await run(study('measure: { edges: cyclic }'), {}, { traces: [log] });
    expect(cyclic.requests.arrived).toBe(3);
  });

  it('keeps dates, hours and the floor of a schedule those of the measured pass', async () => {
    const dated: Trace = {
      ...traceOf([
        [0, 10],
        [7_200, 10],
      ]),
      firstAtUs: Date.UTC(2026, 2, 2, 6, 30) * 1_000,
      period: { fromUs: 0, toUs: 9_000e6 },
    };
    const text = `
version: 1
workload: { replay: { file: log.csv } }
deployment:
  idleWindow: 60s
  coldStart: 5s
  replicas: { min: { default: 0, timeZone: UTC, rules: [{ days: mon, from: 07:00, to: 08:00, count: 3 }] } }
billing: { usdPerReplicaHour: 36, quantum: 1us }
`;
    const [cut, cyclic] = await Promise.all(
      ['', 'measure: { edges: cyclic }'].map((measure) =>
        run(text + measure, {}, { traces: [dated], hourly: true, timelineUs: 600e6 }),
      ),
    );
    const { hours: ofCut } = cut!;
    const { hours, timeline } = cyclic!;
    expect(hours).toMatchObject({
      firstAt: '2026-03-02T06:30:00.000Z',
      lengthS: [1_800, 3_600, 3_600],
    });
    for (const key of ['arrived', 'idleKeptS', 'scheduledStarts', 'cold'] as const) {
      expect(hours![key], key).toEqual(ofCut![key]);
    }
    expect(timeline!.firstAt).toBe('2026-03-02T06:30:00.000Z');
    expect(timeline!.idle.slice(0, 14)).toEqual(cut!.timeline!.idle.slice(0, 14));
  });

  it('needs a period that holds its requests', async () => {
    const text = `
version: 1
workload: { synthesize: { requests: 100, arrivals: { process: poisson, rate: 1/s } }, service: 1s }
measure: { edges: cyclic }`;
    await expect(run(text)).rejects.toThrow(
      'give workload.synthesize.duration in place of requests',
    );
  });
});

const MM1 = (extra: string) => `
version: 1
replications: 3
workload:
  synthesize: { duration: 4h, arrivals: { process: poisson, rate: 0.5/s } }
  service: { distribution: exponential, mean: 1s }
deployment: { replicas: { min: 1, max: 1 } }
billing: { usdPerReplicaHour: 1 }
slo: ['latencyS.p99 <= 30', 'waitS.mean <= 9']
${extra}`;

describe('simulate --precision', () => {
  it('adds replications until every interval is as narrow, and says how narrow', async () => {
    const { precision, ci95, latencyS, replications } = await precisely(MM1(''), {
      precision: 0.03,
    });
    expect(precision).toMatchObject({ asked: 0.03, isReached: true, replications });
    expect(replications).toBeGreaterThan(10);
    const [low, high] = ci95!['latencyS.p99']!;
    expect((high - low) / 2 / latencyS.p99!).toBeLessThanOrEqual(0.03);
    expect(precision!.halfWidths['latencyS.p99 <= 30']).toBeCloseTo(
      (high - low) / 2 / latencyS.p99!,
      12,
    );
    expect(Object.keys(precision!.halfWidths)).toEqual([
      'cost.usdPerHour',
      'latencyS.p99 <= 30',
      'waitS.mean <= 9',
    ]);
  });

  it('gives what as many replications give', async () => {
    const { precision, engine, warmUp, ...found } = await precisely(MM1(''), { precision: 0.1 });
    const { engine: _engine, ...given } = await run(
      MM1('').replace('replications: 3', `replications: ${precision!.replications}`),
    );
    expect(found).toEqual(given);
  });

  it('of what draws nothing is a mistake', async () => {
    const text =
      'version: 1\nworkload: { replay: { file: log.csv } }\nbilling: { usdPerReplicaHour: 1 }';
    const trace = traceOf([[0, 1]]);
    await expect(precisely(text, { traces: [trace], precision: 0.02 })).rejects.toThrow(
      '--precision  means nothing here: nothing is drawn',
    );
  });

  it('is a share of its figure', () => {
    expect(['2%', '0.02', '2.5 %', '0', '200%', 'much', ''].map(parsePrecision)).toEqual([
      0.02,
      0.02,
      0.025,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('MSER-5 (White 1997)', () => {
  const noise = (length: number, key: number) => {
    const luck = keyed('mser', key, 'test', 0, 0);
    return Array.from({ length }, () => inverseNormal(luck.next()));
  };

  it('is the truncation of least error over all, tried one by one', () => {
    for (let key = 0; key < 50; key++) {
      const values = noise(230, key).map((value, i) => value + 8 * Math.exp(-i / (5 + key)));
      const means = Array.from({ length: 46 }, (_, i) =>
        values.slice(5 * i, 5 * i + 5).reduce((sum, value) => sum + value / 5, 0),
      );
      const errors = means.slice(0, 24).map((_, cut) => {
        const rest = means.slice(cut);
        const mean = rest.reduce((sum, value) => sum + value, 0) / rest.length;
        return rest.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rest.length ** 2;
      });
      const best = errors.indexOf(Math.min(...errors));
      expect(mser5(values)).toBe(best === 23 ? null : 5 * best);
    }
  });

  it('finds a beginning that has not settled, and hardly any where there is none', () => {
    const cuts = Array.from({ length: 40 }, (_, key) => {
      const values = noise(1_000, key);
      return [mser5(values.map((value, i) => value + (i < 150 ? 6 : 0))), mser5(values)];
    });
    for (const [unsettled] of cuts) {
      expect(unsettled).toBeGreaterThanOrEqual(145);
      expect(unsettled).toBeLessThan(400);
    }
    const none = cuts.map(([, settled]) => settled ?? 500).sort((a, b) => a - b);
    expect(none[20]).toBeLessThan(100);
  });

  it('says so where half of a run would not do', () => {
    expect(mser5(Array.from({ length: 400 }, (_, i) => i))).toBeNull();
    expect(mser5([1, 2, 3])).toBeNull();
  });
});

describe('measure.warmUp', () => {
  /** One replica at 97 %, empty at first: an hour and more before it is as full as it will be. */
  const heavy = (measure: string) => `
version: 1
replications: 8
workload:
  synthesize: { duration: 12h, arrivals: { process: poisson, rate: 0.97/s } }
  service: { distribution: exponential, mean: 1s }
deployment: { replicas: { min: 1, max: 1 } }
${measure}`;

  it('is not left out unless asked for, and what the rule finds is said', async () => {
    const { warmUp, timeline, requests } = await precisely(heavy(''));
    expect(warmUp).toMatchObject({ rule: 'MSER-5', cutS: 0 });
    expect(warmUp!.foundS).toBeGreaterThan(30);
    expect(timeline).toBeUndefined();
    expect(requests.arrived).toBeGreaterThan(0.95 * 0.97 * 43_200);
  });

  it('auto leaves out what the rule finds, a duration so much', async () => {
    const found = (await precisely(heavy(''))).warmUp!.foundS!;
    const auto = await precisely(heavy('measure: { warmUp: auto }'));
    expect(auto.warmUp).toEqual({ rule: 'MSER-5', foundS: found, cutS: found });
    expect(auto.observedS).toBeCloseTo(43_200 - found, 6);
    const given = await run(heavy('measure: { warmUp: 1h }'));
    expect(given.observedS).toBe(39_600);
    expect(auto.waitS.mean).toBeGreaterThan((await run(heavy(''))).waitS.mean!);
  });

  it('is none of a log, a daily course or a schedule, and not for a grid', async () => {
    const replay = 'version: 1\nworkload: { replay: { file: log.csv } }\nmeasure: { warmUp: auto }';
    expect(mistakesOf(replay).join()).toContain('is for made traffic');
    const daily = heavy('measure: { warmUp: 1h }').replace(
      '{ process: poisson, rate: 0.97/s }',
      '{ process: diurnal, rate: { mean: 1/s, peakToMean: 2, peakAt: 14h } }',
    );
    expect(mistakesOf(daily).join()).toContain('the rate of this traffic changes over time');
    const both = heavy('measure: { warmUp: 1h, from: 1h }');
    expect(mistakesOf(both).join()).toContain('both say where measuring begins');
    const grid = heavy('measure: { warmUp: auto }\nvary: { deployment.replicas.max: [1, 2] }');
    await expect(sweep(grid)).rejects.toThrow('auto is for `coldfront simulate`');
  });

  it('leaves the time line that was asked for as it is', async () => {
    const precise = await precisely(heavy(''), { timelineUs: 720e6 });
    const plain = await run(heavy(''), {}, { timelineUs: 720e6 });
    expect(precise.timeline!.intervalS).toBe(720);
    expect(precise.timeline!.busy).toHaveLength(plain.timeline!.busy.length);
    precise.timeline!.busy.slice(0, 60).forEach((mean, i) => {
      expect(mean).toBeCloseTo(plain.timeline!.busy[i]!, 9);
    });
    const timeline = plain.timeline!;
    expect(coarser(timeline, 1).waiting).toEqual(timeline.waiting);
  });
});
