/** What a trace is: whether it would go cold, its shape, its service times, and how far it can be trusted. */
import { US_PER_MIN, US_PER_S } from '../base/units.ts';
import type { Quantiles, TraceDescription } from '../workload/description/description.ts';
import { coldAnswer, coldTable } from './inspect-cold.ts';
import { count, counted, percent, rate, seconds, significant } from './numbers.ts';
import { rateChart } from './rate-chart.ts';
import { table } from './table.ts';
import { harmless, PLAIN, type Style, wrapped, wrappedParts } from './text.ts';
import { skippedLines } from './traffic.ts';

const MAX_ENDPOINTS = 8;
const MAX_CODES = 3;

export interface InspectScreenOptions {
  readonly style?: Style;
}

export function inspectScreen(
  about: TraceDescription,
  { style = PLAIN }: InspectScreenOptions = {},
): string {
  const blocks = [
    [...head(about, style), ...coldAnswer(about, style)],
    rateChart(about.rate, clockOf(about)),
    figures(about),
    endpoints(about, style),
    coldTable(about, style),
    trust(about, style),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** Beyond a header and comments: so many lines that are no requests are worth a word. */
const MANY_OTHERS = 0.02;

function head(about: TraceDescription, style: Style): string[] {
  const origin = [
    about.name,
    `${about.format} (${about.why})`,
    about.stampedAt === 'end' ? 'stamps are ends of requests' : '',
  ];
  const { skipped, reordered, leftOut, others, lines } = about;
  const counts = [
    counted(about.requests, 'request'),
    when(about),
    rate(about.ratePerS),
    skipped.lines > 0 ? `${counted(skipped.lines, 'line')} skipped` : '',
    reordered > 0 ? `${counted(reordered, 'line')} out of order, sorted` : '',
    leftOut > 0 ? `${counted(leftOut, 'request')} left out` : '',
    others > Math.max(1, MANY_OTHERS * lines) ? `${counted(others, 'other line')}` : '',
  ];
  return [
    wrappedParts(
      origin.filter((part) => part !== '').map((part) => harmless(part, 200)),
      ' · ',
      2,
    ),
    wrappedParts(
      counts.filter((part) => part !== ''),
      ' · ',
      2,
    ),
    ...skippedLines(skipped),
    ...about.shaping.map((sentence) => wrapped(`  ${harmless(sentence, 400)}`, 2)),
    ...about.warnings.map((warning) => style.warn(wrapped(`! ${harmless(warning, 400)}`, 2))),
  ];
}

function when(about: TraceDescription): string {
  const { firstAt, lastAt, spanS, zoneOffsetMin } = about;
  if (firstAt === null || lastAt === null) return `${seconds(spanS)}, times are relative`;
  const [from, to] = [localStamp(firstAt, zoneOffsetMin), localStamp(lastAt, zoneOffsetMin)];
  const sameDay = from.slice(0, 10) === to.slice(0, 10);
  return `${from} .. ${sameDay ? to.slice(11) : to} ${zoneName(zoneOffsetMin)} (${seconds(spanS)})`;
}

/** `2026-10-12 02:00:05`, by the log's own clock. */
function localStamp(iso: string, zoneOffsetMin: number | null): string {
  const us = Math.floor(Date.parse(iso) / 1000) * US_PER_S + (zoneOffsetMin ?? 0) * US_PER_MIN;
  return new Date((us / US_PER_S) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** `UTC`, `UTC+2`, `UTC-3:30`. */
function zoneName(offsetMin: number | null): string {
  if (offsetMin === null || offsetMin === 0) return 'UTC';
  const [hours, minutes] = [Math.floor(Math.abs(offsetMin) / 60), Math.abs(offsetMin) % 60];
  const rest = minutes === 0 ? '' : `:${String(minutes).padStart(2, '0')}`;
  return `UTC${offsetMin < 0 ? '-' : '+'}${hours}${rest}`;
}

/** From seconds of the trace to seconds of the log's own clock since 1970. */
function clockOf({ zeroAt, zoneOffsetMin }: TraceDescription): ((s: number) => number) | null {
  if (zeroAt === null) return null;
  const zeroS = Date.parse(zeroAt) / 1000 + (zoneOffsetMin ?? 0) * 60;
  return (s) => zeroS + s;
}

/** A name, and what is told under it. */
type Figures = readonly [name: string, parts: readonly string[]];

const LABEL_WIDTH = 11;

function figures(about: TraceDescription): string[] {
  const rows = [
    ...service(about),
    ...tokens(about),
    ['Bursts', bursts(about)] as const,
    ...statuses(about),
  ];
  return rows
    .filter(([, parts]) => parts.length > 0)
    .map(([name, [first, ...rest]]) =>
      wrappedParts([`${name.padEnd(LABEL_WIDTH)}${first}`, ...rest], ' · ', LABEL_WIDTH),
    );
}

function service(about: TraceDescription): Figures[] {
  const { serviceS, concurrency, durations, closedClients } = about;
  if (serviceS === null) {
    const other =
      about.tokens === null ? 'a distribution in a study' : 'seconds per token in a study';
    return [['Service', [`not in this trace: give --service 3s, or ${other}`]]];
  }
  const from =
    durations === null
      ? ['given']
      : [`${harmless(durations, 120)}; its own waits are inside: --fit`];
  const rows: Figures[] = [['Service', [...quantiles(serviceS, seconds), ...from]]];
  if (concurrency === null) return rows;
  const { mean, peak } = concurrency;
  const parts = [`mean ${significant(mean)}`, `peak ${count(peak)}`];
  if (closedClients !== null) {
    const share = percent(closedClients.shareOfTime);
    parts.push(`at ${count(closedClients.clients)} for ${share} of the busy time: closed clients?`);
  }
  return [...rows, ['In flight', parts]];
}

function tokens({ tokens: of }: TraceDescription): Figures[] {
  if (of === null) return [];
  return [
    ['Tokens in', of.input === null ? [] : quantiles(of.input, whole)],
    ['Tokens cached', of.cached === undefined ? [] : quantiles(of.cached, whole)],
    ['Tokens out', of.output === null ? [] : quantiles(of.output, whole)],
  ];
}

function quantiles(of: Quantiles, text: (value: number) => string): string[] {
  const { mean, p50, p90, p99, max } = of;
  return Object.entries({ mean, p50, p90, p99, max }).map(
    ([name, value]) => `${name} ${text(value)}`,
  );
}

function whole(value: number): string {
  return value >= 100 ? count(value) : significant(value);
}

function bursts(about: TraceDescription): string[] {
  const { dispersion, peakToMean, interArrivalCv, tieShare } = about;
  const by = (of: { readonly second: number | null; readonly minute: number | null }, x: string) =>
    [
      of.second === null ? '' : `second ${significant(of.second)}${x}`,
      of.minute === null ? '' : `minute ${significant(of.minute)}${x}`,
    ]
      .filter((part) => part !== '')
      .join(', ');
  return [
    interArrivalCv === null ? '' : `CV of gaps ${significant(interArrivalCv)}`,
    dispersion.second === null ? '' : `dispersion by ${by(dispersion, '')} (Poisson: 1)`,
    peakToMean.second === null ? '' : `peak ${by(peakToMean, 'x')}`,
    tieShare === 0 ? '' : `ties ${percent(tieShare)}`,
  ].filter((part) => part !== '');
}

/** What went well needs no codes. */
function statuses({ statuses: of }: TraceDescription): Figures[] {
  if (of === null) return [];
  const parts = of.map(({ class: name, share, codes }) => {
    const told = codes
      .slice(0, MAX_CODES)
      .map(({ status, requests }) => `${status}: ${count(requests)}`);
    const failed = name === '4xx' || name === '5xx';
    return `${name} ${percent(share)}${failed ? ` (${told.join(', ')})` : ''}`;
  });
  return [['Status', parts]];
}

function endpoints({ endpoints, endpointCount }: TraceDescription, style: Style): string[] {
  if (endpointCount < 2) return [];
  const shown = endpoints.slice(0, MAX_ENDPOINTS);
  const rest = endpointCount - shown.length;
  const timed = shown.some(({ serviceS }) => serviceS !== null);
  const [top, ...rows] = table(
    [
      { head: counted(endpointCount, 'endpoint'), align: 'left' },
      { head: 'requests' },
      { head: 'share' },
      ...(timed ? [{ head: 'p50' }, { head: 'p99' }] : []),
    ],
    shown.map(({ name, requests, share, serviceS }) => [
      `  ${harmless(name, 50)}`,
      count(requests),
      percent(share),
      ...(timed ? [seconds(serviceS?.p50 ?? null), seconds(serviceS?.p99 ?? null)] : []),
    ]),
  );
  return [style.dim(top!), ...rows, ...(rest > 0 ? [`  and ${count(rest)} more`] : [])];
}

function trust({ trust: doubts }: TraceDescription, style: Style): string[] {
  if (doubts.length === 0) return [];
  return [
    style.bold('How far to trust it'),
    ...doubts.map(({ about, text }) => {
      const line = wrapped(`  - ${harmless(text, 400)}`, 4);
      return about === 'closedClients' ? style.warn(line) : line;
    }),
  ];
}
