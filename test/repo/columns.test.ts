import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { columnsMarkdown } from '../../src/report/columns-reference.ts';

const FILE = new URL('../../docs/columns.md', import.meta.url);

describe('docs/columns.md', () => {
  it('is what the table of columns says: COLDFRONT_WRITE_DOCS=1 writes it anew', () => {
    if (process.env['COLDFRONT_WRITE_DOCS'] === '1') writeFileSync(FILE, columnsMarkdown());
    expect(readFileSync(FILE, 'utf8')).toBe(columnsMarkdown());
  });
});
