/** What was recorded of a pool, out of files: counts of replicas, invoices, and any log whose durations are latencies. */
import { type CsvRecord, csvRecords } from '../base/csv-records.ts';
import { type Mistake, UserError } from '../base/errors.ts';
import type {
  Invoice,
  Recorded,
  RecordedLatencies,
  ReplicaSeries,
} from '../study/calibration/recorded.ts';
import { type PointInTime, pointInTime } from '../study/calibration/recorded-time.ts';
import { plainName } from '../workload/readers/records/field-layout.ts';
import type { Trace } from '../workload/trace.ts';
import { readTrace, type TraceOptions } from './replay-files.ts';
import { readPieces, readWhole } from './trace-files.ts';

/** Where the figures are: `replicas=pods`, `latency=took:ms`. */
export type RecordedColumns = Readonly<Partial<Record<RecordedFigure, string>>>;

export const RECORDED_FIGURES = ['time', 'replicas', 'latency', 'from', 'to', 'usd'] as const;
export type RecordedFigure = (typeof RECORDED_FIGURES)[number];

export interface RecordedInput {
  readonly files: readonly string[];
  readonly columns: RecordedColumns;
  /** A total by itself, and its time where that is not all of the traffic's. */
  readonly invoice: {
    readonly usd: number;
    readonly from: string | null;
    readonly to: string | null;
  } | null;
  /** Of dates that name none. */
  readonly timeZone: string;
}

/** The traffic that records are held against. */
export interface Traffic {
  readonly startAtEpochUs: number | null;
  readonly fromUs: number;
  readonly toUs: number;
}

/** In plain form. */
const NAMES: Readonly<Record<Exclude<RecordedFigure, 'latency'>, readonly string[]>> = {
  time: ['time', 'timestamp', 'ts', 'date', 'datetime', 'at'],
  replicas: ['replicas', 'replica_count', 'desired_replicas', 'current_replicas', 'instances'],
  from: ['from', 'start', 'begin', 'period_start'],
  to: ['to', 'end', 'until', 'period_end'],
  usd: ['usd', 'total', 'amount', 'cost', 'total_usd', 'cost_usd'],
};

/** @throws UserError with every mistake of the first file that has one */
export async function readRecorded(input: RecordedInput, traffic: Traffic): Promise<Recorded> {
  const { files, invoice, timeZone } = input;
  const series: ReplicaSeries[] = [];
  const latencies: RecordedLatencies[] = [];
  const invoices: Invoice[] = [];
  for (const file of files) {
    const kind = await kindOf(file, input.columns);
    if (kind === 'latencies') latencies.push(await latenciesOf(file, input, traffic));
    else {
      const table = tableOf(await readWhole(file), file);
      if (kind === 'replicas') series.push(seriesOf(table, file, input, traffic));
      else invoices.push(...invoicesOf(table, file, input, traffic));
    }
  }
  if (invoice !== null) {
    const at = (text: string | null, flag: string, otherwiseUs: number) =>
      text === null ? otherwiseUs : pointOf(text, flag, timeZone, traffic);
    const fromUs = at(invoice.from, '--invoice-from', traffic.fromUs);
    const toUs = at(invoice.to, '--invoice-to', traffic.toUs);
    invoices.push({ name: '--invoice', fromUs, toUs, usd: invoice.usd });
  }
  return {
    replicas: onlyOne(series, 'counts of replicas'),
    latencies: onlyOne(latencies, 'latencies'),
    invoices,
  };
}

function onlyOne<T extends { readonly name: string }>(all: readonly T[], what: string): T | null {
  if (all.length > 1) {
    const names = all.map(({ name }) => name).join(' and ');
    throw mistake('--recorded', `${names} both hold ${what}: put them into one file`);
  }
  return all[0] ?? null;
}

type Kind = 'replicas' | 'latencies' | 'invoices';

async function kindOf(file: string, columns: RecordedColumns): Promise<Kind> {
  let beginning = '';
  for await (const piece of readPieces(file)) {
    beginning = piece;
    break;
  }
  const [header] = csvRecords(withoutComments(beginning));
  const fields = header?.fields ?? [];
  if (placeOf('replicas', fields, columns) >= 0) return 'replicas';
  const isInvoice = (['from', 'to', 'usd'] as const).every(
    (figure) => placeOf(figure, fields, columns) >= 0,
  );
  return isInvoice ? 'invoices' : 'latencies';
}

function placeOf(
  figure: Exclude<RecordedFigure, 'latency'>,
  header: readonly string[],
  columns: RecordedColumns,
): number {
  const given = columns[figure];
  const wanted = given === undefined ? NAMES[figure] : [plainName(given)];
  const names = header.map(plainName);
  return names.findIndex((name) => wanted.includes(name));
}

interface Table {
  readonly header: readonly string[];
  readonly rows: readonly CsvRecord[];
}

/** Lines stay where they are, so that messages name them. */
function withoutComments(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(/^#.*/gm, '');
}

function tableOf(text: string, name: string): Table {
  const [header, ...rows] = csvRecords(withoutComments(text));
  if (header === undefined || rows.length === 0) throw mistake(name, 'holds a header, and no row');
  return { header: header.fields, rows };
}

/** Reads rows, and says of all that are wrong what is. */
function eachRow<T>(
  { rows }: Table,
  name: string,
  read: (fields: readonly string[], wrong: (message: string) => void) => T | null,
): T[] {
  const mistakes: Mistake[] = [];
  const found = rows.flatMap(({ line, fields }) => {
    const one = read(fields, (message) =>
      mistakes.push({ at: `${name}:${line}`, path: null, message }),
    );
    return one === null ? [] : [one];
  });
  if (mistakes.length > 0) throw new UserError(mistakes.slice(0, MOST_NAMED));
  return found;
}

const MOST_NAMED = 10;

function columnOf(
  figure: Exclude<RecordedFigure, 'latency'>,
  { header }: Table,
  name: string,
  columns: RecordedColumns,
): number {
  const place = placeOf(figure, header, columns);
  if (place >= 0) return place;
  const there = header.join(', ');
  throw mistake(
    name,
    `has no column ${columns[figure] ?? figure}: there are ${there}; write --recorded-columns ${figure}=NAME`,
  );
}

function seriesOf(
  table: Table,
  name: string,
  { columns, timeZone }: RecordedInput,
  traffic: Traffic,
): ReplicaSeries {
  const time = columnOf('time', table, name, columns);
  const replicas = columnOf('replicas', table, name, columns);
  let lastUs = Number.NEGATIVE_INFINITY;
  const samples = eachRow(table, name, (fields, wrong) => {
    const point = pointInTime(fields[time] ?? '', timeZone);
    const count = numberOf(fields[replicas]);
    if (point === null) wrong(`${fields[time] ?? ''} is no time: an ISO date or seconds`);
    if (count === null) wrong(`${fields[replicas] ?? ''} is no number of replicas`);
    if (point === null || count === null) return null;
    const atUs = fromZero(point, name, traffic);
    if (atUs <= lastUs) wrong('lies at or before the row above it: times must ascend');
    lastUs = atUs;
    return { atUs, count };
  });
  return {
    name,
    atUs: Float64Array.from(samples, ({ atUs }) => atUs),
    replicas: Float64Array.from(samples, ({ count }) => count),
  };
}

function invoicesOf(
  table: Table,
  name: string,
  { columns, timeZone }: RecordedInput,
  traffic: Traffic,
): Invoice[] {
  const [from, to, usd] = (['from', 'to', 'usd'] as const).map((figure) =>
    columnOf(figure, table, name, columns),
  ) as [number, number, number];
  return eachRow(table, name, (fields, wrong) => {
    const amount = numberOf(fields[usd]?.replace(/^\$/, ''));
    const ends = [fields[from], fields[to]].map((text) => pointInTime(text ?? '', timeZone));
    if (amount === null) wrong(`${fields[usd] ?? ''} is no amount in dollars`);
    const [fromPoint, toPoint] = ends;
    if (fromPoint == null || toPoint == null) wrong('must have two times, from and to');
    if (amount === null || fromPoint == null || toPoint == null) return null;
    const fromUs = fromZero(fromPoint, name, traffic);
    return { name, fromUs, toUs: fromZero(toPoint, name, traffic), usd: amount };
  });
}

/** A log in any format that is read: its durations are the latencies. */
async function latenciesOf(
  file: string,
  { columns, timeZone }: RecordedInput,
  traffic: Traffic,
): Promise<RecordedLatencies> {
  const given = {
    ...(columns.time !== undefined && { start: sourceOf(columns.time) }),
    ...(columns.latency !== undefined && { service: sourceOf(columns.latency) }),
  };
  const hasColumns = Object.keys(given).length > 0;
  const trace = await readLog(file, { timeZone, ...(hasColumns && { columns: given }) });
  const { arrivalUs, serviceUs, count, firstAtUs } = trace;
  if (serviceUs === null) throw mistake(file, 'has no latencies: --recorded-columns latency=NAME');
  const zeroUs = fromZero({ us: firstAtUs ?? 0, isDated: firstAtUs !== null }, file, traffic);
  const isKnown = (row: number) => row < count && !Number.isNaN(serviceUs[row]!);
  return {
    name: file,
    atUs: arrivalUs.filter((_, row) => isKnown(row)).map((us) => us + zeroUs),
    latencyUs: serviceUs.filter((_, row) => isKnown(row)),
  };
}

/** What is neither a log nor has the columns of the other records may be meant as one of them. */
async function readLog(file: string, options: TraceOptions): Promise<Trace> {
  try {
    return await readTrace(file, options);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const hint =
      'is read as a log, for its latencies: counts of replicas need a column time and a column replicas, invoices from, to and usd (--recorded-columns replicas=NAME)';
    throw new UserError([{ at: file, path: '--recorded', message: hint }, ...error.mistakes]);
  }
}

/** `took:ms` */
function sourceOf(text: string) {
  const [, name = text, unit] = /^(.+):(ns|us|ms|s|min|h)$/.exec(text) ?? [];
  return { name, unit: (unit ?? null) as 'ns' | 'us' | 'ms' | 's' | 'min' | 'h' | null };
}

function pointOf(text: string, flag: string, timeZone: string, traffic: Traffic): number {
  const point = pointInTime(text, timeZone);
  if (point === null) {
    throw mistake(flag, `must be a date such as 2026-11-02T08:00 or a duration, is ${text}`);
  }
  return fromZero(point, flag, traffic);
}

function fromZero({ us, isDated }: PointInTime, at: string, { startAtEpochUs }: Traffic): number {
  if (!isDated) return us;
  if (startAtEpochUs !== null) return us - startAtEpochUs;
  throw mistake(
    at,
    'has dates, and the traffic has none: give the date of its time 0 as workload.startAt',
  );
}

function numberOf(text: string | undefined): number | null {
  if (text === undefined || !/^\d+(?:\.\d+)?$/.test(text.trim())) return null;
  return Number(text);
}

function mistake(at: string, message: string): UserError {
  return new UserError([{ at, path: null, message }]);
}
