import { describe, expect, it } from 'vitest';
import { streamOf } from '../../../src/base/random.ts';
import { describeTrace } from '../../../src/workload/description/description.ts';
import { type ARequest, traceOf } from './trace-of.ts';

const S = 1_000_000;
const DAY_S = 86_400;

/** Pairs of seconds: arrival and service. */
function requests(...rows: readonly (readonly [number, number])[]): ARequest[] {
  return rows.map(([arrivalS, serviceS]) => ({ arrivalUs: arrivalS * S, serviceUs: serviceS * S }));
}

describe('what a trace is', () => {
  it('by hand: three requests, one gap', () => {
    const [first, second, third] = requests([0, 2], [1, 0.5], [130, 1]);
    const trace = traceOf([
      { ...first!, endpoint: 'a' },
      { ...second!, endpoint: 'b' },
      { ...third!, endpoint: 'a' },
    ]);
    expect(describeTrace(trace)).toMatchObject({
      schema: 'coldfront.trace.v1',
      requests: 3,
      firstAt: null,
      lastAt: null,
      spanS: 130,
      ratePerS: 3 / 130,
      // Gaps of 1 and 129 s: mean 65, each 64 from it.
      interArrivalCv: 64 / 65,
      // 131 seconds with three ones: mean 3/131, second moment 3/131. Minutes: 2, 0, 1.
      dispersion: { second: 1 - 3 / 131, minute: 5 / 3 - 1 },
      peakToMean: { second: 131 / 3, minute: 2 },
      tieShare: 0,
      serviceS: { mean: 3.5 / 3, p50: 1, p90: 2, p99: 2, max: 2 },
      // 2 + 0.5 s; the third arrives as the observed period ends, so its second lies beyond.
      concurrency: { mean: 2.5 / 130, peak: 2 },
      closedClients: null,
      tokens: null,
      statuses: null,
      endpointCount: 2,
      endpoints: [
        { name: 'a', requests: 2, share: 2 / 3, serviceS: { p50: 1, p99: 2 } },
        { name: 'b', requests: 1, share: 1 / 3, serviceS: { p50: 0.5, p99: 0.5 } },
      ],
    });
  });

  it('says when time 0 is, which after a cut is no request', () => {
    const more = { startAt: '2026-01-01T08:00:00Z', period: { fromUs: 0, toUs: 9 * S } };
    expect(describeTrace(traceOf([{ arrivalUs: 5 * S }], more))).toMatchObject({
      zeroAt: '2026-01-01T08:00:00Z',
      firstAt: '2026-01-01T08:00:05Z',
    });
    expect(describeTrace(traceOf([{ arrivalUs: 5 * S }])).zeroAt).toBeNull();
  });

  it('of one request is null where it is over nothing', () => {
    const trace = traceOf([{ arrivalUs: 0 }], { startAt: '2026-01-01' });
    expect(describeTrace(trace)).toMatchObject({
      firstAt: '2026-01-01T00:00:00Z',
      lastAt: '2026-01-01T00:00:00Z',
      spanS: 0,
      ratePerS: null,
      interArrivalCv: null,
      dispersion: { second: null, minute: null },
      peakToMean: { second: null, minute: null },
      serviceS: null,
      concurrency: null,
      closedClients: null,
    });
  });

  it('is over the window that was observed, where that is longer than its requests', () => {
    const period = { fromUs: 0, toUs: 200 * S };
    const about = describeTrace(traceOf(requests([60, 20]), { period }));
    expect(about).toMatchObject({
      spanS: 200,
      ratePerS: 1 / 200,
      // 20 of 200 s, all within.
      concurrency: { mean: 0.1, peak: 1 },
      // One request in four minutes.
      peakToMean: { minute: 4 },
    });
    // Cold for 60 s before, busy for 20 s, warm for 5 s, cold for 115 s.
    expect(about.gaps[0]).toMatchObject({ count: 1, idleS: 5, coldS: 175, warmShare: 25 / 200 });
  });

  it('counts a request without a duration in no quantile, and lets it hold nothing', () => {
    const trace = traceOf(requests([0, 4], [1, Number.NaN], [2, 6], [10, Number.NaN], [11, 2]));
    expect(describeTrace(trace)).toMatchObject({
      missing: 2,
      requests: 5,
      serviceS: { mean: 4, p50: 4, p90: 6, p99: 6, max: 6 },
      // Of 11 s: 4 + 6, and the 2 of the last lie beyond.
      concurrency: { mean: 10 / 11, peak: 2 },
    });
  });

  it('of durations that are all unknown has no service times', () => {
    const about = describeTrace(traceOf(requests([0, Number.NaN], [9, Number.NaN])));
    expect(about).toMatchObject({ serviceS: null, concurrency: null, missing: 2 });
    expect(about.gaps[0]!.perRequest).toBeNull();
  });

  it('a request that ends as another arrives is gone by then, one of no length at once', () => {
    expect(describeTrace(traceOf(requests([0, 1], [1, 1]))).concurrency!.peak).toBe(1);
    const atOnce = requests([0, 9], [0, 9], [0, 9], [5, 0], [5, 0], [5, 0], [6, 1]);
    expect(describeTrace(traceOf(atOnce)).concurrency!.peak).toBe(4);
  });

  it('says how many requests share their stamp, how many have which status, and how long their prompts are', () => {
    const at = [0, 1, 1, 1, 2, 3, 3, 4];
    const status = [200, 503, 200, 0, 429, 429, 404, 201];
    const rows = at.map((s, i) => ({ arrivalUs: s * S, status: status[i]!, inputTokens: 10 * i }));
    expect(describeTrace(traceOf(rows))).toMatchObject({
      tieShare: 5 / 8,
      statuses: [
        {
          class: '2xx',
          requests: 3,
          share: 3 / 8,
          codes: [
            { status: 200, requests: 2 },
            { status: 201, requests: 1 },
          ],
        },
        {
          class: '4xx',
          requests: 3,
          codes: [
            { status: 429, requests: 2 },
            { status: 404, requests: 1 },
          ],
        },
        { class: '5xx', requests: 1, codes: [{ status: 503, requests: 1 }] },
        { class: 'none', requests: 1, share: 1 / 8 },
      ],
      tokens: { input: { mean: 35, p50: 30, p90: 70, p99: 70, max: 70 }, output: null },
    });
  });

  it('lists a thousand endpoints and counts the others; names that no request has do not count', () => {
    const rows = Array.from({ length: 1200 }, (_, i) => ({ arrivalUs: i, endpoint: `e${i}` }));
    const trace = traceOf([...rows, { arrivalUs: 1200, endpoint: 'e1100' }]);
    const named = { ...trace, endpointNames: [...trace.endpointNames, 'nobody'] };
    const { endpoints, endpointCount } = describeTrace(named);
    expect([endpointCount, endpoints.length]).toEqual([1200, 1000]);
    expect(endpoints[0]).toEqual({
      name: 'e1100',
      requests: 2,
      share: 2 / 1201,
      serviceS: null,
    });
    expect(endpoints[1]!.name).toBe('e0');
  });

  it('quantiles are the order statistics of a sorted copy, ties and all', () => {
    const uniforms = streamOf('quantiles', 0, 'test');
    for (const distinct of [3, 50, 1e9]) {
      const values = Array.from({ length: 5000 }, () => Math.floor(uniforms.next() * distinct));
      const sorted = values.toSorted((a, b) => a - b);
      const trace = traceOf(values.map((serviceUs, arrivalUs) => ({ arrivalUs, serviceUs })));
      expect(describeTrace(trace).serviceS).toMatchObject({
        p50: sorted[2499]! / S,
        p90: sorted[4499]! / S,
        p99: sorted[4949]! / S,
        max: sorted[4999]! / S,
      });
    }
  });
});

describe('Poisson traffic', () => {
  const ratePerS = 5;
  const meanS = 2;
  const uniforms = streamOf('poisson', 0, 'test');
  let nowUs = 0;
  const rows = Array.from({ length: 200_000 }, () => ({
    arrivalUs: (nowUs += Math.round((-Math.log(uniforms.next()) / ratePerS) * S)),
    serviceUs: Math.round(-Math.log(uniforms.next()) * meanS * S),
  }));
  const about = describeTrace(traceOf(rows));

  // 40,000 seconds and 667 minutes: standard errors of sqrt(2 / n) = 0.0071 and 0.055; four of each.
  it('has a dispersion of 1 by second and minute, and a CV of 1', () => {
    expect(Math.abs(about.dispersion.second! - 1)).toBeLessThan(0.029);
    expect(Math.abs(about.dispersion.minute! - 1)).toBeLessThan(0.22);
    expect(Math.abs(about.interArrivalCv! - 1)).toBeLessThan(0.01);
  });

  it("has as many in flight as Little's law says: exactly rate times mean service, of service within the period", () => {
    const { concurrency, ratePerS: rate } = about;
    // The period ends with the last arrival; what is served after that is in flight after it.
    const endUs = rows.at(-1)!.arrivalUs;
    const withinUs = rows.map(({ arrivalUs, serviceUs }) => Math.min(serviceUs, endUs - arrivalUs));
    const meanWithinS = withinUs.reduce((sum, us) => sum + us, 0) / rows.length / S;
    expect(concurrency!.mean).toBeCloseTo(rate! * meanWithinS, 9);
    expect(Math.abs(concurrency!.mean! - ratePerS * meanS)).toBeLessThan(0.2);
  });

  it('is no closed clients', () => {
    expect(about.closedClients).toBeNull();
  });
});

describe('bins for a picture', () => {
  const hourly = (count: number, more = {}) =>
    describeTrace(
      traceOf(
        Array.from({ length: count }, (_, i) => ({ arrivalUs: i * 60 * S })),
        more,
      ),
    ).rate;

  it('are as fine as fits, and no finer than a request each on average', () => {
    expect(hourly(30)).toMatchObject({ binS: 60, fromS: 0, requests: Array(30).fill(1) });
    expect(hourly(1440)).toMatchObject({ binS: 1200, fromS: 0, requests: Array(72).fill(20) });
  });

  it("begin where the log's own clock does", () => {
    // From 22:10:30 UTC on, which is 03:40:30 at UTC+5:30.
    const startAt = '2026-10-11T22:10:30Z';
    const { binS, fromS, requests: counts } = hourly(1440, { startAt, zoneOffsetMin: 330 });
    expect([binS, fromS]).toEqual([1200, -30]);
    expect(counts.slice(0, 2)).toEqual([20, 20]);
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(1440);
  });

  it('are few however long the trace is', () => {
    const century = traceOf([0, 1, 100 * 365 * DAY_S].map((s) => ({ arrivalUs: s * S })));
    const { requests: counts } = describeTrace(century).rate;
    expect(counts.length).toBeLessThanOrEqual(88);
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(3);
  });

  it('leave out one that only begins where the window ends', () => {
    const period = { fromUs: 0, toUs: DAY_S * S };
    expect(hourly(1440, { period }).requests).toHaveLength(72);
  });
});
