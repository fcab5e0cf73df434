/** What a format has to do: take lines, give rows. Counting, sorting and complaining are the trace reader's. */

/** What one line says of its request; reused from line to line. NaN is "not said". */
export class Row {
  /** Since 1970 by UTC, or since the trace's own zero; integer. */
  arrivalUs = Number.NaN;
  /** What the line is stamped with: the arrival, or the end. */
  stampUs = Number.NaN;
  serviceUs = Number.NaN;
  inputTokens = Number.NaN;
  outputTokens = Number.NaN;
  status = Number.NaN;
  endpoint: string | null = null;
  /** Minutes east of UTC of the stamp. */
  zoneMin = Number.NaN;

  clear(): void {
    this.arrivalUs = Number.NaN;
    this.stampUs = Number.NaN;
    this.serviceUs = Number.NaN;
    this.inputTokens = Number.NaN;
    this.outputTokens = Number.NaN;
    this.status = Number.NaN;
    this.endpoint = null;
    this.zoneMin = Number.NaN;
  }
}

/** The line is a request and the row holds it. */
export const REQUEST = Symbol('request');
/** The line is a header, a comment or blank. */
export const NOTHING = Symbol('nothing');
/** The record goes on: give the line again, with the next one behind it. */
export const UNFINISHED = Symbol('unfinished');

/** Anything but the three above is the reason why the line is damaged. */
export type Outcome = typeof REQUEST | typeof NOTHING | typeof UNFINISHED | string;

export interface LineReader {
  /** A line without its end, or several of one record. */
  read(line: string, row: Row): Outcome;
  /** What is known when all lines were read. */
  facts(): Facts;
}

export interface Facts {
  /** In words. */
  readonly format: string;
  /** Whether times count from 1970 and not from the trace's own zero. */
  readonly epoch: boolean;
  readonly stampedAt: 'start' | 'end';
  /** Where the durations come from; null where there are none. */
  readonly durations: string | null;
  readonly warnings: readonly string[];
}

export interface Format {
  /** As `format:` has it. */
  readonly name: string;
  /** Whether the first lines look like it at all, before any is read. */
  looksLike(lines: readonly string[]): boolean;
  /** A reader for a trace that begins with these lines; they are given to `read` again. */
  open(lines: readonly string[]): LineReader;
}
