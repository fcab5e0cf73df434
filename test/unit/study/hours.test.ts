/** Counts by hour, what objectives say of them, what kept requests waiting: by hand. */
import { describe, expect, it } from 'vitest';
import type { Result } from '../../../src/study/document.ts';
import { stepsOf } from '../../../src/study/steps.ts';
import type { Trace } from '../../../src/workload/trace.ts';
import { aResult } from '../report/a-result.ts';
import { run, sweep, traceOf } from './studies.ts';

const H = 3_600;

/** From 2026-03-02, 10:30 in Berlin: half an hour, a whole one, and one to the last request. */
const dated = (rows: readonly (readonly [number, number])[]): Trace => ({
  ...traceOf(rows),
  firstAtUs: Date.UTC(2026, 2, 2, 9, 30) * 1_000,
});

const STUDY = `
version: 1
workload: { replay: { file: log.csv, timeZone: Europe/Berlin } }
deployment: { replicas: { max: 1 }, idleWindow: 60s, coldStart: 10s }
billing: { usdPerReplicaHour: 36, quantum: 1us }
slo: ['share(waitS <= 15) >= 0.5', 'latencyS.p99 <= 1000']
`;

/**
 *   10:30:00    cold, waits 10 s, served 10..20, idle until 80: 80 s of replica
 *   10:40:00    cold again; two more wait for the one replica there may be: 10, 20 and 30 s; served until 640, idle until 700
 *   11:30:00    cold; 3600..3680
 *   12:20:00    cold, the last: 6600..
 */
const LOG = dated([
  [0, 10],
  [600, 10],
  [600, 10],
  [600, 10],
  [3_600, 10],
  [6_600, 10],
]);

describe('counts by hour of the clock', () => {
  it('begin with the log, go by its wall clock, and hold requests by arrival, time and dollars as they accrue', async () => {
    const { hours } = await run(STUDY, {}, { traces: [LOG], hourly: true });
    expect(hours).toMatchObject({
      firstAt: '2026-03-02T09:30:00.000Z',
      timeZone: 'Europe/Berlin',
      lengthS: [1_800, H, 1_200],
      arrived: [4, 1, 1],
      completed: [4, 1, 1],
      cold: [4, 1, 1],
      failed: [0, 0, 0],
      within: [
        [2, 1, 1],
        [4, 1, 1],
      ],
      withinOf: [
        [4, 1, 1],
        [4, 1, 1],
      ],
      startingS: [20, 10, 0],
      busyS: [40, 10, 0],
      idleS: [120, 60, 0],
      starts: [2, 1, 0],
    });
    // A cent a second: 80 + 100 s, 80 s, and nothing before the log ends with its last request.
    expect(hours!.usd!.map((usd) => Number(usd.toFixed(9)))).toEqual([1.8, 0.8, 0]);
  });

  it('are kept only where they are asked for, and change nothing else', async () => {
    const [plain, kept] = await Promise.all(
      [false, true].map((hourly) => run(STUDY, {}, { traces: [LOG], hourly })),
    );
    const { hours, engine, ...rest } = kept!;
    const { engine: _engine, ...before } = plain!;
    expect(rest).toEqual(before);
  });

  it('say how much of an objective is spent, the worst hour, and how many hold it', async () => {
    const { slo } = await run(STUDY, {}, { traces: [LOG] });
    expect(slo!.objectives[0]).toMatchObject({
      met: true,
      share: 4 / 6,
      worstHour: { at: '2026-03-02T09:30:00.000Z', fromS: 0, share: 0.5 },
      hoursMet: { met: 3, of: 3 },
    });
    expect(slo!.objectives[0]!.budgetSpent).toBeCloseTo(2 / 6 / 0.5, 12);
    expect(slo!.objectives[1]).toMatchObject({ share: 1, budgetSpent: 0 });
  });

  it('of an endpoint are held against its own requests', async () => {
    const trace: Trace = {
      ...LOG,
      endpoint: Int32Array.from([0, 0, 0, 1, 0, 1]),
      endpointNames: ['chat', 'embed'],
    };
    const text = `
version: 1
workload: { replay: { file: log.csv } }
deployment: { coldStart: 10s, idleWindow: 60s, replicas: { max: 1 } }
endpoints: { '*': {} }
billing: { usdPerReplicaHour: 36 }
slo: ['share(endpoints.chat.waitS <= 15) >= 0.9']
`;
    const { slo, hours } = await run(text, {}, { traces: [trace], hourly: true });
    expect(hours!.withinOf).toEqual([[3, 1, 0]]);
    expect(hours!.within).toEqual([[2, 1, 0]]);
    expect(slo!.objectives[0]).toMatchObject({
      worstHour: { share: 2 / 3 },
      hoursMet: { met: 1, of: 2 },
    });
    const usd = hours!.usd!.reduce((sum, hour) => sum + hour, 0);
    expect(usd).toBeGreaterThan(0);
  });
});

describe('intervals of the traffic that came', () => {
  const days = (count: number) => {
    const rows: [number, number][] = [];
    for (let hour = 0; hour < count * 24; hour++) {
      for (let i = 0; i <= hour % 7; i++) rows.push([hour * H + i * 60, 30]);
    }
    rows.push([count * 24 * H, 1]);
    return dated(rows);
  };

  it('of a fortnight come from its days, of less from its hours, and say so', async () => {
    const fortnight = await run(STUDY, {}, { traces: [days(14)] });
    expect(fortnight.ci95TrafficWhy).toContain(
      'days of the log drawn again, within workdays and weekends',
    );
    expect(Object.keys(fortnight.ci95Traffic!)).toEqual([
      'cost.usdPerHour',
      'cost.usdPerMonth',
      'coldStarts.fraction',
      'requests.failedFraction',
      'requests.arrived',
      'slo.objectives.0.share',
      'slo.objectives.1.share',
    ]);
    const [low, high] = fortnight.ci95Traffic!['cost.usdPerHour']!;
    expect(low).toBeLessThan(fortnight.cost!.usdPerHour!);
    expect(high).toBeGreaterThan(fortnight.cost!.usdPerHour!);
    expect(fortnight.lowConfidence).toContain('requests.failedFraction');
    const three = await run(STUDY, {}, { traces: [days(3)] });
    expect(three.ci95TrafficWhy).toContain('no day-to-day interval');
  });

  it('take a month from whole weeks, so that no weekend counts twice', async () => {
    // Nine days from Monday: eight requests an hour at the second Monday and Tuesday, one an hour before.
    const rows: [number, number][] = [];
    for (let hour = 0; hour < 9 * 24; hour++) {
      for (let i = 0; i < (hour < 168 ? 1 : 8); i++) rows.push([hour * H + i * 300, 30]);
    }
    rows.push([9 * 24 * H, 1]);
    const trace = { ...dated(rows), firstAtUs: Date.UTC(2026, 2, 2) * 1_000 };
    const { cost, monthFrom, usdPerMonthWholeWeeks } = await run(STUDY, {}, { traces: [trace] });
    expect(monthFrom).toBe('730 h like the first 1 whole week of this log');
    // Each request: 10 s to start, 30 s of service, 60 s idle, at a cent a second.
    expect(usdPerMonthWholeWeeks).toBeCloseTo(730 * 1, 6);
    expect(cost!.usdPerMonth).toBeCloseTo((730 * (168 * 1 + 48 * 8)) / 216, 6);
    const day = await run(STUDY, {}, { traces: [LOG] });
    expect(day.monthFrom).toBe('730 h like this log of 110 min');
    expect(day).not.toHaveProperty('usdPerMonthWholeWeeks');
  });

  it('are none of a log of a few hours, nor where traffic is drawn, and both say why', async () => {
    const short = await run(STUDY, {}, { traces: [LOG] });
    expect(short).toMatchObject({ ci95Traffic: null, lowConfidence: [] });
    expect(short.ci95TrafficWhy).toContain('3 hours');
    const drawn = await run(
      'version: 1\nworkload: { synthesize: { duration: 1h, arrivals: { process: poisson, rate: 1/s } }, service: 1s }',
    );
    expect(drawn).toMatchObject({
      ci95Traffic: null,
      ci95TrafficWhy: 'the traffic is drawn: ci95 has its luck',
    });
  });

  it('stand in every row of a sweep, proved ones too', async () => {
    const { results } = await sweep(
      `${STUDY}vary: { deployment.replicas.max: [1, 2, 50] }`,
      {},
      { traces: [days(2)] },
    );
    for (const { ci95Traffic } of results) expect(ci95Traffic).not.toBeNull();
    expect(results.map(({ provedEqualTo }) => provedEqualTo)).toEqual([2, 2, null]);
  });
});

describe('what kept requests waiting', () => {
  const trace = traceOf([
    [0, 10],
    [0, 10],
    [0, 10],
  ]);
  const why = async (deployment: string, more = '') => {
    const { waitS } = await run(
      `version: 1\nworkload: { replay: { file: log.csv } }\ndeployment: ${deployment}\n${more}`,
      {},
      { traces: [trace] },
    );
    const { why, forStart, forLimit, sum } = waitS;
    const { start, shortage, ...limits } = why;
    expect(start + shortage).toBeCloseTo(forStart, 9);
    expect(Object.values(limits).reduce((a, b) => a + b, 0)).toBeCloseTo(forLimit, 9);
    expect(forStart + forLimit).toBeCloseTo(sum, 9);
    return Object.fromEntries(Object.entries(why).filter(([, seconds]) => seconds > 0));
  };

  it('is a start, then the most replicas there may be', async () => {
    // One starts for 5 s; the others wait for its slot without a promise: 15 s and 25 s.
    expect(await why('{ replicas: { max: 1 }, coldStart: 5s }')).toEqual({ start: 5, max: 40 });
  });

  it('is the start rate while no start is allowed, and a start from then on', async () => {
    // A start every 4 s: at 0, 4 and 8; ready at 5, 9 and 13.
    expect(await why('{ replicas: { startRate: 1/4s }, coldStart: 5s }')).toEqual({
      start: 15,
      startRate: 12,
    });
  });

  it('is a shortage of capacity, for those whose start it holds back', async () => {
    const weather = 'weather: { spells: [{ from: 0s, to: 7s }] }';
    expect(await why('{ coldStart: 5s }', weather)).toEqual({ start: 15, shortage: 21 });
  });

  it('is a controller that wants no more', async () => {
    // One replica for three requests: they wait 10 s and 20 s for a slot that it does not add to.
    const laws = '{ queue: { law: absolute, signal: in-flight, target: 100, window: 1s } }';
    const scaling = `scaling: { rule: controlled, tick: 1s, laws: ${laws} }`;
    expect(await why(`{ replicas: { min: 1, max: 9 }, ${scaling} }`)).toEqual({ target: 30 });
  });

  it('is the account, by its GPUs or by how many it lets in', async () => {
    const gpus = await why('{ gpu: a10g, gpus: 1, coldStart: 5s }', 'account: { gpus: 1 }');
    expect(gpus).toEqual({ start: 5, accountGpus: 40 });
    const inside = await why('{ coldStart: 5s }', 'account: { concurrency: 1 }');
    expect(inside).toEqual({ start: 5, accountConcurrency: 40 });
  });
});

describe('steps up the front', () => {
  const row = (usdPerHour: number, waitedS: number, share: number, vary = {}): Result => {
    const base = aResult(vary);
    return {
      ...base,
      observedS: 2 * H,
      cost: { ...base.cost!, usdPerHour },
      requests: { ...base.requests, arrived: 1_000 },
      waitS: { ...base.waitS, sum: waitedS },
      slo: {
        met: true,
        failed: [],
        objectives: [{ objective: 'latencyS.p99 <= 5', met: true, value: 1, share }],
      },
    };
  };

  it('say what a user-second of waiting saved costs, and a late request avoided', () => {
    // By the hour: 500 s of waiting saved and 20 requests in time for $1 more; then 0 s and 0 requests for $2.
    const rows = [row(3, 1_000, 1), row(2, 2_000, 0.96), row(5, 1_000, 1)];
    const steps = stepsOf([0, 1, 2], (index) => rows[index]!);
    expect(steps).toMatchObject([
      { from: 1, to: 0, usdPerHour: 1, usdPerUserSecond: 0.002 },
      { from: 0, to: 2, usdPerHour: 2, usdPerUserSecond: null, usdPerLateRequest: null },
    ]);
    expect(steps[0]!.usdPerLateRequest).toBeCloseTo(0.05, 12);
  });

  it('are none between rows of different traffic', () => {
    const rows = [
      row(2, 9, 1, { 'workload.replay.rateScale': 1 }),
      row(3, 1, 1, { 'workload.replay.rateScale': 2 }),
    ];
    expect(stepsOf([0, 1], (index) => rows[index]!)).toEqual([]);
  });
});
