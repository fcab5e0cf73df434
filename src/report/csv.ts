/** Results as rows for a spreadsheet: one column a figure, named by its path in the JSON. */
import type { Result } from '../study/document.ts';
import { isMap } from '../study/json.ts';

/** Not one figure each: invoices, objectives, time lines, and what differs from machine to machine. */
const LEFT_OUT = new Set([
  'schema',
  'vary',
  'lines',
  'objectives',
  'timeline',
  'engine',
  'ci95Why',
]);

/** RFC 4180 with a header; `index` is the row of the grid. Overrides come first, named by their path. */
export function resultsCsv(results: readonly Result[]): string {
  const rows = results.map((result, index) => {
    const row = new Map<string, unknown>([['index', index]]);
    for (const [path, value] of Object.entries(result.vary)) row.set(path, value);
    flatten('', result, row);
    return row;
  });
  const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  const lines = rows.map((row) => columns.map((column) => cell(row.get(column))).join(','));
  return `${[columns.map(cell).join(','), ...lines].join('\r\n')}\r\n`;
}

function flatten(prefix: string, value: unknown, into: Map<string, unknown>): void {
  if (!isMap(value)) {
    into.set(prefix, value);
    return;
  }
  for (const [key, entry] of Object.entries(value)) {
    if (LEFT_OUT.has(key)) continue;
    flatten(prefix === '' ? key : `${prefix}.${key}`, entry, into);
  }
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  // A spreadsheet takes a leading =, +, -, @ for a formula; text of ours never starts so, numbers may.
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
