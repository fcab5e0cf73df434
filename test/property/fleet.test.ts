import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Account, type AccountRule } from '../../src/engine/account.ts';
import type { DeploymentScenario, FleetTotals } from '../../src/engine/fleet.ts';
import { PoolGroup } from '../../src/engine/pool-group.ts';
import type { Scenario } from '../../src/engine/scenario.ts';
import type { Reading, RunTotals } from '../../src/engine/totals.ts';
import type { NaiveRequest } from '../kit/naive-pool.ts';
import { type Case, caseArbitrary, PLAIN, traceArbitrary } from '../kit/random-scenario.ts';
import { fleetChunk, runFleet } from '../kit/run-fleet.ts';
import { comparable, runPool } from '../kit/run-pool.ts';

const MOST_SECONDS = Number(process.env['COLDFRONT_FUZZ_SECONDS'] ?? 10);
const RUNS = Number(process.env['COLDFRONT_FUZZ_RUNS'] ?? 500);
const settings = { numRuns: RUNS, interruptAfterTimeLimit: MOST_SECONDS * 1000 };
const NEVER = Number.POSITIVE_INFINITY;

const casesArbitrary = fc.array(caseArbitrary, { minLength: 1, maxLength: 4 });

function alone(scenario: DeploymentScenario['pools'][number], name = ''): DeploymentScenario {
  return { name, pools: [scenario], overflowAfterUs: NEVER };
}

/** What all pools of a fleet have in common; nothing arrives after the observed period. */
function alike(cases: readonly Case[]): Scenario[] {
  const { period, measure, timelineUs, client, replication } = cases[0]!.scenario;
  const lastUs = Math.max(0, ...cases.flatMap(({ trace }) => trace.map((r) => r.arrivalUs)));
  const toUs = Math.max(period.toUs, lastUs);
  return cases.map(({ scenario }) => ({
    ...scenario,
    period: { ...period, toUs },
    measure,
    // Units differ from case to case: intervals as long as suits them all.
    timelineUs: timelineUs === 0 ? 0 : Math.ceil(toUs / 7) + 1,
    client,
    replication,
    latencyThresholdsUs: [3000],
    waitThresholdsUs: [0, 5000],
  }));
}

/** An account that ties all and holds nobody back. */
function loose(deployments: readonly DeploymentScenario[]): AccountRule {
  return {
    concurrency: NEVER,
    whenFull: 'wait',
    gpus: 1e9,
    gpusPerReplica: deployments.map(({ pools }) => pools.map(() => 1)),
  };
}

function all({ deployments, whole }: FleetTotals): object {
  return {
    deployments: deployments.map((own) => ({
      whole: comparable(own.whole),
      pools: own.pools.map(comparable),
    })),
    whole: comparable(whole),
  };
}

describe('deployments that nothing ties', () => {
  it('run as each would by itself, and an account that never binds changes nothing', () => {
    fc.assert(
      fc.property(casesArbitrary, (cases) => {
        const traces = cases.map(({ trace }) => trace);
        const own = alike(cases);
        const deployments = own.map((scenario) => alone(scenario));
        const free = runFleet({ deployments, account: null }, traces);
        expect(free.deployments.map(({ whole }) => comparable(whole))).toEqual(
          own.map((scenario, i) => comparable(runPool(scenario, traces[i]!))),
        );
        const tied = runFleet({ deployments, account: loose(deployments) }, traces);
        expect(all(tied)).toEqual(all(free));
      }),
      settings,
    );
  });

  it('keep their totals in whatever order they stand: luck belongs to the name', () => {
    fc.assert(
      fc.property(casesArbitrary, (cases) => {
        const traces = cases.map(({ trace }) => trace);
        const deployments = alike(cases).map((scenario, i) => alone(scenario, `endpoint ${i}`));
        const one = runFleet({ deployments, account: null }, traces);
        const other = runFleet(
          { deployments: deployments.toReversed(), account: null },
          traces.toReversed(),
        );
        expect(other.deployments.map(({ whole }) => comparable(whole)).toReversed()).toEqual(
          one.deployments.map(({ whole }) => comparable(whole)),
        );
        expect(inAll(other.whole)).toEqual(inAll(one.whole));
      }),
      settings,
    );
  });
});

describe('pools and accounts of any kind', () => {
  it('end, and each request ends once, in one pool', () => {
    const arbitrary = fc.record({
      cases: fc.array(caseArbitrary, { minLength: 2, maxLength: 6 }),
      pools: fc.integer({ min: 1, max: 3 }),
      overflowAfterUs: fc.constantFrom(0, 1, 2000, NEVER),
      blocked: fc.integer({ min: -1, max: 5 }),
      account: fc.option(
        fc.record({
          concurrency: fc.constantFrom(0, 1, 2, 5, NEVER),
          whenFull: fc.constantFrom('wait' as const, 'refuse' as const),
          gpus: fc.constantFrom(0, 1, 3, 8, NEVER),
          perReplica: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 6, maxLength: 6 }),
        }),
        { nil: null },
      ),
    });
    fc.assert(
      fc.property(arbitrary, ({ cases, pools: count, overflowAfterUs, blocked, account }) => {
        const scenarios = alike(cases).map((scenario, i) =>
          i === blocked ? { ...scenario, floor: { atUs: [0], count: [0] }, max: 0 } : scenario,
        );
        const deployments: DeploymentScenario[] = [];
        const traces = [];
        for (let from = 0; from < cases.length; from += count) {
          const pools = scenarios.slice(from, from + count);
          deployments.push({ name: `${from}`, pools, overflowAfterUs });
          traces.push(cases[from]!.trace);
        }
        const gpusPerReplica = deployments.map(({ pools }) =>
          pools.map((_, i) => account?.perReplica[i] ?? 1),
        );
        const rule = account && { ...account, gpusPerReplica };
        const { deployments: each, whole } = runFleet({ deployments, account: rule }, traces);
        for (const [i, { whole: own, pools }] of each.entries()) {
          const { arrived, completed, rejected, timedOut } = own.requests;
          if (scenarios[0]!.measure === null) expect(arrived).toBe(traces[i]!.length);
          expect(arrived).toBe(completed + rejected + timedOut);
          for (const { requests, unusedKept } of pools) {
            expect(requests.arrived).toBeGreaterThanOrEqual(0);
            expect(unusedKept).toBeGreaterThanOrEqual(0);
          }
        }
        if (rule !== null) {
          const gpuUs = each.flatMap(({ pools }, i) =>
            pools.map(
              ({ whole: { startingUs, idleUs, busyUs, drainingUs } }, j) =>
                (startingUs + idleUs + busyUs + drainingUs) * BigInt(gpusPerReplica[i]![j]!),
            ),
          );
          const used = gpuUs.reduce((sum, us) => sum + us, 0n);
          if (rule.gpus < NEVER) {
            expect(used).toBeLessThanOrEqual(BigInt(rule.gpus) * BigInt(whole.horizonUs));
          }
        }
      }),
      settings,
    );
  });
});

describe("an account's cap", () => {
  it('holds nobody else back: pools that run ahead while it does not bind end as those that take turns', () => {
    const arbitrary = fc.record({
      cases: fc.array(caseArbitrary, { minLength: 2, maxLength: 5 }),
      concurrency: fc.constantFrom(1, 2, 4, 8, 16, NEVER),
      whenFull: fc.constantFrom('wait' as const, 'refuse' as const),
      gpus: fc.constantFrom(2, 4, 8, 16, 32, NEVER),
      chunks: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ cases, concurrency, whenFull, gpus, chunks }) => {
        const deployments = alike(cases).map((scenario) => alone(eventless(scenario, gpus)));
        const rule = { ...loose(deployments), concurrency, whenFull, gpus };
        const trace = fleetChunk(cases.map(({ trace }) => trace));
        const run = (runsAhead: boolean) => {
          const account = new Account(rule, deployments.length);
          const group = new PoolGroup(deployments, account, runsAhead);
          for (let part = 0; part < chunks; part++) {
            const from = Math.floor((part * trace.count) / chunks);
            const to = Math.floor(((part + 1) * trace.count) / chunks);
            const { arrivalUs, serviceUs, endpoint } = trace;
            group.advance(
              {
                count: to - from,
                arrivalUs: arrivalUs.subarray(from, to),
                serviceUs: serviceUs.subarray(from, to),
              },
              endpoint!.subarray(from, to),
            );
          }
          return group.finish().map((pools) => pools.map(comparable));
        };
        expect(run(true)).toEqual(run(false));
      }),
      settings,
    );
  });

  it('is one line in order of arrival: as a naive simulation of fixed pools has it', () => {
    const arbitrary = fc.record({
      cap: fc.integer({ min: 1, max: 6 }),
      endpoints: fc.array(
        fc.record({ replicas: fc.integer({ min: 1, max: 3 }), trace: traceArbitrary(1000) }),
        { minLength: 1, maxLength: 4 },
      ),
    });
    fc.assert(
      fc.property(arbitrary, ({ cap, endpoints }) => {
        const traces = endpoints.map(({ trace }) => trace);
        const toUs = Math.max(0, ...traces.flat().map(({ arrivalUs }) => arrivalUs));
        const deployments = endpoints.map(({ replicas }) =>
          alone({
            ...PLAIN,
            floor: { atUs: [0], count: [replicas] },
            max: replicas,
            period: { fromUs: 0, toUs },
          }),
        );
        const rule = { ...loose(deployments), concurrency: cap };
        const { deployments: each } = runFleet({ deployments, account: rule }, traces);
        const waits = naiveWaits(
          endpoints.map(({ replicas }) => replicas),
          traces,
          cap,
        );
        for (const [i, { whole }] of each.entries()) {
          expect(whole.requests.completed).toBe(traces[i]!.length);
          expect(Number(whole.wait.sumUs)).toBe(waits[i]!.reduce((sum, us) => sum + us, 0));
          expect(whole.wait.maxUs).toBe(Math.max(0, ...waits[i]!));
          expect(whole.whole.waitForLimitUs).toBe(whole.wait.sumUs);
        }
      }),
      settings,
    );
  });
});

/** Nothing comes in but by the trace; under a quota nothing starts but for it either. */
function eventless(scenario: Scenario, gpus: number): Scenario {
  const own = { ...scenario, client: { ...scenario.client, retries: null }, pings: null };
  if (gpus === NEVER) return own;
  const floor = { atUs: [0], count: [own.floor.count[0]!] };
  return { ...own, floor, startRate: null, control: null, lifecycle: null };
}

/** Start phases and meters stand one deployment after the other: there in the order of size. */
function inAll(whole: RunTotals): object {
  const sorted = (reading: Reading) => ({
    ...reading,
    phaseUs: [...reading.phaseUs].sort(bySize),
    meters: reading.meters.map(({ usedUs, paidUs }) => `${usedUs} ${paidUs}`).sort(),
  });
  const { timeline: _, startPaths, ...rest } = comparable(whole) as RunTotals;
  const paths = startPaths.map(({ name }) => name).sort();
  return { ...rest, paths, whole: sorted(whole.whole), observed: sorted(whole.observed) };
}

function bySize(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}

interface Serving {
  readonly endpoint: number;
  readonly endsUs: number;
}

/** O(n^2): looks at everything for each event. @returns each request's wait, by endpoint */
function naiveWaits(
  replicas: readonly number[],
  traces: readonly (readonly NaiveRequest[])[],
  cap: number,
): number[][] {
  const arrivals = traces
    .flatMap((trace, endpoint) => trace.map((request) => ({ ...request, endpoint })))
    .sort((a, b) => a.arrivalUs - b.arrivalUs || a.endpoint - b.endpoint);
  type Request = (typeof arrivals)[number];
  const waits: number[][] = traces.map(() => []);
  const line: Request[] = [];
  const queues: Request[][] = traces.map(() => []);
  let serving: Serving[] = [];
  const inService = (endpoint: number) => serving.filter((s) => s.endpoint === endpoint).length;
  const serve = (nowUs: number) => {
    while (line.length > 0 && serving.length + queues.flat().length < cap) {
      const next = line.shift()!;
      queues[next.endpoint]!.push(next);
      serveQueues(nowUs);
    }
  };
  const serveQueues = (nowUs: number) => {
    for (const [endpoint, queue] of queues.entries()) {
      while (queue.length > 0 && inService(endpoint) < replicas[endpoint]!) {
        const { arrivalUs, serviceUs } = queue.shift()!;
        waits[endpoint]!.push(nowUs - arrivalUs);
        serving.push({ endpoint, endsUs: nowUs + serviceUs });
      }
    }
  };
  const completeUpTo = (untilUs: number) => {
    for (;;) {
      const endsUs = Math.min(...serving.map((s) => s.endsUs));
      if (endsUs > untilUs || serving.length === 0) return;
      const first = serving
        .filter((s) => s.endsUs === endsUs)
        .sort((a, b) => a.endpoint - b.endpoint)[0]!;
      serving = serving.filter((s) => s !== first);
      serveQueues(endsUs);
      serve(endsUs);
    }
  };
  for (const request of arrivals) {
    completeUpTo(request.arrivalUs);
    line.push(request);
    serve(request.arrivalUs);
  }
  completeUpTo(NEVER);
  return waits;
}
