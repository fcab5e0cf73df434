/** The search against every configuration run, on random studies. */
import { describe, expect, it } from 'vitest';
import { optimize } from '../../src/study/optimize/optimize.ts';
import type { OptimizeDocument } from '../../src/study/optimize-document.ts';
import type { Outcome } from '../../src/study/task.ts';
import { searchStudy } from '../kit/search-studies.ts';
import { laboratory } from '../unit/study/studies.ts';

interface Checked {
  readonly seed: number;
  readonly document: OptimizeDocument;
  readonly all: readonly Outcome[];
  /** How much dearer the answer is than the cheapest that meets the objectives and did not give way; null where both are none. */
  readonly regret: number | null;
  /** Whether the answer meets the objectives over many more replications; null where there is none, or no luck. */
  readonly holds: boolean | null;
}

async function checked(
  seed: number,
  replications: readonly number[],
  requests: readonly [number, number],
  judges: number,
): Promise<Checked> {
  const { text, vary } = searchStudy(seed, replications, requests, 'small');
  const lab = laboratory(text, { vary });
  const document = await optimize(lab, { hasHeadroom: false });
  const all = await lab.run(lab.loaded.points.map(({ overrides }) => ({ overrides })));
  const { best, confirmations } = document;
  const gaveWay = new Set(
    (confirmations ?? []).flatMap(({ index, holds }) => (holds ? [] : [index])),
  );
  const costs = all
    .filter(({ index, result }) => result.slo!.met && !gaveWay.has(index))
    .map(({ result }) => result.cost!.usdPerHour!);
  const least = Math.min(...costs);
  const regret =
    best === null
      ? costs.length === 0
        ? null
        : Number.POSITIVE_INFINITY
      : best.cost!.usdPerHour! / least - 1;
  const asked = best !== null && judges > 0;
  const how = { seedSuffix: '/judge', replications: judges };
  const [judged] = asked ? await lab.run([{ overrides: best.vary, how }]) : [];
  return { seed, document, all, regret, holds: judged?.result.slo?.met ?? null };
}

function seeds(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}

const certainOf = (checks: readonly Checked[]) => checks.filter(({ document }) => document.certain);

describe('optimize against exhaustive sweeps', { timeout: 120_000 }, () => {
  it('is certain of nearly all of 100 studies, and then never more than 1 % dearer than the best', async () => {
    const checks: Checked[] = [];
    for (const seed of seeds(0, 100)) checks.push(await checked(seed, [1], [100, 800], 0));
    const certain = certainOf(checks);
    expect(certain.filter(({ regret }) => regret !== null && regret > 0.01 + 1e-9)).toEqual([]);
    expect(certain.length).toBeGreaterThanOrEqual(90);
    for (const { document } of checks) expect(document.why).not.toBe('');
  });

  it('with luck: certain answers break the objectives no more often than 5 %, and are not dearer either', async () => {
    const checks: Checked[] = [];
    for (const seed of seeds(1_000, 100)) {
      checks.push(await checked(seed, [2, 4], [60, 200], 200));
    }
    const certain = certainOf(checks);
    expect(certain.filter(({ regret }) => regret !== null && regret > 0.01 + 1e-9)).toEqual([]);
    const judged = certain.filter(({ holds }) => holds !== null).length;
    const broken = certain.filter(({ holds }) => holds === false).length;
    expect(judged).toBeGreaterThan(30);
    // At a rate of 5 % chance brings more than this many in one of a hundred such tests.
    expect(broken).toBeLessThanOrEqual(0.05 * judged + 2.33 * Math.sqrt(0.05 * 0.95 * judged));
    const uncertain = checks.filter(({ document }) => !document.certain);
    for (const { document } of uncertain) expect(document.why).toMatch(/fresh luck/);
  });
});
