/** Bounds of small studies, worked out by hand: a replica costs $0.001 a second, and an hour is observed. */
import { describe, expect, it } from 'vitest';
import { AS_STUDIED, type Bound } from '../../../../src/study/bind.ts';
import { boundsOf } from '../../../../src/study/bounds/bounds.ts';
import { fixedFleetOf } from '../../../../src/study/bounds/fixed-fleet.ts';
import { costsOf } from '../../../../src/study/figures.ts';
import { benchOf, jobOf } from '../../../../src/study/job.ts';
import { runPool } from '../../../../src/study/run-bound.ts';
import { load } from '../studies.ts';

const STUDY = `
version: 1
workload:
  synthesize: { duration: 1h, arrivals: { process: poisson, rate: 0.1/s } }
  service: 10s
deployment: { coldStart: 20s, idleWindow: 5m }
billing: { usdPerReplicaHour: 3.6 }
`;

function bound(text: string, ...set: readonly string[]): Bound {
  const loaded = load(text, { set, asItStands: true });
  return jobOf(benchOf(loaded, [], 'test'), loaded.points[0]!, AS_STUDIED).bound;
}

/** @param requests [arrival, service] in seconds, in place of the study's own */
function given(requests: readonly [number, number][], ...set: readonly string[]): Bound {
  const own = bound(STUDY, ...set);
  const column = (of: 0 | 1) => Float64Array.from(requests, (request) => request[of] * 1e6);
  const chunk = { count: requests.length, arrivalUs: column(0), serviceUs: column(1) };
  return { ...own, workload: { ...own.workload, chunks: () => [chunk] } };
}

/** Two at once, one after a short gap, one after a long one. */
const FOUR: readonly [number, number][] = [
  [100, 10],
  [105, 10],
  [120, 10],
  [1000, 10],
];

describe('bounds worked out by hand', () => {
  it('work is service time over slots', () => {
    expect(boundsOf(given(FOUR)).work).toEqual({ usdPerHour: expect.closeTo(0.04, 12), why: null });
    const four = boundsOf(given(FOUR, 'deployment.concurrency=4'));
    expect(four.work.usdPerHour).toBeCloseTo(0.01, 12);
  });

  it('nobody waits: each gap costs the cheaper of idling through it and a start', () => {
    // Level 1 is in use in [100, 115), [120, 130), [1000, 1010), level 2 in [105, 110).
    // Starts at 100, 105 and 1000; the gap of 5 s is idled through.
    const { nobodyWaits } = boundsOf(given(FOUR));
    expect(nobodyWaits).toEqual({
      usdPerHour: expect.closeTo(0.001 * (40 + 5 + 3 * 20), 12),
      why: null,
      peak: 2,
      starts: 3,
      holds: 'always',
    });
  });

  it('with two slots both of the first share a replica', () => {
    const { nobodyWaits, work } = boundsOf(given(FOUR, 'deployment.concurrency=2'));
    expect(nobodyWaits.usdPerHour).toBeCloseTo(0.001 * (35 + 5 + 2 * 20), 12);
    expect(nobodyWaits.peak).toBe(1);
    expect(work.usdPerHour).toBeCloseTo(0.02, 12);
  });

  it('its own services: who waits for a start is served later, and needs no second replica', () => {
    // One replica, started at 100 and at 1000: 120-130, 130-140, 140-150, and 1020-1030.
    const { ownServices, runUsdPerHour } = boundsOf(given(FOUR, 'deployment.replicas.max=1'));
    expect(ownServices.usdPerHour).toBeCloseTo(0.001 * (40 + 2 * 20), 12);
    expect(ownServices.starts).toBe(2);
    // The run idles for 5 min after each.
    expect(runUsdPerHour).toBeCloseTo(0.001 * (40 + 2 * 20 + 600), 12);
  });

  it('a start counts as far as it is paid', () => {
    const free = boundsOf(given(FOUR, 'billing.startPhases=[]'));
    expect(free.nobodyWaits.usdPerHour).toBeCloseTo(0.04, 12);
    expect(free.nobodyWaits.starts).toBe(4);
  });

  it('a start that is drawn counts at its mean, which holds in the mean', () => {
    const { nobodyWaits } = boundsOf(
      given(FOUR, 'deployment.coldStart={ distribution: exponential, mean: 20s }'),
    );
    expect(nobodyWaits.usdPerHour).toBeCloseTo(0.001 * (40 + 5 + 3 * 20), 12);
    expect(nobodyWaits.holds).toBe('in the mean');
  });

  it('what lies outside the observed period does not count', () => {
    const late = boundsOf(given([[3595, 10]]));
    expect(late.work.usdPerHour).toBeCloseTo(0.005, 12);
    expect(late.nobodyWaits.usdPerHour).toBeCloseTo(0.025, 12);
  });

  it('always-on capacity is taken where it is cheaper, with no floor in the study too', () => {
    const own = 'billing.alwaysOn={ usdPerReplicaHour: 1.8 }';
    expect(boundsOf(given(FOUR, own)).work.usdPerHour).toBeCloseTo(0.02, 12);
  });

  it('rounding and minimums are not in it; requests and the plan are', () => {
    const set = ['billing.quantum=1m', 'billing.minimum=10m', 'billing.usdPerRequest=0.5'];
    const { work, besideUsdPerHour } = boundsOf(given(FOUR, ...set));
    expect(besideUsdPerHour).toBeCloseTo(2, 12);
    expect(work.usdPerHour).toBeCloseTo(2.04, 12);
  });

  it('credit is taken off, a commitment is paid', () => {
    const month = 730;
    const credit = boundsOf(given(FOUR, `billing.creditUsdPerMonth=${0.01 * month}`));
    expect(credit.work.usdPerHour).toBeCloseTo(0.03, 12);
    const much = boundsOf(given(FOUR, `billing.creditUsdPerMonth=${month}`));
    expect(much.work.usdPerHour).toBe(0);
    const committed = boundsOf(given(FOUR, `billing.commitmentUsdPerMonth=${month}`));
    expect(committed.work.usdPerHour).toBeCloseTo(1, 12);
  });

  it('of a bill by the request, time in service counts and idle replicas are free', () => {
    const byRequest = ['billing.scope=request', 'billing.states=[busy]'];
    const { work, nobodyWaits } = boundsOf(given(FOUR, ...byRequest));
    expect(work.usdPerHour).toBeCloseTo(0.04, 12);
    expect(nobodyWaits.usdPerHour).toBeCloseTo(0.04, 12);
  });
});

describe('where a bound does not apply', () => {
  it('a bill by the token has no meter of replica time, and says so', () => {
    const text = STUDY.replace(
      '{ usdPerReplicaHour: 3.6 }',
      '{ usdPerMillionInputTokens: 2, usdPerMillionOutputTokens: 4 }',
    ).replace('rate: 0.1/s }', 'rate: 0.1/s }, tokens: { input: 100, output: 10 }');
    const { work, nobodyWaits, ownServices, sentence } = boundsOf(bound(text));
    for (const least of [work, nobodyWaits, ownServices]) {
      expect(least.usdPerHour).toBeNull();
      expect(least.why).toContain('no meter of replica time');
    }
    expect(sentence).toContain('no meter of replica time');
  });

  it('unlimited slots have no work bound', () => {
    const { work, nobodyWaits } = boundsOf(given(FOUR, 'deployment.concurrency=unlimited'));
    expect(work.usdPerHour).toBeNull();
    expect(work.why).toContain('unlimited');
    expect(nobodyWaits.usdPerHour).toBeCloseTo(0.001 * (35 + 5 + 2 * 20), 12);
  });

  it('without a price there is none', () => {
    const text = STUDY.replace(/billing:.*\n/, '');
    expect(boundsOf(bound(text)).sentence).toBe('no bound: there is no price');
  });
});

const QUEUE = STUDY.replace('0.1/s', '0.5/s').replace(
  '10s',
  '{ distribution: exponential, mean: 10s }',
);

/** Every number of replicas, one after the other, always ready. */
function byTrying(own: Bound, most: number): readonly { waits: boolean; usdPerHour: number }[] {
  return Array.from({ length: most }, (_, i) => {
    const count = i + 1;
    const floor = { atUs: [0], count: [count] };
    const fixed = { ...own, scenario: { ...own.scenario, floor, max: count } };
    const totals = runPool(fixed, 0);
    const usdPerHour = costsOf(own.plan, [totals], 0)!.all.usdPerHour!;
    return { waits: totals.wait.maxUs > 0, usdPerHour };
  });
}

describe('the fixed fleet', () => {
  it('in which nobody waits has as many replicas as the peak needs, and one fewer makes somebody wait', () => {
    const own = bound(QUEUE);
    const { fixedFleet, nobodyWaits } = boundsOf(own);
    const tried = byTrying(own, nobodyWaits.peak!);
    const first = tried.findIndex(({ waits }) => !waits);
    expect(fixedFleet).toEqual({
      usdPerHour: tried[first]!.usdPerHour,
      why: null,
      replicas: first + 1,
      meets: 'nobody waits',
    });
    expect(fixedFleet.replicas).toBe(nobodyWaits.peak);
    expect(
      tried.slice(0, first).every(({ waits }) => waits),
      'waits end at a step',
    ).toBe(true);
  });

  it('that meets objectives is the smallest that does, found by runs', () => {
    const text = `${QUEUE}slo: ['waitS.p99 <= 2']\n`;
    const own = bound(text);
    const { replicas, meets } = fixedFleetOf(own, own.plan!, 30);
    expect(meets).toBe('the objectives');
    const share = (count: number) => {
      const floor = { atUs: [0], count: [count] };
      const { withinWait, requests } = runPool(
        { ...own, scenario: { ...own.scenario, floor, max: count } },
        0,
      );
      return withinWait[0]! / requests.arrived;
    };
    expect(share(replicas!)).toBeGreaterThanOrEqual(0.99);
    expect(share(replicas! - 1)).toBeLessThan(0.99);
  });

  it('says which objective no number of replicas meets, and which the fewest of them break', () => {
    const never = bound(`${QUEUE}slo: ['latencyS.p99 <= 1']\n`);
    expect(fixedFleetOf(never, never.plan!, 30)).toEqual({
      usdPerHour: null,
      replicas: null,
      meets: null,
      why: 'no number of always-ready replicas meets latencyS.p99 <= 1',
    });
    const dear = bound(`${QUEUE}slo: ['waitS.p99 <= 2', 'cost.usdPerHour <= 5']\n`);
    const { why, usdPerHour } = fixedFleetOf(dear, dear.plan!, 30);
    expect(usdPerHour).toBeNull();
    expect(why).toMatch(/^\d+ always-ready replicas .* break cost\.usdPerHour <= 5$/);
  });
});

describe('several replications', () => {
  it('have the mean of the bounds of each', () => {
    const all = boundsOf(bound(QUEUE, 'replications=3'));
    const each = [0, 1, 2].map((nth) => {
      const one = bound(QUEUE);
      const chunks = (seed: string) => one.workload.chunks(seed, nth);
      return boundsOf({ ...one, workload: { ...one.workload, chunks } });
    });
    const mean = each.reduce((sum, { work }) => sum + work.usdPerHour!, 0) / 3;
    expect(all.work.usdPerHour).toBeCloseTo(mean, 9);
  });
});

describe('several endpoints and pools', () => {
  const CHATS = STUDY.replace(
    'rate: 0.1/s }',
    'rate: 0.1/s }, endpoints: { count: 2, zipf: 1 }',
  ).replace('idleWindow: 5m', 'idleWindow: 2m');
  const APART = `${CHATS}endpoints: { endpoint-1: { idleWindow: 5m }, endpoint-2: { coldStart: 1s } }\n`;

  it('endpoints add up: each is served by replicas of its own', () => {
    const all = boundsOf(bound(APART));
    const only = (name: number, ...set: readonly string[]) => {
      const one = bound(CHATS, ...set);
      const chunks: typeof one.workload.chunks = (seed, nth) =>
        [...one.workload.chunks(seed, nth)].map((chunk) => {
          const mine = (_: number, row: number) => chunk.endpoint![row] === name;
          const arrivalUs = chunk.arrivalUs.slice(0, chunk.count).filter(mine);
          const serviceUs = chunk.serviceUs.slice(0, chunk.count).filter(mine);
          return { count: arrivalUs.length, arrivalUs, serviceUs };
        });
      return boundsOf({ ...one, workload: { ...one.workload, chunks } });
    };
    const chat = only(0, 'deployment.idleWindow=5m');
    const embed = only(1, 'deployment.coldStart=1s');
    for (const which of ['work', 'nobodyWaits', 'ownServices'] as const) {
      const sum = chat[which].usdPerHour! + embed[which].usdPerHour!;
      expect(all[which].usdPerHour, which).toBeCloseTo(sum, 12);
    }
    expect(all.runUsdPerHour).toBeCloseTo(chat.runUsdPerHour! + embed.runUsdPerHour!, 12);
    expect(all.fixedFleet.why).toBe('not for several pools or endpoints');
  });

  it('several pools of one deployment have a bound on what each served alone', () => {
    const text = STUDY.replace(
      /deployment:.*\n/,
      'deployment: { coldStart: 20s, pools: [{ name: a, replicas: { min: 1, max: 1 }, admission: { queue: none } }, { name: b, idleWindow: 5m }] }\n',
    );
    const { work, nobodyWaits, ownServices, runUsdPerHour, sentence } = boundsOf(bound(text));
    expect(work.why).toContain('not for several pools');
    expect(nobodyWaits.why).toContain('not for several pools');
    expect(ownServices.usdPerHour).toBeGreaterThan(1);
    expect(ownServices.usdPerHour).toBeLessThan(runUsdPerHour!);
    expect(sentence).toMatch(/^what was served, where it was served, costs \$\d\.\d\d\/h at least/);
  });
});
