/** Files of counts that a study's `arrivals` name: read before the study is, and put into it as if they stood there. */
import { isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import { type Mistake, UserError } from '../base/errors.ts';
import type { KeyFlag, Overrides } from '../study/study.ts';
import { readWhole, STDIN } from './trace-files.ts';

const MOST_INTERVALS = 1_000_000;
const MOST_NAMED = 3;

/** What a study says of a file of counts. */
interface Named {
  /** Of the `arrivals` block. */
  readonly path: string;
  readonly file: string;
  readonly columns: readonly string[];
  readonly hasCounts: boolean;
}

/**
 * A count a line, or a CSV with a header; `#` begins a comment.
 * @returns what sets `counts` and `column` of each block that names a file
 * @throws UserError for a file that is missing or holds something else
 */
export async function countsFlags(
  text: string,
  { flags = [], set = [] }: Overrides,
  folder: string,
): Promise<readonly KeyFlag[]> {
  const found: KeyFlag[] = [];
  for (const { path, file, columns, hasCounts } of namedFiles(text, [
    ...flags,
    ...set.map(flagOf),
  ])) {
    if (hasCounts) throw mistake(file, path, 'stands beside counts: keep one of them');
    const table = parseCounts(
      await readWhole(inFolder(file, folder)),
      file,
      `${path}.file`,
      columns,
    );
    found.push({ flag: file, path: `${path}.counts`, value: JSON.stringify(table.counts) });
    if (table.names.length > 0) {
      found.push({ flag: file, path: `${path}.column`, value: JSON.stringify(table.names) });
    }
  }
  return found;
}

export interface CountTable {
  /** By interval: a number, or one of each column. */
  readonly counts: readonly (number | readonly number[])[];
  /** Of several columns; else empty. */
  readonly names: readonly string[];
}

/** @param columns that are wanted; where empty, there must be one alone. @throws UserError with every mistake */
export function parseCounts(
  text: string,
  name: string,
  path: string,
  columns: readonly string[],
): CountTable {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line, i) => ({ cells: line.split(',').map(plain), at: `${name}:${i + 1}`, line }))
    .filter(({ line }) => line.trim() !== '' && !line.startsWith('#'));
  const [first] = lines;
  if (first === undefined) throw mistake(name, path, 'holds no counts');
  const header = first.cells.every(isCount) ? null : first.cells;
  const rows = header === null ? lines : lines.slice(1);
  if (rows.length === 0) throw mistake(name, path, 'holds a header, and no counts');
  if (rows.length > MOST_INTERVALS) {
    throw mistake(name, path, `holds more than ${MOST_INTERVALS} intervals`);
  }
  const wanted = wantedColumns(header, first.cells.length, columns, name, path);
  const wrong: Mistake[] = [];
  const counts = rows.map(({ cells, at }) => {
    const row = wanted.map((i) => cells[i] ?? '');
    const odd = row.find((cell) => !isCount(cell));
    if (odd !== undefined && wrong.length < MOST_NAMED) {
      const message = `must be a whole number of at least 0, is ${JSON.stringify(odd)}`;
      wrong.push({ at, path, message });
    }
    return row.map(Number);
  });
  if (wrong.length > 0) throw new UserError(wrong);
  return wanted.length === 1
    ? { counts: counts.map((row) => row[0] ?? 0), names: [] }
    : { counts, names: header === null ? [] : wanted.map((i) => header[i] ?? '') };
}

function wantedColumns(
  header: readonly string[] | null,
  width: number,
  columns: readonly string[],
  name: string,
  path: string,
): readonly number[] {
  if (header === null) {
    if (columns.length > 0) {
      throw mistake(
        name,
        path,
        `has no header, so no column ${columns.join(', ')}: leave column out`,
      );
    }
    return Array.from({ length: width }, (_, i) => i);
  }
  const has = `it has ${header.join(', ')}`;
  if (columns.length === 0) {
    if (header.length === 1) return [0];
    throw mistake(name, path, `has several columns: say which with column: (${has})`);
  }
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0) throw mistake(name, path, `has no column ${missing.join(', ')}: ${has}`);
  return columns.map((column) => header.indexOf(column));
}

function namedFiles(text: string, flags: readonly KeyFlag[]): readonly Named[] {
  const blocks = new Map<string, Record<string, unknown>>();
  const blockAt = (path: string): Record<string, unknown> => {
    const block = blocks.get(path) ?? {};
    blocks.set(path, block);
    return block;
  };
  const collect = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if (path.endsWith('.arrivals')) Object.assign(blockAt(path), value);
    for (const [key, entry] of Object.entries(value)) collect(entry, `${path}.${key}`);
  };
  const synthesize = synthesizeOf(text);
  collect(synthesize, BLOCK);
  for (const { path, value } of flags) {
    const [, block, key] = /^(workload\.synthesize\..*?arrivals)\.(\w+)$/.exec(path) ?? [];
    if (block !== undefined && key !== undefined) blockAt(block)[key] = parsedValue(value);
  }
  return [...blocks].flatMap(([path, { process, file, column, counts }]) =>
    process === 'counts' && typeof file === 'string'
      ? [{ path, file, columns: columnsOf(column), hasCounts: counts !== undefined }]
      : [],
  );
}

const BLOCK = 'workload.synthesize';

function synthesizeOf(text: string): unknown {
  try {
    const study = parse(text) as { workload?: { synthesize?: unknown } } | null;
    return study?.workload?.synthesize;
  } catch {
    // Its mistakes are reported with their places when it is loaded.
    return null;
  }
}

function columnsOf(column: unknown): readonly string[] {
  return [column].flat().filter((one) => typeof one === 'string');
}

function flagOf(text: string): KeyFlag {
  const [path = '', ...rest] = text.split('=');
  return { flag: '--set', path, value: rest.join('=') };
}

function parsedValue(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return text;
  }
}

function inFolder(file: string, folder: string): string {
  return file === STDIN || isAbsolute(file) ? file : join(folder, file);
}

function plain(cell: string): string {
  return cell.trim().replace(/^"(.*)"$/, '$1');
}

function isCount(cell: string): boolean {
  return /^\d{1,12}$/.test(cell);
}

function mistake(at: string, path: string, message: string): UserError {
  return new UserError([{ at, path, message }]);
}
