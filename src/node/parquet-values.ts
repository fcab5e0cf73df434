/**
 * Values of Parquet columns as readers of tables take them: numbers, decimal text where a number would lose digits, stamps
 * as ISO text with every digit that they have. https://github.com/apache/parquet-format/blob/master/LogicalTypes.md
 */
import type { LogicalType, SchemaElement } from 'hyparquet';

/** null for what is not there. */
export type Convert = (value: unknown) => unknown;

const MS_PER_DAY = 86_400_000;
/** As far as a Date goes, 275,760 years. */
const LAST_DATE_MS = 8.64e15;
const FRACTION_DIGITS = { MILLIS: 3, MICROS: 6, NANOS: 9 } as const;
/** 76 digits; what is longer is no amount of anything. */
const LONGEST_DECIMAL_BYTES = 32;

/** How the values of a column that are stored as `storedElement` says are converted. */
export function conversionOf(element: SchemaElement): Convert {
  const { converted_type: converted, logical_type: logical, scale = 0, type } = element;
  // The library takes these apart into nanoseconds. Some writers mean UTC, some do not: no zone is named.
  if (type === 'INT96') return stampText(9, false);
  if (logical?.type === 'TIMESTAMP') {
    return stampText(FRACTION_DIGITS[logical.unit], logical.isAdjustedToUTC);
  }
  if (converted === 'TIMESTAMP_MILLIS') return stampText(3, true);
  if (converted === 'TIMESTAMP_MICROS') return stampText(6, true);
  if (converted === 'DATE' || logical?.type === 'DATE') return dateText;
  if (logical?.type === 'DECIMAL') return decimalText(logical.scale);
  if (converted === 'DECIMAL') return decimalText(scale);
  return plain;
}

/** The column's schema so that the library hands over what is stored, and leaves it to `conversionOf` what that means. */
export function storedElement(element: SchemaElement): SchemaElement {
  const { converted_type: converted, logical_type: logical, ...bare } = element;
  const decimal = converted === 'DECIMAL' || logical?.type === 'DECIMAL';
  if (element.type === 'BYTE_ARRAY' && !decimal) return { ...bare, converted_type: 'UTF8' };
  if (converted === 'UINT_32' || converted === 'UINT_64') {
    return { ...bare, converted_type: converted };
  }
  return logical !== undefined && isPlain(logical) ? { ...bare, logical_type: logical } : bare;
}

function isPlain({ type }: LogicalType): boolean {
  return type === 'INTEGER' || type === 'FLOAT16' || type === 'UUID';
}

/** Text with a character a byte, as pieces of a text file are. */
export function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined
    ? undefined
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

function plain(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  return value instanceof Uint8Array ? textOf(value) : value;
}

/** Since 1970 in units of so many digits behind the second. */
function stampText(digits: 3 | 6 | 9, utc: boolean): Convert {
  const unitsPerSecond = 10n ** BigInt(digits);
  let second = 0n;
  let text = '1970-01-01T00:00:00';
  return (value) => {
    if (typeof value !== 'bigint') return plain(value);
    const rest = value % unitsPerSecond;
    const fraction = rest < 0n ? rest + unitsPerSecond : rest;
    const at = (value - fraction) / unitsPerSecond;
    if (at !== second) {
      const ms = Number(at) * 1000;
      if (Math.abs(ms) > LAST_DATE_MS) return String(value);
      second = at;
      text = new Date(ms).toISOString().slice(0, -5);
    }
    return `${text}.${String(fraction).padStart(digits, '0')}${utc ? 'Z' : ''}`;
  };
}

function dateText(value: unknown): unknown {
  if (typeof value !== 'number') return plain(value);
  const ms = value * MS_PER_DAY;
  return Math.abs(ms) > LAST_DATE_MS ? String(value) : new Date(ms).toISOString().slice(0, -14);
}

function decimalText(scale: number): Convert {
  return (value) => {
    const unscaled = value instanceof Uint8Array ? integerOf(value) : value;
    if (scale <= 0 || (typeof unscaled !== 'bigint' && typeof unscaled !== 'number')) {
      return plain(unscaled);
    }
    const text = String(unscaled);
    const [sign, digits] = text.startsWith('-') ? ['-', text.slice(1)] : ['', text];
    const padded = digits.padStart(scale + 1, '0');
    return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
  };
}

/** Two's complement, the highest byte first. */
function integerOf(bytes: Uint8Array): bigint | null {
  if (bytes.length === 0 || bytes.length > LONGEST_DECIMAL_BYTES) return null;
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
  return BigInt.asIntN(8 * bytes.length, BigInt(`0x${hex}`));
}
