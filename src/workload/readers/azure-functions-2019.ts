/**
 * Azure's trace of function invocations of 2019, and what has its layout: a row a function,
 * `HashOwner,HashApp,HashFunction,Trigger,1,...,1440` in any order, with the invocations of each minute of a day
 * (github.com/Azure/AzurePublicDataset, AzureFunctionsDataset2019.md). There are no durations, no dates, and no order within
 * a minute. A day is a file, so each further header begins the next day.
 */
import type { Uniforms } from '../../base/random.ts';
import { US_PER_DAY, US_PER_MIN } from '../../base/units.ts';
import {
  type Facts,
  type Format,
  type LineReader,
  MORE,
  NOTHING,
  type Outcome,
  REQUEST,
  type ReaderOptions,
  type Row,
} from './line-reader.ts';
import { Cells } from './records/cells.ts';
import { headerNames } from './records/data-set.ts';
import { wholeOrDash } from './records/log-fields.ts';
import { splitPlain } from './records/plain-split.ts';

/** All of Azure had fewer in a minute: 12.5 billion in 14 days. */
const MOST_A_MINUTE = 1_000_000;
/** Only so many fields of each row are looked at to tell whether it is a further header. */
const MOST_NAMES = 8;
const COMMA = 44;

export const azureFunctions2019: Format = {
  name: 'azure-functions-2019',
  title: "Azure's function invocations of 2019, counts a minute",
  looksLike(lines, { columns }) {
    const names = headerNames(lines);
    return columns === null && names.includes('hashfunction') && minutesOf(names).length > 0;
  },
  open: (_, options) => new MinuteCountReader(options),
};

interface Column {
  readonly index: number;
  readonly minute: number;
}

class MinuteCountReader implements LineReader {
  readonly stampedAt = 'start';
  readonly epoch = false;
  readonly intervalUs = US_PER_MIN;
  readonly #spread: Uniforms | null;
  readonly #cells = new Cells();
  #columns: readonly Column[] = [];
  #width = 0;
  #function = 0;
  #app = -1;
  #days = 0;
  /** Of the row at hand: invocations by column, those still to give, and where the next one is. */
  #counts = new Float64Array(0);
  #left = 0;
  #at = 0;
  #given = 0;
  #endpoint = '';

  constructor({ spread }: ReaderOptions) {
    this.#spread = spread;
  }

  read(text: string, from: number, to: number, row: Row): Outcome {
    if (this.#left === 0) {
      const outcome = this.#begin(text, from, to);
      if (outcome !== MORE) return outcome;
    }
    while (this.#given === this.#counts[this.#at]) {
      this.#at++;
      this.#given = 0;
    }
    const { minute } = this.#columns[this.#at]!;
    row.stampUs = (this.#days - 1) * US_PER_DAY + (minute - 1) * US_PER_MIN;
    const place = this.#spread?.next() ?? (this.#given + 0.5) / this.#counts[this.#at]!;
    row.startUs = row.stampUs + Math.floor(place * US_PER_MIN);
    row.endpoint = this.#endpoint;
    this.#given++;
    this.#left--;
    return this.#left === 0 ? REQUEST : MORE;
  }

  facts(): Facts {
    const how = this.#spread === null ? 'evenly' : 'at random';
    const place = `the invocations of a minute are placed ${how} within it`;
    const days = `${this.#days} headers: each begins a day`;
    return {
      format: 'Azure Functions invocations of 2019, counts a minute',
      durations: null,
      warnings: this.#days > 1 ? [place, days] : [place],
    };
  }

  /** Counts of a new row; MORE if there are any. */
  #begin(text: string, from: number, to: number): Outcome {
    if (from >= to) return NOTHING;
    const cells = this.#cells;
    splitPlain(cells, text, from, to, COMMA);
    if (this.#isHeader(cells)) return NOTHING;
    if (this.#days === 0) return 'no header with `HashFunction` and minutes before it';
    if (cells.count !== this.#width) {
      return `${cells.count} fields where the header has ${this.#width}`;
    }
    let left = 0;
    for (let i = 0; i < this.#columns.length; i++) {
      const { index, minute } = this.#columns[i]!;
      const count = wholeOrDash(text, cells.from[index]!, cells.to[index]!);
      if (!(count <= MOST_A_MINUTE)) return `minute ${minute} is no count: ${cells.textOf(index)}`;
      this.#counts[i] = count;
      left += count;
    }
    if (left === 0) return NOTHING;
    const name = cells.textOf(this.#function);
    this.#endpoint = this.#app < 0 ? name : `${cells.textOf(this.#app)}/${name}`;
    this.#at = 0;
    this.#given = 0;
    this.#left = left;
    return MORE;
  }

  #isHeader(cells: Cells): boolean {
    const last = this.#days === 0 ? cells.count : Math.min(cells.count, MOST_NAMES);
    let at = 0;
    while (at < last && !/^hashfunction$/i.test(cells.textOf(at))) at++;
    if (at === last) return false;
    const names = headerNames([cells.text.slice(cells.from[0]!, cells.to[cells.count - 1]!)]);
    const columns = minutesOf(names);
    if (columns.length === 0) return false;
    this.#columns = columns;
    this.#counts = new Float64Array(columns.length);
    this.#width = names.length;
    this.#function = at;
    this.#app = names.indexOf('hashapp');
    this.#days++;
    return true;
  }
}

/** Columns that are minutes of a day, by their names, in their order. */
function minutesOf(names: readonly string[]): Column[] {
  return names
    .flatMap((name, index) => {
      const minute = /^\d{1,4}$/.test(name) ? Number(name) : 0;
      return minute >= 1 && minute <= 1440 ? [{ index, minute }] : [];
    })
    .sort((a, b) => a.minute - b.minute);
}
