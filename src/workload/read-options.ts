/** How a trace is to be read: plain data, what a study's `workload.replay` says besides the files and their shaping. */
import type { EndpointRule } from './endpoint-rule.ts';
import type { Where } from './where.ts';

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
  readonly outputTokens: ColumnSource | null;
  readonly endpoint: ColumnSource | null;
  readonly status: ColumnSource | null;
  readonly method: ColumnSource | null;
  readonly path: ColumnSource | null;
  readonly host: ColumnSource | null;
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
