/** Differences as one reads them: with their sign, their unit and their intervals. */
import type { CompareRow, Difference } from '../study/compare-document.ts';
import type { Interval } from '../study/document.ts';
import { monthUsd } from './month.ts';
import { dollars, NOTHING, percentBare, seconds } from './numbers.ts';

export type Show = (value: number | null) => string;

export const SHOWN: readonly (readonly [
  name: string,
  path: string,
  show: Show,
  of: (row: CompareRow) => number | null,
])[] = [
  [
    'cost',
    'cost.usdPerHour',
    (usd) => (usd === null ? NOTHING : `${dollars(usd)}/h`),
    ({ result }) => result.cost?.usdPerHour ?? null,
  ],
  [
    '',
    'cost.usdPerMonth',
    (usd) => (usd === null ? NOTHING : `${dollars(usd)}/month`),
    ({ result }) => monthUsd(result),
  ],
  ['p99', 'latencyS.p99', seconds, ({ result }) => result.latencyS.p99],
  ['cold', 'coldStarts.fraction', shareText, ({ result }) => result.coldStarts.fraction],
  ['failed', 'requests.failedFraction', shareText, ({ result }) => result.requests.failedFraction],
];

export function shareText(share: number | null): string {
  return share === null ? NOTHING : `${percentBare(share)} %`;
}

export function pointsText(share: number | null): string {
  return share === null ? NOTHING : `${percentBare(share)} points`;
}

export function signed(value: number, show: Show): string {
  if (value === 0) return 'the same';
  return value > 0 ? `+${show(value)}` : `-${show(-value)}`;
}

/** `95 % -1.30 .. -1.10`, by luck and by traffic where both are known. */
export function intervalText({ ci95, ci95Traffic }: Difference, show: Show): string {
  const ends = ([from, to]: Interval) => `${signedEnd(from, show)} .. ${signedEnd(to, show)}`;
  const parts = [
    ci95 === null ? '' : `95 % ${ends(ci95)}`,
    ci95Traffic === null ? '' : `95 % of such traffic ${ends(ci95Traffic)}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

export function signedEnd(value: number, show: Show): string {
  return value === 0 ? show(0) : signed(value, show);
}
