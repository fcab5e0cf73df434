import { describe, expect, it } from 'vitest';
import { parseDurationUs } from '../../../../src/base/units.ts';
import { optimize } from '../../../../src/study/optimize/optimize.ts';
import { searchStudy } from '../../../kit/search-studies.ts';
import { laboratory, traceOf } from '../studies.ts';

/** A request a minute, then a burst of four every ten minutes: what is kept decides how many are late. */
const rows = Array.from({ length: 2_000 }, (_, i): readonly [number, number] => [
  Math.floor(i / 4) * 150 + (i % 4) * (i % 8 < 4 ? 20 : 1),
  6,
]);
const STUDY = `
version: 1
workload: { replay: { file: log.csv } }
deployment: { coldStart: 30s, idleWindow: 60s }
billing: { usdPerReplicaHour: 2 }
slo: [latencyS.p95 <= 20]
`;
const VARY = ['deployment.replicas.min=0..6', 'deployment.idleWindow=5s..20m'];

const replayed = (more: { vary?: string[]; text?: string } = {}) =>
  laboratory(
    more.text ?? STUDY,
    { vary: more.vary ?? VARY, isSearched: true },
    { traces: [traceOf(rows)] },
  );

describe('a search', () => {
  it('finds over a range without steps what a sweep of all its values finds', async () => {
    const lab = replayed();
    const document = await optimize(lab, { hasHeadroom: false });
    const all = await lab.run(lab.loaded.points.map(({ overrides }) => ({ overrides })));
    const least = Math.min(
      ...all.filter(({ result }) => result.slo!.met).map(({ result }) => result.cost!.usdPerHour!),
    );
    expect(document.certain).toBe(true);
    expect(document.configurations).toBeGreaterThan(1_000);
    expect(document.best!.slo!.met).toBe(true);
    expect(document.best!.cost!.usdPerHour!).toBeLessThanOrEqual(least * 1.01);
    expect(document.runs).toBeLessThan(0.1 * document.configurations);
    expect(document.confirmations).toBeNull();
  });

  it('says what each cheaper neighbor breaks, and the next that meets them', async () => {
    const { best, refused, runnersUp } = await optimize(replayed(), { hasHeadroom: false });
    expect(refused.length).toBeGreaterThan(0);
    for (const { breaks } of refused) expect(breaks).toEqual(['latencyS.p95 <= 20']);
    const costs = [best!, ...runnersUp].map(({ cost }) => cost!.usdPerHour!);
    expect(costs).toEqual(costs.toSorted((a, b) => a - b));
  });

  it('tells equal configurations once: what runs today is the row of the grid that comes to it', async () => {
    const text = `${STUDY}current: { deployment.replicas.min: 3 }\n`;
    const vary = ['deployment.replicas.min=3..4', 'deployment.idleWindow=60s,2m'];
    const { best, runnersUp, current } = await optimize(replayed({ text, vary }), {
      hasHeadroom: false,
    });
    const rows = [best!, ...runnersUp].map(({ cost }) => cost!.usdPerHour!);
    expect(new Set(rows).size).toBe(rows.length);
    const same = [best!, ...runnersUp].filter(
      ({ cost }) => cost!.usdPerHour === current!.cost!.usdPerHour,
    );
    expect(same.map(({ vary: own }) => own)).toEqual([current!.vary]);
  });

  it('shows cheaper neighbors that differ in distinct ways, dearest first, two of a kind at most', async () => {
    const { best, refused } = await optimize(replayed(), { hasHeadroom: false });
    const [min, idleWindow] = ['deployment.replicas.min', 'deployment.idleWindow'];
    const size = (value: unknown) =>
      typeof value === 'string' ? parseDurationUs(value)! : Number(value);
    const ways = refused.map(({ vary }) =>
      [min, idleWindow]
        .map((path) => Math.sign(size(vary[path!]) - size(best!.vary[path!])))
        .join(' '),
    );
    for (const way of ways) expect(ways.filter((other) => other === way).length).toBeLessThan(3);
    const costs = refused.map(({ usdPerHour }) => usdPerHour ?? Number.NEGATIVE_INFINITY);
    expect(costs).toEqual(costs.toSorted((a, b) => b - a));
    for (const { usdPerHour, p99S } of refused) expect(p99S === null).toBe(usdPerHour === null);
  });

  it('says which keys of the answer lie at the end of what was varied', async () => {
    const vary = ['deployment.replicas.min=0..6', 'deployment.idleWindow=20m'];
    const free = STUDY.replace('slo: [latencyS.p95 <= 20]', 'slo: [latencyS.p95 <= 1000]');
    expect((await optimize(replayed({ vary }), { hasHeadroom: false })).ends).toEqual(
      expect.not.arrayContaining([expect.objectContaining({ path: 'deployment.idleWindow' })]),
    );
    const ends = async (values: string) =>
      (
        await optimize(replayed({ text: free, vary: [`deployment.replicas.min=${values}`] }), {
          hasHeadroom: false,
        })
      ).ends;
    expect(await ends('2..6')).toEqual([
      { path: 'deployment.replicas.min', value: 2, end: 'smallest' },
    ]);
    expect(await ends('0..6')).toEqual([]);
  });

  it('ends where the budget is spent, and says that it is not certain', async () => {
    const document = await optimize(replayed(), { budget: 3, hasHeadroom: false });
    expect(document.certain).toBe(false);
    expect(document.why).toMatch(/the budget is spent: .* may still be better/);
    expect(document.runs).toBeLessThan(6);
  });

  it('ends where the time is up, or it is interrupted, with the best so far', async () => {
    let looks = 0;
    const late = await optimize(replayed(), { isLate: () => ++looks > 5, hasHeadroom: false });
    expect(late.why).toMatch(/the time is up/);
    const controller = new AbortController();
    const lab = laboratory(
      STUDY,
      { vary: VARY, isSearched: true },
      { traces: [traceOf(rows)], signal: controller.signal },
    );
    const stopped = await optimize(lab, {
      signal: controller.signal,
      onProgress: ({ runs }) => {
        if (runs > 4) controller.abort();
      },
    });
    expect(stopped.certain).toBe(false);
    expect(stopped.why).toMatch(/^interrupted/);
    expect(stopped.headroom).toEqual([]);
  });

  it('says what comes nearest where nothing meets the objectives, and is certain of it', async () => {
    const text = STUDY.replace('p95 <= 20', 'p95 <= 5');
    const document = await optimize(replayed({ text }));
    expect(document).toMatchObject({ best: null, certain: true, runnersUp: [], headroom: [] });
    expect(document.nearest!.slo!.failed).toEqual(['latencyS.p95 <= 5']);
  });

  it('gives the cheapest of all where there are no objectives', async () => {
    const text = STUDY.replace(/slo:.*/, '');
    const lab = replayed({ text, vary: ['deployment.replicas.min=0..6'] });
    const document = await optimize(lab);
    const all = await lab.run(lab.loaded.points.map(({ overrides }) => ({ overrides })));
    const least = Math.min(...all.map(({ result }) => result.cost!.usdPerHour!));
    expect(document.best!.cost!.usdPerHour).toBeLessThanOrEqual(least * 1.01);
    expect(document.certain).toBe(true);
  });

  it('runs configurations that differ in their bill alone once, all together', async () => {
    const vary = ['billing.usdPerReplicaHour=1,2,3,4'];
    const { best, runs } = await optimize(
      replayed({ vary, text: STUDY.replace('<= 20', '<= 60') }),
      { hasHeadroom: false },
    );
    // A beginning, and the one run.
    expect(runs).toBeLessThan(1.2);
    expect(best!.vary).toEqual({ 'billing.usdPerReplicaHour': 1 });
  });

  it('says of today what it came to', async () => {
    const text = `${STUDY}current: { deployment.replicas.min: 6 }\n`;
    const { current } = await optimize(replayed({ text }), { hasHeadroom: false });
    expect(current!.vary).toEqual({ 'deployment.replicas.min': 6 });
  });

  it('takes less than a tenth of the runs of grids of 500 and more, in the median of 5 studies', async () => {
    const shares: number[] = [];
    for (let seed = 0; shares.length < 5; seed++) {
      const { text, vary } = searchStudy(seed, [1], [800, 2_000], 'large');
      const lab = laboratory(text, { vary });
      if (lab.loaded.points.length < 500) continue;
      const { work, configurations } = await optimize(lab, { hasHeadroom: false, budget: 150 });
      shares.push(work.search / configurations);
    }
    expect(shares.toSorted((a, b) => a - b)[2]).toBeLessThanOrEqual(0.1);
  }, 120_000);
});
