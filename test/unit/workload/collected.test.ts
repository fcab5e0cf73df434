import { describe, expect, it } from 'vitest';
import { collectTrace } from '../../../src/workload/collected.ts';
import { makeWorkload } from '../../../src/workload/workload.ts';

const workload = makeWorkload(
  {
    kind: 'synthesize',
    arrivals: { process: 'poisson', rate: 50 },
    durationUs: 3600e6,
    requests: null,
    service: { kind: 'drawn', distribution: { distribution: 'exponential', meanUs: 1e6 } },
  },
  null,
  null,
);

describe('made traffic as a trace', () => {
  const whole = collectTrace(workload, 'a');

  it('is all of it, over its own period, where no limit cuts it', () => {
    expect(whole.period).toEqual({ fromUs: 0, toUs: 3600e6 });
    expect(whole.report.shaping).toEqual([]);
    expect(collectTrace(workload, 'a', { untilUs: 3600e6, most: whole.count })).toEqual(whole);
  });

  it('up to a time is its first requests, observed up to that time', () => {
    const cut = collectTrace(workload, 'a', { untilUs: 600e6 });
    expect(cut.arrivalUs).toEqual(whole.arrivalUs.filter((us) => us < 600e6));
    expect(cut.serviceUs).toEqual(whole.serviceUs!.subarray(0, cut.count));
    expect(cut.period).toEqual({ fromUs: 0, toUs: 600e6 });
    expect(cut.report.shaping).toEqual(['the first 10m only']);
  });

  it('up to so many requests is observed up to the next one', () => {
    const cut = collectTrace(workload, 'a', { most: 30_000 });
    expect(cut.count).toBe(30_000);
    expect(cut.period).toEqual({ fromUs: 0, toUs: whole.arrivalUs[30_000] });
    expect(cut.report.shaping).toHaveLength(1);
  });
});
