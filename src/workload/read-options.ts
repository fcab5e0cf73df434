/** How a trace is to be read: plain data, what a study's `workload.replay` says besides the files and their shaping. */
import { isTimeZone } from '../base/zone-clock.ts';
import { type EndpointRule, endpointRuleMistakes } from './endpoint-rule.ts';
import { type Where, whereMistakes } from './where.ts';

export interface ReadOptions {
  /** `auto`, a name of `FORMAT_NAMES`, or a server's own line: nginx `log_format ...`, Apache `LogFormat ...`. */
  readonly format: string;
  /** Where a table's or a record's figures are; null: by the names of the columns. */
  readonly columns: ColumnMap | null;
  /** What the stamps mark, where the format's own rule is not to hold. */
  readonly stampedAt: 'start' | 'end' | null;
  /** IANA zone of stamps that name none; null: UTC, with a warning. */
  readonly timeZone: string | null;
  /** Draws each stamp's place within the log's resolution, from this seed; null: ties in the order of the file. */
  readonly spreadSeed: string | null;
  /** Which requests are taken; null: all. */
  readonly where: Where | null;
  /** What the endpoint of a request is; null: what the format says. */
  readonly endpoint: EndpointRule | null;
  /** Reads on however many lines are damaged. */
  readonly skipBadLines: boolean;
}

/** One figure's column: its header, or a path of keys such as `request.uri`. */
export interface ColumnSource {
  readonly name: string;
  /** Of numbers; null: by the column's name, else by magnitude (times) or seconds (durations). */
  readonly unit: 's' | 'ms' | 'us' | 'ns' | 'min' | 'h' | null;
}

/** Figures that are read, each from a column. `start` or `end`, or both, is given. */
export interface ColumnMap {
  readonly start: ColumnSource | null;
  readonly end: ColumnSource | null;
  readonly service: ColumnSource | null;
  readonly inputTokens: ColumnSource | null;
  /** Of the input tokens. */
  readonly cachedTokens: ColumnSource | null;
  readonly outputTokens: ColumnSource | null;
  readonly endpoint: ColumnSource | null;
  readonly status: ColumnSource | null;
  readonly method: ColumnSource | null;
  readonly path: ColumnSource | null;
  readonly host: ColumnSource | null;
}

type Figure = keyof ColumnMap;

/** A column by its name alone, or with its unit. */
export type GivenSource =
  | string
  | { readonly name: string; readonly unit?: ColumnSource['unit'] | undefined };

/** As people write it: a figure that is left out, null or undefined goes by the names of the columns. */
export type GivenColumns = { readonly [Each in Figure]?: GivenSource | null | undefined };

export function completeColumns(given: GivenColumns): ColumnMap {
  const of = (figure: Figure): ColumnSource | null => {
    const source = given[figure] ?? null;
    if (source === null) return null;
    return typeof source === 'string'
      ? { name: source, unit: null }
      : { name: source.name, unit: source.unit ?? null };
  };
  return {
    start: of('start'),
    end: of('end'),
    service: of('service'),
    inputTokens: of('inputTokens'),
    cachedTokens: of('cachedTokens'),
    outputTokens: of('outputTokens'),
    endpoint: of('endpoint'),
    status: of('status'),
    method: of('method'),
    path: of('path'),
    host: of('host'),
  };
}

export interface ReadMistake {
  /** Keys with points between them: `where.status`. */
  readonly key: string;
  /** A sentence without a full stop. */
  readonly message: string;
}

/** What depends on the log is left to its reader. */
export function readMistakes({
  where,
  endpoint,
  timeZone,
}: Partial<Pick<ReadOptions, 'where' | 'endpoint' | 'timeZone'>>): ReadMistake[] {
  const wrong: ReadMistake[] = [
    ...(where ? whereMistakes(where) : []).map(({ key, message }) => ({
      key: `where.${key}`,
      message,
    })),
    ...(endpoint ? endpointRuleMistakes(endpoint) : []).map((message) => ({
      key: 'endpoint.path',
      message,
    })),
  ];
  if (timeZone && !isTimeZone(timeZone)) {
    const message = `${timeZone} is no time zone: write one such as Europe/Berlin, America/New_York or UTC`;
    wrong.push({ key: 'timeZone', message });
  }
  return wrong;
}

export const READ_DEFAULTS: ReadOptions = {
  format: 'auto',
  columns: null,
  stampedAt: null,
  timeZone: null,
  spreadSeed: null,
  where: null,
  endpoint: null,
  skipBadLines: false,
};

/** As a caller gives them: columns by plain names, what is left out by default. */
export type GivenOptions = Partial<Omit<ReadOptions, 'columns'>> & {
  readonly columns?: GivenColumns | null;
};

export function readOptionsOf(given: GivenOptions): ReadOptions {
  const { columns, ...rest } = given;
  return { ...READ_DEFAULTS, ...rest, columns: columns ? completeColumns(columns) : null };
}
