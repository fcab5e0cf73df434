/** Traces by hand, for what is done to them. */
import { integerColumn, realColumn } from '../../../src/workload/columns.ts';
import type { Trace, TraceReport } from '../../../src/workload/trace.ts';

export interface Given {
  readonly atUs: readonly number[];
  readonly serviceUs?: readonly number[];
  readonly inputTokens?: readonly number[];
  readonly endpoint?: readonly string[];
  readonly status?: readonly number[];
  /** Of time 0. */
  readonly startAt?: string;
  readonly zoneOffsetMin?: number;
  readonly name?: string;
  readonly shared?: boolean;
  readonly period?: Trace['period'];
  readonly report?: Partial<TraceReport>;
}

export function aTrace(given: Given): Trace {
  const { atUs, shared = false } = given;
  const count = atUs.length;
  const real = (values: readonly number[] | undefined) => {
    if (values === undefined) return null;
    const column = realColumn(count, shared);
    column.set(values);
    return column;
  };
  const names = [...new Set(given.endpoint)];
  const integers = (values: readonly number[] | undefined) => {
    if (values === undefined) return null;
    const column = integerColumn(count, shared);
    column.set(values);
    return column;
  };
  return {
    count,
    arrivalUs: real(atUs)!,
    serviceUs: real(given.serviceUs),
    inputTokens: real(given.inputTokens),
    cachedTokens: null,
    outputTokens: null,
    endpoint: integers(given.endpoint?.map((name) => names.indexOf(name))),
    endpointNames: names,
    status: integers(given.status),
    firstAtUs: given.startAt === undefined ? null : Date.parse(given.startAt) * 1000,
    zoneOffsetMin: given.zoneOffsetMin ?? null,
    period: given.period ?? { fromUs: atUs[0] ?? 0, toUs: atUs.at(-1) ?? 0 },
    report: {
      name: given.name ?? 'a.log',
      format: 'csv',
      why: 'by hand',
      lines: count,
      requests: count,
      skipped: { lines: 0, examples: [] },
      reordered: 0,
      others: 0,
      leftOut: 0,
      missing: given.serviceUs?.filter(Number.isNaN).length ?? 0,
      resolutionUs: 1,
      shaping: [],
      stampedAt: 'start',
      durations: given.serviceUs === undefined ? null : 'by hand',
      warnings: [],
      ...given.report,
    },
  };
}
