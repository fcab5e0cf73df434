import { describe, expect, it } from 'vitest';
import { documentAt, ROOT } from '../kit/snippets.ts';

const { referencePages } = (await import(`${ROOT}scripts/reference.mjs`)) as {
  referencePages: () => Promise<Readonly<Record<string, string>>>;
};

describe('docs/reference', async () => {
  it.each(Object.entries(await referencePages()))(
    '%s is what the sources say: `npm run reference` writes it',
    (name, text) => {
      expect(documentAt(`docs/reference/${name}`)).toBe(text);
    },
  );
});
