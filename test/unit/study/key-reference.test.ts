import { describe, expect, it } from 'vitest';
import { keyReference, SHAPES } from '../../../src/study/reference/key-reference.ts';
import { studyJsonSchema } from '../../../src/study/schema.ts';

const keys = keyReference(studyJsonSchema());
const nameOf = ({ shape, path }: { shape: string; path: string }) => `${shape}: ${path}`;

describe('the reference of keys', () => {
  it('tells every key of the schema', () => {
    expect(keys.length).toBeGreaterThan(300);
    expect(keys.filter(({ means }) => means === '').map(nameOf)).toEqual([]);
  });

  it('tells no key that is not there', () => {
    const told = SHAPES.flatMap(({ name, words }) =>
      Object.keys(words).map((end) => ({ name, end })),
    );
    const isThere = ({ name, end }: (typeof told)[number]) =>
      keys.some(({ shape, path }) => shape === name && (path === end || path.endsWith(`.${end}`)));
    expect(told.filter((one) => !isThere(one))).toEqual([]);
  });

  it('knows what each key may hold', () => {
    expect(keys.filter(({ holds }) => holds.includes('any value')).map(nameOf)).toEqual([
      'study: vary',
      'study: current',
    ]);
    const of = (wanted: string) => keys.find((key) => nameOf(key) === wanted)?.holds;
    expect(of('deployment: idleWindow')).toBe('`unlimited` or duration');
    expect(of('deployment: replicas.max')).toBe('`unlimited` or whole number of at least 0');
    expect(of('scaling: laws.*.utilization')).toBe('share such as 70%');
    expect(of('study: slo')).toBe('list of texts');
  });

  it('is in the schema, where editors show it', () => {
    const deployment = studyJsonSchema().properties?.['deployment'];
    expect(deployment?.properties?.['idleWindow']?.description).toMatch(
      /^How long an idle replica/,
    );
    const pool = deployment?.properties?.['pools']?.items?.properties;
    expect(pool?.['idleWindow']?.description).toMatch(/^How long an idle replica/);
  });
});
