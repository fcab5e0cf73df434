/** The code and the style of a page, as the build made them. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '../base/errors.ts';
import type { PageParts } from '../report/page/page-html.ts';
import { PACKAGE_ROOT } from './package-files.ts';

const FOLDER = join(PACKAGE_ROOT, 'dist', 'page');

export function pageParts(): PageParts {
  const [script, style] = ['report.js', 'report.css'].map((name) => {
    const file = join(FOLDER, name);
    assert(existsSync(file), `${file} is not there: npm run build makes it`);
    return readFileSync(file, 'utf8').trim();
  });
  return { script: script!, style: style!, scriptHash: hashOf(script!) };
}

/** As a policy names it. */
export function hashOf(script: string): string {
  return `sha256-${createHash('sha256').update(script).digest('base64')}`;
}
