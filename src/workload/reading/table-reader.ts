/** Columns of a table in, trace out: what a Parquet file holds, by the same names and mapping as a CSV. */
import { located, UserError } from '../../base/errors.ts';
import { type GivenOptions, type ReadOptions, readOptionsOf } from '../read-options.ts';
import { REQUEST, Row } from '../readers/line-reader.ts';
import { Cells } from '../readers/records/cells.ts';
import {
  COLUMN_NUMBER,
  type Layout,
  layoutOf,
  otherColumns,
  tellsArrivals,
} from '../readers/records/field-layout.ts';
import { FieldReader } from '../readers/records/field-reader.ts';
import { readable } from '../readers/records/readable.ts';
import type { Trace } from '../trace.ts';
import { needsText } from '../where.ts';
import { Damage } from './damage.ts';
import { TraceBuilder } from './trace-builder.ts';
import type { TraceReaderOptions } from './trace-reader.ts';

/** So many rows of a table, column by column. */
export interface TableBatch {
  readonly names: readonly string[];
  readonly rows: number;
  /** As `names` has them; numbers, texts, ISO stamps, null. */
  readonly columns: readonly (ArrayLike<unknown> | undefined)[];
}

export interface TableReader {
  push(batch: TableBatch): void;
  nextFile(name: string): void;
  /** @throws UserError if there is no request, or if too many rows are damaged */
  finish(): Trace;
}

/** @param format in words: `Parquet` */
export function createTableReader(format: string, options: TraceReaderOptions): TableReader {
  return new ColumnTableReader(format, options);
}

/**
 * The columns that are worth unpacking; all where some are told by their number.
 * @throws UserError if no column tells arrivals
 */
export function wantedColumns(names: readonly string[], options: GivenOptions): readonly string[] {
  const read = readOptionsOf(options);
  const sources = Object.values(read.columns ?? {});
  if (sources.some((source) => source !== null && COLUMN_NUMBER.test(source.name))) return names;
  const fields = Object.values(checkedLayout(names, read)).filter((field) => field !== null);
  return [...new Set(fields.map(({ index }) => names[index]!))];
}

class ColumnTableReader implements TableReader {
  readonly #format: string;
  readonly #options: ReadOptions;
  readonly #builder: TraceBuilder;
  readonly #names: string[];
  readonly #damage = new Damage();
  readonly #cells = new Cells();
  readonly #row = new Row();
  #header: readonly string[] = [];
  #wanted: readonly number[] = [];
  #fields: FieldReader | null = null;
  #line = 0;
  #lines = 0;

  constructor(format: string, { name, shared, ...options }: TraceReaderOptions) {
    this.#format = format;
    this.#options = readOptionsOf(options);
    this.#builder = new TraceBuilder(this.#options, shared);
    this.#names = [name];
  }

  nextFile(name: string): void {
    this.#names.push(name);
    this.#line = 0;
    this.#builder.nextFile();
  }

  push({ names, rows, columns }: TableBatch): void {
    const { where, endpoint, stampedAt } = this.#options;
    if (this.#fields === null) {
      const layout = checkedLayout(names, this.#options);
      this.#header = names;
      this.#wanted = Object.values(layout).flatMap((field) => (field === null ? [] : field.index));
      this.#fields = new FieldReader(layout, needsText(where, endpoint));
    }
    const fields = this.#fields;
    if (names.join('\n') !== this.#header.join('\n')) this.#moveTo(names, fields);
    const cells = this.#cells;
    const row = this.#row;
    for (let i = 0; i < rows; i++) {
      this.#line++;
      this.#lines++;
      cells.clear('');
      for (const index of this.#wanted) cells.set(index, textOf(columns[index]?.[i]));
      row.clear();
      const outcome = fields.read(cells, row);
      const reason =
        outcome === REQUEST
          ? this.#builder.add(row, fields, stampedAt ?? fields.stampedAt)
          : String(outcome);
      if (reason !== null) this.#damage.add(this.#names.at(-1)!, this.#line, reason);
    }
  }

  /** A further file may have the same columns in another order. */
  #moveTo(names: readonly string[], fields: FieldReader): void {
    const layout = checkedLayout(names, this.#options);
    if (!fields.moveTo(layout)) throw located(otherColumns(names), this.#names.at(-1)!);
    this.#header = names;
    this.#wanted = Object.values(layout).flatMap((field) => (field === null ? [] : field.index));
  }

  finish(): Trace {
    const [name = ''] = this.#names;
    const fields = this.#fields;
    if (fields === null) throw new UserError([{ at: name, path: null, message: 'holds no row' }]);
    if (!this.#options.skipBadLines) this.#damage.refuse(name, this.#builder.read);
    const facts = {
      format: `${this.#format} (${this.#header.slice(0, 12).join(', ')})`,
      durations: fields.durations,
      warnings: fields.warnings(),
    };
    return this.#builder.build(
      { epoch: fields.epoch, facts: () => facts },
      {
        name: this.#names.join(', '),
        why: 'by its first and last bytes',
        lines: this.#lines,
        others: 0,
        skipped: this.#damage.report(this.#names.length > 1),
        stampedAt: this.#options.stampedAt ?? fields.stampedAt,
      },
    );
  }
}

function checkedLayout(names: readonly string[], { columns }: ReadOptions): Layout {
  const layout = layoutOf(names, columns);
  if (tellsArrivals(layout)) return layout;
  throw new UserError(
    `has no column of arrival times: it has ${names.slice(0, 20).map(readable).join(', ')}; say which it is: \`columns: { start: NAME }\``,
  );
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}
