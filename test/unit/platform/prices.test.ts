import { describe, expect, it } from 'vitest';
import { isPrice, pricesOf, stalePrices } from '../../../src/platform/prices.ts';
import { platformFile } from './plan.ts';

const RUNPOD = platformFile('runpod-flex');
const MODAL = platformFile('modal');

const paths = (figures: readonly { readonly path: string }[]) => figures.map(({ path }) => path);

describe('prices of a platform', () => {
  it.each([
    ['billing.gpus.l4.usdPerGpuSecond', true],
    ['billing.usdPerGiBSecond', true],
    ['billing.regions.broad', true],
    ['billing.tiers.giBSeconds', true],
    ['billing.alwaysOn.running.usdPerGiBSecond', true],
    ['billing.plans.team.creditUsdPerMonth', true],
    ['billing.quantum', false],
    ['billing.gpus.h100.gpusPerReplica', false],
    ['deployment.idleWindow', false],
    ['limits.spendPerHour', false],
  ])('%s: %s', (path, expected) => {
    expect(isPrice({ path })).toBe(expected);
  });

  it('are those of the chosen GPU, and those that hold for all', () => {
    expect(paths(pricesOf(MODAL, 'l4'))).toEqual([
      'billing.gpus.l4.usdPerGpuSecond',
      'billing.usdPerCoreSecond',
      'billing.usdPerGiBSecond',
      'billing.regions.none',
      'billing.regions.broad',
      'billing.regions.narrow',
      'billing.usdPerRequest',
      'billing.plans.starter.usdPerMonth',
      'billing.plans.starter.creditUsdPerMonth',
      'billing.plans.team.usdPerMonth',
      'billing.plans.team.creditUsdPerMonth',
    ]);
  });
});

describe('stale prices', () => {
  it('are more than 60 days old, from the earliest day that their date may mean', () => {
    // 2026-06-08 + 60 days = 2026-08-07
    expect(paths(stalePrices(RUNPOD, 'l4', '2026-08-07'))).toEqual([]);
    expect(paths(stalePrices(RUNPOD, 'l4', '2026-08-08'))).toEqual([
      'billing.gpus.l4.usdPerGpuSecond',
    ]);
    expect(paths(stalePrices(RUNPOD, 'h100', '2026-08-08'))).toEqual([]); // read on 2026-09-07
  });

  it('come with the oldest first', () => {
    const figures = stalePrices(RUNPOD, null, '2026-12-31');
    const dates = figures.map(({ date }) => date);
    expect(dates).toEqual([...dates].sort());
    expect(figures.length).toBeGreaterThan(10);
  });
});
