/** A real browser, where there is one. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const given = process.env['COLDFRONT_CHROMIUM'];
export const CHROMIUM = (given === undefined ? PLACES : [given]).find((path) => existsSync(path));

/** Behind the name of tests that need it. */
export const SKIPPED =
  CHROMIUM === undefined
    ? ' (skipped: no Chromium here; apt-get install chromium, or name one in COLDFRONT_CHROMIUM)'
    : '';

export function launch(): Promise<Browser> {
  return chromium.launch({
    ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
}
