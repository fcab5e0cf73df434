/** Text in, trace out: cuts text into lines, chooses the format, has it read them and counts what it could not read. */

import { grouped } from '../../base/counts.ts';
import { located, UserError } from '../../base/errors.ts';
import { streamOf } from '../../base/random.ts';
import { type GivenOptions, type ReadOptions, readOptionsOf } from '../read-options.ts';
import { type Choice, chooseFormat, SAMPLE_LINES } from '../readers/formats.ts';
import {
  type LineReader,
  MORE,
  NOTHING,
  type Outcome,
  REQUEST,
  type ReaderOptions,
  Row,
  UNFINISHED,
} from '../readers/line-reader.ts';
import type { Trace } from '../trace.ts';
import { needsText } from '../where.ts';
import { areWrapped, unwrapped } from './container-lines.ts';
import { Damage } from './damage.ts';
import { TraceBuilder } from './trace-builder.ts';

export interface TraceReaderOptions extends GivenOptions {
  /** Of the first file, for messages. */
  readonly name: string;
  /** Columns over SharedArrayBuffers. */
  readonly shared: boolean;
}

export interface TraceReader {
  /** The next piece of a log, cut anywhere; a character is a byte (Latin-1), or simply text. */
  push(piece: string): void;
  /** What follows comes from another file of the same format: a rotated log. */
  nextFile(name: string): void;
  /** @throws UserError if there is no request, or if too many lines are damaged */
  finish(): Trace;
}

/** A longer line is damaged, so that no file needs more memory than that. */
const LONGEST_LINE = 2 ** 20;
/** What goes on for longer without the end of a line is no log at all. */
const LONGEST_WITHOUT_END = 2 ** 26;
/** A record that goes on for more lines than this, a quoted prompt or a printed object, has lost its end. */
const MOST_LINES_OF_A_RECORD = 1000;
/** So many damaged lines, and more than good ones: the rest is not waited for. */
const HOPELESS_LINES = 10_000;
const LONGEST_SAMPLE = 2 ** 22;
/** As the bytes of the mark look, and as text. */
const BYTE_ORDER_MARKS = ['\u00EF\u00BB\u00BF', '\uFEFF'];
const CARRIAGE_RETURN = 13;

/** @throws UserError as the text comes, where no format fits it */
export function createTraceReader(options: TraceReaderOptions): TraceReader {
  return new LineTraceReader(options);
}

class LineTraceReader implements TraceReader {
  readonly #options: ReadOptions;
  readonly #readerOptions: ReaderOptions;
  readonly #builder: TraceBuilder;
  readonly #names: string[];
  /** The beginning of a line whose end is still to come, and how long it is if that is too long to be kept. */
  #carry = '';
  #overlong = 0;
  #fileBegins = true;
  #line = 0;
  #lines = 0;
  #others = 0;
  /** The first lines, until a format is chosen. */
  #sample: { readonly line: number; readonly text: string }[] | null = [];
  #sampleLength = 0;
  /** Whether each line is inside a record of whoever collected it. */
  #wrapped = false;
  #choice: Choice | null = null;
  #reader: LineReader | null = null;
  /** Lines of a record that is not finished. */
  #open: string[] = [];
  #openAt = 0;
  #openLength = 0;
  readonly #row = new Row();
  readonly #damage = new Damage();

  constructor({ name, shared, ...options }: TraceReaderOptions) {
    this.#options = readOptionsOf(options);
    const { columns, where, endpoint, spreadSeed } = this.#options;
    this.#readerOptions = {
      columns,
      texts: needsText(where, endpoint),
      spread: spreadSeed === null ? null : streamOf(spreadSeed, 0, 'spread'),
    };
    this.#builder = new TraceBuilder(this.#options, shared);
    this.#names = [name];
  }

  push(piece: string): void {
    let from = 0;
    for (;;) {
      const end = piece.indexOf('\n', from);
      if (end < 0) break;
      if (this.#carry === '' && this.#overlong === 0 && !this.#fileBegins) {
        this.#line++;
        this.#take(piece, from, end);
      } else this.#endLine(piece.slice(from, end));
      from = end + 1;
    }
    if (from < piece.length) this.#keep(piece.slice(from));
  }

  nextFile(name: string): void {
    this.#endFile();
    this.#names.push(name);
    this.#line = 0;
    this.#fileBegins = true;
    this.#builder.nextFile();
    this.#reader?.nextFile?.();
  }

  finish(): Trace {
    this.#endFile();
    this.#drain();
    const [name = ''] = this.#names;
    if (this.#lines === 0) fail(name, 'is empty: it holds not a single line');
    const reader = this.#reader;
    if (reader === null) {
      const found = this.#damage.lines > 0 ? 'no line of less than 1 MiB' : 'blank lines only';
      fail(name, `holds ${found}, no request`);
    }
    if (!this.#options.skipBadLines) this.#damage.refuse(name, this.#builder.read);
    if (this.#builder.count === 0 && this.#options.where === null) {
      const lines = this.#lines === 1 ? '1 line' : `${grouped(this.#lines)} lines`;
      fail(name, `holds no request: ${lines} of ${reader.facts().format}`);
    }
    return this.#builder.build(reader, {
      name: this.#names.join(', '),
      why: this.#choice?.why ?? '',
      lines: this.#lines,
      others: this.#others,
      skipped: this.#damage.report(this.#names.length > 1),
      stampedAt: this.#options.stampedAt ?? reader.stampedAt,
    });
  }

  /** Takes what the reader still holds. */
  #drain(): void {
    const row = this.#row;
    const reader = this.#reader;
    if (reader?.drain === undefined) return;
    for (row.clear(); reader.drain(row) === REQUEST; row.clear()) {
      this.#builder.add(row, reader, this.#options.stampedAt ?? reader.stampedAt);
    }
  }

  #keep(text: string): void {
    if (this.#overlong > 0) {
      this.#overlong += text.length;
      if (this.#overlong > LONGEST_WITHOUT_END && !this.#options.skipBadLines) {
        fail(
          this.#names.at(-1)!,
          `line ${grouped(this.#line + 1)} is longer than 64 MiB: this is no log (--skip-bad-lines leaves the line out)`,
        );
      }
      return;
    }
    this.#carry += text;
    if (this.#carry.length <= LONGEST_LINE) return;
    this.#overlong = this.#carry.length;
    this.#carry = '';
  }

  #endLine(rest: string): void {
    this.#keep(rest);
    let text = this.#carry;
    this.#carry = '';
    this.#line++;
    if (this.#overlong > 0) {
      this.#overlong = 0;
      this.#lines++;
      this.#damaged(this.#line, 'longer than 1 MiB');
      return;
    }
    if (this.#fileBegins) {
      const mark = BYTE_ORDER_MARKS.find((bytes) => text.startsWith(bytes));
      if (mark !== undefined) text = text.slice(mark.length);
      this.#fileBegins = false;
    }
    this.#take(text, 0, text.length);
  }

  #endFile(): void {
    if (this.#carry !== '' || this.#overlong > 0) this.#endLine('');
    this.#choose();
    while (this.#open.length > 0) this.#giveUpRecord();
  }

  #take(text: string, from: number, end: number): void {
    this.#lines++;
    const to = end > from && text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end;
    if (this.#sample === null) {
      if (this.#wrapped) this.#readLine(unwrapped(text.slice(from, to)), this.#line);
      else this.#read(text, from, to, this.#line);
      return;
    }
    // Blank lines before the first that says something are of no format, however many there are.
    if (this.#sample.length === 0 && text.slice(from, to).trim() === '') return;
    this.#sample.push({ line: this.#line, text: text.slice(from, to) });
    this.#sampleLength += to - from;
    if (this.#sample.length >= SAMPLE_LINES || this.#sampleLength > LONGEST_SAMPLE) this.#choose();
  }

  /** Chooses the format, once there are lines to choose it by, and reads these. */
  #choose(): void {
    const sample = this.#sample;
    if (sample === null || sample.length === 0) return;
    this.#sample = null;
    this.#wrapped = areWrapped(sample.map(({ text }) => text));
    const lines = sample.map(({ text }) => (this.#wrapped ? unwrapped(text) : text));
    try {
      this.#choice = chooseFormat(this.#options.format, lines, this.#readerOptions);
      this.#reader = this.#choice.format.open(lines, this.#readerOptions);
    } catch (error) {
      throw located(error, this.#names.at(-1)!);
    }
    for (const [i, { line }] of sample.entries()) this.#readLine(lines[i]!, line);
  }

  #readLine(text: string, line: number): void {
    this.#read(text, 0, text.length, line);
  }

  #read(text: string, from: number, to: number, line: number): void {
    if (this.#open.length > 0) {
      this.#readOn(text.slice(from, to), line);
      return;
    }
    const outcome = this.#outcomeOf(text, from, to, line);
    if (outcome === UNFINISHED) {
      this.#openAt = line;
      this.#open.push(text.slice(from, to));
      this.#openLength = to - from;
    } else if (typeof outcome === 'string') this.#damaged(line, outcome);
  }

  /** A further line of a record that goes on. */
  #readOn(line: string, number: number): void {
    const open = this.#open;
    open.push(line);
    this.#openLength += line.length;
    if (open.length > MOST_LINES_OF_A_RECORD || this.#openLength > LONGEST_LINE) {
      this.#giveUpRecord();
      return;
    }
    if (this.#reader?.mayEnd?.(line) === false) return;
    const record = open.join('\n');
    const outcome = this.#outcomeOf(record, 0, record.length, number);
    if (outcome === UNFINISHED) return;
    open.length = 0;
    if (typeof outcome === 'string') this.#damaged(this.#openAt, outcome);
  }

  /** Reads and adds what a line holds. */
  #outcomeOf(text: string, from: number, to: number, line: number): Outcome {
    const row = this.#row;
    const reader = this.#reader!;
    try {
      for (;;) {
        row.clear();
        const outcome = reader.read(text, from, to, row);
        if (outcome === NOTHING && from < to) this.#others++;
        if (outcome !== REQUEST && outcome !== MORE) return outcome;
        const stampedAt = this.#options.stampedAt ?? reader.stampedAt;
        const reason = this.#builder.add(row, reader, stampedAt);
        if (reason !== null) return reason;
        if (outcome === REQUEST) return NOTHING;
      }
    } catch (error) {
      throw located(error, `${this.#names.at(-1)}:${line}`);
    }
  }

  /** The first line of the open record is damaged; those behind it are read again, each by itself. */
  #giveUpRecord(): void {
    const lines = this.#open;
    const first = this.#openAt;
    this.#open = [];
    this.#damaged(first, 'a quoted field or a record that does not end');
    for (let i = 1; i < lines.length; i++) this.#read(lines[i]!, 0, lines[i]!.length, first + i);
  }

  #damaged(line: number, reason: string): void {
    this.#damage.add(this.#names.at(-1)!, line, reason);
    const { lines } = this.#damage;
    const { read } = this.#builder;
    if (lines >= HOPELESS_LINES && lines > read && !this.#options.skipBadLines) {
      this.#damage.refuse(this.#names[0]!, read);
    }
  }
}

function fail(at: string, message: string): never {
  throw new UserError([{ at, path: null, message }]);
}
