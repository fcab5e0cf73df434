import { describe, expect, it } from 'vitest';
import { streamOf } from '../../../src/base/random.ts';
import { compileDistribution, type DistributionSpec } from '../../../src/engine/distribution.ts';
import { fitService } from '../../../src/workload/fit/fit-service.ts';
import type { Trace } from '../../../src/workload/trace.ts';
import { traceOf } from '../study/studies.ts';

const LOGNORMAL: DistributionSpec = { distribution: 'lognormal', meanUs: 2e6, cv: 0.5 };

interface Log {
  readonly rows: number;
  readonly gap: DistributionSpec;
  readonly service?: DistributionSpec;
  /** After an idle gap longer than this a request takes `start` longer. */
  readonly windowUs?: number;
  readonly start?: DistributionSpec;
  readonly seed?: string;
}

/** One replica without a limit of slots, as its log would have it. */
function logOf({
  rows,
  gap,
  service = LOGNORMAL,
  windowUs = Infinity,
  start,
  seed = 'a',
}: Log): Trace {
  const [gaps, services] = [compileDistribution(gap), compileDistribution(service)];
  const starts = compileDistribution(start ?? { distribution: 'fixed', valueUs: 0 });
  const uniforms = streamOf(seed, 0, 'test');
  const list: (readonly [number, number])[] = [];
  let nowUs = 0;
  let busyUntilUs = 0;
  for (let i = 0; i < rows; i++) {
    nowUs += Math.round(gaps.sample(uniforms));
    const cold = nowUs - busyUntilUs > windowUs;
    const us = Math.round(services.sample(uniforms) + (cold ? starts.sample(uniforms) : 0));
    busyUntilUs = Math.max(busyUntilUs, nowUs + us);
    list.push([nowUs / 1e6, us / 1e6]);
  }
  return traceOf(list);
}

/** Gaps that are short mostly and minutes long at times. */
const BURSTY: DistributionSpec = {
  distribution: 'mixture',
  components: [
    { weight: 0.9, distribution: { distribution: 'exponential', meanUs: 5e6 } },
    { weight: 0.1, distribution: { distribution: 'uniform', minUs: 1e6, maxUs: 300e6 } },
  ],
};

describe('cold starts in a log', () => {
  const START: DistributionSpec = { distribution: 'lognormal', meanUs: 12e6, cv: 0.3 };

  it('are found with the idle window and the time of a start within their intervals', () => {
    let windows = 0;
    let means = 0;
    const logs = 40;
    for (let i = 0; i < logs; i++) {
      const { coldStart } = fitService(
        logOf({ rows: 3000, gap: BURSTY, windowUs: 60e6, start: START, seed: `cold ${i}` }),
      );
      if (coldStart.seen !== 'some') continue;
      const [from, to] = coldStart.windowIntervalUs;
      if (from <= 60e6 && 60e6 <= to) windows++;
      const [low, high] = coldStart.meanIntervalUs;
      if (low <= 12e6 && 12e6 <= high) means++;
    }
    expect(windows).toBeGreaterThanOrEqual(0.85 * logs);
    expect(means).toBeGreaterThanOrEqual(0.85 * logs);
  });

  it('none are seen where there are none, but for one log in a hundred', () => {
    let seen = 0;
    for (let i = 0; i < 100; i++) {
      const { coldStart } = fitService(logOf({ rows: 1000, gap: BURSTY, seed: `warm ${i}` }));
      if (coldStart.seen !== 'none') seen++;
    }
    expect(seen).toBeLessThanOrEqual(4);
  });
});

describe('where a log cannot tell', () => {
  it('too few requests alone say so, of cold starts and of waiting', () => {
    const { coldStart, sample, warnings } = fitService(logOf({ rows: 20, gap: BURSTY }));
    expect(coldStart).toMatchObject({ seen: 'untold' });
    expect(sample.kind).toBe('untold');
    expect(warnings.join()).toContain('cannot tell service from waiting');
  });

  it('windows longer than any gap are none seen, with the longest gap', () => {
    const { coldStart } = fitService(
      logOf({ rows: 1000, gap: BURSTY, windowUs: 3600e6, start: LOGNORMAL }),
    );
    expect(coldStart).toMatchObject({ seen: 'none' });
    expect(coldStart.seen === 'none' && coldStart.longestGapUs).toBeLessThan(300e6);
  });

  it('a shift that is no start is none seen: 2 % longer after a gap', () => {
    const { coldStart } = fitService(
      logOf({
        rows: 5000,
        gap: BURSTY,
        service: { distribution: 'lognormal', meanUs: 2e6, cv: 0.01 },
        windowUs: 60e6,
        start: { distribution: 'fixed', valueUs: 40_000 },
      }),
    );
    expect(coldStart.seen).toBe('none');
  });

  it('a log without a single duration is refused', () => {
    const trace = traceOf([[1, Number.NaN]]);
    expect(() => fitService(trace)).toThrow(/has no durations to fit/);
  });
});

describe('waiting in a log', () => {
  /** One replica with one slot: what finds it busy waits its turn. */
  function queued(perS: number): { trace: Trace; law: DistributionSpec } {
    const uniforms = streamOf('queue', 0, 'test');
    const gap = compileDistribution({ distribution: 'exponential', meanUs: 1e6 / perS });
    const service = compileDistribution(LOGNORMAL);
    let [nowUs, freeUs] = [0, 0];
    const rows = Array.from({ length: 10_000 }, () => {
      nowUs += Math.round(gap.sample(uniforms));
      freeUs = Math.max(nowUs, freeUs) + Math.round(service.sample(uniforms));
      return [nowUs / 1e6, (freeUs - nowUs) / 1e6] as const;
    });
    return { trace: traceOf(rows), law: LOGNORMAL };
  }

  it('is kept out: those that found nothing in flight give the service within 3 %, p99 within 8 %', () => {
    const { trace, law } = queued(0.35);
    const { company, sample, drawn, warnings } = fitService(trace);
    expect(company?.grows).toBe(true);
    expect(sample.kind).toBe('alone');
    expect(warnings.join()).toContain('durations grow with what is in flight');
    const { meanUs, sample: at } = compileDistribution(law);
    expect(Math.abs(drawn.meanUs / meanUs - 1)).toBeLessThan(0.03);
    expect(Math.abs(drawn.fit.p99Us / at({ next: () => 0.99 }) - 1)).toBeLessThan(0.08);
  });

  it('is not seen where there is none: then all warm requests count', () => {
    const { company, sample } = fitService(
      logOf({ rows: 4000, gap: { distribution: 'exponential', meanUs: 5e5 } }),
    );
    expect(company?.grows).toBe(false);
    expect(sample).toMatchObject({ kind: 'warm' });
    expect(sample.durationsUs.length).toBe(4000);
  });

  it('is not suspected below what replicas serve at once', () => {
    const { trace } = queued(0.35);
    const all = fitService(trace, { atOnce: 1000 }).sample.durationsUs.length;
    expect(all).toBeGreaterThan(fitService(trace).sample.durationsUs.length);
  });
});

describe('kinds of requests', () => {
  const uniforms = streamOf('kinds', 0, 'test');
  const rows = Array.from({ length: 3000 }, (_, i) => [i * 10, 0] as const);
  const endpoint = Int32Array.from(rows, () => (uniforms.next() < 0.7 ? 0 : 1));
  const durationOf = (medianUs: number) => Math.round(medianUs * Math.exp(uniforms.next() - 0.5));
  const of = (medians: readonly [number, number]): Trace => ({
    ...traceOf(rows),
    serviceUs: Float64Array.from(endpoint, (e) => durationOf(medians[e]!)),
    endpoint,
    endpointNames: ['chat', 'embed'],
  });

  it('are fitted by endpoint where these differ, as one where they do not', () => {
    const { service, endpoints } = fitService(of([2e6, 2e5]));
    expect(service).toMatchObject({ kind: 'byEndpoint', other: null });
    expect(endpoints?.map(({ name }) => name)).toEqual(['chat', 'embed']);
    expect(endpoints?.[1]?.fit.data.p50Us).toBeCloseTo(2e5, -4.5);
    expect(fitService(of([2e6, 2e6]))).toMatchObject({
      endpoints: null,
      service: { kind: 'drawn' },
    });
  });

  it('do not pass for cold starts: an excess is over the service of the same kind', () => {
    const trace = of([2e6, 2e5]);
    // The slow endpoint comes after long gaps.
    const arrivalUs = trace.arrivalUs.slice();
    let nowUs = 0;
    for (let i = 0; i < arrivalUs.length; i++) {
      nowUs += endpoint[i] === 0 ? 100e6 : 10e6;
      arrivalUs[i] = nowUs;
    }
    expect(fitService({ ...trace, arrivalUs }).coldStart.seen).toBe('none');
  });

  it('are worked out from tokens where these explain the durations', () => {
    const outputTokens = Float64Array.from(rows, () => Math.ceil(300 * uniforms.next()));
    const serviceUs = outputTokens.map((tokens) => 100_000 + 20_000 * tokens);
    const { service } = fitService({ ...traceOf(rows), outputTokens, serviceUs });
    expect(service.kind).toBe('tokens');
    const noise = outputTokens.map(() => durationOf(2e6));
    expect(fitService({ ...traceOf(rows), outputTokens, serviceUs: noise }).service.kind).toBe(
      'drawn',
    );
  });
});
