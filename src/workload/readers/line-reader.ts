/**
 * What a format has to do: take lines, give rows. Cutting text into lines, choosing, counting, sorting and complaining are
 * the trace reader's. In the text of a log one character is one byte: see `utf8Of`.
 */
import type { Uniforms } from '../../base/random.ts';
import type { ColumnMap } from '../read-options.ts';

/** What one line says of its request; reused from line to line. NaN or null is "not said". */
export class Row {
  /** What the line is stamped with: since 1970 by UTC (local time if it names no zone), or since the trace's own zero; integer. */
  stampUs = Number.NaN;
  /** Minutes east of UTC of the stamp; NaN if it names no zone. */
  zoneMin = Number.NaN;
  /** The arrival, where the line says it besides an end; else it is worked out from the stamp. */
  startUs = Number.NaN;
  serviceUs = Number.NaN;
  inputTokens = Number.NaN;
  /** Of the input tokens; no more than those. */
  cachedTokens = Number.NaN;
  outputTokens = Number.NaN;
  /** Of HTTP. */
  status = Number.NaN;
  /** These three only if `ReaderOptions.texts`. */
  method: string | null = null;
  path: string | null = null;
  host: string | null = null;
  endpoint: string | null = null;

  clear(): void {
    this.stampUs = Number.NaN;
    this.zoneMin = Number.NaN;
    this.startUs = Number.NaN;
    this.serviceUs = Number.NaN;
    this.inputTokens = Number.NaN;
    this.cachedTokens = Number.NaN;
    this.outputTokens = Number.NaN;
    this.status = Number.NaN;
    this.method = null;
    this.path = null;
    this.host = null;
    this.endpoint = null;
  }
}

/** The line is a request and the row holds it. */
export const REQUEST = Symbol('request');
/** The row holds a request, and the line holds more: give it again. */
export const MORE = Symbol('more');
/** The line is a header, a comment, blank, or of something else that such logs hold. */
export const NOTHING = Symbol('nothing');
/** The record goes on: give the line again, with the next one behind it. */
export const UNFINISHED = Symbol('unfinished');

/** Anything but the four above is the reason why the line is damaged. */
export type Outcome = typeof REQUEST | typeof MORE | typeof NOTHING | typeof UNFINISHED | string;

export interface LineReader {
  /** What the stamps mark, as soon as a line was read. */
  readonly stampedAt: 'start' | 'end';
  /** Whether times count from 1970 and not from the trace's own zero, as soon as a line was read. */
  readonly epoch: boolean;
  /** Set where a stamp stands for an interval of this length, within which the reader itself places requests. */
  readonly intervalUs?: number;
  /** The line `text[from, to)` without its end, or several lines of one record. */
  read(text: string, from: number, to: number, row: Row): Outcome;
  /** When all lines were read: the next request whose end never came, or NOTHING. For readers that wait for ends. */
  drain?(row: Row): Outcome;
  /** What follows comes from another file, which may have a header of its own. */
  nextFile?(): void;
  /** Of a further line of a record that goes on: whether it may be the last. Left out: any may. */
  mayEnd?(line: string): boolean;
  /** What is known when all lines were read. */
  facts(): Facts;
}

export interface Facts {
  /** In words. */
  readonly format: string;
  /** Where the durations come from; null where there are none. */
  readonly durations: string | null;
  readonly warnings: readonly string[];
}

/** What a reader is asked for. */
export interface ReaderOptions {
  /** Where the figures of a table or a record are, if not where their names say. */
  readonly columns: ColumnMap | null;
  /** Whether method, path and host are wanted. */
  readonly texts: boolean;
  /** For formats that count requests by interval: draws the place of each; null places them evenly. */
  readonly spread: Uniforms | null;
}

export interface Format {
  /** As `format:` has it. */
  readonly name: string;
  /** What writes it, in a few words: `AWS Application Load Balancer`. */
  readonly title: string;
  /** Whether its fields are where they are, so that `columns:` has nothing to say. */
  readonly fixedFields?: true;
  /** Whether the first lines look like it at all, before any is read. */
  looksLike(lines: readonly string[], options: ReaderOptions): boolean;
  /** A reader for a trace that begins with these lines; they are given to `read` again. */
  open(lines: readonly string[], options: ReaderOptions): LineReader;
}

/** How a reader's warning of such stamps begins: it is not true any more where they are spread. */
export const WHOLE_SECONDS = 'stamps have a resolution of 1 s';

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Text of a log for people: bytes that are UTF-8 are read as such, others stay what they are in Latin-1. */
export function utf8Of(text: string): string {
  let high = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) return text;
    if (code > 127) high = true;
  }
  if (!high) return text;
  try {
    return UTF8.decode(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  } catch {
    return text;
  }
}
