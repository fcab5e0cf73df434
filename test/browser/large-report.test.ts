/** A page of a hundred thousand configurations in a real browser. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportOf } from '../../src/node/report.ts';
import { NOTHING_BESIDE } from '../../src/node/report-source.ts';
import { sweptInMemory } from '../../src/node/sweep-file.ts';
import { aRow, aSweep } from '../unit/report/a-result.ts';
import { CHROMIUM, launch, SKIPPED } from './chromium.ts';
import { Pages } from './pages.ts';

describe.skipIf(CHROMIUM === undefined)(`a large report in Chromium${SKIPPED}`, () => {
  const pages = new Pages();
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    pages.remove();
  });

  it('takes 100,000 configurations: fifty rows at a time, and a picture of all', async () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => {
      const vary = {
        'deployment.replicas.min': i % 400,
        'deployment.idleWindow': `${Math.floor(i / 400)}s`,
      };
      return aRow(vary, 1 + (i % 997) / 50, 30 - (i % 1009) / 40, 8);
    });
    const document = sweptInMemory(aSweep(rows, { front: [0], cheapestWithinSlo: 900 }));
    const source = { ...NOTHING_BESIDE, document, study: null, why: 'made up', folder: '.' };
    const data = await reportOf(source, { today: '2026-11-22', commands: [] });
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(pages.write('large.html', data));
    await page.waitForSelector('#basis');
    expect(await page.locator('#table tbody tr').count()).toBe(50);
    expect(await page.locator('#table [role=status]').textContent()).toContain('100,000');
    const inked = await page.locator('#front canvas').evaluateAll((layers) =>
      layers.reduce((sum, layer) => {
        const canvas = layer as HTMLCanvasElement;
        const { data: pixels } = canvas
          .getContext('2d')!
          .getImageData(0, 0, canvas.width, canvas.height);
        return sum + pixels.filter((value, i) => i % 4 === 3 && value > 0).length;
      }, 0),
    );
    expect(inked).toBeGreaterThan(5_000);
    expect(errors).toEqual([]);
  });
});
