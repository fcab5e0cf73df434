/** Keep-warm hours as they were proposed: what they save, and the block to paste. */

import { HOURS_PER_MONTH } from '../base/units.ts';
import type { CompareDocument, ScheduleProposal, ScheduleRow } from '../study/compare-document.ts';
import { dollars, dollarsPerHour, percent, relative, seconds } from './numbers.ts';

export interface ScheduleView {
  readonly title: string;
  readonly sentences: readonly string[];
  /** A block to paste; empty for none. */
  readonly yaml: string;
}

export function scheduleView(schedule: NonNullable<CompareDocument['schedule']>): ScheduleView {
  const title = 'Keep-warm hours';
  if ('why' in schedule)
    return { title, sentences: [`None are proposed: ${schedule.why}.`], yaml: '' };
  const { proposed, constant, yaml, notes } = schedule;
  return {
    title,
    sentences: [
      lead(schedule),
      `${isWorthIt(schedule) ? 'Proposed' : 'Best found'}: ${rowText(proposed)}`,
      constant === null
        ? 'No constant minimum meets the objectives.'
        : `Against: ${rowText(constant)}`,
      ...notes.map((note) => `${note[0]!.toUpperCase()}${note.slice(1)}.`),
    ],
    yaml: isWorthIt(schedule) ? yaml : '',
  };
}

function isWorthIt({ proposed, difference }: ScheduleProposal): boolean {
  return typeof proposed.min !== 'number' && (difference === null || (difference.value ?? 0) < 0);
}

function lead(schedule: ScheduleProposal): string {
  const { proposed, constant, difference } = schedule;
  const usd = difference?.value ?? null;
  if (constant === null) return `Hours of keep-warm meet the objectives: ${rowText(proposed)}.`;
  if (!isWorthIt(schedule) || usd === null) {
    return 'No hours save anything: the constant minimum that meets the same objectives costs no more.';
  }
  const share = relative(proposed.result.cost!.usdPerHour!, constant.result.cost!.usdPerHour!);
  const interval = difference!.ci95 ?? difference!.ci95Traffic;
  const sure =
    interval === null
      ? ''
      : interval[1] < 0
        ? `, surely: 95 % from ${dollarsPerHour(-interval[1])} to ${dollarsPerHour(-interval[0])}`
        : ', which is not sure: the interval has 0 in it';
  return `Saves ${dollars(-usd * HOURS_PER_MONTH)}/month (${share}) against a constant minimum that meets the same objectives${sure}.`;
}

function rowText({ label, result }: ScheduleRow): string {
  const { cost, latencyS, coldStarts } = result;
  const parts = [
    dollarsPerHour(cost?.usdPerHour ?? null),
    `p99 ${seconds(latencyS.p99)}`,
    `${percent(coldStarts.fraction)} cold`,
  ];
  return `${label}: ${parts.join(', ')}`;
}
