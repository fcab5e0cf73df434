import { describe, expect, it } from 'vitest';
import type { DistributionSpec } from '../../../src/engine/distribution.ts';
import {
  makeWorkload,
  type SynthesisSpec,
  type Workload,
  workloadMistakes,
} from '../../../src/workload/workload.ts';
import { readTrace } from './read-trace.ts';

const drawn = (distribution: DistributionSpec) => ({ kind: 'drawn', distribution }) as const;
const LOGNORMAL = drawn({ distribution: 'lognormal', meanUs: 3e6, cv: 0.6 });
const SYNTHESIS: SynthesisSpec = {
  kind: 'synthesize',
  arrivals: { process: 'poisson', rate: 100 },
  durationUs: 400e6,
  requests: null,
  service: LOGNORMAL,
};

function rowsOf(workload: Workload, seed = '1', replication = 0): [number, number][] {
  const rows: [number, number][] = [];
  for (const { count, arrivalUs, serviceUs } of workload.chunks(seed, replication)) {
    for (let i = 0; i < count; i++) rows.push([arrivalUs[i]!, serviceUs[i]!]);
  }
  return rows;
}

describe('a replay', () => {
  const text = Array.from({ length: 20_000 }, (_, i) => `${i / 10},${(i % 7) / 2}`).join('\n');
  const trace = readTrace(`arrival_s,service_s\n${text}`);

  it('yields the columns of the trace without a copy, in chunks', () => {
    const workload = makeWorkload({ kind: 'replay', service: { kind: 'trace' } }, trace, null);
    const chunks = [...workload.chunks('1', 0)];
    expect(chunks.map(({ count }) => count)).toEqual([16_384, 3_616]);
    expect(chunks[1]!.arrivalUs.buffer).toBe(trace.arrivalUs.buffer);
    expect(chunks[1]!.serviceUs.buffer).toBe(trace.serviceUs!.buffer);
    expect(workload.period).toEqual({ fromUs: 0, toUs: 1_999_900_000 });
    expect(workload.requests).toBe(20_000);
    expect(workload.drawn).toEqual({ arrivals: false, service: false });
  });

  it('with drawn service differs by replication in nothing else', () => {
    const workload = makeWorkload({ kind: 'replay', service: LOGNORMAL }, trace, 5);
    const [first, second] = [rowsOf(workload, '1', 0), rowsOf(workload, '1', 1)];
    expect(rowsOf(workload, '1', 0)).toEqual(first);
    expect(first.map(([us]) => us)).toEqual(second.map(([us]) => us));
    expect(first.map(([, us]) => us)).not.toEqual(second.map(([, us]) => us));
    expect(first.every(([, us]) => Number.isInteger(us))).toBe(true);
    expect([workload.drawn, workload.startAtEpochUs]).toEqual([
      { arrivals: false, service: true },
      5,
    ]);
  });

  it('of tokens works the service times out and rounds once', () => {
    const tokens = readTrace('arrival_s,input_tokens,output_tokens\n0,3,2\n1,1,0\n');
    const service = {
      kind: 'tokens',
      baseUs: 0.2,
      perInputTokenUs: 0.5,
      perOutputTokenUs: 10,
    } as const;
    expect(rowsOf(makeWorkload({ kind: 'replay', service }, tokens, null))).toEqual([
      [0, 22],
      [1e6, 1],
    ]);
  });

  it('without durations says what to add', () => {
    const replay = { kind: 'replay', service: { kind: 'trace' } } as const;
    expect(() => makeWorkload(replay, readTrace('arrival_s\n1\n'), null)).toThrow(
      'workload.service  has no durations: give `--service 3s`, or `service: { distribution: lognormal',
    );
    const tokens = readTrace('arrival_s,input_tokens\n1,1\n');
    expect(() => makeWorkload(replay, tokens, null)).toThrow('perInputToken');
    const service = { kind: 'tokens', baseUs: 0, perInputTokenUs: 1, perOutputTokenUs: 1 } as const;
    expect(() => makeWorkload({ kind: 'replay', service }, tokens, null)).toThrow(
      'no token columns',
    );
  });
});

describe('synthesis', () => {
  it('ends before its duration and is the same for the same seed', () => {
    const workload = makeWorkload(SYNTHESIS, null, null);
    const rows = rowsOf(workload);
    expect(rows).toEqual(rowsOf(workload));
    expect(rows).not.toEqual(rowsOf(workload, '2'));
    expect(Math.abs(rows.length - 40_000)).toBeLessThan(4.5 * 200);
    expect(rows.at(-1)![0]).toBeLessThan(400e6);
    expect(workload.period).toEqual({ fromUs: 0, toUs: 400e6 });
    expect([workload.requests, workload.drawn]).toEqual([null, { arrivals: true, service: true }]);
  });

  it.each([1, 16_383, 16_384, 16_385])('of %d requests has so many', (requests) => {
    const workload = makeWorkload({ ...SYNTHESIS, durationUs: null, requests }, null, null);
    expect(rowsOf(workload)).toHaveLength(requests);
    expect(workload.requests).toBe(requests);
    expect(workload.period.toUs).toBe(requests * 10_000);
  });

  it('with one service law or another sees the same arrivals', () => {
    const other = { ...SYNTHESIS, service: drawn({ distribution: 'fixed', valueUs: 1.6 }) };
    const rows = rowsOf(makeWorkload(other, null, null));
    expect(rows.map(([us]) => us)).toEqual(
      rowsOf(makeWorkload(SYNTHESIS, null, null)).map(([us]) => us),
    );
    expect(rows[0]![1]).toBe(2);
  });

  it('uses its buffers again, so that a hundred million requests need no memory', () => {
    const buffers = new Set<Float64Array>();
    for (const chunk of makeWorkload(SYNTHESIS, null, null).chunks('1', 0)) {
      buffers.add(chunk.arrivalUs).add(chunk.serviceUs);
    }
    expect(buffers.size).toBe(2);
  });

  it('reports all mistakes at once', () => {
    const wrong: SynthesisSpec = {
      kind: 'synthesize',
      arrivals: { process: 'poisson', rate: -1 },
      durationUs: null,
      requests: null,
      service: { kind: 'trace' },
    };
    expect(workloadMistakes(wrong)).toHaveLength(3);
    expect(() => makeWorkload(wrong, null, null)).toThrow(
      /rate must be above 0[\s\S]*needs an end/,
    );
  });
});
