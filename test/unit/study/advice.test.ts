/** Each rule on a run in which it has something to say, and on one beside it in which it has not. */
import { describe, expect, it } from 'vitest';
import type { Advice } from '../../../src/study/document.ts';
import { run, traceOf } from './studies.ts';

type Row = readonly [atS: number, serviceS: number];

const times = (count: number, row: (i: number) => Row): Row[] =>
  Array.from({ length: count }, (_, i) => row(i));
/** One request every so often. */
const every = (gapS: number, serviceS: number, count = 50) =>
  times(count, (i) => [i * gapS, serviceS]);
/** So many at once, every so often. */
const bursts = (gapS: number, size: number, serviceS: number, count = 20) =>
  times(count * size, (i) => [Math.floor(i / size) * gapS, serviceS]);

interface Setting {
  readonly rows: readonly Row[];
  readonly deployment: string;
  readonly more?: string;
}

async function adviceOf({ rows, deployment, more = '' }: Setting): Promise<readonly Advice[]> {
  const price =
    more.includes('billing:') || deployment.includes('platform:')
      ? ''
      : 'billing: { usdPerReplicaHour: 3.6 }\n';
  const workload = more.includes('workload:') ? '' : 'workload: { replay: { file: x } }\n';
  const text = `version: 1\n${workload}deployment: ${deployment}\n${price}${more}`;
  return (await run(text, {}, { traces: [traceOf(rows)] })).advice;
}

interface Case {
  readonly rule: string;
  readonly speaks: Setting;
  readonly line: string;
  readonly keys: readonly string[];
  /** Why it is silent, and where. */
  readonly silent: readonly (readonly [why: string, Setting])[];
}

const controlled = (rest: string) =>
  `replicas: { max: 20 }, scaling: { rule: controlled, scaleToZero: { allowed: true, wake: arrival, after: 0s, grace: 0s }, ${rest} }`;

/** 60 requests a minute of 500 tokens each. */
const tokens = (tokenRate: string): Setting => ({
  rows: [],
  deployment: `{ coldStart: 1s, admission: { tokenRate: ${tokenRate} } }`,
  more: `workload: { synthesize: { duration: 10m, arrivals: { process: fixed, rate: 1/s }, tokens: { input: 400, output: 100 } }, service: 1s }\n`,
});

const CASES: readonly Case[] = [
  {
    // Start at 0, ready at 12, served at 13, gone at 18, wanted at 25: 7 s too soon, each time but the first.
    rule: 'idle-window-thrashes',
    speaks: { rows: every(25, 1), deployment: '{ coldStart: 12s, idleWindow: 5s }' },
    line: '49 of 50 starts came less than 12.0 s, a mean start, after a replica had left: idleWindow 5s is too short; 30s would have spared some 49, for up to about $',
    keys: ['deployment.idleWindow'],
    silent: [
      [
        'the window outlasts every gap',
        { rows: every(25, 1), deployment: '{ coldStart: 12s, idleWindow: 30s }' },
      ],
      [
        'the window is shorter than the start, and nobody comes back soon',
        { rows: every(300, 1), deployment: '{ coldStart: 12s, idleWindow: 5s }' },
      ],
      [
        'there were a few starts only',
        { rows: every(25, 1, 4), deployment: '{ coldStart: 12s, idleWindow: 5s }' },
      ],
    ],
  },
  {
    // Busy for most of the time, and gone for 15 s of 200: 45 s of a window last through the gap and the start.
    rule: 'idle-window-misses-returns',
    speaks: { rows: every(200, 165), deployment: '{ coldStart: 10s, idleWindow: 10s }' },
    line: 'idleWindow 45s in place of 10s would have spared some 49 of 50 starts, for up to about $',
    keys: ['deployment.idleWindow'],
    silent: [
      [
        'a longer window would cost as much again',
        { rows: every(200, 20), deployment: '{ coldStart: 10s, idleWindow: 10s }' },
      ],
    ],
  },
  {
    rule: 'idle-window-costs',
    speaks: { rows: every(2000, 10), deployment: '{ coldStart: 10s, idleWindow: 15m }' },
    line: '97.8 % of replica time is spent idle in idleWindow 15m: a shorter one saves',
    keys: ['deployment.idleWindow'],
    silent: [
      [
        'it is busy most of the time',
        { rows: every(2000, 1500), deployment: '{ coldStart: 10s, idleWindow: 60s }' },
      ],
    ],
  },
  {
    rule: 'minimum-never-used',
    speaks: { rows: every(10, 5, 200), deployment: '{ replicas: { min: 3 }, coldStart: 10s }' },
    line: '2 of the 3 replicas at replicas.min never served a request: 1 would serve the same for $5,256 a month less',
    keys: ['deployment.replicas.min'],
    silent: [
      [
        'all are needed at times',
        { rows: bursts(20, 3, 5, 70), deployment: '{ replicas: { min: 3 }, coldStart: 10s }' },
      ],
      [
        'there were few requests',
        { rows: every(10, 5, 50), deployment: '{ replicas: { min: 3 }, coldStart: 10s }' },
      ],
    ],
  },
  {
    rule: 'minimum-mostly-idle',
    speaks: { rows: every(100, 5, 200), deployment: '{ replicas: { min: 1 }, coldStart: 10s }' },
    line: 'what replicas.min keeps was idle 95.0 % of its time: that is $2,497 of the $2,628 a month',
    keys: ['deployment.replicas.min'],
    silent: [
      [
        'it serves half of the time',
        { rows: every(10, 5, 200), deployment: '{ replicas: { min: 1 }, coldStart: 10s }' },
      ],
    ],
  },
  {
    // Five come at once now and then; ten are kept.
    rule: 'minimum-hardly-needed',
    speaks: {
      rows: [...bursts(100, 3, 60, 60), ...times(10, () => [6100, 5])] as Row[],
      deployment: '{ replicas: { min: 10 }, coldStart: 10s }',
    },
    line: 'of the 10 replicas at replicas.min 1.8 were busy at a time, and none had to be started beyond them: fewer may do; their idle time is',
    keys: ['deployment.replicas.min'],
    silent: [
      [
        'starts are met above them',
        {
          rows: [...bursts(100, 3, 60, 60), ...times(14, () => [6100, 5])] as Row[],
          deployment: '{ replicas: { min: 10 }, coldStart: 10s }',
        },
      ],
    ],
  },
  {
    rule: 'schedule-misses-traffic',
    speaks: {
      rows: every(300, 60, 240),
      deployment:
        '{ replicas: { min: { timeZone: UTC, rules: [{ from: "06:00", to: "12:00", count: 3 }] } }, coldStart: 10s }',
      more: 'workload: { replay: { file: x }, startAt: 2026-11-02T00:00 }\n',
    },
    line: 'replicas were started on demand: its hours do not fit the traffic',
    keys: ['deployment.replicas.min'],
    silent: [
      [
        'what is kept is used',
        {
          rows: every(60, 40, 1200),
          deployment:
            '{ replicas: { min: { timeZone: UTC, rules: [{ from: "00:00", to: "18:00", count: 1 }] } }, coldStart: 10s }',
          more: 'workload: { replay: { file: x }, startAt: 2026-11-02T00:00 }\n',
        },
      ],
    ],
  },
  {
    rule: 'maximum-reached',
    speaks: { rows: bursts(100, 10, 5), deployment: '{ replicas: { max: 2 }, coldStart: 1s }' },
    line: 'replicas.max 2 was reached: requests waited',
    keys: ['deployment.replicas.max'],
    silent: [
      [
        'ten at once are no more than there may be',
        { rows: bursts(100, 10, 5), deployment: '{ replicas: { max: 10 }, coldStart: 1s }' },
      ],
    ],
  },
  {
    rule: 'start-rate-binds',
    speaks: {
      rows: bursts(200, 10, 30),
      deployment: '{ replicas: { startRate: 1/10s }, coldStart: 1s }',
    },
    line: 'bursts met the start rate of 0.100/s (replicas.startRate): requests waited',
    keys: ['deployment.replicas.startRate', 'deployment.replicas.min'],
    silent: [
      [
        'all ten may start at once',
        {
          rows: bursts(200, 10, 30),
          deployment: '{ replicas: { startRate: 10/s }, coldStart: 1s }',
        },
      ],
    ],
  },
  {
    rule: 'queue-refuses',
    speaks: {
      rows: bursts(200, 10, 30),
      deployment: '{ replicas: { max: 20 }, admission: { queue: 4 }, coldStart: 10s }',
    },
    line: '120 attempts were refused because 4 waited already (admission.queue), with no more than 4 replicas there',
    keys: ['deployment.admission.queue'],
    silent: [
      [
        'ten may wait',
        {
          rows: bursts(200, 10, 30),
          deployment: '{ replicas: { max: 20 }, admission: { queue: 10 }, coldStart: 10s }',
        },
      ],
    ],
  },
  {
    rule: 'deadline-before-ready',
    speaks: {
      rows: every(100, 5),
      deployment: '{ admission: { timeout: 8s }, coldStart: 20s, idleWindow: 10s }',
    },
    line: '50 attempts timed out while a replica was starting for them: admission.timeout 8s is shorter than a mean start (20.0 s)',
    keys: ['deployment.admission.timeout', 'deployment.coldStart', 'deployment.replicas.min'],
    silent: [
      [
        'the start is faster',
        {
          rows: every(100, 5),
          deployment: '{ admission: { timeout: 8s }, coldStart: 5s, idleWindow: 10s }',
        },
      ],
    ],
  },
  {
    rule: 'deadline-behind-limit',
    speaks: {
      rows: bursts(100, 10, 10),
      deployment: '{ replicas: { max: 2 }, admission: { timeout: 15s }, coldStart: 1s }',
    },
    line: 'attempts timed out after 15s (admission.timeout) without a replica on its way: replicas.max was reached',
    keys: ['deployment.replicas.max', 'deployment.admission.timeout'],
    silent: [
      [
        'nobody waits that long',
        {
          rows: bursts(100, 10, 10),
          deployment: '{ replicas: { max: 10 }, admission: { timeout: 15s }, coldStart: 1s }',
        },
      ],
    ],
  },
  {
    rule: 'execution-cut',
    speaks: {
      rows: times(50, (i) => [i * 10, i % 2 === 0 ? 5 : 30]),
      deployment: '{ executionTimeout: 20s }',
    },
    line: '25 attempts were cut off by executionTimeout 20s, after 8.33 min of work for nothing',
    keys: ['deployment.executionTimeout'],
    silent: [
      [
        'none takes longer',
        {
          rows: times(50, (i) => [i * 10, i % 2 === 0 ? 5 : 30]),
          deployment: '{ executionTimeout: 30s }',
        },
      ],
    ],
  },
  {
    rule: 'patience-before-ready',
    speaks: {
      rows: every(100, 2),
      deployment: '{ coldStart: 20s, idleWindow: 10s }',
      more: 'client: { patience: 10s }\n',
    },
    line: '50 requests came too late for their client: its patience (10s) ends before a mean start does (20.0 s)',
    keys: ['deployment.replicas.min', 'deployment.coldStart'],
    silent: [
      [
        'patience outlasts the start',
        {
          rows: every(100, 2),
          deployment: '{ coldStart: 20s, idleWindow: 10s }',
          more: 'client: { patience: 30s }\n',
        },
      ],
    ],
  },
  {
    rule: 'retries-add-load',
    speaks: {
      rows: bursts(100, 10, 20),
      deployment: '{ replicas: { max: 2 }, admission: { queue: 1 } }',
      more: 'client: { retries: { max: 3, backoff: 1s, jitter: none } }\n',
    },
    line: 'of all attempts were retries, and',
    keys: ['client.retries.max', 'client.retries.backoff'],
    silent: [
      [
        'retries bring them through',
        {
          rows: bursts(100, 4, 2),
          deployment: '{ replicas: { max: 2 }, admission: { queue: 1 } }',
          more: 'client: { retries: { max: 5, backoff: 1s, jitter: none } }\n',
        },
      ],
    ],
  },
  {
    // A burst of two: the first is served long before the second replica is ready.
    rule: 'starts-unused',
    speaks: {
      rows: times(40, (i) => [Math.floor(i / 2) * 300 + (i % 2) * 5, 1]),
      deployment: '{ coldStart: 30s, idleWindow: 20s }',
    },
    line: '20 of 40 started replicas never served: those that they were started for were served by others first, or had given up',
    keys: ['deployment.replicas.max', 'deployment.unusedWindow'],
    silent: [
      [
        'each is needed',
        { rows: bursts(300, 2, 60), deployment: '{ coldStart: 30s, idleWindow: 20s }' },
      ],
    ],
  },
  {
    rule: 'starts-cost-most',
    speaks: {
      rows: every(300, 5),
      deployment:
        '{ coldStart: [{ phase: pull, time: 10s }, { phase: load, time: 50s }], idleWindow: 5s }',
    },
    line: '85.7 % of the bill is for starting: 50 starts of 60.0 s, load 50.0 s of it;',
    keys: ['deployment.coldStart', 'deployment.idleWindow'],
    silent: [
      [
        'starting is not billed',
        {
          rows: every(300, 5),
          deployment: '{ coldStart: 60s, idleWindow: 5s }',
          more: 'billing: { usdPerReplicaHour: 3.6, states: [idle, busy] }\n',
        },
      ],
    ],
  },
  {
    rule: 'cold-starts-are-tail',
    speaks: { rows: every(100, 2), deployment: '{ coldStart: 20s, idleWindow: 10s }' },
    line: 'cold starts make the tail: 100 % of requests are cold, and of a p99 latency of 22.0 s a start is 20.0 s',
    keys: ['deployment.replicas.min', 'deployment.coldStart'],
    silent: [
      [
        'a start is short beside the service',
        { rows: every(100, 50), deployment: '{ coldStart: 20s, idleWindow: 10s }' },
      ],
    ],
  },
  {
    rule: 'rounding-adds',
    speaks: {
      rows: every(300, 5),
      deployment: '{ idleWindow: 5s }',
      more: 'billing: { usdPerReplicaHour: 3.6, quantum: 60s }\n',
    },
    line: "a month, is rounding (each replica's life up to 1m): lives that are short for it",
    keys: ['deployment.idleWindow'],
    silent: [
      ['by the second nothing is added', { rows: every(300, 5), deployment: '{ idleWindow: 5s }' }],
    ],
  },
  {
    rule: 'refuses-at-zero',
    speaks: {
      rows: every(100, 2),
      deployment: '{ coldStart: 5s, idleWindow: 10s, admission: { atZero: refuse-and-wake } }',
    },
    line: '50 attempts were refused because no replica was ready (admission.atZero): a minimum of 1 would have taken them in',
    keys: ['deployment.replicas.min', 'deployment.admission.atZero'],
    silent: [
      [
        'one is kept',
        {
          rows: every(100, 2),
          deployment:
            '{ replicas: { min: 1 }, coldStart: 5s, idleWindow: 10s, admission: { atZero: refuse-and-wake } }',
        },
      ],
    ],
  },
  {
    rule: 'request-rate-refuses',
    speaks: {
      rows: bursts(100, 10, 1),
      deployment: '{ coldStart: 1s, admission: { rate: 5/min } }',
    },
    line: 'attempts were refused by the limit on requests (admission.rate)',
    keys: ['deployment.admission.rate'],
    silent: [
      [
        'the limit is higher',
        { rows: bursts(100, 10, 1), deployment: '{ coldStart: 1s, admission: { rate: 20/min } }' },
      ],
    ],
  },
  {
    rule: 'in-flight-refuses',
    speaks: {
      rows: bursts(100, 10, 1),
      deployment: '{ coldStart: 1s, admission: { inFlight: 5 } }',
    },
    line: '100 attempts were refused because 5 were in service or waiting (admission.inFlight)',
    keys: ['deployment.admission.inFlight'],
    silent: [
      [
        'ten may be',
        { rows: bursts(100, 10, 1), deployment: '{ coldStart: 1s, admission: { inFlight: 10 } }' },
      ],
    ],
  },
  {
    rule: 'never-served',
    speaks: { rows: every(1, 1, 10), deployment: '{ replicas: { max: 0 } }' },
    line: '10 requests still waited when nothing could ever serve them: no replica may start (replicas.max 0)',
    keys: ['deployment.replicas.max'],
    silent: [['one may start', { rows: every(1, 1, 10), deployment: '{ replicas: { max: 1 } }' }]],
  },
  {
    rule: 'starts-fail',
    speaks: {
      rows: every(100, 2, 100),
      deployment: '{ coldStart: 5s, idleWindow: 10s, failures: { start: 50% } }',
    },
    line: 'starts came to nothing, and whoever waited for them waited for another',
    keys: ['deployment.failures', 'deployment.replicas.min'],
    silent: [
      [
        'none fails',
        {
          rows: every(100, 2, 100),
          deployment: '{ coldStart: 5s, idleWindow: 10s, failures: { start: 0% } }',
        },
      ],
    ],
  },
  {
    // Ten at once need ten; the controller looks every 60 s and asks for a fifth of what there is to do.
    rule: 'scales-up-too-late',
    speaks: {
      rows: bursts(300, 10, 20),
      deployment: `{ coldStart: 1s, ${controlled('tick: 60s, laws: { load: { law: absolute, signal: in-flight, target: 5 } }')} }`,
    },
    line: 'for replicas that the controller had not asked for',
    keys: ['deployment.scaling.laws', 'deployment.scaling.buffer', 'deployment.replicas.min'],
    silent: [
      [
        'it asks for each at once',
        {
          rows: bursts(300, 10, 20),
          deployment: `{ coldStart: 1s, ${controlled('onArrival: always, tick: 1s, laws: { load: { law: absolute, signal: in-flight, target: 1 } }')} }`,
        },
      ],
    ],
  },
  {
    rule: 'scales-down-too-soon',
    speaks: {
      rows: every(20, 5),
      deployment: `{ coldStart: 15s, ${controlled('onArrival: always, tick: 1s, laws: { load: { law: absolute, signal: in-flight, target: 1 } }')} }`,
    },
    line: 'after the controller had let a replica go: it should scale down later',
    keys: ['deployment.scaling.stabilization.down', 'deployment.scaling.cooldown.down'],
    silent: [
      [
        'it keeps the largest wish of a minute',
        {
          rows: every(20, 5),
          deployment: `{ coldStart: 15s, ${controlled('onArrival: always, tick: 1s, stabilization: { down: 60s }, laws: { load: { law: absolute, signal: in-flight, target: 1 } }')} }`,
        },
      ],
    ],
  },
  {
    rule: 'pings-find-nothing',
    speaks: {
      rows: every(3000, 5, 20),
      deployment: '{ coldStart: 20s, idleWindow: 60s }',
      more: 'workload: { replay: { file: x }, pings: { every: 5m, service: 1s } }\n',
    },
    line: 'found no replica ready: one every 5m keeps nothing warm with idleWindow 1m, and starts a replica each time',
    keys: ['workload.pings.every', 'deployment.idleWindow'],
    silent: [
      [
        'they come within the window',
        {
          rows: every(3000, 5, 20),
          deployment: '{ coldStart: 20s, idleWindow: 6m }',
          more: 'workload: { replay: { file: x }, pings: { every: 5m, service: 1s } }\n',
        },
      ],
    ],
  },
  {
    rule: 'pings-not-needed',
    speaks: {
      rows: every(3000, 5, 20),
      deployment: '{ replicas: { min: 1 }, coldStart: 20s }',
      more: 'workload: { replay: { file: x }, pings: { every: 5m, service: 1s } }\n',
    },
    line: 'pings kept nothing warm that replicas.min 1 does not keep anyway',
    keys: ['workload.pings'],
    silent: [
      [
        'nothing else is kept',
        {
          rows: every(3000, 5, 20),
          deployment: '{ coldStart: 20s, idleWindow: 6m }',
          more: 'workload: { replay: { file: x }, pings: { every: 5m, service: 1s } }\n',
        },
      ],
    ],
  },
  {
    rule: 'token-rate-refuses',
    speaks: tokens('10000/min'),
    line: 'attempts were refused by the limit on tokens (admission.tokenRate)',
    keys: ['deployment.admission.tokenRate'],
    silent: [['the limit is higher', tokens('100000/min')]],
  },
];

describe.each(CASES)('$rule', ({ rule, speaks, line, keys, silent }) => {
  it('speaks of what the run shows, and names what one would change', async () => {
    const found = (await adviceOf(speaks)).find((advice) => advice.rule === rule);
    expect(found?.line).toContain(line);
    expect(found?.keys).toEqual(keys);
  });

  it.each(silent)('is silent: %s', async (_, setting) => {
    const rules = (await adviceOf(setting)).map((advice) => advice.rule);
    expect(rules).not.toContain(rule);
  });
});

describe('what a line blames', () => {
  it('with replicas.max 0 nothing names replicas.min, which is at its limit', async () => {
    const advice = await adviceOf({
      rows: every(1, 1, 10),
      deployment: '{ replicas: { max: 0 }, admission: { timeout: 30s } }',
    });
    expect(advice.length).toBeGreaterThan(0);
    for (const { keys, line } of advice) {
      expect(keys).toContain('deployment.replicas.max');
      expect(`${keys} ${line}`).not.toContain('replicas.min');
    }
  });

  it('where every start fails the failures are blamed, and no window of unused replicas', async () => {
    const advice = await adviceOf({
      rows: every(100, 2),
      deployment: '{ coldStart: 5s, failures: { startTimeout: 2s }, admission: { timeout: 60s } }',
    });
    const rules = advice.map(({ rule }) => rule);
    expect(rules).toContain('starts-fail');
    expect(rules).not.toContain('starts-unused');
    expect(advice.find(({ rule }) => rule === 'starts-fail')!.keys[0]).toBe('deployment.failures');
  });
});

describe('what a line claims', () => {
  const bySecond = { rows: every(10, 5, 200), more: '' };

  it('an exact saving is what a run without those replicas costs less', async () => {
    const found = await adviceOf({
      ...bySecond,
      deployment: '{ replicas: { min: 3 }, coldStart: 10s }',
    });
    const cost = async (min: number) => {
      const deployment = `deployment: { replicas: { min: ${min} }, coldStart: 10s }\n`;
      const text = `version: 1\nworkload: { replay: { file: x } }\n${deployment}billing: { usdPerReplicaHour: 3.6, quantum: 7m }\n`;
      return (await run(text, {}, { traces: [traceOf(bySecond.rows)] })).cost!.usdPerMonth!;
    };
    expect(found[0]?.saves?.bound).toBe('exact');
    const rounded = await adviceOf({
      ...bySecond,
      deployment: '{ replicas: { min: 3 }, coldStart: 10s }',
      more: 'billing: { usdPerReplicaHour: 3.6, quantum: 7m }\n',
    });
    const { saves } = rounded.find(({ rule }) => rule === 'minimum-never-used')!;
    expect(saves?.usdPerMonth).toBeCloseTo((await cost(3)) - (await cost(1)), 6);
  });

  it.each([
    ['25s', '10s', '1/min', '40s'],
    ['60s', '5s', '30/h', '5s'],
    ['2m', '60s', '18/h', '20s'],
    ['30s', '5s', '20/min', '10s'],
  ])(
    'a longer window spares no fewer starts and costs no more than is said: start %s, window %s, %s of %s',
    async (coldStart, idleWindow, rate, mean) => {
      const study = (window: string) => `version: 1
workload: { synthesize: { duration: 240h, arrivals: { process: poisson, rate: ${rate} } }, service: { distribution: lognormal, mean: ${mean}, cv: 0.5 } }
deployment: { coldStart: ${coldStart}, idleWindow: ${window} }
billing: { usdPerReplicaHour: 3.6 }
`;
      const short = await run(study(idleWindow));
      const { line } = short.advice.find(({ rule }) => rule.startsWith('idle-window-'))!;
      const [window, spared, usd] = [
        /(\w+) (?:in place|would)/,
        /spared some ([\d,]+)/,
        /about \$([\d,.]+)/,
      ].map((pattern) => pattern.exec(line)![1]!.replaceAll(',', ''));
      const long = await run(study(window!));
      const starts = short.replicas.starts - long.replicas.starts;
      const more = long.cost!.usdPerMonth! - short.cost!.usdPerMonth!;
      expect(starts).toBeGreaterThan(Number(spared) * 0.97);
      expect(more).toBeLessThan(Number(usd) * 1.03);
    },
  );

  it("names a platform's default as such, and what a study chose itself not", async () => {
    const rows = every(45, 1);
    const flex = '{ platform: runpod-flex, gpu: l4, coldStart: 30s';
    const line = async (deployment: string) =>
      (await adviceOf({ rows, deployment })).find(({ rule }) => rule === 'idle-window-thrashes')
        ?.line;
    expect(await line(`${flex} }`)).toContain(
      "idleWindow 5s (RunPod Serverless (flex)'s default) is too short",
    );
    expect(await line(`${flex}, idleWindow: 6s }`)).toContain('idleWindow 6s is too short');
  });

  it('no price, no money: the rest is said all the same', async () => {
    const text = `version: 1\nworkload: { replay: { file: x } }\ndeployment: { coldStart: 12s, idleWindow: 5s }\n`;
    const { advice } = await run(text, {}, { traces: [traceOf(every(25, 1))] });
    expect(advice.map(({ rule }) => rule)).toContain('idle-window-thrashes');
    expect(advice.map(({ line }) => line).join()).not.toContain('$');
  });
});
