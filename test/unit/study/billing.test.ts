/** A bill from a study's file to its invoice: overrides key by key, what is missing, what shares a run. */
import { describe, expect, it } from 'vitest';
import { load, mistakesOf, run, sweep, traceOf } from './studies.ts';

const MADE = `version: 1
workload:
  synthesize: { duration: 1h, arrivals: { process: fixed, rate: 1/min } }
  service: 30s
`;
const L4 = 'deployment: { platform: modal, gpu: l4, idleWindow: 0s, cores: 1, memory: 8GiB }\n';

const meters = (result: Awaited<ReturnType<typeof run>>) =>
  result.cost?.lines.map(({ meter }) => meter);

describe('a study over its platform', () => {
  it('changes one price and keeps the others, in its own unit', async () => {
    const { cost } = await run(`${MADE}${L4}billing: { gpus: { l4: { usdPerGpuHour: 0.9 } } }\n`);
    expect(cost?.lines.slice(0, 2)).toMatchObject([
      { meter: 'replica time', unit: 'GPU h', usdPerUnit: 0.9 },
      { meter: 'CPU', unit: 'core s', usdPerUnit: 0.0000131 },
    ]);
  });

  it('adds what the platform does not have: a credit, a commitment, storage by size', async () => {
    const study = `${MADE}${L4.replace(' }', ', storage: 100GB }')}billing: { usdPerGbMonth: 0.09, creditUsdPerMonth: 73, commitmentUsdPerMonth: 730 }\n`;
    const result = await run(study);
    expect(meters(result)).toEqual([
      'replica time',
      'CPU',
      'memory',
      'storage',
      'credit',
      'commitment',
    ]);
    // An hour is 1/730 of a month: a credit of $0.10 and a commitment of $1, which is all that is paid.
    expect(result.cost?.usdPerMonth).toBeCloseTo(730, 9);
    expect(result.cost?.lines.at(-2)).toMatchObject({ meter: 'credit', quantity: -0.1 });
  });

  it('says what is missing with the key that mends it', () => {
    expect(mistakesOf(`${MADE}${L4}billing: { usdPerGbOut: 0.09, plan: gold }\n`)).toEqual([
      'chat.yml:5:13  deployment.responseSize  is missing: Modal bills data out by the GB: write responseSize: 20kB, or 0B for none',
      'chat.yml:6:37  billing.plan  gold is no plan here: there are starter, team',
    ]);
  });

  it('bills the floor at another rate, by count', async () => {
    const floor = L4.replace('idleWindow: 0s', 'idleWindow: 0s, replicas: { min: 1 }');
    const { cost } = await run(`${MADE}${floor}billing: { alwaysOn: { times: 0.7 } }\n`);
    // One request at a time on the one replica: nothing above the floor. 3,600 x 0.00025286 x 0.7
    expect(cost?.lines.find(({ meter }) => meter === 'replica time')?.quantity).toBe(0);
    expect(cost?.usdPerHour).toBeCloseTo(0.6372072, 9);
  });
});

describe('tokens', () => {
  const bill = 'billing: { usdPerMillionInputTokens: 2, usdPerMillionOutputTokens: 8 }\n';

  it('of the trace are billed', async () => {
    const tokens =
      'tokens: { input: { distribution: fixed, value: 1000 }, output: { distribution: fixed, value: 500 } }';
    const study = MADE.replace('duration: 1h,', `duration: 1h, ${tokens},`);
    const result = await run(`${study}${bill}`);
    // 59 requests of 1,000 tokens in and 500 out, 0.002 + 0.004 each; on no replica that is paid.
    expect(result.requests.completed).toBe(59);
    expect(result.cost?.usd).toBe(0.354);
    expect(meters(result)).toEqual(['input tokens', 'output tokens']);
  });

  it('that the trace does not have are a mistake', async () => {
    const study = `version: 1\nworkload: { replay: { file: x } }\n${bill}`;
    const trace = traceOf([[0, 1]]);
    await expect(run(study, {}, { traces: [trace] })).rejects.toThrow(
      'has no input tokens, and the bill bills input tokens',
    );
  });
});

describe('configurations that differ in their bill alone', () => {
  it('share a run, whatever the bills are made of', async () => {
    const { results } = await sweep(
      `${MADE}${L4}billing: { kinds: { spot: { times: 0.4 }, reserved: { times: 0.6 } } }\n`,
      { vary: ['billing.kind=spot,reserved', 'billing.quantum=1ms,1m'] },
    );
    expect(results).toHaveLength(4);
    const [spot, spotMinutes, reserved] = results.map(({ cost }) => cost?.usd ?? Number.NaN);
    expect(reserved! / spot!).toBeCloseTo(1.5, 12);
    expect(spotMinutes).toBeGreaterThan(spot!);
    const seconds = new Set(results.map(({ engine }) => engine.seconds));
    expect(seconds.size).toBe(1);
  });
});

describe('the compiled bill', () => {
  it('knows sizes in bytes, and whether there is a floor', () => {
    const text = `${MADE}deployment: { storage: 100GB, requestSize: 20kB, responseSize: 2MB, model: m, replicas: { min: 1 } }\nbilling: { usdPerReplicaHour: 1 }\n`;
    expect(load(text).points[0]?.compiled.billing).toMatchObject({
      storageBytes: 100e9,
      requestBytes: 20e3,
      responseBytes: 2e6,
      model: 'm',
      hasFloor: true,
    });
  });
});

describe('always-on capacity beside a quantum', () => {
  it('a floor that grows over a replica takes back nothing: half of a minute above it, half of it at its rate', async () => {
    const study = `
version: 1
workload:
  synthesize: { duration: 2m, arrivals: { process: fixed, rate: 6/min } }
  service: 1s
  startAt: 2026-11-02T08:00Z
deployment:
  idleWindow: 5m
  replicas: { min: { timeZone: UTC, rules: [{ from: "08:01", to: "09:00", count: 1 }] } }
measure: { from: 30s, to: 90s }
billing: { usdPerReplicaHour: 3.6, quantum: 2m, alwaysOn: { usdPerReplicaHour: 1.2 } }
`;
    const { cost } = await run(study);
    expect(cost!.lines.map(({ meter, usd }) => [meter, usd])).toEqual([
      ['replica time', 0.03],
      ['always on', 0.01],
    ]);
    expect(cost!.usdPerHour).toBeCloseTo(2.4, 9);
  });
});
