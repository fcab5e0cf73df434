/**
 * The page of `coldfront report` in a real browser: it draws, asks nobody for anything, can be used without a mouse, without
 * eyes and on a phone, and text of others never runs.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, launch, SKIPPED } from './chromium.ts';
import { Pages, pageOf } from './pages.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PANELS = ['front', 'heat', 'curves', 'time', 'money', 'hours'];
const ATTACKS = [
  '</script><script>window.hit=1</script>',
  '<img src=x onerror=window.hit=2>',
  '"><svg onload=window.hit=3>',
  '{{7*7}}\u2028<!--',
];

const STUDY = `version: 1
name: office chat
seed: 5
workload:
  synthesize:
    duration: 2d
    arrivals: { process: poisson, rate: 0.05/s }
  startAt: 2026-11-02T00:00
  service: { distribution: lognormal, mean: 4s, cv: 0.6 }
deployment:
  platform: modal
  gpu: a10g
  replicas: { max: 8 }
  coldStart: 20s
vary:
  deployment.replicas.min: [0, 1, 2]
  deployment.idleWindow: [10s, 60s, 5m]
current: { deployment.replicas.min: 2 }
slo: [ latencyS.p99 <= 25 ]
`;

/** Names that a log and a file may bring. */
function hostileStudy(pages: Pages): string {
  const names = ATTACKS.map((attack) => `"${attack.replaceAll('"', '""')}"`);
  const rows = Array.from({ length: 200 }, (_, i) => `${i * 2},1.5,${names[i % names.length]}`);
  pages.file('log.csv', `timestamp,duration,endpoint\n${rows.join('\n')}\n`);
  return pages.file(
    'hostile.yaml',
    JSON.stringify({
      version: 1,
      name: ATTACKS[0],
      workload: { replay: { file: 'log.csv', format: 'csv' } },
      endpoints: { '*': { replicas: { min: 1 }, coldStart: '5s' } },
      billing: { usdPerReplicaHour: 2 },
      vary: { 'deployment.idleWindow': ['10s', '60s'] },
      slo: ['latencyS.p99 <= 12'],
    }),
  );
}

interface Opened {
  readonly page: Page;
  readonly errors: string[];
  readonly requests: string[];
}

describe.skipIf(CHROMIUM === undefined)(`a report in Chromium${SKIPPED}`, () => {
  const pages = new Pages();
  let browser: Browser;
  let url = '';
  let hostileUrl = '';

  beforeAll(async () => {
    browser = await launch();
    const page = await pageOf(pages.file('study.yaml', STUDY));
    expect(page.missing).toEqual([]);
    url = pages.write('report.html', page);
    hostileUrl = pages.write('hostile.html', await pageOf(hostileStudy(pages)));
  });

  afterAll(async () => {
    await browser?.close();
    pages.remove();
  });

  async function open(
    address = url,
    look: { scheme?: 'light' | 'dark'; width?: number } = {},
  ): Promise<Opened> {
    const { scheme = 'light', width = 1280 } = look;
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme: scheme,
    });
    const page = await context.newPage();
    const errors: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
    });
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('dialog', (dialog) => {
      errors.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (request.url() !== address) requests.push(request.url());
    });
    await page.goto(address);
    await page.waitForSelector('#basis');
    return { page, errors, requests };
  }

  it('draws every panel, without an error and without a request', async () => {
    const { page, errors, requests } = await open();
    for (const panel of PANELS) {
      const marks = await page.locator(`#${panel} .chart svg :is(path, text)`).count();
      expect(marks, panel).toBeGreaterThan(12);
    }
    expect(await page.locator('h1').textContent()).toMatch(/^(?:Change to|Keep what you have)/);
    expect(await page.locator('#table tbody tr').count()).toBe(9);
    expect(errors).toEqual([]);
    expect(requests).toEqual([]);
  });

  it('may ask nobody: its own policy refuses', async () => {
    const { page } = await open();
    const refused = await page.evaluate(async () => {
      const violated = new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
          resolve(effectiveDirective),
        );
      });
      await fetch('https://example.invalid/').catch(() => null);
      return violated;
    });
    expect(refused).toBe('connect-src');
  });

  it.each(['light', 'dark'] as const)(
    'has no accessibility violation by axe, %s',
    async (scheme) => {
      const { page } = await open(url, { scheme });
      for (const summary of await page.locator('summary').all()) await summary.click();
      // The policy of the page lets no other script in: this one comes through the debugger.
      await page.evaluate(AXE);
      const found = await page.evaluate(async () => {
        const { axe } = window as unknown as { axe: typeof import('axe-core') };
        const { violations, passes } = await axe.run();
        const texts = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`);
        return { texts, passes: passes.length };
      });
      expect(found.texts).toEqual([]);
      expect(found.passes).toBeGreaterThan(20);
    },
  );

  it('shows the chosen configuration everywhere', async () => {
    const { page } = await open();
    const shown = page.locator('.selection select');
    const before = await page.locator('#time .chart').getAttribute('aria-label');
    await page.locator('#table tbody tr').last().getByRole('button').click();
    const name = await shown.locator('option:checked').textContent();
    expect(await page.locator('#facts .row-name').textContent()).toBe(name);
    expect(await page.locator('#time .chart').getAttribute('aria-label')).not.toBe(before);
    await page.getByRole('button', { name: 'Back to the answer' }).click();
    expect(await page.locator('#time .chart').getAttribute('aria-label')).toBe(before);
  });

  it('takes a click on a point and on a cell', async () => {
    const { page } = await open();
    const row = page.locator('#facts .row-name');
    const chart = page.locator('#heat .chart');
    await chart.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await chart.boundingBox())!;
    // The map is three by three: its cell at the top right is the dearest, which is not the answer.
    const before = await row.textContent();
    await page.mouse.click(x + width * 0.85, y + height * 0.2);
    const after = await row.textContent();
    expect(after).not.toBe(before);
    expect(after).toBe('min 2, idle window 5 min');
    // Of the points on the front the first is the cheapest, which is another again.
    const point = page.locator('#front .chart svg path[fill="#0072b2"]').first();
    await point.scrollIntoViewIfNeeded();
    const dot = (await point.boundingBox())!;
    await page.mouse.click(dot.x + dot.width / 2, dot.y + dot.height / 2);
    expect(await row.textContent()).not.toBe(after);
  });

  it('can be used with the keyboard alone: every control takes the focus and shows it', async () => {
    const { page } = await open();
    const wanted = await page
      .locator('button:enabled, select, summary, a[href], [tabindex="0"]')
      .evaluateAll((all) => all.filter((one) => one.checkVisibility()).length);
    const seen = await page.evaluate(() => {
      (window as unknown as { seen: Set<Element> }).seen = new Set();
    });
    expect(seen).toBeUndefined();
    for (let i = 0; i < wanted + 5; i++) {
      await page.keyboard.press('Tab');
      const isVisible = await page.evaluate(() => {
        const focused = document.activeElement;
        if (focused === null || focused === document.body) return true;
        (window as unknown as { seen: Set<Element> }).seen.add(focused);
        return getComputedStyle(focused).outlineStyle !== 'none';
      });
      expect(isVisible).toBe(true);
    }
    const reached = await page.evaluate(
      () => (window as unknown as { seen: Set<Element> }).seen.size,
    );
    expect(reached).toBe(wanted);
  });

  it('sorts and filters its table by keyboard', async () => {
    const { page } = await open();
    const column = page.locator('#table th', { hasText: 'p99 s' }).first();
    await column.getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('#table th[aria-sort]').textContent()).toBe('p99 s \u25b2');
    const cells = await page
      .locator('#table tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) => Number(row.children[7]?.textContent?.replaceAll(',', ''))),
      );
    expect(cells).toEqual(cells.toSorted((a, b) => a - b));
    await page.getByLabel('Rows').selectOption('front');
    const front = await page.locator('#table tbody tr').count();
    expect(front).toBeLessThan(10);
    expect(await page.locator('#table [role=status]').textContent()).toContain('(9 in all)');
  });

  it('zooms its time line by keyboard, and back to the whole', async () => {
    const { page } = await open();
    const drawn = () => page.locator('#time .chart svg').innerHTML();
    const whole = await drawn();
    await page.getByRole('button', { name: 'Zoom in' }).press('Enter');
    const zoomed = await drawn();
    expect(zoomed).not.toBe(whole);
    await page.getByRole('button', { name: 'The whole time' }).press('Enter');
    expect((await drawn()).length).toBe(whole.length);
  });

  it('fits a phone: nothing has to be scrolled sideways', async () => {
    const { page, errors } = await open(url, { width: 375 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
    expect(errors).toEqual([]);
  });

  it('prints in light colors, within the paper, and is dark again after it', async () => {
    const { page } = await open(url, { scheme: 'dark' });
    const theme = () => page.evaluate(() => document.documentElement.dataset['theme']);
    expect(await theme()).toBe('dark');
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    expect(await theme()).toBe('light');
    const widths = await page
      .locator('.chart svg')
      .evaluateAll((all) => all.map((svg) => svg.getBoundingClientRect().width));
    expect(widths).toHaveLength(PANELS.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(700);
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    expect(await theme()).toBe('dark');
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(50_000);
  });

  it('never runs what a log or a file says', async () => {
    const { page, errors, requests } = await open(hostileUrl);
    for (const summary of await page.locator('summary').all()) await summary.click();
    await page.locator('#front .chart').hover();
    await page.locator('#curves .chart').hover();
    expect(await page.evaluate(() => (window as unknown as { hit?: number }).hit)).toBeUndefined();
    expect(await page.locator('.kicker').textContent()).toContain(ATTACKS[0]);
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await page.title()).toContain('</script>');
    expect(errors).toEqual([]);
    expect(requests).toEqual([]);
  });
});
