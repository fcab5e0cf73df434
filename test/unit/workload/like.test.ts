import { describe, expect, it } from 'vitest';
import { collectTrace } from '../../../src/workload/collected.ts';
import { burstinessOf } from '../../../src/workload/description/burstiness.ts';
import { courseOf, expectedAt } from '../../../src/workload/fit/course.ts';
import { likeTrace } from '../../../src/workload/fit/like.ts';
import type { ProcessSpec } from '../../../src/workload/synthesis/arrivals.ts';
import { makeWorkload, type SynthesisSpec } from '../../../src/workload/workload.ts';
import { noRealTraces, realTrace } from './read-trace.ts';

const made = (spec: SynthesisSpec, seed: string) =>
  collectTrace(makeWorkload(spec, null, null), seed);

const traffic = (arrivals: ProcessSpec, hours = 6): SynthesisSpec => ({
  kind: 'synthesize',
  arrivals,
  durationUs: hours * 3600e6,
  requests: null,
  service: {
    kind: 'drawn',
    distribution: { distribution: 'lognormal', meanUs: 2e6, cv: 0.8 },
  },
});

describe('traffic like made traffic clusters as it does', () => {
  it.each<[string, ProcessSpec]>([
    ['poisson', { process: 'poisson', rate: 2 }],
    ['gamma', { process: 'gamma', rate: 2, cv: 3 }],
    ['hawkes', { process: 'hawkes', rate: 2, branching: 0.7, decayUs: 5e6 }],
    [
      'mmpp',
      {
        process: 'mmpp',
        rate: null,
        states: [
          { perS: 0.5, meanUs: 120e6, to: null },
          { perS: 12, meanUs: 20e6, to: null },
        ],
      },
    ],
  ])('%s, recovered as what it was', (name, arrivals) => {
    const trace = made(traffic(arrivals), 'a');
    const { spec } = likeTrace(trace);
    expect(spec.arrivals.process).toBe(name);
    const [was, is] = [burstinessOf(trace), burstinessOf(made(spec, 'b'))];
    const ratios = [
      is.interArrivalCv! / was.interArrivalCv!,
      is.dispersion.second! / was.dispersion.second!,
      is.dispersion.minute! / was.dispersion.minute!,
    ];
    for (const ratio of ratios) {
      expect(ratio).toBeGreaterThan(0.6);
      expect(ratio).toBeLessThan(1.6);
    }
  });
});

describe('the course of a trace', () => {
  it('of two days is told by the hour of the day, and taken out leaves Poisson', () => {
    const points = Array.from({ length: 24 }, (_, h) => ({
      atUs: h * 3600e6,
      perS: 1 + 0.9 * Math.sin((h / 24) * 2 * Math.PI),
    }));
    const rate = { periodUs: 86_400e6, interpolate: 'step' as const, points };
    const trace = made(traffic({ process: 'poisson', rate }, 72), 'a');
    const course = courseOf(trace);
    expect(course.note).toContain('hour of the day');
    const found = typeof course.rate === 'number' ? [] : course.rate.points;
    for (const [i, { perS }] of found.entries()) {
      const sd = Math.sqrt(points[i]!.perS / (3 * 3600));
      expect(Math.abs(perS - points[i]!.perS)).toBeLessThan(4.5 * sd);
    }
    const at = expectedAt(trace, course.rate);
    expect(at.at(-1)! / trace.count).toBeCloseTo(1, 2);
    expect(at.every((value, i) => i === 0 || value >= at[i - 1]!)).toBe(true);
  });

  it('of a few requests is constant', () => {
    const trace = made(traffic({ process: 'poisson', rate: 0.005 }), 'a');
    expect(typeof courseOf(trace).rate).toBe('number');
    expect(likeTrace(trace).notes[0]).toContain('constant');
  });
});

describe.skipIf(noRealTraces)('real traffic (skipped where ../shared/traces is not)', () => {
  it('of Azure: rate, burstiness by the second and the minute, and tokens are like it', () => {
    const trace = realTrace('azure-llm-2023/AzureLLMInferenceTrace_code.csv');
    const { spec, timed } = likeTrace(trace);
    expect(timed).toBe(false);
    const like = made(spec, '1');
    const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;
    const [was, is] = [burstinessOf(trace), burstinessOf(like)];
    const ratios = {
      requests: like.count / trace.count,
      cv: is.interArrivalCv! / was.interArrivalCv!,
      second: is.dispersion.second! / was.dispersion.second!,
      minute: is.dispersion.minute! / was.dispersion.minute!,
      input: mean(like.inputTokens!) / mean(trace.inputTokens!),
      output: mean(like.outputTokens!) / mean(trace.outputTokens!),
    };
    for (const [name, ratio] of Object.entries(ratios)) {
      expect(Math.abs(Math.log(ratio)), name).toBeLessThan(Math.log(1.5));
    }
  });
});
