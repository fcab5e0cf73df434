/**
 * Comma-separated values under a header that names the columns, in any order: RFC 4180 quoting, `#` comments, blank lines.
 * Times are numbers in the unit of the column's name, or ISO stamps. A plain number in a column without a unit is read by
 * its size: 10, 13, 16 or 19 digits are seconds, milli-, micro- or nanoseconds since 1970, anything else is seconds from
 * the trace's own zero; what was assumed is among the warnings.
 */
import { UserError } from '../../base/errors.ts';
import { LONGEST_US } from '../../base/units.ts';
import { readDecimal, readIso, Stamp } from '../stamps.ts';
import {
  type Facts,
  type Format,
  type LineReader,
  NOTHING,
  type Outcome,
  REQUEST,
  type Row,
  UNFINISHED,
} from './line-reader.ts';

export const csv: Format = {
  name: 'csv',
  looksLike: (lines) => {
    const header = splitFields(lines.find((line) => !isBlank(line)) ?? '');
    return header !== null && tellsArrivals(layoutOf(header));
  },
  open: () => new CsvReader(),
};

const COLUMNS = {
  arrival: 'arrival arrived_at arrival_time start start_time started_at timestamp ts time datetime',
  /** Instead of an arrival, where there is a duration. */
  end: 'end end_time ended_at end_timestamp',
  service: 'service service_time duration',
  inputTokens:
    'input_tokens contexttokens context_tokens num_prefill_tokens prompt_tokens request_tokens',
  outputTokens:
    'output_tokens generatedtokens generated_tokens num_decode_tokens completion_tokens response_tokens',
  endpoint: 'endpoint',
  status: 'status',
};

type ColumnName = keyof typeof COLUMNS;

interface Column {
  readonly index: number;
  readonly header: string;
  /** Power of ten from the column's unit to microseconds; null where its name has no unit. */
  readonly scale: number | null;
}

type Layout = Readonly<Record<ColumnName, Column | null>>;

const UNIT_SCALES: Readonly<Record<string, number>> = {
  s: 6,
  sec: 6,
  seconds: 6,
  ms: 3,
  us: 0,
  ns: -3,
};

const UNITS: Readonly<Record<number, string>> = {
  6: 'seconds',
  3: 'milliseconds',
  0: 'microseconds',
  [-3]: 'nanoseconds',
};

/** Times from 1970 are at least this many microseconds, 2001-09-09; a trace's own zero is not 31 years ago. */
const LEAST_EPOCH_US = 1e15;

type TimeKind =
  | { readonly iso: true }
  | { readonly iso: false; readonly scale: number; readonly epoch: boolean };

class CsvReader implements LineReader {
  #header: readonly string[] | null = null;
  #headerLine = '';
  #layout: Layout = layoutOf([]);
  #kind: TimeKind | null = null;
  #bareDigits = 0;
  #withoutZone = 0;
  #rounded = 0;
  readonly #stamp = new Stamp();

  read(line: string, row: Row): Outcome {
    if (isBlank(line)) return NOTHING;
    const fields = line.includes('"') ? splitFields(line) : line.split(',');
    if (fields === null) return UNFINISHED;
    if (this.#header === null) {
      this.#begin(fields);
      this.#headerLine = line;
      return NOTHING;
    }
    // Files one behind the other each bring their header.
    if (line === this.#headerLine) return NOTHING;
    if (fields.length !== this.#header.length) {
      const found = fields.length === 1 ? '1 field' : `${fields.length} fields`;
      return `${found} where the header has ${this.#header.length}`;
    }
    const { arrival, end, service, inputTokens, outputTokens, endpoint, status } = this.#layout;
    const time = arrival ?? end!;
    if (!this.#readTime(fields[time.index]!.trim(), time)) return notATime(fields, time);
    row.stampUs = this.#stamp.us;
    row.arrivalUs = row.stampUs;
    row.zoneMin = this.#stamp.zoneMin;
    if (service !== null) {
      row.serviceUs = this.#number(fields, service, service.scale ?? UNIT_SCALES['s']!);
      if (!(row.serviceUs >= 0 && row.serviceUs <= LONGEST_US))
        return notAServiceTime(fields, service);
      if (arrival === null) row.arrivalUs -= row.serviceUs;
    }
    if (row.arrivalUs < 0) return `the arrival ${fields[time.index]} is before 0`;
    if (inputTokens !== null) {
      row.inputTokens = this.#whole(fields, inputTokens);
      if (!(row.inputTokens >= 0)) return notTokens(fields, inputTokens);
    }
    if (outputTokens !== null) {
      row.outputTokens = this.#whole(fields, outputTokens);
      if (!(row.outputTokens >= 0)) return notTokens(fields, outputTokens);
    }
    if (status !== null) row.status = this.#whole(fields, status) || 0;
    if (endpoint !== null) row.endpoint = fields[endpoint.index]!.trim();
    return REQUEST;
  }

  facts(): Facts {
    const { arrival, end, service } = this.#layout;
    const time = arrival ?? end;
    const warnings = [];
    if (this.#bareDigits > 0 && time !== null && this.#kind?.iso === false) {
      const taken = this.#kind.epoch
        ? `numbers of ${this.#bareDigits} digits are taken as ${UNITS[this.#kind.scale]} since 1970`
        : "numbers are taken as seconds from the trace's own zero";
      warnings.push(`\`${time.header}\` names no unit: ${taken}`);
    }
    if (service !== null && service.scale === null) {
      warnings.push(`\`${service.header}\` names no unit: taken as seconds`);
    }
    if (this.#withoutZone > 0) warnings.push('stamps without a time zone are taken as UTC');
    if (this.#rounded > 0) {
      const times = this.#rounded.toLocaleString('en-US');
      warnings.push(`times finer than a microsecond were rounded to it: ${times}`);
    }
    return {
      format: `CSV (${(this.#header ?? []).map((name) => name.trim()).join(', ')})`,
      epoch: this.#kind !== null && (this.#kind.iso || this.#kind.epoch),
      stampedAt: arrival === null && end !== null ? 'end' : 'start',
      durations: service === null ? null : `the column \`${service.header}\``,
      warnings,
    };
  }

  #begin(header: readonly string[]): void {
    const layout = layoutOf(header);
    if (!tellsArrivals(layout)) {
      const found = header.slice(0, 12).map((name) => name.trim().slice(0, 40));
      const semicolons = header.length === 1 && header[0]!.includes(';');
      throw new UserError(
        `has no column of arrival times: its header is ${found.join(', ')}${header.length > 12 ? ', ...' : ''}${
          semicolons
            ? '; separate the columns by commas, not semicolons'
            : '; name one arrival_s, arrival_ms, arrival_us or timestamp'
        }`,
      );
    }
    refuseRivals(header);
    this.#layout = layout;
    this.#header = header;
  }

  #readTime(text: string, column: Column): boolean {
    const stamp = this.#stamp;
    this.#kind ??= this.#timeKindOf(text, column);
    if (this.#kind === null) return false;
    const well = this.#kind.iso ? readIso(text, stamp) : readDecimal(text, this.#kind.scale, stamp);
    if (well && this.#kind.iso && Number.isNaN(stamp.zoneMin)) this.#withoutZone++;
    if (well && stamp.rounded) this.#rounded++;
    return well;
  }

  #timeKindOf(text: string, column: Column): TimeKind | null {
    if (readIso(text, this.#stamp)) return { iso: true };
    if (!readDecimal(text, 0, this.#stamp) && !readDecimal(text, -3, this.#stamp)) return null;
    const value = Math.abs(Number(text));
    const digits = value < 1 ? 1 : Math.floor(Math.log10(value)) + 1;
    if (column.scale !== null) {
      return {
        iso: false,
        scale: column.scale,
        epoch: value * 10 ** column.scale >= LEAST_EPOCH_US,
      };
    }
    this.#bareDigits = digits;
    const scale = { 10: 6, 13: 3, 16: 0, 19: -3 }[digits];
    return { iso: false, scale: scale ?? 6, epoch: scale !== undefined };
  }

  /** NaN unless the field is a whole number. */
  #whole(fields: readonly string[], column: Column): number {
    const well = readDecimal(fields[column.index]!.trim(), 0, this.#stamp);
    return well && !this.#stamp.rounded ? this.#stamp.us : Number.NaN;
  }

  /** NaN unless the field is a number. */
  #number(fields: readonly string[], column: Column, scale: number): number {
    const kept = this.#stamp;
    if (!readDecimal(fields[column.index]!.trim(), scale, kept)) return Number.NaN;
    if (kept.rounded) this.#rounded++;
    return kept.us;
  }
}

function layoutOf(header: readonly string[]): Layout {
  const find = (name: ColumnName): Column | null => {
    for (const wanted of COLUMNS[name].split(' ')) {
      for (const [index, text] of header.entries()) {
        const plain = plainName(text);
        if (plain === wanted) return { index, header: text.trim(), scale: null };
        const unit = plain.startsWith(`${wanted}_`) ? plain.slice(wanted.length + 1) : '';
        const scale = UNIT_SCALES[unit];
        if (scale !== undefined) return { index, header: text.trim(), scale };
      }
    }
    return null;
  };
  return {
    arrival: find('arrival'),
    end: find('end'),
    service: find('service'),
    inputTokens: find('inputTokens'),
    outputTokens: find('outputTokens'),
    endpoint: find('endpoint'),
    status: find('status'),
  };
}

/** The same figure in two columns, `arrival_s` and `arrival_ms` say. */
function refuseRivals(header: readonly string[]): void {
  const found = new Map<string, string>();
  for (const text of header) {
    const plain = plainName(text);
    const unit = plain.slice(plain.lastIndexOf('_') + 1);
    const word = unit in UNIT_SCALES ? plain.slice(0, -unit.length - 1) : plain;
    if (!Object.values(COLUMNS).some((words) => words.split(' ').includes(word))) continue;
    const rival = found.get(word);
    if (rival !== undefined) {
      throw new UserError(`has both \`${rival}\` and \`${text.trim()}\`: leave one of them out`);
    }
    found.set(word, text.trim());
  }
}

function plainName(header: string): string {
  return header
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
}

/** By an arrival, or by an end and a duration. */
function tellsArrivals({ arrival, end, service }: Layout): boolean {
  return arrival !== null || (end !== null && service !== null);
}

function isBlank(line: string): boolean {
  const first = line.charCodeAt(0);
  return first === 35 || ((first <= 32 || Number.isNaN(first)) && line.trim() === '');
}

/** The fields of a record; null if a quoted one does not end. */
function splitFields(line: string): string[] | null {
  const fields: string[] = [];
  for (let at = 0; ; ) {
    if (line.charCodeAt(at) !== 34) {
      const comma = line.indexOf(',', at);
      fields.push(line.slice(at, comma < 0 ? line.length : comma));
      if (comma < 0) return fields;
      at = comma + 1;
      continue;
    }
    let close = line.indexOf('"', at + 1);
    while (close >= 0 && line.charCodeAt(close + 1) === 34) close = line.indexOf('"', close + 2);
    if (close < 0) return null;
    const comma = line.indexOf(',', close);
    const after = line.slice(close + 1, comma < 0 ? line.length : comma);
    fields.push(line.slice(at + 1, close).replaceAll('""', '"') + after);
    if (comma < 0) return fields;
    at = comma + 1;
  }
}

function notATime(fields: readonly string[], column: Column): string {
  return `\`${column.header}\` is no time: ${fields[column.index]}`;
}

function notTokens(fields: readonly string[], column: Column): string {
  return `\`${column.header}\` must be a whole number of at least 0: ${fields[column.index]}`;
}

function notAServiceTime(fields: readonly string[], column: Column): string {
  const given = Number(fields[column.index]);
  const scale = 10 ** (column.scale ?? UNIT_SCALES['s']!);
  if (given * scale > LONGEST_US) {
    return `\`${column.header}\` is too large: ${fields[column.index]}, the limit is 10 years (315,360,000 s)`;
  }
  return `\`${column.header}\` must be a number of at least 0: ${fields[column.index]}`;
}
