/**
 * Records of JSON in general, one a line: keys by the names that columns of a CSV have (`startTime` as `start_time`), or
 * wherever `columns:` says, with dots for what is nested (`request.uri`).
 */

import {
  type Facts,
  type Format,
  NOTHING,
  type Outcome,
  type ReaderOptions,
  type Row,
} from './line-reader.ts';
import { FieldReader } from './records/field-reader.ts';
import { JsonReader, recordsOf } from './records/json-reader.ts';
import { type JsonPath, pathsOf } from './records/json-scanner.ts';
import {
  compacted,
  mustTellArrivals,
  type RecordLayout,
  recordLayoutOf,
  requestMarks,
  tellsRequests,
} from './records/record-layout.ts';

export const jsonl: Format = {
  name: 'jsonl',
  title: 'JSON records',
  looksLike(lines, { columns }) {
    const names = namesOf(pathsOf(recordsOf(lines)));
    if (names.length === 0 || columns !== null) return names.length > 0;
    try {
      return tellsRequests(recordLayoutOf(names, null));
    } catch {
      // Two keys of one figure: opening it says so.
      return true;
    }
  },
  open(lines, options) {
    const paths = pathsOf(recordsOf(lines));
    const names = namesOf(paths);
    const found = recordLayoutOf(names, options.columns);
    mustTellArrivals(found.layout, names);
    return new RecordReader(paths, found, options);
  },
};

function namesOf(paths: readonly JsonPath[]): string[] {
  return paths.map((path) => path.join('.'));
}

class RecordReader extends JsonReader {
  readonly #reader: FieldReader;
  readonly #names: readonly string[];
  readonly #isLog: boolean;
  /** The cells that a request of a log has, any of them; none where all are requests. */
  readonly #marks: readonly number[];

  constructor(paths: readonly JsonPath[], found: RecordLayout, { texts }: ReaderOptions) {
    const { layout, indices } = compacted(found.layout);
    super(indices.map((index) => paths[index]!));
    this.#reader = new FieldReader(layout, texts);
    this.#names = namesOf(paths);
    this.#isLog = found.isLog;
    this.#marks = requestMarks(layout);
  }

  get stampedAt(): 'start' | 'end' {
    return this.#reader.stampedAt;
  }

  get epoch(): boolean {
    return this.#reader.epoch;
  }

  protected take(row: Row): Outcome {
    const { fields } = this;
    const marks = this.#marks;
    if (this.#isLog && marks.length > 0 && !marks.some((cell) => this.has(cell))) return NOTHING;
    return this.#reader.read(fields, row);
  }

  facts(): Facts {
    const names = this.#names;
    const warnings = this.#reader.warnings();
    if (this.#isLog && this.stampedAt === 'end') warnings.push(WRITTEN_AT_END);
    return {
      format: `JSON records (${names.slice(0, 12).join(', ')}${names.length > 12 ? ', ...' : ''})`,
      durations: this.#reader.durations,
      warnings,
    };
  }
}

export const WRITTEN_AT_END =
  'lines of a log are taken as written when the request ended: `columns: { start: NAME }` says otherwise';
