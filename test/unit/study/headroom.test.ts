import { describe, expect, it } from 'vitest';
import { headroomOf } from '../../../src/study/headroom.ts';
import { turned } from '../../../src/study/levers.ts';
import { laboratory, load } from './studies.ts';

/** Requests far apart, so that each is alone and cold: latency is the start and the service. */
const STUDY = `
version: 1
workload:
  synthesize: { requests: 50, arrivals: { process: fixed, rate: 1/h } }
  service: 4s
deployment: { coldStart: 6s, idleWindow: 1s }
slo: [latencyS.max <= 15]
`;

describe('headroom', () => {
  it('is what is left by hand: start and service are 10 s of 15 s', async () => {
    const { headroom, runs } = await headroomOf(laboratory(STUDY), {});
    const [traffic, cold, service] = headroom.axes;
    expect(traffic).toMatchObject({ lever: 'traffic', factor: 10, breaksAt: null });
    // 6 f + 4 = 15, 6 + 4 f = 15
    expect(cold!.factor).toBeGreaterThan((11 / 6) * 0.98);
    expect(cold!.factor).toBeLessThanOrEqual(11 / 6);
    expect(cold!.breaksAt).toBeGreaterThan(11 / 6);
    expect(cold!.meanS).toBeCloseTo(6 * cold!.factor!, 9);
    expect(cold!.breaks).toEqual(['latencyS.max <= 15']);
    expect(service!.factor).toBeGreaterThan(2.25 * 0.98);
    expect(service!.factor).toBeLessThanOrEqual(2.25);
    expect(runs).toBeGreaterThan(8);
  });

  it('has no load time where starts take none', async () => {
    const { headroom } = await headroomOf(laboratory(STUDY.replace('6s', '0s')), {});
    expect(headroom.axes[1]).toMatchObject({ factor: null, why: 'starts take no time' });
  });
});

describe('levers', () => {
  const lifted = (text: string, overrides = {}) => {
    const { study, points } = load(text);
    return { study, overrides, compiled: points[0]!.compiled };
  };

  it('turn keys of the study, on top of what it has', () => {
    const study = STUDY.replace('coldStart', 'speed: 2, startScale: 1.5, coldStart');
    expect(turned(lifted(study), 'traffic', 2)).toEqual({ 'workload.synthesize.rateScale': 2 });
    expect(turned(lifted(study), 'load', 2)).toEqual({ 'deployment.startScale': 3 });
    expect(turned(lifted(study), 'service', 2)).toEqual({ 'deployment.speed': 1 });
    expect(turned(lifted(study), 'service', 1)).toEqual({});
  });

  it('turn each log of a replay', () => {
    const study = `
version: 1
workload: { replay: [{ file: a.csv }, { file: b.csv, rateScale: { factor: 2, shift: 5s } }] }
`;
    expect(turned(lifted(study), 'traffic', 3)).toEqual({
      'workload.replay.0.rateScale': 3,
      'workload.replay.1.rateScale.factor': 6,
    });
  });

  it('make the same luck longer: twice the start is twice each start', async () => {
    const text = STUDY.replace(
      'coldStart: 6s',
      'coldStart: { distribution: exponential, mean: 6s }',
    );
    const lab = laboratory(text);
    const [once, twice] = await lab.run([
      { overrides: {} },
      { overrides: { 'deployment.startScale': 2 } },
    ]);
    const waited = once!.result.waitS;
    expect(twice!.result.waitS.sum).toBeCloseTo(2 * waited.sum, 3);
  });

  it('scale what is made: rates by their factor, counts to the nearest whole', async () => {
    const counts = STUDY.replace(
      'requests: 50, arrivals: { process: fixed, rate: 1/h }',
      'duration: 5h, rateScale: 1.5, arrivals: { process: counts, counts: [1, 1, 1, 1, 3], interval: 1h, placement: even }',
    );
    const [outcome] = await laboratory(counts).run([{ overrides: {} }]);
    expect(outcome!.result.requests.arrived).toBe(11);
  });
});
