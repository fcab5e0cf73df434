import { describe, expect, it } from 'vitest';
import { streamOf } from '../../src/base/random.ts';
import { US_PER_S } from '../../src/base/units.ts';
import { compileDistribution } from '../../src/engine/distribution.ts';
import { SlotSharing, type SlotSpeed, speedOfEach } from '../../src/engine/slot-sharing.ts';
import { meanOf } from '../../src/study/estimate.ts';
import { erlangC, sharedReplica, waitOfMMc } from '../../src/study/theory.ts';
import { halfWidthOf } from '../../src/study/verify.ts';
import { LAWS, type Law } from '../../src/study/verify-laws.ts';

const ONE_AT_A_TIME: SlotSpeed = [{ requests: 1, speed: 1 }];
const REPLICATIONS = 20;
const REQUESTS = 12_000;

function asMuchAs(c: number): SlotSpeed {
  return [
    { requests: 1, speed: 1 },
    { requests: c, speed: 1 },
  ];
}

/** Poisson arrivals to one replica without a limit of slots. */
function run(points: SlotSpeed, ratePerS: number, law: Law, replication: number) {
  const seed = `sharing/${law}/${ratePerS}/${points.map((p) => `${p.requests}:${p.speed}`)}`;
  const gaps = streamOf(seed, replication, 'arrivals');
  const demands = streamOf(seed, replication, 'service');
  const service = compileDistribution(LAWS[law].spec);
  const sharing = new SlotSharing(points);
  const arrivedUs: number[] = [];
  const demandUs: number[] = [];
  const found: number[] = [];
  const stayedUs: number[] = [];
  const runTo = (nowUs: number) => {
    while (sharing.nextUs <= nowUs) {
      const atUs = sharing.nextUs;
      const row = sharing.pop();
      stayedUs[row] = atUs - arrivedUs[row]!;
    }
  };
  let nowUs = 0;
  for (let row = 0; row < REQUESTS; row++) {
    nowUs += Math.round((-Math.log(gaps.next()) / ratePerS) * US_PER_S);
    runTo(nowUs);
    arrivedUs.push(nowUs);
    demandUs.push(Math.max(1, Math.round(service.sample(demands))));
    found.push(sharing.count(0));
    sharing.join(0, row, demandUs[row]!, nowUs);
  }
  runTo(Number.MAX_SAFE_INTEGER);
  const { given, received } = sharing.balance();
  expect(given).toBe(received);
  // Those in the middle: they meet neither the empty beginning nor the end without arrivals.
  const middle = arrivedUs.map((_, row) => row).slice(REQUESTS / 10, (9 * REQUESTS) / 10);
  const slowdown = (rows: number[]) => meanOf(rows.map((row) => stayedUs[row]! / demandUs[row]!));
  const isShort = (row: number) => demandUs[row]! < service.meanUs;
  return {
    found: middle.map((row) => found[row]!),
    stayS: meanOf(middle.map((row) => stayedUs[row]!)) / US_PER_S,
    slowdown: slowdown(middle),
    short: slowdown(middle.filter(isShort)),
    long: slowdown(middle.filter((row) => !isShort(row))),
  };
}

function runs(points: SlotSpeed, ratePerS: number, law: Law) {
  return Array.from({ length: REPLICATIONS }, (_, n) => run(points, ratePerS, law, n));
}

/** Its exact value lies in the 99.9 % interval of the replications. */
function expectMean(each: readonly number[], theory: number): void {
  expect(Math.abs(meanOf(each) - theory)).toBeLessThanOrEqual(halfWidthOf(each, 0.999));
}

const EACH_LAW: readonly Law[] = ['fixed', 'exponential', 'lognormal', 'hyperexponential'];

describe.each([0.3, 0.7, 0.9])('M/G/1 with processor sharing, load %s', (load) => {
  it.each(EACH_LAW)('%s service: what needs x stays x / (1 - load), short or long', (law) => {
    const all = runs(ONE_AT_A_TIME, load, law);
    const theory = 1 / (1 - load);
    expectMean(
      all.map(({ slowdown }) => slowdown),
      theory,
    );
    expectMean(
      all.map(({ long }) => long),
      theory,
    );
    if (law !== 'fixed')
      expectMean(
        all.map(({ short }) => short),
        theory,
      );
    // The mean stay: as in M/M/1, whatever the law.
    expectMean(
      all.map(({ stayS }) => stayS),
      theory,
    );
  });

  it.each(EACH_LAW)('%s service: an arrival finds n there with chance (1 - load) load^n', (law) => {
    const all = runs(ONE_AT_A_TIME, load, law);
    for (const n of [0, 1, 3]) {
      const share = (found: number[]) => found.filter((there) => there === n).length / found.length;
      expectMean(
        all.map(({ found }) => share(found)),
        (1 - load) * load ** n,
      );
    }
  });
});

describe.each([
  [4, 0.5],
  [4, 0.9],
  [16, 0.8],
])('M/G/%s shared equally, load %s: as many there as in M/M/c', (c, load) => {
  it.each(EACH_LAW)('%s service', (law) => {
    const rate = c * load;
    const all = runs(asMuchAs(c), rate, law);
    const { mean } = waitOfMMc(c, rate, 1);
    expectMean(
      all.map(({ found }) => meanOf(found)),
      rate * (mean + 1),
    );
    expectMean(
      all.map(({ stayS }) => stayS),
      mean + 1,
    );
    const full = (found: number[]) => found.filter((there) => there >= c).length / found.length;
    expectMean(
      all.map(({ found }) => full(found)),
      erlangC(c, rate),
    );
  });
});

describe('speeds as measured, { 1: 1, 4: 0.8, 8: 0.5 }: Cohen 1979', () => {
  const points: SlotSpeed = [
    { requests: 1, speed: 1 },
    { requests: 4, speed: 0.8 },
    { requests: 8, speed: 0.5 },
  ];
  it.each(EACH_LAW)('%s service: number there, slowdown of short and long', (law) => {
    const rate = 3;
    const { chance, mean, slowdown } = sharedReplica(rate, (n) => speedOfEach(points, n));
    const all = runs(points, rate, law);
    expectMean(
      all.map(({ found }) => meanOf(found)),
      mean,
    );
    expectMean(
      all.map(({ long }) => long),
      slowdown,
    );
    if (law !== 'fixed')
      expectMean(
        all.map(({ short }) => short),
        slowdown,
      );
    for (const n of [0, 3, 8]) {
      const share = (found: number[]) => found.filter((there) => there === n).length / found.length;
      expectMean(
        all.map(({ found }) => share(found)),
        chance[n]!,
      );
    }
  });
});

describe('the closed form of a shared replica', () => {
  it('with speed 1 / n is M/M/1, with min(1, c / n) M/M/c', () => {
    const one = sharedReplica(0.9, (n) => 1 / n);
    expect(one.slowdown).toBeCloseTo(10, 10);
    expect(one.chance[3]).toBeCloseTo(0.1 * 0.9 ** 3, 12);
    const several = sharedReplica(4, (n) => Math.min(1, 5 / n));
    expect(several.mean).toBeCloseTo(4 * (1 + waitOfMMc(5, 4, 1).mean), 10);
  });

  it('with slots that are as fast together as alone, and a queue, is M/M/c too', () => {
    const several = sharedReplica(4, () => 1, 5);
    expect(several.mean).toBeCloseTo(4 * (1 + waitOfMMc(5, 4, 1).mean), 10);
  });
});
