import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRecords } from '../../../src/base/csv-records.ts';

describe('csvRecords', () => {
  it('knows quotes, commas and lines within them, empty fields and blank lines', () => {
    expect(csvRecords('a,b,c\r\n\r\n1,"x, ""y""\nz",\n,,\nlast')).toEqual([
      { line: 1, fields: ['a', 'b', 'c'] },
      { line: 3, fields: ['1', 'x, "y"\nz', ''] },
      { line: 5, fields: ['', '', ''] },
      { line: 6, fields: ['last'] },
    ]);
    expect(csvRecords('a,')).toEqual([{ line: 1, fields: ['a', ''] }]);
    expect(csvRecords('')).toEqual([]);
  });

  it('goes on behind a quote that is none', () => {
    expect(csvRecords('a,b"c,d\ne,"f\ng,h').map(({ fields }) => fields)).toEqual([
      ['a', 'b"c,d'],
      ['e', '"f'],
      ['g', 'h'],
    ]);
  });

  it('reads back what RFC 4180 writes', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', '1') });
    const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1 });
    fc.assert(
      fc.property(table, (rows) => {
        const text = rows
          .map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(','))
          .join('\n');
        expect(csvRecords(text).map(({ fields }) => fields)).toEqual(rows);
      }),
    );
  });

  it('ends on any text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r') });
    fc.assert(fc.property(text, (any) => csvRecords(any).length <= any.length + 1));
  });
});
