/** The mechanics of shaping: rows of a trace taken, moved and put into the order of time, into columns of their own. */
import { counted, grouped } from '../../base/counts.ts';
import { UserError } from '../../base/errors.ts';
import { integerColumn, realColumn } from '../columns.ts';
import { missingDurations } from '../own-durations.ts';
import type { Trace } from '../trace.ts';

/** Some rows of a trace at times of their own, which ascend. */
export interface Run {
  readonly count: number;
  readonly arrivalUs: Float64Array;
  /** Index into the trace that it was taken from. */
  readonly row: Uint32Array;
}

/** At 24 bytes a request this is 6.4 GB; a typed mistake asks for more. */
const MOST_ROWS = 2 ** 28;

/** @throws UserError for more than fit into memory */
export function refuseTooMany(rows: number, key: string, name: string): void {
  if (rows <= MOST_ROWS) return;
  const message = `makes ${requests(Math.round(rows))}: at most ${grouped(MOST_ROWS)} fit into memory`;
  throw shapeMistake(name, key, message);
}

export function shapeMistake(name: string, key: string, message: string): UserError {
  return new UserError([{ at: name, path: `workload.replay.${key}`, message }]);
}

export function requests(count: number): string {
  return counted(count, 'request');
}

export function isShared({ arrivalUs }: Trace): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && arrivalUs.buffer instanceof SharedArrayBuffer;
}

/** Of runs in order one: of equal times those of an earlier run are first. */
export function mergeRuns(runs: readonly Run[]): Run {
  let round = runs.filter(({ count }) => count > 0);
  if (round.length > 1 && followEachOther(round)) return chained(round);
  while (round.length > 1) {
    const next: Run[] = [];
    for (let i = 0; i < round.length; i += 2) {
      const [a, b] = [round[i]!, round[i + 1]];
      next.push(b === undefined ? a : mergeTwo(a, b));
    }
    round = next;
  }
  return round[0] ?? { count: 0, arrivalUs: new Float64Array(0), row: new Uint32Array(0) };
}

function followEachOther(runs: readonly Run[]): boolean {
  return runs.every(
    ({ count, arrivalUs }, i) =>
      i === runs.length - 1 || arrivalUs[count - 1]! <= runs[i + 1]!.arrivalUs[0]!,
  );
}

function chained(runs: readonly Run[]): Run {
  const count = runs.reduce((sum, run) => sum + run.count, 0);
  const arrivalUs = new Float64Array(count);
  const row = new Uint32Array(count);
  let at = 0;
  for (const run of runs) {
    arrivalUs.set(run.arrivalUs.subarray(0, run.count), at);
    row.set(run.row.subarray(0, run.count), at);
    at += run.count;
  }
  return { count, arrivalUs, row };
}

function mergeTwo(a: Run, b: Run): Run {
  const count = a.count + b.count;
  const arrivalUs = new Float64Array(count);
  const row = new Uint32Array(count);
  const [aUs, bUs, aRow, bRow] = [a.arrivalUs, b.arrivalUs, a.row, b.row];
  let i = 0;
  let j = 0;
  let at = 0;
  while (i < a.count && j < b.count) {
    if (bUs[j]! < aUs[i]!) {
      arrivalUs[at] = bUs[j]!;
      row[at++] = bRow[j++]!;
    } else {
      arrivalUs[at] = aUs[i]!;
      row[at++] = aRow[i++]!;
    }
  }
  const [rest, from] = i < a.count ? [a, i] : [b, j];
  arrivalUs.set(rest.arrivalUs.subarray(from, rest.count), at);
  row.set(rest.row.subarray(from, rest.count), at);
  return { count, arrivalUs, row };
}

type Columns = Pick<
  Trace,
  | 'count'
  | 'arrivalUs'
  | 'serviceUs'
  | 'inputTokens'
  | 'cachedTokens'
  | 'outputTokens'
  | 'endpoint'
  | 'status'
>;

/** The columns of a run of a trace's rows, in memory as shared as the trace's own. */
export function columnsOf(trace: Trace, { count, arrivalUs, row }: Run): Columns {
  const shared = isShared(trace);
  const real = (from: Float64Array | null) =>
    from === null ? null : gathered(from, row, realColumn(count, shared));
  const integer = (from: Int32Array | null) =>
    from === null ? null : gathered(from, row, integerColumn(count, shared));
  const times = realColumn(count, shared);
  times.set(arrivalUs.subarray(0, count));
  return {
    count,
    arrivalUs: times,
    serviceUs: real(trace.serviceUs),
    inputTokens: real(trace.inputTokens),
    cachedTokens: real(trace.cachedTokens),
    outputTokens: real(trace.outputTokens),
    endpoint: integer(trace.endpoint),
    status: integer(trace.status),
  };
}

function gathered<Column extends Float64Array | Int32Array>(
  from: Column,
  row: Uint32Array,
  to: Column,
): Column {
  for (let i = 0; i < to.length; i++) to[i] = from[row[i]!]!;
  return to;
}

/** A trace whose rows were changed, with what is said of it: its counts follow the rows. */
export function reshaped(
  trace: Trace,
  columns: Partial<Columns> & Pick<Columns, 'count'>,
  said: string,
  more: Partial<Pick<Trace, 'firstAtUs' | 'period'>> = {},
): Trace {
  const { report } = trace;
  const { count } = columns;
  const serviceUs = columns.serviceUs ?? trace.serviceUs;
  return {
    ...trace,
    ...columns,
    ...more,
    report: {
      ...report,
      requests: count,
      missing: count === trace.count ? report.missing : missingDurations(serviceUs),
      shaping: [...report.shaping, said],
    },
  };
}
