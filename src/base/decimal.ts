/**
 * Exact numbers for money: fractions of bigints. A price is the decimal that somebody wrote, a quantity is an integer, and
 * their products, quotients and sums are exact; the only rounding is `toNumber`, once for each figure that is shown.
 */
import { assert } from './errors.ts';

/** numerator / denominator in lowest terms, denominator above 0. */
export interface Exact {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const ZERO: Exact = { numerator: 0n, denominator: 1n };

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;

export function fraction(numerator: bigint, denominator: bigint): Exact {
  assert(denominator !== 0n, 'a fraction over 0');
  if (denominator === 1n) return { numerator, denominator };
  const divisor = gcd(numerator, denominator) * (denominator < 0n ? -1n : 1n);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

/**
 * What a number means as somebody wrote it: 0.1 is one tenth, not the double next to it. The shortest decimal of a double
 * is the text it was read from, up to 15 significant digits.
 */
export function exact(value: number | bigint): Exact {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) {
    return { numerator: BigInt(value), denominator: 1n };
  }
  const match = DECIMAL.exec(String(value));
  assert(match !== null, `${value} is no decimal`);
  const [, sign, whole, decimals = '', exponent = '0'] = match;
  const digits = BigInt(`${sign}${whole}${decimals}`);
  const power = Number(exponent) - decimals.length;
  return power < 0 ? fraction(digits, 10n ** BigInt(-power)) : exact(digits * 10n ** BigInt(power));
}

export function add(a: Exact, b: Exact): Exact {
  if (a.numerator === 0n) return b;
  if (b.numerator === 0n) return a;
  return fraction(
    a.numerator * b.denominator + b.numerator * a.denominator,
    a.denominator * b.denominator,
  );
}

export function subtract(a: Exact, b: Exact): Exact {
  return add(a, { numerator: -b.numerator, denominator: b.denominator });
}

export function multiply(a: Exact, b: Exact): Exact {
  if (a.numerator === 0n || b.numerator === 0n) return ZERO;
  return fraction(a.numerator * b.numerator, a.denominator * b.denominator);
}

export function divide(a: Exact, b: Exact): Exact {
  return fraction(a.numerator * b.denominator, a.denominator * b.numerator);
}

export function sum(values: Iterable<Exact>): Exact {
  let total = ZERO;
  for (const value of values) total = add(total, value);
  return total;
}

export function isZero(value: Exact): boolean {
  return value.numerator === 0n;
}

/** The nearest double, ties to even, for what a double holds as a normal number (down to 2e-308). */
export function toNumber({ numerator, denominator }: Exact): number {
  const magnitude = numerator < 0n ? -numerator : numerator;
  // A quotient of at least 64 bits whose last bit says whether anything is left over rounds as the true value does.
  const shift = Math.max(0, 64 + bits(denominator) - bits(magnitude));
  const scaled = magnitude << BigInt(shift);
  const leftOver = scaled % denominator === 0n ? 0n : 1n;
  const quotient = Number((scaled / denominator) | leftOver);
  // Two steps: 2^-shift alone may be smaller than any double.
  const half = Math.floor(shift / 2);
  const value = quotient * 2 ** -half * 2 ** (half - shift);
  return numerator < 0n ? -value : value;
}

function bits(value: bigint): number {
  return value.toString(16).length * 4;
}

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** Euclid's, in doubles as soon as they hold both: bigints allocate at every step. */
function gcd(a: bigint, b: bigint): bigint {
  let x = a < 0n ? -a : a;
  let y = b < 0n ? -b : b;
  while (y !== 0n) {
    if (x <= SAFE && y <= SAFE) return BigInt(smallGcd(Number(x), Number(y)));
    const rest = x % y;
    x = y;
    y = rest;
  }
  return x;
}

function smallGcd(a: number, b: number): number {
  let x = a;
  let y = b;
  while (y !== 0) {
    const rest = x % y;
    x = y;
    y = rest;
  }
  return x;
}
