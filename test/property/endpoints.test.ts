/** Endpoints that nothing ties: one study of all is the sum of the studies of each. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../src/study/document.ts';
import type { Trace } from '../../src/workload/trace.ts';
import { run, traceOf } from '../unit/study/studies.ts';

const NAMES = ['chat', 'embed-a', 'embed-b'];
const LENGTH_S = 400;

interface Row {
  readonly atMs: number;
  readonly serviceMs: number;
  readonly endpoint: number;
}

/** All have one period, as `workload.replay.window` would give them. */
function traceBy(rows: readonly Row[], isNamed: boolean): Trace {
  return {
    ...traceOf(rows.map(() => [0, 0])),
    arrivalUs: Float64Array.from(rows, ({ atMs }) => atMs * 1000),
    serviceUs: Float64Array.from(rows, ({ serviceMs }) => serviceMs * 1000),
    period: { fromUs: 0, toUs: LENGTH_S * 1e6 },
    ...(isNamed && {
      endpoint: Int32Array.from(rows, ({ endpoint }) => endpoint),
      endpointNames: NAMES,
    }),
  };
}

/** A log without requests is none. */
const ONE_EACH: readonly Row[] = NAMES.map((_, endpoint) => {
  return { atMs: 1000 * endpoint, serviceMs: 100, endpoint };
});

const rowsArbitrary = fc
  .array(
    fc.record({
      atMs: fc.nat(LENGTH_S * 1000 - 1),
      serviceMs: fc.nat(40_000),
      endpoint: fc.nat(NAMES.length - 1),
    }),
    { maxLength: 40 },
  )
  .map((rows) => [...rows, ...ONE_EACH].toSorted((a, b) => a.atMs - b.atMs));

const STUDY = `version: 1
workload: { replay: { file: log.csv } }
deployment: { coldStart: 7s }
billing: { usdPerReplicaHour: 3.6, quantum: 1s, minimum: 20s, usdPerRequest: 0.001 }
`;

const deploymentArbitrary = fc.record({
  min: fc.nat(2),
  max: fc.integer({ min: 2, max: 4 }),
  idleWindow: fc.constantFrom('0s', '9s', '60s'),
  queue: fc.constantFrom('unlimited', 'none', 2),
  timeout: fc.constantFrom('unlimited', '5s', '30s'),
});

const sumOf = (results: readonly Result[], of: (result: Result) => number): number =>
  results.reduce((sum, result) => sum + of(result), 0);

describe('`endpoints: each` without an account', () => {
  it('is the sum of runs of each endpoint alone, in counts, times and dollars', async () => {
    const arbitrary = fc.record({ rows: rowsArbitrary, deployment: deploymentArbitrary });
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ rows, deployment }) => {
        const { min, max, idleWindow, queue, timeout } = deployment;
        const set = [
          `deployment.replicas={min: ${min}, max: ${max}}`,
          `deployment.idleWindow=${idleWindow}`,
          `deployment.admission={queue: ${queue}, timeout: ${timeout}}`,
        ];
        const together = await run(
          STUDY,
          { set: [...set, 'endpoints=each'] },
          { traces: [traceBy(rows, true)] },
        );
        const alone = await Promise.all(
          NAMES.map((_, endpoint) => {
            const own = rows.filter((row) => row.endpoint === endpoint);
            return run(STUDY, { set }, { traces: [traceBy(own, false)] });
          }),
        );
        for (const key of ['arrived', 'completed', 'rejected', 'timedOut'] as const) {
          expect(together.requests[key]).toBe(sumOf(alone, ({ requests }) => requests[key]));
        }
        for (const key of ['starts', 'requests'] as const) {
          expect(together.coldStarts[key]).toBe(sumOf(alone, ({ coldStarts }) => coldStarts[key]));
        }
        expect(together.replicaTimeS.busy).toBeCloseTo(
          sumOf(alone, ({ replicaTimeS }) => replicaTimeS.busy),
          6,
        );
        expect(together.waitS.sum).toBeCloseTo(
          sumOf(alone, ({ waitS }) => waitS.sum),
          6,
        );
        expect(together.endpoints?.map(({ latencyS }) => latencyS)).toEqual(
          alone.map(({ latencyS }) => latencyS),
        );
        expect(together.endpoints?.map(({ cost }) => cost)).toEqual(alone.map(({ cost }) => cost));
        expect(together.cost?.usd).toBeCloseTo(
          sumOf(alone, ({ cost }) => cost!.usd),
          9,
        );
        expect(together.cost?.usdPerHour).toBeCloseTo(
          sumOf(alone, ({ cost }) => cost!.usdPerHour!),
          9,
        );
      }),
      { numRuns: 60 },
    );
  });
});
