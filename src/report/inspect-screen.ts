/** What a trace is, and whether it would go cold. */
import { parseDurationUs, US_PER_S } from '../base/units.ts';
import type { Catalogue } from '../platform/catalogue.ts';
import type { TraceDescription } from '../workload/description.ts';
import { sparkline } from './bars.ts';
import { chosenSeconds, count, counted, rate, seconds, significant } from './numbers.ts';
import { type Column, table } from './table.ts';
import { harmless, PLAIN, type Style, wrapped, wrappedParts } from './text.ts';
import { skippedLines } from './traffic.ts';

/** Fewer minutes than this make no picture. */
const MIN_POINTS = 8;
const MAX_ENDPOINTS = 8;
const HOURS_PER_DAY = 24;
const S_PER_H = 3_600;

export interface InspectScreenOptions {
  readonly style?: Style;
  /** Names the idle windows that are a platform's default. */
  readonly catalogue?: Catalogue;
}

export function inspectScreen(
  description: TraceDescription,
  { style = PLAIN, catalogue = new Map() }: InspectScreenOptions = {},
): string {
  const blocks = [
    head(description, style),
    service(description),
    endpoints(description),
    cold(description, catalogue, style),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function head(about: TraceDescription, style: Style): string[] {
  const stamps = about.stampedAt === 'end' ? 'stamps are ends of requests' : '';
  const origin = [about.name, `${about.format} (${about.why})`, stamps].filter(
    (part) => part !== '',
  );
  const when =
    about.firstAt === null || about.lastAt === null
      ? `${seconds(about.spanS)}, times are relative`
      : `${about.firstAt} .. ${about.lastAt} (${seconds(about.spanS)})`;
  const { skipped, reordered } = about;
  const burst = [
    about.interArrivalCv === null ? '' : `gaps' CV ${significant(about.interArrivalCv)}`,
    about.peakToMean.minute === null ? '' : `peak minute ${significant(about.peakToMean.minute)}x`,
    about.peakToMean.second === null ? '' : `peak second ${significant(about.peakToMean.second)}x`,
  ];
  const counts = [
    counted(about.requests, 'request'),
    when,
    rate(about.ratePerS),
    ...burst,
    skipped.lines > 0 ? `${counted(skipped.lines, 'line')} skipped` : '',
    reordered > 0 ? `${counted(reordered, 'line')} out of order, sorted` : '',
  ].filter((part) => part !== '');
  return [
    style.bold(
      wrappedParts(
        origin.map((part) => harmless(part, 200)),
        ' · ',
        2,
      ),
    ),
    wrappedParts(counts, ' · ', 2),
    ...skippedLines(skipped),
    ...about.warnings.map((warning) => style.warn(wrapped(`! ${harmless(warning, 400)}`, 2))),
    ...picture(about),
  ];
}

function picture({ perMinute }: TraceDescription): string[] {
  return perMinute.length < MIN_POINTS ? [] : [`  req/min  ${sparkline(perMinute)}`];
}

function service({ serviceS, concurrency }: TraceDescription): string[] {
  if (serviceS === null) {
    return ['Service   not in this trace: give --service, 3s say, or a distribution in a study'];
  }
  const { mean, p50, p90, p99, max } = serviceS;
  const times = `Service    mean ${seconds(mean)} · p50 ${seconds(p50)} · p90 ${seconds(p90)} · p99 ${seconds(p99)} · max ${seconds(max)}`;
  if (concurrency === null) return [times];
  return [
    times,
    `In flight  mean ${significant(concurrency.mean)} · peak ${count(concurrency.peak)}`,
  ];
}

function endpoints({ endpoints }: TraceDescription): string[] {
  if (endpoints.length < 2) return [];
  const rest = endpoints.length - MAX_ENDPOINTS;
  return [
    counted(endpoints.length, 'endpoint'),
    ...table(
      [{ head: '', align: 'left' }, { head: '' }],
      endpoints
        .slice(0, MAX_ENDPOINTS)
        .map(({ name, requests }) => [`  ${harmless(name, 60)}`, count(requests)]),
    ),
    ...(rest > 0 ? [`  and ${count(rest)} more`] : []),
  ];
}

/** Traces shorter than this are not told by the day. */
const LEAST_DAYS = 0.5;

/** With one replica kept for the window after each request. */
function cold({ gaps, spanS }: TraceDescription, catalogue: Catalogue, style: Style): string[] {
  if (gaps.length === 0 || spanS === 0) return [];
  const days = spanS / (HOURS_PER_DAY * S_PER_H);
  const byDay = days >= LEAST_DAYS;
  const columns: Column[] = [
    { head: '  idle window' },
    { head: 'is the default of', align: 'left' },
    { head: 'cold starts' },
    ...(byDay
      ? [{ head: 'a day' }, { head: 'idle and warm, h a day' }]
      : [{ head: 'idle and warm' }]),
  ];
  const [top, ...body] = table(
    columns,
    gaps.map(({ idleWindowS, count: starts, idleS }) => [
      chosenSeconds(idleWindowS),
      defaultOf(idleWindowS, catalogue),
      count(starts),
      ...(byDay
        ? [significant(starts / days), significant(idleS / S_PER_H / days)]
        : [seconds(idleS)]),
    ]),
  );
  return [
    style.bold('Would it go cold?'),
    style.dim(top!),
    ...body,
    'Of one replica that serves everything: exact for it, a bound from above with several.',
  ];
}

function defaultOf(idleWindowS: number, catalogue: Catalogue): string {
  const names = [...catalogue.values()]
    .filter(({ deployment }) => {
      const us = parseDurationUs(deployment.idleWindow ?? '');
      return us === idleWindowS * US_PER_S;
    })
    .map(({ id }) => id);
  return names.join(', ');
}
