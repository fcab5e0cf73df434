/**
 * Units of the study file and of the engine: the only place that knows how many microseconds an hour has.
 * Time inside coldfront is integer microseconds in a double (exact to 2^53, 285 years).
 */

export const US_PER_MS = 1_000;
export const US_PER_S = 1_000_000;
export const US_PER_MIN = 60 * US_PER_S;
export const US_PER_H = 60 * US_PER_MIN;
export const US_PER_DAY = 24 * US_PER_H;

/** Ten years: no time of a study is longer, so that sums of many stay exact. */
export const LONGEST_US = 87_600 * US_PER_H;

/**
 * Time 0 as a double, for fields that will hold large times: V8 takes a plain 0 for a small integer, and lays every object
 * of the class out anew, dropping its compiled code, when the first time beyond 2^31 microseconds is stored.
 */
export const ZERO_US = -0;

/** The month that prices a month: 365 days / 12, as the cloud consoles have it. */
export const HOURS_PER_MONTH = 730;
export const US_PER_MONTH = HOURS_PER_MONTH * US_PER_H;

const DURATION_UNIT_US = {
  us: 1,
  ms: US_PER_MS,
  s: US_PER_S,
  m: US_PER_MIN,
  min: US_PER_MIN,
  h: US_PER_H,
  d: US_PER_DAY,
} as const;

const SIZE_UNIT_BYTES = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
} as const;

const BANDWIDTH_UNIT_BYTES = {
  ...SIZE_UNIT_BYTES,
  Mbit: 1e6 / 8,
  Gbit: 1e9 / 8,
  Tbit: 1e12 / 8,
} as const;

const NUMBER = String.raw`(\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+)`;

/** `60s`, `1.5h`, `1h30m`, `250us`; what the JSON Schema shows for a duration. */
export const DURATION_PATTERN = `^(?:${NUMBER}(?:us|ms|s|min|m|h|d))+$`;
/** `5/s`, `300/min`, `1000/10s`. */
export const RATE_PATTERN = `^${NUMBER}/(?:${NUMBER})?(?:us|ms|s|min|m|h|d)$`;
/** `26GB`, `80GiB`. */
export const SIZE_PATTERN = `^${NUMBER}(?:B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$`;

/** `2GB/s`, `500MiB/s`, `25Gbit/s`. */
export const BANDWIDTH_PATTERN = `^${NUMBER}(?:B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB|Mbit|Gbit|Tbit)/s$`;

const DURATION = new RegExp(DURATION_PATTERN);
const DURATION_PART = new RegExp(`${NUMBER}(us|ms|s|min|m|h|d)`, 'g');
const RATE = new RegExp(`^${NUMBER}/${NUMBER}?(us|ms|s|min|m|h|d)$`);
const SIZE = new RegExp(`^${NUMBER}(B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$`);
const BANDWIDTH = new RegExp(`^${NUMBER}(B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB|Mbit|Gbit|Tbit)/s$`);

/**
 * A duration in microseconds, not rounded (`0.2us` is 0.2): callers round once, when they make a time of it.
 * @returns null if the text is no duration with a unit
 */
export function parseDurationUs(text: string): number | null {
  if (!DURATION.test(text)) return null;
  let us = 0;
  for (const [, number, unit] of text.matchAll(DURATION_PART)) {
    const unitUs = DURATION_UNIT_US[unit as keyof typeof DURATION_UNIT_US];
    const product = Number(number) * unitUs;
    // 0.3 * 1e6 is 299999.99999999994: a decimal that means a whole microsecond is one.
    const whole = Math.round(product);
    us += Math.abs(product - whole) < 1e-6 * Math.max(1, whole) * 1e-6 ? whole : product;
  }
  return us;
}

/** So many events in a period: `1000/10s` is { count: 1000, periodUs: 10_000_000 }. */
export interface Rate {
  readonly count: number;
  readonly periodUs: number;
}

/** @returns null if the text is no rate such as `5/s` or `1000/10s` */
export function parseRate(text: string): Rate | null {
  const match = RATE.exec(text);
  if (!match) return null;
  const [, count, times, unit] = match;
  const unitUs = DURATION_UNIT_US[unit as keyof typeof DURATION_UNIT_US];
  const periodUs = (times === undefined ? 1 : Number(times)) * unitUs;
  return periodUs > 0 ? { count: Number(count), periodUs } : null;
}

/** @returns bytes, or null if the text is no size with a unit */
export function parseSizeBytes(text: string): number | null {
  const match = SIZE.exec(text);
  if (!match) return null;
  return Number(match[1]) * SIZE_UNIT_BYTES[match[2] as keyof typeof SIZE_UNIT_BYTES];
}

/** @returns bytes a second, or null if the text is no bandwidth such as `2GB/s` or `25Gbit/s` */
export function parseBytesPerSecond(text: string): number | null {
  const match = BANDWIDTH.exec(text);
  if (!match) return null;
  return Number(match[1]) * BANDWIDTH_UNIT_BYTES[match[2] as keyof typeof BANDWIDTH_UNIT_BYTES];
}

/** The shortest spelling with one unit that loses nothing: 60_000_000 is `1m`, 90_000_000 is `90s`. */
export function formatDurationUs(us: number): string {
  if (us === Number.POSITIVE_INFINITY) return 'unlimited';
  if (us === 0) return '0s';
  for (const [unit, unitUs] of [
    ['h', US_PER_H],
    ['m', US_PER_MIN],
    ['s', US_PER_S],
    ['ms', US_PER_MS],
  ] as const) {
    if (us % unitUs === 0) return `${us / unitUs}${unit}`;
  }
  return us > US_PER_S ? `${us / US_PER_S}s` : `${us}us`;
}
