/** How an answer was made sure of: the precision that was asked for, and what the beginning of a steady state is worth. */
import type { Result } from '../study/document.ts';
import { count, percent, seconds } from './numbers.ts';
import { harmless, wrapped } from './text.ts';

export function careLines({ precision, warmUp, observedS }: Result): string[] {
  const lines: string[] = [];
  if (precision !== undefined) {
    const { asked, isReached, replications, halfWidths } = precision;
    const widest = Object.entries(halfWidths).toSorted(([, a], [, b]) => b - a)[0];
    const is =
      widest === undefined
        ? 'no interval to narrow'
        : `the widest is ± ${percent(widest[1])} of ${harmless(widest[0], 60)}`;
    const verdict = isReached ? 'reached' : 'NOT reached: the most there may be';
    lines.push(
      `Precision ${percent(asked)} ${verdict} with ${count(replications)} replications; ${is}.`,
    );
  }
  if (warmUp !== undefined) lines.push(warmUpLine(warmUp, observedS));
  return lines.map((text) => wrapped(text, 2));
}

function warmUpLine(
  { rule, foundS, cutS }: NonNullable<Result['warmUp']>,
  observedS: number,
): string {
  if (cutS > 0)
    return `Warm-up: the first ${seconds(cutS)} are left out${byRule(rule, foundS, cutS)}.`;
  if (foundS === null) {
    return `Warm-up: none left out, and by ${rule} the run has not settled by half of it: give workload.synthesize a longer duration.`;
  }
  if (foundS === 0) return `Warm-up: none left out; by ${rule} there is none.`;
  const share = observedS > 0 ? ` (${percent(foundS / observedS)})` : '';
  return `Warm-up: none left out; by ${rule} the first ${seconds(foundS)}${share} had not settled: measure: { warmUp: auto } leaves them out.`;
}

function byRule(rule: string, foundS: number | null, cutS: number): string {
  if (foundS === null) return `, and by ${rule} that is not enough`;
  return foundS === cutS ? `, as ${rule} has it` : `; ${rule} would leave out ${seconds(foundS)}`;
}
