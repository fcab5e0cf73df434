/** The catalogue's screens: every grade is counted, old prices are marked, and no value is blank. */
import { describe, expect, it } from 'vitest';
import { meantOf } from '../../../src/base/nearest.ts';
import { catalogueOf, platformsDocument } from '../../../src/platform/catalogue.ts';
import { isStalePrice } from '../../../src/platform/prices.ts';
import { billingMatrix, billingMatrixScreen } from '../../../src/report/billing-matrix.ts';
import { platformScreen, platformsScreen } from '../../../src/report/platforms-screen.ts';
import { platformFile } from '../platform/plan.ts';

const IDS = [
  'dedicated',
  'knative',
  'kubernetes-hpa',
  'modal',
  'replicate-public',
  'sagemaker-serverless',
  'together-tokens',
  'vast',
];
const catalogue = catalogueOf(IDS.map((id) => platformFile(id)));
const modal = platformFile('modal');

describe('coldfront platforms', () => {
  it('counts the figures of every grade', () => {
    const [head] = platformsScreen(catalogue).split('\n');
    expect(head).toMatch(/documented +third-party +inferred +unverified/);
  });

  it('marks prices of more than 60 days where the day is given', () => {
    const screen = platformScreen(modal, undefined, '2026-12-31');
    expect(screen).toMatch(/billing\.gpus\.l4\.usdPerGpuSecond .*2026-09-18 old/);
    expect(screen).toContain('more than 60 days old');
    expect(platformScreen(modal)).not.toContain(' old');
  });

  it('marks them in --json', () => {
    const figures = (day: string) =>
      platformsDocument(catalogueOf([modal]), (figure) => isStalePrice(figure, day)).platforms[0]!
        .figures;
    const price = 'billing.gpus.l4.usdPerGpuSecond';
    expect(figures('2026-12-31').find(({ path }) => path === price)?.stale).toBe(true);
    expect(figures('2026-09-20').some(({ stale }) => stale)).toBe(false);
    const window = figures('2026-12-31').find(({ path }) => path === 'deployment.idleWindow');
    expect(window).not.toHaveProperty('stale');
  });

  it('prints none for an empty list, and one of a thing in the singular', () => {
    const screen = platformScreen(platformFile('replicate-public'));
    expect(screen).toMatch(/billing\.startPhases +none/);
    expect(platformScreen(modal)).toMatch(/deployment\.concurrency +1 request /);
  });
});

describe('coldfront platforms --billing', () => {
  it.each([
    ['together-tokens', null],
    ['replicate-public', 'free while idle'],
    ['sagemaker-serverless', 'own rate, not known'],
    ['modal', 'same rate'],
  ])('%s: what is always on is %s', (id, alwaysOn) => {
    const row = billingMatrix(catalogue).platforms.find((platform) => platform.id === id);
    expect(row?.alwaysOn).toBe(alwaysOn);
  });

  it('says once what several platforms bill alike, whose price is yours, and which prices are old', () => {
    const screen = billingMatrixScreen(catalogue, undefined, '2026-12-31');
    expect(screen).toContain('As dedicated: knative, kubernetes-hpa');
    expect(screen).toMatch(/^vast .*yours$/m);
    expect(screen).toMatch(/Prices more than 60 days old, check: .*modal \(\d+\)/s);
  });
});

it('a word of several names is answered with those', () => {
  const known = ['modal', 'runpod-active', 'runpod-flex', 'vast'];
  expect(meantOf('runpod', known)).toBe('did you mean runpod-active or runpod-flex?');
  expect(meantOf('modla', known)).toBe('did you mean modal?');
  expect(meantOf('xyz', known)).toContain('there are modal');
});
