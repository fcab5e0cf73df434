/**
 * docs/claims.md is what examples/claims measures: its fast claims are measured again here and must read the same; every
 * study loads; every claim of the guides is answered, or says what is missing.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimText, FOLDER, measureClaims, readClaims } from '../../examples/claims/lib/claims.mjs';
import { parseExpression } from '../../examples/claims/lib/expression.mjs';
import { VERDICTS, verdictOf, verdictText } from '../../examples/claims/lib/verdict.mjs';
import { loadLibrary } from '../../src/node/models.ts';
import { loadStudy } from '../../src/study/load.ts';

const PAGE = readFileSync(resolve(import.meta.dirname, '../../docs/claims.md'), 'utf8');
/** So many the guides make. */
const CLAIMS = 34;

const { sources, sections } = readClaims();
const claims = sections.flatMap((section) => section.claims);
const numbered = claims.filter(({ id }) => id !== undefined);
const files = readdirSync(FOLDER).filter((file) => /^\d\d-.*\.yaml$/.test(file));
/** The page from a claim's heading to the next one. */
const sectionOf = (heading: string): string => {
  const [, rest = ''] = PAGE.split(`### ${heading}\n`);
  return rest.split(/^##/m)[0] ?? '';
};

describe('examples/claims', () => {
  it(`answers each of the ${CLAIMS} claims once, or says what is missing`, () => {
    expect(numbered.map(({ id }) => id)).toEqual(Array.from({ length: CLAIMS }, (_, i) => i + 1));
    const silent = numbered.filter(({ tables = [], missing }) => tables.length === 0 && !missing);
    expect(silent.map(({ id }) => id)).toEqual([]);
  });

  it('names a source for every claim, and no source in vain', () => {
    const named = new Set(numbered.flatMap(({ source = [] }) => source));
    expect([...named].sort()).toEqual(Object.keys(sources).sort());
    expect(numbered.filter(({ source, says }) => !source || !says)).toEqual([]);
  });

  it('uses each of its studies', () => {
    const text = readFileSync(join(FOLDER, 'claims.yaml'), 'utf8');
    expect(files.filter((file) => !text.includes(file))).toEqual([]);
    expect(files.length).toBeGreaterThan(20);
  });

  const shipped = loadLibrary();

  it.each(files)('%s is a study that loads', async (file) => {
    const library = await shipped;
    const text = readFileSync(join(FOLDER, file), 'utf8');
    const loaded = loadStudy({ name: file, text }, {}, library.platforms, library);
    expect(loaded.points.length).toBeGreaterThan(0);
    expect(loaded.leftOut).toEqual([]);
  });
});

describe('docs/claims.md', () => {
  it('has a verdict on every claim', () => {
    const words = Object.values(VERDICTS).join('|');
    const without = numbered.filter(
      ({ id, title }) =>
        !new RegExp(`\\*\\*Verdict: (?:${words})`).test(sectionOf(`${id}. ${title}`)),
    );
    expect(without.map(({ id }) => id)).toEqual([]);
  });

  it('has a number wherever its prose names one', () => {
    expect(PAGE).not.toMatch(/NaN|undefined|\{\{/);
  });

  it('reads as its fast claims measure now', async () => {
    const measured = await measureClaims(({ fast = false }) => fast);
    const fast = measured.sections.flatMap((section) => section.claims);
    expect(fast.length).toBeGreaterThan(10);
    for (const claim of fast) expect(PAGE).toContain(claimText(claim, sources));
  });
});

describe('a verdict', () => {
  const table = (...states: (boolean | 'unclear' | null)[]) => ({
    rows: states.map((state) => ({ state })),
  });

  it.each([
    [[table(true, true)], 'holds'],
    [[table(false), table(false)], 'does not hold'],
    [[table(true, false, null)], 'holds if (1 of 2 cases)'],
    [[table(true, false), table(true), table(null)], 'holds if (2 of 3 cases: 1 of 2, 1 of 1)'],
    [[table(false, 'unclear' as const)], 'holds if (0 of 2 cases, 1 unclear)'],
    [[table(true, null)], 'holds'],
    [[table(null)], 'cannot be expressed'],
    [[], 'cannot be expressed'],
  ])('is counted from the rows: %j is %s', (tables, text) => {
    expect(verdictText(verdictOf(tables))).toBe(text);
  });
});

describe('expressions', () => {
  const scope = { a: 2, b: { 'c-d': 3, e: null }, list: [{ x: 7 }], yes: true };

  it.each([
    ['1 + a * b.c-d', 7],
    ['(1 + a) * -b.c-d', -9],
    ['a - b.c-d - 1', -2],
    ['8 / a / 2', 2],
    ['list.0.x', 7],
    ['max(a, b.c-d, 1) + abs(-4)', 7],
    ['b.e + 1', null],
    ['when(b.e, a)', null],
    ['1 < a <= 2', true],
    ['1 < a < 2', false],
    ['b.e < 1 or b.e >= 1', false],
    ['not a > 3 and yes', true],
  ])('%s', (text, value) => {
    expect(parseExpression(text)(scope)).toBe(value);
  });

  it.each([
    ['a +', 'something is missing'],
    ['(a', 'not closed'],
    ['a b', 'left over'],
    ['a $ 2', 'cannot read'],
  ])('%s is refused', (text, why) => {
    expect(() => parseExpression(text)).toThrow(why);
  });

  it('refuses a name that is not there', () => {
    expect(() => parseExpression('b.f + 1')(scope)).toThrow('there is no b.f');
  });
});
