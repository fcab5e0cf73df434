/** Published data sets in CSV: known by their header, read as CSV is, with what is known of them besides. */
import { type ColumnMap, type ColumnSource, completeColumns } from '../../read-options.ts';
import type { Facts, LineReader, Outcome, Row } from '../line-reader.ts';
import { REQUEST } from '../line-reader.ts';
import { plainName } from './field-layout.ts';

/** The plain names of the columns, by the first line that is neither blank nor a comment. */
export function headerNames(lines: readonly string[]): readonly string[] {
  const header = lines.find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  if (header.length > LONGEST_HEADER) return [];
  return header.split(',').map((name) => plainName(name.trim().replace(/^"|"$/g, '')));
}

/** Of the 1,440 minutes of a day and then some. */
const LONGEST_HEADER = 65_536;

export function hasColumns(lines: readonly string[], names: readonly string[]): boolean {
  const header = headerNames(lines);
  return names.every((name) => header.includes(name));
}

/** A column in seconds. */
export function seconds(name: string): ColumnSource {
  return { name, unit: 's' };
}

export function named(name: string): ColumnSource {
  return { name, unit: null };
}

export const NO_COLUMNS: ColumnMap = completeColumns({});

/** A reader of tables whose rows and facts are completed by what is known of the data set. */
export function completed(
  table: LineReader,
  complete: (row: Row) => void,
  facts: (facts: Facts) => Facts,
): LineReader {
  return {
    get stampedAt() {
      return table.stampedAt;
    },
    get epoch() {
      return table.epoch;
    },
    read(text: string, from: number, to: number, row: Row): Outcome {
      const outcome = table.read(text, from, to, row);
      if (outcome === REQUEST) complete(row);
      return outcome;
    },
    mayEnd: (line) => table.mayEnd?.(line) ?? true,
    nextFile: () => table.nextFile?.(),
    facts: () => facts(table.facts()),
  };
}
