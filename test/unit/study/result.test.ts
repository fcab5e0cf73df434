import { describe, expect, it } from 'vitest';
import { run, traceOf } from './studies.ts';

const STUDY = `version: 1
name: by hand
workload: { replay: { file: x } }
deployment: { coldStart: 10s, idleWindow: 60s }
billing: { usdPerReplicaHour: 3.6 }
`;

/**
 * By hand. 0 s: replica A starts, is ready at 10 s, serves 10-13 s. 5 s: its one slot is promised, so B starts, ready at
 * 15 s; but A is free at 13 s and serves 13-16 s, so B serves no one and leaves at 75 s, A at 76 s. 100 s: C starts,
 * serves 110-113 s, leaves at 173 s. Replica time 76 + 70 + 73 = 219 s at 0.1 cents; 146 s of it up to 100 s.
 */
const TRACE = traceOf([
  [0, 3],
  [5, 3],
  [100, 3],
]);

const replay = (text: string) => run(text, {}, { traces: [TRACE] });

describe('what cannot be known or measured is said', () => {
  it('an objective on cost without a price is not met, for want of a price', async () => {
    const study = STUDY.replace(/billing.*\n/, '');
    const result = await replay(`${study}slo: [cost.usdPerHour <= 3, slotUtilization <= 50%]`);
    expect(result.slo?.objectives).toEqual([
      {
        objective: 'cost.usdPerHour <= 3',
        met: false,
        value: null,
        share: null,
        why: 'unknown without a price: name a platform and its gpu, or set billing.usdPerReplicaHour',
      },
      expect.objectContaining({
        met: false,
        why: 'unknown with one slot a replica: set deployment.concurrency',
      }),
    ]);
  });

  it('a measure that begins at or after the end of the workload is refused, whatever its end', async () => {
    for (const measure of ['{ from: 100s }', '{ from: 1h, to: 2h }']) {
      await expect(replay(`${STUDY}measure: ${measure}`)).rejects.toThrow(
        'lies at or after the end of the workload (100s): nothing is measured',
      );
    }
    await expect(replay(`${STUDY}measure: { from: 99s, to: 2h }`)).resolves.toBeDefined();
  });
});

describe('a result, worked by hand', () => {
  it('has every figure of the contract, in its order', async () => {
    const result = await replay(STUDY);
    expect(Object.keys(result)).toEqual([
      'schema',
      'name',
      'vary',
      'seed',
      'replications',
      'provedEqualTo',
      'requests',
      'coldStarts',
      'latencyS',
      'waitS',
      'replicas',
      'replicaTimeS',
      'utilization',
      'horizonS',
      'observedS',
      'cost',
      'monthFrom',
      'ci95',
      'ci95Why',
      'ci95Traffic',
      'ci95TrafficWhy',
      'lowConfidence',
      'slo',
      'warnings',
      'engine',
      'advice',
    ]);
    expect(result).toMatchObject({
      schema: 'coldfront.result.v1',
      name: 'by hand',
      vary: {},
      seed: '1',
      replications: 1,
      provedEqualTo: null,
      requests: { arrived: 3, completed: 3, rejected: 0, timedOut: 0, late: 0, failedFraction: 0 },
      coldStarts: { starts: 3, requests: 3, fraction: 1 },
      latencyS: { mean: 37 / 3, max: 13 },
      waitS: { mean: 28 / 3, max: 10, sum: 28, forStart: 28, forLimit: 0 },
      replicas: { mean: 219 / 173, peak: 2, starts: 3, scheduledStarts: 0, unusedStarts: 1 },
      replicaTimeS: { starting: 30, idle: 180, idleKept: 0, busy: 9, draining: 0, total: 219 },
      utilization: 9 / 219,
      horizonS: 173,
      observedS: 100,
      ci95: null,
      slo: null,
      warnings: [],
    });
    expect(result.ci95Why).toMatch(/this replay draws no luck/);
    expect(result.latencyS.p50! / 13).toBeCloseTo(1, 2);
  });

  it('costs per hour are of the observed period, what comes later is the tail', async () => {
    const { cost } = await replay(STUDY);
    expect(cost?.usd).toBeCloseTo(0.219, 12);
    expect(cost?.tailUsd).toBeCloseTo(0.073, 12);
    expect(cost?.usdPerHour).toBeCloseTo(0.146 * 36, 12);
    expect(cost?.usdPerMonth).toBeCloseTo(0.146 * 36 * 730, 9);
    expect(cost?.usdPerThousandRequests).toBeCloseTo(73, 12);
  });

  it('no price is no cost, with the reason', async () => {
    const { cost, warnings } = await replay(STUDY.replace(/billing.*\n/, ''));
    expect(cost).toBeNull();
    expect(warnings).toEqual([
      expect.stringMatching(/^no price, so no cost: name deployment.platform/),
    ]);
  });

  it('a time line has the means of each interval up to the horizon', async () => {
    const { timeline } = await run(STUDY, {}, { traces: [TRACE], timelineUs: 50e6 });
    expect(timeline?.intervalS).toBe(50);
    expect(timeline?.starting).toEqual([20 / 50, 0, 10 / 50, 0]);
    expect(timeline?.busy).toEqual([6 / 50, 0, 3 / 50, 0]);
  });
});

describe('objectives that dropping requests cannot win', () => {
  const refusing = STUDY.replace(
    'coldStart',
    'replicas: { max: 1 }, admission: { queue: none }, coldStart',
  );

  it('are shares of all that arrived, a rejected request being infinitely late', async () => {
    const slo =
      'slo: [latencyS.p99 <= 20, latencyS.p50 <= 13, latencyS.max <= 20, waitS.mean <= 99]';
    const result = await replay(`${refusing}${slo}`);
    expect(result.requests).toMatchObject({ arrived: 3, completed: 2, rejected: 1 });
    expect(result.slo?.objectives).toMatchObject([
      { met: false, value: null, share: 2 / 3 },
      { met: true, share: 2 / 3 },
      { met: false, value: null, share: null },
      { met: false, value: null, share: null },
    ]);
    expect(result.slo?.failed).toEqual([
      'latencyS.p99 <= 20',
      'latencyS.max <= 20',
      'waitS.mean <= 99',
    ]);
  });

  it('a late request is infinitely late however short it waited', async () => {
    const result = await replay(
      `${STUDY}client: { patience: 12s }\nslo: [share(waitS <= 60) >= 30%, share(waitS <= 60) >= 34%]`,
    );
    expect(result.requests).toMatchObject({ completed: 3, late: 2 });
    expect(result.slo?.objectives).toMatchObject([
      { met: true, share: 1 / 3 },
      { met: false, share: 1 / 3 },
    ]);
  });

  it('are exact at the threshold', async () => {
    const slo = 'slo: [latencyS.p99 <= 13, latencyS.p99 < 13, share(latencyS < 13) >= 0.33]';
    const { slo: judged } = await replay(`${STUDY}${slo}`);
    expect(judged?.objectives.map(({ met }) => met)).toEqual([true, false, true]);
  });

  it('other figures are compared as they stand', async () => {
    const slo = 'slo: [cost.usdPerHour <= 5.3, replicas.peak < 2, coldStarts.fraction <= 100%]';
    const { slo: judged } = await replay(`${STUDY}${slo}`);
    expect(judged?.objectives.map(({ met }) => met)).toEqual([true, false, true]);
  });
});

describe('several replications', () => {
  const DRAWN = `version: 1
replications: 8
workload:
  synthesize: { duration: 2h, arrivals: { process: poisson, rate: 0.5/s } }
  service: { distribution: exponential, mean: 2s }
deployment: { coldStart: 5s, idleWindow: 20s }
billing: { usdPerReplicaHour: 2, quantum: 1s }
`;

  it('counts are means, fractions ratios of sums, peak and max the largest', async () => {
    const all = await run(DRAWN);
    const each = await Promise.all(
      Array.from({ length: 8 }, (_, i) => run(DRAWN, { set: [`replications=${i + 1}`] })),
    );
    // The mean of the first n replications, times n, gives each one's count back.
    const arrived = each.map(({ requests }, i) => requests.arrived * (i + 1));
    expect(all.requests.arrived).toBeCloseTo(arrived[7]! / 8, 9);
    expect(all.replicas.peak).toBe(Math.max(...each.map(({ replicas }) => replicas.peak)));
    expect(all.latencyS.max).toBe(Math.max(...each.map(({ latencyS }) => latencyS.max!)));
    expect(all.coldStarts.fraction).toBeCloseTo(
      all.coldStarts.requests / all.requests.completed,
      12,
    );
    expect(all.utilization).toBeCloseTo(all.replicaTimeS.busy / all.replicaTimeS.total, 12);
  });

  it('have intervals around every estimate', async () => {
    const { ci95, ci95Why, latencyS, cost } = await run(DRAWN);
    expect(ci95Why).toBeNull();
    for (const [path, value] of [
      ['latencyS.p99', latencyS.p99],
      ['cost.usdPerHour', cost?.usdPerHour],
    ] as const) {
      const [low, high] = ci95![path]!;
      expect(low).toBeLessThan(value!);
      expect((low + high) / 2).toBeCloseTo(value!, 9);
    }
    expect(ci95).not.toHaveProperty('replicas.peak');
  });

  it('one replication has no interval, and says how to get one', async () => {
    const { ci95, ci95Why } = await run(DRAWN, { set: ['replications=1'] });
    expect(ci95).toBeNull();
    expect(ci95Why).toBe(
      'one replication: --set replications=20 gives intervals of the luck in arrivals, service times',
    );
  });
});

describe('what a result rests on is said', () => {
  const warnings = async (set: readonly string[]) =>
    (await run(STUDY, { set }, { traces: [TRACE] })).warnings;

  it('an idle window shorter than the mean cold start, unless the fleet is fixed', async () => {
    expect(await warnings(['deployment.idleWindow=5s'])).toEqual([]);
    const fixed = ['deployment.idleWindow=5s', 'deployment.replicas={min: 1, max: 1}'];
    expect(await warnings(fixed)).toEqual([]);
  });

  it('slots that are assumed to be free', async () => {
    expect(await warnings(['deployment.concurrency=4'])).toEqual([
      '4 slots assumed to run as fast as one',
    ]);
    const { slotUtilization } = await run(
      STUDY,
      { set: ['deployment.concurrency=4'] },
      { traces: [TRACE] },
    );
    expect(slotUtilization).toBeGreaterThan(0);
  });

  it("a platform's inferred figures, as far as the study has none of its own", async () => {
    const set = ['deployment.platform=modal', 'deployment.routing=oldest'];
    const [rests] = await warnings(set);
    expect(rests).toMatch(/^rests on \d+ inferred figures of Modal: deployment\.scaling\.rule, /);
    expect(rests).not.toContain('deployment.routing');
  });
});

describe('a trace must fit the study', () => {
  const schedule =
    'deployment.replicas.min={timeZone: UTC, rules: [{from: 00:00, to: 00:01, count: 2}]}';

  it('a schedule needs the date of time 0', async () => {
    await expect(run(STUDY, { set: [schedule] }, { traces: [TRACE] })).rejects.toThrow(
      'workload.startAt  is missing: a schedule needs the date of time 0',
    );
    const set = [schedule, 'workload.startAt=2026-11-02T00:00'];
    const result = await run(STUDY, { set }, { traces: [TRACE] });
    expect(result.replicas).toMatchObject({ starts: 1, scheduledStarts: 0, peak: 2 });
  });

  it('startAt is only for a trace without dates', async () => {
    const dated = { ...TRACE, firstAtUs: 1.7e15 };
    const set = ['workload.startAt=2026-11-02T00:00'];
    await expect(run(STUDY, { set }, { traces: [dated] })).rejects.toThrow(
      'workload.startAt  must be left out: by hand has dates of its own',
    );
  });

  it('measure must lie within it', async () => {
    await expect(run(STUDY, { set: ['measure.from=200s'] }, { traces: [TRACE] })).rejects.toThrow(
      'measure.from  lies at or after the end of the workload',
    );
    const { requests } = await run(
      STUDY,
      { set: ['measure={from: 5s, to: 100s}'] },
      { traces: [TRACE] },
    );
    expect(requests.arrived).toBe(1);
  });
});
