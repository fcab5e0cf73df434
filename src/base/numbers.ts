/** Numbers as a planner reads them: three significant digits, units always, thousands separated, dollars with cents below 100. */

/** What stands where there is no figure: over no requests, without a price. */
export const NOTHING = '-';
/** Prices of a byte or a token have this many; anything smaller is nothing to a planner. */
const MOST_DECIMALS = 12;

/** Three significant digits, never in powers of ten: 0.00168, 4.51, 13.5, 353,896. */
export function significant(value: number | null, digits = 3): string {
  if (value === null) return NOTHING;
  if (!Number.isFinite(value)) return value > 0 ? 'unlimited' : NOTHING;
  if (value === 0) return '0';
  // Rounded first: 99.96 has two digits before the point and 100, what it is shown as, three.
  const rounded =
    Math.abs(value) >= 10 ** digits ? Math.round(value) : Number(value.toPrecision(digits));
  const size = Math.floor(Math.log10(Math.abs(rounded)));
  const decimals = Math.max(0, digits - 1 - size);
  if (decimals > MOST_DECIMALS) return value > 0 ? '< 1e-10' : '> -1e-10';
  return separated(rounded.toFixed(decimals));
}

/** As `significant`, without zeros that say nothing: 5, not 5.00. */
export function short(value: number | null, digits = 3): string {
  const text = significant(value, digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

export function count(value: number | null): string {
  return value === null ? NOTHING : separated(String(Math.round(value)));
}

/** `$3.42`, `$2,497`; below a dollar three significant digits. */
export function dollars(value: number | null): string {
  return value === null ? NOTHING : `${value < 0 ? '-' : ''}$${dollarsBare(Math.abs(value))}`;
}

/** Without the sign, for a column whose head has it. */
export function dollarsBare(value: number | null): string {
  if (value === null) return NOTHING;
  const size = Math.abs(value);
  if (size >= 99.995) return count(value);
  if (size >= 0.995 || size === 0) return value.toFixed(2);
  return significant(value).replace(/(\.\d\d\d*?)0+$/, '$1');
}

/** `$3.42/h`; there is none of a trace whose requests all come at one instant. */
export function dollarsPerHour(value: number | null): string {
  return value === null ? 'no cost an hour: the observed period is 0 s' : `${dollars(value)}/h`;
}

/** A share as per cent with its sign: 0.0042 is `0.42 %`. */
export function percent(share: number | null): string {
  return share === null ? NOTHING : `${percentBare(share)} %`;
}

/** For a column whose head has the sign: three digits, two decimals at most; 0 and 100 are exactly that. */
export function percentBare(share: number | null): string {
  if (share === null) return NOTHING;
  const value = share * 100;
  if (value === 0) return '0';
  if (value < 0.01) return '<0.01';
  if (value > 99.99 && value < 100) return '>99.99';
  // Near 100 the figure is what is missing.
  if (value < 1 || (value > 99 && value < 100)) return value.toFixed(2);
  return value === 100 ? '100' : significant(value);
}

/** A measured time in the unit that reads best, three digits: `350 us`, `20.0 ms`, `2.60 s`, `14.0 min`, `3.50 h`. */
export function seconds(value: number | null): string {
  return timeText(value, significant);
}

/** A time that someone chose, without zeros that say nothing: `60 s`, `5 min`. */
export function chosenSeconds(value: number): string {
  return timeText(value, short);
}

function timeText(value: number | null, text: (value: number) => string): string {
  if (value === null) return NOTHING;
  if (!Number.isFinite(value)) return 'unlimited';
  const size = Math.abs(value);
  if (size === 0) return '0 s';
  if (size < 1e-3) return `${short(value * 1e6)} us`;
  if (size < 0.9995) return `${text(value * 1e3)} ms`;
  if (size < 120) return `${text(value)} s`;
  if (size < 2 * 3600) return `${text(value / 60)} min`;
  if (size <= 48 * 3600) return `${text(value / 3600)} h`;
  return `${text(value / 86400)} days`;
}

/** A rate of events: `0.590/s`, `3.10/min`, `8.50/h`: the first unit in which it is at least 0.1. */
export function rate(perSecond: number | null): string {
  if (perSecond === null) return NOTHING;
  if (perSecond >= 0.1 || perSecond === 0) return `${significant(perSecond)}/s`;
  if (perSecond * 60 >= 0.1) return `${significant(perSecond * 60)}/min`;
  return `${significant(perSecond * 3600)}/h`;
}

/** `8.1 M`, `51.2 k`: for what is only to be grasped. */
export function rough(value: number): string {
  if (value >= 1e9) return `${short(value / 1e9)} G`;
  if (value >= 1e6) return `${short(value / 1e6)} M`;
  if (value >= 1e4) return `${short(value / 1e3)} k`;
  return short(value);
}

/** A difference to something: `+35 %`, `-16 %`, `-0.3 %`, and `+0 %` for none; against nothing it is null. */
export function relative(value: number, base: number): string | null {
  if (base === 0) return null;
  const change = (value / base - 1) * 100;
  const size = Math.abs(change);
  const text = size < 0.95 && size > EQUAL_PERCENT ? size.toFixed(1) : count(Math.round(size));
  return `${change >= 0 || text === '0' ? '+' : '-'}${text} %`;
}

/** What sums of floating point differ by when they are the same. */
const EQUAL_PERCENT = 1e-9;

function separated(digits: string): string {
  const [whole, fraction] = digits.split('.');
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
