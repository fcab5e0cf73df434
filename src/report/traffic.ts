/** What was read, in a line or two: nothing that a reader skipped, moved or guessed goes unsaid. */
import { US_PER_S } from '../base/units.ts';
import type { Trace } from '../workload/trace.ts';
import { count, counted, rate, seconds } from './numbers.ts';
import { harmless, PLAIN, type Style, wrapped } from './text.ts';

export function trafficLines(
  { report, arrivalUs, count: rows }: Trace,
  style: Style = PLAIN,
): string[] {
  const spanS = rows > 0 ? (arrivalUs[rows - 1]! - arrivalUs[0]!) / US_PER_S : 0;
  const { skipped, reordered } = report;
  const parts = [
    `${harmless(report.name)}   ${harmless(report.format)}`,
    `${counted(report.requests, 'request')} over ${seconds(spanS)}`,
    spanS > 0 ? rate(rows / spanS) : '',
    skipped.lines > 0 ? `${counted(skipped.lines, 'line')} skipped` : '',
    reordered > 0 ? `${counted(reordered, 'line')} out of order, sorted` : '',
  ].filter((part) => part !== '');
  return [
    wrapped(parts.join(' · '), 2),
    ...skippedLines(report.skipped),
    ...report.warnings.map((warning) => style.warn(wrapped(`! ${harmless(warning, 400)}`, 2))),
  ];
}

const MAX_EXAMPLES = 2;

export function skippedLines({ examples }: Trace['report']['skipped']): string[] {
  return examples
    .slice(0, MAX_EXAMPLES)
    .map(({ line, reason }) => `  line ${count(line)}: ${harmless(reason, 90)}`);
}
