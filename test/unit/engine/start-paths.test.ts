import { describe, expect, it } from 'vitest';
import { keyed } from '../../../src/base/random.ts';
import { compileDistribution, fixed } from '../../../src/engine/distribution.ts';
import { StartPaths } from '../../../src/engine/start-paths.ts';

const PULL = fixed(20e6);
const LOAD = compileDistribution({ distribution: 'lognormal', meanUs: 8e6, cv: 0.3 });
const COLD = [
  { name: 'pull', time: PULL },
  { name: 'load', time: LOAD },
];
const NOTHING = fixed(0);

const cached = (chance: number) => ({ name: 'cached', chance, phases: [NOTHING, LOAD] });
const snapshot = (chance: number) => ({ name: 'snapshot', chance, phases: [fixed(3e6), NOTHING] });
const revived = (chance: number) => ({ name: 'revived', chance, phases: [fixed(5e5), NOTHING] });

function taken(paths: StartPaths): Record<string, number> {
  return Object.fromEntries(paths.counts().map(({ name, starts }) => [name, starts]));
}

describe('the ladder of start paths', () => {
  it('takes the first path whose chance comes up, else the start phases as they stand', () => {
    const paths = new StartPaths([snapshot(0.5), cached(0.4)], 0, COLD);
    // Half by snapshot; 0.4 of the other half cached, up to 0.7.
    const us = [0.1, 0.499, 0.5, 0.699, 0.701, 0.999];
    expect(us.map((u) => paths.choose(0, u))).toEqual([0, 0, 1, 1, 2, 2]);
    expect(taken(paths)).toEqual({ snapshot: 2, cached: 2, cold: 2 });
  });

  it('draws for the path only where it is a matter of luck', () => {
    expect(new StartPaths([], 0, COLD).drawsPath).toBe(false);
    expect(new StartPaths([cached(1), snapshot(0)], 0, COLD).drawsPath).toBe(false);
    expect(new StartPaths([cached(0.5)], 0, COLD).drawsPath).toBe(true);
    expect(new StartPaths([], 0, COLD).choose(0, 0)).toBe(0);
    expect(new StartPaths([cached(0)], 0, COLD).choose(0, 0)).toBe(1);
    expect(new StartPaths([cached(1)], 0, COLD).choose(0, 0.999999)).toBe(0);
  });

  it('takes paths as often as their chances say', () => {
    const paths = new StartPaths([snapshot(0.5), cached(0.4)], 0, COLD);
    const starts = 20_000;
    for (let n = 0; n < starts; n++) paths.choose(0, keyed('s', 0, 'start/path', n, 0).next());
    const { snapshot: first, cached: second } = taken(paths);
    // 3.29 standard deviations of a binomial: 99.9 %.
    const within = (share: number) => 3.29 * Math.sqrt(starts * share * (1 - share));
    expect(Math.abs(first! - 0.5 * starts)).toBeLessThan(within(0.5));
    expect(Math.abs(second! - 0.2 * starts)).toBeLessThan(within(0.2));
  });
});

describe('reviving', () => {
  it('needs a replica that left at most so long ago; each comes back once, the last that left first', () => {
    const paths = new StartPaths([revived(1)], 100, COLD);
    expect(paths.choose(0, 0)).toBe(1);
    for (const leftUs of [10, 50, 60]) paths.departs(leftUs);
    // 60 and 50 are in reach of 150, 10 is not; 50 just is.
    expect([150, 150, 150].map((nowUs) => paths.choose(nowUs, 0))).toEqual([0, 0, 1]);
    paths.departs(200);
    expect(paths.choose(301, 0)).toBe(1);
  });

  it('that does not come up leaves the replica for another start', () => {
    const paths = new StartPaths([revived(0.5), cached(0.5)], 100, COLD);
    // Nobody left: the uniform is all for the next path.
    expect([0.4, 0.6].map((u) => paths.choose(0, u))).toEqual([1, 2]);
    paths.departs(0);
    expect([0.6, 0.9, 0.4, 0.4].map((u) => paths.choose(1, u))).toEqual([1, 2, 0, 1]);
  });

  it('remembers as many departures as are in reach, over a long run', () => {
    const paths = new StartPaths([revived(1)], 1000, COLD);
    for (let us = 0; us < 100_000; us++) {
      paths.departs(us);
      if (us % 3 === 0) expect(paths.choose(us, 0)).toBe(0);
    }
    let revivals = 0;
    while (paths.choose(100_000, 0) === 0) revivals++;
    // Left from 99,000 to 99,999, of which each third was revived at once.
    expect(revivals).toBe(1000 - 334);
  });
});

describe('phases and times', () => {
  it('a phase has the same luck on every path', () => {
    const paths = new StartPaths([snapshot(0.5), cached(0.4)], 0, COLD);
    const drawn = [0, 1, 2].map((path) => {
      const luck = keyed('s', 0, 'start', 17, 0);
      const phaseUs = new Float64Array(4);
      paths.draw(path, luck, phaseUs, 2);
      return [...phaseUs, luck.next()];
    });
    const loadUs = drawn[2]![3]!;
    expect(Number.isInteger(loadUs)).toBe(true);
    expect(drawn.map((of) => of.slice(0, 4))).toEqual([
      [0, 0, 3e6, 0],
      [0, 0, 0, loadUs],
      [0, 0, 20e6, loadUs],
    ]);
    expect(new Set(drawn.map((of) => of[4])).size).toBe(1);
    expect(paths.drawsPhases).toBe(true);
  });

  it('without shortcuts draws what the start phases draw by themselves', () => {
    const phaseUs = new Float64Array(2);
    new StartPaths([], 0, COLD).draw(0, keyed('s', 0, 'start', 3, 1), phaseUs, 0);
    expect([...phaseUs]).toEqual([20e6, Math.round(LOAD.sample(keyed('s', 0, 'start', 3, 1)))]);
  });

  it('counts starts, and of those that became ready how long they took', () => {
    const paths = new StartPaths([cached(0.5)], 0, COLD);
    const cold = paths.choose(0, 0.9);
    paths.choose(0, 0.9);
    paths.becomesReady(cold, 28e6);
    expect(paths.counts()).toEqual([
      { name: 'cached', starts: 0, ready: 0, tookUs: 0n },
      { name: 'cold', starts: 2, ready: 1, tookUs: 28_000_000n },
    ]);
  });
});
