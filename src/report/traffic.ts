/** What was read, in a line or two: nothing that a reader skipped, moved or guessed goes unsaid. */
import { US_PER_S } from '../base/units.ts';
import type { LoadedStudy } from '../study/study.ts';
import { missingDurations } from '../workload/own-durations.ts';
import type { Trace } from '../workload/trace.ts';
import { makeWorkload, type WorkloadSpec } from '../workload/workload.ts';
import { chosenSeconds, count, counted, rate, seconds } from './numbers.ts';
import { harmless, PLAIN, type Style, wrapped, wrappedParts } from './text.ts';

export function trafficLines(
  { report, arrivalUs, count: rows }: Trace,
  style: Style = PLAIN,
): string[] {
  const spanS = rows > 0 ? (arrivalUs[rows - 1]! - arrivalUs[0]!) / US_PER_S : 0;
  const { skipped, reordered, leftOut } = report;
  const parts = [
    `${harmless(report.name)}   ${harmless(report.format)}`,
    `${counted(report.requests, 'request')} over ${seconds(spanS)}`,
    spanS > 0 ? rate(rows / spanS) : '',
    leftOut > 0 ? `${counted(leftOut, 'request')} left out by where` : '',
    skipped.lines > 0 ? `${counted(skipped.lines, 'line')} skipped` : '',
    reordered > 0 ? `${counted(reordered, 'line')} out of order, sorted` : '',
  ].filter((part) => part !== '');
  return [
    wrappedParts(parts, ' · ', 2),
    ...report.shaping.map((said) => wrapped(`  ${harmless(said, 400)}`, 2)),
    ...skippedLines(report.skipped),
    ...report.warnings.map((warning) => style.warn(wrapped(`! ${harmless(warning, 400)}`, 2))),
  ];
}

/** What a study replays, and what it makes. */
export function studyTraffic(
  { kinds }: Pick<LoadedStudy, 'kinds'>,
  traces: readonly Trace[],
): string[] {
  const made = new Set(kinds.flatMap(({ compiled: { workload } }) => madeLine(workload)));
  const ownDurations = kinds.some(({ compiled }) => compiled.workload.service.kind === 'trace');
  const read = traces.flatMap((trace) => [
    ...trafficLines(trace),
    ...(ownDurations ? [...ownWaitLines(trace), ...missingLines(trace)] : []),
  ]);
  return [
    // Of one log shaped in several ways the same is said once.
    ...new Set(read),
    ...(made.size > MAX_MADE ? [`synthesized   ${count(made.size)} kinds of traffic`] : made),
  ];
}

/** A column that is called a service time is taken at its word. */
function ownWaitLines({ report: { durations } }: Trace): string[] {
  if (durations === null || /`service/.test(durations)) return [];
  return [
    wrapped(
      `  service times from ${harmless(durations, 120)}; its own waits and cold starts are inside and would count twice: coldfront inspect --fit takes them out`,
      2,
    ),
  ];
}

/** How a request without a duration is replayed. */
function missingLines(trace: Trace): string[] {
  const missing = missingDurations(trace.serviceUs);
  if (missing === 0 || missing === trace.count) return [];
  const [requests, have] = missing === 1 ? ['request', 'has'] : ['requests', 'have'];
  return [
    `  ${count(missing)} ${requests} ${have} no duration (failed, refused, or not logged): drawn from the others'`,
  ];
}

const MAX_MADE = 4;

function madeLine(spec: WorkloadSpec): string[] {
  if (spec.kind === 'replay') return [];
  const { label, period } = makeWorkload(spec, null, null);
  const end =
    spec.durationUs === null
      ? counted(spec.requests ?? 0, 'request')
      : chosenSeconds(period.toUs / US_PER_S);
  return [`synthesized   ${label} · ${end}`];
}

const MAX_EXAMPLES = 2;

export function skippedLines({ examples }: Trace['report']['skipped']): string[] {
  return examples
    .slice(0, MAX_EXAMPLES)
    .map(({ line, reason }) => `  line ${count(line)}: ${harmless(reason, 90)}`);
}
