/**
 * `npm run claims` measures every claim and writes docs/claims.md; `npm run claims -- 9 10` prints those claims and writes
 * nothing (0 is the condition behind the crossovers).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimText, FOLDER, measureClaims, pageText } from './lib/claims.mjs';

const asked = process.argv.slice(2);
const page = await measureClaims(
  asked.length === 0 ? undefined : ({ id = 0 }) => asked.includes(String(id)),
);
if (asked.length > 0) {
  const claims = page.sections.flatMap((section) => section.claims);
  console.log(claims.map((claim) => claimText(claim, page.sources)).join('\n\n'));
} else {
  const docs = join(FOLDER, '../../docs');
  mkdirSync(docs, { recursive: true });
  writeFileSync(join(docs, 'claims.md'), pageText(page));
  console.log(`wrote ${join('docs', 'claims.md')}`);
}
