import { describe, expect, it } from 'vitest';
import { expectedArrivals } from '../../../src/workload/synthesis/arrivals.ts';
import type { SynthesisSpec } from '../../../src/workload/workload.ts';
import { load, mistakesOf, run } from './studies.ts';

function study(synthesize: string, rest = 'service: 1s'): string {
  return `version: 1\nworkload:\n  synthesize: ${synthesize}\n  ${rest}\n`;
}

function specOf(synthesize: string, rest?: string): SynthesisSpec {
  const { workload } = load(study(synthesize, rest)).points[0]!.compiled;
  if (workload.kind !== 'synthesize') throw new Error('a replay');
  return workload;
}

/** Without the places in the file. */
function wrong(synthesize: string, rest?: string): string[] {
  return mistakesOf(study(synthesize, rest)).map((line) =>
    line.replace(/^chat\.yml:\d+:\d+ {2}workload\./, ''),
  );
}

const HOUR_US = 3.6e9;

describe('arrival processes of a study', () => {
  it('mmpp by its states, scaled to a rate where there is one', () => {
    const states = 'states: [{ rate: 2/s, mean: 60s }, { rate: 40/s, mean: 5s, to: [1, 0] }]';
    expect(specOf(`{ duration: 1h, arrivals: { process: mmpp, ${states} } }`).arrivals).toEqual({
      process: 'mmpp',
      rate: null,
      states: [
        { perS: 2, meanUs: 60e6, to: null },
        { perS: 40, meanUs: 5e6, to: [1, 0] },
      ],
    });
    const scaled = specOf(`{ duration: 1h, arrivals: { process: mmpp, ${states}, rate: 8/s } }`);
    expect(expectedArrivals(scaled.arrivals, HOUR_US)).toBeCloseTo(28_800, 6);
  });

  it('hawkes by its mean rate, or by what comes by itself', () => {
    const by = (rate: string) =>
      specOf(`{ duration: 1h, arrivals: { process: hawkes, ${rate}, branching: 0.6, decay: 4s } }`);
    expect(by('base: 2/s').arrivals).toEqual(by('rate: 5/s').arrivals);
  });

  it('counts, a minute each, end by themselves', () => {
    const one = specOf('{ arrivals: { process: counts, counts: [12, 30, 0] } }');
    expect([one.durationUs, one.requests]).toEqual([180e6, null]);
    const two = specOf(
      '{ requests: 9, arrivals: { process: counts, counts: [[1, 2], [3, 4]], column: [a, b], interval: 10s } }',
    );
    expect(two.durationUs).toBeNull();
    expect(two.arrivals).toMatchObject({
      columns: [
        [1, 3],
        [2, 4],
      ],
      names: ['a', 'b'],
      intervalUs: 10e6,
    });
  });

  it('a daily rate is on the clock of startAt, and on its weekday', () => {
    const rate = 'rate: { mean: 1/s, peakToMean: 3, peakAt: 14:00, weekdays: { sat: 0.5 } }';
    const text = `{ duration: 7d, arrivals: { process: diurnal, ${rate} } }`;
    const within = (startAt: string, fromH: number) => {
      const { arrivals } = specOf(text, `service: 1s${startAt}`);
      return (
        expectedArrivals(arrivals, (fromH + 1) * HOUR_US) -
        expectedArrivals(arrivals, fromH * HOUR_US)
      );
    };
    const peak = within('', 13.5);
    expect(peak).toBeGreaterThan(0.98 * 3 * 3_600);
    // 2026-11-07 is a Saturday: from 06:00 on the peak is 8 h away, and half as high.
    const startAt = '\n  startAt: 2026-11-07T06:00';
    expect(within(startAt, 7.5)).toBeCloseTo(peak / 2, 3);
    expect(within(startAt, 31.5)).toBeCloseTo(peak, 3);
    // A relative day 0 is a Monday: the sixth is a Saturday.
    expect(within('', 24 * 5 + 13.5)).toBeCloseTo(peak / 2, 3);
  });
});

describe('clients of a study', () => {
  it('share a rate, or have their own', () => {
    const { arrivals } = specOf(
      `{ duration: 1h, arrivals: { process: gamma, rate: 10/s, cv: 2 }, clients: [
        { share: 0.25 }, { name: b, rate: 3/s }, { share: 0.5, arrivals: { process: weibull, cv: 3 } },
        { arrivals: { process: fixed, rate: 1/s } }] }`,
    );
    if (arrivals.process !== 'clients') throw new Error('no clients');
    expect(arrivals.clients.map(({ name, arrivals: own }) => [name, own])).toEqual([
      ['client-1', { process: 'gamma', rate: 2.5, cv: 2 }],
      ['b', { process: 'poisson', rate: 3 }],
      ['client-3', { process: 'weibull', rate: 5, cv: 3 }],
      ['client-4', { process: 'fixed', rate: 1 }],
    ]);
  });

  it("many by Zipf's law and the quantiles of their cv, the same for every seed", () => {
    const { arrivals } = specOf(
      '{ duration: 1h, clients: { count: 400, rate: 20/s, zipf: 1, cv: { distribution: lognormal, mean: 1.5, cv: 0.5 } } }',
    );
    if (arrivals.process !== 'clients') throw new Error('no clients');
    const own = arrivals.clients.map(({ arrivals: one }) => one as { rate: number; cv: number });
    expect(own.reduce((sum, { rate }) => sum + rate, 0)).toBeCloseTo(20, 9);
    expect(own[0]!.rate / own[9]!.rate).toBeCloseTo(10, 9);
    // 400 quantiles of an unbounded law miss a little of its tail.
    expect(Math.abs(own.reduce((sum, { cv }) => sum + cv, 0) / 600 - 1)).toBeLessThan(0.01);
  });
});

describe('tokens and endpoints of a study', () => {
  it('are bare numbers, and shares by name or by Zipf', async () => {
    const text = `{ requests: 2000, arrivals: { process: poisson, rate: 5/s }, endpoints: { count: 3, zipf: 0 },
      tokens: { input: { distribution: lognormal, quantiles: { p50: 800, p99: 7000 }, max: 8192 }, output: 200 } }`;
    const service = 'service: { base: 10ms, perInputToken: 0.2ms, perOutputToken: 3ms }';
    const spec = specOf(text, service);
    expect(spec.endpoints!.names).toEqual(['endpoint-1', 'endpoint-2', 'endpoint-3']);
    expect(spec.tokens).toEqual({
      input: {
        distribution: {
          distribution: 'lognormal',
          quantiles: [
            [0.5, 800],
            [0.99, 7000],
          ],
        },
        most: 8192,
      },
      output: { distribution: { distribution: 'fixed', valueUs: 200 }, most: null },
    });
    const result = await run(study(text, service));
    expect(result.requests.arrived).toBe(2000);
    expect(result.latencyS.p50).toBeCloseTo(0.01 + 0.16 + 0.6, 1);
  });
});

describe('mistakes in made traffic', () => {
  it.each<[string, string, readonly string[]]>([
    [
      '{ duration: 1h }',
      'service: 1s',
      [
        'synthesize.arrivals  are missing: write arrivals: { process: poisson, rate: 5/s }, or clients:',
      ],
    ],
    [
      '{ duration: 1h, arrivals: { process: mmpp } }',
      'service: 1s',
      [
        'synthesize.arrivals.states  is missing: write states: [{ rate: 2/s, mean: 60s }, { rate: 40/s, mean: 5s }]',
      ],
    ],
    [
      '{ duration: 1h, arrivals: { process: hawkes, rate: 1/s, base: 1/s, branching: 0.5, decay: 1s, cv: 2 } }',
      'service: 1s',
      ['synthesize.arrivals.cv  is no key of hawkes: it takes branching, decay, rate, base'],
    ],
    [
      '{ duration: 1h, arrivals: { process: hawkes, rate: 1/s, branching: 1, decay: 1s } }',
      'service: 1s',
      [
        'synthesize.arrivals  branching must be from 0 to below 1, is 1: at 1 the rate grows without end',
      ],
    ],
    [
      '{ arrivals: { process: counts, counts: [[1, 2], [3]] } }',
      'service: 1s',
      ['synthesize.arrivals.counts.1  has 1 counts, and the first interval 2'],
    ],
    [
      '{ arrivals: { process: counts, file: minutes.csv } }',
      'service: 1s',
      ['synthesize.arrivals.file  has not been read: give counts: [12, 30, 7] here'],
    ],
    [
      '{ duration: 1h, clients: [{ name: a }, { share: 0.5 }] }',
      'service: 1s',
      [
        'synthesize.clients.0  takes one of share: 0.3 (of arrivals), rate: 2/s and arrivals: with a rate',
        'synthesize.clients.1.share  is of nothing: give arrivals: { process: gamma, rate: 20/s, cv: 2 } beside clients',
      ],
    ],
    [
      '{ duration: 1h, arrivals: { process: poisson, rate: 1/s }, endpoints: [{ name: a, share: 1 }, { name: a, share: 2 }], tokens: { input: { distribution: lognormal, mean: 5 } } }',
      'service: 1s',
      [
        'synthesize.endpoints  a is there twice',
        'synthesize.tokens.input  lognormal takes mean and cv, or mu and sigma, or median and sigma, or quantiles; here is mean',
      ],
    ],
    [
      '{ duration: 1h, arrivals: { process: poisson, rate: 1/s } }',
      'service: { perInputToken: 1ms }',
      [
        'service  needs tokens: give `tokens: { input: { distribution: lognormal, mean: 1500, cv: 1.2 } }` in `synthesize:`',
      ],
    ],
    [
      '{ duration: 1h, arrivals: { process: diurnal, rate: { mean: 5/s, peakToMean: 100, period: 1h, weekdays: { sat: 1 } } } }',
      'service: 1s',
      [
        'synthesize.arrivals.rate  peakToMean must be from 1 to 50, is 100',
        'synthesize.arrivals.rate  weekdays go with a period of 24h',
      ],
    ],
  ])('%s %s', (synthesize, rest, expected) => {
    expect(wrong(synthesize, rest).slice(0, expected.length)).toEqual(expected);
  });
});
