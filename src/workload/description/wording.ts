/** Numbers in the sentences that a description says of a trace: three digits, in the unit that reads best. */
import { US_PER_DAY, US_PER_H, US_PER_MIN, US_PER_S } from '../../base/units.ts';

/** `402`, `12.8`, `0.0123`, `14,200`. */
export function number(value: number): string {
  const rounded = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
  const [whole, fraction] = String(rounded).split('.');
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** `1 request`, `9,118 requests`. */
export function counted(value: number, noun: string): string {
  return `${number(value)} ${noun}${value === 1 ? '' : 's'}`;
}

export function percent(share: number): string {
  if (share > 0 && share < 0.001) return 'less than 0.1 %';
  return `${number(share * 100)} %`;
}

/** `5 s`, `15 min`, `24 h`, `14.2 days`. */
export function time(us: number): string {
  if (us < US_PER_S) return `${number(us / 1000)} ms`;
  if (us < 2 * US_PER_MIN) return `${number(us / US_PER_S)} s`;
  if (us < 2 * US_PER_H) return `${number(us / US_PER_MIN)} min`;
  if (us <= 2 * US_PER_DAY) return `${number(us / US_PER_H)} h`;
  return `${number(us / US_PER_DAY)} days`;
}

/** `5 s, 10 s and 15 min`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
