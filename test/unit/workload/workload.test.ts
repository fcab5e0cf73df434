import { describe, expect, it } from 'vitest';
import type { DistributionSpec } from '../../../src/engine/distribution.ts';
import type { ClientSpec } from '../../../src/workload/synthesis/arrivals.ts';
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

describe('clients', () => {
  const client = (name: string, rate: number): ClientSpec => ({
    name,
    arrivals: { process: 'gamma', rate, cv: 2 },
    endpoints: { names: [name], shares: [1] },
    tokens: null,
  });
  const of = (...clients: ClientSpec[]): SynthesisSpec => ({
    ...SYNTHESIS,
    arrivals: { process: 'clients', clients },
    tokens: {
      input: { distribution: { distribution: 'lognormal', meanUs: 900, cv: 1 }, most: 4_096 },
      output: null,
    },
    service: { ...LOGNORMAL },
  });
  const rowsByName = (spec: SynthesisSpec, name: string) => {
    const workload = makeWorkload(spec, null, null);
    const rows: number[][] = [];
    for (const chunk of workload.chunks('1', 0)) {
      for (let i = 0; i < chunk.count; i++) {
        if (workload.endpointNames[chunk.endpoint![i]!] !== name) continue;
        rows.push([chunk.arrivalUs[i]!, chunk.serviceUs[i]!, chunk.inputTokens![i]!]);
      }
    }
    return rows;
  };

  it('keep their arrivals, tokens and service times when another one joins', () => {
    const [a, b, c] = [client('a', 30), client('b', 70), client('c', 200)];
    for (const name of ['a', 'b']) {
      const alone = rowsByName(of(a, b), name);
      expect(alone.length).toBeGreaterThan(1_000);
      expect(rowsByName(of(a, b, c), name)).toEqual(alone);
    }
  });

  it('arrive in order, each with a draw of its own', () => {
    const rows = rowsOf(makeWorkload(of(client('a', 30), client('b', 70)), null, null));
    expect(rows.every(([us], i) => us >= (rows[i - 1]?.[0] ?? 0))).toBe(true);
    expect(new Set(rows.map(([, us]) => us)).size).toBeGreaterThan(0.99 * rows.length);
  });

  it('of whom only some have tokens or endpoints are a mistake', () => {
    const spec = of(client('a', 1), { ...client('b', 1), endpoints: null });
    expect(workloadMistakes({ ...spec, tokens: null })).toEqual([
      'b has no endpoint, and other clients have',
    ]);
  });
});

describe('marks of made requests', () => {
  const spec: SynthesisSpec = {
    ...SYNTHESIS,
    endpoints: { names: ['chat', 'embed'], shares: [3, 1] },
    tokens: {
      input: { distribution: { distribution: 'fixed', valueUs: 10.4 }, most: null },
      output: { distribution: { distribution: 'exponential', meanUs: 0.001 }, most: null },
    },
  };

  it('move neither the arrivals nor the service times', () => {
    expect(rowsOf(makeWorkload(spec, null, null))).toEqual(
      rowsOf(makeWorkload(SYNTHESIS, null, null)),
    );
  });

  it('are whole tokens, at least 1, and endpoints by name', () => {
    const workload = makeWorkload(spec, null, null);
    expect(workload.endpointNames).toEqual(['chat', 'embed']);
    for (const { count, endpoint, inputTokens, outputTokens } of workload.chunks('1', 0)) {
      expect(endpoint!.subarray(0, count).every((which) => which === 0 || which === 1)).toBe(true);
      expect(inputTokens!.subarray(0, count).every((n) => n === 10)).toBe(true);
      expect(outputTokens!.subarray(0, count).every((n) => n === 1)).toBe(true);
    }
  });

  it('make service times by tokens and by endpoint', () => {
    const tokens = { kind: 'tokens', baseUs: 5, perInputTokenUs: 2, perOutputTokenUs: 1 } as const;
    const fixed = drawn({ distribution: 'fixed', valueUs: 7 });
    const service = { kind: 'byEndpoint', byEndpoint: { chat: tokens }, other: fixed } as const;
    const workload = makeWorkload({ ...spec, service }, null, null);
    for (const { count, endpoint, serviceUs } of workload.chunks('1', 0)) {
      for (let i = 0; i < count; i++) expect(serviceUs[i]).toBe(endpoint![i] === 0 ? 26 : 7);
    }
    expect(workloadMistakes({ ...SYNTHESIS, service: tokens })).toEqual([
      expect.stringContaining('needs tokens: give `tokens: { input:'),
      expect.stringContaining('needs tokens: give `tokens: { output:'),
    ]);
  });

  it('have no service times for endpoints that they do not have', () => {
    const fixed = drawn({ distribution: 'fixed', valueUs: 7 });
    const service = { kind: 'byEndpoint', byEndpoint: { chta: fixed }, other: fixed } as const;
    expect(workloadMistakes({ ...spec, service })).toEqual([
      'byEndpoint has chta, which no request names. Did you mean chat?',
    ]);
    expect(workloadMistakes({ ...SYNTHESIS, service })).toEqual([
      'byEndpoint needs `endpoints:` in `synthesize:`',
    ]);
  });

  it('of counts are the columns', () => {
    const counts: SynthesisSpec = {
      ...SYNTHESIS,
      arrivals: {
        process: 'counts',
        intervalUs: 60e6,
        columns: [
          [2, 0],
          [1, 3],
        ],
        names: ['a', 'b'],
        placement: 'even',
      },
      durationUs: 120e6,
    };
    const workload = makeWorkload(counts, null, null);
    const [chunk] = [...workload.chunks('1', 0)];
    expect([...chunk!.arrivalUs.subarray(0, chunk!.count)]).toEqual([
      10e6, 30e6, 50e6, 70e6, 90e6, 110e6,
    ]);
    const named = [...chunk!.endpoint!.subarray(0, 6)];
    expect(named.slice(0, 3).sort()).toEqual([0, 0, 1]);
    expect(named.slice(3)).toEqual([1, 1, 1]);
  });
});

describe('a replay', () => {
  it('keeps the endpoints and tokens of its trace', () => {
    const trace = readTrace(
      'arrival_s,service_s,input_tokens,output_tokens,endpoint\n0,1,3,2,chat\n1,2,1,0,embed\n',
    );
    const workload = makeWorkload({ kind: 'replay', service: { kind: 'trace' } }, trace, null);
    const [chunk] = [...workload.chunks('1', 0)];
    expect(workload.endpointNames).toEqual(['chat', 'embed']);
    expect([chunk!.endpoint, chunk!.inputTokens, chunk!.outputTokens].map((c) => [...c!])).toEqual([
      [0, 1],
      [3, 1],
      [2, 0],
    ]);
  });
});
