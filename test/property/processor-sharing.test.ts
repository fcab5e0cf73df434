import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { streamOf } from '../../src/base/random.ts';
import { HeapForest } from '../../src/engine/heap-forest.ts';
import { ProcessorSharing } from '../../src/engine/processor-sharing.ts';
import { NONE } from '../../src/engine/recency-list.ts';
import { SharedLink } from '../../src/engine/shared-link.ts';
import { SlotSharing, type SlotSpeed, speedOfEach } from '../../src/engine/slot-sharing.ts';
import { idealEnds, NaiveSharing } from '../kit/naive-sharing.ts';

/** Change it to try others; a failure names it. */
const SEED = process.env['COLDFRONT_FUZZ_SEED'] ?? '1';

/** Uniform integers in [0, below), by seed and structure. */
function dice(name: string): (below: number) => number {
  const uniforms = streamOf(`${SEED}/${name}`, 0, 'test');
  return (below) => Math.floor(uniforms.next() * below);
}

/** Many cheap comparisons: `expect` alone would take minutes. */
function same(actual: number | bigint, expected: number | bigint, where: string): void {
  if (actual !== expected) expect(actual, `seed ${SEED}, ${where}`).toBe(expected);
}

const SPEEDS: readonly SlotSpeed[] = [
  [{ requests: 1, speed: 1 }],
  [
    { requests: 1, speed: 1 },
    { requests: 4, speed: 1 },
  ],
  [
    { requests: 1, speed: 1 },
    { requests: 4, speed: 0.8 },
    { requests: 8, speed: 0.5 },
  ],
  [
    { requests: 1, speed: 1.25 },
    { requests: 3, speed: 0.333 },
  ],
];

describe(`processor sharing (seed ${SEED})`, () => {
  it('many heaps over one set of ids each know their first, and let go of any id', () => {
    const roll = dice('forest');
    const forest = new HeapForest();
    const roots = Array.from({ length: 5 }, () => NONE);
    const model = roots.map(() => [] as number[]);
    const spare: number[] = [];
    let ids = 0;
    const before = (a: number, b: number) =>
      forest.key[a]! - forest.key[b]! ||
      forest.part[a]! - forest.part[b]! ||
      forest.turn[a]! - forest.turn[b]!;
    for (let n = 0; n < 300_000; n++) {
      const heap = roll(5);
      const members = model[heap]!;
      if (roll(2 * [1, 3, 10, 40, 200][heap]!) >= members.length) {
        const id = spare.pop() ?? ids++;
        forest.reserve(id);
        forest.key[id] = roll(20);
        forest.part[id] = roll(3);
        forest.turn[id] = n;
        roots[heap] = forest.insert(roots[heap]!, id);
        members.push(id);
      } else {
        const id = roll(3) > 0 ? roots[heap]! : members[roll(members.length)]!;
        roots[heap] = forest.remove(roots[heap]!, id);
        members.splice(members.indexOf(id), 1);
        spare.push(id);
      }
      const first = members.reduce((a, b) => (a === NONE || before(b, a) < 0 ? b : a), NONE);
      same(roots[heap]!, first, `operation ${n}`);
    }
  });

  it.each(
    SPEEDS.map(
      (points) => [points.map((p) => `${p.requests}: ${p.speed}`).join(', '), points] as const,
    ),
  )(
    'ends, joins and leaves as one-by-one simulation has them, to the microsecond: { %s }',
    (name, points) => {
      const roll = dice(name);
      const sharing = new SlotSharing(points);
      const naive = new NaiveSharing(sharing.unit, (n) =>
        Math.round(speedOfEach(points, n) * sharing.unit),
      );
      const spare: number[] = [];
      let ids = 0;
      let nowUs = 0;
      let regime = { size: 1, scaleUs: 1, resources: 1 };
      for (let n = 0; n < 30_000; n++) {
        if (n % 500 === 0) {
          regime = {
            size: [2, 5, 20][roll(3)]!,
            scaleUs: [0, 3, 1000, 1e6, 1e9, 1e11][roll(6)]!,
            resources: [1, 2, 5][roll(3)]!,
          };
        }
        const next = naive.next();
        same(sharing.nextUs, next?.atUs ?? Number.POSITIVE_INFINITY, `operation ${n}`);
        same(sharing.nextResource, next?.resource ?? NONE, `operation ${n}`);
        const passedUs = Math.floor((roll(1000) / 1000) * regime.scaleUs);
        const toUs = nowUs + (roll(3) === 0 ? 0 : passedUs);
        if (next !== null && next.atUs <= toUs) {
          nowUs = next.atUs;
          same(sharing.first(next.resource), next.id, `operation ${n}`);
          same(sharing.pop(), next.id, `operation ${n}`);
          naive.leave(next.id, nowUs);
          spare.push(next.id);
          continue;
        }
        nowUs = toUs;
        const { members } = naive;
        if (members.length < regime.size && roll(4) > 0) {
          const id = spare.pop() ?? ids++;
          const resource = roll(regime.resources);
          const demand = Math.floor((roll(100) / 100) * regime.scaleUs);
          sharing.join(resource, id, demand, nowUs);
          naive.join(resource, id, demand, nowUs);
        } else if (members.length > 0 && roll(3) === 0) {
          const { id } = members[roll(members.length)]!;
          sharing.leave(id, nowUs);
          naive.leave(id, nowUs);
          spare.push(id);
        }
      }
      while (sharing.nextResource !== NONE) sharing.pop();
      const { given, received } = sharing.balance();
      same(given, received, 'what was given was received');
    },
  );

  it('with speed 1 whatever the company, each ends exactly at its begin and demand, first begun first', () => {
    const jobs = fc.array(
      fc.record({ atUs: fc.nat(30), replica: fc.nat(2), demandUs: fc.nat(10) }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(jobs, (unsorted) => {
        const sharing = new SlotSharing([
          { requests: 1, speed: 1 },
          { requests: 100, speed: 1 },
        ]);
        const sorted = unsorted.toSorted((a, b) => a.atUs - b.atUs);
        const ended: [row: number, atUs: number][] = [];
        const runTo = (nowUs: number) => {
          while (sharing.nextUs <= nowUs) {
            const atUs = sharing.nextUs;
            ended.push([sharing.pop(), atUs]);
          }
        };
        sorted.forEach(({ atUs, replica, demandUs }, row) => {
          runTo(atUs - 1);
          sharing.join(replica, row, demandUs, atUs);
        });
        runTo(1e9);
        const expected = sorted
          .map(({ atUs, demandUs }, row) => [row, atUs + demandUs] as const)
          .toSorted((a, b) => a[1] - b[1] || a[0] - b[0]);
        expect(ended).toEqual(expected);
      }),
    );
  });

  it('is the ideal in continuous time of demands that are less than a microsecond longer', () => {
    const jobs = fc.array(
      fc.record({ gapUs: fc.nat(3000), demandUs: fc.integer({ min: 1, max: 5000 }) }),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(jobs, fc.constantFrom(...SPEEDS), (gaps, points) => {
        const sharing = new SlotSharing(points);
        const ended: number[] = [];
        const longer: number[] = [];
        const runTo = (nowUs: number) => {
          while (sharing.nextUs <= nowUs) {
            const atUs = sharing.nextUs;
            const row = sharing.pop();
            ended[row] = atUs;
            longer[row] = sharing.beyondUnits / sharing.unit;
          }
        };
        let atUs = 0;
        const arrivals = gaps.map(({ gapUs, demandUs }, row) => {
          atUs += gapUs;
          runTo(atUs);
          sharing.join(0, row, demandUs, atUs);
          return { atUs, demandUs };
        });
        runTo(1e12);
        const given = arrivals.map(({ demandUs, ...job }, row) => ({
          ...job,
          demandUs: demandUs + longer[row]!,
        }));
        for (const each of longer) expect(each).toBeLessThan(1.25);
        const speedOf = (n: number) =>
          Math.round(speedOfEach(points, n) * sharing.unit) / sharing.unit;
        const ideal = idealEnds(given, speedOf);
        ideal.forEach((endUs, row) => {
          expect(Math.abs(endUs - ended[row]!)).toBeLessThan(0.01);
        });
      }),
    );
  });

  it('a shared link gives each replica the lesser of its own bandwidth and an equal part, in any order of joins and leaves', () => {
    const roll = dice('link');
    const [own, all] = [1234.5, 5000];
    const link = new SharedLink(own, all);
    const alike = new ProcessorSharing((n) => Math.min(own, all / n), own);
    const naive = new NaiveSharing(alike.unit, (n) =>
      Math.round(Math.min(own, all / n) * alike.unit),
    );
    let nowUs = 0;
    let ids = 0;
    for (let n = 0; n < 20_000; n++) {
      const next = naive.next();
      same(link.nextUs, next?.atUs ?? Number.POSITIVE_INFINITY, `operation ${n}`);
      same(link.loading, naive.members.length, `operation ${n}`);
      const toUs = nowUs + roll(5e6);
      if (next !== null && next.atUs <= toUs) {
        nowUs = next.atUs;
        same(link.pop(), next.id, `operation ${n}`);
        naive.leave(next.id, nowUs);
        continue;
      }
      nowUs = toUs;
      if (naive.members.length < 12 && roll(3) > 0) {
        const bytes = roll(1e9) * (1 + roll(26));
        link.join(ids, bytes, nowUs);
        naive.join(0, ids++, bytes, nowUs);
      } else if (naive.members.length > 0 && roll(2) === 0) {
        const { id } = naive.members[roll(naive.members.length)]!;
        link.leave(id, nowUs);
        naive.leave(id, nowUs);
      }
    }
  });
});
