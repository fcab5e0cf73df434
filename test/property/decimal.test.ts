import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  divide,
  exact,
  fraction,
  multiply,
  subtract,
  sum,
  toNumber,
} from '../../src/base/decimal.ts';

const integer = fc.maxSafeInteger();
const positive = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const anyExact = fc
  .tuple(
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
    fc.bigInt({ min: 1n, max: 10n ** 30n }),
  )
  .map(([numerator, denominator]) => fraction(numerator, denominator));

describe('exact numbers', () => {
  it('give back every double from its shortest decimal', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        fc.pre(value === 0 || Math.abs(value) >= 2 ** -1022);
        expect(toNumber(exact(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it('round a quotient of integers as IEEE division does: to the nearest double, ties to even', () => {
    fc.assert(
      fc.property(integer, positive, (a, b) => {
        const quotient = toNumber(fraction(BigInt(a), BigInt(b)));
        expect(quotient).toBe(a / b === 0 ? 0 : a / b);
      }),
      { numRuns: 2000 },
    );
  });

  it('round ties to even and what lies just above a tie up', () => {
    const tie = 2n ** 53n + 1n;
    expect(toNumber(exact(tie))).toBe(2 ** 53);
    expect(toNumber(fraction(tie * 10n ** 40n + 1n, 10n ** 40n))).toBe(2 ** 53 + 2);
  });

  it('add, subtract, multiply and divide without loss', () => {
    fc.assert(
      fc.property(anyExact, anyExact, anyExact, (a, b, c) => {
        expect(subtract(add(a, b), b)).toEqual(a);
        expect(multiply(add(a, b), c)).toEqual(add(multiply(a, c), multiply(b, c)));
        expect(sum([a, b, c])).toEqual(sum([c, a, b]));
        if (b.numerator !== 0n) expect(multiply(divide(a, b), b)).toEqual(a);
      }),
    );
  });

  it('take a price as it was written: three times 0.1 is 0.3', () => {
    expect(toNumber(multiply(exact(0.1), exact(3)))).toBe(0.3);
    expect(exact(0.000306)).toEqual(fraction(306n, 1_000_000n));
    expect(exact(1.5e-7)).toEqual(fraction(15n, 100_000_000n));
    expect(exact(2e21)).toEqual(fraction(2n * 10n ** 21n, 1n));
  });
});
