/** Which named field of a table or a record is which figure: by a mapping of the user's, or by the names. */
import { UserError } from '../../../base/errors.ts';
import type { ColumnMap, ColumnSource } from '../../read-options.ts';
import type { Stamp } from '../../stamps.ts';

export type Figure = keyof ColumnMap;

export interface Field {
  readonly index: number;
  /** As the header has it. */
  readonly name: string;
  /** Power of ten from its unit to microseconds; null where neither its name nor the user tells a unit. */
  readonly scale: number | null;
  /** And times this: 60 for minutes, in seconds. */
  readonly factor: number;
}

export type Layout = Readonly<Record<Figure, Field | null>>;

/** Names in plain form, likelier ones first; a unit may follow: `arrival_ms`. */
const NAMES: Readonly<Record<Figure, string>> = {
  start:
    'arrival arrived_at arrival_time start start_time started_at starttime request_start timestamp ts time datetime date_time',
  end: 'end end_time ended_at endtime end_timestamp finished_at completed_at',
  service:
    'service service_time duration latency response_time request_time processing_time took elapsed',
  inputTokens:
    'input_tokens contexttokens context_tokens num_prefill_tokens prompt_tokens request_tokens input_length prompt_len',
  cachedTokens:
    'cached_tokens cachedtokens cached_input_tokens cached_prompt_tokens cache_read_input_tokens',
  outputTokens:
    'output_tokens generatedtokens generated_tokens num_decode_tokens completion_tokens response_tokens output_length output_len',
  endpoint: 'endpoint model model_name model_group',
  status: 'status status_code http_status code',
  method: 'method request_method http_method verb',
  path: 'path uri url request_uri request_path request_url',
  host: 'host hostname authority server_name vhost domain',
};

const FIGURES = Object.keys(NAMES) as readonly Figure[];

const UNIT_SCALES: Readonly<Record<string, number>> = {
  s: 6,
  sec: 6,
  seconds: 6,
  ms: 3,
  millis: 3,
  us: 0,
  micros: 0,
  ns: -3,
  nanos: -3,
};

/** What `ColumnSource.unit` stands for: a power of ten to microseconds, and a factor besides. */
const UNITS = {
  s: [6, 1],
  ms: [3, 1],
  us: [0, 1],
  ns: [-3, 1],
  min: [6, 60],
  h: [6, 3600],
} as const;

/** Number the columns of a table without a header so: `#1`. */
export const COLUMN_NUMBER = /^#([1-9]\d{0,3})$/;

/**
 * What the user does not map goes by its name; but times by the user's alone, once one of them is mapped.
 * @throws UserError for a column that is not there, or for two of one figure
 */
export function layoutOf(header: readonly string[], columns: ColumnMap | null): Layout {
  const mapped = columns === null ? null : mappedFields(header, columns);
  const taken = new Set(Object.values(mapped ?? {}).map((field) => field?.index));
  const timed = columns !== null && (columns.start !== null || columns.end !== null);
  const free = header.map((name, index) => (taken.has(index) ? '' : plainName(name)));
  const rivals: string[] = [];
  const layout = {} as Record<Figure, Field | null>;
  for (const figure of FIGURES) {
    const byName = !(timed && (figure === 'start' || figure === 'end'));
    const names = byName ? NAMES[figure].split(' ') : [];
    layout[figure] = mapped?.[figure] ?? findField(header, free, names, rivals);
  }
  if (rivals.length === 0) return layout;
  throw new UserError(rivals.map((message) => ({ at: null, path: null, message })));
}

/** A number of minutes or hours, rounded once to microseconds: a double is fine enough for it. */
export function scaleStamp(
  stamp: Stamp,
  text: string,
  { factor }: Pick<Field, 'factor'>,
  scale: number,
): void {
  const us = Number(text) * 10 ** scale * factor;
  stamp.us = Math.round(us);
  stamp.rounded = Math.abs(us - stamp.us) > 1e-3;
}

export function otherColumns(header: readonly string[]): UserError {
  const there = header.slice(0, 12).map((name) => name.trim().slice(0, 40));
  return new UserError(
    `has other columns than the file before it: ${there.join(', ')}; read them as several: \`replay: [{ file: ... }, { file: ... }]\``,
  );
}

/** Requests arrive at a start, or at an end less a duration. */
export function tellsArrivals({ start, end, service }: Layout): boolean {
  return start !== null || (end !== null && service !== null);
}

function mappedFields(
  header: readonly string[],
  columns: ColumnMap,
): Partial<Record<Figure, Field>> {
  const missing: string[] = [];
  const fields: Partial<Record<Figure, Field>> = {};
  for (const figure of FIGURES) {
    const source = columns[figure];
    if (source === null) continue;
    const index = indexOf(header, source.name);
    if (index < 0) missing.push(`${figure} is to be in ${source.name}`);
    else fields[figure] = fieldOf(index, source);
  }
  if (missing.length === 0) return fields;
  const there = header.slice(0, 20).map((name) => name.trim().slice(0, 40));
  throw new UserError(
    `has no such columns: ${missing.join(', ')}; there are ${there.join(', ')}${header.length > 20 ? ', ...' : ''}`,
  );
}

function indexOf(header: readonly string[], name: string): number {
  const number = COLUMN_NUMBER.exec(name);
  if (number !== null) return Number(number[1]) <= header.length ? Number(number[1]) - 1 : -1;
  const exact = header.findIndex((text) => text.trim() === name);
  return exact >= 0 ? exact : header.findIndex((text) => plainName(text) === plainName(name));
}

function fieldOf(index: number, { name, unit }: ColumnSource): Field {
  if (unit !== null) return { index, name, scale: UNITS[unit][0], factor: UNITS[unit][1] };
  const word = plainName(name);
  const scale = scaleOf(word.slice(word.lastIndexOf('_') + 1)) ?? null;
  return { index, name, scale: word.includes('_') ? scale : null, factor: 1 };
}

/** Undefined for what is no unit, `constructor` too. */
function scaleOf(unit: string): number | undefined {
  return Object.hasOwn(UNIT_SCALES, unit) ? UNIT_SCALES[unit] : undefined;
}

function findField(
  header: readonly string[],
  plainHeader: readonly string[],
  names: readonly string[],
  rivals: string[],
): Field | null {
  for (const wanted of names) {
    let found: Field | null = null;
    for (const [index, plain] of plainHeader.entries()) {
      const unit = plain.startsWith(`${wanted}_`) ? plain.slice(wanted.length + 1) : '';
      const scale = scaleOf(unit);
      if (plain !== wanted && scale === undefined) continue;
      const name = header[index]!.trim();
      if (found !== null) {
        rivals.push(`has both \`${found.name}\` and \`${name}\`: leave one of them out`);
        break;
      }
      found = { index, name, scale: scale ?? null, factor: 1 };
    }
    if (found !== null) return found;
  }
  return null;
}

export function plainName(header: string): string {
  return header
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9#]+/g, '_');
}
