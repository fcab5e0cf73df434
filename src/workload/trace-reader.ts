/** Text in, trace out: cuts text into lines, has a format read them, counts what it could not read, sorts by arrival. */
import { type Mistake, UserError } from '../base/errors.ts';
import { US_PER_H, US_PER_S } from '../base/units.ts';
import { GrowingColumn, integerColumn, realColumn, sortedOrder } from './columns.ts';
import { type Choice, chooseFormat, counted, readable, SAMPLE_LINES } from './readers/formats.ts';
import { type LineReader, NOTHING, REQUEST, Row, UNFINISHED } from './readers/line-reader.ts';
import type { SkippedLine, Trace } from './trace.ts';

export interface TraceReaderOptions {
  /** `auto` or a name of `FORMAT_NAMES`. */
  readonly format: string;
  /** Of the first file, for messages. */
  readonly name: string;
  /** Reads on however many lines are damaged. */
  readonly skipBadLines: boolean;
  /** Columns over SharedArrayBuffers. */
  readonly shared: boolean;
}

export interface TraceReader {
  /** The next piece of text, cut anywhere. */
  push(text: string): void;
  /** What follows comes from another file of the same format: a rotated log. */
  nextFile(name: string): void;
  /** @throws UserError if there is no request, or if too many lines are damaged */
  finish(): Trace;
}

/** A longer line is damaged, so that no file needs more memory than that. */
const LONGEST_LINE = 2 ** 20;
/** A quoted field that goes on for more lines than this has lost its end. */
const MOST_LINES_OF_A_RECORD = 100;
const LONGEST_SAMPLE = 2 ** 22;
const MOST_EXAMPLES = 10;

/** @throws UserError as the text comes, where no format fits it */
export function createTraceReader(options: TraceReaderOptions): TraceReader {
  return new LineTraceReader(options);
}

class LineTraceReader implements TraceReader {
  readonly #options: TraceReaderOptions;
  readonly #names: string[];
  /** The beginning of a line whose end is still to come, and whether it is too long to be kept. */
  #carry = '';
  #overlong = false;
  #fileBegins = true;
  #line = 0;
  #lines = 0;
  /** The first lines, until a format is chosen. */
  #sample: { readonly line: number; readonly text: string }[] | null = [];
  #sampleLength = 0;
  #choice: Choice | null = null;
  #reader: LineReader | null = null;
  /** Lines of a record that is not finished. */
  #open: string[] = [];
  #openAt = 0;
  readonly #row = new Row();
  #count = 0;
  readonly #arrival = new GrowingColumn();
  readonly #service = new GrowingColumn();
  readonly #input = new GrowingColumn();
  readonly #output = new GrowingColumn();
  readonly #status = new GrowingColumn();
  readonly #endpoint = new GrowingColumn();
  readonly #endpoints = new Map<string, number>();
  #zoneMin = Number.NaN;
  #latestUs = Number.NEGATIVE_INFINITY;
  #reordered = 0;
  #skipped = 0;
  readonly #examples: (SkippedLine & { readonly at: string })[] = [];

  constructor(options: TraceReaderOptions) {
    this.#options = options;
    this.#names = [options.name];
  }

  push(text: string): void {
    let from = 0;
    for (;;) {
      const end = text.indexOf('\n', from);
      if (end < 0) break;
      this.#endLine(text.slice(from, end));
      from = end + 1;
    }
    this.#keep(text.slice(from));
  }

  nextFile(name: string): void {
    this.#endFile();
    this.#names.push(name);
    this.#line = 0;
    this.#fileBegins = true;
  }

  finish(): Trace {
    this.#endFile();
    const { name } = this.#options;
    if (this.#lines === 0) fail(name, 'is empty: it holds not a single line');
    if (this.#reader === null) fail(name, 'holds blank lines only, no request');
    this.#refuseDamage();
    if (this.#count === 0) {
      const lines = this.#lines === 1 ? '1 line, a header' : `${counted(this.#lines)} lines`;
      fail(name, `holds no request: ${lines} of ${this.#reader.facts().format}`);
    }
    return this.#build(this.#reader);
  }

  #keep(text: string): void {
    if (this.#overlong) return;
    this.#carry += text;
    if (this.#carry.length <= LONGEST_LINE) return;
    this.#carry = '';
    this.#overlong = true;
  }

  #endLine(rest: string): void {
    this.#keep(rest);
    const text = this.#carry;
    this.#carry = '';
    this.#line++;
    this.#lines++;
    if (this.#overlong) {
      this.#overlong = false;
      this.#damaged(this.#line, 'longer than 1 MiB');
      return;
    }
    const bare = text.endsWith('\r') ? text.slice(0, -1) : text;
    this.#take(this.#fileBegins && bare.startsWith('\uFEFF') ? bare.slice(1) : bare);
    this.#fileBegins = false;
  }

  #endFile(): void {
    if (this.#carry !== '' || this.#overlong) this.#endLine('');
    this.#choose();
    while (this.#open.length > 0) this.#giveUpRecord();
  }

  #take(line: string): void {
    if (this.#sample === null) {
      this.#read(line, this.#line);
      return;
    }
    this.#sample.push({ line: this.#line, text: line });
    this.#sampleLength += line.length;
    if (this.#sample.length >= SAMPLE_LINES || this.#sampleLength > LONGEST_SAMPLE) this.#choose();
  }

  /** Chooses the format, once there are lines to choose it by, and reads these. */
  #choose(): void {
    const sample = this.#sample;
    if (sample === null || sample.every(({ text }) => text.trim() === '')) return;
    this.#sample = null;
    const lines = sample.map(({ text }) => text);
    try {
      this.#choice = chooseFormat(this.#options.format, lines);
    } catch (error) {
      throw located(error, this.#names.at(-1)!);
    }
    this.#reader = this.#choice.format.open(lines);
    for (const { line, text } of sample) this.#read(text, line);
  }

  #read(text: string, line: number): void {
    const open = this.#open;
    const record = open.length === 0 ? text : `${open.join('\n')}\n${text}`;
    const row = this.#row;
    row.clear();
    const outcome = this.#outcomeOf(record, line);
    if (outcome === UNFINISHED) {
      if (open.length === 0) this.#openAt = line;
      open.push(text);
      if (open.length > MOST_LINES_OF_A_RECORD || record.length > LONGEST_LINE)
        this.#giveUpRecord();
      return;
    }
    const first = open.length === 0 ? line : this.#openAt;
    open.length = 0;
    if (outcome === REQUEST) this.#add(row);
    else if (outcome !== NOTHING) this.#damaged(first, outcome);
  }

  #outcomeOf(record: string, line: number) {
    try {
      return this.#reader!.read(record, this.#row);
    } catch (error) {
      throw located(error, `${this.#names.at(-1)}:${line}`);
    }
  }

  /** The first line of the open record is damaged; those behind it are read again, each by itself. */
  #giveUpRecord(): void {
    const lines = this.#open;
    const first = this.#openAt;
    this.#open = [];
    this.#damaged(first, 'a quoted field that does not end');
    for (let i = 1; i < lines.length; i++) this.#read(lines[i]!, first + i);
  }

  #add(row: Row): void {
    const at = this.#count++;
    this.#arrival.set(at, row.arrivalUs);
    if (row.stampUs < this.#latestUs) this.#reordered++;
    else this.#latestUs = row.stampUs;
    if (at === 0) this.#zoneMin = row.zoneMin;
    if (!Number.isNaN(row.serviceUs)) this.#service.set(at, row.serviceUs);
    if (!Number.isNaN(row.inputTokens)) this.#input.set(at, row.inputTokens);
    if (!Number.isNaN(row.outputTokens)) this.#output.set(at, row.outputTokens);
    if (!Number.isNaN(row.status)) this.#status.set(at, row.status);
    if (row.endpoint !== null) {
      let index = this.#endpoints.get(row.endpoint);
      if (index === undefined) this.#endpoints.set(row.endpoint, (index = this.#endpoints.size));
      this.#endpoint.set(at, index);
    }
  }

  #damaged(line: number, reason: string): void {
    this.#skipped++;
    if (this.#examples.length >= MOST_EXAMPLES) return;
    this.#examples.push({ line, reason: readable(reason), at: `${this.#names.at(-1)}:${line}` });
  }

  /** Past 1 % of the lines; of fewer than 1,000, more than ten or more than half. */
  #refuseDamage(): void {
    const of = this.#count + this.#skipped;
    const most = of >= 1000 ? of / 100 : Math.min(10, of / 2);
    if (this.#skipped <= most || this.#options.skipBadLines) return;
    const damaged = `${counted(this.#skipped)} of ${counted(of)} lines are damaged`;
    const mistakes: Mistake[] = [
      {
        at: this.#options.name,
        path: null,
        message: `${damaged}, too many to go on (--skip-bad-lines leaves them out)`,
      },
    ];
    for (const { at, reason } of this.#examples) mistakes.push({ at, path: null, message: reason });
    throw new UserError(mistakes);
  }

  #build(reader: LineReader): Trace {
    const { shared } = this.#options;
    const facts = reader.facts();
    const count = this.#count;
    const order = sortedOrder(this.#arrival.values, count);
    const reals = (from: GrowingColumn): Float64Array | null =>
      from.length === 0 ? null : inOrder(from.values, order, realColumn(count, shared));
    const integers = (from: GrowingColumn): Int32Array | null =>
      from.length === 0 ? null : inOrder(from.values, order, integerColumn(count, shared));
    const arrivalUs = reals(this.#arrival)!;
    const firstAtUs = facts.epoch ? arrivalUs[0]! : null;
    if (firstAtUs !== null) for (let i = 0; i < count; i++) arrivalUs[i]! -= firstAtUs;
    return {
      count,
      arrivalUs,
      serviceUs: reals(this.#service),
      inputTokens: reals(this.#input),
      outputTokens: reals(this.#output),
      endpoint: integers(this.#endpoint),
      endpointNames: [...this.#endpoints.keys()],
      status: integers(this.#status),
      firstAtUs,
      zoneOffsetMin: Number.isNaN(this.#zoneMin) ? null : this.#zoneMin,
      report: {
        name: this.#names.join(', '),
        format: facts.format,
        why: this.#choice?.why ?? '',
        lines: this.#lines,
        requests: count,
        skipped: {
          lines: this.#skipped,
          examples: this.#examples.map(({ line, reason }) => ({ line, reason })),
        },
        reordered: this.#reordered,
        stampedAt: facts.stampedAt,
        durations: facts.durations,
        warnings: [...facts.warnings, ...farFromZero(firstAtUs, arrivalUs)],
      },
    };
  }
}

function inOrder<Column extends Float64Array | Int32Array>(
  from: Float64Array,
  order: Uint32Array | null,
  to: Column,
): Column {
  const count = to.length;
  for (let i = 0; i < count; i++) to[i] = from[order === null ? i : order[i]!]!;
  return to;
}

/** A clock that began long before the trace is no zero: whoever keeps replicas warm from time 0 pays for the gap. */
function farFromZero(firstAtUs: number | null, arrivalUs: Float64Array): string[] {
  const spanUs = arrivalUs.at(-1)! - arrivalUs[0]!;
  if (firstAtUs !== null || arrivalUs[0]! <= Math.max(US_PER_H, spanUs)) return [];
  const seconds = counted(Math.floor(arrivalUs[0]! / US_PER_S));
  return [
    `the first request arrives ${seconds} s after time 0: are these times of some other clock?`,
  ];
}

function fail(at: string, message: string): never {
  throw new UserError([{ at, path: null, message }]);
}

/** A format does not know whose lines it reads. */
function located(error: unknown, at: string): unknown {
  if (!(error instanceof UserError)) return error;
  return new UserError(error.mistakes.map((mistake) => ({ ...mistake, at: mistake.at ?? at })));
}
