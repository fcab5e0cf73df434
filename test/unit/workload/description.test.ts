import { describe, expect, it } from 'vitest';
import { describeTrace } from '../../../src/workload/description.ts';
import { tokenServiceUs } from '../../../src/workload/service.ts';
import { noRealTraces, readTrace, realTrace } from './read-trace.ts';

describe('what a trace is', () => {
  it('by hand: three requests, one gap', () => {
    const trace = readTrace('arrival_s,service_s,endpoint\n0,2,a\n1,0.5,b\n130,1,a\n');
    expect(describeTrace(trace)).toMatchObject({
      schema: 'coldfront.trace.v1',
      requests: 3,
      firstAt: null,
      spanS: 130,
      ratePerS: 3 / 130,
      peakToMean: { second: 131 / 3, minute: 2 },
      serviceS: { mean: 3.5 / 3, p50: 1, p90: 2, p99: 2, max: 2 },
      concurrency: { mean: 3.5 / 130, peak: 2 },
      endpoints: [
        { name: 'a', requests: 2 },
        { name: 'b', requests: 1 },
      ],
      perMinute: [2, 0, 1],
    });
    const gaps = describeTrace(trace).gaps;
    expect(gaps[0]).toEqual({ idleWindowS: 5, count: 2, idleS: 10 });
    expect(gaps[4]).toEqual({ idleWindowS: 300, count: 1, idleS: 428 });
  });

  it('an arrival exactly at the end of the idle window finds the replica warm', () => {
    const trace = readTrace('arrival_s,service_s\n0,1\n6,1\n12.000001,0\n');
    expect(describeTrace(trace).gaps[0]).toMatchObject({ idleWindowS: 5, count: 2 });
  });

  it('of one request is null where it is over nothing', () => {
    expect(describeTrace(readTrace('timestamp\n2026-01-01T00:00:00.5Z\n'))).toMatchObject({
      firstAt: '2026-01-01T00:00:00.5Z',
      spanS: 0,
      ratePerS: null,
      interArrivalCv: null,
      dispersion: { second: null, minute: null },
      serviceS: null,
      concurrency: null,
    });
  });

  it.skipIf(noRealTraces)(
    'Azure code: the published rate, burstiness and cold starts of one replica (skipped where ../shared/traces is not)',
    () => {
      const trace = realTrace('azure-llm-2023/AzureLLMInferenceTrace_code.csv');
      const service = tokenServiceUs(trace, {
        kind: 'tokens',
        baseUs: 0,
        perInputTokenUs: 200,
        perOutputTokenUs: 30_000,
      });
      const about = describeTrace(trace, service);
      expect(about.spanS).toBeCloseTo(3435.948, 3);
      expect(about.ratePerS).toBeCloseTo(2.5667, 4);
      expect(about.interArrivalCv).toBeCloseTo(13.151, 3);
      expect(about.peakToMean.minute).toBeCloseTo(4.156, 3);
      expect(about.serviceS!.mean * 8819).toBeCloseTo(10_988.8748, 4);
      const published = { 5: [41, 238.204], 60: [12, 1478.931], 300: [1, 2374.501] };
      for (const [windowS, [count, idleS]] of Object.entries(published)) {
        const gap = about.gaps.find(({ idleWindowS }) => idleWindowS === Number(windowS))!;
        expect(gap.count).toBe(count);
        expect(gap.idleS).toBeCloseTo(idleS!, 3);
      }
    },
  );
});
