import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { runBatch } from '../../../src/study/batch.ts';
import type { BatchTask, Outcome, RunBatches } from '../../../src/study/task.ts';
import type { Trace } from '../../../src/workload/trace.ts';
import {
  load,
  mistakesOf,
  options,
  run,
  sweep,
  traceOf,
  watched,
  withoutEngine,
} from './studies.ts';

type Row = readonly [atS: number, serviceS: number, endpoint?: string];

/** A trace by hand, with endpoints where its rows name them. */
function traceBy(rows: readonly Row[], tokens: readonly (readonly [number, number])[] = []): Trace {
  const names = [...new Set(rows.flatMap(([, , name]) => name ?? []))];
  const bare = traceOf(rows.map(([atS, serviceS]) => [atS, serviceS] as const));
  return {
    ...bare,
    ...(names.length > 0 && {
      endpoint: Int32Array.from(rows, ([, , name]) => names.indexOf(name!)),
      endpointNames: names,
    }),
    ...(tokens.length > 0 && {
      inputTokens: Float64Array.from(tokens, ([input]) => input),
      outputTokens: Float64Array.from(tokens, ([, output]) => output),
    }),
  };
}

const REPLAY = 'version: 1\nworkload: { replay: { file: log.csv } }\n';

const wrongWith = async (text: string, trace: Trace): Promise<readonly string[]> => {
  try {
    await run(text, {}, { traces: [trace] });
  } catch (error) {
    if (error instanceof UserError) return error.message.split('\n');
    throw error;
  }
  return [];
};

describe('a reserved baseline with overflow (claim 27: reserved + serverless)', () => {
  /**
   *   0 s, 1 s   the two reserved replicas take a request each, for 30 s
   *   2 s, 3 s   overflow starts one for each (5 s): served 7..37 and 8..18, kept 10 s: lives of 45 s and 25 s
   *   100 s      reserved again, until 105 s
   *   reserved   2 x 105 s at $1/h = $0.058333; overflow 70 s at $1.80/h = $0.035
   */
  const TRACE = traceBy([
    [0, 30],
    [1, 30],
    [2, 30],
    [3, 10],
    [100, 5],
  ]);
  const STUDY = `${REPLAY}
deployment:
  coldStart: 5s
  pools:
    - { name: reserved, replicas: { min: 2, max: 2 }, admission: { queue: none },
        billing: { usdPerReplicaHour: 1 } }
    - { name: overflow, idleWindow: 10s, billing: { usdPerReplicaHour: 1.8 } }
`;

  it('costs what its pools cost, line by line', async () => {
    const { cost, pools, requests, endpoints } = await run(STUDY, {}, { traces: [TRACE] });
    expect(requests).toMatchObject({ arrived: 5, completed: 5, rejected: 0 });
    expect(pools).toMatchObject([
      { name: 'reserved', platform: null, requests: { arrived: 3 }, coldStarts: { starts: 0 } },
      { name: 'overflow', requests: { arrived: 2 }, coldStarts: { starts: 2, requests: 2 } },
    ]);
    expect(pools?.map(({ replicaTimeS }) => replicaTimeS.total)).toEqual([210, 70]);
    expect(pools?.map((pool) => pool.cost?.usd)).toEqual([210 / 3600, (70 * 1.8) / 3600]);
    expect(cost?.usd).toBeCloseTo(0.0583333 + 0.035, 6);
    expect(cost?.lines.map(({ meter, usd }) => [meter, usd])).toEqual([
      ['reserved: replica time', 210 / 3600],
      ['overflow: replica time', (70 * 1.8) / 3600],
    ]);
    expect(cost?.tailUsd).toBeCloseTo((2 * 5) / 3600, 12);
    expect(endpoints).toBeUndefined();
  });

  it('moves on after the time that overflow says', async () => {
    // The third request waits 2 s for a reserved replica, then starts one in the other pool: 2 + 2 + 5 + 30.
    const { latencyS, waitS } = await run(
      STUDY,
      { set: ['deployment.pools.0.admission.queue=unlimited', 'deployment.overflow.after=2s'] },
      { traces: [TRACE] },
    );
    expect(latencyS.max).toBe(37);
    expect(waitS.max).toBe(7);
  });

  it('varies a key of one pool, leaves out points that contradict themselves, and proves none', async () => {
    const document = await sweep(
      STUDY,
      { vary: ['deployment.pools.0.replicas.min=1,2,3', 'deployment.pools.1.replicas.max=50,100'] },
      { traces: [TRACE] },
    );
    expect(document.results.map(({ vary }) => Object.values(vary))).toEqual([
      [1, 50],
      [1, 100],
      [2, 50],
      [2, 100],
    ]);
    expect(document.results.map(({ provedEqualTo }) => provedEqualTo)).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(document.leftOut.map(({ reason }) => reason)).toEqual([
      'deployment.pools.0.replicas.max must be at least replicas.min (3), is 2',
      'deployment.pools.0.replicas.max must be at least replicas.min (3), is 2',
    ]);
    for (const { vary, cost } of document.results) {
      const set = Object.entries(vary).map(([path, value]) => `${path}=${String(value)}`);
      expect((await run(STUDY, { set }, { traces: [TRACE] })).cost).toEqual(cost);
    }
  });

  it('is found again by a key that every pool is part of, its price too', async () => {
    const keysOf = async (...set: string[]) => {
      const keys: string[] = [];
      const outcomes = watched((_, key) => keys.push(key));
      await sweep(STUDY, { set }, { traces: [TRACE], outcomes });
      return keys[0]!;
    };
    const known = await keysOf();
    expect(await keysOf()).toBe(known);
    for (const set of [
      'deployment.pools.1.billing.usdPerReplicaHour=1.9',
      'deployment.pools.1.idleWindow=11s',
      'deployment.overflow.after=3s',
      'account.concurrency=10',
    ]) {
      expect(await keysOf(set)).not.toBe(known);
    }
  });

  it('compares with what runs today, and measures a part', async () => {
    const today = `${STUDY}\ncurrent: { deployment.pools.0.replicas.min: 1, deployment.pools.0.replicas.max: 1 }`;
    const { results, current } = await sweep(today, {}, { traces: [TRACE] });
    expect(results[current!]?.pools?.[0]?.replicas.peak).toBe(1);
    const part = await run(STUDY, { set: ['measure.to=2s'] }, { traces: [TRACE] });
    expect(part.requests.arrived).toBe(2);
    expect(part.pools?.map(({ requests }) => requests.arrived)).toEqual([2, 0]);
  });

  it('has no price as a whole where a pool has none, and says which', async () => {
    const set = ['deployment.pools.1.billing=null'];
    const { cost, pools, warnings } = await run(STUDY, { set }, { traces: [TRACE] });
    expect(cost).toBeNull();
    expect(pools?.map((pool) => pool.cost?.usd ?? null)).toEqual([210 / 3600, null]);
    expect(warnings[0]).toMatch(/^overflow: no price/);
  });
});

describe('what an account pays by the month counts once', () => {
  // An hour of observation is 1/730 month: $73 a month of credit is $0.10, a plan of $146 is $0.20.
  const TRACE = {
    ...traceBy([
      [0, 3600],
      [1, 3600],
    ]),
    period: { fromUs: 0, toUs: 3600e6 },
  };
  const TERMS =
    'plan: team, plans: { team: { usdPerMonth: 146, creditUsdPerMonth: 73 } }, usdPerReplicaHour: ';
  const study = (first: string, second: string) => `${REPLAY}
deployment:
  pools:
    - { name: a, replicas: { min: 1, max: 1 }, admission: { queue: none }, billing: { ${TERMS} ${first} } }
    - { name: b, idleWindow: 0s, billing: { ${TERMS} ${second} } }
`;

  it('the plan stands with the first pool, the credit is used up in order', async () => {
    // a: 3601 s at $0.05, a second of it after the period, which no credit is for; b: 3600 s at $0.5.
    const { pools, cost } = await run(study('0.05', '0.5'), {}, { traces: [TRACE] });
    const lines = (i: number) =>
      Object.fromEntries(pools![i]!.cost!.lines.map(({ meter, usd }) => [meter, usd]));
    expect(lines(0)['plan team']).toBeCloseTo(0.2, 12);
    expect(lines(0)['credit']).toBeCloseTo(-0.05, 12);
    expect(lines(1)['plan team']).toBeUndefined();
    expect(lines(1)['credit']).toBeCloseTo(-0.05, 12);
    expect(cost?.usd).toBeCloseTo((0.05 * 3601) / 3600 + 0.5 - 0.1 + 0.2, 12);
    expect(cost?.usd).toBeCloseTo(pools![0]!.cost!.usd + pools![1]!.cost!.usd, 12);
  });

  it('pools whose terms differ are accounts of their own', async () => {
    const other = study('0.05', '0.5').replace(/b, (.*)73/, 'b, $174');
    const { cost } = await run(other, {}, { traces: [TRACE] });
    const plans = cost!.lines.filter(({ meter }) => meter.endsWith('plan team'));
    expect(plans).toHaveLength(2);
  });
});

describe('endpoints', () => {
  const ROWS: readonly Row[] = [
    [0, 30, 'chat'],
    [1, 30, 'chat'],
    [3, 10, 'embed-a'],
    [100, 5, 'embed-b'],
  ];
  const TRACE = traceBy(ROWS);
  const STUDY = `${REPLAY}
deployment: { coldStart: 5s, idleWindow: 60s }
billing: { usdPerReplicaHour: 3.6 }
`;
  const DEPLOYMENTS = `endpoints:
  chat: { replicas: { min: 1 } }
  'embed-*': { idleWindow: 2s }
`;

  it('each name has a deployment of its own, a pattern one for each that fits it', async () => {
    // chat: one floor replica and one start at 1 s; 0.1 cents a second.
    const { endpoints, pools, cost } = await run(STUDY + DEPLOYMENTS, {}, { traces: [TRACE] });
    expect(endpoints?.map(({ name, requests }) => [name, requests.arrived])).toEqual([
      ['chat', 2],
      ['embed-a', 1],
      ['embed-b', 1],
    ]);
    expect(pools?.map(({ endpoint }) => endpoint)).toEqual(['chat', 'embed-a', 'embed-b']);
    expect(endpoints?.map(({ latencyS }) => latencyS.max)).toEqual([35, 15, 10]);
    expect(endpoints?.slice(1).map((one) => one.cost?.usd)).toEqual([0.017, 0.012]);
    expect(cost?.usd).toBeCloseTo(
      endpoints!.reduce((sum, one) => sum + one.cost!.usd, 0),
      12,
    );
    expect(cost?.lines.map(({ meter }) => meter)).toEqual([
      'chat: replica time',
      'embed-a: replica time',
      'embed-b: replica time',
    ]);
  });

  it('share a concurrency of 1: each waits for the one before it, in order of arrival (claim 34)', async () => {
    /**
     *   chat 0..30, chat waits 29 s, 30..60; embed-a waits 57 s, starts 5 s, 65..75; embed-b waits 0 s at 100 s, 105..110
     */
    const { endpoints } = await run(
      STUDY + DEPLOYMENTS,
      { set: ['account.concurrency=1'] },
      { traces: [TRACE] },
    );
    expect(endpoints?.map(({ latencyS }) => latencyS.max)).toEqual([59, 72, 10]);
    expect(endpoints?.map(({ waitS }) => [waitS.forLimit, waitS.forStart])).toEqual([
      [29, 0],
      [57, 5],
      [0, 5],
    ]);
  });

  it('`each` gives every endpoint of the trace a copy; without the block one deployment serves all', async () => {
    const each = await run(STUDY, { set: ['endpoints=each'] }, { traces: [TRACE] });
    expect(each.endpoints?.map(({ name }) => name)).toEqual(['chat', 'embed-a', 'embed-b']);
    expect(each.coldStarts.starts).toBe(4);
    const all = await run(STUDY, {}, { traces: [TRACE] });
    expect(all.endpoints).toBeUndefined();
    // embed-b finds a replica of chat's, kept from 35 and 36 s on to 95 s: none. Without the window it would.
    expect(all.coldStarts.starts).toBe(4);
  });

  it('`other` is one deployment for all the rest', async () => {
    const { endpoints } = await run(
      `${STUDY}endpoints: { chat: {}, other: { idleWindow: 5m } }`,
      {},
      { traces: [TRACE] },
    );
    expect(endpoints?.map(({ name, coldStarts }) => [name, coldStarts.starts])).toEqual([
      ['chat', 2],
      ['other', 1],
    ]);
  });

  it('an endpoint that nothing matches is named, with its requests; so is a block that nobody names', async () => {
    expect(await wrongWith(`${STUDY}endpoints: { chatt: {}, embed-a: {} }`, TRACE)).toEqual([
      "endpoints  has no deployment for chat (2 requests), embed-b (1 request): name them, write a pattern such as 'embed-*', or give other: {} for the rest",
      'endpoints.chatt  is named by no request. Did you mean chat?',
    ]);
    expect(await wrongWith(`${STUDY}endpoints: { 'embd-*': {}, other: {} }`, TRACE)).toEqual([
      'endpoints.embd-*  fits no endpoint of the trace. Did you mean embed-a?',
    ]);
    expect((await wrongWith(`${STUDY}endpoints: each`, traceBy([[0, 1]])))[0]).toContain(
      'names no endpoints',
    );
  });

  it('have objectives of their own', async () => {
    const slo = [
      'endpoints.chat.latencyS.p99 <= 35',
      'endpoints.embed-a.latencyS.p99 <= 5',
      'share(endpoints.embed-b.waitS <= 5) >= 1',
      'latencyS.p99 <= 35',
    ];
    const result = await run(STUDY, { set: ['endpoints=each'], slo }, { traces: [TRACE] });
    expect(result.slo?.objectives.map(({ met, value }) => [met, value])).toEqual([
      [true, 35],
      [false, 15],
      [true, 1],
      [true, 35],
    ]);
    expect(mistakesOf(STUDY, { slo: ['endpoints.chat.latencyS.p99 <= 1'] })[0]).toContain(
      'one deployment serves all: give endpoints: each',
    );
  });

  it('share the GPUs of an account: one gets them when another has given them back', async () => {
    /**
     * chat starts at 0 s and serves 5..35 and 35..65, kept to 125 s; embed-a has waited since 3 s: 130..140, kept to 200 s;
     * embed-b has waited since 100 s: 205..210.
     */
    const set = ['endpoints=each', 'deployment.gpus=1', 'account.gpus=1'];
    const { endpoints } = await run(STUDY, { set }, { traces: [TRACE] });
    expect(endpoints?.map(({ latencyS }) => latencyS.max)).toEqual([64, 137, 110]);
  });
});

describe('endpoints that nothing ties', () => {
  const STUDY = `version: 1
workload:
  synthesize:
    duration: 10m
    arrivals: { process: poisson, rate: 1/s }
    endpoints: { count: 7, zipf: 1 }
  service: { distribution: lognormal, mean: 3s, cv: 0.6 }
deployment:
  coldStart: { distribution: lognormal, mean: 8s, cv: 0.3 }
  pools: [{ name: few, replicas: { max: 2 }, admission: { queue: none } }, { name: rest }]
billing: { usdPerReplicaHour: 2, quantum: 1s }
endpoints: each
`;

  it('give the same bytes from one thread and spread over several, whichever ends first', async () => {
    const tasksOf: BatchTask[] = [];
    const reversed: RunBatches = async (tasks, { onBatch }) => {
      const { catalogue, traces, now } = options();
      const given = [...tasks];
      tasksOf.push(...given);
      for (const task of given.toReversed()) {
        const plain = JSON.parse(JSON.stringify(task)) as BatchTask;
        onBatch(await runBatch(plain, { catalogue, traces, now }));
      }
    };
    for (const replications of [1, 2]) {
      const overrides = { set: [`replications=${replications}`] };
      const one = await sweep(STUDY, overrides);
      expect(one.results[0]?.endpoints).toHaveLength(7);
      for (const workers of [2, 5, 16]) {
        tasksOf.length = 0;
        const spread = await sweep(STUDY, overrides, { workers, runBatches: reversed });
        expect(withoutEngine(spread)).toBe(withoutEngine(one));
        expect(tasksOf.length).toBeGreaterThan(1);
        expect(spread.results[0]?.engine.events).toBe(one.results[0]?.engine.events);
      }
    }
  });

  it('an account ties them: they run in one thread', async () => {
    let tasksRun = 0;
    const counting: RunBatches = async (tasks, { onBatch }) => {
      const { catalogue, traces, now } = options();
      for (const task of tasks) {
        tasksRun++;
        onBatch(await runBatch(task, { catalogue, traces, now }));
      }
    };
    const set = ['account.concurrency=3'];
    const { results } = await sweep(STUDY, { set }, { workers: 4, runBatches: counting });
    expect(tasksRun).toBe(1);
    expect(results[0]?.endpoints).toHaveLength(7);
  });
});

describe('mistakes of pools are told where the keys stand', () => {
  it('in the pool, in the endpoint or beside them', () => {
    const wrong = mistakesOf(`version: 1
workload: { replay: { file: log.csv } }
deployment:
  replicas: { min: 2 }
  pools:
    - { platform: modal, gpu: zork }
    - { name: b, replicas: { min: 3, max: 1 }, foo: 1 }
endpoints:
  chat: { pools: [{ name: x }, { name: x }] }
account: { whenFull: queue, gpus: 4 }
`);
    expect(
      wrong.map((line) =>
        line
          .split('  ')
          .filter((part) => part !== '')
          .slice(0, 2),
      ),
    ).toEqual([
      ['chat.yml:4:20', 'deployment.replicas.min'],
      ['chat.yml:7:48', 'deployment.pools.1.foo'],
      ['chat.yml:9:19', 'endpoints.chat.pools.0'],
      ['chat.yml:9:32', 'endpoints.chat.pools.1'],
      ['chat.yml:9:40', 'endpoints.chat.pools.1.name'],
      ['chat.yml:10:22', 'account.whenFull'],
    ]);
  });

  it('overflow needs a second pool, an account a limit', () => {
    const text = `${REPLAY}deployment: { overflow: { after: 2s } }\naccount: {}\n`;
    const wrong = mistakesOf(text);
    expect(wrong.some((line) => line.includes('needs a second pool'))).toBe(true);
    expect(wrong.some((line) => line.includes('limits nothing'))).toBe(true);
  });
});

describe('pools that serve at a speed of their own', () => {
  const ROWS: readonly Row[] = [
    [0, 3],
    [1, 3],
  ];
  const TRACE = traceBy(ROWS, [
    [1000, 100],
    [2000, 10],
  ]);

  it('divide service times by deployment.speed, alone or among others', async () => {
    const alone = await run(`${REPLAY}deployment: { speed: 1.5 }`, {}, { traces: [TRACE] });
    expect(alone.latencyS.max).toBe(2);
    const { latencyS } = await run(
      `${REPLAY}deployment: { pools: [{ replicas: { min: 1, max: 1 }, admission: { queue: none }, speed: 1.5 }, { speed: 0.5 }] }`,
      {},
      { traces: [TRACE] },
    );
    expect([latencyS.mean, latencyS.max]).toEqual([4, 6]);
  });

  it('follow their own law of tokens, whatever the trace says', async () => {
    const law = 'serviceTime: { base: 500ms, perInputToken: 0.1ms, perOutputToken: 5ms }';
    const alone = await run(`${REPLAY}deployment: { ${law} }`, {}, { traces: [TRACE] });
    // 500 + 100 + 500 and 500 + 200 + 50 ms
    expect([alone.latencyS.max, alone.latencyS.mean]).toEqual([1.1, 0.925]);
    const { latencyS, pools } = await run(
      `${REPLAY}deployment: { pools: [{ name: own, replicas: { min: 1, max: 1 }, admission: { queue: none } }, { name: api, ${law} }] }`,
      {},
      { traces: [TRACE] },
    );
    expect(pools?.map(({ requests }) => requests.arrived)).toEqual([1, 1]);
    expect([latencyS.max, latencyS.mean]).toEqual([3, (3 + 0.75) / 2]);
  });

  it('need the tokens that the law asks for', async () => {
    const study = `${REPLAY}deployment: { pools: [{ name: own }, { name: api, serviceTime: { perOutputToken: 5ms } }] }`;
    expect((await wrongWith(study, traceBy(ROWS)))[0]).toMatch(
      /^api +deployment.serviceTime +has no token columns/,
    );
  });
});

describe('a fleet of one pool', () => {
  const STUDY = `version: 1
seed: 5
replications: 3
workload:
  synthesize: { duration: 20m, arrivals: { process: poisson, rate: 0.5/s } }
  service: { distribution: lognormal, mean: 3s, cv: 0.6 }
deployment: { coldStart: { distribution: lognormal, mean: 8s, cv: 0.3 }, idleWindow: 30s, replicas: { max: 4 } }
billing: { usdPerReplicaHour: 2, quantum: 1s }
slo: [latencyS.p99 <= 20]
`;
  const asPool = { set: ['deployment.pools=[{name: only}]'] };

  it('is what the pool is alone', async () => {
    const { engine: _, advice, ...alone } = await run(STUDY);
    const { engine: __, advice: own, pools, cost, ...fleet } = await run(STUDY, asPool);
    const { cost: costAlone, ...restAlone } = alone;
    expect(fleet).toEqual(restAlone);
    expect({ ...cost, lines: [] }).toEqual({ ...costAlone, lines: [] });
    expect(own).toEqual(advice);
    expect(pools).toHaveLength(1);
  });

  it('gives the same bytes from one thread and spread over three, in any order', async () => {
    const reversed: RunBatches = async (tasks, { onBatch }) => {
      const { catalogue, traces, now } = options();
      for (const task of [...tasks].toReversed()) {
        const plain = JSON.parse(JSON.stringify(task)) as BatchTask;
        onBatch(await runBatch(plain, { catalogue, traces, now }));
      }
    };
    const overrides = { set: ['deployment.pools=[{replicas: {max: 2}}, {}]'] };
    const one = await sweep(STUDY, overrides);
    const spread = await sweep(STUDY, overrides, { workers: 3, runBatches: reversed });
    expect(withoutEngine(spread)).toBe(withoutEngine(one));
  });

  it('goes on from what an earlier sweep finished', async () => {
    const finished = new Map<string, Outcome>();
    const first = await sweep(STUDY, asPool, { outcomes: finished });
    let ran = 0;
    const outcomes = watched(() => ran++, finished);
    const again = await sweep(STUDY, asPool, { outcomes });
    expect(ran).toBe(0);
    expect(withoutEngine(again)).toBe(withoutEngine(first));
  });

  it('loads with every pool compiled', () => {
    const { points } = load(STUDY, asPool);
    expect(points[0]?.compiled.fleet?.deployments[0]?.pools.map(({ name }) => name)).toEqual([
      'only',
    ]);
  });
});
