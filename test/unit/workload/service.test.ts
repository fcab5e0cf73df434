import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { streamOf, type Uniforms } from '../../../src/base/random.ts';
import { missingDurations, ownServiceUs } from '../../../src/workload/own-durations.ts';
import {
  compileService,
  type EndpointService,
  type OneService,
  type ServiceRows,
} from '../../../src/workload/service.ts';
import type { Trace } from '../../../src/workload/trace.ts';
import { traceOf } from '../study/studies.ts';

const EXPONENTIAL: OneService = {
  kind: 'drawn',
  distribution: { distribution: 'exponential', meanUs: 2e6 },
};
const THREE_SECONDS: OneService = {
  kind: 'drawn',
  distribution: { distribution: 'fixed', valueUs: 3e6 },
};
const BY_TOKENS: OneService = {
  kind: 'tokens',
  baseUs: 1000,
  perInputTokenUs: 10,
  perOutputTokenUs: 200,
};

/** Requests of endpoints a, b, a, b, ... one a second. */
function traceWith(serviceS: readonly number[]): Trace {
  const trace = traceOf(serviceS.map((s, i) => [i, s]));
  return {
    ...trace,
    endpoint: Int32Array.from(serviceS, (_, i) => i % 2),
    endpointNames: ['a', 'b'],
  };
}

describe('a duration that is missing', () => {
  const known = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 1 + i / 1000 : 50 + i / 1000));
  const holes = known.map((s, i) => (i % 10 === 3 || i % 10 === 4 ? Number.NaN : s));

  it('is drawn from the known ones of its endpoint, the others stand', () => {
    const trace = traceWith(holes);
    const filled = ownServiceUs(trace);
    expect(missingDurations(trace.serviceUs)).toBe(40);
    for (const [row, us] of filled.entries()) {
      const own = Number.isNaN(holes[row]!);
      if (!own) expect(us).toBe(holes[row]! * 1e6);
      else expect(holes.findIndex((s, i) => s * 1e6 === us && i % 2 === row % 2)).not.toBe(-1);
    }
    // Drawn, not one and the same.
    const drawn = [...filled].filter((_, row) => Number.isNaN(holes[row]!));
    expect(new Set(drawn).size).toBeGreaterThan(20);
  });

  it('is the same each time, and does not depend on the other rows that miss theirs', () => {
    const once = ownServiceUs(traceWith(holes));
    expect(ownServiceUs(traceWith(holes))).toEqual(once);
    const fewer = known.map((s, i) => (i === 3 ? Number.NaN : s));
    const rank = (us: number, from: readonly number[]) =>
      from.filter((s, i) => i % 2 === 1 && s * 1e6 <= us).length /
      from.filter((s, i) => i % 2 === 1 && s > 0).length;
    expect(rank(ownServiceUs(traceWith(fewer))[3]!, known)).toBeCloseTo(rank(once[3]!, holes), 1);
  });

  it('comes from the whole trace where its endpoint has fewer than 30', () => {
    const few = known.map((s, i) => (i % 2 === 1 && i > 40 ? Number.NaN : s));
    const filled = ownServiceUs(traceWith(few));
    const odd = [...filled].filter((_, row) => row % 2 === 1 && row > 40);
    expect(odd.some((us) => us < 10e6)).toBe(true);
    expect(odd.some((us) => us > 10e6)).toBe(true);
  });

  it('of all requests is a trace without durations', () => {
    expect(() => ownServiceUs(traceWith([Number.NaN, Number.NaN]))).toThrow(
      /has no durations: give/,
    );
  });

  it('of none leaves the column as it is', () => {
    const trace = traceWith(known);
    expect(ownServiceUs(trace)).toBe(trace.serviceUs);
  });
});

const COLUMNS = { name: 'log', endpointNames: ['a', 'b'], inputTokens: true, outputTokens: true };

function filled(service: EndpointService, rows: ServiceRows, uniforms: Uniforms): number[] {
  const into = new Float64Array(rows.count);
  compileService(service, COLUMNS).fill(rows, uniforms, into);
  return [...into];
}

describe('service by endpoint', () => {
  const spec: EndpointService = {
    kind: 'byEndpoint',
    byEndpoint: { a: EXPONENTIAL, b: BY_TOKENS },
    other: THREE_SECONDS,
  };
  const rows = {
    count: 4,
    endpoint: Int32Array.of(0, 1, 0, -1),
    inputTokens: Float64Array.of(1, 100, 1, 1),
    outputTokens: Float64Array.of(1, 10, 1, 1),
  };

  it('gives each request what its endpoint says, and the others what `other` says', () => {
    const stream = streamOf('s', 0, 'test');
    const draws = [stream.next(), stream.next(), stream.next(), stream.next()];
    const exponential = (u: number) => Math.round(-2e6 * Math.log(1 - u));
    expect(filled(spec, rows, streamOf('s', 0, 'test'))).toEqual([
      exponential(draws[0]!),
      1000 + 100 * 10 + 10 * 200,
      exponential(draws[2]!),
      3e6,
    ]);
  });

  it('takes as many uniforms a request whatever its endpoint, so that none moves the luck of another', () => {
    const other = { ...rows, endpoint: Int32Array.of(1, 1, 0, 0) };
    const [, , first] = filled(spec, rows, streamOf('s', 0, 'test'));
    const [, , second] = filled(spec, other, streamOf('s', 0, 'test'));
    expect(second).toBe(first);
    const { drawn, uniformsPerRequest } = compileService(spec, COLUMNS);
    expect({ drawn, uniformsPerRequest }).toEqual({ drawn: true, uniformsPerRequest: 1 });
  });

  it('names the endpoints that have none', () => {
    const without = { ...spec, byEndpoint: { a: EXPONENTIAL }, other: null };
    expect(() => compileService(without, COLUMNS)).toThrow(
      'endpoint b has no service time: name it in `byEndpoint:`, or give `other: 2s`',
    );
    const nobody = { ...COLUMNS, endpointNames: [] };
    expect(() => compileService(without, nobody)).toThrow(/has no endpoints/);
  });

  it('refuses what is given for an endpoint that no request names, and tells which was meant', () => {
    const misspelled = { ...spec, byEndpoint: { 'gpt-4': EXPONENTIAL, whisper: BY_TOKENS } };
    const columns = { ...COLUMNS, endpointNames: ['gpt4', 'embed'] };
    expect(() => compileService(misspelled, columns)).toThrow(
      new UserError([
        {
          at: 'log',
          path: 'workload.service',
          message: 'byEndpoint has gpt-4, which no request names. Did you mean gpt4?',
        },
        {
          at: 'log',
          path: 'workload.service',
          message: 'byEndpoint has whisper, which no request names: the endpoints are gpt4, embed',
        },
      ]),
    );
    expect(() => compileService(misspelled, { ...COLUMNS, endpointNames: [] })).toThrow(
      'byEndpoint has gpt-4, which no request names: there are no endpoints',
    );
    const complete = { ...spec, other: null };
    expect(compileService(complete, { ...COLUMNS, endpointNames: ['a'] }).drawn).toBe(true);
    expect(() => compileService({ ...misspelled, other: null }, columns)).toThrow(
      /endpoints gpt4, embed have no service time.*\n.*Did you mean gpt4/,
    );
  });

  it('asks for tokens where an endpoint needs them', () => {
    expect(() => compileService(spec, { ...COLUMNS, outputTokens: false })).toThrow(
      /token columns/,
    );
  });
});
