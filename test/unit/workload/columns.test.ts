import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GrowingColumn, integers, reals, sortedOrder } from '../../../src/workload/columns.ts';

describe('a growing column', () => {
  it('gives back what was pushed, over any number of blocks, in the order asked for', () => {
    for (const rows of [0, 1, 65_535, 65_536, 65_537, 200_000]) {
      const [a, b] = [new GrowingColumn(reals), new GrowingColumn(integers)];
      for (let i = 0; i < rows; i++) {
        a.push(i / 2);
        b.push(-i);
      }
      const reverse = Uint32Array.from({ length: rows }, (_, i) => rows - 1 - i);
      expect(a.moveTo(new Float64Array(rows), null).every((value, i) => value === i / 2)).toBe(
        true,
      );
      const backwards = b.moveTo(new Int32Array(rows), reverse);
      expect(
        backwards.every((value, i) => value === i - rows + 1 || value === -(rows - 1 - i)),
      ).toBe(true);
    }
  });
});

describe('the order of a column', () => {
  const stable = (values: Float64Array) =>
    [...values.keys()].sort((a, b) => values[a]! - values[b]! || a - b);

  it('is that of a stable sort, whatever the disorder', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 400 }),
        fc.integer({ min: 1, max: 400 }),
        (jitters, slope) => {
          const values = Float64Array.from(
            jitters,
            (jitter, i) => jitter + Math.floor((i * 50) / slope),
          );
          const order = sortedOrder(values, values.length);
          const expected = stable(values);
          if (order === null) expect(expected).toEqual([...values.keys()]);
          else expect([...order]).toEqual(expected);
        },
      ),
    );
  });

  it.each(['reversed', 'two rotated files', 'saw teeth', 'all equal but one'])(
    'is found for 100,000 rows %s',
    (kind) => {
      const rows = 100_000;
      const kinds = {
        reversed: (i: number) => rows - i,
        'two rotated files': (i: number) => (i + rows / 2) % rows,
        'saw teeth': (i: number) => (i * 7919) % 1000,
        'all equal but one': (i: number) => (i === rows - 1 ? -1 : 0),
      };
      const valueAt = kinds[kind as keyof typeof kinds];
      const values = Float64Array.from({ length: rows }, (_, i) => valueAt(i));
      expect([...sortedOrder(values, rows)!]).toEqual(stable(values));
    },
  );
});
