/** The engine beside theory: 20 seeded replications, each figure's exact value inside its 99.9 % Student interval. */
import { expect } from 'vitest';
import { compare } from '../../src/study/verify.ts';
import type { TheoryCase } from '../../src/study/verify-cases.ts';

/**
 * @param requests of a replication at a light load; `coldfront verify` takes 4,000
 */
export function expectTheory(theoryCase: TheoryCase, requests: number): void {
  const rows = compare(theoryCase, { replications: 20, requests });
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter(({ ok }) => !ok)).toEqual([]);
}
