import { describe, expect, it } from 'vitest';
import { compileDistribution } from '../../../src/engine/distribution.ts';
import { brokenByFloor, brokenEverywhere } from '../../../src/study/latency-limits.ts';
import { type Objective, parseObjective } from '../../../src/study/slo.ts';
import { latencyFloor } from '../../../src/workload/fit/latency-floor.ts';
import { load, run, traceOf } from './studies.ts';

/** 1 s to 100 s. */
const SERVICE_US = Float64Array.from({ length: 100 }, (_, i) => (100 - i) * 1e6);

function broken(objective: string, overheadUs = 0) {
  return brokenByFloor(
    [parseObjective(objective) as Objective],
    latencyFloor(SERVICE_US, overheadUs),
  );
}

describe('latency at no wait', () => {
  it('is service and overhead, by order statistics', () => {
    const floor = latencyFloor(SERVICE_US, 500_000);
    expect(floor).toMatchObject({
      p50Us: 50.5e6,
      p95Us: 95.5e6,
      p99Us: 99.5e6,
      maxUs: 100.5e6,
      meanUs: 51e6,
    });
    expect(floor.requestsWithin(50.5e6)).toBe(50);
    expect(SERVICE_US[0]).toBe(100e6);
  });

  it('of a distribution is drawn: p50 and p99 within 2 % of its quantiles', () => {
    const law = compileDistribution({ distribution: 'lognormal', meanUs: 3e6, cv: 0.6 });
    const { p50Us, p99Us } = latencyFloor(law, 0);
    expect(Math.abs(p50Us / law.sample({ next: () => 0.5 }) - 1)).toBeLessThan(0.02);
    expect(Math.abs(p99Us / law.sample({ next: () => 0.99 }) - 1)).toBeLessThan(0.02);
  });
});

describe('an objective', () => {
  it('breaks at the floor where too few requests are within its bound, exactly', () => {
    expect(broken('latencyS.p99 <= 99')).toEqual([]);
    expect(broken('latencyS.p99 <= 98.999')).toEqual([
      { objective: 'latencyS.p99 <= 98.999', share: 0.98, valueS: null },
    ]);
    expect(broken('latencyS.p99 <= 99', 1)).toHaveLength(1);
    expect(broken('share(latencyS <= 50) >= 51%')).toMatchObject([{ share: 0.5 }]);
    expect(broken('latencyS.mean <= 50')).toMatchObject([{ share: null, valueS: 50.5 }]);
    expect(broken('latencyS.max <= 100')).toEqual([]);
  });

  it('on waits or on other figures never does', () => {
    expect(broken('waitS.p99 <= 0')).toEqual([]);
    expect(broken('coldStarts.fraction <= 0')).toEqual([]);
  });
});

describe('a study', () => {
  const trace = traceOf(Array.from({ length: 100 }, (_, i) => [1000 * i, i < 97 ? 1 : 9] as const));
  const text = (more: string) => `version: 1
workload: { replay: { file: a.log } }
${more}
slo: [latencyS.p99 <= 5, latencyS.p95 <= 5, waitS.p99 <= 0]`;

  it('has an objective broken everywhere where no replicas help, and the runs agree', async () => {
    const study = text('vary: { deployment.replicas.min: [0, 50] }');
    const [one, ...others] = brokenEverywhere(load(study), [trace]);
    expect(one).toEqual({ objective: 'latencyS.p99 <= 5', share: 0.97, valueS: null });
    expect(others).toEqual([]);
    const { slo } = await run(study, { set: ['deployment.replicas.min=50'] }, { traces: [trace] });
    expect(slo?.failed).toEqual(['latencyS.p99 <= 5']);
    expect(slo?.objectives[0]?.share).toBe(0.97);
  });

  it('has none where one configuration is fast enough', () => {
    const study = text('vary: { workload.service: [null, 4s] }');
    expect(brokenEverywhere(load(study), [trace])).toEqual([]);
  });

  it('counts what is measured only', () => {
    expect(brokenEverywhere(load(text('measure: { to: 96000s }')), [trace])).toEqual([]);
  });
});
