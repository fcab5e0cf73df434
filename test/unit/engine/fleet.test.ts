/** Several pools, several endpoints, an account: worked out on paper. Times are microseconds. */
import { describe, expect, it } from 'vitest';
import type { AccountRule } from '../../../src/engine/account.ts';
import { compileDistribution, fixed } from '../../../src/engine/distribution.ts';
import { Fleet, type FleetTotals } from '../../../src/engine/fleet.ts';
import { REFUSALS } from '../../../src/engine/gate.ts';
import type { Scenario } from '../../../src/engine/scenario.ts';
import { PLAIN } from '../../kit/random-scenario.ts';
import { runFleet } from '../../kit/run-fleet.ts';
import { runPool } from '../../kit/run-pool.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** [arrival, service] */
type Requests = readonly (readonly [number, number])[];

/** One replica that is always there; who finds it busy waits or is refused. */
const RESERVED: Scenario = {
  ...PLAIN,
  floor: { atUs: [0], count: [1] },
  max: 1,
  period: { fromUs: 0, toUs: 20 },
};
/** Replicas on demand, ready after 5. */
const SERVERLESS: Scenario = {
  ...PLAIN,
  startPhases: [{ name: 'load', time: fixed(5) }],
  period: { fromUs: 0, toUs: 20 },
};

function run(
  deployments: readonly { pools: Scenario[]; requests: Requests; overflowAfterUs?: number }[],
  account: Partial<AccountRule> | null = null,
): FleetTotals {
  return runFleet(
    {
      deployments: deployments.map(({ pools, overflowAfterUs = NEVER }, i) => ({
        name: `endpoint ${i}`,
        pools,
        overflowAfterUs,
      })),
      account: account && {
        concurrency: NEVER,
        whenFull: 'wait',
        gpus: NEVER,
        gpusPerReplica: deployments.map(({ pools }) => pools.map(() => 1)),
        ...account,
      },
    },
    deployments.map(({ requests }) =>
      requests.map(([arrivalUs, serviceUs]) => ({ arrivalUs, serviceUs })),
    ),
  );
}

describe('several pools of a deployment', () => {
  it('a reserved replica first, what it refuses on demand elsewhere, and back as soon as it is free', () => {
    // 0: reserved, to 10. 1 and 2: a replica each, ready at 6 and 7, to 16 and 17. 12: reserved again, to 15.
    const { deployments } = run([
      {
        pools: [{ ...RESERVED, queueLimit: 0 }, SERVERLESS],
        requests: [
          [0, 10],
          [1, 10],
          [2, 10],
          [12, 3],
        ],
      },
    ]);
    const { whole, pools } = deployments[0]!;
    expect(pools.map(({ requests }) => requests.completed)).toEqual([2, 2]);
    expect(pools.map(({ requests }) => requests.cold)).toEqual([0, 2]);
    expect(pools.map((pool) => pool.whole.starts)).toEqual([0, 2]);
    expect(pools.map((pool) => pool.whole.busyUs)).toEqual([13n, 20n]);
    expect(pools.map((pool) => pool.whole.attempts)).toEqual([4, 2]);
    expect(whole.requests).toMatchObject({ arrived: 4, completed: 4, rejected: 0, cold: 2 });
    expect([whole.wait.sumUs, whole.latency.sumUs]).toEqual([10n, 43n]);
    expect(whole.refusals).toEqual(REFUSALS.map(() => 0));
  });

  it('a free slot of a later pool comes before a place in line at an earlier one', () => {
    // The first waits for its own replica of the second pool; the third finds that one free.
    const { deployments } = run([
      {
        pools: [RESERVED, { ...SERVERLESS, floor: { atUs: [0], count: [1] } }],
        requests: [
          [0, 10],
          [1, 4],
          [2, 1],
        ],
      },
    ]);
    const { pools } = deployments[0]!;
    // 2: both are busy, the reserved pool lets it wait until 10.
    expect(pools.map(({ requests }) => requests.completed)).toEqual([2, 1]);
    expect(pools.map(({ wait }) => wait.sumUs)).toEqual([8n, 0n]);
  });

  it('overflow after 2: waits that long in the earlier pool, then starts a replica in the next', () => {
    // 1: waits at the reserved replica until 3, then for a start until 8. 9: waits until 10, served where it waits.
    const { deployments } = run([
      {
        pools: [RESERVED, SERVERLESS],
        overflowAfterUs: 2,
        requests: [
          [0, 10],
          [1, 10],
          [9, 1],
        ],
      },
    ]);
    const { whole, pools } = deployments[0]!;
    expect(pools.map(({ requests }) => requests.completed)).toEqual([2, 1]);
    expect(pools.map(({ wait }) => wait.sumUs)).toEqual([1n, 7n]);
    expect([whole.whole.waitForLimitUs, whole.whole.waitForStartUs]).toEqual([3n, 5n]);
    expect(pools[1]!.requests.cold).toBe(1);
  });

  it('who may not move on yet stays where it waits, and moves as soon as the next pool takes it', () => {
    // 1: moves at 3, served by the only replica on demand from 8 to 18. 2: stuck from 4 on, takes that slot at 18.
    const { deployments } = run([
      {
        pools: [RESERVED, { ...SERVERLESS, max: 1, queueLimit: 0 }],
        overflowAfterUs: 2,
        requests: [
          [0, 100],
          [1, 10],
          [2, 4],
        ],
      },
    ]);
    const { pools } = deployments[0]!;
    expect(pools[1]!.requests).toMatchObject({ arrived: 2, completed: 2, cold: 2 });
    expect(pools[1]!.wait.sumUs).toBe(7n + 16n);
    expect(pools[1]!.latency.sumUs).toBe(17n + 20n);
  });

  it('moves on when a start-rate token comes, though nothing else happens', () => {
    // One start a 30. The first moves at 2 and is served from 7 on. The second asks at 3 and may not wait; a token comes
    // at 32: served at 37.
    const startRate = { count: 1, periodUs: 30 };
    const { deployments } = run([
      {
        pools: [
          { ...RESERVED, floor: { atUs: [0], count: [0] }, max: 0 },
          { ...SERVERLESS, startRate, queueLimit: 0, idleWindowUs: 0, unusedWindowUs: 0 },
        ],
        overflowAfterUs: 2,
        requests: [
          [0, 100],
          [1, 1],
        ],
      },
    ]);
    expect(deployments[0]!.whole.requests).toMatchObject({ completed: 2, timedOut: 0 });
    expect(deployments[0]!.whole.wait.sumUs).toBe(7n + 36n);
  });

  it('what every pool refuses is rejected once; its client comes back to the first pool', () => {
    const pools = [
      { ...RESERVED, queueLimit: 0 },
      { ...SERVERLESS, max: 1, queueLimit: 0 },
    ];
    const requests: Requests = [
      [0, 10],
      [1, 10],
      [2, 10],
    ];
    const refused = run([{ pools, requests }]).deployments[0]!;
    // The second pool's promise is taken, so that it refuses too.
    expect(refused.whole.requests).toMatchObject({ arrived: 3, completed: 2, rejected: 1 });
    expect(refused.whole.refusals[REFUSALS.indexOf('queue')]).toBe(1);
    const retries = {
      max: 1,
      backoffUs: 9,
      factor: 1,
      jitter: 'none' as const,
      onRejected: true,
      onTimedOut: false,
    };
    const client = { retries, patienceUs: NEVER, cancels: false };
    const again = run([{ pools: pools.map((pool) => ({ ...pool, client })), requests }]);
    // 11: the reserved replica is free again since 10, and serves until 21: 9 and 10 after the first attempt.
    const { whole, pools: each } = again.deployments[0]!;
    expect(whole.requests).toMatchObject({ arrived: 3, completed: 3, rejected: 0, retries: 1 });
    expect(each.map(({ requests: { arrived } }) => arrived)).toEqual([2, 1]);
    expect(each[0]!.latency.sumUs).toBe(10n + 19n);
  });

  it('the first pool draws what a lone pool draws, the others draw luck of their own', () => {
    const load = compileDistribution({ distribution: 'exponential', meanUs: 1e6 });
    const pool = { ...SERVERLESS, startPhases: [{ name: 'load', time: load }], max: 1 };
    const requests = [
      { arrivalUs: 0, serviceUs: 10 },
      { arrivalUs: 1, serviceUs: 10 },
    ];
    const of = (pools: Scenario[], name: string) =>
      runFleet({ deployments: [{ name, pools, overflowAfterUs: NEVER }], account: null }, [
        requests,
      ]).deployments[0]!.pools.map(({ whole }) => whole.startingUs);
    const [alone] = of([pool], '');
    expect(runPool(pool, requests).whole.startingUs).toBe(alone);
    const [first, second] = of(
      [
        { ...pool, queueLimit: 0 },
        { ...pool, queueLimit: 0 },
      ],
      '',
    );
    expect(first).toBe(alone);
    expect(second).not.toBe(alone);
    expect(of([pool], 'other')[0]).not.toBe(alone);
  });
});

describe('an account', () => {
  const one: Scenario = { ...RESERVED };

  it('lets two in at once over three endpoints; the others wait in one line, served in order', () => {
    // 0 and 1 are in. Endpoint 2's of 2 comes in at 10, when the first has ended; endpoint 0's of 3 at 11; endpoint 2's
    // of 4 at 12, and waits for its replica until 15.
    const { deployments, whole } = run(
      [
        {
          pools: [one],
          requests: [
            [0, 10],
            [3, 1],
          ],
        },
        { pools: [one], requests: [[1, 10]] },
        {
          pools: [one],
          requests: [
            [2, 5],
            [4, 1],
          ],
        },
      ],
      { concurrency: 2 },
    );
    expect(deployments.map((own) => own.whole.wait.sumUs)).toEqual([8n, 0n, 8n + 11n]);
    expect(deployments.map((own) => own.whole.whole.waitForLimitUs)).toEqual([8n, 0n, 19n]);
    expect(whole.requests).toMatchObject({ arrived: 5, completed: 5, cold: 0 });
    expect(whole.whole.waitForStartUs).toBe(0n);
  });

  it('refuses beyond its cap where nobody may wait', () => {
    const { deployments } = run(
      [
        {
          pools: [one],
          requests: [
            [0, 10],
            [3, 1],
          ],
        },
        { pools: [one], requests: [[1, 10]] },
        {
          pools: [one],
          requests: [
            [2, 5],
            [10, 1],
          ],
        },
      ],
      { concurrency: 2, whenFull: 'refuse' },
    );
    const account = REFUSALS.indexOf('account');
    expect(deployments.map((own) => own.whole.refusals[account])).toEqual([1, 0, 1]);
    // 10: a completion comes before an arrival of the same instant.
    expect(deployments.map((own) => own.whole.requests.completed)).toEqual([1, 1, 1]);
  });

  it('who waits in its line gives up at the deadline of the first pool, and then counts as waiting for a limit', () => {
    const impatient = { ...one, queueTimeoutUs: 5 };
    const { deployments } = run(
      [
        { pools: [one], requests: [[0, 10]] },
        {
          pools: [impatient],
          requests: [
            [1, 1],
            [7, 1],
          ],
        },
      ],
      { concurrency: 1 },
    );
    const { requests, whole, timeouts, wait } = deployments[1]!.whole;
    // 1: gone at 6. 7: comes in at 10.
    expect(requests).toMatchObject({ arrived: 2, completed: 1, timedOut: 1 });
    expect(whole.waitForLimitUs).toBe(5n + 3n);
    expect(timeouts).toEqual([0, 1, 0, 0]);
    expect(wait.sumUs).toBe(3n);
  });

  it('GPUs that a replica gives back go to whoever has waited longest, in whichever pool', () => {
    // Two replicas serve from 5 to 15 and 17, and leave at 18 and 20. Who came at 1 starts at 18 though its pool stands
    // last, who came at 2 at 20.
    const pool = { ...SERVERLESS, idleWindowUs: 3, unusedWindowUs: 3 };
    const { deployments } = run(
      [
        {
          pools: [pool],
          requests: [
            [0, 10],
            [0, 12],
          ],
        },
        { pools: [pool], requests: [[2, 4]] },
        { pools: [pool], requests: [[1, 4]] },
      ],
      { gpus: 2 },
    );
    expect(deployments.map((own) => own.whole.wait.sumUs)).toEqual([10n, 23n, 22n]);
    expect(deployments.map((own) => own.whole.whole.waitForLimitUs)).toEqual([0n, 18n, 17n]);
    expect(deployments.map((own) => own.whole.whole.waitForStartUs)).toEqual([10n, 5n, 5n]);
  });

  it('a replica of more GPUs than are left is passed over, floors come first', () => {
    // At 18 one GPU of two is free: too few for the second pool's replica of two, enough for the third's.
    const pool = { ...SERVERLESS, idleWindowUs: 3, unusedWindowUs: 3 };
    const { deployments } = run(
      [
        {
          pools: [pool],
          requests: [
            [0, 10],
            [0, 100],
          ],
        },
        { pools: [pool], requests: [[1, 4]] },
        { pools: [pool], requests: [[2, 4]] },
      ],
      { gpus: 2, gpusPerReplica: [[1], [2], [1]] },
    );
    // The third serves from 23 to 27 and leaves at 30; both GPUs are free at 108.
    expect(deployments.map((own) => own.whole.wait.sumUs)).toEqual([10n, 112n, 21n]);
    const floor = { atUs: [0, 4], count: [0, 1] };
    const floors = run(
      [
        { pools: [pool], requests: [[0, 10]] },
        { pools: [pool], requests: [[1, 4]] },
        { pools: [{ ...pool, floor }], requests: [] },
      ],
      { gpus: 1 },
    );
    // 18: the floor of 4 gets the GPU and keeps it; nothing ever serves who came at 1.
    expect(floors.deployments[2]!.whole.whole.scheduledStarts).toBe(1);
    expect(floors.deployments[1]!.whole).toMatchObject({ stranded: 1 });
    expect(floors.deployments[1]!.whole.requests).toMatchObject({ timedOut: 1 });
  });

  it('floors take GPUs in the order of the deployments at time 0', () => {
    const { deployments } = run(
      [
        { pools: [{ ...SERVERLESS, floor: { atUs: [0], count: [2] } }], requests: [] },
        { pools: [{ ...SERVERLESS, floor: { atUs: [0], count: [2] } }], requests: [] },
      ],
      { gpus: 3 },
    );
    expect(deployments.map((own) => own.whole.whole.idleUs)).toEqual([40n, 20n]);
  });

  it('ends whatever it forbids: a cap of 0, no GPUs, pools of no replicas', () => {
    const requests: Requests = [
      [0, 1],
      [5, 1],
    ];
    const fleets = [
      run([{ pools: [SERVERLESS], requests }], { concurrency: 0 }),
      run([{ pools: [SERVERLESS], requests }], { gpus: 0 }),
      run([
        {
          pools: [
            { ...SERVERLESS, max: 0 },
            { ...SERVERLESS, max: 0 },
          ],
          requests,
        },
      ]),
      run([{ pools: [{ ...SERVERLESS, max: 0 }], requests }], { concurrency: 1 }),
      run(
        [
          {
            pools: [
              { ...SERVERLESS, max: 0 },
              { ...SERVERLESS, max: 0, queueLimit: 0 },
            ],
            overflowAfterUs: 0,
            requests,
          },
        ],
        {},
      ),
    ];
    for (const { whole } of fleets) {
      expect(whole).toMatchObject({ stranded: 2, horizonUs: 20 });
      expect(whole.requests).toMatchObject({ arrived: 2, completed: 0, timedOut: 2 });
      expect(whole.whole.waitForLimitUs).toBe(20n + 15n);
    }
  });
});

describe('a fleet fed in chunks', () => {
  it('gives the same totals whatever the chunks, and names may share a deployment', () => {
    const deployments = [0, 1].map((i) => ({
      name: `${i}`,
      pools: [SERVERLESS],
      overflowAfterUs: NEVER,
    }));
    const totals = [1, 2, 6].map((size) => {
      const fleet = new Fleet({ deployments, account: null }, Int32Array.of(0, 1, 0));
      for (let from = 0; from < 6; from += size) {
        const rows = Array.from({ length: size }, (_, i) => from + i);
        fleet.advance({
          count: size,
          arrivalUs: Float64Array.from(rows),
          serviceUs: Float64Array.from(rows, () => 3),
          endpoint: Int32Array.from(rows, (row) => row % 3),
        });
      }
      return fleet.finish();
    });
    expect(totals[1]).toEqual(totals[0]);
    expect(totals[2]).toEqual(totals[0]);
    expect(totals[0]!.deployments.map((own) => own.whole.requests.arrived)).toEqual([4, 2]);
  });
});
