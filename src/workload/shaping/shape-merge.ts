/** Several traces as one, in the order of time. */
import { UserError } from '../../base/errors.ts';
import { integerColumn, realColumn } from '../columns.ts';
import { missingDurations } from '../own-durations.ts';
import { formatIso } from '../stamps.ts';
import type { Trace, TraceReport } from '../trace.ts';
import {
  columnsOf,
  isShared,
  mergeRuns,
  refuseTooMany,
  requests,
  shapeMistake,
} from './shape-rows.ts';

/** Columns that the study's service times rest on: all traces have them, or there is no service time to work out. */
export interface MergeNeeds {
  readonly durations: boolean;
  readonly tokens: boolean;
}

/**
 * Stamped traces by their dates, relative ones by their zeros; at equal times the one that is named first is first. The
 * observed period is from the first beginning to the last end. A column that not all have is left out and said so; a
 * trace without endpoints is one, by its name.
 * @throws UserError for dates beside relative times, or where a column is needed that not all have
 */
export function mergeTraces(traces: readonly Trace[], needs: MergeNeeds): Trace {
  const [first] = traces;
  if (first === undefined) throw new UserError('there is no trace to merge');
  if (traces.length === 1) return first;
  refuseMixedTimes(traces);
  const zeroUs = Math.min(...traces.map(({ firstAtUs }) => firstAtUs ?? 0));
  const offsetsUs = traces.map(({ firstAtUs }) => (firstAtUs ?? 0) - zeroUs);
  const count = traces.reduce((sum, trace) => sum + trace.count, 0);
  refuseTooMany(count, 'file', nameOf(traces));
  const leftOut: string[] = [];
  const kept = (
    column: 'serviceUs' | 'inputTokens' | 'cachedTokens' | 'outputTokens',
    what: string,
    need: boolean,
  ) => {
    const without = traces.filter((trace) => trace[column] === null);
    if (without.length === 0) return true;
    if (without.length === traces.length) return false;
    const lacks = `${without.map(({ report }) => report.name).join(', ')} has no ${what}`;
    if (need) {
      const message = `${lacks}, the others have: to merge them give all the same workload.service, or read them apart`;
      throw shapeMistake(nameOf(traces), 'file', message);
    }
    leftOut.push(`${what} left out: ${lacks}`);
    return false;
  };
  const has = {
    serviceUs: kept('serviceUs', 'durations', needs.durations),
    inputTokens: kept('inputTokens', 'input tokens', needs.tokens),
    cachedTokens: kept('cachedTokens', 'cached tokens', false),
    outputTokens: kept('outputTokens', 'output tokens', needs.tokens),
  };
  const names = [...new Set(traces.flatMap(endpointNamesOf))];
  const shared = traces.some(isShared);
  const end = <Column extends Float64Array | Int32Array>(
    to: Column,
    fill: (part: Column, trace: Trace, which: number) => void,
  ): Column => {
    let at = 0;
    for (const [which, trace] of traces.entries()) {
      fill(to.subarray(at, at + trace.count) as Column, trace, which);
      at += trace.count;
    }
    return to;
  };
  const real = (column: 'serviceUs' | 'inputTokens' | 'cachedTokens' | 'outputTokens') =>
    has[column] ? end(realColumn(count, shared), (part, trace) => part.set(trace[column]!)) : null;
  // One behind the other first: then they are one trace whose runs are put into order.
  const chain: Trace = {
    ...first,
    count,
    arrivalUs: end(realColumn(count, shared), (part, { arrivalUs }, which) => {
      for (let i = 0; i < part.length; i++) part[i] = arrivalUs[i]! + offsetsUs[which]!;
    }),
    serviceUs: real('serviceUs'),
    inputTokens: real('inputTokens'),
    cachedTokens: real('cachedTokens'),
    outputTokens: real('outputTokens'),
    endpoint: end(integerColumn(count, shared), (part, trace) => fillEndpoints(part, trace, names)),
    endpointNames: names,
    status: traces.every(({ status }) => status === null)
      ? null
      : end(integerColumn(count, shared), (part, { status }) => {
          if (status !== null) part.set(status);
        }),
    firstAtUs: first.firstAtUs === null ? null : zeroUs,
    zoneOffsetMin: traces[offsetsUs.indexOf(0)]?.zoneOffsetMin ?? null,
    period: {
      fromUs: Math.min(...traces.map(({ period }, i) => period.fromUs + offsetsUs[i]!)),
      toUs: Math.max(...traces.map(({ period }, i) => period.toUs + offsetsUs[i]!)),
    },
    report: mergedReport(traces, leftOut, has.serviceUs),
  };
  let at = 0;
  const runs = traces.map((trace) => {
    const from = at;
    at += trace.count;
    const row = Uint32Array.from({ length: trace.count }, (_, i) => from + i);
    return { count: trace.count, arrivalUs: chain.arrivalUs.subarray(from, at), row };
  });
  const merged = { ...chain, ...columnsOf(chain, mergeRuns(runs)) };
  return { ...merged, report: { ...merged.report, missing: missingDurations(merged.serviceUs) } };
}

function refuseMixedTimes(traces: readonly Trace[]): void {
  const stamped = traces.find(({ firstAtUs }) => firstAtUs !== null);
  const relative = traces.find(({ firstAtUs }) => firstAtUs === null);
  if (stamped === undefined || relative === undefined) return;
  const message = `${stamped.report.name} has dates (${formatIso(stamped.firstAtUs!)}), ${relative.report.name} has relative times: there is no order between them`;
  throw shapeMistake(nameOf(traces), 'file', message);
}

function nameOf(traces: readonly Trace[]): string {
  return traces.map(({ report }) => report.name).join(', ');
}

/** Its endpoints in the order of their index; without any the trace is one. */
function endpointNamesOf({ endpoint, endpointNames, report }: Trace): readonly string[] {
  return endpoint === null ? [endpointNames[0] ?? report.name] : endpointNames;
}

function fillEndpoints(part: Int32Array, trace: Trace, names: readonly string[]): void {
  const place = new Map(names.map((name, i) => [name, i]));
  const to = Int32Array.from(endpointNamesOf(trace), (name) => place.get(name)!);
  const { endpoint } = trace;
  if (endpoint === null) part.fill(to[0]!);
  else for (let i = 0; i < part.length; i++) part[i] = to[endpoint[i]!]!;
}

function mergedReport(
  traces: readonly Trace[],
  leftOut: readonly string[],
  timed: boolean,
): TraceReport {
  const reports = traces.map(({ report }) => report);
  const total = (of: (report: TraceReport) => number) =>
    reports.reduce((sum, report) => sum + of(report), 0);
  const distinct = (of: (report: TraceReport) => string | null) =>
    [...new Set(reports.flatMap((report) => of(report) ?? []))].join('; ');
  const named = (of: (report: TraceReport) => readonly string[]) =>
    reports.flatMap((report) => of(report).map((text) => `${report.name}: ${text}`));
  const each = reports.map((report) => `${report.name} ${requests(report.requests)}`).join(', ');
  return {
    name: reports.map(({ name }) => name).join(', '),
    format: distinct(({ format }) => format),
    why: distinct(({ why }) => why),
    lines: total(({ lines }) => lines),
    requests: total((report) => report.requests),
    skipped: {
      lines: total(({ skipped }) => skipped.lines),
      examples: reports.flatMap(({ name, skipped }) =>
        skipped.examples.map(({ line, reason }) => ({ line, reason: `${name}: ${reason}` })),
      ),
    },
    reordered: total(({ reordered }) => reordered),
    others: total((report) => report.others),
    leftOut: total((report) => report.leftOut),
    missing: 0,
    resolutionUs: Math.min(...reports.map(({ resolutionUs }) => resolutionUs)),
    shaping: [
      ...named(({ shaping }) => shaping),
      `merge: ${each}, by time${leftOut.map((said) => `; ${said}`).join('')}`,
    ],
    stampedAt: reports.some(({ stampedAt }) => stampedAt === 'end') ? 'end' : 'start',
    durations: timed ? distinct((report) => report.durations) || null : null,
    warnings: named(({ warnings }) => warnings),
  };
}
