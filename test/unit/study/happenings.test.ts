/** Runs of the blocks, worked by hand: what befell replicas and requests is in the result, and left out where nothing did. */
import { describe, expect, it } from 'vitest';
import type { Trace } from '../../../src/workload/trace.ts';
import { mistakesOf, run, sweep, traceOf, withoutEngine } from './studies.ts';

const STUDY = 'version: 1\nworkload: { replay: { file: x } }\n';

function replay(
  rows: readonly (readonly [number, number])[],
  deployment: string,
  more = '',
  timelineUs = 0,
) {
  const text = `${STUDY}deployment: ${deployment}\n${more}`;
  return run(text, {}, { traces: [traceOf(rows)], timelineUs });
}

describe('the ladder of starts', () => {
  const ROWS = [
    [0, 1],
    [20, 1],
    [100, 1],
  ] as const;

  it('says how many starts took each way, and how long', async () => {
    // The first replica is ready at 10 and leaves at 16: at 20 it is revived, at 100 it is too late.
    const result = await replay(
      ROWS,
      '{ idleWindow: 5s, coldStart: 10s, startPaths: { revived: { within: 10s, coldStart: 2s } } }',
    );
    expect(result.startPaths).toEqual([
      { path: 'revived', starts: 1, meanS: 2 },
      { path: 'cold', starts: 2, meanS: 10 },
    ]);
    expect(result.waitS.sum).toBe(22);
    expect(result.mishaps).toEqual({ failedStarts: 0, preemptions: 0, crashes: 0, interrupted: 0 });
  });

  it('is left out where there is one way, as is all that cannot be', async () => {
    const result = await replay(ROWS, '{ coldStart: 10s }');
    for (const key of ['startPaths', 'mishaps', 'refusals', 'refusalCode', 'stranded', 'pings']) {
      expect(result).not.toHaveProperty(key);
    }
  });
});

describe('a spell of shortage', () => {
  it('is waited for in a phase of its own, which a bill need not pay', async () => {
    const result = await replay(
      [[5, 1]],
      '{ idleWindow: 0s, coldStart: 10s }',
      'weather: { spells: [{ from: 0s, to: 30s }] }\nbilling: { usdPerReplicaHour: 3600, startPhases: { except: [capacity] } }',
    );
    // 25 s until the spell is over, then 10 s to start and 1 s of service.
    expect(result.waitS.sum).toBe(35);
    expect(result.replicaTimeS.starting).toBe(35);
    expect(result.cost?.usd).toBe(11);
  });
});

describe('rollouts', () => {
  const at10 = 'replicas: { min: 1 }, coldStart: 3s, rollouts: [10s]';

  it('replace replicas, which may finish', async () => {
    const result = await replay([[9, 5]], `{ ${at10} }`);
    expect(result.mishaps?.interrupted).toBe(0);
    expect(result.replicaTimeS.draining).toBe(4);
    expect(result.latencyS.max).toBe(5);
  });

  it('what is not finished in time begins anew', async () => {
    // Interrupted at 12, the new replica is ready at 13 and done at 18.
    const result = await replay([[9, 5]], `{ ${at10}, drain: { timeout: 2s } }`);
    expect(result.mishaps?.interrupted).toBe(1);
    expect(result.latencyS.max).toBe(9);
  });

  it('or fails', async () => {
    const result = await replay([[9, 5]], `{ ${at10}, drain: { timeout: 2s, interrupted: fail } }`);
    expect(result.requests).toMatchObject({ completed: 0, timedOut: 1 });
  });

  it('may be dates, where the trace has one', async () => {
    const dated = '{ replicas: { min: 1 }, coldStart: 3s, rollouts: [2026-11-02T00:00:10] }';
    await expect(replay([[9, 5]], dated)).rejects.toThrow(
      'workload.startAt  is missing: a rollout by date needs the date of time 0',
    );
    const text = `${STUDY}deployment: ${dated}\n`;
    const from = (startAt: string) =>
      run(text, { set: [`workload.startAt=${startAt}`] }, { traces: [traceOf([[9, 5]])] });
    expect((await from('2026-11-02T00:00')).replicaTimeS.draining).toBe(4);
    await expect(from('2026-11-03T00:00')).rejects.toThrow(
      'deployment.rollouts.0  lies before time 0',
    );
  });
});

describe('refusals', () => {
  const ROWS = [
    [0, 1],
    [1, 1],
    [2, 1],
    [32, 1],
  ] as const;

  it('are counted by reason, with the code that clients get', async () => {
    // Two from a full bucket of two a minute; the third has none, the fourth has the one of 30 s later.
    const result = await replay(ROWS, '{ admission: { rate: 2/min, code: 429 } }');
    expect(result.refusals).toEqual({ 'request-rate': 1 });
    expect(result.refusalCode).toBe(429);
    expect(result.requests.rejected).toBe(1);
  });

  it('while nothing is ready may wake the pool', async () => {
    const at = (atZero: string) =>
      replay(ROWS, `{ coldStart: 1500ms, admission: { atZero: ${atZero} } }`);
    const refused = await at('refuse');
    expect(refused.refusals).toEqual({ 'no-replica': 4 });
    expect(refused.replicas.starts).toBe(0);
    const woken = await at('refuse-and-wake');
    expect(woken.refusals).toEqual({ 'no-replica': 2 });
    expect(woken.replicas.starts).toBe(1);
  });

  it('a limit of 0 in flight refuses all', async () => {
    const result = await replay(ROWS, '{ admission: { inFlight: 0 } }');
    expect(result.refusals).toEqual({ 'in-flight': 4 });
  });
});

describe('a pool that may have no replica', () => {
  it('ends and says so', async () => {
    const result = await replay([[0, 1]], '{ replicas: { max: 0 } }');
    expect(result.stranded).toBe(1);
    expect(result.requests).toMatchObject({ arrived: 1, timedOut: 1 });
    expect(result.warnings).toContain('replicas.max is 0: nothing is ever served');
  });
});

describe('pings', () => {
  it('keep replicas warm, and are no requests', async () => {
    const text = `version: 1
workload: { replay: { file: x }, pings: { every: 20s, service: 1s } }
deployment: { idleWindow: 25s, coldStart: 5s }
`;
    const rows = [
      [0, 1],
      [90, 1],
    ] as const;
    const result = await run(text, {}, { traces: [traceOf(rows)] });
    // At 0 to 80, every 20 s; the request of 0 comes before the ping of 0, which waits with it, on a second replica.
    expect(result.pings).toEqual({ sent: 5, completed: 5, cold: 1, failed: 0 });
    expect(result.requests).toMatchObject({ arrived: 2, completed: 2 });
    expect(result.coldStarts).toMatchObject({ requests: 1, starts: 2 });
  });
});

describe('a controller', () => {
  it('shows what it wants and what it reads in the time line', async () => {
    const rows = [
      [1, 100],
      [1, 100],
      [1, 100],
    ] as const;
    const scaling = 'scaling: { rule: controlled, tick: 10s, laws: { load: { target: 1 } } }';
    const { timeline } = await replay(rows, `{ replicas: { min: 1 }, ${scaling} }`, '', 10e6);
    // Before it has looked it wants the floor.
    expect(timeline?.desired?.slice(0, 3)).toEqual([1, 3, 3]);
    expect(timeline?.signal?.slice(1, 3)).toEqual([3, 3]);
    const plain = await replay(rows, '{}', '', 10e6);
    expect(plain.timeline).not.toHaveProperty('desired');
    expect(plain.timeline?.draining).toHaveLength(plain.timeline!.busy.length);
  });
});

describe('tokens', () => {
  const counted: Trace = {
    ...traceOf([
      [0, 1],
      [0, 1],
    ]),
    inputTokens: Float64Array.from([1001, 10]),
    outputTokens: Float64Array.from([100, 20]),
  };
  const BILL = `billing: { usdPerMillionInputTokens: 1000000, usdPerMillionCachedTokens: 100000, usdPerMillionOutputTokens: 0 }`;

  it('of which the platform has seen a share are cheaper, rounded request by request', async () => {
    const text = `version: 1
workload: { replay: { file: x }, cachedInput: 40% }
${BILL}
`;
    const { cost } = await run(text, {}, { traces: [counted] });
    // 0.4 x 1001 = 400.4 and 0.4 x 10 = 4: 404 cached, 607 not.
    expect(cost?.usd).toBeCloseTo(607 + 40.4, 9);
  });

  it('that the log itself says were cached are cheaper too', async () => {
    const trace = { ...counted, cachedTokens: Float64Array.from([1000, 10]) };
    const { cost } = await run(`${STUDY}${BILL}\n`, {}, { traces: [trace] });
    // 1 of 1,011 is not cached.
    expect(cost?.usd).toBeCloseTo(1 + 101, 9);
    const both = `version: 1\nworkload: { replay: { file: x }, cachedInput: 40% }\n${BILL}\n`;
    await expect(run(both, {}, { traces: [trace] })).rejects.toThrow(
      'workload.cachedInput  stands beside the cached tokens that the log itself has',
    );
  });

  it('a limit on one kind asks for that kind alone', async () => {
    const limit = (key: string) => `${STUDY}deployment: { admission: { ${key}: 1000/min } }\n`;
    const input = { ...counted, outputTokens: null };
    const output = { ...counted, inputTokens: null };
    const refusalsOf = async (key: string, trace: Trace) =>
      (await run(limit(key), {}, { traces: [trace] })).refusals;
    // 1,001 are more than a bucket holds, 10 are not; 1 of 1,001 is not cached.
    expect(await refusalsOf('inputTokenRate', input)).toEqual({ 'input-token-rate': 1 });
    expect(await refusalsOf('uncachedTokenRate', input)).toEqual({ 'uncached-token-rate': 1 });
    const cached = { ...input, cachedTokens: Float64Array.from([1000, 0]) };
    expect(await refusalsOf('uncachedTokenRate', cached)).toBeUndefined();
    expect(await refusalsOf('outputTokenRate', output)).toBeUndefined();
    await expect(refusalsOf('outputTokenRate', input)).rejects.toThrow(
      'deployment.admission.outputTokenRate  counts output tokens',
    );
  });

  it('limit what comes in', async () => {
    const limited = `${STUDY}deployment: { admission: { tokenRate: 1130/min } }\n`;
    const { refusals } = await run(limited, {}, { traces: [counted] });
    // 1101 of 1130, then 30 of 29.
    expect(refusals).toEqual({ 'token-rate': 1 });
  });

  it('that are missing are named, with what asks for them', async () => {
    const text = `version: 1
workload: { replay: { file: x }, cachedInput: 40% }
deployment: { admission: { tokenRate: 1130/min } }
`;
    const bare = traceOf([[0, 1]]);
    const failed = run(text, {}, { traces: [bare] });
    await expect(failed).rejects.toThrow(
      'deployment.admission.tokenRate  counts input tokens, and the workload has no input tokens',
    );
    await expect(run(text, {}, { traces: [bare] })).rejects.toThrow(
      'workload.cachedInput  is a share of input tokens',
    );
    const halves = { ...bare, inputTokens: Float64Array.from([5]) };
    await expect(run(text, {}, { traces: [halves] })).rejects.toThrow(
      /^deployment.admission.tokenRate {2}counts output tokens.*workload.synthesize.tokens.output$/,
    );
  });

  it('a bill for input alone asks for no output', async () => {
    const input = { ...counted, outputTokens: null };
    const text = `${STUDY}billing: { usdPerMillionInputTokens: 1 }\n`;
    const { cost } = await run(text, {}, { traces: [input] });
    expect(cost?.usd).toBeCloseTo(1011e-6, 12);
  });
});

describe('a limit is proved only where it cannot have mattered', () => {
  const TEXT = `version: 1
workload:
  synthesize: { duration: 20m, arrivals: { process: poisson, rate: 0.4/s } }
  service: { distribution: exponential, mean: 4s }
`;
  const LIMITS = [
    'deployment.replicas.max=4,40,unlimited',
    'deployment.admission.timeout=20s,10m,unlimited',
    'deployment.executionTimeout=30s,2h,unlimited',
    'client={patience: 25s, cancels: true},{patience: 1h, cancels: true}',
  ];

  async function expectProofs(blocks: string, least: number): Promise<void> {
    const text = `${TEXT}${blocks}`;
    const document = await sweep(text, { vary: LIMITS });
    const proved = document.results.filter(({ provedEqualTo }) => provedEqualTo !== null);
    expect(proved.length).toBeGreaterThanOrEqual(least);
    if (least === 0) expect(proved).toEqual([]);
    for (const result of proved) {
      const set = Object.entries(result.vary).map(
        ([path, value]) => `${path}=${JSON.stringify(value)}`,
      );
      const alone = await run(text, { set });
      const same = { vary: null, provedEqualTo: null, engine: null };
      expect({ ...result, ...same }).toEqual({ ...alone, ...same });
    }
  }

  it('holds with gates, shorter ways, failing starts, rollouts and pings', async () => {
    await expectProofs(
      `deployment:
  coldStart: 6s
  admission: { rate: 30/min, inFlight: 60, atZero: refuse-and-wake }
  startPaths: { revived: { within: 1m, coldStart: 1s }, cached: { chance: 50%, coldStart: 3s } }
  failures: { start: 10%, startTimeout: 5s }
  maxAge: 5m
  rollouts: [7m, 15m]
`,
      10,
    );
  });

  it('holds where replicas are lost with what they serve', async () => {
    for (const interrupted of ['requeue', 'fail']) {
      await expectProofs(
        `deployment:
  coldStart: 6s
  concurrency: 2
  slotSpeed: { 1: 1, 2: 0.6 }
  failures: { crashEvery: 2m }
  preemption: { every: 5m, notice: 2s, inSpells: true }
  drain: { timeout: 1s, interrupted: ${interrupted} }
weather: { meanLength: 30s, meanGap: 3m }
`,
        3,
      );
    }
  });

  it('nothing is proved under a controller: what it would have wanted beyond a limit moves what it wants later', async () => {
    await expectProofs(
      'deployment: { coldStart: 6s, scaling: { rule: controlled, tick: 5s, laws: { load: { target: 1 } } } }',
      0,
    );
  });

  it('nor a deadline where requests were stranded', async () => {
    const text = `${TEXT}deployment: { admission: { timeout: unlimited }, replicas: { max: 0 } }`;
    const { results } = await sweep(text, { vary: ['deployment.admission.timeout=50m,unlimited'] });
    expect(results.map(({ provedEqualTo }) => provedEqualTo)).toEqual([null, null]);
    expect(results[1]!.stranded).toBeGreaterThan(100);
    expect(results[0]!.waitS.sum).toBeGreaterThan(results[1]!.waitS.sum);
  });
});

describe('a sweep over blocks', () => {
  it('gives the same bytes from any number of workers', async () => {
    const text = `version: 1
replications: 3
workload:
  synthesize: { duration: 20m, arrivals: { process: poisson, rate: 0.4/s } }
  service: { distribution: exponential, mean: 4s }
deployment:
  coldStart: 6s
  preemption: { every: 5m }
  startPaths: { cached: { chance: 50%, coldStart: 3s } }
`;
    const vary = [
      'deployment.startPaths.cached.chance=0%,50%,100%',
      'deployment.maxAge=5m,unlimited',
    ];
    const one = await sweep(text, { vary });
    const three = await sweep(text, { vary }, { workers: 3 });
    expect(withoutEngine(three)).toBe(withoutEngine(one));
    expect(one.results[0]).not.toHaveProperty('startPaths');
    expect(one.results[2]!.startPaths?.map(({ path }) => path)).toEqual(['cached', 'cold']);
  });
});

describe('a controlled pool that refuses at zero', () => {
  const laws =
    'rule: controlled, tick: 10s, laws: { load: { law: absolute, signal: in-flight, target: 1 } }';
  const study = (zero: string) =>
    `{ coldStart: 5s, admission: { atZero: refuse-and-wake }, scaling: { ${laws}${zero} } }`;

  it('wakes by the refused request where no wake is said', async () => {
    // Refused at 3, ready at 8 and at least until the looks of 10: the request of 9 is served.
    const result = await replay(
      [
        [3, 1],
        [9, 4],
      ],
      study(''),
    );
    expect(result.requests).toMatchObject({ arrived: 2, rejected: 1, completed: 1 });
    expect(result.replicas.starts).toBe(1);
  });

  it('says that another wake contradicts it', () => {
    const text = `${STUDY}deployment: ${study(', scaleToZero: { wake: law }')}\n`;
    expect(mistakesOf(text)).toEqual([
      expect.stringMatching(
        /deployment\.scaling\.scaleToZero\.wake {2}must be refusal with admission\.atZero: refuse-and-wake, or nothing wakes the pool, is law: leave it out, or write atZero: refuse$/,
      ),
    ]);
  });
});
