/** Reads claims.yaml, measures what it names, and writes the page. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { Laboratory } from './laboratory.mjs';
import { claimText, pageText } from './page.mjs';
import { measureTable } from './tables.mjs';
import { verdictOf } from './verdict.mjs';

export const FOLDER = fileURLToPath(new URL('../', import.meta.url));

/** @returns { summary, sources, sections: [{ title, intro, claims }] } */
export function readClaims() {
  return parse(readFileSync(`${FOLDER}claims.yaml`, 'utf8'), { merge: true });
}

/** @returns the claim with its tables measured and its verdict */
export async function measureClaim(claim, laboratory) {
  const keyed = {};
  const tables = [];
  for (const table of claim.tables ?? []) {
    const measured = await measureTable(table, laboratory, keyed);
    for (const { key, values } of measured.keyed.rows) if (key !== null) keyed[key] = values;
    tables.push(measured);
  }
  return { ...claim, measured: tables, verdict: verdictOf(tables) };
}

/** @param wanted of a claim: whether to measure it */
export async function measureClaims(wanted = () => true) {
  const { summary, sources, sections } = readClaims();
  const laboratory = new Laboratory(FOLDER);
  const measured = [];
  for (const section of sections) {
    const claims = [];
    for (const claim of section.claims.filter(wanted)) {
      claims.push(await measureClaim(claim, laboratory));
    }
    measured.push({ ...section, claims });
  }
  return { summary, sources, sections: measured };
}

export { claimText, pageText };
